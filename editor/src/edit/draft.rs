//! Keeps the draft safe: in this browser at once, on the server a moment later.

mod alive;
mod conflict;
mod journal;
mod kept;
mod saving;
mod typing;

pub use journal::Journal;

use super::changes::{Change, changes};
use crate::{
    backend::{self, Error, Workflow},
    drawing::Drawing,
    language::t,
    toast::Toasts,
};
use diagram::compare;
use engine::Document;
use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value as Json;

/// Long enough for the end of a word, short enough that "Saved" follows the hand.
const PAUSE_MS: u32 = 600;
/// Comparing, and keeping where there is no journal, take a moment in large workflows; not at every keystroke.
const NOTE_PAUSE_MS: u32 = 120;
/// How often publishing looks whether the saving before it is done.
const WAIT_MS: u32 = 40;

/// Where the draft is safe.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveState {
    /// On the server.
    Saved,
    /// In this browser, on its way to the server.
    Saving,
    /// In this browser; the server cannot be reached.
    Offline,
    /// In this browser; somebody saved another draft meanwhile, which is held here.
    Conflict(Box<Workflow>),
    /// In this browser; the server does not take it, and why.
    Refused(String),
}

/// Saving and publishing of one workflow.
#[derive(Clone, Copy)]
pub struct Draft {
    drawing: Drawing,
    id: StoredValue<String>,
    server_revision: RwSignal<u64>,
    /// The drawing as the server has it.
    saved: StoredValue<diagram::Document>,
    journal: StoredValue<Journal, LocalStorage>,
    is_choosing: RwSignal<bool>,
    toasts: Toasts,
    /// The field that was typed in when the tab before this one was killed.
    typed: StoredValue<Option<journal::Typing>>,
    state: RwSignal<SaveState>,
    published_version: RwSignal<Option<u32>>,
    differs: RwSignal<bool>,
    published_document: StoredValue<Option<Document>>,
    changes: RwSignal<Option<Vec<Change>>>,
    note_pause: StoredValue<Option<Timeout>, LocalStorage>,
    pause: StoredValue<Option<Timeout>, LocalStorage>,
    retry_ms: StoredValue<u32>,
    is_on_its_way: StoredValue<bool>,
}

impl Draft {
    /// Takes over a workflow as the server has it, and what this browser kept of it.
    pub fn begin(drawing: Drawing, workflow: &Workflow, journal: Journal) -> Draft {
        let draft = Draft {
            drawing,
            id: StoredValue::new(workflow.id.clone()),
            server_revision: RwSignal::new(workflow.revision),
            saved: StoredValue::new(drawing.with(Clone::clone)),
            typed: StoredValue::new(journal.typing()),
            journal: StoredValue::new_local(journal),
            is_choosing: RwSignal::new(false),
            toasts: Toasts::of_context(),
            state: RwSignal::new(SaveState::Saved),
            published_version: RwSignal::new(workflow.published_version),
            differs: RwSignal::new(workflow.differs_from_published),
            published_document: StoredValue::new(None),
            changes: RwSignal::new(None),
            note_pause: StoredValue::new_local(None),
            pause: StoredValue::new_local(None),
            retry_ms: StoredValue::new(PAUSE_MS),
            is_on_its_way: StoredValue::new(false),
        };
        draft.restore(workflow);
        draft.watch_typing();
        Effect::new(move |before: Option<u64>| {
            let revision = drawing.revision();
            if before.is_some_and(|before| before != revision) {
                draft.changed();
            }
            revision
        });
        let online = window_event_listener(leptos::ev::online, move |_| draft.save_if_unsaved());
        on_cleanup(move || online.remove());
        // The page may go before the pause is over; what is kept here is not lost then.
        let leaving = window_event_listener(leptos::ev::pagehide, move |_| {
            if draft.is_unsaved() {
                draft.keep();
            }
        });
        on_cleanup(move || leaving.remove());
        on_cleanup(move || draft.save_in_leaving());
        draft
    }

    /// The workflow's id.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// Where the draft is safe; tracked.
    pub fn state(self) -> SaveState {
        self.state.get()
    }

