//! Rings others for the caller and connects whoever answers.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 30s
//! > dial_ended completed "+14155550111"
//! -> completed
//! ? It.answered_by = +14155550111
//! ? It.duration_s = 60
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Several are rung one after the other until somebody answers.
//!
//! ```flow
//! config {"to": "+14155550111, +14155550112", "ring_timeout_s": 20}
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 20s
//! > dial_ended busy
//! < dial "+14155550112" for 20s
//! > dial_ended no_answer
//! -> no_answer
//! < hang_up
//! ```
//!
//! Or all at once; the first to answer is connected.
//!
//! ```flow
//! config {"to": ["+14155550111", "sip:bo@example.com"], "order": "parallel"}
//! > incoming_call from +14155550100
//! < dial "+14155550111, sip:bo@example.com" for 30s
//! > dial_ended busy
//! -> busy
//! < hang_up
//! ```
//!
//! Whoever answers can be told first who calls, and asked for a key before being connected.
//!
//! ```flow
//! config {"to": "+14155550111", "extension": "w12", "screening": {"speak": "A customer calls. Press 1 to take the call."}, "confirm_key": "1"}
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 30s sends w12 screening key 1
//! > dial_ended failed
//! -> failed
//! < hang_up
//! ```
//!
//! A caller who hangs up has completed the call too, as in PHLO; `hung_up`, where it leads somewhere, comes first.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 30s
//! > hung_up
//! -> completed
//! = completed
//! ```

