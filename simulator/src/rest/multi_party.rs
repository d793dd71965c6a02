//! Multi-party calls by REST: who is in them, who is rung into them, and what can be done to participants.

use std::sync::Arc;

use axum::http::StatusCode;
use plivo::xml::{MultiPartyCall, Response, Role};
use serde_json::{Value, json};

use super::{fields::Fields, reply::Reply};
use crate::{
    address::Address,
    call::{self, Crowded, Order},
    clock::At,
    conference::{self, Member, multi_party_key},
    hangup::Hangup,
    ledger::Direction,
    line::Command,
    network::Network,
};

/// How long a participant rings by default, in seconds.
const RING_S: f64 = 45.0;

pub(crate) fn list(network: &Network) -> Reply {
    let state = network.state();
    let rooms =
        state.ledger.conferences.iter().rev().filter(|entry| entry.kind == "multi_party_call");
    let objects: Vec<Value> = rooms
        .map(|entry| {
            json!({
                "mpc_uuid": entry.conference_uuid,
                "friendly_name": entry.name,
                "status": if entry.ended_at.is_some() { "ended" } else { "active" },
                "participants": format!("/v1/Account/{}/MultiPartyCall/uuid_{}/Participant/", network.config.auth_id, entry.conference_uuid),
            })
        })
        .take(20)
        .collect();
    let meta =
        json!({ "count": objects.len(), "limit": 20, "offset": 0, "next": null, "previous": null });
    Reply::ok(json!({ "meta": meta, "objects": objects }))
}

pub(crate) fn show(network: &Network, id: &str) -> Result<Reply, Reply> {
    let (key, name) = key(network, id)?;
    let state = network.state();
    let room = state.rooms.get(&key).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(json!({
        "mpc_uuid": room.uuid,
        "friendly_name": name,
        "status": "active",
        "duration": At::now().seconds_since(room.begun) as u64,
        "recording": if room.recording_id.is_some() { "in-progress" } else { "not-recording" },
    })))
}

pub(crate) fn participants(network: &Network, id: &str) -> Result<Reply, Reply> {
    let (key, _) = key(network, id)?;
    let state = network.state();
    let room = state.rooms.get(&key).ok_or_else(Reply::not_found)?;
    let objects: Vec<Value> =
        room.members.iter().map(|member| participant(room.uuid, member)).collect();
    let meta =
        json!({ "count": objects.len(), "limit": 20, "offset": 0, "next": null, "previous": null });
    Ok(Reply::ok(json!({ "meta": meta, "objects": objects })))
}

fn participant(mpc_uuid: uuid::Uuid, member: &Member) -> Value {
    json!({
        "mpc_uuid": mpc_uuid,
        "member_id": member.member_id.to_string(),
        "role": member.role,
        "call_uuid": member.call_uuid,
        "member_address": member.phone.wire(),
        "coach_mode": member.is_coaching,
        "hold": member.is_on_hold,
        "mute": member.is_muted,
    })
}