    /// The version that runs; tracked.
    pub fn published_version(self) -> Option<u32> {
        self.published_version.get()
    }

    /// Whether callers hear something else than the draft says; tracked.
    pub fn differs_from_published(self) -> bool {
        self.differs.get()
    }

    /// How the drawing differs from what callers hear; `None` while that is not known, or nothing is published. Tracked.
    pub fn changes(self) -> Option<Vec<Change>> {
        self.changes.get()
    }

    /// Saves without waiting for a pause.
    pub fn save_now(self) {
        self.pause.set_value(None);
        spawn_local(async move { self.save().await });
    }

    /// Saves, then publishes.
    ///
    /// # Errors
    /// Why the draft could not be saved or published.
    pub async fn publish(self) -> Result<u32, Error> {
        while self.is_on_its_way.try_get_value() == Some(true) {
            TimeoutFuture::new(WAIT_MS).await;
        }
        self.save().await;
        match self.state.get_untracked() {
            SaveState::Saved | SaveState::Saving => {}
            SaveState::Offline => return Err(Error::Offline),
            SaveState::Conflict(_) => {
                return Err(Error::Conflict(
                    t("somebody else saved another draft meanwhile; choose one of them first")
                        .to_owned(),
                ));
            }
            SaveState::Refused(detail) => {
                return Err(Error::Refused { status: 422, detail, problems: Json::Null });
            }
        }
        let published = backend::publish(&self.id()).await?;
        self.published_version.set(Some(published.version));
        self.load_published();
        self.differs.set(self.is_unsaved());
        Ok(published.version)
    }

    /// Keeps [`Draft::changes`] true from now on; for whoever shows them.
    pub fn watch_published(self) {
        self.load_published();
        let pause = StoredValue::new_local(None::<Timeout>);
        Effect::new(move |_| {
            self.drawing.revision();
            pause.set_value(Some(Timeout::new(NOTE_PAUSE_MS, move || self.compare())));
        });
        on_cleanup(move || pause.set_value(None));
    }

    fn load_published(self) {
        let Some(version) = self.published_version.get_untracked() else { return };
        let id = self.id();
        spawn_local(async move {
            if let Ok(detail) = backend::version(&id, version).await {
                self.published_document.try_set_value(Some(detail.document));
                self.compare();
            }
        });
    }

    /// Finds out how the drawing differs from what callers hear.
    fn compare(self) {
        if self.changes.is_disposed() {
            return;
        }
        let document = self.drawing.document_untracked();
        let found = self.published_document.with_value(|published| {
            published.as_ref().map(|published| changes(published, &document))
        });
        if self.changes.with_untracked(|before| *before != found) {
            self.changes.set(found);
        }
    }

    fn is_unsaved(self) -> bool {
        self.drawing.with(|drawn| self.saved.with_value(|saved| !compare::is_same(saved, drawn)))
    }

    fn save_if_unsaved(self) {
        if self.is_unsaved() && !matches!(self.state.get_untracked(), SaveState::Conflict(_)) {
            self.save_now();
        }
    }

    fn changed(self) {
        self.note();
        let later = move || {
            if self.is_unsaved() {
                self.keep();
            }
        };
        self.note_pause.set_value(Some(Timeout::new(NOTE_PAUSE_MS, later)));
        if !self.is_unsaved() {
            return;
        }
        if !matches!(self.state.get_untracked(), SaveState::Conflict(_)) {
            self.state.set(SaveState::Saving);
            self.save_after(PAUSE_MS);
        }
    }

    /// Writes the changes into the journal, now.
    fn note(self) {
        let revision = self.server_revision.get_untracked();
        self.journal.update_value(|journal| {
            self.drawing.with(|drawn| {
                self.saved.with_value(|saved| journal.note(drawn, saved, revision));
            });
        });
    }

    /// Begins the journal anew: the server has `saved`, which is not what the last entries stand on.
    fn begin_from(self, saved: diagram::Document, revision: u64) {
        self.server_revision.set(revision);
        self.saved.set_value(saved);
        self.journal.update_value(Journal::clear);
        self.note();
    }
}
