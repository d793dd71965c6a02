//! Points in time as the ledger and Plivo write them.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A moment. In JSON it is RFC 3339 in UTC, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(Timestamp);

impl At {
    pub(crate) fn now() -> At {
        At(Timestamp::now())
    }

    /// `2025-11-23 15:40:01+00:00`: how call and message records write a time.
    pub(crate) fn record(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S+00:00").to_string()
    }

    /// `2025-11-23 15:40:01`: how voice webhooks write a time.
    pub(crate) fn voice(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `2025-11-23 15:40:01.123456`: how message webhooks write a time.
    pub(crate) fn message(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string()
    }

    /// Seconds from `earlier` to this moment, never negative.
    pub(crate) fn seconds_since(self, earlier: At) -> f64 {
        let micros = self.0.as_microsecond().saturating_sub(earlier.0.as_microsecond()).max(0);
        micros as f64 / 1_000_000.0
    }

    /// Milliseconds since 1970, as recording times are written.
    pub(crate) fn epoch_ms(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%Y-%m-%dT%H:%M:%S.%6fZ"))
    }
}
