//! Joins the call to a call of several: customers, agents and supervisors, who can be put on hold, coached and transferred.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < multi_party "support" as customer
//! < add_participant "+14155550111" to "support" as agent
//! > done
//! > left_conference
//! -> completed
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Where nobody can be rung, the caller is not left waiting.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < multi_party "support" as customer
//! < add_participant "+14155550111" to "support" as agent
//! > not_done "the number is not allowed"
//! -> failed
//! ? It.error = the number is not allowed
//! < end_call
//! ```
//!
//! A warm transfer: the customer holds, the agents talk, the customer is taken back. Or it is aborted.
//!
//! ```flow
//! config {"name": "support", "role": "customer"}
//! > incoming_call from +14155550100
//! < multi_party "support" as customer
//! > command It {"action": "warm_transfer", "to": "+14155550112", "role": "agent"}
//! < hold "call-1" in "support"
//! < add_participant "+14155550112" to "support" as agent
//! > command It {"action": "member", "member": "call-1", "change": "unhold"}
//! < unhold "call-1" in "support"
//! > command It {"action": "warm_transfer", "to": "+14155550113", "role": "agent"}
//! < hold "call-1" in "support"
//! < add_participant "+14155550113" to "support" as agent
//! > command It {"action": "abort_transfer"}
//! < hang_up "+14155550113" in "support"
//! < unhold "call-1" in "support"
//! ```
//!
//! A cold transfer: once the new agent rings, the old one is out.
//!
//! ```flow
//! config {"name": "support", "role": "customer", "invite": "+14155550111"}
//! > incoming_call from +14155550100
//! < multi_party "support" as customer
//! < add_participant "+14155550111" to "support" as agent
//! > done
//! > command It {"action": "cold_transfer", "to": "+14155550112", "role": "agent"}
//! < add_participant "+14155550112" to "support" as agent
//! > done
//! < hang_up "+14155550111" in "support"
//! ```
//!
//! Somebody whose machine answered can be left a message.
//!
//! ```flow
//! config {"name": "support", "role": "customer", "voicemail_message": {"speak": "Please call us back."}}
//! > incoming_call from +14155550100
//! < multi_party "support" as customer
//! > command It {"action": "call", "to": "+14155550112", "role": "agent"}
//! < add_participant "+14155550112" to "support" as agent
//! > command It {"action": "voicemail_drop", "member": "+14155550112"}
//! < drop_message "+14155550112" in "support" quiet 30s speak "Please call us back."
//! > command It {"action": "member", "member": "call-1", "change": "mute"}
//! < mute "call-1" in "support"
//! ```

mod actions;

use super::{
    dialling::{FROM, RECORD, left_room, remember_helper, ring_timeout_s, yes},
    prompt::Prompt,
    receivers::Receivers,
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::Role,
    event::Event,
    name::StateName,
    run::{Ctx, LegId, MultiParty, Then},
    template::Template,
};
use serde::Deserialize;

/// The configuration of `multi_party_call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MultiPartyCall {
    name: Template,
    #[serde(default = "customer")]
    role: Role,
    invite: Option<Receivers>,
    #[serde(default)]
    invite_role: Role,
    from: Option<Template>,
    #[serde(default = "ring_timeout_s")]
    ring_timeout_s: u32,
    wait_audio: Option<Template>,
    agent_hold_audio: Option<Template>,
    customer_hold_audio: Option<Template>,
    #[serde(default)]
    muted: bool,
    #[serde(default)]
    on_hold: bool,
    #[serde(default)]
    coach: bool,
    #[serde(default = "yes")]
    start_on_enter: bool,
    #[serde(default)]
    end_on_exit: bool,
    #[serde(default)]
    record: bool,
    #[serde(default = "max_members")]
    max_members: u32,
    voicemail_message: Option<Prompt>,
}

fn customer() -> Role {
    Role::Customer
}

fn max_members() -> u32 {
    10
}

const COMPLETED: &str = "completed";
const NAME: &str = "mpc_name";

const ROLES: [(&str, &str); 3] =
    [("customer", "Customer"), ("agent", "Agent"), ("supervisor", "Supervisor")];

