//! Begins or ends the recording of the call, while everything else goes on.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < start_recording
//! > done {"recording_id": "r-1", "recording_url": "https://media.example.com/r-1.mp3"}
//! -> done
//! ? It.recording_id = r-1
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! How long it became is told when it has ended, wherever the run is by then.
//!
//! ```flow
//! next {"done": "Wait"}
//! nodes {"Wait": {"kind": "wait", "config": {"for_s": 60}}}
//! > incoming_call from +14155550100
//! < start_recording
//! > done {"recording_id": "r-1", "recording_url": "https://media.example.com/r-1.mp3"}
//! < hold
//! > hung_up
//! > recording_stored "r-1" "https://media.example.com/r-1.mp3" 30s
//! ? It.recording_duration_s = 30
//! ```
//!
//! ```flow
//! config {"action": "stop"}
//! > incoming_call from +14155550100
//! < stop_recording
//! > not_done "nothing is being recorded"
//! -> failed
//! ? It.error = nothing is being recorded
//! < hang_up
//! ```
//!
//! Without a call there is nothing to record.
//!
//! ```flow
//! > api_request {}
//! -> failed
//! = completed
//! ```

use super::record_audio::{FORMAT, Format, TRANSCRIBE};
use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{effect::Effect, event::Event, limits, run::Ctx};
use serde::Deserialize;

/// The configuration of `record_call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordCall {
    #[serde(default)]
    action: Action,
    #[serde(default)]
    format: Format,
    #[serde(default = "time_limit_s")]
    time_limit_s: u32,
    #[serde(default)]
    transcribe: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    #[default]
    Start,
    Stop,
}

fn time_limit_s() -> u32 {
    3_600
}

impl Component for RecordCall {
    const SPEC: Spec = Spec {
        kind: "record_call",
        label: "Record call",
        summary: "Begins or ends the recording of the call, while everything else goes on.",
        group: Group::Call,
        aliases: &["call_recording", "start_recording", "stop_recording", "record_session"],
        help: "Both sides are recorded until the call ends, until another Record call node stops it, or until the longest time has passed. \
               In many countries people must be told first. To let a caller leave a message, use Record audio.",
        example: r#"{ "action": "start" }"#,
        fields: &[
            Field::optional(
                "action",
                "What to do",
                "Whether a recording begins or ends here.",
                Control::Choice(&[("start", "Begin to record"), ("stop", "Stop recording")]),
            ),
            FORMAT,
            Field::optional(
                "time_limit_s",
                "Longest recording",
                "The recording ends by itself after that time.",
                Control::Number { min: 1, max: 86_400, default: 3_600, unit: "seconds" },
            ),
            TRANSCRIBE,
        ],
        states: &[
            State::new("done", "Done", "the recording has begun or ended"),
            State::new("failed", "Failed", "there is no call, or the phone company refused"),
        ],
        variables: &[
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new(
                "recording_url",
                "the address of the recording, which works once it has ended",
            ),
            Variable::new("recording_duration_s", "how long it is, in seconds, once it has ended"),
            Variable::new("transcription", "what was said, once it is written down"),
            Variable::new("error", "why it failed"),
        ],
        joins_prompts: true,
        ..Spec::BASE
    };

    fn summary(&self) -> String {
        match self.action {
            Action::Start => "Begins to record".to_owned(),
            Action::Stop => "Stops recording".to_owned(),
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(leg) = ctx.leg() else {
            ctx.warn("There is no call to record here.");
            ctx.set("error", "there is no call");
            return leave("failed");
        };
        let effect = match self.action {
            Action::Start => Effect::StartRecording {
                leg,
                how: ctx.new_recording(self.format == Format::Wav, self.transcribe),
                time_limit_s: self.time_limit_s,
            },
            Action::Stop => Effect::StopRecording { leg },
        };
        ctx.ask_within(effect, limits::RECORDING_START_S_MAX);
        Step::Wait
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        let error = match event {
            Event::EffectDone { values, .. } => {
                for name in ["recording_id", "recording_url"] {
                    if let Some(value) = values.get(name) {
                        ctx.set(name, value.clone());
                    }
                }
                return leave("done");
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => reason,
            Event::Woke => "the phone company did not answer",
            _ => return Step::Wait,
        };
        ctx.set("error", error);
        leave("failed")
    }
}
