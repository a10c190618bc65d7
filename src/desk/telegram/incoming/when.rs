//! Times that an agent chooses or writes, by the desk's calendar. Strict: what could mean two times is
//! refused, with what to write instead. Pure.

use jiff::{Zoned, civil, tz::TimeZone};

use crate::domain::{
    callback::FARTHEST_PROMISE,
    time::{Length, Timestamp, after},
};

/// Why a text is no time to ring at. Each says how to write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unclear {
    /// It is no time that we read.
    #[error(
        "I do not read that as a time. Write it like 15:30, tomorrow 9, Mon 14:00 or 24 Dec 10:00."
    )]
    NoTime,
    /// It is over.
    #[error("That time is over. Write one still to come, like tomorrow 9 or 24 Dec 10:00.")]
    Past,
    /// Nobody promises so far ahead.
    #[error("That is more than 90 days ahead. Write a time within the next 90 days.")]
    TooFar,
}

/// What a time is read and chosen by.
#[derive(Debug, Clone)]
pub(super) struct Times {
    /// What time it is.
    pub(super) now: Timestamp,
    /// The desk's zone.
    pub(super) zone: TimeZone,
    /// Times to choose, soonest first.
    pub(super) choices: Vec<Timestamp>,
}

impl Times {
    /// By a desk's clocks. `window` moves a time to when the customer may be rung, so that what a button
    /// says is what comes of it.
    pub(super) fn new(
        now: Timestamp,
        zone: TimeZone,
        window: impl Fn(Timestamp) -> Timestamp,
    ) -> Self {
        let mut choices: Vec<Timestamp> = choices(now, &zone).into_iter().map(window).collect();
        choices.dedup();
        Self { now, zone, choices }
    }

    /// Reads a time.
    ///
    /// # Errors
    /// When it is no time to promise.
    pub(super) fn read(&self, text: &str) -> Result<Timestamp, Unclear> {
        read(text, self.now, &self.zone)
    }

    /// A moment by the desk's calendar.
    pub(super) fn said(&self, at: Timestamp) -> String {
        said(at, self.now, &self.zone)
    }
}

/// Times that one likes to promise, soonest first.
fn choices(now: Timestamp, zone: &TimeZone) -> Vec<Timestamp> {
    let local = now.to_zoned(zone.clone());
    let at = |days: i64, hour: i8| {
        let date = local
            .date()
            .checked_add(jiff::Span::new().days(days))
            .ok()?;
        moment(date.at(hour, 0, 0, 0), zone)
    };
    let soon = [Length::minutes(30), Length::hours(1), Length::hours(3)];
    let soon = soon.map(|length| Some(round(after(now, length))));
    let tomorrow = [at(1, 9), at(1, 14)];
    let mut choices: Vec<Timestamp> = soon.into_iter().chain(tomorrow).flatten().collect();
    choices.sort_unstable();
    choices
}

/// Reads a time: `15:30`, `today 15:30`, `tomorrow 9`, `Mon 9:00`, `24 Dec 10:00`, `2026-12-24 10:00`,
/// `in 2 h`, `in 45 min`. A day without a year is the next one of that name; a time that a change of
/// clocks skips is the one after it.
///
/// # Errors
/// When it is no such time, is over, or is too far ahead.
fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, Unclear> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let local = now.to_zoned(zone.clone());
    let at = match words.as_slice() {
        ["in", count, unit] => from_now(now, count, unit),
        [time] => on(local.date(), time, zone),
        [day, time] => named_day(day, &local).and_then(|date| on(date, time, zone)),
        [day, month, time] => {
            return dated(day, month, time, &local, zone).and_then(|at| within(at, now));
        }
        _ => None,
    };
    within(at.ok_or(Unclear::NoTime)?, now)
}

fn within(at: Timestamp, now: Timestamp) -> Result<Timestamp, Unclear> {
    if at <= now {
        Err(Unclear::Past)
    } else if at > after(now, FARTHEST_PROMISE) {
        Err(Unclear::TooFar)
    } else {
        Ok(at)
    }
}

