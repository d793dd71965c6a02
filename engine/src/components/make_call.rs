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
//! config {"to": "+14155550111", "machine_detection": "detect"}
//! > api_request {}
//! < make_call to "+14155550111"
//! > answered machine
//! -> voicemail
//! ? It.voicemail_detected = true
//! < hang_up
//! ```
//!
//! A machine can be left a message; the line goes on without that call.
//!
//! ```flow
//! config {"to": "+14155550111", "machine_detection": "detect", "voicemail_message": {"speak": "Please call us back."}}
//! next {"voicemail": "Text"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "Please call us back."}}}
//! > api_request {}
//! < make_call to "+14155550111"
//! > answered machine
//! -> voicemail
//! < quiet 30s
//! < speak "Please call us back."
//! < hang_up
//! < send_sms to "+14155550111" text "Please call us back."
//! ```
//!
//! Or it is hung up on, and the next number is rung.
//!
//! ```flow
//! config {"to": "+14155550111, +14155550112", "machine_detection": "hang_up"}
//! > api_request {}
//! < make_call to "+14155550111"
//! > machine
//! < make_call to "+14155550112" (leg 2)
//! > machine (leg 2)
//! -> voicemail
//! ? It.hangup_cause = machine
//! = completed
//! ```
//!
//! A caller who is on the line meanwhile hears the hold audio, and is spoken to again if nobody answers.
//!
//! ```flow
//! config {"to": "+14155550111, +14155550112", "hold_audio": "https://example.com/hold.mp3"}
//! next {"no_answer": "Sorry"}
//! nodes {"Sorry": {"kind": "speak", "config": {"text": "Nobody is there."}}}
//! > incoming_call from +14155550100
//! < hold "https://example.com/hold.mp3"
//! < make_call to "+14155550111" (leg 2)
//! > no_answer (leg 2)
//! < make_call to "+14155550112" (leg 3)
//! > no_answer (leg 3)
//! -> no_answer
//! < speak "Nobody is there."
//! < hang_up
//! < redirect
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

