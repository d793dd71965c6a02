//! Hands the caller over to somebody else: at once, or after a word with them.
//!
//! Cold, the caller hears it ring and is connected to whoever answers.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 30s
//! > dial_ended completed "+14155550111"
//! -> completed
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! ```flow
//! > incoming_call from +14155550100
//! < dial "+14155550111" for 30s
//! > dial_ended failed
//! -> failed
//! < hang_up
//! ```
//!
//! Warm, the caller hears the hold audio while the other side is rung, is told what it is about, and takes the call with a key.
//!
//! ```flow
//! config {"to": "+14155550111", "style": "warm", "announcement": {"speak": "A customer about an invoice. Press 1 to take the call."}, "accept_key": "1"}
//! > incoming_call from +14155550100
//! < hold
//! < make_call to "+14155550111" (leg 2)
//! > answered (leg 2)
//! < speak "A customer about an invoice. Press 1 to take the call." (leg 2)
//! < get_digits max 1 timeout 10s (leg 2)
//! > digits "1" (leg 2)
//! < conference "transcript-2" (leg 2)
//! < conference "transcript-2"
//! < redirect
//! > hung_up (leg 2)
//! -> completed
//! < end_call
//! > hung_up (leg 1)
//! = completed
//! ```
//!
//! Who is asked twice and does not take the call leaves the caller where they were.
//!
//! ```flow
//! config {"to": "+14155550111", "style": "warm", "announcement": {"speak": "Press 1."}, "accept_key": "1"}
//! > incoming_call from +14155550100
//! < hold
//! < make_call to "+14155550111" (leg 2)
//! > answered (leg 2)
//! < speak "Press 1." (leg 2)
//! < get_digits max 1 timeout 10s (leg 2)
//! > digits "2" (leg 2)
//! < speak "Press 1." (leg 2)
//! < get_digits max 1 timeout 10s (leg 2)
//! > no_input (leg 2)
//! -> no_answer
//! < hang_up (leg 2)
//! < end_call
//! > hung_up (leg 2)
//! > hung_up (leg 1)
//! = completed
//! ```

