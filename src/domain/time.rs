//! Points in time and lengths of time. Time is always an argument: nothing here reads a clock.

use std::{fmt, str::FromStr};

pub use jiff::Timestamp;
use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::{Deserialize, Serialize};

/// A length of time of zero or more whole milliseconds, written with units: `"10m"`, `"24h"`,
/// `"30d"` (a day is 24 hours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Length(i64);

impl Length {
    /// The longest length we accept: 100 years.
    const MAX_MILLIS: i64 = 100 * 366 * 24 * 3_600_000;

    /// So many minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes as i64 * 60_000)
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours as i64 * 3_600_000)
    }

    /// So many milliseconds, cut at the longest we accept.
    #[must_use]
    pub fn milliseconds(milliseconds: u64) -> Self {
        Self(
            i64::try_from(milliseconds)
                .unwrap_or(i64::MAX)
                .min(Self::MAX_MILLIS),
        )
    }

    /// In milliseconds.
    #[must_use]
    pub const fn as_milliseconds(self) -> i64 {
        self.0
    }

    /// As the standard library's duration, for timers.
    #[must_use]
    pub fn as_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(u64::try_from(self.0).unwrap_or_default())
    }

    /// As jiff's duration, for arithmetic.
    #[must_use]
    pub const fn as_signed(self) -> SignedDuration {
        SignedDuration::from_millis(self.0)
    }
}

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write a length of time with its unit, such as \"90s\", \"10m\", \"24h\" or \"30d\"")]
pub struct InvalidLength;

impl FromStr for Length {
    type Err = InvalidLength;

    fn from_str(text: &str) -> Result<Self, InvalidLength> {
        let span: Span = text.parse().map_err(|_| InvalidLength)?;
        let length = span
            .to_duration(SpanRelativeTo::days_are_24_hours())
            .map_err(|_| InvalidLength)?;
        let millis = i64::try_from(length.as_millis()).map_err(|_| InvalidLength)?;
        if (0..=Self::MAX_MILLIS).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(InvalidLength)
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let parts = [
            (self.0 / 86_400_000, "d"),
            (self.0 / 3_600_000 % 24, "h"),
            (self.0 / 60_000 % 60, "m"),
            (self.0 / 1_000 % 60, "s"),
            (self.0 % 1_000, "ms"),
        ];
        parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .try_for_each(|(n, unit)| write!(f, "{n}{unit}"))
    }
}

impl Serialize for Length {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// `at` plus `length`, or the end of time.
#[must_use]
pub fn after(at: Timestamp, length: Length) -> Timestamp {
    at.saturating_add(length.as_signed())
        .unwrap_or(Timestamp::MAX)
}

/// Whether `later` lies more than `length` after `earlier`.
#[must_use]
pub fn more_than(length: Length, earlier: Timestamp, later: Timestamp) -> bool {
    later.duration_since(earlier) > length.as_signed()
}

#[cfg(test)]
mod tests {
    use super::{Length, Timestamp, after};

    #[test]
    fn lengths_read_and_print_with_their_units() {
        for text in ["0s", "90s", "10m", "24h", "72h", "30d", "1h30m", "250ms"] {
            let length: Length = text.parse().expect(text);
            assert_eq!(length.to_string().parse::<Length>(), Ok(length), "{text}");
        }
        assert_eq!(
            "72h".parse::<Length>().map(|l| l.to_string()),
            Ok("3d".to_owned())
        );
    }

    #[test]
    fn a_length_needs_a_unit_and_is_never_negative() {
        for text in ["", "10", "ten minutes", "-5m", "99999999999999h", "1mo"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }

    #[test]
    fn adding_past_the_end_of_time_stays_there() {
        assert_eq!(after(Timestamp::MAX, Length::hours(1)), Timestamp::MAX);
    }
}