fn from_now(now: Timestamp, count: &str, unit: &str) -> Option<Timestamp> {
    let count: u32 = count.parse().ok().filter(|count| *count <= 10_000)?;
    let length = match unit {
        "min" | "mins" | "minute" | "minutes" => Length::minutes(count),
        "h" | "hour" | "hours" => Length::hours(count),
        "day" | "days" => Length::hours(count.checked_mul(24)?),
        _ => return None,
    };
    Some(after(now, length))
}

fn on(date: civil::Date, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let time = time_of_day(time)?;
    moment(date.to_datetime(time), zone)
}

/// `9`, `9:05` or `09:05`.
fn time_of_day(text: &str) -> Option<civil::Time> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_written_well = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !is_written_well || !digits(hour) || !digits(minute) {
        return None;
    }
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn named_day(day: &str, local: &Zoned) -> Option<civil::Date> {
    match day {
        "today" => Some(local.date()),
        "tomorrow" => local.date().tomorrow().ok(),
        _ => match weekday(day) {
            Some(weekday) => local.date().nth_weekday(1, weekday).ok(),
            None => day.parse().ok().filter(|_| day.len() == 10),
        },
    }
}

fn weekday(text: &str) -> Option<civil::Weekday> {
    use civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    Some(match text {
        "mon" | "monday" => Monday,
        "tue" | "tuesday" => Tuesday,
        "wed" | "wednesday" => Wednesday,
        "thu" | "thursday" => Thursday,
        "fri" | "friday" => Friday,
        "sat" | "saturday" => Saturday,
        "sun" | "sunday" => Sunday,
        _ => return None,
    })
}

/// `24 Dec 10:00`: this year's, or the next year's where this year's is over.
fn dated(
    day: &str,
    month: &str,
    time: &str,
    local: &Zoned,
    zone: &TimeZone,
) -> Result<Timestamp, Unclear> {
    let day: i8 = day.parse().map_err(|_| Unclear::NoTime)?;
    let month = month_number(month).ok_or(Unclear::NoTime)?;
    let in_year = |year: i16| {
        let date = civil::Date::new(year, month, day).ok()?;
        on(date, time, zone)
    };
    let this = in_year(local.year()).ok_or(Unclear::NoTime)?;
    if this > local.timestamp() {
        return Ok(this);
    }
    in_year(local.year().saturating_add(1)).ok_or(Unclear::NoTime)
}

fn month_number(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is_it = |name: &&str| *name == text || name.get(..3) == Some(text);
    let place = MONTHS.iter().position(is_it)?;
    i8::try_from(place + 1).ok()
}

