//! The copy in this browser: written while the hand is still moving, taken back when a draft is opened that never reached the server.

use super::{Draft, PAUSE_MS, SaveState};
use crate::theme::local_storage;
use api::workflows::Workflow;
use engine::Document;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What this browser keeps until the server has it.
#[derive(Serialize, Deserialize)]
struct Kept {
    revision: u64,
    document: Document,
}

impl Draft {
    pub(super) fn kept_as(self) -> String {
        format!("phloem.draft.{}", self.id())
    }

    pub(super) fn keep(self) {
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
