//! Times as the viewer reads them: in their own zone, and in words where they are near.
//!
//! The script sets a cookie `zone` with the browser's IANA name; without it, or where it is no such
//! name, the desk's zone holds. The server writes every time, so a page without script is right too.

use std::{convert::Infallible, fmt};

use askama::filters::HtmlSafe;
use axum::{extract::FromRequestParts, http::request};
use cookie::Cookie;
use jiff::{Zoned, civil, tz::TimeZone};

use crate::{
    domain::time::Timestamp,
    rules::Rules,
    web::{Parts, cookie as sent},
};

/// The cookie's name.
const COOKIE: &str = "zone";

/// "Now", and the viewer's zone.
#[derive(Debug, Clone)]
pub(in crate::web) struct Times {
    zone: TimeZone,
    now: Timestamp,
}

impl Times {
    /// Of a viewer in that zone.
    pub(in crate::web) const fn new(zone: TimeZone, now: Timestamp) -> Self {
        Self { zone, now }
    }

    /// What time it is.
    pub(in crate::web) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The zone's IANA name, such as `Europe/Berlin`.
    pub(in crate::web) fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// "just now", "3 min ago", "2 h ago", and from a day on the date. Ticks on while the page is
    /// open.
    pub(in crate::web) fn ago(&self, at: Timestamp) -> Shown {
        let words = ago(self.now, at).unwrap_or_else(|| self.words(at));
        self.shown(at, words, true)
    }

    /// "14:05", "yesterday 14:05", "Mon 5 Jan 14:05", and in other years the year too.
    pub(in crate::web) fn at(&self, at: Timestamp) -> Shown {
        self.shown(at, self.words(at), false)
    }

    /// What a field for date and time shows: `2026-01-05T14:05`.
    pub(in crate::web) fn for_field(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        local.strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// Nine o'clock on the next day of the viewer's calendar.
    pub(in crate::web) fn tomorrow_at_nine(&self) -> Option<Timestamp> {
        let tomorrow = self.now.to_zoned(self.zone.clone()).tomorrow().ok()?;
        let nine = tomorrow.date().at(9, 0, 0, 0);
        let nine = nine.to_zoned(self.zone.clone()).ok()?;
        Some(nine.timestamp())
    }

    fn shown(&self, at: Timestamp, words: String, ticks: bool) -> Shown {
        let local = at.to_zoned(self.zone.clone());
        Shown {
            at,
            title: local.strftime("%a %-d %b %Y %H:%M:%S %Z").to_string(),
            words,
            ticks,
        }
    }

    fn words(&self, at: Timestamp) -> String {
        let then = at.to_zoned(self.zone.clone());
        let now = self.now.to_zoned(self.zone.clone());
        let time = then.strftime("%H:%M");
        match days_between(now.date(), then.date()) {
            0 => time.to_string(),
            -1 => format!("yesterday {time}"),
            1 => format!("tomorrow {time}"),
            _ if then.year() == now.year() => then.strftime("%a %-d %b %H:%M").to_string(),
            _ => then.strftime("%-d %b %Y %H:%M").to_string(),
        }
    }
}

/// What a field for date and time holds, read in the zone that the field was shown in. `None` if
/// either is no such thing. A time that a change of clocks skips is the one after it.
pub(in crate::web) fn of_field(text: &str, zone: &str) -> Option<Timestamp> {
    let local: civil::DateTime = text.trim().parse().ok()?;
    let zone = TimeZone::get(zone).ok()?;
    local.to_zoned(zone).ok().map(|at: Zoned| at.timestamp())
}

fn days_between(from: civil::Date, to: civil::Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// `None` from a day on, and for what lies ahead by more than the clocks of two machines differ.
fn ago(now: Timestamp, at: Timestamp) -> Option<String> {
    let seconds = now.duration_since(at).as_secs();
    match seconds {
        -60..=59 => Some("just now".to_owned()),
        60..=3599 => Some(format!("{} min ago", seconds / 60)),
        3600..=86_399 => Some(format!("{} h ago", seconds / 3600)),
        _ => None,
    }
}

/// One time on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Shown {
    at: Timestamp,
    title: String,
    words: String,
    ticks: bool,
}

// Everything in it is written here: digits, names of months and zones.
impl HtmlSafe for Shown {}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            title,
            words,
            ticks,
        } = self;
        let ticks = if *ticks { " data-ago" } else { "" };
        write!(
            f,
            "<time datetime=\"{at:.0}\" title=\"{title}\"{ticks}>{words}</time>"
        )
    }
}

