//! Records what the caller says: a voicemail, a name, a report.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Please leave a message after the beep."
//! < record max 60s
//! > recorded "https://media.example.com/1.mp3" 12s
//! -> recorded
//! ? It.recording_url = https://media.example.com/1.mp3
//! ? It.recording_duration_s = 12
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Who says nothing leaves no recording.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Please leave a message after the beep."
//! < record max 60s
//! > no_input
//! -> no_input
//! < hang_up
//! ```
//!
//! Most people end a message by hanging up. It is a recording all the same, as soon as the carrier tells of it.
//!
//! ```flow
//! next {"recorded": "Text"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "{{ It.record_url }}"}}}
//! > incoming_call from +14155550100
//! < speak "Please leave a message after the beep."
//! < record max 60s
//! > hung_up
//! = waiting
//! > recording_stored "recording-1" "https://media.example.com/1.mp3" 9s
//! -> recorded
//! < send_sms to "+14155550111" text "https://media.example.com/1.mp3"
//! ```
//!
//! The carrier may tell of the recording before it tells of the hang-up.
//!
//! ```flow
//! next {"recorded": "Text"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "{{ It.record_url }}"}}}
//! > incoming_call from +14155550100
//! < speak "Please leave a message after the beep."
//! < record max 60s
//! > recording_stored "recording-1" "https://media.example.com/1.mp3" 9s
//! = waiting
//! > hung_up
//! -> recorded
//! < send_sms to "+14155550111" text "https://media.example.com/1.mp3"
//! ```
//!
//! With `wait_for_transcription_s` the run waits for what was said, written down.
//!
//! ```flow
//! config {"transcribe": true, "wait_for_transcription_s": 60}
//! > incoming_call from +14155550100
//! < record max 60s
//! > recorded "https://media.example.com/1.mp3" 12s
//! > transcribed "Please call me back."
//! -> recorded
//! ? It.transcription = Please call me back.
//! < hang_up
//! ```

use super::{
    dialling::yes,
    get_digits::finish_on_key,
    prompt::{self, Prompt},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::{Event, RecordingNews},
    limits,
    run::{Ctx, Record, Then},
    value::Value,
};
use serde::Deserialize;

/// The configuration of `record_audio`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordAudio {
    prompt: Option<Prompt>,
    #[serde(default = "max_length_s")]
    max_length_s: u32,
    #[serde(default = "silence_timeout_s")]
    silence_timeout_s: u32,
    #[serde(default = "finish_on_key")]
    finish_on_key: String,
    #[serde(default = "yes")]
    beep: bool,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    transcribe: bool,
    #[serde(default)]
    wait_for_transcription_s: u32,
}

/// The form of a recording's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    #[default]
    Mp3,
    Wav,
}

/// The form of a recording's file.
pub(super) const FORMAT: Field = Field::optional(
    "format",
    "File",
    "MP3 is small, WAV is exact.",
    Control::Choice(&[("mp3", "MP3"), ("wav", "WAV")]),
);

/// Whether what was said is written down.
pub(super) const TRANSCRIBE: Field = Field::optional(
    "transcribe",
    "Write down",
    "Whether the phone company writes down what was said; it costs extra.",
    Control::Toggle { default: false },
);

fn max_length_s() -> u32 {
    60
}

fn silence_timeout_s() -> u32 {
    15
}

/// A shorter recording has nothing in it, in milliseconds.
const LENGTH_MS_MIN: i64 = 1_000;

const IS_RECORDED: &str = "is_recorded";
const IS_HUNG_UP: &str = "is_hung_up";
/// How long the recording is that was stored before it was told why it ended, in milliseconds.
const STORED_MS: &str = "stored_ms";
/// Whether what was said is written down, while the recording itself is not told of yet.
const IS_WRITTEN: &str = "is_written";

