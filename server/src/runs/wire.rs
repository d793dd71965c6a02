//! Runs and journal entries as clients see them.

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

/// A journal entry. What cannot be read is shown as it stands.
pub fn entry_of(row: &EntryRow) -> api::runs::JournalEntry {
    let input: Json = serde_json::from_str(&row.input)
        .unwrap_or_else(|_| json!({ "event": { "type": "unreadable", "text": row.input } }));
    api::runs::JournalEntry {
        seq: row.seq.unsigned_abs(),
        at: clock::rfc3339(Time(row.at)),
        event: input.get("event").cloned().unwrap_or(Json::Null),
        notes: serde_json::from_str(&row.notes).unwrap_or_default(),
        effects: serde_json::from_str(&row.effects).unwrap_or_default(),
    }
}
