//! `Record`: one party after the tone, or the whole call beside the document.

use std::time::Instant;

use plivo::xml::Record;

use crate::{
    clock::At,
    limits::CHARACTER_SPOKEN,
    line::{Interruption, Line, Woken},
    phone::{Awaiting, AwaitingKind, Who},
    player::Next,
    recording::{Subject, close, format_name, open},
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

impl Line {
    pub(crate) async fn record(&mut self, element: &Record) -> Result<Next, Interruption> {
        let format = format_name(element.file_format);
        if element.record_session || element.start_on_dial_answer {
            return self.record_beside(element, format).await;
        }
        let subject = Subject {
            call_uuid: Some(self.call_uuid),
            room: None,
            kind: "normal",
            format,
            callback: None,
            transcription: transcription_of(element),
        };
        let (recording_id, url) = open(&self.network, subject);
        self.caption(Who::Note, "Recording.");
        self.show_awaiting(Some(Awaiting {
            kind: AwaitingKind::Recording,
            takes_speech: true,
            max_digits: 1,
            timeout_s: f64::from(element.timeout_s),
            finish_on_key: Some(element.finish_on_keys.clone()).filter(|keys| !keys.is_empty()),
        }));
        let begun = At::now();
        let mut said = Vec::new();
        let outcome = self.record_here(element, &mut said).await;
        self.show_awaiting(None);
        let (reason, digits, spoken_ms, interruption) = match outcome {
            Ok((reason, digits, spoken_ms)) => (reason, digits, spoken_ms, None),
            Err(interruption) => (Reason::HungUp, String::new(), None, Some(interruption)),
        };
        if let Some(entry) = self.network.state().ledger.recordings.find_mut(recording_id) {
            let speed = self.network.speed();
            let passed_ms = || (At::now().seconds_since(begun) * speed * 1_000.0) as u64;
            entry.duration_ms = spoken_ms.unwrap_or_else(passed_ms);
            entry.said = std::mem::take(&mut said);
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
        said: &mut Vec<String>,
    ) -> Result<(Reason, String, Option<u64>), Interruption> {
        let ends = |key: char| element.finish_on_keys.contains(key);
        if !self.is_person {
            let spoken = self.speech.pop_front().filter(|speech| !speech.is_empty());
            if let Some(speech) = &spoken {
                self.network.note_call(self.call_uuid, |call| call.add_speech(speech));
                self.caption(Who::Me, speech.clone());
                said.push(speech.clone());
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
                    // Nobody said anything, and a machine's silence is not worth keeping.
                    let nothing = (said.is_empty() && !self.is_person).then_some(0);
                    return Ok((Reason::Timeout, String::new(), nothing));
                }
                Woken::Speech(speech) => {
                    self.network.note_call(self.call_uuid, |call| call.add_speech(&speech));
                    said.push(speech.clone());
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
            room: None,
            kind: "call",
            format,
            callback: element
                .callback_url
                .clone()
                .map(|url| Hook { url, method: element.callback_method }),
            transcription: transcription_of(element),
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

/// Who is told what was said in it.
fn transcription_of(element: &Record) -> Option<Hook> {
    element.transcription_type.as_ref()?;
    let url = element.transcription_url.clone()?;
    Some(Hook { url, method: element.transcription_method })
}
