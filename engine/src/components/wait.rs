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
//!
//! A time of day is the next one by the clocks of the zone; here it is 10:00 in Berlin when the run begins.
//!
//! ```flow
//! config {"until": "{{ time }}", "time_zone": "Europe/Berlin"}
//! > api_request {"time": "10:30"}
//! @ +29m
//! = waiting
//! @ +1m
//! -> done
//! = completed
//! ```
//!
//! ```flow
//! config {"until": "9:00", "time_zone": "Europe/Berlin"}
//! > incoming_call from +14155550100
//! < hold
//! @ +22h
//! = waiting
//! @ +1h
//! -> done
//! < end_call
//! > hung_up
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Problems, Spec, State, Step, leave};
use crate::{
    calendar,
    event::Event,
    limits,
    run::{Ctx, Then},
    template::Template,
    time::Time,
    zone::Zone,
};
use serde::Deserialize;

/// The configuration of `wait`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    for_s: Option<u64>,
    until: Option<Template>,
    #[serde(default)]
    time_zone: Zone,
}

impl Component for Wait {
    const SPEC: Spec = Spec {
        kind: "wait",
        label: "Wait",
        summary: "Waits for a while, or until a moment.",
        group: Group::Logic,
        aliases: &["delay", "pause", "sleep"],
        help: "Waiting costs nothing and survives a restart of the server. A caller who is on the line meanwhile hears the hold audio.",
        example: r#"{ "for_s": 60 }"#,
        fields: &[
            Field::optional(
                "for_s",
                "For",
                "How long; up to 30 days.",
                Control::Number { min: 1, max: 2_592_000, default: 0, unit: "seconds" },
            ),
            Field::optional(
                "until",
                "Until",
                "A time of day such as 18:00, a day and time such as 2026-12-24 18:00, or a moment such as 2026-12-24T18:00:00+01:00; a day that has passed does not wait.",
                Control::Moment,
            ),
            Field::optional(
                "time_zone",
                "Place",
                "Whose clocks the time means, such as Europe/Berlin; empty for UTC.",
                Control::TimeZone,
            ),
        ],
        states: &[State::new("done", "Done", "the time has come")],
        waits: true,
        ..Spec::BASE
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
        if self.time_zone.is_unknown() {
            problems.error(
                "unknown_time_zone",
                "time_zone",
                format!("There is no time zone `{}`.", self.time_zone.name()),
                "Write continent and city: Europe/Berlin, America/New_York, Asia/Kolkata.",
            );
        }
        let fixed = self.until.as_ref().map(Template::source).filter(|text| !text.contains("{{"));
        if let Some(text) = fixed.filter(|text| self.moment(text, Time::default()).is_none()) {
            problems.error(
                "bad_moment",
                "until",
                format!("`{text}` is no moment."),
                "Write 18:00, 2026-12-24 18:00 or 2026-12-24T18:00:00+01:00.",
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
                self.moment(&text, ctx.at()).unwrap_or_else(|| {
                    ctx.warn(format!("`{text}` is no moment such as 18:00 or 2026-12-24T18:00:00+01:00; nothing is waited for."));
                    ctx.at()
                })
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

impl Wait {
    /// The moment that a text means: one with its distance from UTC, a day and time, or the next such time of day.
    fn moment(&self, text: &str, now: Time) -> Option<Time> {
        let text = text.trim();
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(Time(moment.as_millisecond()));
        }
        if let Some(minute) = calendar::minute(text) {
            let clock = self.time_zone.clock(now);
            let at_time = |day: jiff::civil::Date| {
                let (hour, minute) =
                    (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
                // 24:00 is 00:00 of the day after.
                let day = if hour == 24 { day.tomorrow().ok()? } else { day };
                self.time_zone.moment(day.at(hour % 24, minute, 0, 0))
            };
            let today = at_time(clock.date())?;
            return if today > now { Some(today) } else { at_time(clock.date().tomorrow().ok()?) };
        }
        self.time_zone.moment(text.parse::<jiff::civil::DateTime>().ok()?)
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
