//! Hours, holidays and quiet hours, in nights in which clocks change and without them.

use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday, date, time},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::{Holiday, Hours, Length, Opening, QuietHours, Timestamp, Zone, after};

const WEEKDAYS: [Weekday; 5] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone")
}

/// What the clock of a zone shows, as `2026-03-29T02:30`; of two moments the earlier.
fn local(text: &str, name: &str) -> Timestamp {
    let shown: jiff::civil::DateTime = text.parse().expect("a time");
    shown.to_zoned(zone(name)).expect("a moment").timestamp()
}

fn opening(day: Weekday, from: i8, to: i8) -> Opening {
    Opening {
        day,
        from: time(from, 0, 0, 0),
        to: (to < 24).then(|| time(to, 0, 0, 0)),
    }
}

/// 09:00 to 18:00 on weekdays.
fn office(name: &str, holidays: Vec<Holiday>) -> Hours {
    Hours {
        zone: zone(name),
        openings: WEEKDAYS.map(|day| opening(day, 9, 18)).to_vec(),
        holidays,
    }
}

#[test]
fn a_closed_desk_says_when_it_opens() {
    let hours = Hours {
        zone: zone("Europe/Berlin"),
        openings: vec![
            opening(Weekday::Monday, 13, 17),
            opening(Weekday::Monday, 9, 12),
            opening(Weekday::Friday, 9, 12),
        ],
        holidays: Vec::new(),
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

#[test]
fn a_holiday_is_closed_all_day_and_the_weekend_next_to_it_too() {
    // Good Friday and Easter Monday.
    let easter = [date(2026, 4, 3), date(2026, 4, 6)].map(Holiday::On);
    let hours = office("Europe/Berlin", easter.to_vec());
    let thursday = local("2026-04-02T17:50", "Europe/Berlin");
    let tuesday = local("2026-04-07T09:00", "Europe/Berlin");
    assert!(hours.is_open(thursday));
    for closed in ["2026-04-03T09:00", "2026-04-04T12:00", "2026-04-06T17:59"] {
        let closed = local(closed, "Europe/Berlin");
        assert!(!hours.is_open(closed));
        assert_eq!(hours.opens_after(closed), Some(tuesday));
    }
    assert_eq!(
        hours.worked(thursday, Length::minutes(30)),
        after(tuesday, Length::minutes(20)),
        "ten minutes on Thursday"
    );
}

#[test]
fn a_desk_that_is_always_open_is_closed_on_its_holidays_in_its_own_zone() {
    let hours = Hours {
        zone: zone("Australia/Sydney"),
        openings: Vec::new(),
        holidays: vec![Holiday::Yearly { month: 12, day: 25 }],
    };
    // The holiday begins at 13:00 UTC on the day before.
    assert!(hours.is_open(at("2026-12-24T12:59:59Z")));
    assert!(!hours.is_open(at("2026-12-24T13:00:00Z")));
    let over = at("2026-12-25T13:00:00Z");
    assert_eq!(hours.opens_after(at("2026-12-25T00:00:00Z")), Some(over));
    assert_eq!(
        hours.worked(at("2026-12-24T12:00:00Z"), Length::hours(2)),
        after(over, Length::hours(1))
    );
}

#[test]
fn weeks_of_holidays_are_looked_past() {
    let august = (1..=31).map(|day| Holiday::Yearly { month: 8, day });
    let hours = office("Europe/Paris", august.collect());
    let july = local("2026-07-31T17:30", "Europe/Paris");
    let september = local("2026-09-01T09:00", "Europe/Paris");
    assert_eq!(
        hours.opens_after(after(july, Length::hours(1))),
        Some(september)
    );
    assert_eq!(
        hours.worked(july, Length::hours(1)),
        after(september, Length::minutes(30))
    );
}

#[test]
fn a_desk_that_never_opens_keeps_nobody_waiting_for_ever() {
    let every_day =
        (1..=12).flat_map(|month| (1..=31).map(move |day| Holiday::Yearly { month, day }));
    let hours = office("Europe/Paris", every_day.collect());
    let now = at("2026-01-05T08:00:00Z");
    assert_eq!(hours.opens_after(now), None);
    assert_eq!(
        hours.worked(now, Length::minutes(10)),
        after(now, Length::minutes(10))
    );
}

#[test]
fn a_holiday_on_29_february_is_one_in_leap_years_only() {
    let holiday = Holiday::Yearly { month: 2, day: 29 };
    let hours = Hours {
        zone: zone("Europe/Berlin"),
        openings: Vec::new(),
        holidays: vec![holiday],
    };
    assert!(!hours.is_open(local("2028-02-29T12:00", "Europe/Berlin")));
    for open in [
        "2027-02-28T12:00",
        "2027-03-01T12:00",
        "2028-02-28T23:59",
        "2028-03-01T00:00",
    ] {
        assert!(hours.is_open(local(open, "Europe/Berlin")), "{open}");
    }
    assert_eq!(
        hours.worked(local("2028-02-28T23:00", "Europe/Berlin"), Length::hours(2)),
        local("2028-03-01T01:00", "Europe/Berlin")
    );
}

#[test]
fn opening_past_midnight_goes_on_without_a_break() {
    let hours = Hours {
        zone: zone("Europe/Berlin"),
        openings: vec![
            opening(Weekday::Friday, 22, 24),
            opening(Weekday::Saturday, 0, 6),
        ],
        holidays: Vec::new(),
    };
    let friday = local("2026-01-09T23:30", "Europe/Berlin");
    assert_eq!(
        hours.worked(friday, Length::hours(2)),
        local("2026-01-10T01:30", "Europe/Berlin")
    );
    assert!(hours.is_open(local("2026-01-10T00:00", "Europe/Berlin")));
    assert!(!hours.is_open(local("2026-01-10T06:00", "Europe/Berlin")));
}

#[test]
fn openings_that_overlap_are_worked_once() {
    let hours = Hours {
        zone: TimeZone::UTC,
        openings: vec![
            opening(Weekday::Monday, 9, 12),
            opening(Weekday::Monday, 10, 11),
            opening(Weekday::Monday, 11, 14),
        ],
        holidays: Vec::new(),
    };
    assert_eq!(
        hours.worked(at("2026-01-05T09:00:00Z"), Length::hours(4)),
        at("2026-01-05T13:00:00Z")
    );
}

#[test]
fn a_day_on_which_the_clocks_change_is_an_hour_shorter_or_longer() {
    // Zone, day, and how long the desk works from midnight to six.
    for (name, day, hours) in [
        ("Europe/Berlin", date(2026, 3, 29), 5),
        ("Europe/Berlin", date(2026, 10, 25), 7),
        ("America/New_York", date(2026, 3, 8), 5),
        ("America/New_York", date(2026, 11, 1), 7),
        ("Australia/Sydney", date(2026, 10, 4), 5),
        ("Australia/Sydney", date(2026, 4, 5), 7),
        ("Asia/Kolkata", date(2026, 3, 29), 6),
    ] {
        let desk = Hours {
            zone: zone(name),
            openings: vec![opening(Weekday::Sunday, 0, 6)],
            holidays: Vec::new(),
        };
        let midnight = day.to_zoned(zone(name)).expect("midnight").timestamp();
        let six = day
            .at(6, 0, 0, 0)
            .to_zoned(zone(name))
            .expect("six")
            .timestamp();
        assert_eq!(
            desk.worked(midnight, Length::hours(hours)),
            six,
            "{name} {day}"
        );
        assert!(
            desk.is_open(after(midnight, Length::minutes(150))),
            "{name} {day}"
        );
    }
}

#[test]
fn an_opening_that_the_clocks_skip_begins_when_they_skip_it_or_is_none() {
    let at_half_past = |to| Hours {
        zone: zone("Europe/Berlin"),
        openings: vec![Opening {
            day: Weekday::Sunday,
            from: time(2, 30, 0, 0),
            to: Some(to),
        }],
        holidays: Vec::new(),
    };
    let sunday = at("2026-03-29T00:00:00Z");
    let three = at("2026-03-29T01:00:00Z");
    assert_eq!(
        at_half_past(time(4, 0, 0, 0)).opens_after(sunday),
        Some(three)
    );
    // Only a week later is there a time between half past two and a quarter to three.
    assert_eq!(
        at_half_past(time(2, 45, 0, 0)).opens_after(sunday),
        Some(local("2026-04-05T02:30", "Europe/Berlin"))
    );
}

/// Quiet hours until `to`, and when they end for one whose clock shows 01:00 on a day.
fn quiet_until(to: Time, name: &str, day: Date) -> Timestamp {
    let quiet = QuietHours {
        from: time(21, 0, 0, 0),
        to,
    };
    let one = day
        .at(1, 0, 0, 0)
        .to_zoned(zone(name))
        .expect("one")
        .timestamp();
    let zones = [Zone::parse(name).expect("a zone")];
    quiet.ends_after(one, &zones).expect("quiet at one")
}

#[test]
fn the_quiet_night_ends_by_the_clock_also_when_the_clock_changes() {
    for (name, day) in [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Australia/Sydney", date(2026, 10, 4)),
        ("Australia/Sydney", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Asia/Kathmandu", date(2026, 4, 5)),
    ] {
        let ends = quiet_until(time(8, 0, 0, 0), name, day);
        let shown = ends.to_zoned(zone(name));
        assert_eq!(shown.datetime(), day.at(8, 0, 0, 0), "{name}");
    }
}

#[test]
fn a_quiet_end_that_is_skipped_comes_with_the_change_and_of_two_it_is_the_second() {
    let half_past_two = time(2, 30, 0, 0);
    let spring = quiet_until(half_past_two, "Europe/Berlin", date(2026, 3, 29));
    assert_eq!(spring, at("2026-03-29T01:00:00Z"), "when it becomes three");
    let autumn = quiet_until(half_past_two, "Europe/Berlin", date(2026, 10, 25));
    assert_eq!(
        autumn,
        at("2026-10-25T01:30:00Z"),
        "the second half past two"
    );
}

#[test]
fn quiet_hours_within_a_day_and_none_at_all() {
    let siesta = QuietHours {
        from: time(13, 0, 0, 0),
        to: time(15, 0, 0, 0),
    };
    let zones = ["Europe/Madrid", "Asia/Kathmandu"].map(|name| Zone::parse(name).expect("a zone"));
    let two = local("2026-01-05T14:00", "Europe/Madrid");
    let over = local("2026-01-05T15:00", "Europe/Madrid");
    assert_eq!(siesta.ends_after(two, &zones), Some(over));
    assert_eq!(siesta.ends_after(over, &zones), None);
    let kathmandu = local("2026-01-05T14:45", "Asia/Kathmandu");
    assert_eq!(
        siesta.ends_after(kathmandu, &zones),
        Some(after(kathmandu, Length::minutes(15)))
    );
    let never = QuietHours {
        from: time(8, 0, 0, 0),
        to: time(8, 0, 0, 0),
    };
    assert_eq!(never.ends_after(two, &zones), None);
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    prop::sample::select(vec![
        "Europe/Berlin",
        "America/New_York",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Pacific/Apia",
        "UTC",
    ])
    .prop_map(zone)
}

fn any_time() -> impl Strategy<Value = Time> {
    (0i8..24, 0i8..60).prop_map(|(hour, minute)| time(hour, minute, 0, 0))
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..1500).prop_map(|days| date(2025, 12, 1).saturating_add(days.days()))
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let opening = (0i8..7, any_time(), prop::option::of(any_time()));
    let opening = opening.prop_map(|(day, from, to)| Opening {
        day: Weekday::from_monday_zero_offset(day).expect("a weekday"),
        from,
        to: to.filter(|to| from < *to),
    });
    let openings = prop::collection::vec(opening, 0..6);
    let holidays = prop::collection::vec(any_day().prop_map(Holiday::On), 0..6);
    (any_zone(), openings, holidays).prop_map(|(zone, openings, holidays)| Hours {
        zone,
        openings,
        holidays,
    })
}

/// Within a few years, more often than not in a night in which clocks change.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    let changes = [
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-04-04T15:30:00Z",
        "2028-02-29T00:00:00Z",
    ];
    let near = (prop::sample::select(changes.to_vec()), -300i64..300)
        .prop_map(|(change, minutes)| at(change) + minutes.minutes());
    let any = (any_day(), any_time()).prop_map(|(day, time)| {
        day.to_datetime(time)
            .to_zoned(TimeZone::UTC)
            .expect("a time")
            .timestamp()
    });
    prop_oneof![near, any]
}

