//! Joins the call to a room.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < conference "oncall"
//! > left_conference
//! -> completed
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Whoever hangs up has left the room as well.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < conference "oncall"
//! > hung_up
//! -> completed
//! = completed
//! ```
//!
//! A PIN may be asked for first; who does not know it after three tries goes another way.
//!
//! ```flow
//! config {"name": "board", "pin": "2468", "pin_prompt": {"speak": "The PIN, please."}, "announcement": {"speak": "Welcome."}}
//! > incoming_call from +14155550100
//! < speak "The PIN, please."
//! < get_digits max 4 timeout 10s
//! > digits "1111"
//! < speak "The PIN, please."
//! < get_digits max 4 timeout 10s
//! > digits "2468"
//! < speak "Welcome."
//! < conference "board"
//! ```
//!
//! ```flow
//! config {"name": "board", "pin": "2468", "pin_prompt": {"speak": "The PIN, please."}}
//! > incoming_call from +14155550100
//! < speak "The PIN, please."
//! < get_digits max 4 timeout 10s
//! > digits "1111"
//! < speak "The PIN, please."
//! < get_digits max 4 timeout 10s
//! > no_input
//! < speak "The PIN, please."
//! < get_digits max 4 timeout 10s
//! > digits "2469"
//! -> failed
//! < hang_up
//! ```
//!
//! While calls are in the room, its members can be muted, unmuted and hung up on.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < conference "oncall"
//! > command It {"action": "member", "member": "+14155550199", "change": "mute"}
//! < mute "+14155550199" in "oncall"
//! > done
//! = waiting
//! ```

use super::{
    dialling::{has_helper, left_room, remember_helper, yes},
    prompt::{self, Prompt},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{Effect, MemberChange, Room},
    event::{Command, Event},
    name::StateName,
    run::{self, Ctx, LegId, Then},
    template::Template,
};
use serde::Deserialize;

/// The configuration of `conference`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conference {
    name: Template,
    announcement: Option<Prompt>,
    pin: Option<Template>,
    pin_prompt: Option<Prompt>,
    #[serde(default)]
    record: bool,
    #[serde(default)]
    muted: bool,
    #[serde(default = "yes")]
    start_on_enter: bool,
    #[serde(default)]
    end_on_exit: bool,
    #[serde(default)]
    enter_beeps: u32,
    #[serde(default)]
    exit_beeps: u32,
    wait_audio: Option<Template>,
    #[serde(default = "max_members")]
    max_members: u32,
    #[serde(default = "yes")]
    bring_along: bool,
}

fn max_members() -> u32 {
    20
}

/// How often somebody may try a PIN.
const PIN_TRIES_MAX: i64 = 3;

/// How long to wait for the keys of a PIN, in seconds; people look it up.
const PIN_TIMEOUT_S: u32 = 10;

/// The longest PIN, in keys.
const PIN_DIGITS_MAX: usize = 16;

/// What is said where the author says nothing: silence would leave callers wondering.
const PIN_QUESTION: &str = "Please enter the PIN of this conference.";

const COMPLETED: &str = "completed";
const NAME: &str = "conference_name";

