//! Runs and journal entries as clients see them.

use super::secrets::{self, Secrets};
use crate::{
    clock,
    store::{journal::EntryRow, runs::RunRow},
};
use engine::Time;
use serde_json::{Map, Value as Json, json};

/// A run, with the variables it ended with if it is over.
pub fn run_of(row: &RunRow) -> api::runs::Run {
    let variables = row
        .variables
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    run_with(row, variables)
}

pub(super) fn run_with(row: &RunRow, variables: Map<String, Json>) -> api::runs::Run {
    api::runs::Run {
        id: row.id.clone(),
        workflow_id: row.workflow_id.clone(),
        version: u32::try_from(row.version).unwrap_or(0),
        status: row.status.clone(),
        trigger: row.trigger_kind.clone(),
        started_at: clock::rfc3339(Time(row.started_at)),
        ended_at: row.ended_at.map(|at| clock::rfc3339(Time(at))),
        variables,
        problem: row.problem.clone(),
    }
}

/// A journal entry, without what must not be shown. What cannot be read is shown as it stands.
pub(super) fn entry_of(row: &EntryRow, secrets: &Secrets) -> api::runs::JournalEntry {
    let input: Json = serde_json::from_str(&row.input)
        .unwrap_or_else(|_| json!({ "event": { "type": "unreadable", "text": row.input } }));
    let mut event = input.get("event").cloned().unwrap_or(Json::Null);
    let mut notes: Vec<Json> = serde_json::from_str(&row.notes).unwrap_or_default();
    let mut effects: Vec<Json> = serde_json::from_str(&row.effects).unwrap_or_default();
    for shown in [&mut event].into_iter().chain(&mut notes).chain(&mut effects) {
        secrets::hide(shown, secrets);
    }
    api::runs::JournalEntry {
        seq: row.seq.unsigned_abs(),
        at: clock::rfc3339(Time(row.at)),
        event,
        notes,
        effects,
    }
}

/// What is shown of an entry when nobody can tell which of its values are secret: that something happened.
pub(super) fn bare_entry_of(row: &EntryRow) -> api::runs::JournalEntry {
    let input: Json = serde_json::from_str(&row.input).unwrap_or_default();
    let kind = input.pointer("/event/type").cloned().unwrap_or_else(|| json!("unreadable"));
    api::runs::JournalEntry {
        seq: row.seq.unsigned_abs(),
        at: clock::rfc3339(Time(row.at)),
        event: json!({ "type": kind }),
        notes: Vec::new(),
        effects: Vec::new(),
    }
}
