//! Quiet hours: when customers are not rung, wherever they may be.

use jiff::civil;

use super::{
    Zone,
    zone::{Shown, moment},
};
use crate::domain::time::Timestamp;

/// A time of the day in which customers are not rung, from `from` up to but not including `to`. One
/// that ends before it begins goes past midnight; one that ends when it begins is never.
///
/// Where a clock shows the end twice, it is quiet up to the second time.
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
        if self.from == self.to {
            return None;
        }
        let today = at.to_zoned(zone.as_tz().clone()).date();
        // What began yesterday may go on past midnight.
        [today.yesterday().ok(), Some(today)]
            .into_iter()
            .flatten()
            .filter_map(|day| self.on(day, zone))
            .find(|(begins, ends)| *begins <= at && at < *ends)
            .map(|(_, ends)| ends)
    }

    /// The quiet hours that begin on a day.
    fn on(&self, day: civil::Date, zone: &Zone) -> Option<(Timestamp, Timestamp)> {
        let last = if self.from < self.to {
            day
        } else {
            day.tomorrow().ok()?
        };
        let begins = moment(zone.as_tz(), day, self.from, Shown::First)?;
        let ends = moment(zone.as_tz(), last, self.to, Shown::Last)?;
        Some((begins, ends))
    }
}
