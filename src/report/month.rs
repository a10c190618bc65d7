//! A month of the calendar, and when it begins and ends where a desk is.

use std::{fmt, str::FromStr};

use jiff::{ToSpan, civil::Date, tz::TimeZone};

use crate::domain::time::Timestamp;

/// A month of a year, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    first: Date,
}

/// From one moment up to but not including another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: Timestamp,
    /// The first one after it.
    pub to: Timestamp,
}

/// Why a text is no [`Month`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a month as a year and a number, such as 2026-11")]
pub struct InvalidMonth;

impl Month {
    /// The month where clocks show this zone's time: changes of the clock move its ends with them.
    #[must_use]
    pub fn span(self, zone: &TimeZone) -> Span {
        let next = self.first.saturating_add(1.month());
        let midnight = |day: Date, else_at| {
            let zoned = day.to_zoned(zone.clone());
            zoned.map_or(else_at, |zoned| zoned.timestamp())
        };
        Span {
            from: midnight(self.first, Timestamp::MIN),
            to: midnight(next, Timestamp::MAX),
        }
    }

    /// The name in files: `2026-11`.
    #[must_use]
    pub fn name(self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }
}

impl Span {
    /// Whether a moment lies in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let is_plain = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let first = format!("{text}-01").parse().map_err(|_| InvalidMonth)?;
        is_plain.then_some(Self { first }).ok_or(InvalidMonth)
    }
}

impl fmt::Display for Month {
    /// `November 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.strftime("%B %Y").fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{InvalidMonth, Month, Span};

    fn span(month: &str, zone: &str) -> Span {
        let month: Month = month.parse().expect("a month");
        month.span(&TimeZone::get(zone).expect("a zone"))
    }

    fn between(from: &str, to: &str) -> Span {
        Span {
            from: from.parse().expect("a time"),
            to: to.parse().expect("a time"),
        }
    }

    #[test]
    fn a_month_ends_when_the_desks_clocks_say_so_after_they_have_changed() {
        assert_eq!(
            span("2026-10", "Europe/Berlin"),
            between("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        );
        assert_eq!(
            span("2026-03", "America/New_York"),
            between("2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"),
        );
    }

    #[test]
    fn december_ends_with_the_year_and_february_on_its_last_day() {
        assert_eq!(
            span("2026-12", "UTC"),
            between("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        );
        assert_eq!(
            span("2028-02", "UTC").to,
            between("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z").to,
        );
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "Nov",
        ] {
            assert_eq!(text.parse::<Month>(), Err(InvalidMonth), "{text}");
        }
    }

    #[test]
    fn a_month_reads_as_people_and_as_files_name_it() {
        let month: Month = "2026-11".parse().expect("a month");
        assert_eq!(
            (month.to_string(), month.name()),
            ("November 2026".to_owned(), "2026-11".to_owned())
        );
    }
}