proptest! {
    #[test]
    fn what_a_desk_waits_for_is_its_opening(hours in any_hours(), at in any_moment()) {
        match hours.opens_after(at) {
            Some(opens) => {
                prop_assert!(!hours.is_open(at) && opens > at);
                prop_assert!(hours.is_open(opens));
                prop_assert!(!hours.is_open(opens - 1.second()));
            }
            None => prop_assert!(hours.is_open(at)),
        }
    }

    #[test]
    fn who_waits_longer_or_from_later_is_never_told_earlier(
        hours in any_hours(), from in any_moment(), later in 0i64..3000, minutes in 0u32..600, more in 0u32..600,
    ) {
        let told = hours.worked(from, Length::minutes(minutes));
        prop_assert!(told >= after(from, Length::minutes(minutes)));
        prop_assert!(told <= hours.worked(from, Length::minutes(minutes + more)));
        prop_assert!(told <= hours.worked(from + later.minutes(), Length::minutes(minutes)));
        prop_assert!(hours.is_open(told) || hours.is_open(told - 1.second()));
    }

    #[test]
    fn quiet_hours_end_within_a_day_and_an_end_is_not_quiet_there(
        from in any_time(), to in any_time(), zone in any_zone(), at in any_moment(),
    ) {
        let zone = [Zone::of(&zone)];
        let quiet = QuietHours { from, to };
        if let Some(ends) = quiet.ends_after(at, &zone) {
            prop_assert!(ends > at && ends - 25.hours() <= at);
            let again = quiet.ends_after(ends, &zone);
            // Only where a clock that is put back shows the beginning again.
            prop_assert!(again.is_none_or(|again| again > ends));
        }
    }
}
