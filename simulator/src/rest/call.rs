//! Calls: placed, looked up, moved and ended by REST.

use std::{collections::HashSet, sync::Arc};

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fields::Fields, page, reply::Reply};
use crate::{
    address::Address,
    call::{self, Command, Crowded, Detection, Order},
    clock::At,
    hangup::{CallStatus, Hangup},
    ledger::{CallEntry, Direction},
    limits::RECEIVERS_MAX,
    network::Network,
    phone::{PhoneCall, Who},
    recording::{self, Subject},
};

pub(crate) fn make(network: &Arc<Network>, fields: &Fields) -> Result<Reply, Reply> {
    let from_text = fields.required("from")?;
    let from = Address::parse_sender(&from_text)
        .ok_or_else(|| Reply::bad("the parameter `from` is not a valid caller id"))?;
    fields.required("to")?;
    let receivers = fields.list("to");
    if receivers.len() > RECEIVERS_MAX {
        return Err(Reply::bad(format!(
            "the parameter `to` has more than {RECEIVERS_MAX} receivers"
        )));
    }
    let mut seen = HashSet::new();
    let mut receivers: Vec<Address> =
        receivers.iter().filter_map(|to| Address::parse(to)).collect();
    receivers.retain(|to| seen.insert(to.clone()));
    if receivers.is_empty() {
        return Err(Reply::bad("the parameter `to` is not a valid phone number"));
    }
    if receivers.contains(&from) {
        return Err(Reply::bad("the parameters `from` and `to` are the same"));
    }
    let template = order(fields, from, receivers[0].clone())?;
    let mut request_uuids = Vec::new();
    for to in receivers {
        match call::place(network, Order { to, ..template.clone() }) {
            Ok(call_uuid) => request_uuids.push(call_uuid),
            Err(Crowded) if request_uuids.is_empty() => {
                return Err(Reply::error(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too many calls at once".to_owned(),
                ));
            }
            Err(Crowded) => break,
        }
    }
    let body = match request_uuids.as_slice() {
        [request_uuid] => json!({ "message": "call fired", "request_uuid": request_uuid }),
        several => json!({ "message": "calls fired", "request_uuid": several }),
    };
    Ok(Reply::new(StatusCode::CREATED, body))
}

fn order(fields: &Fields, from: Address, to: Address) -> Result<Order, Reply> {
    let mut order = Order::new(from, to, Direction::Outbound);
    let answer = fields.hook("answer_url", "answer_method")?;
    order.answer = Some(answer.ok_or_else(|| Reply::bad("the parameter `answer_url` is missing"))?);
    order.fallback = fields.hook("fallback_url", "fallback_method")?;
    order.ring = fields.hook("ring_url", "ring_method")?;
    // Without an address of its own, the end of a call is told to the answer address.
    order.hangup = fields.hook("hangup_url", "hangup_method")?.or_else(|| order.answer.clone());
    order.caller_name =
        fields.text("caller_name").map(|name| name.chars().take(50).collect()).unwrap_or_default();
    order.ring_timeout_s = fields.number("ring_timeout")?.unwrap_or(order.ring_timeout_s);
    order.time_limit_s = fields.number("time_limit")?.unwrap_or(order.time_limit_s);
    order.hangup_on_ring_s = fields.number("hangup_on_ring")?;
    order.parent = fields.text("parent_call_uuid").and_then(|uuid| Uuid::parse_str(&uuid).ok());
    order.detection = match fields.text("machine_detection").as_deref() {
        None | Some("false") => None,
        Some("true") => Some(Detection {
            hangs_up: false,
            hook: fields.hook("machine_detection_url", "machine_detection_method")?,
        }),
        Some("hangup") => Some(Detection {
            hangs_up: true,
            hook: fields.hook("machine_detection_url", "machine_detection_method")?,
        }),
        Some(_) => {
            return Err(Reply::bad("the parameter `machine_detection` is neither true nor hangup"));
        }
    };
    Ok(order)
}

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

pub(crate) fn transfer(network: &Network, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let call_uuid = live(network, uuid)?;
    let legs = fields.text("legs").unwrap_or_else(|| "aleg".to_owned());
    let a_leg = fields.hook("aleg_url", "aleg_method")?;
    let b_leg = fields.hook("bleg_url", "bleg_method")?;
    let (moves_a, moves_b) = match legs.as_str() {
        "aleg" => (true, false),
        "bleg" => (false, true),
        "both" => (true, true),
        _ => return Err(Reply::bad("the parameter `legs` is aleg, bleg or both")),
    };
    let other = {
        let state = network.state();
        state
            .ledger
            .calls
            .iter()
            .rev()
            .find(|call| call.parent_call_uuid == Some(call_uuid) && call.status.is_live())
            .map(|call| call.call_uuid)
    };
    if moves_b {
        let hook = b_leg.ok_or_else(|| Reply::bad("the parameter `bleg_url` is missing"))?;
        let other = other.ok_or_else(Reply::not_found)?;
        network.tell(other, Command::Transfer(hook));
    }
    if moves_a {
        let hook = a_leg.ok_or_else(|| Reply::bad("the parameter `aleg_url` is missing"))?;
        network.tell(call_uuid, Command::Transfer(hook));
    }
    Ok(Reply::new(
        StatusCode::ACCEPTED,
        json!({ "message": "call transfered", "call_uuids": [call_uuid] }),
    ))
}

