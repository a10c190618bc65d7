//! A desk's opening hours as they are written: `mon-fri 09:00-18:00` in `Europe/Berlin`.

use jiff::{
    civil::{Time, Weekday},
    tz::TimeZone,
};
use schemars::{Schema, json_schema};

use super::{
    fields::Word,
    problem::{cannot_be, nearest},
};
use crate::domain::hours::Opening;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

const HELP: &str = "write days and times, such as \"mon-fri 09:00-18:00\" or \"sat 10:00-14:00\"";

const PAST_MIDNIGHT: &str = "it closes before it opens: write hours past midnight as two, \"fri 22:00-24:00\" and \"sat 00:00-06:00\"";

/// One entry of `hours`: the same stretch on one or several days.
#[derive(Debug, Clone)]
pub(crate) struct OpeningLine(pub(crate) Vec<Opening>);

impl Word for OpeningLine {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = || cannot_be(text, HELP);
        let (days, times) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or_else(wrong)?;
        let (from, to) = times.trim().split_once('-').ok_or_else(wrong)?;
        let days = read_days(days).ok_or_else(wrong)?;
        let from = read_time(from).ok_or_else(wrong)?;
        let to = match to.trim() {
            "24:00" => None,
            to => Some(read_time(to).ok_or_else(wrong)?),
        };
        if to.is_some_and(|to| to <= from) {
            return Err(cannot_be(text, PAST_MIDNIGHT));
        }
        let opening = |day| Opening { day, from, to };
        Ok(Self(days.into_iter().map(opening).collect()))
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^\\s*(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?\\s+\\d\\d:\\d\\d\\s*-\\s*\\d\\d:\\d\\d\\s*$",
            "examples": ["mon-fri 09:00-18:00", "sat 10:00-14:00"]
        })
    }
}

/// `mon`, `mon-fri` or, over the week's end, `sat-mon`.
fn read_days(text: &str) -> Option<Vec<Weekday>> {
    let position = |name: &str| DAYS.iter().position(|(day, _)| *day == name);
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (position(first)?, position(last)?),
        None => (position(text)?, position(text)?),
    };
    let length = (last + 7 - first) % 7 + 1;
    let week = DAYS.iter().cycle().skip(first);
    Some(week.take(length).map(|(_, day)| *day).collect())
}

/// `09:00`.
fn read_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The day's name in `hours`.
pub(crate) fn day_name(day: Weekday) -> &'static str {
    let mut days = DAYS.iter();
    days.find_map(|(name, other)| (*other == day).then_some(*name))
        .unwrap_or_default()
}

impl Word for TimeZone {
    fn read(text: &str) -> Result<Self, String> {
        Self::get(text).map_err(|_| {
            let zones: Vec<String> = jiff::tz::db()
                .available()
                .map(|name| name.to_string())
                .collect();
            let help = nearest(text, zones.iter().map(String::as_str));
            let help =
                help.unwrap_or_else(|| "write an IANA zone, such as `Europe/Berlin`".to_owned());
            cannot_be(text, &help)
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "examples": ["Europe/Berlin", "America/New_York"] })
    }
}
