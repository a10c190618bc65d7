//! When a customer may be rung: within the desk's hours, and nowhere in the quiet hours of where they
//! may be.

use jiff::{RoundMode, Unit, ZonedRound, civil};

use crate::domain::{
    hours::{Hours, QuietHours, Zone},
    time::{Length, Timestamp, after},
};

/// So often one looks further for a window: some weeks, with two or three steps a day.
const STEPS: usize = 64;

/// On how many days there are times to choose.
const DAYS_TO_CHOOSE: usize = 3;

/// How many times there are on each of them.
const TIMES_A_DAY: usize = 4;

/// What an open callback goes by, as the rules have it for its channel, its desk and its customer.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    /// The desk's hours.
    pub hours: &'a Hours,
    /// When customers are not rung, where they are.
    pub quiet: QuietHours,
    /// Where the customer may be.
    pub zones: Vec<Zone>,
    /// A number to ring is known.
    pub number_known: bool,
    /// Somebody is on call: what is urgent is reminded of round the clock.
    pub on_call: bool,
    /// A soft one turns loud after so long without our answer.
    pub soft_wait: Length,
    /// Nobody has claimed it for so long: the desk is reminded, then a supervisor.
    pub claim_within: Length,
    /// A claim is silent for so long: its agent is asked.
    pub claim_lease: Length,
    /// How often it is tried again when nobody answers.
    pub attempts: u32,
    /// How long after a call without an answer each time; the last one again if there are more.
    pub retry_after: &'a [Length],
}

impl Terms<'_> {
    /// The first moment from `from` on at which the desk works and it is quiet nowhere where the
    /// customer may be. If there is none for weeks, because it is quiet somewhere whenever the desk
    /// works, the first at which the desk works: a person decides then, and sees why.
    #[must_use]
    pub fn window(&self, from: Timestamp) -> Timestamp {
        let mut at = from;
        for _ in 0..STEPS {
            if let Some(opens) = self.hours.opens_after(at) {
                at = opens;
            } else if let Some(ends) = self.quiet.ends_after(at, &self.zones) {
                at = ends;
            } else {
                return at;
            }
        }
        self.hours.opens_after(from).unwrap_or(from)
    }

    /// Times among which a customer may choose: full hours by the clocks of `zone` at which they may be
    /// rung, from `from` on. Of each of the next three days that have any, up to four, spread over the
    /// day.
    #[must_use]
    pub fn times_to_choose(&self, from: Timestamp, zone: &Zone) -> Vec<Timestamp> {
        let mut days: Vec<(civil::Date, Vec<Timestamp>)> = Vec::new();
        let mut next = from;
        while let Some(time) = self.next_to_choose(next, zone) {
            let date = time.to_zoned(zone.as_tz().clone()).date();
            let is_full = days.len() == DAYS_TO_CHOOSE;
            match days.last_mut() {
                Some((day, times)) if *day == date => times.push(time),
                _ if is_full => break,
                _ => days.push((date, vec![time])),
            }
            next = after(time, Length::minutes(1));
        }
        days.iter().flat_map(|(_, times)| spread(times)).collect()
    }

    /// The first full hour in which the customer may be rung; the beginning of a window that has none.
    fn next_to_choose(&self, from: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut at = full_hour(from, zone)?;
        for _ in 0..STEPS {
            let opens = self.window(at);
            if opens == at {
                return Some(at);
            }
            at = full_hour(opens, zone)?;
            if self.window(at) != at {
                return Some(opens);
            }
        }
        None
    }

    /// The first moment at which the customer may be rung and by which somebody could have done so
    /// for `length` since `since`; what is urgent counts round the clock while somebody is on call.
    #[must_use]
    pub fn worked(&self, since: Timestamp, length: Length, urgent: bool) -> Timestamp {
        if urgent && self.on_call {
            after(since, length)
        } else {
            self.window(self.hours.worked(self.window(since), length))
        }
    }

    /// How long to wait before the call is tried again for the nth time, from 1.
    #[must_use]
    pub fn retry_after(&self, attempt: u32) -> Length {
        let place = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let chosen = self.retry_after.get(place).or(self.retry_after.last());
        chosen.copied().unwrap_or(Length::hours(24))
    }
}

/// That moment, or the next at which the clocks of a zone show a full hour.
fn full_hour(at: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let up = ZonedRound::new().smallest(Unit::Hour).mode(RoundMode::Ceil);
    let rounded = at.to_zoned(zone.as_tz().clone()).round(up).ok()?;
    Some(rounded.timestamp().max(at))
}

/// At most so many of a day's times, the first and the last among them.
fn spread(times: &[Timestamp]) -> Vec<Timestamp> {
    let gaps = TIMES_A_DAY - 1;
    let last = times.len().saturating_sub(1);
    if last <= gaps {
        return times.to_vec();
    }
    (0..=gaps)
        .filter_map(|place| times.get(place * last / gaps).copied())
        .collect()
}

#[cfg(test)]
mod tests;