impl Component for RecordAudio {
    const SPEC: Spec = Spec {
        kind: "record_audio",
        label: "Record audio",
        summary: "Records what the caller says.",
        group: Group::Listen,
        aliases: &["record", "voicemail", "record_voicemail", "leave_message", "record_message"],
        help: "Say that a message can be left, and how to end it. Hanging up ends it too: the run then goes on by Recorded, without the call. \
               The address of the recording can go into an e-mail or a text.",
        example: r#"{ "prompt": { "speak": "Please leave a message after the beep." } }"#,
        fields: &[
            Field::optional(
                "prompt",
                "Say first",
                "What callers hear before the beep.",
                Control::Prompt,
            ),
            Field::optional(
                "max_length_s",
                "Longest message",
                "The recording ends by itself after that time.",
                Control::Number { min: 1, max: 3_600, default: 60, unit: "seconds" },
            ),
            Field::optional(
                "silence_timeout_s",
                "Silence that ends it",
                "How long nothing is said before the recording ends.",
                Control::Number { min: 1, max: 60, default: 15, unit: "seconds" },
            ),
            Field::optional(
                "finish_on_key",
                "Key that finishes",
                "This key ends the recording; empty for any key. Without it in the file, it is #.",
                Control::Key,
            ),
            Field::optional(
                "beep",
                "Beep",
                "Whether a beep says that the recording begins.",
                Control::Toggle { default: true },
            ),
            FORMAT,
            TRANSCRIBE,
            Field::optional(
                "wait_for_transcription_s",
                "Wait for the writing",
                "How long to wait until it is written down; 0 goes on at once, and the text comes later.",
                Control::Number { min: 0, max: 120, default: 0, unit: "seconds" },
            ),
        ],
        states: &[
            State::new(
                "recorded",
                "Recorded",
                "a message was left, also by somebody who hung up after it",
            ),
            State::new("no_input", "No input", "nothing was said"),
        ],
        variables: &[
            Variable::new("recording_url", "the address of the recording"),
            Variable::new("record_url", "the same, by PHLO's name"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_duration_s", "how long it is, in seconds"),
            Variable::new("digits", "the keys that ended it"),
            Variable::new("transcription", "what was said, once it is written down"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.wait_for_transcription_s > 0 && !self.transcribe {
            let message = "Nothing is written down, so there is nothing to wait for.";
            let remedy = "Switch on Write down, or do not wait.";
            problems.warning("waits_for_nothing", "wait_for_transcription_s", message, remedy);
        }
    }

    fn summary(&self) -> String {
        self.prompt
            .as_ref()
            .map_or_else(|| format!("Up to {} seconds", self.max_length_s), Prompt::summary)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let recording = ctx.new_recording(self.format == Format::Wav, self.transcribe);
        let then = Then::Record(Box::new(Record {
            recording,
            max_length_s: self.max_length_s,
            silence_timeout_s: self.silence_timeout_s,
            finish_on_key: self.finish_on_key.chars().next(),
            beeps: self.beep,
        }));
        prompt::ask(ctx, self.prompt.as_ref(), then)
    }

    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step> {
        match ctx.remembered(STORED_MS) {
            Some(Value::Int(length_ms)) if *length_ms < LENGTH_MS_MIN => return None,
            Some(_) => return Some(self.kept(ctx)),
            None => {}
        }
        if ctx.remembered(IS_RECORDED).is_none() {
            ctx.remember(IS_HUNG_UP, true);
            ctx.wake_at(ctx.at().plus_s(limits::RECORDING_GRACE_S));
        }
        Some(Step::Wait)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        let is_recorded = ctx.remembered(IS_RECORDED).is_some();
        let is_hung_up = ctx.remembered(IS_HUNG_UP).is_some();
        match event {
            Event::Recorded { recording, .. } => {
                ctx.set("digits", recording.digits.as_str());
                self.keep(ctx, recording)
            }
            Event::RecordingStored { recording, .. } if is_hung_up && !is_recorded => {
                if length_ms(recording) < LENGTH_MS_MIN {
                    return Step::WithoutCall;
                }
                self.keep(ctx, recording)
            }
            // Why it ended is told next: by a key or silence, or by the end of the call.
            Event::RecordingStored { recording, .. } if !is_recorded => {
                ctx.remember(STORED_MS, length_ms(recording));
                Step::Wait
            }
            Event::NoInput { .. } => leave("no_input"),
            Event::Transcribed { .. } | Event::Woke if is_recorded => leave("recorded"),
            // The carrier tells of both at once, in any order.
            Event::Transcribed { .. } => {
                ctx.remember(IS_WRITTEN, true);
                Step::Wait
            }
            Event::Woke if is_hung_up => Step::WithoutCall,
            _ => Step::Wait,
        }
    }
}

impl RecordAudio {
    fn keep(&self, ctx: &mut Ctx<'_>, recording: &RecordingNews) -> Step {
        ctx.keep_recording(recording);
        self.kept(ctx)
    }

    /// Goes on with a recording that is kept, now or once it is written down.
    fn kept(&self, ctx: &mut Ctx<'_>) -> Step {
        let url = ctx.own("recording_url").cloned().unwrap_or_default();
        ctx.set("record_url", url);
        let is_written = ctx.remembered(IS_WRITTEN).is_some();
        if !self.transcribe || self.wait_for_transcription_s == 0 || is_written {
            return leave("recorded");
        }
        ctx.remember(IS_RECORDED, true);
        ctx.wake_at(ctx.at().plus_s(u64::from(self.wait_for_transcription_s)));
        Step::Wait
    }
}

/// How long a recording is, in milliseconds; one of unknown length has something in it.
fn length_ms(recording: &RecordingNews) -> i64 {
    recording.duration_ms.map_or(LENGTH_MS_MIN, |length| i64::try_from(length).unwrap_or(i64::MAX))
}
