//! Follows a run as it happens: its journal, and the path it takes over the canvas.

use crate::{
    backend::{self, Error, Events},
    canvas::Path,
    words,
};
use api::{
    live::RunUpdate,
    runs::{JournalEntry, Run},
};
use engine::Note;
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeMap;

/// One run under observation; ends with the screen that began it.
#[derive(Clone, Copy)]
pub struct Followed {
    run: RwSignal<Option<Run>>,
    entries: RwSignal<Vec<JournalEntry>>,
    error: RwSignal<Option<Error>>,
    is_live: RwSignal<bool>,
    events: StoredValue<Option<Events>, LocalStorage>,
}

impl Followed {
    /// Watches nothing yet.
    pub fn new() -> Followed {
        let followed = Followed {
            run: RwSignal::new(None),
            entries: RwSignal::new(Vec::new()),
            error: RwSignal::new(None),
            is_live: RwSignal::new(false),
            events: StoredValue::new_local(None),
        };
        on_cleanup(move || followed.events.set_value(None));
        followed
    }

    /// Loads a run and, while it goes on, listens to it.
    pub fn begin(self, run_id: &str) {
        let run_id = run_id.to_owned();
        self.entries.set(Vec::new());
        self.error.set(None);
        spawn_local(async move {
            // Listening begins before loading, so that nothing falls in between; entries are told apart by their number.
            let on_update = move |update: RunUpdate| self.take(update);
            let events = backend::follow_run(&run_id, on_update, move |is_live| {
                self.is_live.try_set(is_live);
            });
            self.events.try_set_value(events);
            match backend::run(&run_id).await {
                Ok(run) => {
                    self.run.try_set(Some(run));
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                    return;
                }
            }
            if let Ok(journal) = backend::journal(&run_id).await {
                self.add(journal.entries);
            }
            self.stop_if_over();
        });
    }

    /// The run; tracked.
    pub fn run(self) -> Option<Run> {
        self.run.get()
    }

    /// The run's id, if one is followed.
    pub fn run_id_untracked(self) -> Option<String> {
        self.run.try_with_untracked(|run| run.as_ref().map(|run| run.id.clone())).flatten()
    }

    /// Whether the followed run goes on; false without one, `None` when the screen is gone.
    pub fn run_is_going_on(self) -> Option<bool> {
        self.run.try_with_untracked(|run| {
            run.as_ref().is_some_and(|run| words::is_going_on(&run.status))
        })
    }

    /// Its journal so far; tracked.
    pub fn entries(self) -> Vec<JournalEntry> {
        self.entries.get()
    }

    /// Why it could not be loaded; tracked.
    pub fn error(self) -> Option<Error> {
        self.error.get()
    }

    /// Whether news arrive by themselves; tracked.
    pub fn is_live(self) -> bool {
        self.is_live.get()
    }

    /// Where the run has been and is; tracked.
    pub fn path(self) -> Path {
        path_of(&self.entries.read())
    }

    fn take(self, update: RunUpdate) {
        // The screen may have gone while the event was on its way.
        if self.run.is_disposed() {
            return;
        }
        self.add(vec![update.entry]);
        self.run.set(Some(update.run));
        self.stop_if_over();
    }

    fn add(self, new: Vec<JournalEntry>) {
        self.entries.try_update(|entries| {
            let known: BTreeMap<u64, JournalEntry> =
                entries.drain(..).chain(new).map(|entry| (entry.seq, entry)).collect();
            entries.extend(known.into_values());
        });
    }

    fn stop_if_over(self) {
        let is_over = self.run.try_with_untracked(|run| {
            run.as_ref().is_some_and(|run| !words::is_going_on(&run.status))
        });
        if is_over == Some(true) {
            self.events.try_set_value(None);
            self.is_live.try_set(false);
        }
    }
}

/// What a journal says about the way over the canvas.
fn path_of(entries: &[JournalEntry]) -> Path {
    let mut path = Path::default();
    let mut current: BTreeMap<String, String> = BTreeMap::new();
    for json in entries.iter().flat_map(|entry| &entry.notes) {
        match serde_json::from_value(json.clone()) {
            Ok(Note::Entered { line, node }) => {
                current.insert(format!("{line:?}"), node.to_string());
                if !path.visited.contains(&node.to_string()) {
                    path.visited.push(node.to_string());
                }
            }
            Ok(Note::Left { line, node, state }) => {
                current.remove(&format!("{line:?}"));
                let edge = (node.to_string(), state.to_string());
                if !path.taken.contains(&edge) {
                    path.taken.push(edge);
                }
            }
            Ok(Note::LineEnded { line, .. }) => {
                current.remove(&format!("{line:?}"));
            }
            Ok(Note::Ended { .. }) => current.clear(),
            _ => {}
        }
    }
    path.current = current.into_values().collect();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_journal_tells_where_the_run_has_been_and_is() {
        let notes = vec![
            json!({ "note": "entered", "line": 1, "node": "Start" }),
            json!({ "note": "left", "line": 1, "node": "Start", "state": "incoming_call" }),
            json!({ "note": "entered", "line": 1, "node": "Menu" }),
        ];
        let entry = JournalEntry {
            seq: 1,
            at: String::new(),
            event: json!({}),
            notes,
            effects: Vec::new(),
        };
        let path = path_of(&[entry]);
        assert_eq!(path.visited, ["Start", "Menu"]);
        assert_eq!(path.taken, [("Start".to_owned(), "incoming_call".to_owned())]);
        assert_eq!(path.current, ["Menu"]);
    }
}
