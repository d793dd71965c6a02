//! The one place that reads the wall clock, and how moments are written for people and programs.

use engine::Time;
use jiff::Timestamp;

/// The moment now, in UTC.
pub fn now() -> Time {
    Time(Timestamp::now().as_millisecond())
}

/// A moment as RFC 3339 with milliseconds: `2026-11-23T15:32:10.125Z`.
pub fn rfc3339(at: Time) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| "-".to_owned(), |at| format!("{at:.3}"))
}

/// A moment as PHLO writes it: `2018-11-03 19:32:33.210000+00:00`.
pub fn phlo_style(at: Time) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(
        |_| "-".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S.%6f+00:00").to_string(),
    )
}

/// A moment as Plivo's filters read it: `2018-11-03 19:32:33`.
pub fn plivo_style(at: Time) -> String {
    Timestamp::from_millisecond(at.0)
        .map_or_else(|_| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::{phlo_style, plivo_style, rfc3339};
    use engine::Time;

    #[test]
    fn a_moment_is_written_in_three_ways() {
        let at = Time(1_541_273_553_210);
        assert_eq!(rfc3339(at), "2018-11-03T19:32:33.210Z");
        assert_eq!(phlo_style(at), "2018-11-03 19:32:33.210000+00:00");
        assert_eq!(plivo_style(at), "2018-11-03 19:32:33");
    }
}
