//! When customers may be rung: by example, and what holds for every desk and customer.

use jiff::{
    ToSpan,
    civil::{Weekday, date, time},
};
use proptest::prelude::*;

use super::*;
use crate::domain::hours::{Holiday, Opening};

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone")
}

/// What the clock of a zone shows.
fn local(shown: &str, name: &str) -> Timestamp {
    let shown: civil::DateTime = shown.parse().expect("a time");
    let zoned = shown.to_zoned(zone(name).as_tz().clone());
    zoned.expect("a moment").timestamp()
}

/// Weekdays from nine to six.
fn office(name: &str, holidays: &[Holiday]) -> Hours {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let opening = |day| Opening {
        day,
        from: time(9, 0, 0, 0),
        to: Some(time(18, 0, 0, 0)),
    };
    Hours {
        zone: zone(name).as_tz().clone(),
        openings: [Monday, Tuesday, Wednesday, Thursday, Friday]
            .map(opening)
            .to_vec(),
        holidays: holidays.to_vec(),
    }
}

fn terms<'a>(hours: &'a Hours, zones: &[&str]) -> Terms<'a> {
    Terms {
        hours,
        quiet: QuietHours::at_night(),
        zones: zones.iter().map(|name| zone(name)).collect(),
        number_known: true,
        on_call: false,
        soft_wait: Length::minutes(15),
        claim_within: Length::minutes(10),
        claim_lease: Length::minutes(30),
        attempts: 3,
        retry_after: &[],
    }
}

#[test]
fn a_customer_is_rung_when_the_desk_works_and_they_are_awake() {
    let berlin = office("Europe/Berlin", &[]);
    // Friday evening in Berlin; the customer is up from Monday 14:00 there.
    let evening = local("2026-01-09T19:00", "Europe/Berlin");
    let monday = local("2026-01-12T08:00", "America/New_York");
    assert_eq!(
        terms(&berlin, &["America/New_York"]).window(evening),
        monday
    );
    // Both coasts: later still. In between there is a change of clocks on one side only.
    let coasts = ["America/New_York", "America/Los_Angeles"];
    let march = local("2026-03-09T09:00", "Europe/Berlin");
    assert_eq!(
        terms(&berlin, &coasts).window(march),
        local("2026-03-09T08:00", "America/Los_Angeles")
    );
}

#[test]
fn the_window_after_a_night_in_which_clocks_change_opens_by_the_clock() {
    for (name, saturday, monday) in [
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-30T09:00"),
        ("Europe/Berlin", "2026-10-24T12:00", "2026-10-26T09:00"),
        ("America/New_York", "2026-03-07T12:00", "2026-03-09T09:00"),
        ("America/New_York", "2026-10-31T12:00", "2026-11-02T09:00"),
        ("Australia/Sydney", "2026-10-03T12:00", "2026-10-05T09:00"),
        ("Australia/Sydney", "2026-04-04T12:00", "2026-04-06T09:00"),
        ("Asia/Kathmandu", "2026-04-04T12:00", "2026-04-06T09:00"),
    ] {
        let hours = office(name, &[]);
        let opens = terms(&hours, &[name]).window(local(saturday, name));
        assert_eq!(opens, local(monday, name), "{name}");
    }
}

#[test]
fn a_promise_across_29_february_and_holidays_is_kept_on_the_next_working_day() {
    // Tuesday the 29th is a holiday in leap years, and so is the day after it this time.
    let holidays = [
        Holiday::Yearly { month: 2, day: 29 },
        Holiday::On(date(2028, 3, 1)),
    ];
    let hours = office("Europe/Berlin", &holidays);
    let opens =
        terms(&hours, &["Europe/Berlin"]).window(local("2028-02-29T10:00", "Europe/Berlin"));
    assert_eq!(opens, local("2028-03-02T09:00", "Europe/Berlin"));
}

#[test]
fn where_it_is_always_quiet_while_the_desk_works_the_desk_decides_when_it_works() {
    let berlin = office("Europe/Berlin", &[]);
    let terms = terms(&berlin, &["Pacific/Auckland", "America/Los_Angeles"]);
    let sunday = local("2026-01-11T12:00", "Europe/Berlin");
    let monday = local("2026-01-12T09:00", "Europe/Berlin");
    assert_eq!(terms.window(sunday), monday);
    assert_eq!(terms.window(monday), monday);
}

#[test]
fn times_to_choose_are_a_few_full_hours_of_the_next_three_days_that_have_any() {
    let berlin = office("Europe/Berlin", &[Holiday::On(date(2026, 1, 12))]);
    let terms = terms(&berlin, &["Europe/Berlin"]);
    let friday = local("2026-01-09T15:20", "Europe/Berlin");
    let times = terms.times_to_choose(friday, &zone("Europe/Berlin"));
    let expected = [
        "2026-01-09T16:00",
        "2026-01-09T17:00",
        "2026-01-13T09:00",
        "2026-01-13T11:00",
        "2026-01-13T14:00",
        "2026-01-13T17:00",
        "2026-01-14T09:00",
        "2026-01-14T11:00",
        "2026-01-14T14:00",
        "2026-01-14T17:00",
    ];
    assert_eq!(times, expected.map(|shown| local(shown, "Europe/Berlin")));
}

