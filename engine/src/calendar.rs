//! Opening hours: what a week looks like, and the days that are not like others. All of it goes by the clocks of one place.

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Deserializer, de};
use std::fmt;

/// How far ahead the next opening is looked for, in days: a yearly event and a leap day are within.
const DAYS_AHEAD_MAX: usize = 370;

const MINUTES_OF_DAY: u16 = 24 * 60;

/// From one minute of a day to another, which it does not include; one whose end is not after its beginning goes on after midnight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    from: u16,
    to: u16,
}

impl Span {
    fn is_overnight(self) -> bool {
        self.to <= self.from
    }

    /// Whether a minute of its own day is within.
    fn has(self, minute: u16) -> bool {
        minute >= self.from && (self.is_overnight() || minute < self.to)
    }

    /// Whether a minute of the day after is within.
    fn has_next_day(self, minute: u16) -> bool {
        self.is_overnight() && minute < self.to
    }

    fn parse(text: &str) -> Option<Span> {
        let (from, to) = text.split_once(['-', '–'])?;
        let (from, to) = (minute(from)?, minute(to)?);
        (from < MINUTES_OF_DAY && from != to).then_some(Span { from, to })
    }
}

/// `09:30` as minutes since midnight; `24:00` is the end of the day.
pub(crate) fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hour, 1..=2) || !is_number(minute, 2..=2) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= MINUTES_OF_DAY).then_some(minutes)
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { from, to } = self;
        write!(formatter, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Span::parse(&text).ok_or_else(|| {
            de::Error::custom(format!("`{text}` is no span of hours such as 09:00-17:00"))
        })
    }
}

/// The hours of each day of a week.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Week {
    mon: Vec<Span>,
    tue: Vec<Span>,
    wed: Vec<Span>,
    thu: Vec<Span>,
    fri: Vec<Span>,
    sat: Vec<Span>,
    sun: Vec<Span>,
}

impl Week {
    fn days(&self) -> [(&'static str, &[Span]); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }

    fn of(&self, weekday: Weekday) -> &[Span] {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0);
        self.days()[index % 7].1
    }

    /// Whether it is never open.
    pub(crate) fn is_empty(&self) -> bool {
        self.days().iter().all(|(_, spans)| spans.is_empty())
    }

    /// Days two of whose spans overlap, each with a sentence.
    pub(crate) fn overlaps(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (day, spans) in self.days() {
            for (index, span) in spans.iter().enumerate() {
                let other = spans[..index]
                    .iter()
                    .find(|other| other.has(span.from) || span.has(other.from));
                if let Some(other) = other {
                    found.push((day, format!("{other} and {span} overlap.")));
                }
            }
        }
        found
    }

    /// On one line: `mon 09:00-17:00, tue–fri …`.
    pub(crate) fn summary(&self) -> String {
        let mut parts: Vec<(&str, &str, &[Span])> = Vec::new();
        for (day, spans) in self.days() {
            match parts.last_mut() {
                Some((_, last, same)) if *same == spans => *last = day,
                _ => parts.push((day, day, spans)),
            }
        }
        let parts = parts.iter().filter(|(_, _, spans)| !spans.is_empty());
        let parts = parts.map(|(first, last, spans)| {
            let days =
                if first == last { (*first).to_owned() } else { format!("{first}–{last}") };
            let spans: Vec<String> = spans.iter().map(Span::to_string).collect();
            format!("{days} {}", spans.join(" "))
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// A day, in one year or in each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayDate {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl DayDate {
    fn parse(text: &str) -> Option<DayDate> {
        let text = text.trim();
        let parts: Vec<&str> = text.split('-').collect();
        let (year, month, day) = match parts.as_slice() {
            [year, month, day] => (Some(year.parse().ok()?), month, day),
            [month, day] => (None, month, day),
            _ => return None,
        };
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // A year that has a 29th of February, for a day that comes each year.
        Date::new(year.unwrap_or(2024), month, day).ok()?;
        Some(DayDate { year, month, day })
    }

    fn is(self, date: Date) -> bool {
        self.year.is_none_or(|year| year == date.year())
            && (self.month, self.day) == (date.month(), date.day())
    }
}

impl fmt::Display for DayDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(formatter, "{year:04}-")?;
        }
        write!(formatter, "{:02}-{:02}", self.month, self.day)
    }
}

impl fmt::Debug for DayDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<'de> Deserialize<'de> for DayDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DayDate::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is no day such as 2026-12-24, or 12-25 for each year"
            ))
        })
    }
}

/// A day that is not like others; without hours it is closed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Holiday {
    date: DayDate,
    #[serde(default)]
    name: String,
    #[serde(default)]
    hours: Vec<Span>,
}

impl Holiday {
    /// Which day.
    pub(crate) fn date(&self) -> DayDate {
        self.date
    }

    /// What people call it; its date where it has no name.
    pub(crate) fn name(&self) -> String {
        if self.name.trim().is_empty() { self.date.to_string() } else { self.name.clone() }
    }
}

