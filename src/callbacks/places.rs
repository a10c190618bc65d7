//! Where a customer may be, by their phone number: its country's time zones, fewer of them where the
//! number's beginning tells more. A number may have moved with its owner, so what follows from one
//! is a guess wherever its country has several zones.

use std::{collections::HashMap, sync::LazyLock};

use jiff::SignedDuration;
use phonenumber::{PhoneNumber, Type, metadata::DATABASE};

use crate::domain::{hours::Zone, thread::Whereabouts, time::Timestamp};

/// A country and its zones, separated by spaces; its main one first.
static COUNTRIES: &str = include_str!("places/countries.txt");

/// Zones, separated by commas, and beginnings of numbers, separated by spaces.
static PREFIXES: &str = include_str!("places/prefixes.txt");

/// The zones of each country, by its two letters.
static OF_COUNTRY: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = rows(COUNTRIES);
    rows.collect()
});

/// The zones of each beginning of a number, without its `+`.
static OF_PREFIX: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = rows(PREFIXES);
    rows.flat_map(|(zones, numbers)| numbers.split(' ').map(move |number| (number, zones)))
        .collect()
});

/// Calling codes of countries whose mobile numbers begin with an area code: Mexico, Argentina, Brazil,
/// Indonesia, China. So libphonenumber has it.
const MOBILES_HAVE_AREAS: [u16; 5] = [52, 54, 55, 62, 86];

/// Where the owner of a number (E.164) may be; nowhere in particular if its country is not known.
/// Zones whose clocks show the same at that moment and half a year later are one.
#[must_use]
pub fn of_number(number: &str, at: Timestamp) -> Whereabouts {
    let Ok(parsed) = phonenumber::parse(None, number) else {
        return Whereabouts::default();
    };
    let of_country = of_country(&parsed, at);
    if of_country.len() < 2 {
        return Whereabouts {
            zones: of_country,
            guessed: false,
        };
    }
    let of_area = of_area(number, &parsed, at);
    Whereabouts {
        zones: if of_area.is_empty() {
            of_country
        } else {
            of_area
        },
        guessed: true,
    }
}

/// The zones among which the owner of a number has to choose to say where they are: those of its
/// country whose clocks differ. Fewer than two: there is nothing to choose.
#[must_use]
pub fn zones_of_country(number: &str, at: Timestamp) -> Vec<Zone> {
    let parsed = phonenumber::parse(None, number);
    parsed.map_or_else(|_| Vec::new(), |parsed| of_country(&parsed, at))
}

fn of_country(number: &PhoneNumber, at: Timestamp) -> Vec<Zone> {
    let country = number.country().id();
    let zones = country.and_then(|country| OF_COUNTRY.get(country.as_ref()));
    zones.map_or_else(Vec::new, |zones| apart(zones.split(' '), at))
}

/// By its area code; none, where it has none, as most mobile numbers.
fn of_area(number: &str, parsed: &PhoneNumber, at: Timestamp) -> Vec<Zone> {
    let has_area = match parsed.number_type(&DATABASE) {
        Type::FixedLine | Type::FixedLineOrMobile => true,
        Type::Mobile => MOBILES_HAVE_AREAS.contains(&parsed.country().code()),
        _ => false,
    };
    let zones = longest_prefix(number)
        .filter(|_| has_area)
        .and_then(|prefix| OF_PREFIX.get(prefix));
    zones.map_or_else(Vec::new, |zones| apart(zones.split(','), at))
}

/// The longest beginning of a number that is known.
fn longest_prefix(number: &str) -> Option<&str> {
    let digits = number.strip_prefix('+')?;
    (1..=digits.len())
        .rev()
        .filter_map(|length| digits.get(..length))
        .find(|beginning| OF_PREFIX.contains_key(beginning))
}