impl Component for Conference {
    const SPEC: Spec = Spec {
        kind: "conference",
        label: "Conference",
        summary: "Joins the call to a room with everybody else who is sent there.",
        group: Group::Call,
        aliases: &[
            "conference_bridge",
            "conference_call",
            "join_conference",
            "conference_room",
            "bridge",
        ],
        help: "Calls that are sent to a room of the same name hear each other; the workflow and the run do not matter. \
               A moderator is who opens and closes the room; guests wait for one if Opens the room is off for them. \
               Leaving the room or hanging up leads on by Completed. Tell callers before you record them.",
        example: r#"{ "name": "oncall" }"#,
        fields: &[
            Field::required("name", "Room", "The name of the room.", Control::Template),
            Field::optional(
                "announcement",
                "Say first",
                "What this caller hears before entering.",
                Control::Prompt,
            ),
            Field::optional(
                "pin",
                "PIN",
                "Keys that must be pressed to get in, asked for three times; empty asks for none. Better a {{ }} than the PIN itself.",
                Control::Template,
            ),
            Field::optional(
                "pin_prompt",
                "Ask for the PIN",
                "What callers hear when the PIN is asked for.",
                Control::Prompt,
            ),
            Field::optional(
                "record",
                "Record",
                "Whether the room is recorded.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "muted",
                "Only listens",
                "Whether this caller can only listen.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "start_on_enter",
                "Opens the room",
                "Without it, this caller waits until somebody enters who opens the room.",
                Control::Toggle { default: true },
            ),
            Field::optional(
                "end_on_exit",
                "Closes the room",
                "Whether the room ends for all when this caller leaves.",
                Control::Toggle { default: false },
            ),
            Field::optional(
                "enter_beeps",
                "Beeps on entering",
                "How often it beeps for the others when this caller enters.",
                Control::Number { min: 0, max: 2, default: 0, unit: "beeps" },
            ),
            Field::optional(
                "exit_beeps",
                "Beeps on leaving",
                "How often it beeps for the others when this caller leaves.",
                Control::Number { min: 0, max: 2, default: 0, unit: "beeps" },
            ),
            Field::optional(
                "wait_audio",
                "While waiting",
                "An audio file for callers who wait alone.",
                Control::Url,
            ),
            Field::optional(
                "max_members",
                "Most members",
                "How many may be in the room; Plivo allows 20.",
                Control::Number { min: 2, max: 20, default: 20, unit: "members" },
            ),
            Field::optional(
                "bring_along",
                "Bring along who is on hold",
                "Whether callers who hear the hold audio meanwhile enter the room too.",
                Control::Toggle { default: true },
            ),
        ],
        states: &[
            State::new(COMPLETED, "Completed", "the caller left the room or hung up"),
            State::new(
                "failed",
                "Failed",
                "the room has no name, or the PIN was wrong three times",
            ),
        ],
        variables: &[
            Variable::new(NAME, "the name of the room"),
            Variable::new("recording_id", "Plivo's id of the recording"),
            Variable::new("recording_url", "the address of the recording, once it is stored"),
            Variable::new("error", "why the caller did not get in"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.pin_prompt.is_some() && self.pin.is_none() {
            let message = "A PIN is asked for, but none is set.";
            problems.warning(
                "pin_is_missing",
                "pin",
                message,
                "Set the PIN, or do not ask for one.",
            );
        }
        let Some(pin) = self.pin.as_ref().map(Template::source) else { return };
        let is_fixed = !pin.contains("{{") && !pin.contains("{%");
        let is_pin = (1..=PIN_DIGITS_MAX).contains(&pin.trim().len())
            && pin.trim().bytes().all(|key| key.is_ascii_digit());
        if is_fixed && !pin.is_empty() && !is_pin {
            let message = "Nobody can press this PIN on a telephone.";
            let remedy = format!("Take up to {PIN_DIGITS_MAX} digits.");
            problems.error("bad_pin", "pin", message, remedy);
        }
    }

    fn summary(&self) -> String {
        let recorded = if self.record { ", recorded" } else { "" };
        format!("Room {}{recorded}", self.name.source())
    }

    fn hung_up_state(&self) -> Option<StateName> {
        Some(COMPLETED.into())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let Some(name) = ctx.render_some(Some(&self.name)) else {
            ctx.warn("The room has no name once it is filled in.");
            ctx.set("error", "the room has no name");
            return leave("failed");
        };
        ctx.set(NAME, name);
        if self.pin.is_none() {
            return self.join(ctx);
        }
        let pin = ctx.render_some(self.pin.as_ref()).unwrap_or_default();
        let is_pin = (1..=PIN_DIGITS_MAX).contains(&pin.len())
            && pin.bytes().all(|key| key.is_ascii_digit());
        if !is_pin {
            // An empty PIN must not open a room that was meant to have one.
            ctx.warn("Nobody gets in: the PIN is empty or no number once it is filled in.");
            ctx.set("error", "the room has no PIN");
            return leave("failed");
        }
        ctx.remember("pin", pin);
        self.ask(ctx)
    }

    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step> {
        // Somebody who was brought along is still there, perhaps alone.
        ctx.leg()?;
        let is_alone = ctx.others_in_conference(&room(ctx)) == 0;
        Some(if is_alone { leave(COMPLETED) } else { Step::Wait })
    }

    fn party_left(&self, ctx: &mut Ctx<'_>) -> Step {
        if !has_helper(ctx) || ctx.others_in_conference(&room(ctx)) > 0 {
            return Step::Wait;
        }
        // Whom the caller was brought together with has nobody to talk to any more.
        ctx.let_go();
        Step::WithoutCall
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::Digits { digits, .. } => {
                let is_right = ctx.remembered("pin").is_some_and(|pin| pin.to_string() == *digits);
                if is_right { self.join(ctx) } else { self.ask(ctx) }
            }
            Event::NoInput { .. } => self.ask(ctx),
            Event::ConferenceLeft { leg, .. } => left_room(ctx, *leg, COMPLETED),
            Event::Command { command, .. } => {
                change_member(ctx, command);
                Step::Wait
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                ctx.warn(format!("A member of the room could not be changed: {reason}."));
                Step::Wait
            }
            _ => Step::Wait,
        }
    }
}

impl Conference {
    /// Asks for the PIN; after the last try the caller goes another way.
    fn ask(&self, ctx: &mut Ctx<'_>) -> Step {
        if ctx.count("tries") > PIN_TRIES_MAX {
            ctx.set("error", "the PIN was wrong");
            return leave("failed");
        }
        let max_digits = ctx.remembered("pin").map_or(0, |pin| pin.to_string().len());
        let then = Then::GetDigits {
            max_digits: u32::try_from(max_digits).unwrap_or(u32::MAX),
            timeout_s: PIN_TIMEOUT_S,
            finish_on_key: Some('#'),
            sensitive: true,
        };
        if self.pin_prompt.is_none() {
            ctx.queue(run::Prompt::Speak {
                text: PIN_QUESTION.to_owned(),
                voice: None,
                language: None,
                times: 1,
            });
        }
        prompt::ask(ctx, self.pin_prompt.as_ref(), then)
    }

