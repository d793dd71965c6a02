//! Conferences by REST: who is in them, and what can be done to members.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{fields::Fields, reply::Reply};
use crate::{
    clock::At,
    conference::{self, Member},
    hangup::Hangup,
    line::Command,
    network::Network,
    phone::Who,
    recording::{self, Subject},
};

pub(crate) fn list(network: &Network) -> Reply {
    let names: Vec<String> = network.state().rooms.keys().cloned().collect();
    Reply::ok(json!({ "conferences": names }))
}

pub(crate) fn show(network: &Network, name: &str) -> Result<Reply, Reply> {
    let state = network.state();
    let room = state.rooms.get(name).ok_or_else(Reply::not_found)?;
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
    let names: Vec<String> = network.state().rooms.keys().cloned().collect();
    for name in names {
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
        "Mute" => set(network, name, &members, "muted", |member| member.is_muted = true),
        "Deaf" => set(network, name, &members, "deaf", |member| member.is_deaf = true),
        "Kick" => {
            for member in &members {
                network.tell(member.call_uuid, Command::LeaveRoom);
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
        "Mute" => set(network, name, &members, "", |member| member.is_muted = false),
        "Deaf" => set(network, name, &members, "", |member| member.is_deaf = false),
        "Play" | "Speak" => "",
        _ => return Err(Reply::not_found()),
    };
    Ok(Reply::no_content())
}

pub(crate) fn record(network: &Arc<Network>, name: &str, fields: &Fields) -> Result<Reply, Reply> {
    members(network, name, "all")?;
    let format = if fields.text("file_format").as_deref() == Some("wav") { "wav" } else { "mp3" };
    let subject = Subject {
        call_uuid: None,
        conference_name: Some(name.to_owned()),
        kind: "conference",
        format,
        callback: fields.hook("callback_url", "callback_method")?,
        transcription: fields.hook("transcription_url", "transcription_method")?,
    };
    let (recording_id, url) = recording::start(network, subject, fields.number("time_limit")?);
    if let Some(room) = network.state().rooms.get_mut(name) {
        room.recording_id = Some(recording_id);
    }
    let body = json!({ "message": "conference recording started", "recording_id": recording_id, "url": url });
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

pub(crate) fn stop_recording(network: &Arc<Network>, name: &str) -> Result<Reply, Reply> {
    let recording_id = {
        let mut state = network.state();
        let room = state.rooms.get_mut(name).ok_or_else(Reply::not_found)?;
        room.recording_id.take()
    };
    if let Some(recording_id) = recording_id {
        recording::close(network, recording_id);
    }
    Ok(Reply::no_content())
}

fn members(network: &Arc<Network>, name: &str, who: &str) -> Result<Vec<Member>, Reply> {
    conference::chosen(network, name, who).ok_or_else(Reply::not_found)
}

fn set(
    network: &Network,
    name: &str,
    chosen: &[Member],
    message: &'static str,
    change: impl Fn(&mut Member),
) -> &'static str {
    if let Some(room) = network.state().rooms.get_mut(name) {
        for member in &mut room.members {
            if chosen.iter().any(|chosen| chosen.member_id == member.member_id) {
                change(member);
            }
        }
    }
    message
}