impl Component for MultiPartyCall {
    const SPEC: Spec = Spec {
        kind: "multi_party_call",
        label: "Multi-party call",
        summary: "Joins the call to customers, agents and supervisors who can be held, coached and transferred.",
        group: Group::Call,
        aliases: &["multiparty_call", "multi_party", "mpc", "agent_call", "add_participant"],
        help: "Calls that are sent to the same name are in one call, each with a role. Services put members on hold, mute them, add people and transfer \
               customers with PHLO's node and member actions while the call lasts. Whoever is left alone at its end is sent on by Completed.",
        example: r#"{ "name": "support", "invite": "+14155550111" }"#,
        fields: &[
            Field::required(
                "name",
                "Name",
                "Who is sent to the same name is in the same call.",
                Control::Template,
            ),
            Field::optional(
                "role",
                "This caller is",
                "What the caller is in it.",
                Control::Choice(&ROLES),
            ),
            Field::optional(
                "invite",
                "Ring",
                "Whom to ring into it: a number or SIP address, or several with commas.",
                Control::Receivers,
            ),
            Field::optional(
                "invite_role",
                "Who is rung is",
                "What the people who are rung are in it.",
                Control::Choice(&[ROLES[1], ROLES[0], ROLES[2]]),
            ),
            FROM,
            Field::optional(
                "ring_timeout_s",
                "Ring for",
                "How long it rings at those who are rung into it.",
                Control::Number { min: 15, max: 120, default: 30, unit: "seconds" },
            ),
            Field::optional(
                "wait_audio",
                "While waiting",
                "An audio file for those who wait for the call to begin.",
                Control::Url,
            ),
            Field::optional(
                "agent_hold_audio",
                "Agents on hold",
                "An audio file that agents on hold hear.",
                Control::Url,
            ),
            Field::optional(
                "customer_hold_audio",
                "Customers on hold",
                "An audio file that customers on hold hear.",
                Control::Url,
            ),
            Field::optional(
                "muted",
                "Only listens",
                "Whether this caller can only listen at first.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "on_hold",
                "On hold",
                "Whether this caller is on hold at first.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "coach",
                "Coaches",
                "Whether only agents hear this caller, who is a supervisor.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "start_on_enter",
                "Opens the call",
                "Without it, this caller waits until somebody enters who opens the call.",
                Control::Toggle { default: true },
            ),
            Field::optional(
                "end_on_exit",
                "Closes the call",
                "Whether the call ends for all when this caller leaves; do not use it for agents who transfer.",
                Control::Toggle { default: false },
            ),
            RECORD,
            Field::optional(
                "max_members",
                "Most members",
                "How many may be in the call; Plivo allows 10.",
                Control::Number { min: 2, max: 10, default: 10, unit: "members" },
            ),
            Field::optional(
                "voicemail_message",
                "Message for machines",
                "What a member hears alone when a service asks for a voicemail drop, before their call ends.",
                Control::Prompt,
            ),
        ],
        states: &[
            State::new(COMPLETED, "Completed", "nobody of this line is in the call any more"),
            State::new("failed", "Failed", "it has no name, or nobody could be rung"),
        ],
        variables: &[
            Variable::new(NAME, "its name"),
            Variable::new("role", "what this caller was in it"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_url", "the address of the recording, once it is stored"),
            Variable::new("error", "why the last thing that was asked for could not be done"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.coach && self.role != Role::Supervisor {
            let message = "Only a supervisor can coach.";
            let remedy = "Make this caller a supervisor, or switch coaching off.";
            problems.error("coach_is_no_supervisor", "coach", message, remedy);
        }
    }

    fn summary(&self) -> String {
        format!("{}, as {}", self.name.source(), self.role.as_str())
    }

    fn hung_up_state(&self) -> Option<StateName> {
        Some(COMPLETED.into())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(name) = ctx.render_some(Some(&self.name)) else {
            ctx.warn("The call has no name once it is filled in.");
            ctx.set("error", "the call has no name");
            return leave("failed");
        };
        ctx.set(NAME, name.as_str());
        ctx.set("role", self.role.as_str());
        let recording = self.record.then(|| ctx.new_recording(false, false));
        let own = MultiParty {
            name,
            role: self.role,
            muted: self.muted,
            on_hold: self.on_hold,
            coaches: self.coach,
            start_on_enter: self.start_on_enter,
            end_on_exit: self.end_on_exit,
            wait_audio: ctx.render_some(self.wait_audio.as_ref()),
            agent_hold_audio: ctx.render_some(self.agent_hold_audio.as_ref()),
            customer_hold_audio: ctx.render_some(self.customer_hold_audio.as_ref()),
            recording,
            max_members: self.max_members,
        };
        let brought = MultiParty {
            role: if self.role == Role::Customer { Role::Agent } else { Role::Customer },
            muted: false,
            on_hold: false,
            coaches: false,
            recording: None,
            ..own.clone()
        };
        let (leg, parked): (Option<LegId>, Vec<LegId>) = (ctx.leg(), ctx.parked());
        actions::note_member(ctx, self.role, leg);
        if !parked.is_empty() {
            remember_helper(ctx);
        }
        ctx.instruct(Then::MultiParty(Box::new(own)));
        for leg in parked {
            actions::note_member(ctx, brought.role, Some(leg));
            ctx.instruct_party(leg, Then::MultiParty(Box::new(brought.clone())));
        }
        let invited = self.invite.as_ref().map(|invite| invite.render(ctx)).unwrap_or_default();
        for to in invited {
            self.ring_first(ctx, to);
        }
        Step::Wait
    }

    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step> {
        // Whoever was brought along may go on talking; the carrier ends a call that has one member left.
        ctx.leg().map(|_| Step::Wait)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::ConferenceLeft { leg, .. } => left_room(ctx, *leg, COMPLETED),
            Event::Command { command, .. } => {
                self.command(ctx, command);
                Step::Wait
            }
            Event::EffectDone { effect, .. } => {
                self.effect_done(ctx, *effect);
                Step::Wait
            }
            Event::EffectFailed { effect, reason } => {
                ctx.set("error", reason.as_str());
                if self.effect_failed(ctx, *effect) { leave("failed") } else { Step::Wait }
            }
            Event::EffectUnknown { reason, .. } => {
                ctx.warn(format!("It is not known whether that was done: {reason}."));
                Step::Wait
            }
            _ => Step::Wait,
        }
    }
}