/// A week and its exceptions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar<'a> {
    pub(crate) week: &'a Week,
    pub(crate) holidays: &'a [Holiday],
}

/// What a date is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Day<'a> {
    /// A day like others, with its hours.
    Plain(&'a [Span]),
    /// A holiday.
    Holiday(&'a Holiday),
}

impl<'a> Day<'a> {
    fn spans(self) -> &'a [Span] {
        match self {
            Day::Plain(spans) => spans,
            Day::Holiday(holiday) => &holiday.hours,
        }
    }
}

impl<'a> Calendar<'a> {
    /// What a date is. A row for that very year counts before one for each year.
    pub(crate) fn day(&self, date: Date) -> Day<'a> {
        let mut rows = self.holidays.iter().filter(|holiday| holiday.date.is(date));
        let first = rows.next();
        let exact = first.into_iter().chain(rows).find(|holiday| holiday.date.year.is_some());
        exact.or(first).map_or_else(|| Day::Plain(self.week.of(date.weekday())), Day::Holiday)
    }

    /// Whether it is open when clocks show a time.
    pub(crate) fn is_open(&self, clock: DateTime) -> bool {
        let minute = minute_of(clock);
        let today = self.day(clock.date());
        if today.spans().iter().any(|span| span.has(minute)) {
            return true;
        }
        // A night goes on until its end, but not into a holiday.
        matches!(today, Day::Plain(_))
            && clock.date().yesterday().is_ok_and(|yesterday| {
                self.day(yesterday).spans().iter().any(|span| span.has_next_day(minute))
            })
    }

    /// When it opens next, by the clocks; nothing where that is beyond a year.
    pub(crate) fn opens_after(&self, clock: DateTime) -> Option<DateTime> {
        let mut date = clock.date();
        for _ in 0..DAYS_AHEAD_MAX {
            let spans = self.day(date).spans().iter();
            let openings = spans.filter(|span| date > clock.date() || span.from > minute_of(clock));
            if let Some(span) = openings.min_by_key(|span| span.from) {
                let (hour, minute) = (span.from / 60, span.from % 60);
                let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
                return Some(date.at(hour, minute, 0, 0));
            }
            date = date.tomorrow().ok()?;
        }
        None
    }
}

fn minute_of(clock: DateTime) -> u16 {
    let minutes = i32::from(clock.hour()) * 60 + i32::from(clock.minute());
    u16::try_from(minutes).unwrap_or(0)
}

#[cfg(test)]
#[cfg(feature = "time-zones")]
mod tests {
    use super::*;
    use crate::{time::Time, zone::Zone};
    use serde_json::{Value as Json, json};

    /// Whether it is open at some moments, and when it opens next after each at which it is not.
    fn told(zone: &str, hours: Json, holidays: Json, moments: &[&str]) -> Vec<String> {
        let zone = Zone::named(zone);
        let week: Week = serde_json::from_value(hours).unwrap();
        let holidays: Vec<Holiday> = serde_json::from_value(holidays).unwrap();
        let calendar = Calendar { week: &week, holidays: &holidays };
        let tell = |moment: &&str| {
            let moment: jiff::Timestamp = moment.parse().unwrap();
            let clock = zone.clock(Time(moment.as_millisecond()));
            if calendar.is_open(clock) {
                return "open".to_owned();
            }
            let next = calendar.opens_after(clock).and_then(|next| zone.moment(next));
            next.map_or_else(|| "closed".to_owned(), |next| zone.written(next))
        };
        moments.iter().map(tell).collect()
    }

    #[test]
    fn hours_follow_the_clocks_into_summer_and_back() {
        // In Berlin clocks go from 2 to 3 on 29 March 2026 and from 3 to 2 on 25 October, both Sundays.
        let hours = json!({ "sun": ["01:30-02:30", "8:00-9:00"] });
        assert_eq!(
            told(
                "Europe/Berlin",
                hours.clone(),
                json!([]),
                &[
                    "2026-03-29T00:29:59Z", // 01:29:59
                    "2026-03-29T00:30:00Z", // 01:30
                    "2026-03-29T00:59:59Z", // 01:59:59, then 03:00
                    "2026-03-29T01:00:00Z",
                    "2026-03-29T06:00:00Z", // 08:00 in summer
                ]
            ),
            ["2026-03-29T01:30:00+01:00", "open", "open", "2026-03-29T08:00:00+02:00", "open"]
        );
        assert_eq!(
            told(
                "Europe/Berlin",
                hours,
                json!([]),
                &[
                    "2026-10-25T00:15:00Z", // 02:15 for the first time
                    "2026-10-25T00:45:00Z", // 02:45
                    "2026-10-25T01:15:00Z", // 02:15 for the second time
                    "2026-10-25T07:00:00Z", // 08:00 in winter
                ]
            ),
            ["open", "2026-10-25T08:00:00+01:00", "open", "open"]
        );
        // An opening at a time that clocks skip is as much later.
        assert_eq!(
            told(
                "Europe/Berlin",
                json!({ "sun": ["02:30-10:00"] }),
                json!([]),
                &["2026-03-28T23:00:00Z"]
            ),
            ["2026-03-29T03:30:00+02:00"]
        );
    }

