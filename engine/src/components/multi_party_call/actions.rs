//! What can be asked of a multi-party call while it lasts: PHLO's node and member actions.

use super::{MultiPartyCall, NAME};
use crate::{
    components::prompt,
    effect::{AddParticipant, Effect, EffectId, MemberChange, Role, Room},
    event::Command,
    run::{Ctx, LegId},
    value::Value,
};

/// Members by role, as far as the run knows them.
const AGENTS: &str = "agents";
const CUSTOMERS: &str = "customers";
/// Effects that ring the first people, of which one at least must not fail.
const RUNG: &str = "rung";
/// Whom a warm transfer rings, and the effect that does.
const TRANSFER_TO: &str = "transfer_to";
const TRANSFER: &str = "transfer";
/// Who is to hear the hold audio during a warm transfer.
const HELD: &str = "held";
/// The effect that rings for a cold transfer, and who leaves when it rings.
const HANDOVER: &str = "handover";
const LEAVERS: &str = "leavers";

/// More names than that are not kept; Plivo lets ten in.
const MEMBERS_MAX: usize = 100;

/// Remembers who is in the call as what.
pub(super) fn note_member(ctx: &mut Ctx<'_>, role: Role, leg: Option<LegId>) {
    if let Some(member) = leg.and_then(|leg| ctx.member(leg)) {
        note(ctx, role, member);
    }
}

fn note(ctx: &mut Ctx<'_>, role: Role, member: String) {
    let list = match role {
        Role::Agent => AGENTS,
        Role::Customer => CUSTOMERS,
        Role::Supervisor => return,
    };
    let known = ctx.collected(list);
    let member = Value::from(member);
    if known.len() < MEMBERS_MAX && !known.contains(&member) {
        ctx.collect(list, member);
    }
}

impl MultiPartyCall {
    /// Rings somebody who is to be there from the beginning.
    pub(super) fn ring_first(&self, ctx: &mut Ctx<'_>, to: String) {
        let effect = self.ring(ctx, to, self.invite_role);
        ctx.collect(RUNG, i64::from(effect.0));
    }

    /// Does what a service asks for.
    pub(super) fn command(&self, ctx: &mut Ctx<'_>, command: &Command) {
        match command {
            Command::Call { to, role } => {
                self.ring(ctx, to.clone(), *role);
            }
            Command::WarmTransfer { to, role } => self.warm_transfer(ctx, to, *role),
            Command::ColdTransfer { to, role } => self.cold_transfer(ctx, to, *role),
            Command::AbortTransfer => match taken(ctx, TRANSFER_TO) {
                Some(to) => {
                    change(ctx, &to.to_string(), MemberChange::HangUp);
                    end_hold(ctx);
                }
                None => ctx.warn("There is no transfer to abort."),
            },
            Command::VoicemailDrop { member } => self.drop_message(ctx, member),
            Command::Member { member, change: MemberChange::Unhold } => {
                let is_held = ctx.collected(HELD).contains(&Value::from(member.as_str()));
                if !is_held {
                    change(ctx, member, MemberChange::Unhold);
                }
                // Whoever ends the hold during a transfer brings all of them together.
                taken(ctx, TRANSFER_TO);
                end_hold(ctx);
            }
            Command::Member { member, change: how } => change(ctx, member, *how),
        }
    }

    /// Customers hold while the agents talk, until somebody ends the hold.
    fn warm_transfer(&self, ctx: &mut Ctx<'_>, to: &str, role: Role) {
        if ctx.remembered(TRANSFER_TO).is_some_and(|to| *to != Value::Null) {
            return ctx.warn("A transfer is under way already; end the hold or abort it first.");
        }
        for customer in ctx.collected(CUSTOMERS) {
            change(ctx, &customer.to_string(), MemberChange::Hold);
            ctx.collect(HELD, customer);
        }
        let effect = self.ring(ctx, to.to_owned(), role);
        ctx.remember(TRANSFER_TO, to);
        ctx.remember(TRANSFER, i64::from(effect.0));
    }

