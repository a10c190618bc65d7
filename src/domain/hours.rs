//! When people are rung: a desk's opening hours in its own time zone, and the quiet hours of wherever
//! the customer may be.

use std::fmt;

use jiff::{Zoned, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::time::{Length, Timestamp, after};

/// One stretch of opening time on one weekday, from `from` up to but not including `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The weekday.
    pub day: civil::Weekday,
    /// Opens.
    pub from: civil::Time,
    /// Closes; `None` at midnight.
    pub to: Option<civil::Time>,
}

/// When a desk works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The zone that the openings are in.
    pub zone: TimeZone,
    /// The openings; none means always open, but for holidays.
    pub openings: Vec<Opening>,
    /// Days on which the desk is closed.
    pub holidays: Vec<Holiday>,
}

/// A day on which a desk is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// Once.
    On(civil::Date),
    /// Every year; 29 February in leap years only.
    Yearly {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// A time of the day in which customers are not rung, from `from` up to but not including `to`. One
/// that ends before it begins goes past midnight; one that ends when it begins is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Begins.
    pub from: civil::Time,
    /// Ends.
    pub to: civil::Time,
}

impl QuietHours {
    /// 21:00 to 08:00.
    #[must_use]
    pub const fn at_night() -> Self {
        Self {
            from: civil::time(21, 0, 0, 0),
            to: civil::time(8, 0, 0, 0),
        }
    }

    /// At no time.
    #[must_use]
    pub const fn never() -> Self {
        Self {
            from: civil::Time::midnight(),
            to: civil::Time::midnight(),
        }
    }

    /// When it is quiet no more in any of these zones, if it is in one at that moment; what is quiet
    /// there then is not looked at.
    #[must_use]
    pub fn ends_after(&self, at: Timestamp, zones: &[Zone]) -> Option<Timestamp> {
        zones.iter().filter_map(|zone| self.ends_in(at, zone)).max()
    }

    fn ends_in(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let local = at.to_zoned(zone.as_tz().clone());
        let (from, to, time) = (self.from, self.to, local.time());
        let (is_quiet, ends_tomorrow) = if from <= to {
            (from <= time && time < to, false)
        } else {
            (time >= from || time < to, time >= from)
        };
        if !is_quiet {
            return None;
        }
        let day = if ends_tomorrow {
            local.date().tomorrow().ok()?
        } else {
            local.date()
        };
        let ends = day.to_datetime(to).to_zoned(zone.as_tz().clone()).ok()?;
        Some(ends.timestamp()).filter(|ends| *ends > at)
    }
}

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

impl Hours {
    /// Round the clock.
    #[must_use]
    pub fn always() -> Self {
        Self {
            zone: TimeZone::UTC,
            openings: Vec::new(),
            holidays: Vec::new(),
        }
    }

    /// Whether the desk works at that moment.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        if self.openings.is_empty() {
            return true;
        }
        let local = at.to_zoned(self.zone.clone());
        self.openings.iter().any(|opening| {
            opening.day == local.weekday()
                && opening.from <= local.time()
                && opening.to.is_none_or(|to| local.time() < to)
        })
    }

    /// When the desk opens, if it is closed at that moment; `None` too if it never opens.
    #[must_use]
    pub fn opens_after(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return None;
        }
        let mut day = at.to_zoned(self.zone.clone());
        // Today may have no more openings; this weekday in a week has all of them.
        for _ in 0..=7 {
            let openings = self.openings.iter().filter_map(|opening| opening.on(&day));
            let next = openings.map(|(opens, _)| opens).filter(|opens| *opens > at);
            if let Some(next) = next.min() {
                return Some(next);
            }
            day = day.tomorrow().and_then(|next| next.start_of_day()).ok()?;
        }
        None
    }

    /// The moment by which the desk has worked for `length` since `from`.
    ///
    /// Looks two weeks ahead at most; a desk that is closed that long is told at the end of it.
    #[must_use]
    pub fn worked(&self, from: Timestamp, length: Length) -> Timestamp {
        if self.openings.is_empty() {
            return after(from, length);
        }
        let mut left = length.as_signed();
        let mut day = from.to_zoned(self.zone.clone());
        for _ in 0..=14 {
            let mut stretches: Vec<(Timestamp, Timestamp)> = self
                .openings
                .iter()
                .filter_map(|opening| opening.on(&day))
                .collect();
            stretches.sort_unstable();
            for (opens, closes) in stretches {
                let starts = opens.max(from);
                let open_for = closes.duration_since(starts);
                if open_for >= left {
                    return starts.saturating_add(left).unwrap_or(Timestamp::MAX);
                }
                if open_for.is_positive() {
                    left = left.saturating_sub(open_for);
                }
            }
            match day.tomorrow().and_then(|next| next.start_of_day()) {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        day.timestamp()
    }
}

impl Opening {
    /// This opening on the day of `day`, if it is that weekday.
    fn on(&self, day: &Zoned) -> Option<(Timestamp, Timestamp)> {
        if self.day != day.weekday() {
            return None;
        }
        let zoned = |date: civil::Date, time: civil::Time| {
            date.to_datetime(time)
                .to_zoned(day.time_zone().clone())
                .ok()
        };
        let opens = zoned(day.date(), self.from)?;
        let closes = match self.to {
            Some(to) => zoned(day.date(), to)?,
            None => zoned(day.date().tomorrow().ok()?, civil::Time::midnight())?,
        };
        Some((opens.timestamp(), closes.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{
        civil::{Weekday, time},
        tz::TimeZone,
    };

    use super::{Hours, Opening, Timestamp};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_closed_desk_says_when_it_opens() {
        let opening = |day, from, to| Opening {
            day,
            from: time(from, 0, 0, 0),
            to: Some(time(to, 0, 0, 0)),
        };
        let hours = Hours {
            zone: TimeZone::get("Europe/Berlin").expect("a zone"),
            openings: vec![
                opening(Weekday::Monday, 13, 17),
                opening(Weekday::Monday, 9, 12),
                opening(Weekday::Friday, 9, 12),
            ],
            holidays: Vec::new(),
        };
        let monday_9 = at("2026-01-05T08:00:00Z");
        // Friday noon, Saturday, Monday before opening, in Berlin.
        for closed in [
            "2026-01-02T11:00:00Z",
            "2026-01-03T15:00:00Z",
            "2026-01-05T07:59:59Z",
        ] {
            assert_eq!(hours.opens_after(at(closed)), Some(monday_9), "{closed}");
        }
        assert_eq!(
            hours.opens_after(at("2026-01-05T11:30:00Z")),
            Some(at("2026-01-05T12:00:00Z")),
            "after lunch"
        );
        assert_eq!(hours.opens_after(monday_9), None, "it is open");
        assert_eq!(Hours::always().opens_after(monday_9), None);
    }
}