    #[test]
    fn a_day_is_that_of_the_place_and_a_night_goes_on_until_its_end() {
        let moments = [
            "2026-01-05T11:00:00Z",
            "2026-01-05T22:00:00Z",
            "2026-01-06T17:59:59Z",
            "2026-01-06T18:00:00Z",
        ];
        // In Auckland it is Tuesday already at the first.
        assert_eq!(
            told("Pacific/Auckland", json!({ "tue": ["00:00-24:00"] }), json!([]), &moments[..2]),
            ["open", "open"]
        );
        let nights = json!({ "mon": ["18:00-02:00"], "tue": ["22:00-03:00"] });
        let moments = [
            "2026-01-05T17:59:59Z",
            "2026-01-05T18:00:00Z",
            "2026-01-06T01:59:59Z",
            "2026-01-06T02:00:00Z",
            "2026-01-07T02:59:59Z",
            "2026-01-07T03:00:00Z",
        ];
        assert_eq!(
            told("UTC", nights, json!([]), &moments),
            [
                "2026-01-05T18:00:00+00:00",
                "open",
                "open",
                "2026-01-06T22:00:00+00:00",
                "open",
                "2026-01-12T18:00:00+00:00"
            ]
        );
        assert_eq!(told("UTC", json!({}), json!([]), &moments[..1]), ["closed"]);
    }

    #[test]
    fn a_holiday_has_its_own_hours_and_one_of_a_year_counts_before_one_of_each() {
        let hours = json!({ "thu": ["09:00-17:00", "20:00-04:00"], "fri": ["09:00-17:00"], "sat": ["09:00-12:00"] });
        let holidays = json!([
            { "date": "12-24", "name": "Christmas Eve", "hours": ["10:00-12:00"] },
            { "date": "12-25", "name": "Christmas" },
            { "date": "2027-12-25", "hours": ["00:00-24:00"] },
            { "date": "02-29" },
        ]);
        assert_eq!(
            told(
                "UTC",
                hours.clone(),
                holidays.clone(),
                &[
                    "2026-12-24T09:30:00Z", // its own hours have not begun
                    "2026-12-24T11:00:00Z",
                    "2026-12-24T21:00:00Z", // no night on that day
                    "2026-12-25T10:00:00Z",
                    "2027-12-25T20:00:00Z",
                ]
            ),
            [
                "2026-12-24T10:00:00+00:00",
                "open",
                "2026-12-26T09:00:00+00:00",
                "2026-12-26T09:00:00+00:00",
                "open"
            ]
        );
        // A night does not go on into a holiday.
        let nights = json!({ "thu": ["20:00-04:00"] });
        assert_eq!(told("UTC", nights.clone(), json!([]), &["2026-12-25T03:00:00Z"]), ["open"]);
        assert_eq!(
            told("UTC", nights, json!([{ "date": "2026-12-25" }]), &["2026-12-25T03:00:00Z"]),
            ["2026-12-31T20:00:00+00:00"]
        );
    }

    #[test]
    fn what_is_no_span_or_day_is_refused() {
        for text in [
            "9-5",
            "09:00",
            "09:00-25:00",
            "24:00-24:00",
            "09:60-10:00",
            "09:00-09:00",
            "0900-1700",
            "-09:00-10:00",
            "",
        ] {
            assert!(Span::parse(text).is_none(), "{text}");
        }
        for text in ["2026-02-29", "02-30", "13-01", "25.12.", "2026-12", "", "1-2-3-4", "-12-25"] {
            assert!(DayDate::parse(text).is_none(), "{text}");
        }
        assert_eq!(
            Span::parse("9:00 – 24:00").map(|span| span.to_string()).as_deref(),
            Some("09:00-24:00")
        );
        assert_eq!(DayDate::parse("02-29").map(|day| day.to_string()).as_deref(), Some("02-29"));
    }

    #[test]
    fn a_week_is_told_on_one_line() {
        let week: Week = serde_json::from_value(json!({ "mon": ["09:00-12:00", "13:00-17:00"], "tue": ["09:00-12:00", "13:00-17:00"], "thu": ["22:00-06:00"] })).unwrap();
        assert_eq!(week.summary(), "mon–tue 09:00-12:00 13:00-17:00, thu 22:00-06:00");
        assert!(week.overlaps().is_empty());
        let week: Week = serde_json::from_value(
            json!({ "mon": ["09:00-12:00", "11:00-13:00"], "sun": ["22:00-06:00", "23:00-23:30"] }),
        )
        .unwrap();
        assert_eq!(
            week.overlaps().into_iter().map(|(day, _)| day).collect::<Vec<_>>(),
            ["mon", "sun"]
        );
    }
}