    /// The agents leave as soon as the new one rings; the customer hears it.
    fn cold_transfer(&self, ctx: &mut Ctx<'_>, to: &str, role: Role) {
        let leavers = ctx.collected(AGENTS);
        let effect = self.ring(ctx, to.to_owned(), role);
        ctx.remember(HANDOVER, i64::from(effect.0));
        ctx.remember(LEAVERS, leavers);
    }

    fn drop_message(&self, ctx: &mut Ctx<'_>, member: &str) {
        let prompts = prompt::for_machine(ctx, self.voicemail_message.as_ref());
        if prompts.is_empty() {
            return ctx.warn("No message is left: Message for machines is empty.");
        }
        let room = room(ctx);
        ctx.ask(Effect::DropMessage { room, member: member.to_owned(), prompts });
    }

    pub(super) fn effect_done(&self, ctx: &mut Ctx<'_>, effect: EffectId) {
        if is(ctx, HANDOVER, effect) {
            taken(ctx, HANDOVER);
            let leavers = ctx.collected(LEAVERS);
            ctx.remember(LEAVERS, Value::Null);
            ctx.remember(
                AGENTS,
                ctx.collected(AGENTS)
                    .into_iter()
                    .filter(|agent| !leavers.contains(agent))
                    .collect::<Vec<_>>(),
            );
            for leaver in leavers {
                change(ctx, &leaver.to_string(), MemberChange::HangUp);
            }
        }
    }

    /// Says whether nobody is left whom the caller could wait for.
    pub(super) fn effect_failed(&self, ctx: &mut Ctx<'_>, effect: EffectId) -> bool {
        if is(ctx, TRANSFER, effect) {
            taken(ctx, TRANSFER_TO);
            end_hold(ctx);
        }
        if is(ctx, HANDOVER, effect) {
            taken(ctx, HANDOVER);
            ctx.remember(LEAVERS, Value::Null);
        }
        let rung = ctx.collected(RUNG);
        let left: Vec<Value> =
            rung.iter().filter(|rung| **rung != Value::Int(i64::from(effect.0))).cloned().collect();
        let is_last = !rung.is_empty() && left.is_empty() && ctx.parked().is_empty();
        ctx.remember(RUNG, left);
        is_last
    }

    fn ring(&self, ctx: &mut Ctx<'_>, to: String, role: Role) -> EffectId {
        let room = room(ctx).name().to_owned();
        let from = ctx.render_some(self.from.as_ref());
        note(ctx, role, to.clone());
        let ring_timeout_s = self.ring_timeout_s;
        ctx.ask(Effect::AddParticipant(AddParticipant { room, from, to, role, ring_timeout_s }))
    }
}

fn room(ctx: &Ctx<'_>) -> Room {
    Room::MultiParty(ctx.own(NAME).map(ToString::to_string).unwrap_or_default())
}

fn change(ctx: &mut Ctx<'_>, member: &str, change: MemberChange) {
    let room = room(ctx);
    ctx.ask(Effect::ChangeMember { room, member: member.to_owned(), change });
}

/// Takes all who were held for a transfer back into the call.
fn end_hold(ctx: &mut Ctx<'_>) {
    for customer in ctx.collected(HELD) {
        change(ctx, &customer.to_string(), MemberChange::Unhold);
    }
    ctx.remember(HELD, Value::Null);
}

fn is(ctx: &Ctx<'_>, key: &'static str, effect: EffectId) -> bool {
    ctx.remembered(key) == Some(&Value::Int(i64::from(effect.0)))
}

/// What was kept, which is forgotten now.
fn taken(ctx: &mut Ctx<'_>, key: &'static str) -> Option<Value> {
    let value = ctx.remembered(key).filter(|value| **value != Value::Null).cloned();
    ctx.remember(key, Value::Null);
    value
}