use super::{
    dialling::{
        self, FROM, RECORD, RING_TIMEOUT, SIP_HEADERS, TIME_LIMIT, ring_timeout_s, time_limit_s,
    },
    prompt::{self, Prompt},
    receivers::Receivers,
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::{DialOutcome, Event},
    name::StateName,
    run::{Ctx, Dial, Screening, Then},
    template::Template,
    value::Value,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of `call_forward`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallForward {
    to: Receivers,
    from: Option<Template>,
    #[serde(default)]
    order: Order,
    #[serde(default = "ring_timeout_s")]
    ring_timeout_s: u32,
    extension: Option<Template>,
    screening: Option<Prompt>,
    #[serde(default)]
    confirm_key: String,
    ring_audio: Option<Template>,
    #[serde(default = "time_limit_s")]
    time_limit_s: u32,
    #[serde(default)]
    record: bool,
    #[serde(default)]
    sip_headers: BTreeMap<String, Template>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Sequence,
    Parallel,
}

/// Those still to be rung, the next one last.
const LEFT_TO_RING: &str = "left_to_ring";

const COMPLETED: &str = "completed";

/// More than these at once are not a team but a mistake, and Plivo rings no more.
const AT_ONCE_MAX: usize = 20;

impl Component for CallForward {
    const SPEC: Spec = Spec {
        kind: "call_forward",
        label: "Forward call",
        summary: "Rings others for the caller and connects whoever answers.",
        group: Group::Call,
        aliases: &["forward", "forward_call", "call_forwarding", "connect_call", "dial_out"],
        help: "The caller hears it ring until somebody answers; the two talk until one of them hangs up, and the run goes on by Completed. \
               Ask for a key if a mailbox must not take the call. To speak to the other side first, use Transfer call or Make call.",
        example: r#"{ "to": "+14155550111" }"#,
        fields: &[
            Field::required(
                "to",
                "To",
                "Whom to ring: a number or SIP address, or several with commas.",
                Control::Receivers,
            ),
            FROM,
            Field::optional(
                "order",
                "Several are rung",
                "Whether they ring one after the other or all at once.",
                Control::Choice(&[
                    ("sequence", "One after the other"),
                    ("parallel", "All at once"),
                ]),
            ),
            RING_TIMEOUT,
            Field::optional(
                "extension",
                "Extension",
                "Keys that are pressed for the caller once somebody answers; w waits half a second.",
                Control::Template,
            ),
            Field::optional(
                "screening",
                "Say to who answers",
                "What whoever answers hears before being connected; the caller does not.",
                Control::Prompt,
            ),
            Field::optional(
                "confirm_key",
                "Key that takes the call",
                "Only who presses this key is connected; empty connects at once.",
                Control::Key,
            ),
            Field::optional(
                "ring_audio",
                "While it rings",
                "An audio file that the caller hears meanwhile; the ringing tone if left out.",
                Control::Url,
            ),
            TIME_LIMIT,
            RECORD,
            SIP_HEADERS,
        ],
        states: &[
            State::new(
                COMPLETED,
                "Completed",
                "they talked and one of them hung up, or the caller did not wait",
            ),
            State::new("no_answer", "No answer", "nobody picked up in time"),
            State::new("busy", "Busy", "the line was busy, or the call was not taken"),
            State::new("failed", "Failed", "nobody could be rung"),
        ],
        variables: &[
            Variable::new("answered_by", "who answered"),
            Variable::new("to", "whom it rang last"),
            Variable::new("call_uuid", "Plivo's id of the forwarded call"),
            Variable::new("uuid", "the same, by PHLO's name"),
            Variable::new("duration_s", "how long they talked, in seconds"),
            Variable::new("hangup_cause", "Plivo's word for why it ended"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_url", "the address of the recording, once it is stored"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if !self.confirm_key.is_empty() && self.screening.is_none() {
            let message = format!("Nobody is told that {} takes the call.", self.confirm_key);
            let remedy = "Say it to who answers, for example: A call for you. Press 1 to take it.";
            problems.warning("key_is_not_told", "screening", message, remedy);
        }
        dialling::check_sip_headers(&self.sip_headers, problems);
    }

    fn summary(&self) -> String {
        self.to.summary()
    }

    fn hung_up_state(&self) -> Option<StateName> {
        Some(COMPLETED.into())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let receivers = self.to.render(ctx);
        if receivers.is_empty() {
            ctx.warn("There is nobody to ring: To is empty once it is filled in.");
            return leave("failed");
        }
        let left: Vec<Value> = receivers.into_iter().rev().map(Value::from).collect();
        ctx.remember(LEFT_TO_RING, left);
        self.ring(ctx, "failed")
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        let Event::DialEnded { end, .. } = event else { return Step::Wait };
        dialling::keep_end(ctx, end);
        match end.outcome {
            DialOutcome::Completed => leave(COMPLETED),
            DialOutcome::Busy => self.ring(ctx, "busy"),
            DialOutcome::NoAnswer => self.ring(ctx, "no_answer"),
            DialOutcome::Failed => self.ring(ctx, "failed"),
        }
    }
}

impl CallForward {
    /// Rings the next ones; with none left, leaves by what became of the last.
    fn ring(&self, ctx: &mut Ctx<'_>, state: &str) -> Step {
        let mut left = ctx.collected(LEFT_TO_RING);
        let many = match self.order {
            Order::Sequence => 1,
            Order::Parallel => AT_ONCE_MAX,
        };
        let mut targets = left.split_off(left.len().saturating_sub(many));
        if targets.is_empty() {
            return leave(state);
        }
        targets.reverse();
        let targets: Vec<String> = targets.iter().map(Value::to_string).collect();
        ctx.remember(LEFT_TO_RING, left);
        ctx.set("to", targets.join(", "));
        let screening = prompt::render(ctx, self.screening.as_ref());
        let key = self.confirm_key.chars().next();
        let dial = Dial {
            targets,
            from: ctx.render_some(self.from.as_ref()),
            ring_timeout_s: self.ring_timeout_s,
            time_limit_s: dialling::asked_time_limit_s(self.time_limit_s),
            screening: (!screening.is_empty() || key.is_some())
                .then_some(Screening { prompts: screening, key }),
            send_digits: dialling::keys_to_send(ctx, self.extension.as_ref()),
            ring_audio: ctx.render_some(self.ring_audio.as_ref()),
            recording: self.record.then(|| ctx.new_recording(false, false)),
            sip_headers: dialling::sip_headers(ctx, &self.sip_headers),
        };
        ctx.instruct(Then::Dial(Box::new(dial)));
        Step::Wait
    }
}