/// Rings somebody into a multi-party call. Whoever answers enters it by the document that is written here, as the carrier would do.
pub(crate) fn add(network: &Arc<Network>, id: &str, fields: &Fields) -> Result<Reply, Reply> {
    let name = match id.split_once('_') {
        Some(("name", name)) if !name.is_empty() => name.to_owned(),
        _ => key(network, id)?.1,
    };
    let role = Role::new(&fields.required("role")?)
        .ok_or_else(|| Reply::bad("the parameter `role` is agent, supervisor or customer"))?;
    let from = Address::parse_sender(&fields.required("from")?)
        .ok_or_else(|| Reply::bad("the parameter `from` is not a valid number"))?;
    fields.required("to")?;
    let receivers = fields.list("to");
    if receivers.len() > 1 && role != Role::Agent {
        return Err(Reply::bad("only an agent can be rung at several numbers"));
    }
    let mut calls = Vec::new();
    for receiver in receivers {
        let to = Address::parse(&receiver)
            .ok_or_else(|| Reply::bad(format!("{receiver} is not a valid phone number")))?;
        let room = MultiPartyCall {
            mute: fields.flag("mute"),
            hold: fields.flag("hold"),
            end_mpc_on_exit: fields.flag("end_mpc_on_exit"),
            stay_alone: true,
            ..MultiPartyCall::new(name.clone(), role)
        };
        let order = Order {
            enters: Some(Response::new([room.into()])),
            ring_timeout_s: fields.number("ring_timeout")?.unwrap_or(RING_S),
            caller_name: fields.text("caller_name").unwrap_or_default(),
            ..Order::new(from.clone(), to.clone(), Direction::Outbound)
        };
        let call_uuid = call::place(network, order).map_err(|Crowded| {
            Reply::error(StatusCode::TOO_MANY_REQUESTS, "too many calls at once".to_owned())
        })?;
        calls.push(json!({ "to": to.wire(), "from": from.wire(), "call_uuid": call_uuid }));
    }
    let request_uuid = calls.first().map(|call| call["call_uuid"].clone()).unwrap_or_default();
    let body = json!({ "message": "add participant action initiated", "request_uuid": request_uuid, "calls": calls });
    Ok(Reply::new(StatusCode::CREATED, body))
}

pub(crate) fn update(
    network: &Arc<Network>,
    id: &str,
    who: &str,
    fields: &Fields,
) -> Result<Reply, Reply> {
    let (key, _) = key(network, id)?;
    let chosen = members(network, &key, who)?;
    let wishes = [
        ("mute", ["muted", "unmuted"]),
        ("hold", ["held", "unheld"]),
        ("coach_mode", ["coaching", "heard by all"]),
    ];
    let mut guard = network.state();
    let state = &mut *guard;
    let Some(room) = state.rooms.get_mut(&key) else { return Err(Reply::not_found()) };
    for (field, words) in wishes {
        let Some(wish) = fields.text(field).map(|text| text.eq_ignore_ascii_case("true")) else {
            continue;
        };
        let word = words[usize::from(!wish)];
        for member in &mut room.members {
            if !chosen.iter().any(|chosen| chosen.member_id == member.member_id) {
                continue;
            }
            match field {
                "mute" => member.is_muted = wish,
                "hold" => member.is_on_hold = wish,
                _ => member.is_coaching = wish,
            }
            let entry = state.ledger.conferences.find_mut(room.uuid);
            let stay = entry.and_then(|entry| {
                entry.members.iter_mut().find(|stay| stay.member_id == member.member_id)
            });
            if let Some(stay) = stay {
                stay.changes.push(word);
            }
        }
    }
    Ok(Reply::new(StatusCode::ACCEPTED, json!({ "message": "participant updated" })))
}

pub(crate) fn kick(network: &Arc<Network>, id: &str, who: &str) -> Result<Reply, Reply> {
    let (key, _) = key(network, id)?;
    for member in members(network, &key, who)? {
        network.tell(member.call_uuid, Command::End(Hangup::BY_API));
    }
    Ok(Reply::no_content())
}

pub(crate) fn end(network: &Arc<Network>, id: &str) -> Result<Reply, Reply> {
    kick(network, id, "all")
}

/// Where a multi-party call stands among the rooms, and its name. Plivo names it `name_…` or `uuid_…`.
fn key(network: &Network, id: &str) -> Result<(String, String), Reply> {
    match id.split_once('_') {
        Some(("name", name)) => Ok((multi_party_key(name), name.to_owned())),
        Some(("uuid", uuid)) => {
            let state = network.state();
            let entry = state
                .ledger
                .conferences
                .iter()
                .find(|entry| entry.conference_uuid.to_string() == uuid)
                .ok_or_else(Reply::not_found)?;
            Ok((multi_party_key(&entry.name), entry.name.clone()))
        }
        _ => Err(Reply::bad("a multi-party call is named name_… or uuid_…")),
    }
}

fn members(network: &Arc<Network>, key: &str, who: &str) -> Result<Vec<Member>, Reply> {
    conference::chosen(network, key, who).ok_or_else(Reply::not_found)
}
