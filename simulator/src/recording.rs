//! Recordings: how long they are and whom they are told to. Nobody's voice is kept; what is served is a tone of the right length.

use std::{sync::Arc, time::Instant};

use plivo::xml::FileFormat;
use uuid::Uuid;

use crate::{
    clock::At,
    ledger::RecordingEntry,
    network::Network,
    room::Kind,
    webhook::{Family, Hook},
};

/// What a recording is of.
pub(crate) struct Subject {
    pub(crate) call_uuid: Option<Uuid>,
    pub(crate) room: Option<RoomOf>,
    pub(crate) kind: &'static str,
    pub(crate) format: &'static str,
    /// Who is told that it has ended.
    pub(crate) callback: Option<Hook>,
    /// Who is told what was said.
    pub(crate) transcription: Option<Hook>,
}

/// The room that a recording is of.
#[derive(Clone, Debug)]
pub(crate) struct RoomOf {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
}

/// Begins a recording and writes it into the ledger.
pub(crate) fn open(network: &Network, subject: Subject) -> (Uuid, String) {
    let recording_id = Uuid::new_v4();
    let base = network.config.public_base.trim_end_matches('/');
    let url = format!(
        "{base}/Account/{}/Recording/{recording_id}.{}",
        network.config.auth_id, subject.format
    );
    let mut state = network.state();
    let call = subject.call_uuid.and_then(|call_uuid| state.ledger.calls.find(call_uuid));
    let (from, to) = call.map(|call| (call.from.clone(), call.to.clone())).unzip();
    let entry = RecordingEntry {
        recording_id,
        call_uuid: subject.call_uuid,
        conference_name: subject.room.as_ref().map(|room| room.name.clone()),
        room: subject.room,
        from,
        to,
        url: url.clone(),
        format: subject.format,
        kind: subject.kind,
        duration_ms: 0,
        started_at: At::now(),
        ended_at: None,
        said: Vec::new(),
        callback: subject.callback,
        transcription: subject.transcription,
    };
    state.ledger.recordings.add(recording_id, entry);
    (recording_id, url)
}

/// Ends a recording; how long it is, is how long it took in a person's time. True if it was still running.
pub(crate) fn close(network: &Arc<Network>, recording_id: Uuid) -> bool {
    let speed = network.speed();
    let entry = {
        let mut guard = network.state();
        let state = &mut *guard;
        let Some(entry) =
            state.ledger.recordings.find_mut(recording_id).filter(|entry| entry.ended_at.is_none())
        else {
            return false;
        };
        let now = At::now();
        entry.ended_at = Some(now);
        if entry.duration_ms == 0 && entry.kind != "normal" {
            entry.duration_ms = (now.seconds_since(entry.started_at) * speed * 1_000.0) as u64;
        }
        if let Some(call) = entry.call_uuid.and_then(|uuid| state.ledger.calls.find(uuid))
            && entry.said.is_empty()
            && entry.kind != "normal"
        {
            entry.said = call.speech.clone();
        }
        entry.clone()
    };
    if let Some(callback) = entry.callback.clone() {
        network.notify(callback, stop_params(&entry), Family::Voice);
    }
    if let Some(transcription) = entry.transcription.clone() {
        network.notify(transcription, transcription_params(&entry), Family::Voice);
    }
    true
}

/// What was said, as Plivo's transcription callback tells it.
fn transcription_params(entry: &RecordingEntry) -> Vec<(String, String)> {
    let mut params = vec![
        ("recording_id".to_owned(), entry.recording_id.to_string()),
        ("transcription".to_owned(), entry.said.join(" ")),
        ("transcription_charge".to_owned(), "0.0".to_owned()),
        ("duration".to_owned(), entry.duration_ms.div_ceil(1_000).to_string()),
        ("type".to_owned(), "auto".to_owned()),
    ];
    if let Some(call_uuid) = entry.call_uuid {
        params.push(("call_uuid".to_owned(), call_uuid.to_string()));
        params.push(("CallUUID".to_owned(), call_uuid.to_string()));
    }
    params
}

pub(crate) fn format_name(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Mp3 => "mp3",
        FileFormat::Wav => "wav",
    }
}

/// A quiet tone as long as the recording, so that a player shows that it plays: one byte a sample, 8,000 samples a second, at most a minute.
pub(crate) fn tone_wav(duration_ms: u64) -> Vec<u8> {
    const SAMPLES_PER_S: u32 = 8_000;
    let samples = u32::try_from(duration_ms.min(60_000) * 8).unwrap_or(0);
    let mut wav = Vec::with_capacity(44 + samples as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + samples).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&SAMPLES_PER_S.to_le_bytes());
    wav.extend_from_slice(&SAMPLES_PER_S.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&8u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&samples.to_le_bytes());
    // Half a second of tone, half a second of silence; 20 samples a wave make it 400 Hz.
    wav.extend((0..samples).map(|sample| {
        let angle = f64::from(sample % 20) * std::f64::consts::TAU / 20.0;
        let is_tone = sample % SAMPLES_PER_S < SAMPLES_PER_S / 2;
        if is_tone { (128.0 + 24.0 * angle.sin()).round() as u8 } else { 128 }
    }));
    wav
}

/// Starts a recording by REST; it ends with the call, when stopped, or after `time_limit_s`.
pub(crate) fn start(
    network: &Arc<Network>,
    subject: Subject,
    time_limit_s: Option<f64>,
) -> (Uuid, String) {
    let call_uuid = subject.call_uuid;
    let (recording_id, url) = open(network, subject);
    if let Some(call_uuid) = call_uuid
        && let Some(live) = network.state().live.get_mut(&call_uuid)
    {
        live.recordings.push(recording_id);
    }
    if let Some(limit_s) = time_limit_s {
        let limit = Instant::now() + network.pace_s(limit_s);
        let ended = Arc::clone(network);
        network.spawn(async move {
            tokio::time::sleep_until(limit.into()).await;
            close(&ended, recording_id);
        });
    }
    (recording_id, url)
}

fn stop_params(entry: &RecordingEntry) -> Vec<(String, String)> {
    let start_ms = entry.started_at.epoch_ms();
    let end_ms = start_ms + i64::try_from(entry.duration_ms).unwrap_or(0);
    let mut fields = vec![
        ("RecordUrl", entry.url.clone()),
        ("RecordingID", entry.recording_id.to_string()),
        ("RecordingDuration", entry.duration_ms.div_ceil(1_000).to_string()),
        ("RecordingDurationMs", entry.duration_ms.to_string()),
        ("RecordingStartMs", start_ms.to_string()),
        ("RecordingEndMs", end_ms.to_string()),
    ];
    if let Some(call_uuid) = entry.call_uuid {
        fields.push(("CallUUID", call_uuid.to_string()));
    }
    match &entry.room {
        None => fields.push(("Event", "RecordStop".to_owned())),
        Some(RoomOf { kind: Kind::Conference, name, uuid }) => fields.extend([
            ("Event", "RecordStop".to_owned()),
            ("ConferenceAction", "record".to_owned()),
            ("ConferenceName", name.clone()),
            ("ConferenceUUID", uuid.to_string()),
        ]),
        Some(RoomOf { kind: Kind::MultiParty, name, uuid }) => fields.extend([
            ("EventName", "MPCRecordingCompleted".to_owned()),
            ("MPCName", name.clone()),
            ("MPCUUID", uuid.to_string()),
        ]),
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