#[test]
fn times_to_choose_are_full_hours_of_the_customer_s_own_clock() {
    let berlin = office("Europe/Berlin", &[]);
    let terms = terms(&berlin, &["Asia/Kathmandu"]);
    let monday = local("2026-01-12T06:00", "Europe/Berlin");
    let times = terms.times_to_choose(monday, &zone("Asia/Kathmandu"));
    // From 13:45 there until it is 21:00.
    let first = local("2026-01-12T14:00", "Asia/Kathmandu");
    let last = local("2026-01-14T20:00", "Asia/Kathmandu");
    assert_eq!((times.first(), times.last()), (Some(&first), Some(&last)));
}

#[test]
fn an_opening_without_a_full_hour_offers_its_beginning() {
    let short = Hours {
        openings: vec![Opening {
            day: Weekday::Monday,
            from: time(9, 10, 0, 0),
            to: Some(time(9, 50, 0, 0)),
        }],
        ..office("Europe/Berlin", &[])
    };
    let sunday = local("2026-01-11T12:00", "Europe/Berlin");
    let times = terms(&short, &["Europe/Berlin"]).times_to_choose(sunday, &zone("Europe/Berlin"));
    let expected = ["2026-01-12T09:10", "2026-01-19T09:10", "2026-01-26T09:10"];
    assert_eq!(times, expected.map(|shown| local(shown, "Europe/Berlin")));
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let desk = prop::sample::select(vec![
        "Europe/Berlin",
        "America/New_York",
        "Australia/Sydney",
        "Asia/Kolkata",
    ]);
    let opening = (0i8..7, 0i8..20, 2i8..9, 0i8..60);
    let opening = opening.prop_map(|(day, from, length, minute)| Opening {
        day: Weekday::from_monday_zero_offset(day).expect("a weekday"),
        from: time(from, minute, 0, 0),
        to: (from + length < 24).then(|| time(from + length, minute, 0, 0)),
    });
    let openings = prop::collection::vec(opening, 0..8);
    let holiday =
        (0i32..400).prop_map(|day| Holiday::On(date(2026, 1, 1).saturating_add(day.days())));
    let holidays = prop::collection::vec(holiday, 0..8);
    (desk, openings, holidays).prop_map(|(desk, openings, holidays)| Hours {
        zone: zone(desk).as_tz().clone(),
        openings,
        holidays,
    })
}

fn any_zones() -> impl Strategy<Value = Vec<&'static str>> {
    let zones = vec![
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
        "UTC",
    ];
    prop::sample::subsequence(zones, 1..4)
}

/// From January 2026 on, more often than not near a change of clocks in Europe.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let change: Timestamp = "2026-03-29T01:00:00Z".parse().expect("a time");
    prop_oneof![
        (0i64..525_600).prop_map(move |minutes| start + minutes.minutes()),
        (-600i64..600).prop_map(move |minutes| change + minutes.minutes()),
    ]
}

proptest! {
    #[test]
    fn a_window_is_never_before_stays_one_and_keeps_to_hours_and_nights(
        hours in any_hours(), zones in any_zones(), from in any_moment(),
    ) {
        let terms = terms(&hours, &zones);
        let opens = terms.window(from);
        prop_assert!(opens >= from);
        prop_assert!(hours.is_open(opens));
        if let Some(ends) = terms.quiet.ends_after(opens, &terms.zones) {
            // Only where the desk works in nobody's day for weeks.
            let mut at = from;
            while at < from + 240.hours() {
                let is_free = hours.is_open(at) && terms.quiet.ends_after(at, &terms.zones).is_none();
                prop_assert!(!is_free, "{at} would do, and it is quiet until {ends}");
                at += 10.minutes();
            }
        } else {
            prop_assert_eq!(terms.window(opens), opens);
            if opens > from {
                let before = opens - 1.second();
                let is_free = hours.is_open(before) && terms.quiet.ends_after(before, &terms.zones).is_none();
                prop_assert!(!is_free, "it opened earlier");
            }
        }
    }

    #[test]
    fn every_time_to_choose_is_a_window_in_order_and_at_most_twelve(
        hours in any_hours(), zones in any_zones(), from in any_moment(),
    ) {
        let terms = terms(&hours, &zones);
        let times = terms.times_to_choose(from, &terms.zones[0]);
        prop_assert!(!times.is_empty() && times.len() <= 12);
        prop_assert!(times.is_sorted());
        for time in times {
            prop_assert!(time >= from);
            // Where the desk works in nobody's day for weeks, a person decides.
            if terms.quiet.ends_after(time, &terms.zones).is_none() {
                prop_assert_eq!(terms.window(time), time);
            }
        }
    }
}
