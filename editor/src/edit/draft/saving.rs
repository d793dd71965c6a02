//! From the drawing to the server: after a pause, once at a time, again when it could not be reached.

use super::{Draft, PAUSE_MS, SaveState};
use crate::{
    backend::{self, Error, Saved},
    theme::local_storage,
};
use engine::Document;
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

/// The longest pause between two tries while the server cannot be reached.
const RETRY_MS_MAX: u32 = 30_000;

impl Draft {
    pub(super) fn save_after(self, pause_ms: u32) {
        let timeout = Timeout::new(pause_ms, move || {
            spawn_local(async move { self.save().await });
        });
        // Replacing the timeout cancels the one before.
        self.pause.set_value(Some(timeout));
    }

    pub(super) async fn save(self) {
        // The editor may have been left while a pause ran; then it has been saved in leaving.
        if self.state.is_disposed() {
            return;
        }
        if self.is_on_its_way.get_value() {
            self.save_after(PAUSE_MS);
            return;
        }
        if !self.is_unsaved() {
            self.state.set(SaveState::Saved);
            self.forget();
            return;
        }
        self.is_on_its_way.set_value(true);
        let document = self.drawing.document_untracked();
        let sent = self.drawing.with(Clone::clone);
        self.journal.update_value(|journal| journal.sending(&document));
        let answer = backend::save(&document, self.server_revision.get_untracked()).await;
        if self.state.is_disposed() {
            return;
        }
        self.is_on_its_way.set_value(false);
        match answer {
            Ok(saved) => self.accept(saved, sent),
            Err(Error::Conflict(_)) => self.meet_conflict(&document, sent).await,
            Err(Error::Offline) => self.try_later(),
            Err(error) => self.state.set(SaveState::Refused(error.to_string())),
        }
    }

    fn accept(self, saved: Saved, sent: diagram::Document) {
        self.server_revision.set(saved.revision);
        self.journal.update_value(|journal| {
            self.saved.with_value(|before| journal.accept(before, &sent, saved.revision));
        });
        self.saved.set_value(sent);
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

    /// The last chance: the editor's state is gone when the answer comes, so that only what is kept here can be cleared.
    pub(super) fn save_in_leaving(self) {
        let (kept_as, mut journal) = (self.kept_as(), self.journal.get_value());
        if !self.is_unsaved() {
            return journal.clear();
        }
        if matches!(self.state.get_untracked(), SaveState::Conflict(_)) {
            return;
        }
        let document = self.drawing.document_untracked();
        let revision = self.server_revision.get_untracked();
        journal.sending(&document);
        spawn_local(async move {
            if backend::save(&document, revision).await.is_ok() {
                journal.clear();
                if let Some(storage) = local_storage() {
                    let _ = storage.remove_item(&kept_as);
                }
            }
        });
    }

    async fn meet_conflict(self, mine: &Document, sent: diagram::Document) {
        let answer = backend::workflow(&self.id()).await;
        if self.state.is_disposed() {
            return;
        }
        match answer {
            // Our own saving may have arrived although its answer did not.
            Ok(theirs) if theirs.document == *mine => {
                self.begin_from(sent, theirs.revision);
                self.save_after(0);
            }
            Ok(theirs) if theirs.revision == self.server_revision.get_untracked() => {
                self.save_after(PAUSE_MS)
            }
            Ok(theirs) => self.ask(theirs),
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
}
