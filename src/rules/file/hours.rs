//! When a desk works and whom it does not ring, as it is written: `mon-fri 09:00-18:00` in
//! `Europe/Berlin`, `2026-12-25`, `21:00-08:00`.

use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use schemars::{Schema, json_schema};

use super::{
    fields::Word,
    problem::{cannot_be, nearest},
};
use crate::domain::hours::{Holiday, Opening, QuietHours};

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

impl Word for Holiday {
    const WANTED: &'static str =
        "a day in quotes, such as \"2026-12-25\" or, every year, \"12-25\"";

    fn read(text: &str) -> Result<Self, String> {
        read_holiday(text.trim()).ok_or_else(|| {
            let help = "write a day as \"2026-12-25\", or one of every year as \"12-25\"";
            cannot_be(text, help)
        })
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^\\s*(\\d{4}-)?\\d\\d-\\d\\d\\s*$",
            "examples": ["2026-12-25", "12-25"]
        })
    }
}

/// A day of one year, or of every year; 29 February is in some.
fn read_holiday(text: &str) -> Option<Holiday> {
    const A_LEAP_YEAR: i16 = 2024;
    let number = |digits: &str, length: usize| {
        let plain = digits.len() == length && digits.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| digits.parse::<i16>().ok()).flatten()
    };
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [month, day] => (None, month, day),
        [year, month, day] => (Some(number(year, 4)?), month, day),
        _ => return None,
    };
    let month = i8::try_from(number(month, 2)?).ok()?;
    let day = i8::try_from(number(day, 2)?).ok()?;
    let date = Date::new(year.unwrap_or(A_LEAP_YEAR), month, day).ok()?;
    Some(match year {
        Some(_) => Holiday::On(date),
        None => Holiday::Yearly { month, day },
    })
}

impl Word for QuietHours {
    const WANTED: &'static str = "two times of the day in quotes, such as \"21:00-08:00\"";

    fn read(text: &str) -> Result<Self, String> {
        const HELP: &str = "write when it begins and ends, such as \"21:00-08:00\", or \"never\"";
        if text.trim() == "never" {
            return Ok(Self::never());
        }
        let times = || {
            let (from, to) = text.split_once('-')?;
            let to = match to.trim() {
                "24:00" => Time::midnight(),
                to => read_time(to)?,
            };
            Some((read_time(from)?, to))
        };
        let (from, to) = times().ok_or_else(|| cannot_be(text, HELP))?;
        if from == to {
            let help = "nobody would ever be rung: write \"never\" if it is never quiet";
            return Err(cannot_be(text, help));
        }
        Ok(Self { from, to })
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^\\s*(never|\\d\\d:\\d\\d\\s*-\\s*\\d\\d:\\d\\d)\\s*$",
            "examples": ["21:00-08:00", "never"]
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
