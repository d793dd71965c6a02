//! Recordings by REST, and the sound of them.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fields::Fields, page, reply::Reply};
use crate::{ledger::RecordingEntry, network::Network, recording::tone_wav};

pub(crate) fn list(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    let state = network.state();
    let call_uuid = |recording: &RecordingEntry| {
        recording.call_uuid.map(|uuid| uuid.to_string()).unwrap_or_default()
    };
    let is_wanted = |recording: &&RecordingEntry| {
        recording.ended_at.is_some()
            && fields.lets_through("add_time", &recording.started_at.message())
            && fields.matches("call_uuid", &call_uuid(recording))
            && fields.matches(
                "conference_name",
                recording.conference_name.as_deref().unwrap_or("noname"),
            )
    };
    let records: Vec<&RecordingEntry> =
        state.ledger.recordings.iter().rev().filter(is_wanted).collect();
    page::answer(network, "Recording", fields, &records, |recording| record_of(network, recording))
}

pub(crate) fn show(network: &Network, id: &str) -> Result<Reply, Reply> {
    let id = Uuid::parse_str(id).map_err(|_| Reply::not_found())?;
    let state = network.state();
    let recording = state
        .ledger
        .recordings
        .find(id)
        .filter(|recording| recording.ended_at.is_some())
        .ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(record_of(network, recording)))
}

pub(crate) fn delete(network: &Network, id: &str) -> Result<Reply, Reply> {
    let id = Uuid::parse_str(id).map_err(|_| Reply::not_found())?;
    let mut state = network.state();
    state.ledger.recordings.find(id).ok_or_else(Reply::not_found)?;
    state.ledger.recordings.retain(|recording| recording.recording_id != id);
    Ok(Reply::no_content())
}

/// The file behind a recording's address: a tone as long as the recording. `None` for anything but a file of ours.
pub(crate) fn sound(network: &Network, file: &str) -> Option<Response> {
    let id = file.strip_suffix(".mp3").or_else(|| file.strip_suffix(".wav"))?;
    let id = Uuid::parse_str(id).ok()?;
    let duration_ms = network.state().ledger.recordings.find(id)?.duration_ms;
    Some(([(header::CONTENT_TYPE, "audio/wav")], tone_wav(duration_ms)).into_response())
}

fn record_of(network: &Network, recording: &RecordingEntry) -> Value {
    let start_ms = recording.started_at.epoch_ms() as f64;
    let duration_ms = recording.duration_ms as f64;
    json!({
        "add_time": recording.started_at.record(),
        "call_uuid": recording.call_uuid,
        "conference_name": recording.conference_name.as_deref().unwrap_or("noname"),
        "from_number": recording.from.as_ref().map(|from| from.wire()),
        "recording_duration_ms": format!("{duration_ms:.5}"),
        "recording_end_ms": format!("{:.5}", start_ms + duration_ms),
        "recording_format": recording.format,
        "recording_id": recording.recording_id,
        "recording_start_ms": format!("{start_ms:.5}"),
        "recording_type": recording.kind,
        "recording_url": recording.url,
        "resource_uri": format!("/v1/Account/{}/Recording/{}/", network.config.auth_id, recording.recording_id),
        "rounded_recording_duration": recording.duration_ms.div_ceil(60_000) * 60,
        "to_number": recording.to.as_ref().map(|to| to.wire()),
    })
}
