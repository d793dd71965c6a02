//! Goes one way within opening hours and another outside, by the clocks of a place.
//!
//! The hours of a day are spans such as `09:00-12:30`; one whose end is not after its beginning goes on after midnight (`22:00-06:00`), and `24:00` is the end of the day.
//! On a holiday only its own hours count, from midnight to midnight.
//!
//! Transcripts begin on Monday, 5 January 2026, at 09:00 UTC, which is 10:00 in Berlin and 04:00 in New York.
//!
//! ```flow
//! > api_request {}
//! -> open
//! ? It.weekday = Monday
//! ? It.local_time = 2026-01-05 10:00
//! = completed
//! ```
//!
//! ```flow
//! config {"time_zone": "America/New_York", "hours": {"mon": ["09:00-17:00"]}}
//! > api_request {}
//! -> closed
//! ? It.local_time = 2026-01-05 04:00
//! ? It.opens_at = 2026-01-05T09:00:00-05:00
//! = completed
//! ```
//!
//! ```flow
//! config {"time_zone": "Europe/Berlin", "hours": {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]}, "holidays": [{"date": "01-05", "name": "Stocktaking"}]}
//! > api_request {}
//! -> holiday
//! ? It.holiday = Stocktaking
//! ? It.opens_at = 2026-01-06T09:00:00+01:00
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    calendar::{Calendar, Day, Holiday, Week},
    run::Ctx,
    zone::Zone,
};
use serde::Deserialize;

/// The configuration of `business_hours`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessHours {
    time_zone: Zone,
    hours: Week,
    #[serde(default)]
    holidays: Vec<Holiday>,
}

impl Component for BusinessHours {
    const SPEC: Spec = Spec {
        kind: "business_hours",
        label: "Business hours",
        summary: "Goes one way within opening hours and another outside.",
        group: Group::Logic,
        aliases: &["schedule", "opening_hours", "office_hours", "time_of_day"],
        help: "The time is that of the place you choose, daylight saving included. A holiday can be one day or the same day each year, closed or with hours of its own. \
               {{ Name.opens_at }} says when it opens next: Wait can wait until then.",
        example: r#"{ "time_zone": "Europe/Berlin", "hours": { "mon": ["09:00-12:30", "13:30-17:00"], "tue": ["09:00-17:00"], "wed": ["09:00-17:00"], "thu": ["09:00-17:00"], "fri": ["09:00-15:00"] }, "holidays": [{ "date": "12-25", "name": "Christmas" }] }"#,
        fields: &[
            Field::required(
                "time_zone",
                "Place",
                "The time zone whose clocks count, such as Europe/Berlin.",
                Control::TimeZone,
            ),
            Field::required(
                "hours",
                "Opening hours",
                "When it is open, day by day.",
                Control::Hours,
            ),
            Field::optional(
                "holidays",
                "Holidays",
                "Days that are not like others: a date such as 2026-12-24, or 12-25 for each year.",
                Control::Holidays,
            ),
        ],
        states: &[
            State::new("open", "Open", "it is within the hours of the day"),
            State::new("closed", "Closed", "it is outside of them"),
            State::new("holiday", "Holiday", "it is a holiday, and not within its hours"),
        ],
        variables: &[
            Variable::new("local_time", "the time there: 2026-01-05 10:00"),
            Variable::new("weekday", "the day there: Monday"),
            Variable::new("holiday", "the name of the holiday, if it is one"),
            Variable::new(
                "opens_at",
                "when it opens next, if it is not open: 2026-01-06T09:00:00+01:00",
            ),
        ],
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.time_zone.is_unknown() {
            problems.error(
                "unknown_time_zone",
                "time_zone",
                format!("There is no time zone `{}`.", self.time_zone.name()),
                "Write continent and city: Europe/Berlin, America/New_York, Asia/Kolkata.",
            );
        }
        if self.hours.is_empty() {
            problems.warning(
                "never_open",
                "hours",
                "It is never open.",
                "Give at least one day its hours.",
            );
        }
        for (day, message) in self.hours.overlaps() {
            problems.warning(
                "hours_overlap",
                &format!("hours.{day}"),
                message,
                "Make one span of the two.",
            );
        }
        for (index, holiday) in self.holidays.iter().enumerate() {
            if self.holidays[..index].iter().any(|other| other.date() == holiday.date()) {
                problems.warning(
                    "holiday_twice",
                    &format!("holidays[{index}].date"),
                    format!("{} is there twice; the first row wins.", holiday.date()),
                    "Remove one of the two.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        self.hours.summary()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let calendar = Calendar { week: &self.hours, holidays: &self.holidays };
        let now = self.time_zone.clock(ctx.at());
        let day = calendar.day(now.date());
        let is_open = calendar.is_open(now);
        let opens_at = if is_open { None } else { calendar.opens_after(now) };
        let opens_at = opens_at.and_then(|clock| self.time_zone.moment(clock));
        ctx.set("local_time", now.strftime("%Y-%m-%d %H:%M").to_string());
        ctx.set("weekday", now.strftime("%A").to_string());
        ctx.set("opens_at", opens_at.map(|at| self.time_zone.written(at)).unwrap_or_default());
        let holiday = if let Day::Holiday(holiday) = day { Some(holiday) } else { None };
        ctx.set("holiday", holiday.map(|holiday| holiday.name()).unwrap_or_default());
        leave(match (is_open, holiday) {
            (true, _) => "open",
            (false, Some(_)) => "holiday",
            (false, None) => "closed",
        })
    }
}
