//! What a workflow's `on_complete` address is told when a run ends: the shape of the original document, and our variables.

use crate::{clock, store::runs::RunRow};
use engine::{LegState, Run, Time};
use serde_json::{Map, Value as Json, json};

/// The notice's body. Of a sealed run nothing is told that a caller entered: card numbers do not leave by webhook.
pub(super) fn notice(run: &Run, row: &RunRow, variables: &Map<String, Json>) -> Json {
    let call = run.legs().filter(|leg| leg.call_uuid.is_some()).last();
    let is_secret = row.is_sealed != 0;
    json!({
        "event": "run:completed",
        "phlo_id": row.workflow_id,
        "request_uuid": row.id,
        "version": row.version,
        "status": row.status,
        "result": {
            "call_uuid": call.and_then(|leg| leg.call_uuid.clone()),
            "call_status": call.map(|leg| if leg.state == LegState::Ended { "completed" } else { "in-progress" }),
            "digits_received": last_digits(variables).filter(|_| !is_secret),
            "problem": row.problem,
            "variables": if is_secret { Json::Null } else { Json::Object(variables.clone()) },
        },
        "timestamp": clock::rfc3339(Time(row.ended_at.unwrap_or(row.last_at))),
    })
}

/// What was pressed, at any node that keeps `digits`.
fn last_digits(variables: &Map<String, Json>) -> Option<&str> {
    variables.values().filter_map(|node| node.get("digits")?.as_str()).next_back()
}
