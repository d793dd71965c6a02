//! The cron lines that have a plain name, both ways.

use crate::form::{hours::DAYS, time_of_day::clock};

/// On which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    All,
    Weekdays,
    /// From Monday.
    Some([bool; 7]),
    OfMonth(u8),
}

/// Days and a time, minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub days: Days,
    pub minutes: u16,
}

impl Days {
    /// Its name in the list of choices.
    pub fn kind(self) -> &'static str {
        match self {
            Days::All => "daily",
            Days::Weekdays => "weekdays",
            Days::Some(_) => "weekly",
            Days::OfMonth(_) => "monthly",
        }
    }

    /// What a choice begins with.
    pub fn of_kind(kind: &str, before: Days) -> Days {
        match kind {
            "weekdays" => Days::Weekdays,
            "weekly" if before == Days::Weekdays => {
                Days::Some([true, true, true, true, false, false, false])
            }
            "weekly" => Days::Some([true, false, false, false, false, false, false]),
            "monthly" => Days::OfMonth(1),
            _ => Days::All,
        }
    }
}

impl Plan {
    /// The plan of a line, if it has a plain name.
    pub fn of_cron(line: &str) -> Option<Plan> {
        let [minute, hour, day, "*", weekday] = *line.split_whitespace().collect::<Vec<_>>() else {
            return None;
        };
        let (minute, hour): (u16, u16) = (minute.parse().ok()?, hour.parse().ok()?);
        let minutes = (hour < 24 && minute < 60).then_some(hour * 60 + minute)?;
        let weekday = weekday.to_lowercase();
        let days = match (day, weekday.as_str()) {
            ("*", "*") => Days::All,
            ("*", "mon-fri" | "1-5") => Days::Weekdays,
            ("*", list) => {
                let mut days = [false; 7];
                for name in list.split(',') {
                    days[day_of(name)?] = true;
                }
                Days::Some(days)
            }
            (day, "*") => Days::OfMonth(day.parse().ok().filter(|day| (1..=31).contains(day))?),
            _ => return None,
        };
        Some(Plan { days, minutes })
    }

    /// Its line.
    pub fn to_cron(self) -> String {
        let (day, weekday) = match self.days {
            Days::All => ("*".to_owned(), "*".to_owned()),
            Days::Weekdays => ("*".to_owned(), "mon-fri".to_owned()),
            Days::Some(days) => {
                ("*".to_owned(), chosen(days).map(|day| DAYS[day].0).collect::<Vec<_>>().join(","))
            }
            Days::OfMonth(day) => (day.to_string(), "*".to_owned()),
        };
        format!("{} {} {day} * {weekday}", self.minutes % 60, self.minutes / 60)
    }

    /// As people say it: "Every Monday and Thursday at 09:00."
    pub fn words(self) -> String {
        let days = match self.days {
            Days::All => "Every day".to_owned(),
            Days::Weekdays => "Monday to Friday".to_owned(),
            Days::Some(days) => {
                let names: Vec<&str> = chosen(days).map(|day| DAYS[day].1).collect();
                match names.split_last() {
                    Some((last, [])) => format!("Every {last}"),
                    Some((last, others)) => format!("Every {} and {last}", others.join(", ")),
                    None => String::new(),
                }
            }
            Days::OfMonth(day) => format!("On day {day} of every month"),
        };
        format!("{days} at {}.", clock(self.minutes))
    }
}

fn chosen(days: [bool; 7]) -> impl Iterator<Item = usize> {
    (0..7).filter(move |day| days[*day])
}

/// A weekday by its name or number; cron counts from Sunday, which is 0 and 7.
fn day_of(name: &str) -> Option<usize> {
    match name.parse::<usize>() {
        Ok(number) => (number <= 7).then_some((number + 6) % 7),
        Err(_) => DAYS.iter().position(|(day, _)| *day == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_plain_name_go_both_ways() {
        for (line, words) in [
            ("0 9 * * *", "Every day at 09:00."),
            ("30 17 * * mon-fri", "Monday to Friday at 17:30."),
            ("0 9 * * mon,thu", "Every Monday and Thursday at 09:00."),
            ("15 0 31 * *", "On day 31 of every month at 00:15."),
        ] {
            let plan = Plan::of_cron(line).unwrap();
            assert_eq!((plan.words().as_str(), plan.to_cron().as_str()), (words, line));
        }
        assert_eq!(
            Plan::of_cron("0 9 * * 0,6").map(Plan::to_cron).as_deref(),
            Some("0 9 * * sat,sun")
        );
    }

    #[test]
    fn other_lines_stay_lines() {
        for line in
            ["*/5 * * * *", "0 9 1 1 *", "0 9 1 * mon", "0 25 * * *", "0 9 * * noday", "", "9"]
        {
            assert_eq!(Plan::of_cron(line), None, "{line}");
        }
    }
}
