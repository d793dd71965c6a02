//! Recordings: how long they are and whom they are told to. There is no sound; what is served is silence of the right length.

use std::{sync::Arc, time::Instant};

use plivo::xml::FileFormat;
use uuid::Uuid;

use crate::{
    clock::At,
    ledger::RecordingEntry,
    network::Network,
    webhook::{Family, Hook},
};

/// What a recording is of.
pub(crate) struct Subject {
    pub(crate) call_uuid: Option<Uuid>,
    pub(crate) conference_name: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) format: &'static str,
    /// Who is told that it has ended.
    pub(crate) callback: Option<Hook>,
    /// Who is told what was said.
    pub(crate) transcription: Option<Hook>,
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
        conference_name: subject.conference_name,
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
        network.notify(callback, stop_params(&entry, &entry.url), Family::Voice);
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

/// Silence as long as the recording: one byte a sample, 8,000 samples a second, at most a minute.
pub(crate) fn silence_wav(duration_ms: u64) -> Vec<u8> {
    let samples = u32::try_from(duration_ms.min(60_000) * 8).unwrap_or(0);
    let mut wav = Vec::with_capacity(44 + samples as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + samples).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&8_000u32.to_le_bytes());
    wav.extend_from_slice(&8_000u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&8u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&samples.to_le_bytes());
    wav.resize(44 + samples as usize, 128);
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

fn stop_params(entry: &RecordingEntry, url: &str) -> Vec<(String, String)> {
    let start_ms = entry.started_at.epoch_ms();
    let mut params = vec![
        ("Event".to_owned(), "RecordStop".to_owned()),
        ("RecordUrl".to_owned(), url.to_owned()),
        ("RecordingID".to_owned(), entry.recording_id.to_string()),
        ("RecordingDuration".to_owned(), entry.duration_ms.div_ceil(1_000).to_string()),
        ("RecordingDurationMs".to_owned(), entry.duration_ms.to_string()),
        ("RecordingStartMs".to_owned(), start_ms.to_string()),
        (
            "RecordingEndMs".to_owned(),
            (start_ms + i64::try_from(entry.duration_ms).unwrap_or(0)).to_string(),
        ),
    ];
    if let Some(call_uuid) = entry.call_uuid {
        params.push(("CallUUID".to_owned(), call_uuid.to_string()));
    }
    if let Some(name) = &entry.conference_name {
        params.push(("ConferenceName".to_owned(), name.clone()));
    }
    params
}
