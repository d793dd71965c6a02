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

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{
    event::Event,
    name::StateName,
    run::{self, Ctx, Then},
    template::Template,
};
use serde::Deserialize;

/// The configuration of `conference`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conference {
    name: Template,
    #[serde(default)]
    record: bool,
    #[serde(default)]
    muted: bool,
    #[serde(default = "yes")]
    start_on_enter: bool,
    #[serde(default)]
    end_on_exit: bool,
    wait_audio: Option<Template>,
    #[serde(default = "max_members")]
    max_members: u32,
}

fn yes() -> bool {
    true
}

fn max_members() -> u32 {
    20
}

const COMPLETED: &str = "completed";

impl Component for Conference {
    const SPEC: Spec = Spec {
        kind: "conference",
        label: "Conference",
        summary: "Joins the call to a room with everybody else who is sent there.",
        group: Group::Call,
        aliases: &["conference_bridge"],
        help: "Calls that are sent to a room of the same name hear each other; the workflow and the run do not matter. \
               Leaving the room or hanging up leads on by Completed. Tell callers before you record them.",
        example: r#"{ "name": "oncall" }"#,
        fields: &[
            Field {
                key: "name",
                label: "Room",
                help: "The name of the room.",
                control: Control::Template,
                is_required: true,
            },
            Field {
                key: "record",
                label: "Record",
                help: "Whether the room is recorded.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
            Field {
                key: "muted",
                label: "Only listens",
                help: "Whether this caller can only listen.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
            Field {
                key: "start_on_enter",
                label: "Opens the room",
                help: "Without it, this caller waits until somebody enters who opens the room.",
                control: Control::Toggle { default: true },
                is_required: false,
            },
            Field {
                key: "end_on_exit",
                label: "Closes the room",
                help: "Whether the room ends for all when this caller leaves.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
            Field {
                key: "wait_audio",
                label: "While waiting",
                help: "An audio file for callers who wait alone.",
                control: Control::Url,
                is_required: false,
            },
            Field {
                key: "max_members",
                label: "Most members",
                help: "How many may be in the room; Plivo allows 20.",
                control: Control::Number { min: 2, max: 20, default: 20, unit: "members" },
                is_required: false,
            },
        ],
        states: &[
            State {
                name: COMPLETED,
                label: "Completed",
                help: "the caller left the room or hung up",
            },
            State { name: "failed", label: "Failed", help: "the room has no name" },
        ],
        variables: &[Variable { name: "conference_name", help: "the name of the room" }],
        is_voice: true,
        joins_prompts: true,
        gives_call_by: &[],
        waits: true,
    };

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
            return leave("failed");
        };
        ctx.set("conference_name", name.as_str());
        let wait_audio = ctx.render_some(self.wait_audio.as_ref());
        let recording = self.record.then(|| ctx.new_recording(false, false));
        ctx.instruct(Then::Conference(run::Conference {
            name,
            recording,
            enter_beeps: 0,
            exit_beeps: 0,
            muted: self.muted,
            start_on_enter: self.start_on_enter,
            end_on_exit: self.end_on_exit,
            wait_audio,
            max_members: self.max_members,
        }));
        Step::Wait
    }

    fn resume(&self, _ctx: &mut Ctx<'_>, event: &Event) -> Step {
        if matches!(event, Event::ConferenceLeft { .. }) { leave(COMPLETED) } else { Step::Wait }
    }
}
