//! When people are rung: a desk's opening hours in its own time zone, and the quiet hours of wherever
//! the customer may be.

mod quiet;
mod zone;

use std::iter;

use jiff::{civil, tz::TimeZone};

use self::zone::{Shown, moment};
pub use self::{
    quiet::QuietHours,
    zone::{UnknownZone, Zone},
};
use super::time::{Length, Timestamp, after};

/// How far ahead an opening is looked for, in days: beyond any holidays.
const FURTHEST: usize = 366;

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
    /// The zone that the openings and holidays are in.
    pub zone: TimeZone,
    /// The openings; none means always open, but for holidays.
    pub openings: Vec<Opening>,
    /// Days on which the desk is closed, from midnight to midnight.
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

impl Holiday {
    fn is_on(self, date: civil::Date) -> bool {
        match self {
            Self::On(day) => day == date,
            Self::Yearly { month, day } => (month, day) == (date.month(), date.day()),
        }
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
        self.is_always_open()
            || self
                .open_on(self.day_of(at))
                .iter()
                .any(|(opens, closes)| *opens <= at && at < *closes)
    }

    /// When the desk opens, if it is closed at that moment; `None` too if it does not open within a
    /// year.
    #[must_use]
    pub fn opens_after(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return None;
        }
        self.days_from(at)
            .flat_map(|day| self.open_on(day))
            .map(|(opens, _)| opens)
            .find(|opens| *opens > at)
    }

    /// The moment by which the desk has worked for `length` since `from`. If it works less than that
    /// within a year, when it last closes in it; if it does not work at all, as if it always did:
    /// nothing waits for ever.
    #[must_use]
    pub fn worked(&self, from: Timestamp, length: Length) -> Timestamp {
        if self.is_always_open() {
            return after(from, length);
        }
        let (mut left, mut last) = (length.as_signed(), None);
        for (opens, closes) in self.days_from(from).flat_map(|day| self.open_on(day)) {
            let starts = opens.max(from);
            let open_for = closes.duration_since(starts);
            if open_for.is_negative() {
                continue;
            }
            if open_for >= left {
                return starts.saturating_add(left).unwrap_or(Timestamp::MAX);
            }
            left = left.saturating_sub(open_for);
            last = Some(closes);
        }
        last.unwrap_or_else(|| after(from, length))
    }

    const fn is_always_open(&self) -> bool {
        self.openings.is_empty() && self.holidays.is_empty()
    }

    fn day_of(&self, at: Timestamp) -> civil::Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The day of that moment and the ones after it.
    fn days_from(&self, at: Timestamp) -> impl Iterator<Item = civil::Date> {
        iter::successors(Some(self.day_of(at)), |day| day.tomorrow().ok()).take(FURTHEST)
    }

    /// When the desk is open on a day, in order and without overlap.
    fn open_on(&self, day: civil::Date) -> Vec<(Timestamp, Timestamp)> {
        if self.holidays.iter().any(|holiday| holiday.is_on(day)) {
            return Vec::new();
        }
        let whole_day = Opening {
            day: day.weekday(),
            from: civil::Time::midnight(),
            to: None,
        };
        let openings = match self.openings.as_slice() {
            [] => &[whole_day],
            openings => openings,
        };
        let mut open: Vec<_> = openings
            .iter()
            .filter_map(|opening| opening.on(day, &self.zone))
            .collect();
        open.sort_unstable();
        open.dedup_by(|later, earlier| {
            let overlap = later.0 < earlier.1;
            if overlap {
                earlier.1 = earlier.1.max(later.1);
            }
            overlap
        });
        open
    }
}

impl Opening {
    /// When this opening begins and ends on a day, if it is that weekday and the clocks do not skip
    /// all of it. Where a clock shows a time twice, it opens at the first and closes at the last.
    fn on(&self, day: civil::Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        if self.day != day.weekday() {
            return None;
        }
        let opens = moment(zone, day, self.from, Shown::First)?;
        let closes = match self.to {
            Some(to) => moment(zone, day, to, Shown::Last)?,
            None => moment(
                zone,
                day.tomorrow().ok()?,
                civil::Time::midnight(),
                Shown::First,
            )?,
        };
        (opens < closes).then_some((opens, closes))
    }
}

#[cfg(test)]
mod tests;
