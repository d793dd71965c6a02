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
}