/// The first of each set of zones whose clocks show the same. Names that the zone data does not know
/// are left out.
fn apart<'a>(names: impl Iterator<Item = &'a str>, at: Timestamp) -> Vec<Zone> {
    let later = at
        .checked_add(SignedDuration::from_hours(24 * 182))
        .unwrap_or(at);
    let mut apart: Vec<(Zone, [i32; 2])> = Vec::new();
    for zone in names.filter_map(|name| Zone::parse(name).ok()) {
        let shown = [at, later].map(|at| zone.as_tz().to_offset(at).seconds());
        if apart.iter().all(|(_, other)| *other != shown) {
            apart.push((zone, shown));
        }
    }
    apart.into_iter().map(|(zone, _)| zone).collect()
}

/// The rows of a table: what stands before the first space, and what stands after it.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In January: in the north no clock is put forward.
    fn winter() -> Timestamp {
        "2026-01-05T12:00:00Z".parse().expect("a time")
    }

    fn names(zones: &[Zone]) -> Vec<&str> {
        zones.iter().map(Zone::name).collect()
    }

    #[track_caller]
    fn is_in(number: &str, zones: &[&str], guessed: bool) {
        let place = of_number(number, winter());
        assert_eq!(names(&place.zones), zones);
        assert_eq!(place.guessed, guessed);
    }

    #[test]
    fn a_country_with_one_time_is_no_guess() {
        is_in("+442079460123", &["Europe/London"], false);
        // Büsingen has a name in the zone data, and the time of all of Germany.
        is_in("+4930123456", &["Europe/Berlin"], false);
        is_in("+9779812345678", &["Asia/Kathmandu"], false);
    }

    #[test]
    fn where_a_country_has_several_the_number_s_beginning_tells_and_it_is_a_guess() {
        is_in("+12125550123", &["America/New_York"], true);
        is_in("+14155550123", &["America/Los_Angeles"], true);
        is_in("+14165550123", &["America/Toronto"], true);
        is_in("+61291234567", &["Australia/Sydney"], true);
        is_in("+34928123456", &["Atlantic/Canary"], true);
        // A mobile number of São Paulo.
        is_in("+5511961234567", &["America/Sao_Paulo"], true);
    }

    #[test]
    fn a_country_that_shares_its_code_has_its_own_zone() {
        is_in("+12425550123", &["America/Nassau"], false);
        is_in("+77172123456", &["Asia/Almaty"], false);
    }

    #[test]
    fn where_the_number_tells_no_more_all_zones_of_the_country_count() {
        // A mobile number of Spain, and one of Australia.
        is_in("+34612345678", &["Europe/Madrid", "Atlantic/Canary"], true);
        let australia = of_number("+61412345678", winter());
        assert!(
            australia.guessed && australia.zones.len() >= 5,
            "{australia:?}"
        );
    }

    #[test]
    fn one_is_asked_only_about_zones_whose_clocks_differ() {
        let usa = zones_of_country("+12125550123", winter());
        assert_eq!(
            names(&usa),
            [
                "America/New_York",
                "America/Chicago",
                "America/Denver",
                "America/Phoenix",
                "America/Los_Angeles",
                "America/Anchorage",
                "America/Adak",
                "Pacific/Honolulu",
            ]
        );
        assert_eq!(zones_of_country("+4930123456", winter()).len(), 1);
    }

    #[test]
    fn a_number_of_no_country_and_no_number_are_nowhere() {
        for number in ["+80012345678", "+0", "+", "", "call me", "+1é"] {
            assert_eq!(
                of_number(number, winter()),
                Whereabouts::default(),
                "{number}"
            );
        }
    }

    #[test]
    fn every_zone_of_the_tables_is_known() {
        let zones = OF_COUNTRY.values().flat_map(|zones| zones.split(' '));
        let all = zones.chain(OF_PREFIX.values().flat_map(|zones| zones.split(',')));
        let unknown: Vec<_> = all.filter(|zone| Zone::parse(zone).is_err()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(OF_COUNTRY.len() > 240 && OF_PREFIX.len() > 2500);
    }
}
