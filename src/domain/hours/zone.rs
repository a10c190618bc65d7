//! Time zones, and what their clocks show when: also in nights in which they are put forward or back.

use std::fmt;

use jiff::{
    civil,
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// A time zone by its IANA name, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// Why a text is no [`Zone`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a time zone by its IANA name, such as \"Europe/Berlin\"")]
pub struct UnknownZone;

impl Zone {
    /// Parses an IANA name.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone)?;
        zone.iana_name()
            .is_some()
            .then_some(Self(zone))
            .ok_or(UnknownZone)
    }

    /// A zone that has a name already.
    #[must_use]
    pub fn of(zone: &TimeZone) -> Self {
        Self(zone.clone())
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// For arithmetic.
    #[must_use]
    pub const fn as_tz(&self) -> &TimeZone {
        &self.0
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;
    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which of two moments is meant, where a clock that is put back shows a time twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    First,
    Last,
}

/// When the clocks of a zone show a time of a day; one that they skip is over when they skip it.
pub(super) fn moment(
    zone: &TimeZone,
    day: civil::Date,
    time: civil::Time,
    shown: Shown,
) -> Option<Timestamp> {
    let local = day.to_datetime(time);
    let offset = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { before, after } => match shown {
            Shown::First => before,
            Shown::Last => after,
        },
        AmbiguousOffset::Gap { after, .. } => {
            // By the later offset the moment lies before the clocks are put forward.
            let earlier = after.to_timestamp(local).ok()?;
            return zone.following(earlier).next().map(|skip| skip.timestamp());
        }
    };
    offset.to_timestamp(local).ok()
}
