//! What the last run of this workflow did, step by step: loaded when a step is looked at, shown beside it and below its texts.

use super::Editing;
use crate::backend;
use api::runs::{JournalEntry, Run};
use engine::{Note, Template};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

/// The last run is asked for again no sooner than after this.
const FRESH_MS: f64 = 4_000.0;

/// One thing that happened at a step.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It came from outside.
    Event(Json),
    /// The run made it of that.
    Note(Json),
    /// The run asked the world for it.
    Effect(Json),
}

/// How loading stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Looked {
    /// Not yet.
    Waiting,
    /// There has been no run.
    NoRun,
    /// Why it cannot be told.
    Failed(String),
    /// The run and its journal.
    Found(Box<Run>, Vec<JournalEntry>),
}

/// The last run. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct LastRun {
    editing: Editing,
    looked: RwSignal<Looked>,
    looked_at_ms: StoredValue<f64>,
}

impl LastRun {
    /// Nothing is loaded before [`LastRun::look`].
    pub fn new(editing: Editing) -> LastRun {
        LastRun {
            editing,
            looked: RwSignal::new(Looked::Waiting),
            looked_at_ms: StoredValue::new(f64::NEG_INFINITY),
        }
    }

    /// Finds out what the last run is and did, unless that was done a moment ago.
    pub fn look(self) {
        let now = js_sys::Date::now();
        if now - self.looked_at_ms.get_value() < FRESH_MS {
            return;
        }
        self.looked_at_ms.set_value(now);
        spawn_local(async move {
            let found = self.load().await;
            let is_news = self.looked.try_with_untracked(|before| match (&found, before) {
                // A moment without network does not take away what is known.
                (Looked::Failed(_), Looked::Found(..)) => false,
                (found, before) => found != before,
            });
            if is_news == Some(true) {
                self.looked.try_set(found);
            }
        });
    }

    async fn load(self) -> Looked {
        let failed = |error: backend::Error| Looked::Failed(error.to_string());
        let listed = match backend::runs(&self.editing.draft.id(), "", None).await {
            Ok(list) => list.runs.into_iter().next(),
            Err(error) => return failed(error),
        };
        let Some(listed) = listed else { return Looked::NoRun };
        let known = self.looked.try_with_untracked(|looked| match looked {
            Looked::Found(run, _) => run.id == listed.id && run.ended_at.is_some(),
            _ => false,
        });
        if known != Some(false) {
            return self.looked.try_get_untracked().unwrap_or(Looked::NoRun);
        }
        let run = match backend::run(&listed.id).await {
            Ok(run) => run,
            Err(error) => return failed(error),
        };
        match backend::journal(&listed.id).await {
            Ok(journal) => Looked::Found(Box::new(run), journal.entries),
            Err(error) => failed(error),
        }
    }

    /// How loading stands; tracked.
    pub fn looked(self) -> Looked {
        self.looked.get()
    }

    /// A text as it was in the last run; nothing where there was none or the text cannot be read. Tracked.
    pub fn filled(self, text: &str) -> Option<String> {
        self.looked.with(|looked| match looked {
            Looked::Found(run, _) => {
                Some(Template::parse(text).ok()?.filled_with(run.variables.clone()))
            }
            _ => None,
        })
    }

    /// What a path such as `Menu.digits` was; tracked.
    pub fn value(self, path: &str) -> Option<String> {
        self.looked.with(|looked| match looked {
            Looked::Found(run, _) => value_at(&run.variables, path),
            _ => None,
        })
    }
}

fn value_at(variables: &Map<String, Json>, path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let mut at = variables.get(parts.next()?)?;
    for part in parts {
        at = at.get(part)?;
    }
    Some(match at {
        Json::Null => return None,
        Json::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// What happened at a step, oldest first: the entry's place in the journal, its moment, and what.
pub fn of_node(entries: &[JournalEntry], node: &str) -> Vec<(u64, String, What)> {
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    for entry in entries {
        let notes: Vec<(Option<Note>, &Json)> = entry
            .notes
            .iter()
            .map(|json| (serde_json::from_value(json.clone()).ok(), json))
            .collect();
        // What came from outside came to the step that is left first without having been entered after it.
        let mut entered = Vec::new();
        let awaited = notes.iter().find_map(|(note, _)| match note {
            Some(Note::Entered { node, .. }) => {
                entered.push(node.clone());
                None
            }
            Some(Note::Left { node, .. }) if !entered.contains(node) => Some(node.to_string()),
            _ => None,
        });
        if awaited.is_some() {
            current = awaited;
        }
        let mut put = |at: Option<&str>, what: What| {
            if at == Some(node) {
                found.push((entry.seq, entry.at.clone(), what));
            }
        };
        put(current.as_deref(), What::Event(entry.event.clone()));
        for (note, json) in notes {
            let note_of = What::Note(json.clone());
            match note {
                Some(Note::Entered { node, .. }) => {
                    current = Some(node.to_string());
                    put(Some(node.as_str()), note_of);
                }
                Some(Note::Left { node, .. } | Note::Warning { node, .. }) => {
                    put(Some(node.as_str()), note_of);
                }
                Some(Note::Asked { effect }) => {
                    let id = serde_json::to_value(effect).unwrap_or_default();
                    let asked = entry.effects.iter().find(|effect| effect.get("id") == Some(&id));
                    if let Some(asked) = asked {
                        put(current.as_deref(), What::Effect(asked.clone()));
                    }
                }
                Some(Note::Instructed { .. }) => put(current.as_deref(), note_of),
                Some(Note::LineEnded { node, .. }) => put(Some(node.as_str()), note_of),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(seq: u64, event: Json, notes: Vec<Json>) -> JournalEntry {
        JournalEntry { seq, at: String::new(), event, notes, effects: Vec::new() }
    }

    #[test]
    fn what_comes_to_a_waiting_step_is_told_there() {
        let menu_entered = json!({ "note": "entered", "line": 1, "node": "Menu" });
        let menu_left = json!({ "note": "left", "line": 1, "node": "Menu", "state": "key_1" });
        let entries = [
            entry(
                1,
                json!({ "type": "started" }),
                vec![
                    json!({ "note": "entered", "line": 1, "node": "Start" }),
                    json!({ "note": "left", "line": 1, "node": "Start", "state": "incoming_call" }),
                    menu_entered.clone(),
                ],
            ),
            entry(
                2,
                json!({ "type": "digits" }),
                vec![menu_left.clone(), json!({ "note": "entered", "line": 1, "node": "Bye" })],
            ),
        ];
        let told: Vec<_> =
            of_node(&entries, "Menu").into_iter().map(|(seq, _, what)| (seq, what)).collect();
        assert_eq!(
            told,
            [
                (1, What::Note(menu_entered)),
                (2, What::Event(json!({ "type": "digits" }))),
                (2, What::Note(menu_left)),
            ]
        );
        assert!(of_node(&entries, "Elsewhere").is_empty());
    }

    #[test]
    fn values_are_found_by_their_paths() {
        let variables = json!({ "Menu": { "digits": "1", "tries": 2 }, "name": null });
        let variables = variables.as_object().cloned().unwrap();
        assert_eq!(value_at(&variables, "Menu.digits").as_deref(), Some("1"));
        assert_eq!(value_at(&variables, "Menu.tries").as_deref(), Some("2"));
        assert_eq!(value_at(&variables, "name"), None);
        assert_eq!(value_at(&variables, "Menu.nothing"), None);
    }
}
