//! Multi-party calls by REST: who is in them, and what can be done to participants.

mod add;

use std::sync::Arc;

use axum::http::StatusCode;
use plivo::xml::Role;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) use self::add::add;
use super::{fields::Fields, reply::Reply};
use crate::{
    clock::At,
    hangup::Hangup,
    ledger::ConferenceEntry,
    line::Command,
    network::Network,
    phone::Who,
    room::{self, Change, Key, Kind, Member, RecordingWish},
};

pub(crate) fn list(network: &Network, fields: &Fields) -> Reply {
    let state = network.state();
    let objects: Vec<Value> = state
        .ledger
        .conferences
        .iter()
        .rev()
        .filter(|entry| {
            entry.kind == Kind::MultiParty.as_str()
                && fields.matches("friendly_name", &entry.name)
                && fields.matches("status", status(entry))
        })
        .map(|entry| record_of(network, entry))
        .take(20)
        .collect();
    Reply::ok(json!({ "meta": meta(&objects), "objects": objects }))
}

/// The present one of a name, or any one of an id.
pub(crate) fn show(network: &Network, id: &str) -> Result<Reply, Reply> {
    let uuid = match id.strip_prefix("uuid_") {
        Some(uuid) => Uuid::parse_str(uuid).map_err(|_| Reply::not_found())?,
        None => uuid_of(network, &key(network, id)?)?,
    };
    let state = network.state();
    let entry = state.ledger.conferences.find(uuid).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(record_of(network, entry)))
}

fn record_of(network: &Network, entry: &ConferenceEntry) -> Value {
    let uri = format!(
        "/v1/Account/{}/MultiPartyCall/uuid_{}/",
        network.config.auth_id, entry.conference_uuid
    );
    let seconds = entry.ended_at.unwrap_or_else(At::now).seconds_since(entry.at).ceil() as u64;
    json!({
        "mpc_uuid": entry.conference_uuid,
        "friendly_name": entry.name,
        "status": status(entry),
        "creation_time": entry.at.record(),
        "start_time": entry.started_at.map(At::record),
        "end_time": entry.ended_at.map(At::record),
        "duration": seconds,
        "billed_duration": seconds.div_ceil(60) * 60,
        "billed_amount": "0.00000",
        "termination_cause": entry.ended_at.map(|_| "All Participants Left"),
        "participants": format!("{uri}Participant/"),
        "resource_uri": uri,
    })
}

fn status(entry: &ConferenceEntry) -> &'static str {
    match (entry.started_at, entry.ended_at) {
        (_, Some(_)) => "Ended",
        (Some(_), None) => "Active",
        (None, None) => "Initialized",
    }
}

/// Begins one whose participants wait.
pub(crate) fn start(network: &Arc<Network>, id: &str, fields: &Fields) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    if fields.text("status").as_deref() != Some("active") {
        return Err(Reply::bad("the parameter `status` is active"));
    }
    if !room::begin(network, &key) {
        return Err(Reply::not_found());
    }
    Ok(Reply::accepted("MPC started"))
}

pub(crate) fn end(network: &Arc<Network>, id: &str) -> Result<Reply, Reply> {
    send_away(network, &key(network, id)?, "all", Hangup::MULTI_PARTY_ENDED)
}

pub(crate) fn participants(network: &Network, id: &str) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let mpc_uuid = uuid_of(network, &key)?;
    let members = room::chosen(network, &key, "all").ok_or_else(Reply::not_found)?;
    let objects: Vec<Value> =
        members.iter().map(|member| participant(network, mpc_uuid, member)).collect();
    Ok(Reply::ok(json!({ "meta": meta(&objects), "objects": objects })))
}

pub(crate) fn show_participant(network: &Network, id: &str, who: &str) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let members = room::chosen(network, &key, who).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(participant(network, uuid_of(network, &key)?, &members[0])))
}

fn participant(network: &Network, mpc_uuid: Uuid, member: &Member) -> Value {
    let Member { member_id, .. } = member;
    let auth_id = &network.config.auth_id;
    json!({
        "mpc_uuid": mpc_uuid,
        "member_id": member_id.to_string(),
        "role": member.role.map(|role| role.as_str().to_ascii_lowercase()),
        "call_uuid": member.call_uuid,
        "member_address": member.phone.wire(),
        "join_time": member.joined.record(),
        "exit_time": null,
        "exit_cause": null,
        "coach_mode": member.coaches,
        "hold": member.is_on_hold,
        "mute": member.is_muted,
        "resource_uri": format!("/v1/Account/{auth_id}/MultiPartyCall/uuid_{mpc_uuid}/Participant/{member_id}/"),
    })
}

