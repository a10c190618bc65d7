//! What asking for updates tells of how the bot stands, as troubles for an admin. One bad moment is no
//! trouble.

use std::time::Duration;

use super::super::failure::Failure;
use crate::{
    domain::time::{Length, Timestamp, after},
    engine::{Clock, Handle, Trouble},
};

/// Not reached for so long: a trouble.
const UNREACHABLE_AFTER: Length = Length::minutes(1);
/// Conflicts that are as close are no chance: a restart makes one, another program one after another.
const CONFLICTS_WITHIN: Length = Length::minutes(2);

/// Tells the engine.
#[derive(Debug)]
pub(super) struct Status {
    engine: Handle,
    clock: Clock,
    signs: Signs,
}

/// What was seen so far.
#[derive(Debug, Default)]
struct Signs {
    token_unknown: bool,
    unreachable_since: Option<Timestamp>,
    conflict_at: Option<Timestamp>,
    polled_elsewhere: bool,
}

impl Status {
    pub(super) fn new(engine: Handle, clock: Clock) -> Self {
        Self {
            engine,
            clock,
            signs: Signs::default(),
        }
    }

    /// Telegram did what it was asked.
    pub(super) fn worked(&mut self) {
        self.signs.worked(self.clock.now());
        self.tell();
    }

    /// It did not.
    pub(super) fn failed(&mut self, failure: &Failure) {
        tracing::warn!(error = %failure, "Telegram did not do what it was asked");
        self.signs.failed(failure, self.clock.now());
        self.tell();
    }

    /// Says whether there is a trouble of another kind.
    pub(super) fn set(&self, trouble: Trouble, is_there: bool) {
        self.engine.set_trouble(trouble, is_there);
    }

    /// What time it is.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn tell(&self) {
        for (trouble, is_there) in self.signs.troubles(self.clock.now()) {
            self.set(trouble, is_there);
        }
    }
}

impl Signs {
    fn worked(&mut self, now: Timestamp) {
        self.token_unknown = false;
        self.unreachable_since = None;
        // Of two programs that poll, each has its turn now and then.
        let is_recent = |at| after(at, CONFLICTS_WITHIN) > now;
        self.polled_elsewhere &= self.conflict_at.is_some_and(is_recent);
    }

    fn failed(&mut self, failure: &Failure, now: Timestamp) {
        match failure {
            Failure::Unreachable | Failure::Unknown => {
                self.unreachable_since.get_or_insert(now);
            }
            Failure::WrongToken => {
                self.unreachable_since = None;
                self.token_unknown = true;
            }
            Failure::Conflict | Failure::WebhookSet => {
                self.worked(now);
                let before = self.conflict_at.replace(now);
                self.polled_elsewhere |=
                    before.is_some_and(|before| after(before, CONFLICTS_WITHIN) > now);
            }
            _ => self.worked(now),
        }
    }

    fn troubles(&self, now: Timestamp) -> [(Trouble, bool); 3] {
        let is_long = |since| after(since, UNREACHABLE_AFTER) <= now;
        [
            (Trouble::TokenUnknown, self.token_unknown),
            (Trouble::PolledElsewhere, self.polled_elsewhere),
            (
                Trouble::TelegramUnreachable,
                self.unreachable_since.is_some_and(is_long),
            ),
        ]
    }
}

/// How often to look at what is not told by itself.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn troubles(signs: &Signs, seconds: i64) -> Vec<Trouble> {
        let all = signs.troubles(at(seconds)).into_iter();
        all.filter_map(|(trouble, is_there)| is_there.then_some(trouble))
            .collect()
    }

    #[test]
    fn one_conflict_is_a_restart_and_two_are_another_program() {
        let mut signs = Signs::default();
        signs.failed(&Failure::Conflict, at(0));
        assert_eq!(troubles(&signs, 0), []);
        signs.worked(at(1));
        signs.failed(&Failure::Conflict, at(60));
        assert_eq!(troubles(&signs, 60), [Trouble::PolledElsewhere]);
        // Its turn and ours: that ours works does not mean that it has gone.
        signs.worked(at(100));
        assert_eq!(troubles(&signs, 100), [Trouble::PolledElsewhere]);
        signs.worked(at(180));
        assert_eq!(troubles(&signs, 180), []);
        signs.failed(&Failure::Conflict, at(400));
        assert_eq!(troubles(&signs, 400), []);
    }

    #[test]
    fn telegram_cannot_be_reached_once_it_has_not_been_for_a_minute() {
        let mut signs = Signs::default();
        signs.failed(&Failure::Unreachable, at(0));
        signs.failed(&Failure::Unknown, at(59));
        assert_eq!(troubles(&signs, 59), []);
        signs.failed(&Failure::Unreachable, at(60));
        assert_eq!(troubles(&signs, 60), [Trouble::TelegramUnreachable]);
        signs.failed(&Failure::Later(Duration::from_secs(1)), at(61));
        assert_eq!(troubles(&signs, 61), []);
    }

    #[test]
    fn a_token_that_telegram_does_not_know_is_told_at_once() {
        let mut signs = Signs::default();
        signs.failed(&Failure::WrongToken, at(0));
        assert_eq!(troubles(&signs, 0), [Trouble::TokenUnknown]);
        signs.failed(&Failure::Unreachable, at(1));
        assert_eq!(troubles(&signs, 1), [Trouble::TokenUnknown]);
        signs.worked(at(2));
        assert_eq!(troubles(&signs, 2), []);
    }
}