use super::{
    dialling::{
        self, FROM, HOLD_AUDIO, RECORD, RING_TIMEOUT, SIP_HEADERS, TIME_LIMIT, ring_timeout_s,
        time_limit_s,
    },
    prompt::{self, Prompt},
    receivers::Receivers,
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{MachineDetection, PlaceCall},
    event::Event,
    run::{Ctx, EndCause, LegId},
    template::Template,
    value::Value,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of `make_call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MakeCall {
    to: Receivers,
    from: Option<Template>,
    #[serde(default = "ring_timeout_s")]
    ring_timeout_s: u32,
    #[serde(default)]
    machine_detection: MachineDetection,
    voicemail_message: Option<Prompt>,
    hold_audio: Option<Template>,
    #[serde(default)]
    record: bool,
    #[serde(default = "time_limit_s")]
    time_limit_s: u32,
    caller_name: Option<Template>,
    send_digits: Option<Template>,
    #[serde(default)]
    sip_headers: BTreeMap<String, Template>,
}

/// Those still to be rung, the next one last.
const LEFT_TO_RING: &str = "left_to_ring";

const ANSWERED: &str = "answered";
const VOICEMAIL: &str = "voicemail";

impl Component for MakeCall {
    const SPEC: Spec = Spec {
        kind: "make_call",
        label: "Make call",
        summary: "Rings somebody and goes on with whoever answers.",
        group: Group::Call,
        aliases: &[
            "initiate_call",
            "dial",
            "outbound_call",
            "make_outgoing_call",
            "call_user",
            "click_to_call",
        ],
        help: "Several numbers are rung one after the other until somebody answers. A caller who is on the line meanwhile hears the hold audio; \
               a Conference node brings the two together. Answered means that somebody picked up, not that they listen: ask for a key if it matters.",
        example: r#"{ "to": "+14155550111" }"#,
        fields: &[
            Field::required(
                "to",
                "To",
                "Whom to ring: a number or SIP address, or several with commas.",
                Control::Receivers,
            ),
            FROM,
            RING_TIMEOUT,
            Field::optional(
                "machine_detection",
                "Answering machines",
                "What happens when a machine picks up; listening for one takes a few seconds.",
                Control::Choice(&[
                    ("off", "Take them for people"),
                    ("detect", "Notice them: leave by Voicemail"),
                    ("hang_up", "Notice them and hang up"),
                ]),
            ),
            Field::optional(
                "voicemail_message",
                "Message for machines",
                "What a machine records before the call ends; the run goes on by Voicemail without that call.",
                Control::Prompt,
            ),
            HOLD_AUDIO,
            RECORD,
            TIME_LIMIT,
            Field::optional(
                "caller_name",
                "Name shown",
                "The name they see, up to 50 letters, where networks pass it on.",
                Control::Template,
            ),
            Field::optional(
                "send_digits",
                "Extension",
                "Keys that are pressed once somebody answers; w waits half a second.",
                Control::Template,
            ),
            SIP_HEADERS,
        ],
        states: &[
            State::new(ANSWERED, "Answered", "somebody picked up"),
            State::new("no_answer", "No answer", "nobody picked up in time"),
            State::new("busy", "Busy", "the line was busy or the call was rejected"),
            State::new("failed", "Failed", "the call could not be placed"),
            State::new(VOICEMAIL, "Voicemail", "an answering machine picked up"),
        ],
        variables: &[
            Variable::new("to", "the number that was rung last"),
            Variable::new("from", "the number that was shown; empty for the server's own"),
            Variable::new("call_uuid", "Plivo's id of the call"),
            Variable::new("uuid", "the same, by PHLO's name"),
            Variable::new("direction", "`outbound`, as in PHLO"),
            Variable::new("start_time", "when it began to ring"),
            Variable::new("answered_at", "when somebody picked up"),
            Variable::new("answer_time", "the same, by PHLO's name"),
            Variable::new("voicemail_detected", "whether a machine picked up: `true` or `false`"),
            Variable::new("hangup_cause", "why the last call was not answered"),
            Variable::new("error", "why a call could not be placed"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_url", "the address of the recording, once it is stored"),
        ],
        gives_call_by: &[ANSWERED, VOICEMAIL],
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.voicemail_message.is_some() && self.machine_detection != MachineDetection::Detect {
            let message = "No machine is noticed, so none is left a message.";
            let remedy = "Choose to notice machines, or leave the message out.";
            problems.warning("message_without_detection", "voicemail_message", message, remedy);
        }
        dialling::check_sip_headers(&self.sip_headers, problems);
    }

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
                self.answered(ctx, call_uuid, *machine == Some(true))
            }
            Event::CallEnded { cause, .. } => {
                let (state, cause) = match cause {
                    EndCause::Busy => ("busy", "busy"),
                    EndCause::NoAnswer | EndCause::Cancelled => ("no_answer", "no answer"),
                    EndCause::Machine => {
                        ctx.set("voicemail_detected", true);
                        (VOICEMAIL, "machine")
                    }
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
        let from = ctx.render_some(self.from.as_ref());
        ctx.set("to", to.clone());
        ctx.set("from", from.as_deref().unwrap_or_default());
        ctx.set("direction", "outbound");
        ctx.set("start_time", ctx.at().to_rfc3339());
        let hold_audio = ctx.render_some(self.hold_audio.as_ref());
        ctx.park(hold_audio);
        let call = PlaceCall {
            leg: LegId::FIRST,
            from,
            to: to.to_string(),
            ring_timeout_s: self.ring_timeout_s,
            machine_detection: self.machine_detection,
            recording: self.record.then(|| ctx.new_recording(false, false)),
            time_limit_s: dialling::asked_time_limit_s(self.time_limit_s),
            caller_name: ctx
                .render_some(self.caller_name.as_ref())
                .map(|name| name.chars().take(CALLER_NAME_CHARACTERS_MAX).collect()),
            send_digits: dialling::keys_to_send(ctx, self.send_digits.as_ref()),
            sip_headers: dialling::sip_headers(ctx, &self.sip_headers),
        };
        ctx.place_call(call);
        Step::Wait
    }

    fn answered(&self, ctx: &mut Ctx<'_>, call_uuid: &str, is_machine: bool) -> Step {
        for name in ["call_uuid", "uuid"] {
            ctx.set(name, call_uuid);
        }
        for name in ["answered_at", "answer_time"] {
            ctx.set(name, ctx.at().to_rfc3339());
        }
        ctx.set("voicemail_detected", is_machine);
        if !is_machine {
            return leave(ANSWERED);
        }
        let message = prompt::for_machine(ctx, self.voicemail_message.as_ref());
        if !message.is_empty() || self.machine_detection == MachineDetection::HangUp {
            for words in message {
                ctx.queue(words);
            }
            ctx.let_go();
        }
        leave(VOICEMAIL)
    }
}

/// The longest name that Plivo passes on.
const CALLER_NAME_CHARACTERS_MAX: usize = 50;
