//! When a workflow runs by itself: `start`'s schedule, a cron expression of five fields meant in a time zone.
//!
//! Where clocks are put forward, a moment that does not exist comes an hour later by the clock; where they are put back, one that exists twice comes once.

use crate::{error::Error, store::schedules::ScheduleRow};
use engine::{Document, Time};

/// How late a missed moment is made good, in milliseconds: nobody wants this morning's reminder in the evening.
const LATE_MS_MAX: i64 = 3_600_000;

/// A schedule that means something.
#[derive(Debug)]
pub struct Schedule(engine::Schedule);

impl Schedule {
    /// The schedule of a workflow, if it has one.
    ///
    /// # Errors
    /// It cannot be read, or its moment never comes; the message says which field is wrong.
    pub fn of(document: &Document) -> Result<Option<Schedule>, Error> {
        let schedule = engine::Schedule::of(document).map_err(|why| {
            Error::Invalid(format!(
                "the schedule of `{}` cannot be used: {why}; {REMEDY}",
                document.id
            ))
        })?;
        Ok(schedule.map(Schedule))
    }

    /// A schedule by its parts; without a time zone it is meant in UTC.
    ///
    /// # Errors
    /// As [`Schedule::of`].
    pub fn new(cron: &str, time_zone: &str) -> Result<Schedule, Error> {
        engine::Schedule::new(cron, time_zone).map(Schedule).map_err(|why| {
            Error::Invalid(format!(
                "the schedule `{cron}` in `{time_zone}` cannot be used: {why}; {REMEDY}"
            ))
        })
    }

    /// The first planned moment after another one; nothing if there is none.
    pub fn next_after(&self, at: Time) -> Option<Time> {
        self.0.next_after(at).ok()
    }

    /// The moment to make good, when the one planned first was missed: the latest that has come, unless that is too long ago.
    pub fn latest(&self, planned_at: Time, now: Time) -> Option<Time> {
        let mut at = Time(planned_at.0.max(now.0 - LATE_MS_MAX - 1));
        let mut latest =
            (planned_at <= now && planned_at.0 >= now.0 - LATE_MS_MAX).then_some(planned_at);
        // A cron expression names a minute at the finest, so these are sixty at most.
        while let Some(next) = self.next_after(at).filter(|next| *next <= now) {
            latest = Some(next);
            at = next;
        }
        latest
    }

    /// Its row.
    pub fn row(&self, workflow_id: &str, planned_at: Time) -> ScheduleRow {
        ScheduleRow {
            workflow_id: workflow_id.to_owned(),
            cron: self.0.cron().to_owned(),
            time_zone: self.0.time_zone().to_owned(),
            planned_at: planned_at.0,
        }
    }
}

const REMEDY: &str = "write minute, hour, day, month and weekday, such as `30 8 * * MON-FRI`, and a time zone such as Europe/Berlin";

#[cfg(test)]
mod tests {
    use super::Schedule;
    use crate::clock::rfc3339;
    use engine::Time;
    use jiff::Timestamp;

    fn at(text: &str) -> Time {
        Time(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    fn next(cron: &str, zone: &str, after: &str) -> String {
        rfc3339(Schedule::new(cron, zone).unwrap().next_after(at(after)).unwrap())
    }

    #[test]
    fn a_schedule_is_meant_in_its_time_zone_in_summer_and_in_winter() {
        assert_eq!(
            next("30 8 * * MON-FRI", "Europe/Berlin", "2026-11-20T08:00:00Z"),
            "2026-11-23T07:30:00.000Z"
        );
        assert_eq!(
            next("30 8 * * *", "Europe/Berlin", "2026-07-01T08:00:00Z"),
            "2026-07-02T06:30:00.000Z"
        );
        assert_eq!(next("0 0 29 2 *", "", "2026-07-01T08:00:00Z"), "2028-02-29T00:00:00.000Z");
    }

    #[test]
    fn of_missed_moments_the_latest_is_made_good_if_it_is_not_too_late() {
        let schedule = Schedule::new("*/10 * * * *", "UTC").unwrap();
        let now = at("2026-11-20T12:05:00Z");
        assert_eq!(
            schedule.latest(at("2026-11-01T00:00:00Z"), now),
            Some(at("2026-11-20T12:00:00Z"))
        );
        assert_eq!(
            schedule.latest(at("2026-11-20T12:00:00Z"), now),
            Some(at("2026-11-20T12:00:00Z"))
        );
        let daily = Schedule::new("0 9 * * *", "UTC").unwrap();
        assert_eq!(daily.latest(at("2026-11-20T09:00:00Z"), now), None);
        assert_eq!(
            daily.latest(at("2026-11-19T09:00:00Z"), at("2026-11-20T09:59:00Z")),
            Some(at("2026-11-20T09:00:00Z"))
        );
        assert_eq!(schedule.latest(at("2026-11-20T12:10:00Z"), now), None);
    }

    #[test]
    fn what_is_no_schedule_is_refused_in_words() {
        for (cron, zone) in [
            ("* * * *", "UTC"),
            ("61 * * * *", "UTC"),
            ("* * * * *", "Mars/Olympus"),
            ("0 0 30 2 *", "UTC"),
            ("* * * * * UTC", "UTC"),
        ] {
            let refusal = Schedule::new(cron, zone).unwrap_err().to_string();
            assert!(refusal.contains("Europe/Berlin"), "{refusal}");
        }
    }
}
