//! Waits for a while, or until a moment.
//!
//! ```flow
//! > api_request {}
//! = waiting
//! @ +59s
//! = waiting
//! @ +1s
//! -> done
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Problems, Spec, State, Step, leave};
use crate::{
    event::Event,
    limits,
    run::{Ctx, Then},
    template::Template,
    time::Time,
};
use serde::Deserialize;

/// The configuration of `wait`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    for_s: Option<u64>,
    until: Option<Template>,
}

impl Component for Wait {
    const SPEC: Spec = Spec {
        kind: "wait",
        label: "Wait",
        summary: "Waits for a while, or until a moment.",
        group: Group::Logic,
        aliases: &["delay", "pause"],
        help: "Waiting costs nothing and survives a restart of the server. A caller who is on the line meanwhile hears the hold audio.",
        example: r#"{ "for_s": 60 }"#,
        fields: &[
            Field {
                key: "for_s",
                label: "For",
                help: "How long; up to 30 days.",
                control: Control::Number { min: 1, max: 2_592_000, default: 0, unit: "seconds" },
                is_required: false,
            },
            Field {
                key: "until",
                label: "Until",
                help: "A moment such as 2026-12-24T18:00:00+01:00; one that has passed does not wait.",
                control: Control::Moment,
                is_required: false,
            },
        ],
        states: &[State { name: "done", label: "Done", help: "the time has come" }],
        variables: &[],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: true,
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.for_s.is_some() == self.until.is_some() {
            problems.error(
                "missing_field",
                "for_s",
                "It must be clear how long to wait.",
                "Fill in one of For and Until, not both.",
            );
        }
    }

    fn summary(&self) -> String {
        match (&self.for_s, &self.until) {
            (Some(seconds), _) => format!("For {}", words(*seconds)),
            (None, Some(until)) => format!("Until {}", until.source()),
            (None, None) => String::new(),
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let until = match (&self.for_s, &self.until) {
            (Some(seconds), _) => ctx.at().plus_s(*seconds),
            (None, Some(until)) => {
                let text = ctx.render(until);
                match text.trim().parse::<jiff::Timestamp>() {
                    Ok(moment) => Time(moment.as_millisecond()),
                    Err(_) => {
                        ctx.warn(format!("`{text}` is no moment such as 2026-12-24T18:00:00+01:00; nothing is waited for."));
                        ctx.at()
                    }
                }
            }
            (None, None) => ctx.at(),
        };
        if until <= ctx.at() {
            return leave("done");
        }
        if ctx.has_leg() {
            ctx.instruct(Then::Hold { audio: None });
        }
        ctx.wake_at(until.min(ctx.at().plus_s(limits::RUN_AGE_S_MAX)));
        Step::Wait
    }

    fn resume(&self, _ctx: &mut Ctx<'_>, event: &Event) -> Step {
        if *event == Event::Woke { leave("done") } else { Step::Wait }
    }
}

fn words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ if seconds.is_multiple_of(86_400) => (seconds / 86_400, "day"),
        _ if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
