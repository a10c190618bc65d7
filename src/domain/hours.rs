//! A desk's opening hours in its own time zone.

use jiff::{Zoned, civil, tz::TimeZone};

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
    /// The openings; none means always open.
    pub openings: Vec<Opening>,
}

impl Hours {
    /// Round the clock.
    #[must_use]
    pub fn always() -> Self {
        Self {
            zone: TimeZone::UTC,
            openings: Vec::new(),
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