pub(crate) fn update(
    network: &Arc<Network>,
    id: &str,
    who: &str,
    fields: &Fields,
) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let members = room::chosen(network, &key, who).ok_or_else(Reply::not_found)?;
    let mut message = serde_json::Map::new();
    for field in ["mute", "hold", "coach_mode"] {
        let Some(wish) = fields.text(field).map(|text| text.eq_ignore_ascii_case("true")) else {
            continue;
        };
        if field == "coach_mode"
            && members.iter().any(|member| member.role != Some(Role::Supervisor))
        {
            return Err(Reply::bad("only a supervisor can coach"));
        }
        let ids: Vec<u64> = members.iter().map(|member| member.member_id).collect();
        let change = match field {
            "mute" => Change::Mute(wish),
            "hold" => Change::Hold(wish),
            _ => Change::Coach(wish),
        };
        room::change(network, &key, &ids, change);
        message.insert(field.to_owned(), format!("MPC: {} {field} succeeded", key.name).into());
    }
    if message.is_empty() {
        return Err(Reply::bad("one of the parameters `mute`, `hold` and `coach_mode` is needed"));
    }
    Ok(Reply::new(StatusCode::ACCEPTED, json!({ "message": message })))
}

pub(crate) fn kick(network: &Arc<Network>, id: &str, who: &str) -> Result<Reply, Reply> {
    send_away(network, &key(network, id)?, who, Hangup::KICKED)
}

/// Who has no address to go on with ends with that.
fn send_away(network: &Arc<Network>, key: &Key, who: &str, hangup: Hangup) -> Result<Reply, Reply> {
    let room = uuid_of(network, key)?;
    for member in room::chosen(network, key, who).ok_or_else(Reply::not_found)? {
        network.tell(member.call_uuid, Command::LeaveRoom { room, farewell: Some(hangup) });
    }
    Ok(Reply::no_content())
}

pub(crate) fn record(network: &Arc<Network>, id: &str, fields: &Fields) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let wish = RecordingWish {
        format: fields.file_format(),
        callback: fields.hook("recording_callback_url", "recording_callback_method")?,
        transcription: None,
    };
    let (recording_id, url) =
        room::record(network, &key, wish, None).ok_or_else(Reply::not_found)?;
    let message = format!("MPC: {} record started", key.name);
    let body = json!({ "message": message, "recording_id": recording_id, "recording_url": url });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

pub(crate) fn stop_recording(network: &Arc<Network>, id: &str) -> Result<Reply, Reply> {
    if !room::stop_recording(network, &key(network, id)?) {
        return Err(Reply::not_found());
    }
    Ok(Reply::no_content())
}

/// Plays or says something to participants.
pub(crate) fn sound(
    network: &Arc<Network>,
    id: &str,
    who: &str,
    what: &str,
    fields: &Fields,
) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let members = room::chosen(network, &key, who).ok_or_else(Reply::not_found)?;
    let (message, heard) = match what {
        "Play" => ("play queued into MPC", fields.required("url")?),
        "Speak" => ("speak queued into MPC", fields.required("text")?),
        _ => return Err(Reply::not_found()),
    };
    for member in &members {
        network.note_call(member.call_uuid, |call| match what {
            "Play" => call.add_played(&heard),
            _ => call.add_spoken(&heard),
        });
        let who = if what == "Play" { Who::Note } else { Who::Them };
        network.show(&member.phone, member.call_uuid, |call| call.caption(who, &*heard));
    }
    let ids: Vec<String> = members.iter().map(|member| member.member_id.to_string()).collect();
    let body = json!({ "message": message, "mpcMemberId": ids, "mpcName": key.name });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

/// Which multi-party call a path names: `name_…`, or `uuid_…` of one that is or was there.
fn key(network: &Network, id: &str) -> Result<Key, Reply> {
    match id.split_once('_') {
        Some(("name", name)) if !name.trim().is_empty() => Ok(Key::new(Kind::MultiParty, name)),
        Some(("uuid", uuid)) => {
            let uuid = Uuid::parse_str(uuid).map_err(|_| Reply::not_found())?;
            let state = network.state();
            let entry = state.ledger.conferences.find(uuid).ok_or_else(Reply::not_found)?;
            Ok(Key::new(Kind::MultiParty, &entry.name))
        }
        _ => Err(Reply::bad("a multi-party call is named name_… or uuid_…")),
    }
}

fn uuid_of(network: &Network, key: &Key) -> Result<Uuid, Reply> {
    network.state().rooms.get(key).map(|room| room.uuid).ok_or_else(Reply::not_found)
}

/// Lists of multi-party calls count in a field of another name than all other lists.
fn meta(objects: &[Value]) -> Value {
    json!({ "count": objects.len(), "limit": 20, "offset": 0, "next": null, "previous": null })
}