/// A time by the clocks of a zone.
fn moment(local: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

/// On the five minutes.
fn round(at: Timestamp) -> Timestamp {
    const FIVE_MINUTES: i64 = 300;
    let seconds = at.as_second();
    let round = seconds.saturating_add((-seconds).rem_euclid(FIVE_MINUTES));
    Timestamp::from_second(round).unwrap_or(at)
}

/// A moment as the desk's calendar has it: "14:05", "tomorrow 14:05", "Mon 5 Jan 14:05".
fn said(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone()).date();
    let days = today.duration_until(then.date()).as_hours() / 24;
    let time = then.strftime("%H:%M");
    match days {
        0 => time.to_string(),
        -1 => format!("yesterday {time}"),
        1 => format!("tomorrow {time}"),
        _ if then.year() == today.year() => then.strftime("%a %-d %b %H:%M").to_string(),
        _ => then.strftime("%-d %b %Y %H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sunday 22 November 2026, 20:31 in Berlin.
    fn now() -> Timestamp {
        "2026-11-22T19:31:00Z".parse().unwrap()
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn reads(text: &str) -> Result<String, Unclear> {
        let at = read(text, now(), &berlin())?;
        Ok(at.to_zoned(berlin()).strftime("%F %H:%M").to_string())
    }

    #[test]
    fn a_time_is_read_by_the_desks_clocks() {
        for (text, at) in [
            ("21:30", "2026-11-22 21:30"),
            ("Today 23:05", "2026-11-22 23:05"),
            ("tomorrow 9", "2026-11-23 09:00"),
            ("  Tomorrow   09:15 ", "2026-11-23 09:15"),
            ("Mon 14:00", "2026-11-23 14:00"),
            ("sunday 10", "2026-11-29 10:00"),
            ("24 Dec 10:00", "2026-12-24 10:00"),
            ("3 january 8:30", "2027-01-03 08:30"),
            ("2026-12-24 10:00", "2026-12-24 10:00"),
            ("in 2 h", "2026-11-22 22:31"),
            ("in 45 min", "2026-11-22 21:16"),
            ("in 3 days", "2026-11-25 20:31"),
        ] {
            assert_eq!(reads(text).as_deref(), Ok(at), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_times_is_refused() {
        for text in [
            "",
            "soon",
            "25:00",
            "9:5",
            "9.30",
            "5 pm",
            "1/2 10:00",
            "31 Feb 10:00",
            "tomorrow",
            "24 Dec",
            "in a while",
            "in 2",
            "tomorrow 9 or 10",
            "１５:３０",
            "-1:00",
            "009",
        ] {
            assert_eq!(reads(text), Err(Unclear::NoTime), "{text}");
        }
    }

    #[test]
    fn a_time_that_is_over_is_not_taken_for_another_day() {
        assert_eq!(reads("9:00"), Err(Unclear::Past));
        assert_eq!(reads("20:31"), Err(Unclear::Past));
        assert_eq!(reads("2025-12-24 10:00"), Err(Unclear::Past));
        assert_eq!(reads("in 0 h"), Err(Unclear::Past));
    }

    #[test]
    fn nobody_promises_a_call_next_summer() {
        assert_eq!(reads("1 Jul 10:00"), Err(Unclear::TooFar));
        assert_eq!(reads("in 91 days"), Err(Unclear::TooFar));
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_the_one_after() {
        let before = "2027-03-27T12:00:00Z".parse().unwrap();
        let at = read("tomorrow 2:30", before, &berlin()).unwrap();
        assert_eq!(at.to_string(), "2027-03-28T01:30:00Z");
    }

    #[test]
    fn the_choices_lie_ahead_and_in_order() {
        let times = Times::new(now(), berlin(), |at| at).choices;
        assert_eq!(times.len(), 5);
        assert!(times.iter().all(|at| *at > now()));
        assert!(times.is_sorted());
    }

    #[test]
    fn a_choice_says_when_the_customer_may_be_rung() {
        let opens: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let times = Times::new(now(), berlin(), |at| at.max(opens));
        let said: Vec<String> = times.choices.iter().map(|at| times.said(*at)).collect();
        assert_eq!(said, ["tomorrow 09:00", "tomorrow 14:00"]);
    }

    #[test]
    fn a_time_is_said_by_the_desks_calendar() {
        let said = |text: &str| said(text.parse().unwrap(), now(), &berlin());
        assert_eq!(said("2026-11-22T21:05:00Z"), "22:05");
        assert_eq!(said("2026-11-23T08:00:00Z"), "tomorrow 09:00");
        assert_eq!(said("2026-12-24T09:00:00Z"), "Thu 24 Dec 10:00");
        assert_eq!(said("2027-01-03T09:00:00Z"), "3 Jan 2027 10:00");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail_and_no_answer_is_out_of_reach(text in "\\PC*|.*") {
            if let Ok(at) = read(&text, now(), &berlin()) {
                prop_assert!(at > now());
                prop_assert!(at <= after(now(), FARTHEST_PROMISE));
            }
        }
    }
}
