//! Time zones: what clocks show somewhere at a moment, daylight saving included.
//!
//! The table of zones comes with the program (feature `time-zones`), never from the machine: a run that is made again elsewhere finds the same times. The editor does
//! without the table; there all zones are UTC.

use crate::time::Time;
use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A time zone by its name, whether or not there is one of that name.
#[derive(Clone, PartialEq)]
pub(crate) struct Zone {
    name: String,
    zone: Option<TimeZone>,
}

impl Zone {
    /// The zone of a name such as `Europe/Berlin`; without a name it is UTC.
    pub(crate) fn named(name: &str) -> Zone {
        let name = if name.trim().is_empty() { "UTC" } else { name.trim() };
        Zone { name: name.to_owned(), zone: find(name) }
    }

    /// Its name as it was written.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is none of that name, as far as this program can tell.
    pub(crate) fn is_unknown(&self) -> bool {
        cfg!(feature = "time-zones") && self.zone.is_none()
    }

    /// What its clocks show at a moment.
    pub(crate) fn clock(&self, at: Time) -> civil::DateTime {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        self.zone.as_ref().unwrap_or(&TimeZone::UTC).to_datetime(moment)
    }

    /// The moment at which its clocks show a time. Of two, the first; where they skip it, as much later as they were put forward.
    pub(crate) fn moment(&self, clock: civil::DateTime) -> Option<Time> {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        clock.to_zoned(zone).ok().map(|zoned| Time(zoned.timestamp().as_millisecond()))
    }

    /// A moment as its clocks show it, with their distance from UTC: `2026-07-01T09:00:00+02:00`.
    pub(crate) fn written(&self, at: Time) -> String {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        moment.display_with_offset(zone.to_offset(moment)).to_string()
    }
}

impl Default for Zone {
    fn default() -> Zone {
        Zone::named("UTC")
    }
}

#[cfg(feature = "time-zones")]
fn find(name: &str) -> Option<TimeZone> {
    use jiff::tz::TimeZoneDatabase;
    use std::sync::OnceLock;
    static TABLE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    TABLE.get_or_init(TimeZoneDatabase::bundled).get(name).ok()
}

#[cfg(not(feature = "time-zones"))]
fn find(name: &str) -> Option<TimeZone> {
    (name == "UTC").then_some(TimeZone::UTC)
}

impl fmt::Debug for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Zone::named(&name))
    }
}
