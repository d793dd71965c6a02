//! Calls looked up: live ones by their state, ended ones by their records.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{fields::Fields, page, reply::Reply};
use crate::{clock::At, hangup::CallStatus, ledger::CallEntry, network::Network};

pub(crate) fn list(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    match fields.text("status").as_deref() {
        Some("live") => Ok(uuids(network, fields, CallStatus::is_live)),
        Some("queued") => Ok(uuids(network, fields, |status| status == CallStatus::Queued)),
        Some(_) => Err(Reply::bad("the parameter `status` is neither live nor queued")),
        None => {
            let state = network.state();
            let records: Vec<&CallEntry> =
                state.ledger.calls.iter().rev().filter(|call| is_wanted(call, fields)).collect();
            page::answer(network, "Call", fields, &records, |call| record_of(network, call))
        }
    }
}

fn uuids(network: &Network, fields: &Fields, fits: impl Fn(CallStatus) -> bool) -> Reply {
    let state = network.state();
    let is_wanted = |call: &&CallEntry| {
        fits(call.status)
            && fields.matches_party("from_number", &call.from)
            && fields.matches_party("to_number", &call.to)
            && fields.matches("call_direction", call.direction.as_str())
    };
    let calls: Vec<Uuid> = state
        .ledger
        .calls
        .iter()
        .rev()
        .filter(is_wanted)
        .map(|call| call.call_uuid)
        .take(20)
        .collect();
    Reply::ok(json!({ "calls": calls }))
}

/// Only calls that are over have a record.
fn is_wanted(call: &CallEntry, fields: &Fields) -> bool {
    let Some(ended_at) = call.ended_at else { return false };
    fields.lets_through("end_time", &ended_at.message())
        && fields.matches("call_direction", call.direction.as_str())
        && fields.matches_party("from_number", &call.from)
        && fields.matches_party("to_number", &call.to)
        && fields.matches("hangup_source", call.hangup_source.unwrap_or_default())
        && fields
            .matches("hangup_cause_code", &call.hangup_cause_code.unwrap_or_default().to_string())
        && fields.matches(
            "parent_call_uuid",
            &call.parent_call_uuid.map(|uuid| uuid.to_string()).unwrap_or_default(),
        )
}

pub(crate) fn show(network: &Network, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let uuid = Uuid::parse_str(uuid).map_err(|_| Reply::not_found())?;
    let state = network.state();
    let call = state.ledger.calls.find(uuid).ok_or_else(Reply::not_found)?;
    match fields.text("status").as_deref() {
        Some("live") if call.status.is_live() => Ok(Reply::ok(live_of(call))),
        Some("queued") if call.status == CallStatus::Queued => Ok(Reply::ok(live_of(call))),
        None if !call.status.is_live() => Ok(Reply::ok(record_of(network, call))),
        _ => Err(Reply::not_found()),
    }
}

fn live_of(call: &CallEntry) -> Value {
    json!({
        "call_uuid": call.call_uuid,
        "request_uuid": call.request_uuid,
        "call_status": call.status.as_str(),
        "caller_name": call.caller_name,
        "direction": call.direction.as_str(),
        "from": call.from.wire(),
        "to": call.to.wire(),
        "parent_call_uuid": call.parent_call_uuid,
        "session_start": call.at.record(),
        "stir_verification": "Not Applicable",
        "stir_attestation": "",
    })
}

fn record_of(network: &Network, call: &CallEntry) -> Value {
    let bill_s = call.bill_duration_s();
    let amount = bill_s.div_ceil(60) as f64 * 0.0085;
    json!({
        "answer_time": call.answered_at.map(At::record),
        "bill_duration": bill_s,
        "billed_duration": bill_s.div_ceil(60) * 60,
        "call_direction": call.direction.as_str(),
        "call_duration": call.duration_s(),
        "call_state": if call.answered_at.is_some() { "ANSWER" } else { call.hangup_cause.unwrap_or_default() },
        "call_status": call.status.as_str(),
        "call_uuid": call.call_uuid,
        "conference_uuid": call.conference_uuid,
        "end_time": call.ended_at.map(At::record),
        "from_number": call.from.wire(),
        "hangup_cause_code": call.hangup_cause_code,
        "hangup_cause_name": call.hangup_cause_name,
        "hangup_source": call.hangup_source,
        "initiation_time": call.at.record(),
        "parent_call_uuid": call.parent_call_uuid,
        "request_uuid": call.request_uuid,
        "resource_uri": format!("/v1/Account/{}/Call/{}/", network.config.auth_id, call.call_uuid),
        "source_ip": "127.0.0.1",
        "stir_attestation": "",
        "stir_verification": "Not Applicable",
        "to_number": call.to.wire(),
        "total_amount": format!("{amount:.5}"),
        "total_rate": "0.00850",
    })
}
