//! When a workflow's runs begin by themselves: the five fields of cron, by the clocks of a time zone.

use crate::{workflow::Document, zone::Zone};
use serde::Deserialize;

/// When runs begin by themselves.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Minute, hour, day of the month, month, day of the week.
    pub(crate) cron: String,
    #[serde(default)]
    pub(crate) time_zone: Zone,
}

impl Schedule {
    /// A schedule by its parts; without a time zone it is meant in UTC.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn new(cron: &str, time_zone: &str) -> Result<Schedule, String> {
        let schedule = Schedule { cron: cron.trim().to_owned(), time_zone: Zone::named(time_zone) };
        schedule.fault().map_or(Ok(schedule), Err)
    }

    /// The schedule that a workflow's start names, if it names one.
    ///
    /// # Errors
    /// As [`Schedule::new`].
    pub fn of(document: &Document) -> Result<Option<Schedule>, String> {
        let start = document.nodes.values().find(|node| node.kind == "start");
        let written = start.and_then(|start| start.config.get("schedule"));
        let Some(written) = written.filter(|written| !written.is_null()) else { return Ok(None) };
        let schedule: Schedule =
            serde_json::from_value(written.clone()).map_err(|error| error.to_string())?;
        if schedule.is_empty() {
            return Ok(None);
        }
        schedule.fault().map_or(Ok(Some(schedule)), Err)
    }

    /// Whether nothing is filled in.
    pub(crate) fn is_empty(&self) -> bool {
        self.cron.trim().is_empty()
    }

    /// The five fields, as they were written.
    pub fn cron(&self) -> &str {
        &self.cron
    }

    /// The name of the time zone.
    pub fn time_zone(&self) -> &str {
        self.time_zone.name()
    }

    /// The first moment after another at which a run begins.
    ///
    /// One of certain hours begins once a day, whatever clocks do: at a time that they skip when they are put forward as much later, at one that they show twice the first
    /// time. One of every hour goes on evenly.
    ///
    /// # Errors
    /// A sentence that says why the schedule means nothing, or no moment at all, such as the 30th of February.
    #[cfg(feature = "time-zones")]
    pub fn next_after(&self, at: crate::Time) -> Result<crate::Time, String> {
        let fields: Vec<&str> = self.cron.split_whitespace().collect();
        let [_, hour, ..] = fields.as_slice() else { return Err(PARTS.to_owned()) };
        if fields.len() != 5 {
            return Err(PARTS.to_owned());
        }
        if hour.starts_with('*') {
            let moment = next_match(&fields, self.time_zone.name(), timestamp(at)?)?;
            return Ok(crate::Time(moment.as_millisecond()));
        }
        // Clocks as if they were those of UTC, which are never changed; then the moment at which those here show the time.
        let utc = jiff::tz::TimeZone::UTC;
        let clock = self.time_zone.clock(at).to_zoned(utc.clone());
        let mut clock = clock.map_err(|error| error.to_string())?.timestamp();
        loop {
            clock = next_match(&fields, "UTC", clock)?;
            let next = self.time_zone.moment(utc.to_datetime(clock));
            match next {
                Some(next) if next > at => return Ok(next),
                Some(_) => {}
                None => return Err("it never comes".to_owned()),
            }
        }
    }

    /// What is wrong with it, as far as this program can tell.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.time_zone.is_unknown() {
            return Some(format!("there is no time zone `{}`", self.time_zone.name()));
        }
        #[cfg(feature = "time-zones")]
        let fault = self.next_after(crate::transcript::BEGINS_AT).err();
        #[cfg(not(feature = "time-zones"))]
        let fault = (self.cron.split_whitespace().count() != 5).then(|| PARTS.to_owned());
        fault
    }
}

const PARTS: &str = "it has five parts: minute, hour, day of the month, month, day of the week";

#[cfg(feature = "time-zones")]
fn timestamp(at: crate::Time) -> Result<jiff::Timestamp, String> {
    jiff::Timestamp::from_millisecond(at.0).map_err(|error| error.to_string())
}

/// The first moment after another at which clocks of a zone show what the fields say.
#[cfg(feature = "time-zones")]
fn next_match(
    fields: &[&str],
    zone: &str,
    after: jiff::Timestamp,
) -> Result<jiff::Timestamp, String> {
    let crontab = cronexpr::parse_crontab(&format!("{} {zone}", fields.join(" ")));
    let next = crontab.and_then(|crontab| crontab.find_next(after));
    next.map(|next| next.timestamp()).map_err(|error| {
        // The library points at the place with a drawing of several lines, or tells how far it has looked.
        let text = error.to_string();
        if text.contains("failed to find next") {
            return "it never comes".to_owned();
        }
        text.lines().next_back().unwrap_or_default().trim_start_matches([' ', '^', '|']).to_owned()
    })
}

#[cfg(test)]
#[cfg(feature = "time-zones")]
mod tests {
    use super::*;
    use crate::Time;

    fn next(cron: &str, zone: &str, after: &str) -> String {
        let schedule = Schedule { cron: cron.to_owned(), time_zone: Zone::named(zone) };
        let after: jiff::Timestamp = after.parse().unwrap();
        match schedule.next_after(Time(after.as_millisecond())) {
            Ok(next) => schedule.time_zone.written(next),
            Err(reason) => reason,
        }
    }

    #[test]
    fn a_schedule_goes_by_the_clocks_of_its_zone_all_year() {
        let weekdays = "0 9 * * mon-fri";
        assert_eq!(
            next(weekdays, "Europe/Berlin", "2026-01-05T07:59:59Z"),
            "2026-01-05T09:00:00+01:00"
        );
        assert_eq!(
            next(weekdays, "Europe/Berlin", "2026-01-05T08:00:00Z"),
            "2026-01-06T09:00:00+01:00"
        );
        assert_eq!(
            next(weekdays, "Europe/Berlin", "2026-07-03T08:00:00Z"),
            "2026-07-06T09:00:00+02:00"
        );
        assert_eq!(
            next("*/15 * * * *", "UTC", "2026-01-05T08:01:00Z"),
            "2026-01-05T08:15:00+00:00"
        );
    }

    #[test]
    fn a_time_that_clocks_skip_or_show_twice_comes_once() {
        // Clocks go from 2 to 3 on 29 March and from 3 to 2 on 25 October.
        assert_eq!(
            next("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z"),
            "2026-03-29T03:30:00+02:00"
        );
        let first = next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z");
        assert_eq!(first, "2026-10-25T02:30:00+02:00");
        assert_eq!(next("30 2 * * *", "Europe/Berlin", &first), "2026-10-26T02:30:00+01:00");
        let again = "2026-10-25T01:10:00Z"; // 02:10 for the second time
        assert_eq!(next("0,15 2 * * *", "Europe/Berlin", again), "2026-10-26T02:00:00+01:00");
        assert_eq!(next("*/15 * * * *", "Europe/Berlin", again), "2026-10-25T02:15:00+01:00");
    }

    #[test]
    fn what_means_nothing_has_a_reason() {
        for cron in ["0 9 * *", "61 9 * * *", "0 9 30 2 *", "at nine", ""] {
            assert!(Schedule::new(cron, "").is_err(), "{cron}");
        }
        assert_eq!(
            Schedule { cron: "0 9 1 * *".to_owned(), time_zone: Zone::default() }.fault(),
            None
        );
    }
}
