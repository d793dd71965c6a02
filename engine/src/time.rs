//! Moments, as they are told to the engine: it never reads a clock.

use serde::{Deserialize, Serialize};

/// A moment in UTC, in milliseconds since 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The moment this many milliseconds later; stops at the end of time instead of wrapping.
    pub fn plus_ms(self, ms: i64) -> Time {
        Time(self.0.saturating_add(ms))
    }

    /// The moment this many seconds later.
    pub fn plus_s(self, s: u64) -> Time {
        self.plus_ms(i64::try_from(s).unwrap_or(i64::MAX / 1000).saturating_mul(1000))
    }

    /// As people and other systems write it: RFC 3339 in UTC; empty for a moment beyond the year 9999.
    pub fn to_rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0)
            .map(|moment| moment.to_string())
            .unwrap_or_default()
    }
}
