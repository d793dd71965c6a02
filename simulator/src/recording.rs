//! Recordings: how long they are and whom they are told to. There is no sound; what is served is silence of the right length.

use std::{sync::Arc, time::Instant};

use plivo::xml::{FileFormat, Record};
use uuid::Uuid;

use crate::{
    call::{Interruption, Line, Woken},
    clock::At,
    ledger::RecordingEntry,
    limits::CHARACTER_SPOKEN,
    network::Network,
    phone::{Awaiting, AwaitingKind, Who},
    player::Next,
    webhook::{Family, Hook},
};

/// Why a recording of one party ended, in Plivo's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Timeout,
    MaxLength,
    Key,
    HungUp,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Reason::Timeout => "RecordingTimeout",
            Reason::MaxLength => "maxLength",
            Reason::Key => "FinishedOnKey",
            Reason::HungUp => "HungUp",
        }
    }
}

/// What a recording is of.
pub(crate) struct Subject {
    pub(crate) call_uuid: Option<Uuid>,
    pub(crate) conference_name: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) format: &'static str,
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
    };
    state.ledger.recordings.add(recording_id, entry);
    (recording_id, url)
}

/// Ends a recording; how long it is, is how long it took in a person's time. True if it was still running.
pub(crate) fn close(network: &Network, recording_id: Uuid) -> bool {
    let speed = network.speed();
    let mut state = network.state();
    let Some(entry) =
        state.ledger.recordings.find_mut(recording_id).filter(|entry| entry.ended_at.is_none())
    else {
        return false;
    };
    let now = At::now();
    entry.ended_at = Some(now);
    if entry.duration_ms == 0 {
        entry.duration_ms = (now.seconds_since(entry.started_at) * speed * 1_000.0) as u64;
    }
    true
}

pub(crate) fn format_name(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Mp3 => "mp3",
        FileFormat::Wav => "wav",
    }
}

