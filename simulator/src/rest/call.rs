//! Calls: placed, looked up, moved and ended by REST.

mod records;

use std::{collections::HashSet, sync::Arc};

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

pub(crate) use self::records::{list, show};
use super::{fields::Fields, reply::Reply};
use crate::{
    address::Address,
    call::{self, Crowded, Detection, Order, sip_headers},
    hangup::{CallStatus, Hangup},
    ledger::Direction,
    limits::RECEIVERS_MAX,
    line::{Command, Destination},
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
    order.send_digits = fields.text("send_digits");
    order.sip_headers = sip_headers(&fields.text("sip_headers").unwrap_or_default());
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
        network.tell(other, Command::Transfer(Destination::Address(hook)));
    }
    if moves_a {
        let hook = a_leg.ok_or_else(|| Reply::bad("the parameter `aleg_url` is missing"))?;
        network.tell(call_uuid, Command::Transfer(Destination::Address(hook)));
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
    let subject = Subject {
        call_uuid: Some(call_uuid),
        room: None,
        kind: "call",
        format: fields.file_format(),
        callback: fields.hook("callback_url", "callback_method")?,
        transcription: fields.hook("transcription_url", "transcription_method")?,
    };
    let limit_s = fields.number("time_limit")?.unwrap_or(60.0);
    let (recording_id, url) = recording::start(network, subject, Some(limit_s));
    let body =
        json!({ "message": "call recording started", "recording_id": recording_id, "url": url });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

/// Stops all recordings of a call, or the one of an address.
pub(crate) fn stop_recording(
    network: &Arc<Network>,
    uuid: &str,
    fields: &Fields,
) -> Result<Reply, Reply> {
    let call_uuid = live(network, uuid)?;
    let url = fields.text("URL").or_else(|| fields.text("url"));
    let recordings: Vec<Uuid> = {
        let mut guard = network.state();
        let state = &mut *guard;
        let ledger = &state.ledger;
        let is_meant = |recording_id: &Uuid| {
            let entry = ledger.recordings.find(*recording_id);
            url.is_none() || entry.is_some_and(|entry| Some(&entry.url) == url.as_ref())
        };
        let running = state.live.get_mut(&call_uuid).map(|live| &mut live.recordings);
        running
            .map(|running| running.extract_if(.., |id| is_meant(id)).collect())
            .unwrap_or_default()
    };
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
    network.note_call(call_uuid, |call| call.add_sent_digits(&digits));
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
