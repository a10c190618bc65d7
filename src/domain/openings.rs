//! When a desk opened and closed last: where one shift ends and the next begins. Asks nothing but
//! [`Hours::is_open`], so it knows whatever that knows.

use jiff::{SignedDuration, civil, tz::TimeZone};

use super::{hours::Hours, time::Timestamp};

/// So many days are looked back at most.
const DAYS: u32 = 15;

impl Hours {
    /// When the desk opened, if it works at that moment; `None` too if it has not been closed for
    /// two weeks.
    #[must_use]
    pub fn opened_at(&self, at: Timestamp) -> Option<Timestamp> {
        let turns = |turn: &Timestamp| self.is_open(*turn) && !self.was_open_before(*turn);
        self.is_open(at).then(|| self.last(at, turns)).flatten()
    }

    /// When the desk closed last, at that moment or before; `None` if it has not for two weeks.
    #[must_use]
    pub fn closed_at(&self, at: Timestamp) -> Option<Timestamp> {
        self.last(at, |turn| {
            !self.is_open(*turn) && self.was_open_before(*turn)
        })
    }

    fn was_open_before(&self, at: Timestamp) -> bool {
        let before = at.checked_sub(SignedDuration::from_micros(1));
        before.is_ok_and(|before| self.is_open(before))
    }

    fn last(&self, at: Timestamp, turns: impl FnMut(&Timestamp) -> bool) -> Option<Timestamp> {
        if self.openings.is_empty() && self.holidays.is_empty() {
            return None;
        }
        let mut moments = self.possible_turns(at);
        moments.sort_unstable_by(|one, other| other.cmp(one));
        moments.into_iter().find(turns)
    }

    /// All moments up to `at` at which the desk may open or close: its openings, midnights for the
    /// sake of holidays, and where clocks are changed.
    fn possible_turns(&self, at: Timestamp) -> Vec<Timestamp> {
        let zone = &self.zone;
        let changes = zone.preceding(at).take(2).map(|change| change.timestamp());
        let mut moments: Vec<Timestamp> = changes.collect();
        let mut day = at.to_zoned(zone.clone()).date();
        for _ in 0..DAYS {
            moments.extend(moments_of(zone, day, civil::Time::midnight()));
            for opening in &self.openings {
                if opening.day == day.weekday() {
                    moments.extend(moments_of(zone, day, opening.from));
                    moments.extend(
                        opening
                            .to
                            .into_iter()
                            .flat_map(|to| moments_of(zone, day, to)),
                    );
                }
            }
            match day.yesterday() {
                Ok(yesterday) => day = yesterday,
                Err(_) => break,
            }
        }
        moments.retain(|moment| *moment <= at);
        moments
    }
}

/// A time of the clock on a day; two moments where clocks were put back.
fn moments_of(
    zone: &TimeZone,
    day: civil::Date,
    time: civil::Time,
) -> impl Iterator<Item = Timestamp> {
    let moment = || zone.to_ambiguous_zoned(day.to_datetime(time));
    let both = [moment().earlier(), moment().later()];
    both.into_iter().flatten().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::{
        civil::{Weekday, time},
        tz::TimeZone,
    };

    use super::{Hours, Timestamp};
    use crate::domain::hours::Opening;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Every day from one hour to another, in Berlin.
    fn daily(from: i8, to: i8) -> Hours {
        let days = Weekday::Monday.cycle_forward().take(7);
        Hours {
            zone: TimeZone::get("Europe/Berlin").expect("a zone"),
            openings: days
                .map(|day| Opening {
                    day,
                    from: time(from, 0, 0, 0),
                    to: (to < 24).then(|| time(to, 0, 0, 0)),
                })
                .collect(),
            holidays: Vec::new(),
        }
    }

    #[test]
    fn a_desk_knows_when_it_opened_and_closed_last() {
        let hours = daily(9, 17);
        let opened = at("2026-01-06T08:00:00Z");
        assert_eq!(hours.opened_at(opened), Some(opened));
        assert_eq!(hours.opened_at(at("2026-01-06T15:59:59Z")), Some(opened));
        assert_eq!(
            hours.opened_at(at("2026-01-06T16:00:00Z")),
            None,
            "it is closed"
        );
        assert_eq!(hours.closed_at(opened), Some(at("2026-01-05T16:00:00Z")));
        assert_eq!(
            hours.closed_at(at("2026-01-06T16:00:00Z")),
            Some(at("2026-01-06T16:00:00Z"))
        );
    }

    #[test]
    fn a_desk_that_never_closes_never_opens() {
        let noon = at("2026-01-06T12:00:00Z");
        assert_eq!(Hours::always().opened_at(noon), None);
        assert_eq!(daily(0, 24).opened_at(noon), None);
        assert_eq!(daily(0, 24).closed_at(noon), None);
    }

    #[test]
    fn a_weekend_is_one_night() {
        let mut hours = daily(9, 17);
        hours
            .openings
            .retain(|opening| !matches!(opening.day, Weekday::Saturday | Weekday::Sunday));
        let monday = at("2026-01-05T08:00:00Z");
        assert_eq!(hours.opened_at(at("2026-01-05T09:30:00Z")), Some(monday));
        assert_eq!(hours.closed_at(monday), Some(at("2026-01-02T16:00:00Z")));
    }

    #[test]
    fn the_clock_on_the_wall_counts_when_clocks_are_changed() {
        let hours = daily(9, 17);
        // 29 March and 25 October 2026, in Berlin.
        for (now, opened) in [
            ("2026-03-28T12:00:00Z", "2026-03-28T08:00:00Z"),
            ("2026-03-29T12:00:00Z", "2026-03-29T07:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-24T07:00:00Z"),
            ("2026-10-25T12:00:00Z", "2026-10-25T08:00:00Z"),
        ] {
            assert_eq!(hours.opened_at(at(now)), Some(at(opened)), "{now}");
        }
    }

    #[test]
    fn an_opening_within_the_hour_that_is_left_out_is_at_its_end() {
        let mut hours = daily(2, 17);
        for opening in &mut hours.openings {
            opening.from = time(2, 30, 0, 0);
        }
        let skipped = at("2026-03-29T01:00:00Z");
        assert_eq!(hours.opened_at(at("2026-03-29T06:00:00Z")), Some(skipped));
    }
}
