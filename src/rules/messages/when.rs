//! A moment in words, as customers read it: "tomorrow at 08:00 (Berlin time)". In the six languages
//! of the shipped texts; no others, and never one language for another. The tables are our own: six
//! languages of locale data from a library would add megabytes to the program for these few words.

mod tongues;

use jiff::{Zoned, civil};

use self::tongues::Tongue;
use crate::domain::{hours::Zone, reading::Language, time::Timestamp};

/// From here on a date is said with its year: days from today.
const SAYS_YEAR: i32 = 300;

/// When something will be, to be read within a sentence ("we will ring you …"): the day, the time of
/// day and whose time it is. `None` for a language that we have no words for.
#[must_use]
pub fn when_in_words(
    at: Timestamp,
    now: Timestamp,
    zone: &Zone,
    language: Language,
) -> Option<String> {
    let tongue = Tongue::of(language)?;
    let local = at.to_zoned(zone.as_tz().clone());
    let today = now.to_zoned(zone.as_tz().clone()).date();
    let time = local.strftime("%H:%M").to_string();
    let words = match tongue.near(local.date(), today) {
        Some(near) => tongue.near_at.replace("{day}", near),
        None => tongue.date(tongue.far_at, local.date(), today),
    };
    let whose = zone_of(&local, zone, tongue);
    Some(format!("{} ({whose})", words.replace("{time}", &time)))
}

/// A day by itself, as a heading: "today", "tomorrow", "Tuesday 6 January". `None` for a language
/// that we have no words for.
#[must_use]
pub fn day_in_words(day: civil::Date, today: civil::Date, language: Language) -> Option<String> {
    let tongue = Tongue::of(language)?;
    let near = tongue.near(day, today).map(str::to_owned);
    Some(near.unwrap_or_else(|| tongue.date(tongue.heading, day, today)))
}

/// A month, 1 to 12. `None` for a language that we have no words for.
#[must_use]
pub fn month_in_words(month: i8, language: Language) -> Option<&'static str> {
    Tongue::of(language).map(|tongue| named_in(&tongue.months, month - 1))
}

/// Whose time it is: "Berlin time". `None` for a language that we have no words for.
#[must_use]
pub fn zone_in_words(zone: &Zone, at: Timestamp, language: Language) -> Option<String> {
    let local = at.to_zoned(zone.as_tz().clone());
    Tongue::of(language).map(|tongue| named(zone, &local, tongue))
}

/// As [`named`]; a time that the clock shows twice that night says which of the two it is.
fn zone_of(local: &Zoned, zone: &Zone, tongue: &Tongue) -> String {
    let named = named(zone, local, tongue);
    let shown = zone.as_tz().to_ambiguous_timestamp(local.datetime());
    let is_told = named.starts_with("UTC");
    if shown.is_ambiguous() && !is_told {
        format!("{named}, {}", offset(local))
    } else {
        named
    }
}

fn named(zone: &Zone, local: &Zoned, tongue: &Tongue) -> String {
    match city(zone.name()) {
        Some(city) => tongue.time_of(&tongue.city(&city)),
        None => offset(local),
    }
}

/// The place that an IANA name ends with; `None` for those that name no place, such as `Etc/GMT-1`.
fn city(zone: &str) -> Option<String> {
    let (area, place) = zone.split_once('/')?;
    if matches!(area, "Etc" | "SystemV" | "US") {
        return None;
    }
    let city = place.rsplit('/').next().unwrap_or(place);
    Some(city.replace('_', " "))
}

/// `UTC`, `UTC+1`, `UTC+5:30`.
fn offset(local: &Zoned) -> String {
    let minutes = local.offset().seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

impl Tongue {
    fn near(&self, day: civil::Date, today: civil::Date) -> Option<&'static str> {
        if day == today {
            Some(self.today)
        } else if today.tomorrow().is_ok_and(|tomorrow| day == tomorrow) {
            Some(self.tomorrow)
        } else {
            None
        }
    }

    /// A pattern with a date filled in.
    fn date(&self, pattern: &str, day: civil::Date, today: civil::Date) -> String {
        let weekday = named_in(&self.weekdays, day.weekday().to_monday_zero_offset());
        let mut month = named_in(&self.months, day.month() - 1).to_owned();
        if days_between(today, day) > SAYS_YEAR {
            month.push_str(self.before_year);
            month.push_str(&day.year().to_string());
        }
        let number = match day.day() {
            1 => self.first.to_owned(),
            number => number.to_string(),
        };
        pattern
            .replace("{weekday}", weekday)
            .replace("{day}", &number)
            .replace("{month}", &month)
    }

    /// A city as it is called here, where that differs from its English name.
    fn city(&self, english: &str) -> String {
        let mut own = self.cities.iter();
        let own = own.find_map(|(name, own)| (*name == english).then_some(*own));
        own.unwrap_or(english).to_owned()
    }

    fn time_of(&self, city: &str) -> String {
        let begins_with_vowel = city.starts_with(|c: char| "AEIOUYÀÂÉÈÊÎÔ".contains(c));
        let pattern = if begins_with_vowel {
            self.time_of_vowel
        } else {
            self.time_of
        };
        pattern.replace("{city}", city)
    }
}

fn named_in(names: &[&'static str], place: i8) -> &'static str {
    let place = usize::try_from(place).unwrap_or_default();
    names.get(place).copied().unwrap_or_default()
}

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days()).abs()
}

#[cfg(test)]
mod tests;
