//! What this browser remembers of trying requests: the values they were filled in with, and the fields of the answers.

use crate::theme::local_storage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of one workflow. Nothing of it stands in the file.
#[derive(Default, Serialize, Deserialize)]
pub struct Remembered {
    /// What `{{ path }}` was filled in with.
    #[serde(default)]
    pub samples: BTreeMap<String, String>,
    /// For each node that was tried, the fields of its answer and what they held: `.response.status` → `green`.
    #[serde(default)]
    pub answers: BTreeMap<String, Vec<(String, String)>>,
}

impl Remembered {
    /// What is remembered of a workflow.
    pub fn of_workflow(id: &str) -> Remembered {
        let kept = local_storage().and_then(|storage| storage.get_item(&key(id)).ok().flatten());
        kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
    }

    /// Remembers it from now on; a browser that keeps nothing forgets it with the page.
    pub fn keep(&self, id: &str) {
        if let Some(storage) = local_storage() {
            let _ = storage.set_item(&key(id), &serde_json::to_string(self).unwrap_or_default());
        }
    }
}

fn key(id: &str) -> String {
    format!("phloem.tried.{id}")
}
