//! A moment in words: six languages, days near and far, and nights in which the clocks change.

use super::{
    Language, Timestamp, Zone, day_in_words, tongues::TONGUES, when_in_words, zone_in_words,
};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// In words, as read at 10:00 UTC on Monday, 5 January 2026.
fn words(moment: &str, zone: &str, language: &str) -> String {
    let zone = Zone::parse(zone).expect("a zone");
    let language = Language::parse(language).expect("a language");
    let now = at("2026-01-05T10:00:00Z");
    when_in_words(at(moment), now, &zone, language).expect("a language that we speak")
}

#[test]
fn each_language_says_today_tomorrow_and_a_day_in_its_own_way() {
    let said = |language| {
        [
            "2026-01-05T14:30:00Z",
            "2026-01-06T07:00:00Z",
            "2026-02-01T07:00:00Z",
        ]
        .map(|moment| words(moment, "Europe/Berlin", language))
    };
    assert_eq!(
        said("en"),
        [
            "today at 15:30 (Berlin time)",
            "tomorrow at 08:00 (Berlin time)",
            "on Sunday 1 February at 08:00 (Berlin time)",
        ]
    );
    assert_eq!(
        said("de"),
        [
            "heute um 15:30 Uhr (Zeit in Berlin)",
            "morgen um 08:00 Uhr (Zeit in Berlin)",
            "am Sonntag, dem 1. Februar, um 08:00 Uhr (Zeit in Berlin)",
        ]
    );
    assert_eq!(
        said("es"),
        [
            "hoy a las 15:30 (hora de Berlín)",
            "mañana a las 08:00 (hora de Berlín)",
            "el domingo 1 de febrero a las 08:00 (hora de Berlín)",
        ]
    );
    assert_eq!(
        said("fr"),
        [
            "aujourd’hui à 15:30 (heure de Berlin)",
            "demain à 08:00 (heure de Berlin)",
            "le dimanche 1er février à 08:00 (heure de Berlin)",
        ]
    );
    assert_eq!(
        said("it"),
        [
            "oggi alle 15:30 (ora di Berlino)",
            "domani alle 08:00 (ora di Berlino)",
            "domenica 1º febbraio alle 08:00 (ora di Berlino)",
        ]
    );
    assert_eq!(
        said("pt"),
        [
            "hoje às 15:30 (hora de Berlim)",
            "amanhã às 08:00 (hora de Berlim)",
            "domingo, 1 de fevereiro, às 08:00 (hora de Berlim)",
        ]
    );
}

#[test]
fn what_is_today_is_told_by_the_clock_of_the_zone() {
    // 23:00 UTC on the 5th is the 6th in Sydney, where the 6th begins at 13:00 UTC.
    let sydney = words("2026-01-05T23:00:00Z", "Australia/Sydney", "en");
    assert_eq!(sydney, "tomorrow at 10:00 (Sydney time)");
    let new_york = words("2026-01-06T03:00:00Z", "America/New_York", "en");
    assert_eq!(new_york, "today at 22:00 (New York time)");
}

#[test]
fn a_day_far_ahead_is_said_with_its_year_and_29_february_is_a_day_as_any() {
    let leap_day = words("2028-02-29T09:00:00Z", "Europe/London", "es");
    assert_eq!(
        leap_day,
        "el martes 29 de febrero de 2028 a las 09:00 (hora de Londres)"
    );
    let autumn = words("2026-10-05T09:00:00Z", "Europe/London", "fr");
    assert_eq!(autumn, "le lundi 5 octobre à 10:00 (heure de Londres)");
}

#[test]
fn a_time_that_the_clock_shows_twice_says_which_one_it_is() {
    let first = words("2026-10-25T00:30:00Z", "Europe/Berlin", "de");
    let second = words("2026-10-25T01:30:00Z", "Europe/Berlin", "de");
    assert!(
        first.ends_with("um 02:30 Uhr (Zeit in Berlin, UTC+2)"),
        "{first}"
    );
    assert!(
        second.ends_with("um 02:30 Uhr (Zeit in Berlin, UTC+1)"),
        "{second}"
    );
}

#[test]
fn a_zone_is_named_by_its_place_or_by_how_far_it_is_from_utc() {
    let winter = at("2026-01-05T10:00:00Z");
    for (zone, language, said) in [
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires time"),
        ("Europe/Athens", "fr", "heure d’Athènes"),
        ("Asia/Kathmandu", "it", "ora di Kathmandu"),
        ("UTC", "es", "UTC"),
        ("Etc/GMT-1", "de", "UTC+1"),
        ("US/Eastern", "en", "UTC-5"),
    ] {
        let zone = Zone::parse(zone).expect("a zone");
        let language = Language::parse(language).expect("a language");
        assert_eq!(
            zone_in_words(&zone, winter, language).as_deref(),
            Some(said)
        );
    }
}

#[test]
fn a_language_without_words_gets_no_other_s() {
    let dutch = Language::parse("nl").expect("a language");
    let now = at("2026-01-05T10:00:00Z");
    let zone = Zone::parse("Europe/Amsterdam").expect("a zone");
    assert_eq!(when_in_words(now, now, &zone, dutch), None);
    assert_eq!(zone_in_words(&zone, now, dutch), None);
    let day = jiff::civil::date(2026, 1, 5);
    assert_eq!(day_in_words(day, day, dutch), None);
}

#[test]
fn every_language_fills_in_everything() {
    let day = jiff::civil::date(2026, 12, 31);
    for tongue in &TONGUES {
        let said = tongue.date(tongue.far_at, day, jiff::civil::date(2026, 1, 5));
        let said = said.replace("{time}", "");
        assert!(
            said.contains("2026") && !said.contains(['{', '}']),
            "{said}"
        );
        let english = &TONGUES[0].weekdays;
        let own = tongue.weekdays.iter().zip(english);
        assert!(
            std::ptr::eq(tongue, &TONGUES[0]) || own.clone().all(|(own, english)| own != english)
        );
        for (english, own) in tongue.cities {
            assert_ne!(english, own, "needs no entry");
        }
    }
}