use super::{
    dialling::{self, FROM, HOLD_AUDIO, RECORD, RING_TIMEOUT, SIP_HEADERS, ring_timeout_s},
    prompt::{self, Prompt},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{MachineDetection, PlaceCall},
    event::{DialOutcome, Event},
    name::StateName,
    run::{Conference, Ctx, Dial, EndCause, LegId, Then},
    template::Template,
    value::Value,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of `transfer_call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferCall {
    to: Template,
    from: Option<Template>,
    #[serde(default)]
    style: Style,
    #[serde(default = "ring_timeout_s")]
    ring_timeout_s: u32,
    announcement: Option<Prompt>,
    #[serde(default)]
    accept_key: String,
    hold_audio: Option<Template>,
    #[serde(default)]
    record: bool,
    #[serde(default)]
    sip_headers: BTreeMap<String, Template>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Style {
    #[default]
    Cold,
    Warm,
}

/// How long whoever answers may think about taking the call, in seconds; a person who just picked up needs a moment.
const ACCEPT_S: u32 = 10;

/// How often they are asked.
const ASKED_MAX: i64 = 2;

const COMPLETED: &str = "completed";

/// Who is handed over: the number of their leg.
const CALLER: &str = "caller";
/// Whether the two talk.
const TALK: &str = "talk";

impl Component for TransferCall {
    const SPEC: Spec = Spec {
        kind: "transfer_call",
        label: "Transfer call",
        summary: "Hands the caller over to somebody else, at once or after a word with them.",
        group: Group::Call,
        aliases: &["transfer", "call_transfer", "warm_transfer", "cold_transfer", "hand_over"],
        help: "Cold: the caller hears it ring and is connected to whoever answers. Warm: the caller hears the hold audio while the other side is told what it is \
               about and may decline with any other key. Either way they talk until one of them hangs up; if nobody takes the call, the run still has the caller.",
        example: r#"{ "to": "+14155550111" }"#,
        fields: &[
            Field::required(
                "to",
                "To",
                "Who takes over: a number or SIP address.",
                Control::Receiver,
            ),
            FROM,
            Field::optional(
                "style",
                "How",
                "Whether somebody speaks to them first.",
                Control::Choice(&[
                    ("cold", "Cold: connect at once"),
                    ("warm", "Warm: announce the caller first"),
                ]),
            ),
            RING_TIMEOUT,
            Field::optional(
                "announcement",
                "Announce the caller",
                "What whoever answers hears before being connected; the caller does not.",
                Control::Prompt,
            ),
            Field::optional(
                "accept_key",
                "Key that takes the call",
                "Only who presses this key is connected; empty connects at once.",
                Control::Key,
            ),
            HOLD_AUDIO,
            RECORD,
            SIP_HEADERS,
        ],
        states: &[
            State::new(
                COMPLETED,
                "Completed",
                "they talked and one of them hung up, or the caller did not wait",
            ),
            State::new(
                "no_answer",
                "No answer",
                "nobody picked up, the line was busy, or the call was not taken",
            ),
            State::new("failed", "Failed", "nobody could be rung"),
        ],
        variables: &[
            Variable::new("to", "whom it rang"),
            Variable::new("answered_by", "who answered"),
            Variable::new("call_uuid", "Plivo's id of the other side's call"),
            Variable::new("uuid", "the same, by PHLO's name"),
            Variable::new("duration_s", "how long they talked, in seconds"),
            Variable::new("hangup_cause", "why nobody took the call"),
            Variable::new("error", "why nobody could be rung"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_url", "the address of the recording, once it is stored"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if !self.accept_key.is_empty() && self.announcement.is_none() {
            let message = format!("Nobody is told that {} takes the call.", self.accept_key);
            let remedy = "Announce the caller, for example: A call for you. Press 1 to take it.";
            problems.warning("key_is_not_told", "announcement", message, remedy);
        }
        dialling::check_sip_headers(&self.sip_headers, problems);
    }

    fn summary(&self) -> String {
        match self.style {
            Style::Cold => self.to.source().to_owned(),
            Style::Warm => format!("{}, announced", self.to.source()),
        }
    }

    fn hung_up_state(&self) -> Option<StateName> {
        Some(COMPLETED.into())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(to) = ctx.render_some(Some(&self.to)) else {
            ctx.warn("There is nobody to ring: To is empty once it is filled in.");
            ctx.set("error", "there is nobody to ring");
            return leave("failed");
        };
        ctx.set("to", to.as_str());
        match self.style {
            Style::Cold => self.dial(ctx, to),
            Style::Warm => self.ring(ctx, to),
        }
        Step::Wait
    }

    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step> {
        // Warm, with the caller still there: the other side is gone.
        let caller = caller(ctx)?;
        if ctx.leg() != Some(caller) {
            return None;
        }
        ctx.set("hangup_cause", "the other side hung up");
        Some(leave(if ctx.remembered(TALK).is_some() { self.talked(ctx) } else { "no_answer" }))
    }

    fn party_left(&self, ctx: &mut Ctx<'_>) -> Step {
        let is_here = |caller| ctx.leg() == Some(caller) || ctx.parked().contains(&caller);
        if caller(ctx).is_none_or(is_here) {
            return Step::Wait;
        }
        self.talked(ctx);
        ctx.stop_dialling();
        ctx.let_go();
        Step::WithoutCall
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::DialEnded { end, .. } => {
                dialling::keep_end(ctx, end);
                leave(match end.outcome {
                    DialOutcome::Completed => COMPLETED,
                    DialOutcome::Busy | DialOutcome::NoAnswer => "no_answer",
                    DialOutcome::Failed => "failed",
                })
            }
            Event::CallAnswered { call_uuid, .. } => {
                let to = ctx.own("to").cloned().unwrap_or_default();
                ctx.set("answered_by", to);
                ctx.set("call_uuid", call_uuid.as_str());
                ctx.set("uuid", call_uuid.as_str());
                self.announce(ctx)
            }
            Event::Digits { digits, .. } if *digits == self.accept_key => self.connect(ctx),
            Event::PromptsDone { .. } => self.connect(ctx),
            Event::Digits { .. } | Event::NoInput { .. } => self.announce(ctx),
            Event::ConferenceLeft { leg, .. } => {
                self.talked(ctx);
                dialling::left_room(ctx, *leg, COMPLETED)
            }
            Event::CallEnded { cause, .. } => {
                let (state, cause) = match cause {
                    EndCause::Busy => ("no_answer", "busy"),
                    EndCause::NoAnswer | EndCause::Cancelled | EndCause::Machine => {
                        ("no_answer", "no answer")
                    }
                    EndCause::Completed | EndCause::Failed => ("failed", "failed"),
                    EndCause::Lost => ("failed", "the carrier no longer knows the call"),
                };
                ctx.set("hangup_cause", cause);
                leave(state)
            }
            Event::EffectFailed { reason, .. } => {
                ctx.set("error", reason.as_str());
                leave("failed")
            }
            Event::EffectUnknown { reason, .. } => {
                ctx.warn(format!("It is not known whether the call was placed: {reason}."));
                Step::Wait
            }
            _ => Step::Wait,
        }
    }
}

impl TransferCall {
    fn dial(&self, ctx: &mut Ctx<'_>, to: String) {
        let prompts = prompt::render(ctx, self.announcement.as_ref());
        let key = self.accept_key.chars().next();
        let dial = Dial {
            targets: vec![to],
            from: ctx.render_some(self.from.as_ref()),
            ring_timeout_s: self.ring_timeout_s,
            time_limit_s: None,
            screening: (!prompts.is_empty() || key.is_some())
                .then_some(crate::run::Screening { prompts, key }),
            send_digits: None,
            ring_audio: ctx.render_some(self.hold_audio.as_ref()),
            recording: self.record.then(|| ctx.new_recording(false, false)),
            sip_headers: dialling::sip_headers(ctx, &self.sip_headers),
        };
        ctx.instruct(Then::Dial(Box::new(dial)));
    }

    /// Rings the other side while the caller is on hold.
    fn ring(&self, ctx: &mut Ctx<'_>, to: String) {
        if let Some(LegId(caller)) = ctx.leg() {
            ctx.remember(CALLER, i64::from(caller));
        }
        let hold_audio = ctx.render_some(self.hold_audio.as_ref());
        ctx.park(hold_audio);
        let call = PlaceCall {
            leg: LegId::FIRST,
            from: ctx.render_some(self.from.as_ref()),
            to,
            ring_timeout_s: self.ring_timeout_s,
            machine_detection: MachineDetection::Off,
            recording: None,
            time_limit_s: None,
            caller_name: None,
            send_digits: None,
            sip_headers: dialling::sip_headers(ctx, &self.sip_headers),
        };
        ctx.place_call(call);
    }

    /// Tells the other side who calls, and asks whether they take the call.
    fn announce(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(key) = self.accept_key.chars().next() else {
            prompt::queue(ctx, self.announcement.as_ref());
            return match &self.announcement {
                Some(_) => {
                    ctx.instruct(Then::Continue);
                    Step::Wait
                }
                None => self.connect(ctx),
            };
        };
        if ctx.count("asked") > ASKED_MAX {
            ctx.set("hangup_cause", format!("{key} was not pressed"));
            ctx.let_go();
            return leave("no_answer");
        }
        let then = Then::GetDigits {
            max_digits: 1,
            timeout_s: ACCEPT_S,
            finish_on_key: None,
            sensitive: false,
        };
        prompt::ask(ctx, self.announcement.as_ref(), then)
    }

    /// Brings the two into a room of their own, which closes when one of them leaves.
    fn connect(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(caller) = caller(ctx) else { return Step::WithoutCall };
        let room = Conference {
            name: ctx.own_room(),
            recording: None,
            enter_beeps: 0,
            exit_beeps: 0,
            muted: false,
            start_on_enter: true,
            end_on_exit: true,
            wait_audio: None,
            max_members: 2,
        };
        let recording = self.record.then(|| ctx.new_recording(false, false));
        ctx.instruct(Then::Conference(Box::new(Conference { recording, ..room.clone() })));
        ctx.instruct_party(caller, Then::Conference(Box::new(room)));
        dialling::remember_helper(ctx);
        ctx.remember(TALK, Value::Int(ctx.at().0));
        Step::Wait
    }

    /// Notes how long the two talked, if they did.
    fn talked(&self, ctx: &mut Ctx<'_>) -> &'static str {
        if let Some(Value::Int(since_ms)) = ctx.remembered(TALK).cloned() {
            ctx.set("duration_s", (ctx.at().0 - since_ms) / 1_000);
        }
        COMPLETED
    }
}

fn caller(ctx: &Ctx<'_>) -> Option<LegId> {
    match ctx.remembered(CALLER) {
        Some(Value::Int(leg)) => u32::try_from(*leg).ok().map(LegId),
        _ => None,
    }
}
