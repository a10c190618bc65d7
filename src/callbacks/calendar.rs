//! When a customer may be rung: within the desk's hours, and nowhere in the quiet hours of where they
//! may be.

use crate::domain::{
    hours::{Hours, QuietHours, Zone},
    time::{Length, Timestamp, after},
};

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
    /// customer may be. If there is none within two weeks, `from` itself: a person decides then.
    #[must_use]
    pub fn window(&self, from: Timestamp) -> Timestamp {
        let mut at = from;
        for _ in 0..64 {
            if let Some(opens) = self.hours.opens_after(at) {
                at = opens;
            } else if let Some(ends) = self.quiet.ends_after(at, &self.zones) {
                at = ends;
            } else {
                return at;
            }
        }
        from
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