    fn join(&self, ctx: &mut Ctx<'_>) -> Step {
        prompt::queue(ctx, self.announcement.as_ref());
        let recording = self.record.then(|| ctx.new_recording(false, false));
        let room = run::Conference {
            name: room(ctx),
            recording,
            enter_beeps: self.enter_beeps,
            exit_beeps: self.exit_beeps,
            muted: self.muted,
            start_on_enter: self.start_on_enter,
            end_on_exit: self.end_on_exit,
            wait_audio: ctx.render_some(self.wait_audio.as_ref()),
            max_members: self.max_members,
        };
        let brought: Vec<LegId> = if self.bring_along { ctx.parked() } else { Vec::new() };
        if !brought.is_empty() {
            remember_helper(ctx);
        }
        ctx.instruct(Then::Conference(Box::new(room.clone())));
        for leg in brought {
            ctx.instruct_party(
                leg,
                Then::Conference(Box::new(run::Conference { recording: None, ..room.clone() })),
            );
        }
        Step::Wait
    }
}

fn room(ctx: &Ctx<'_>) -> String {
    ctx.own(NAME).map(ToString::to_string).unwrap_or_default()
}

fn change_member(ctx: &mut Ctx<'_>, command: &Command) {
    let Command::Member {
        member,
        change: change @ (MemberChange::Mute | MemberChange::Unmute | MemberChange::HangUp),
    } = command
    else {
        return ctx.warn(
            "In a conference, members can be muted, unmuted and hung up on; for more, use a multi-party call.",
        );
    };
    let room = Room::Conference(room(ctx));
    ctx.ask(Effect::ChangeMember { room, member: member.clone(), change: *change });
}
