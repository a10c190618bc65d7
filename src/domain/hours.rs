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
