//! Rings somebody; whoever answers is the party the line speaks to from then on.
//!
//! ```flow
//! > api_request {}
//! < make_call to "+14155550111"
//! > answered
//! -> answered
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Several numbers are rung one after the other until somebody answers.
//!
//! ```flow
//! config {"to": "+14155550111, +14155550112"}
//! > api_request {}
//! < make_call to "+14155550111"
//! > busy
//! < make_call to "+14155550112" (leg 2)
//! > no_answer (leg 2)
//! -> no_answer
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "+14155550111", "machine_detection": true}
//! > api_request {}
//! < make_call to "+14155550111"
//! > answered machine
//! -> voicemail
//! < hang_up
//! ```
//!
//! ```flow
//! > api_request {}
//! < make_call to "+14155550111"
//! > busy
//! -> busy
//! = completed
//! ```
//!
//! ```flow
//! > api_request {}
//! < make_call to "+14155550111"
//! > not_done "The number does not exist."
//! -> failed
//! = completed
//! ```

use super::receivers::Receivers;
use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{
    effect::{MachineDetection, PlaceCall},
    event::Event,
    run::{Ctx, EndCause, LegId},
    template::Template,
    value::Value,
};
use serde::Deserialize;

/// The configuration of `make_call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MakeCall {
    to: Receivers,
    from: Option<Template>,
    #[serde(default = "ring_timeout_s")]
    ring_timeout_s: u32,
    #[serde(default)]
    machine_detection: bool,
    #[serde(default)]
    record: bool,
}

fn ring_timeout_s() -> u32 {
    30
}

const LEFT_TO_RING: &str = "left_to_ring";

impl Component for MakeCall {
    const SPEC: Spec = Spec {
        kind: "make_call",
        label: "Make call",
        summary: "Rings somebody and goes on with whoever answers.",
        group: Group::Call,
        aliases: &["initiate_call", "dial"],
        help: "Several numbers are rung one after the other until somebody answers. A caller who is on the line meanwhile hears the hold audio. \
               Answered means that somebody picked up, not that they listen: ask for a key if it matters.",
        example: r#"{ "to": "+14155550111" }"#,
        fields: &[
            Field {
                key: "to",
                label: "To",
                help: "Whom to ring: a number or SIP address, or several with commas.",
                control: Control::Receivers,
                is_required: true,
            },
            Field {
                key: "from",
                label: "From",
                help: "The number they see; empty for the server's own.",
                control: Control::Receiver,
                is_required: false,
            },
            Field {
                key: "ring_timeout_s",
                label: "Ring for",
                help: "How long it rings before it counts as not answered.",
                control: Control::Number { min: 5, max: 120, default: 30, unit: "seconds" },
                is_required: false,
            },
            Field {
                key: "machine_detection",
                label: "Notice answering machines",
                help: "Listens for a machine first; takes a few seconds.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
            Field {
                key: "record",
                label: "Record",
                help: "Whether the call is recorded; tell people first.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
        ],
        states: &[
            State { name: "answered", label: "Answered", help: "somebody picked up" },
            State { name: "no_answer", label: "No answer", help: "nobody picked up in time" },
            State {
                name: "busy",
                label: "Busy",
                help: "the line was busy or the call was rejected",
            },
            State { name: "failed", label: "Failed", help: "the call could not be placed" },
            State { name: "voicemail", label: "Voicemail", help: "an answering machine picked up" },
        ],
        variables: &[
            Variable { name: "to", help: "the number that was rung last" },
            Variable { name: "call_uuid", help: "Plivo's id of the call" },
            Variable { name: "hangup_cause", help: "why the last call was not answered" },
            Variable { name: "error", help: "why a call could not be placed" },
        ],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &["answered", "voicemail"],
        waits: true,
    };

    fn summary(&self) -> String {
        self.to.summary()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let receivers = self.to.render(ctx);
        if receivers.is_empty() {
            ctx.warn("There is nobody to ring: To is empty once it is filled in.");
            ctx.set("error", "there is nobody to ring");
            return leave("failed");
        }
        let receivers: Vec<Value> = receivers.into_iter().rev().map(Value::from).collect();
        ctx.remember(LEFT_TO_RING, receivers);
        self.ring(ctx, "failed")
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::CallAnswered { call_uuid, machine, .. } => {
                ctx.set("call_uuid", call_uuid.as_str());
                leave(if *machine == Some(true) { "voicemail" } else { "answered" })
            }
            Event::CallEnded { cause, .. } => {
                let (state, cause) = match cause {
                    EndCause::Busy => ("busy", "busy"),
                    EndCause::NoAnswer | EndCause::Cancelled => ("no_answer", "no answer"),
                    EndCause::Machine => return leave("voicemail"),
                    EndCause::Completed | EndCause::Failed => ("failed", "failed"),
                    EndCause::Lost => ("failed", "the carrier no longer knows the call"),
                };
                ctx.set("hangup_cause", cause);
                self.ring(ctx, state)
            }
            Event::EffectFailed { reason, .. } => {
                ctx.set("error", reason.as_str());
                self.ring(ctx, "failed")
            }
            // The call may ring all the same: its own webhooks, or the look after the deadline, will tell.
            Event::EffectUnknown { reason, .. } => {
                ctx.warn(format!("It is not known whether the call was placed: {reason}."));
                Step::Wait
            }
            _ => Step::Wait,
        }
    }
}

impl MakeCall {
    /// Rings the next one; with none left, leaves by what became of the last.
    fn ring(&self, ctx: &mut Ctx<'_>, state: &str) -> Step {
        let mut left = ctx.collected(LEFT_TO_RING);
        let Some(to) = left.pop() else { return leave(state) };
        ctx.remember(LEFT_TO_RING, left);
        ctx.set("to", to.clone());
        let from = ctx.render_some(self.from.as_ref());
        let recording = self.record.then(|| ctx.new_recording(false, false));
        ctx.place_call(PlaceCall {
            leg: LegId::FIRST,
            from,
            to: to.to_string(),
            ring_timeout_s: self.ring_timeout_s,
            machine_detection: if self.machine_detection {
                MachineDetection::Detect
            } else {
                MachineDetection::Off
            },
            recording,
            time_limit_s: None,
            caller_name: None,
            send_digits: None,
            sip_headers: std::collections::BTreeMap::new(),
        });
        Step::Wait
    }
}
