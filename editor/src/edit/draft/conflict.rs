//! Two drafts of one workflow: what each side did, and the three ways to end it. Undo brings the other one back.

use super::{Draft, SaveState};
use crate::{
    backend::Workflow,
    drawing::file,
    edit::changes::{Change, changes},
};
use diagram::merge::{Merge, Side, merge};
use engine::Document;
use leptos::prelude::*;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a person has to know to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Sides {
    /// What was changed here.
    pub mine: Vec<Change>,
    /// What was changed elsewhere.
    pub theirs: Vec<Change>,
    /// The steps both changed in the same place, by name, with what people call them.
    pub overlaps: Vec<(String, String)>,
    /// When the other draft was saved.
    pub saved_at: String,
}

impl Draft {
    /// Whether the choice between two drafts is being made; tracked.
    pub fn is_choosing(self) -> bool {
        self.is_choosing.get()
    }

    /// Shows the choice, or puts it off.
    pub fn choose_now(self, now: bool) {
        self.is_choosing.set(now);
    }

    /// Asks which of two drafts shall be the draft.
    pub(super) fn ask(self, theirs: Workflow) {
        self.state.set(SaveState::Conflict(Box::new(theirs)));
        self.is_choosing.set(true);
    }

    /// What both sides did, while there are two drafts.
    pub fn sides(self) -> Option<Sides> {
        let SaveState::Conflict(theirs) = self.state.get_untracked() else { return None };
        let base = self.saved.with_value(file::write);
        let mine = self.drawing.document_untracked();
        let overlaps = self.merged(&theirs.document, &BTreeMap::new())?.overlaps;
        let called = |name: String| {
            let node = mine.nodes.get(name.as_str()).or(theirs.document.nodes.get(name.as_str()));
            let label = node.and_then(|node| node.label.clone());
            (name.clone(), label.unwrap_or(name))
        };
        Some(Sides {
            overlaps: overlaps.into_iter().map(called).collect(),
            mine: changes(&base, &mine),
            theirs: changes(&base, &theirs.document),
            saved_at: theirs.saved_at,
        })
    }

    /// Ends a conflict: this browser's draft becomes the draft; undo brings the other one.
    pub fn keep_mine(self) {
        self.end_conflict(|_, mine| Some(mine));
    }

    /// Ends a conflict: the other draft is shown; undo brings this browser's back.
    pub fn take_theirs(self) {
        self.end_conflict(|theirs, _| Some(theirs));
    }

    /// Ends a conflict: both become one. What both changed is taken from the side chosen for that step.
    pub fn take_both(self, chosen: &BTreeMap<String, Side>) {
        self.end_conflict(|theirs, _| {
            serde_json::from_value(self.merged(&theirs, chosen)?.merged).ok()
        });
    }

    fn end_conflict(self, choose: impl FnOnce(Document, Document) -> Option<Document>) {
        let SaveState::Conflict(theirs) = self.state.get_untracked() else { return };
        let mine = self.drawing.document_untracked();
        let Some(chosen) = choose(theirs.document.clone(), mine.clone()) else { return };
        if chosen == mine {
            // A step of its own, so that undo has the other draft to go back to.
            self.drawing.replace(&theirs.document);
        }
        self.drawing.replace(&chosen);
        self.differs.set(theirs.differs_from_published);
        self.published_version.set(theirs.published_version);
        self.is_choosing.set(false);
        self.state.set(SaveState::Saving);
        self.begin_from(file::read(&theirs.document), theirs.revision);
        self.save_now();
    }

    fn merged(self, theirs: &Document, chosen: &BTreeMap<String, Side>) -> Option<Merge> {
        let json = |document: &Document| serde_json::to_value(document).ok();
        let base: Json = json(&self.saved.with_value(file::write))?;
        let mine = json(&self.drawing.document_untracked())?;
        // Nodes that have no place in their file get the same one on every side.
        let theirs = json(&file::write(&file::read(theirs)))?;
        Some(merge(&base, &mine, &theirs, chosen))
    }
}