impl Line {
    pub(crate) async fn record(&mut self, element: &Record) -> Result<Next, Interruption> {
        let format = format_name(element.file_format);
        if element.record_session || element.start_on_dial_answer {
            return self.record_beside(element, format).await;
        }
        let subject = Subject {
            call_uuid: Some(self.call_uuid),
            conference_name: None,
            kind: "normal",
            format,
        };
        let (recording_id, url) = open(&self.network, subject);
        self.caption(Who::Note, "Recording.");
        self.show_awaiting(Some(Awaiting {
            kind: AwaitingKind::Recording,
            max_digits: 1,
            timeout_s: f64::from(element.timeout_s),
            finish_on_key: Some(element.finish_on_keys.clone()).filter(|keys| !keys.is_empty()),
        }));
        let begun = At::now();
        let outcome = self.record_here(element).await;
        self.show_awaiting(None);
        let (reason, digits, spoken_ms, interruption) = match outcome {
            Ok((reason, digits, spoken_ms)) => (reason, digits, spoken_ms, None),
            Err(interruption) => (Reason::HungUp, String::new(), None, Some(interruption)),
        };
        if let Some(spoken_ms) = spoken_ms
            && let Some(entry) = self.network.state().ledger.recordings.find_mut(recording_id)
        {
            entry.duration_ms = spoken_ms;
        }
        close(&self.network, recording_id);
        let duration_ms = self
            .network
            .state()
            .ledger
            .recordings
            .find(recording_id)
            .map_or(0, |entry| entry.duration_ms);
        let start_ms = begun.epoch_ms();
        let mut extra: Vec<(String, String)> = [
            ("RecordUrl", url.clone()),
            ("RecordFile", url),
            ("RecordingID", recording_id.to_string()),
            ("RecordingDuration", duration_ms.div_ceil(1_000).to_string()),
            ("RecordingDurationMs", duration_ms.to_string()),
            ("RecordingStartMs", start_ms.to_string()),
            ("RecordingEndMs", (start_ms + i64::try_from(duration_ms).unwrap_or(0)).to_string()),
            ("RecordingEndReason", reason.as_str().to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if let Some(url) = element.callback_url.clone() {
            let mut params = self.params("RecordStop");
            params.extend(extra.iter().cloned());
            self.network.notify(
                Hook { url, method: element.callback_method },
                params,
                Family::Voice,
            );
        }
        extra.push(("Digits".to_owned(), digits));
        let action = element.action.clone().map(|url| Hook { url, method: element.method });
        match interruption {
            None => self.follow_action(action, element.redirect, extra).await,
            Some(interruption) => {
                self.notify_action(action, extra);
                Err(interruption)
            }
        }
    }

    /// What the phone says until silence, a key or the longest length ends it.
    /// A script that speaks has spoken at once; the recording is as long as saying it would take.
    async fn record_here(
        &mut self,
        element: &Record,
    ) -> Result<(Reason, String, Option<u64>), Interruption> {
        let ends = |key: char| element.finish_on_keys.contains(key);
        if !self.is_person {
            let spoken = self.speech.pop_front().filter(|speech| !speech.is_empty());
            if let Some(speech) = &spoken {
                self.network.note_call(self.call_uuid, |call| call.add_speech(speech));
                self.caption(Who::Me, speech.clone());
                let spoken_ms = CHARACTER_SPOKEN.as_millis() as u64 * speech.chars().count() as u64;
                let longest_ms = u64::from(element.max_length_s) * 1_000;
                let reason =
                    if spoken_ms >= longest_ms { Reason::MaxLength } else { Reason::Timeout };
                return Ok((reason, String::new(), Some(spoken_ms.min(longest_ms).max(1))));
            }
        }
        let mut silent_at = Instant::now() + self.network.pace_s(f64::from(element.timeout_s));
        let longest = Instant::now() + self.network.pace_s(f64::from(element.max_length_s));
        loop {
            match self.next(Some(silent_at.min(longest))).await? {
                Woken::Elapsed if silent_at >= longest => {
                    return Ok((Reason::MaxLength, String::new(), None));
                }
                Woken::Elapsed | Woken::Silence => {
                    return Ok((Reason::Timeout, String::new(), None));
                }
                Woken::Speech(speech) => {
                    self.network.note_call(self.call_uuid, |call| call.add_speech(&speech));
                    self.caption(Who::Me, speech);
                    silent_at = Instant::now() + self.network.pace_s(f64::from(element.timeout_s));
                }
                Woken::Keys(keys) => {
                    if let Some(key) = keys.chars().find(|key| ends(*key)) {
                        self.caption(Who::Me, key);
                        return Ok((Reason::Key, key.to_string(), None));
                    }
                }
                _ => {}
            }
        }
    }

    /// A recording of the whole call, which ends with it: durations are not known yet and written as -1.
    async fn record_beside(
        &mut self,
        element: &Record,
        format: &'static str,
    ) -> Result<Next, Interruption> {
        let subject = Subject {
            call_uuid: Some(self.call_uuid),
            conference_name: None,
            kind: "call",
            format,
        };
        let (recording_id, url) = open(&self.network, subject);
        if let Some(live) = self.network.state().live.get_mut(&self.call_uuid) {
            live.recordings.push(recording_id);
        }
        self.caption(Who::Note, "The call is being recorded.");
        let unknown = "-1".to_owned();
        let extra = [
            ("RecordUrl", url),
            ("RecordingID", recording_id.to_string()),
            ("RecordingDuration", unknown.clone()),
            ("RecordingDurationMs", unknown.clone()),
            ("RecordingStartMs", unknown.clone()),
            ("RecordingEndMs", unknown),
        ];
        let extra = extra.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let action = element.action.clone().map(|url| Hook { url, method: element.method });
        self.follow_action(action, element.redirect, extra).await
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
    callback: Option<Hook>,
) -> (Uuid, String) {
    let call_uuid = subject.call_uuid;
    let (recording_id, url) = open(network, subject);
    if let Some(call_uuid) = call_uuid
        && let Some(live) = network.state().live.get_mut(&call_uuid)
    {
        live.recordings.push(recording_id);
    }
    if time_limit_s.is_some() || callback.is_some() {
        let (network, limit) = (
            Arc::clone(network),
            time_limit_s.map(|limit_s| Instant::now() + network.pace_s(limit_s)),
        );
        let url = url.clone();
        network.clone().spawn(async move {
            // There is no event for the end of a recording; looking ten times a second is enough for a callback nobody hurries for.
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                if limit.is_some_and(|limit| Instant::now() >= limit) {
                    close(&network, recording_id);
                }
                let entry = network.state().ledger.recordings.find(recording_id).cloned();
                match entry {
                    Some(entry) if entry.ended_at.is_none() => {}
                    Some(entry) => {
                        if let Some(callback) = callback {
                            network.notify(callback, stop_params(&entry, &url), Family::Voice);
                        }
                        return;
                    }
                    None => return,
                }
            }
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