pub(crate) fn hang_up(network: &Network, uuid: &str) -> Result<Reply, Reply> {
    let call_uuid = live(network, uuid)?;
    network.tell(call_uuid, Command::End(Hangup::BY_API));
    Ok(Reply::no_content())
}

pub(crate) fn record(network: &Arc<Network>, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let call_uuid = in_progress(network, uuid)?;
    let format = if fields.text("file_format").as_deref() == Some("wav") { "wav" } else { "mp3" };
    let subject =
        Subject { call_uuid: Some(call_uuid), conference_name: None, kind: "call", format };
    let callback = fields.hook("callback_url", "callback_method")?;
    let (recording_id, url) = recording::start(
        network,
        subject,
        Some(fields.number("time_limit")?.unwrap_or(60.0)),
        callback,
    );
    let body =
        json!({ "message": "call recording started", "recording_id": recording_id, "url": url });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

pub(crate) fn stop_recording(network: &Network, uuid: &str) -> Result<Reply, Reply> {
    let call_uuid = live(network, uuid)?;
    let recordings = network
        .state()
        .live
        .get_mut(&call_uuid)
        .map(|live| std::mem::take(&mut live.recordings))
        .unwrap_or_default();
    for recording_id in recordings {
        recording::close(network, recording_id);
    }
    Ok(Reply::no_content())
}

pub(crate) fn speak(network: &Network, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let call_uuid = in_progress(network, uuid)?;
    let text = fields.required("text")?;
    network.note_call(call_uuid, |call| call.add_spoken(&text));
    show_on_phone(network, call_uuid, |call| call.caption(Who::Them, text));
    Ok(Reply::accepted("speak started"))
}

pub(crate) fn play(network: &Network, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let call_uuid = in_progress(network, uuid)?;
    let urls = fields.list("urls");
    if urls.is_empty() {
        return Err(Reply::bad("the parameter `urls` is missing"));
    }
    for url in urls {
        network.note_call(call_uuid, |call| call.add_played(&url));
        show_on_phone(network, call_uuid, |call| call.caption(Who::Note, format!("Playing {url}")));
    }
    Ok(Reply::accepted("play started"))
}

/// Sounds started by REST take no time, so there is nothing left to stop but the call has to be there.
pub(crate) fn stop_sound(network: &Network, uuid: &str) -> Result<Reply, Reply> {
    in_progress(network, uuid)?;
    Ok(Reply::no_content())
}

pub(crate) fn send_digits(network: &Network, uuid: &str, fields: &Fields) -> Result<Reply, Reply> {
    let call_uuid = in_progress(network, uuid)?;
    let digits = fields.required("digits")?;
    show_on_phone(network, call_uuid, |call| {
        call.caption(Who::Note, format!("Key tones: {digits}"))
    });
    Ok(Reply::accepted("digits sent"))
}

fn show_on_phone(network: &Network, call_uuid: Uuid, change: impl FnOnce(&mut PhoneCall)) {
    let phone = network.state().ledger.calls.find(call_uuid).map(|call| match call.direction {
        Direction::Outbound => call.to.clone(),
        Direction::Inbound => call.from.clone(),
    });
    if let Some(phone) = phone {
        network.show(&phone, call_uuid, change);
    }
}

/// The id of a call that has not ended.
fn live(network: &Network, uuid: &str) -> Result<Uuid, Reply> {
    let uuid = Uuid::parse_str(uuid).map_err(|_| Reply::not_found())?;
    if network.state().live.contains_key(&uuid) { Ok(uuid) } else { Err(Reply::not_found()) }
}

/// The id of a call that has been answered and has not ended.
fn in_progress(network: &Network, uuid: &str) -> Result<Uuid, Reply> {
    let uuid = live(network, uuid)?;
    let is_answered = network
        .state()
        .ledger
        .calls
        .find(uuid)
        .is_some_and(|call| call.status == CallStatus::InProgress);
    if is_answered { Ok(uuid) } else { Err(Reply::not_found()) }
}
