//! Conferences by REST: who is in them, and what can be done to members.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{fields::Fields, reply::Reply};
use crate::{
    clock::At,
    hangup::Hangup,
    line::Command,
    network::Network,
    phone::Who,
    room::{self, Change, Key, Kind, Member, RecordingWish},
};

pub(crate) fn list(network: &Network) -> Reply {
    let names = names(network);
    Reply::ok(json!({ "conferences": names }))
}

pub(crate) fn show(network: &Network, name: &str) -> Result<Reply, Reply> {
    let state = network.state();
    let room = state.rooms.get(&key(name)).ok_or_else(Reply::not_found)?;
    let seconds = |since: At| (At::now().seconds_since(since) as u64).to_string();
    let members: Vec<Value> = room
        .members
        .iter()
        .map(|member| {
            json!({
                "muted": member.is_muted,
                "deaf": member.is_deaf,
                "member_id": member.member_id.to_string(),
                "from": member.from.wire(),
                "to": member.to.wire(),
                "caller_name": member.caller_name,
                "direction": member.direction.as_str(),
                "call_uuid": member.call_uuid,
                "join_time": seconds(member.joined),
            })
        })
        .collect();
    Ok(Reply::ok(json!({
        "conference_name": name,
        "conference_run_time": seconds(room.begun),
        "conference_member_count": members.len().to_string(),
        "members": members,
    })))
}

pub(crate) fn end(network: &Arc<Network>, name: &str) -> Result<Reply, Reply> {
    for member in members(network, name, "all")? {
        network.tell(member.call_uuid, Command::End(Hangup::BY_API));
    }
    Ok(Reply::no_content())
}

pub(crate) fn end_all(network: &Arc<Network>) -> Reply {
    for name in names(network) {
        // A room that ended meanwhile is what was wanted.
        let _ = end(network, &name);
    }
    Reply::no_content()
}

pub(crate) fn hang_up(network: &Arc<Network>, name: &str, who: &str) -> Result<Reply, Reply> {
    for member in members(network, name, who)? {
        network.tell(member.call_uuid, Command::End(Hangup::BY_API));
    }
    Ok(Reply::no_content())
}

pub(crate) fn start(
    network: &Arc<Network>,
    name: &str,
    who: &str,
    what: &str,
    fields: &Fields,
) -> Result<Reply, Reply> {
    let members = members(network, name, who)?;
    let message = match what {
        "Mute" => set(network, name, &members, Change::Mute(true), "muted"),
        "Deaf" => set(network, name, &members, Change::Deafen(true), "deaf"),
        "Kick" => {
            let uuid = network.state().rooms.get(&key(name)).map(|room| room.uuid);
            let room = uuid.ok_or_else(Reply::not_found)?;
            for member in &members {
                network.tell(member.call_uuid, Command::LeaveRoom { room, farewell: None });
            }
            "kicked"
        }
        "Play" => {
            let url = fields.required("url")?;
            for member in &members {
                network.note_call(member.call_uuid, |call| call.add_played(&url));
                network.show(&member.phone, member.call_uuid, |call| {
                    call.caption(Who::Note, format!("Playing {url}"))
                });
            }
            "play queued into conference"
        }
        "Speak" => {
            let text = fields.required("text")?;
            for member in &members {
                network.note_call(member.call_uuid, |call| call.add_spoken(&text));
                network
                    .show(&member.phone, member.call_uuid, |call| call.caption(Who::Them, &text));
            }
            "speak queued into conference"
        }
        _ => return Err(Reply::not_found()),
    };
    let ids: Vec<String> = members.iter().map(|member| member.member_id.to_string()).collect();
    Ok(Reply::new(StatusCode::ACCEPTED, json!({ "message": message, "member_id": ids })))
}

pub(crate) fn stop(
    network: &Arc<Network>,
    name: &str,
    who: &str,
    what: &str,
) -> Result<Reply, Reply> {
    let members = members(network, name, who)?;
    match what {
        "Mute" => set(network, name, &members, Change::Mute(false), ""),
        "Deaf" => set(network, name, &members, Change::Deafen(false), ""),
        "Play" | "Speak" => "",
        _ => return Err(Reply::not_found()),
    };
    Ok(Reply::no_content())
}

pub(crate) fn record(network: &Arc<Network>, name: &str, fields: &Fields) -> Result<Reply, Reply> {
    let wish = RecordingWish {
        format: fields.file_format(),
        callback: fields.hook("callback_url", "callback_method")?,
        transcription: fields.hook("transcription_url", "transcription_method")?,
    };
    let (recording_id, url) = room::record(network, &key(name), wish, fields.number("time_limit")?)
        .ok_or_else(Reply::not_found)?;
    let body = json!({ "message": "conference recording started", "recording_id": recording_id, "url": url });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

pub(crate) fn stop_recording(network: &Arc<Network>, name: &str) -> Result<Reply, Reply> {
    if !room::stop_recording(network, &key(name)) {
        return Err(Reply::not_found());
    }
    Ok(Reply::no_content())
}

fn members(network: &Arc<Network>, name: &str, who: &str) -> Result<Vec<Member>, Reply> {
    room::chosen(network, &key(name), who).ok_or_else(Reply::not_found)
}

fn set(
    network: &Arc<Network>,
    name: &str,
    chosen: &[Member],
    change: Change,
    message: &'static str,
) -> &'static str {
    let ids: Vec<u64> = chosen.iter().map(|member| member.member_id).collect();
    room::change(network, &key(name), &ids, change);
    message
}

fn key(name: &str) -> Key {
    Key::new(Kind::Conference, name)
}

fn names(network: &Network) -> Vec<String> {
    let state = network.state();
    let keys = state.rooms.keys().filter(|key| key.kind == Kind::Conference);
    keys.map(|key| key.name.clone()).collect()
}
