//! A circuit breaker: leaves a destination alone that fails again and again through no fault of what it is
//! sent, and tries it with one delivery from time to time. Pure: it is told the time and asks nobody.

use crate::domain::time::{Length, Timestamp, after};

/// After so many failures in a row, whatever was sent, it is the destination that is down.
const FAILURES: u32 = 5;
/// The first rest, in milliseconds; it doubles with each trial that fails.
const FIRST_REST: u64 = 1_000;
/// The longest rest: so long at most until it is seen that the destination is back.
const LONGEST_REST: Length = Length::minutes(1);
/// Doublings after which a rest is the longest, whatever.
const DOUBLINGS: u32 = 6;

/// Whether a destination is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) enum Breaker {
    /// It is sent what there is.
    Closed {
        /// How often it failed of late, in a row.
        failures: u32,
    },
    /// It is left alone, but for a trial.
    Open {
        /// When the next trial may begin.
        until: Timestamp,
        /// How many trials failed.
        trials: u32,
    },
}

/// What a result changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is left alone from now on.
    Opened,
    /// It is sent everything again.
    Closed,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// How many deliveries may be under way at `now`, of `most` that the destination takes.
    pub(super) fn admits(&self, most: usize, now: Timestamp) -> usize {
        match self {
            Self::Closed { .. } => most,
            Self::Open { until, .. } => usize::from(*until <= now),
        }
    }

    /// Whether it is left alone.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When the next trial may begin, while it is left alone.
    pub(super) const fn next(&self) -> Option<Timestamp> {
        match self {
            Self::Closed { .. } => None,
            Self::Open { until, .. } => Some(*until),
        }
    }

    /// It took something, or refused it for what it is: it is there.
    pub(super) fn answered(&mut self) -> Option<Turn> {
        let was_open = self.is_open();
        *self = Self::default();
        was_open.then_some(Turn::Closed)
    }

    /// It failed, whatever it was sent.
    pub(super) fn failed(&mut self, now: Timestamp) -> Option<Turn> {
        match self {
            Self::Closed { failures } if *failures + 1 < FAILURES => {
                *failures += 1;
                None
            }
            Self::Closed { .. } => {
                *self = Self::Open {
                    until: after(now, rest(0)),
                    trials: 0,
                };
                Some(Turn::Opened)
            }
            // What was under way when it opened is no trial.
            Self::Open { until, .. } if now < *until => None,
            Self::Open { until, trials } => {
                *trials = trials.saturating_add(1);
                *until = after(now, rest(*trials));
                None
            }
        }
    }

    /// The clock was set back: a rest must not last longer than it would have.
    pub(super) fn set_back(&mut self, now: Timestamp) {
        if let Self::Open { until, .. } = self {
            *until = (*until).min(after(now, LONGEST_REST));
        }
    }
}

fn rest(trials: u32) -> Length {
    let doubled = FIRST_REST << trials.min(DOUBLINGS);
    Length::milliseconds(doubled).min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// One that has just opened, at 100 s.
    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert_eq!(breaker.failed(at(100)), None);
        }
        assert_eq!(breaker.failed(at(100)), Some(Turn::Opened));
        breaker
    }

    #[test]
    fn a_destination_that_fails_five_times_in_a_row_is_left_alone() {
        let breaker = opened();
        assert_eq!(breaker.admits(8, at(100)), 0);
        assert_eq!(breaker.next(), Some(at(101)));
    }

    #[test]
    fn one_that_answers_now_and_then_is_not() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            for _ in 1..FAILURES {
                assert_eq!(breaker.failed(at(0)), None);
            }
            assert_eq!(breaker.answered(), None);
        }
        assert_eq!(breaker.admits(8, at(0)), 8);
    }

    #[test]
    fn after_a_rest_one_delivery_is_tried() {
        let mut breaker = opened();
        assert_eq!(breaker.admits(8, at(101)), 1);
        assert_eq!(breaker.answered(), Some(Turn::Closed));
        assert_eq!(breaker.admits(8, at(101)), 8);
    }

    #[test]
    fn rests_double_up_to_a_minute() {
        let mut breaker = opened();
        let mut rests = Vec::new();
        for _ in 0..8 {
            let now = breaker.next().unwrap();
            assert_eq!(breaker.failed(now), None);
            rests.push(breaker.next().unwrap().as_second() - now.as_second());
        }
        assert_eq!(rests, [2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn what_was_under_way_when_it_opened_makes_no_rest_longer() {
        let mut breaker = opened();
        assert_eq!(breaker.failed(at(100)), None);
        assert_eq!(breaker.next(), Some(at(101)));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_rest_longer() {
        let mut breaker = opened();
        breaker.set_back(at(10));
        assert_eq!(breaker.next(), Some(at(70)));
    }
}
