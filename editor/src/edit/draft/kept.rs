//! What this browser has of a draft that the server has not: from its journal, or from a plain copy where the browser allows no journal.

use super::{Draft, PAUSE_MS, SaveState, journal};
use crate::{backend::Workflow, drawing::file, language::t, theme::local_storage};
use diagram::compare;
use engine::Document;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The plain copy.
#[derive(Serialize, Deserialize)]
struct Kept {
    revision: u64,
    document: Document,
}

impl Draft {
    pub(super) fn kept_as(self) -> String {
        format!("phloem.draft.{}", self.id())
    }

    /// Writes the plain copy, where there is no journal.
    pub(super) fn keep(self) {
        if self.journal.with_value(|journal| journal.is_kept()) {
            return;
        }
        let kept = Kept {
            revision: self.server_revision.get_untracked(),
            document: self.drawing.document_untracked(),
        };
        if let (Some(storage), Ok(text)) = (local_storage(), serde_json::to_string(&kept)) {
            // A full or forbidden storage only takes the second safety away.
            let _ = storage.set_item(&self.kept_as(), &text);
        }
    }

    pub(super) fn forget(self) {
        if let Some(storage) = local_storage() {
            let _ = storage.remove_item(&self.kept_as());
        }
    }

    /// Brings back what was drawn here and never reached the server.
    pub(super) fn restore(self, workflow: &Workflow) {
        let Some(found) = self.found() else { return };
        let mine = file::read(&found.mine);
        let on_server = self.saved.get_value();
        self.forget();
        if compare::is_same(&mine, &on_server) {
            return self.journal.update_value(journal::Journal::clear);
        }
        self.drawing.replace(&found.mine);
        let is_server_as_known = found.revision == workflow.revision
            // The server took it, and its answer found nobody.
            || found.sent == Some(journal::mark(&file::write(&on_server)));
        if is_server_as_known {
            self.begin_from(on_server, workflow.revision);
            self.state.set(SaveState::Saving);
            self.save_after(PAUSE_MS);
        } else {
            self.begin_from(file::read(&found.base), found.revision);
            self.ask(workflow.clone());
        }
        let restored = self.drawing.with(Clone::clone);
        let undo = Callback::new(move |()| {
            if self.saved.is_disposed() {
                return;
            }
            if self.drawing.with(|drawn| compare::is_same(drawn, &restored)) {
                self.drawing.undo();
            } else {
                // More was drawn since: one step that can be undone itself.
                self.drawing.replace(&self.saved.with_value(file::write));
            }
        });
        self.toasts.offer(t("Brought back what was not saved yet"), t("Undo"), undo);
    }

    fn found(self) -> Option<journal::Found> {
        self.journal.with_value(|journal| journal.found()).or_else(|| {
            let text = local_storage()?.get_item(&self.kept_as()).ok().flatten()?;
            let Kept { revision, document } = serde_json::from_str(&text).ok()?;
            // Without a base, everything counts as changed by both.
            let base = Document {
                nodes: Default::default(),
                layout: Default::default(),
                ..document.clone()
            };
            Some(journal::Found { revision, sent: None, base, mine: document })
        })
    }
}
