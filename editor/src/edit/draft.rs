//! Keeps the draft safe: in this browser at once, on the server a moment later.

use crate::{
    backend::{self, Error},
    drawing::Drawing,
    theme::local_storage,
};
use api::workflows::Workflow;
use engine::Document;
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

/// Long enough for the end of a word, short enough that "Saved" follows the hand.
const PAUSE_MS: u32 = 600;
/// The longest pause between two tries while the server cannot be reached.
const RETRY_MS_MAX: u32 = 30_000;

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

/// What this browser keeps until the server has it.
#[derive(Serialize, Deserialize)]
struct Kept {
    revision: u64,
    document: Document,
}

/// Saving and publishing of one workflow.
#[derive(Clone, Copy)]
pub struct Draft {
    drawing: Drawing,
    id: StoredValue<String>,
    server_revision: RwSignal<u64>,
    saved_document: StoredValue<Document>,
    state: RwSignal<SaveState>,
    published_version: RwSignal<Option<u32>>,
    differs: RwSignal<bool>,
    pause: StoredValue<Option<Timeout>, LocalStorage>,
    retry_ms: StoredValue<u32>,
}

impl Draft {
    /// Takes over a workflow as the server has it, and what this browser kept of it.
    pub fn begin(drawing: Drawing, workflow: &Workflow) -> Draft {
        let draft = Draft {
            drawing,
            id: StoredValue::new(workflow.id.clone()),
            server_revision: RwSignal::new(workflow.revision),
            saved_document: StoredValue::new(drawing.document_untracked()),
            state: RwSignal::new(SaveState::Saved),
            published_version: RwSignal::new(workflow.published_version),
            differs: RwSignal::new(workflow.differs_from_published),
            pause: StoredValue::new_local(None),
            retry_ms: StoredValue::new(PAUSE_MS),
        };
        draft.restore(workflow);
        Effect::new(move |before: Option<u64>| {
            let revision = drawing.revision();
            if before.is_some_and(|before| before != revision) {
                draft.changed();
            }
            revision
        });
        let online = window_event_listener(leptos::ev::online, move |_| draft.save_if_unsaved());
        on_cleanup(move || online.remove());
        on_cleanup(move || draft.save_if_unsaved());
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

    /// Saves without waiting for a pause.
    pub fn save_now(self) {
        self.pause.set_value(None);
        if self.state.get_untracked() != SaveState::Saving || self.is_unsaved() {
            spawn_local(async move {
                self.save().await;
            });
        }
    }

    /// Saves, then publishes.
    ///
    /// # Errors
    /// Why the draft could not be saved or published.
    pub async fn publish(self) -> Result<u32, Error> {
        self.save().await;
        match self.state.get_untracked() {
            SaveState::Saved | SaveState::Saving => {}
            SaveState::Offline => return Err(Error::Offline),
            SaveState::Conflict(_) => {
                return Err(Error::Conflict(
                    "somebody else saved another draft meanwhile; choose one of them first"
                        .to_owned(),
                ));
            }
            SaveState::Refused(detail) => {
                return Err(Error::Refused { status: 422, detail, problems: Vec::new() });
            }
        }
        let published = backend::publish(&self.id()).await?;
        self.published_version.set(Some(published.version));
        self.differs.set(self.is_unsaved());
        Ok(published.version)
    }

    /// Ends a conflict: this browser's draft becomes the draft.
    pub fn keep_mine(self) {
        if let SaveState::Conflict(theirs) = self.state.get_untracked() {
            self.server_revision.set(theirs.revision);
            self.state.set(SaveState::Saving);
            self.save_now();
        }
    }

    /// Ends a conflict: the other draft is shown; undo brings this browser's back.
    pub fn take_theirs(self) {
        if let SaveState::Conflict(theirs) = self.state.get_untracked() {
            self.server_revision.set(theirs.revision);
            self.drawing.replace(&theirs.document);
            self.saved_document.set_value(self.drawing.document_untracked());
            self.differs.set(theirs.differs_from_published);
            self.published_version.set(theirs.published_version);
            self.state.set(SaveState::Saved);
            self.forget();
        }
    }

    fn is_unsaved(self) -> bool {
        let document = self.drawing.document_untracked();
        self.saved_document.with_value(|saved| *saved != document)
    }

    fn save_if_unsaved(self) {
        if self.is_unsaved() && !matches!(self.state.get_untracked(), SaveState::Conflict(_)) {
            self.save_now();
        }
    }

    fn changed(self) {
        if !self.is_unsaved() {
            return;
        }
        self.keep();
        if !matches!(self.state.get_untracked(), SaveState::Conflict(_)) {
            self.state.set(SaveState::Saving);
            self.save_after(PAUSE_MS);
        }
    }

    fn save_after(self, pause_ms: u32) {
        let timeout = Timeout::new(pause_ms, move || {
            spawn_local(async move {
                self.save().await;
            });
        });
        // Replacing the timeout cancels the one before.
        self.pause.set_value(Some(timeout));
    }

    async fn save(self) {
        if !self.is_unsaved() {
            self.state.set(SaveState::Saved);
            return;
        }
        let document = self.drawing.document_untracked();
        let revision = self.server_revision.get_untracked();
        match backend::save(&document, revision).await {
            Ok(saved) => {
                self.server_revision.set(saved.revision);
                self.saved_document.set_value(document);
                self.differs.set(saved.differs_from_published);
                self.retry_ms.set_value(PAUSE_MS);
                if self.is_unsaved() {
                    self.keep();
                    self.save_after(PAUSE_MS);
                } else {
                    self.state.set(SaveState::Saved);
                    self.forget();
                }
            }
            Err(Error::Conflict(_)) => self.meet_conflict(&document).await,
            Err(Error::Offline) => self.try_later(),
            Err(error) => self.state.set(SaveState::Refused(error.to_string())),
        }
    }

    async fn meet_conflict(self, mine: &Document) {
        match backend::workflow(&self.id()).await {
            // Our own saving may have arrived although its answer did not.
            Ok(theirs) if theirs.document == *mine => {
                self.server_revision.set(theirs.revision);
                self.saved_document.set_value(mine.clone());
                self.save_after(0);
            }
            Ok(theirs) if theirs.revision == self.server_revision.get_untracked() => {
                self.save_after(PAUSE_MS)
            }
            Ok(theirs) => self.state.set(SaveState::Conflict(Box::new(theirs))),
            Err(Error::Offline) => self.try_later(),
            Err(error) => self.state.set(SaveState::Refused(error.to_string())),
        }
    }

    fn try_later(self) {
        self.state.set(SaveState::Offline);
        let pause_ms = (self.retry_ms.get_value() * 2).min(RETRY_MS_MAX);
        self.retry_ms.set_value(pause_ms);
        self.save_after(pause_ms);
    }

    fn kept_as(self) -> String {
        format!("phloem.draft.{}", self.id())
    }

    fn keep(self) {
        let kept = Kept {
            revision: self.server_revision.get_untracked(),
            document: self.drawing.document_untracked(),
        };
        if let (Some(storage), Ok(text)) = (local_storage(), serde_json::to_string(&kept)) {
            // A full or forbidden storage only takes the second safety away.
            let _ = storage.set_item(&self.kept_as(), &text);
        }
    }

    fn forget(self) {
        if let Some(storage) = local_storage() {
            let _ = storage.remove_item(&self.kept_as());
        }
    }

    /// Brings back what was drawn here and never reached the server.
    fn restore(self, workflow: &Workflow) {
        let text =
            local_storage().and_then(|storage| storage.get_item(&self.kept_as()).ok().flatten());
        let Some(kept) = text.and_then(|text| serde_json::from_str::<Kept>(&text).ok()) else {
            return;
        };
        if kept.document == workflow.document {
            return self.forget();
        }
        self.drawing.replace(&kept.document);
        if kept.revision == workflow.revision {
            self.state.set(SaveState::Saving);
            self.save_after(PAUSE_MS);
        } else {
            self.state.set(SaveState::Conflict(Box::new(workflow.clone())));
        }
    }
}