impl FromRequestParts<Parts> for Times {
    type Rejection = Infallible;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Infallible> {
        let zone = zone_of(sent::all(&request.headers));
        let zone = zone.unwrap_or_else(|| desk_zone(&parts.engine.rules().rules));
        Ok(Self::new(zone, parts.clock.now()))
    }
}

/// The zone that the browser says, if it is one.
fn zone_of<'a>(cookies: impl Iterator<Item = Cookie<'a>>) -> Option<TimeZone> {
    cookies
        .filter(|cookie| cookie.name() == COOKIE)
        .find_map(|cookie| TimeZone::get(cookie.value()).ok())
}

/// The first desk's zone: with one desk, which is the rule, the desk's.
fn desk_zone(rules: &Rules) -> TimeZone {
    let desk = rules.desks.values().next();
    desk.map_or(TimeZone::UTC, |desk| desk.hours.zone.clone())
}

#[cfg(test)]
mod tests {
    use super::{Cookie, TimeZone, Times, Timestamp, of_field, zone_of};

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn berlin() -> Times {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        Times::new(zone, time("2026-01-05T12:00:00Z"))
    }

    #[test]
    fn near_times_are_told_by_how_long_ago_they_were() {
        let words = |at| berlin().ago(time(at)).words;
        assert_eq!(words("2026-01-05T11:59:30Z"), "just now");
        assert_eq!(words("2026-01-05T12:00:20Z"), "just now");
        assert_eq!(words("2026-01-05T11:59:00Z"), "1 min ago");
        assert_eq!(words("2026-01-05T11:00:01Z"), "59 min ago");
        assert_eq!(words("2026-01-04T12:00:01Z"), "23 h ago");
        assert_eq!(words("2026-01-04T12:00:00Z"), "yesterday 13:00");
    }

    #[test]
    fn times_are_told_in_the_viewers_zone_by_their_calendar() {
        let words = |at| berlin().at(time(at)).words;
        assert_eq!(words("2026-01-05T22:59:00Z"), "23:59");
        assert_eq!(words("2026-01-05T23:00:00Z"), "tomorrow 00:00");
        assert_eq!(words("2026-01-04T22:59:00Z"), "yesterday 23:59");
        assert_eq!(words("2026-01-09T08:30:00Z"), "Fri 9 Jan 09:30");
        assert_eq!(words("2025-12-31T22:30:00Z"), "31 Dec 2025 23:30");
        assert_eq!(words("2025-07-01T10:00:00Z"), "1 Jul 2025 12:00");
    }

    #[test]
    fn machines_read_the_time_in_utc() {
        let shown = berlin().at(time("2026-01-05T10:00:00.123Z")).to_string();
        assert_eq!(
            shown,
            "<time datetime=\"2026-01-05T10:00:00Z\" title=\"Mon 5 Jan 2026 11:00:00 CET\">11:00</time>"
        );
    }

    #[test]
    fn a_field_reads_back_what_it_showed() {
        let at = time("2026-07-01T10:30:00Z");
        let field = berlin().for_field(at);
        assert_eq!(field, "2026-07-01T12:30");
        assert_eq!(of_field(&field, "Europe/Berlin"), Some(at));
        assert_eq!(of_field(&field, "Nowhere/Else"), None);
        assert_eq!(of_field("soon", "Europe/Berlin"), None);
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_the_one_after() {
        let skipped = of_field("2026-03-29T02:30", "Europe/Berlin");
        assert_eq!(skipped, Some(time("2026-03-29T01:30:00Z")));
    }

    #[test]
    fn only_a_zone_is_taken_for_a_zone() {
        let zone = |header: &str| {
            let found = zone_of(Cookie::split_parse(header).filter_map(Result::ok));
            found.and_then(|zone| zone.iana_name().map(str::to_owned))
        };
        assert_eq!(
            zone("ringback=abc; zone=America/New_York").as_deref(),
            Some("America/New_York")
        );
        for bad in [
            "zone=../../etc/passwd",
            "zone=<script>",
            "zone=",
            "zones=UTC",
            "a",
        ] {
            assert_eq!(zone(bad), None, "{bad}");
        }
    }
}
