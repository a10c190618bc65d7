//! The clock: the only place that reads it. Tests use one that they move by hand.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::domain::time::{Length, Timestamp, after};

/// The longest single sleep on the system's clock. Somebody may set that clock; waking up now and
/// then to look at it again keeps us from oversleeping.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Tells the time and sleeps.
#[derive(Debug, Clone)]
pub struct Clock {
    kind: Kind,
    /// The newest [arrival](Clock::arrival), in microseconds.
    newest: Arc<AtomicI64>,
}

#[derive(Debug, Clone)]
enum Kind {
    System,
    Manual(Arc<watch::Sender<Timestamp>>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::of(Kind::System)
    }

    /// A clock that stands still until it is [advanced](Clock::advance).
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self::of(Kind::Manual(Arc::new(watch::Sender::new(start))))
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            newest: Arc::new(AtomicI64::new(i64::MIN)),
        }
    }

    /// What time it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock's home")]
    pub fn now(&self) -> Timestamp {
        match &self.kind {
            Kind::System => Timestamp::now(),
            Kind::Manual(time) => *time.borrow(),
        }
    }

    /// The time of something that comes in now and has no time of its own. Never before the one given
    /// last: if the clock is set back, what comes in still comes after what came before it.
    #[must_use]
    pub fn arrival(&self) -> Timestamp {
        let now = self.now();
        let newest = self
            .newest
            .fetch_max(now.as_microsecond(), Ordering::Relaxed);
        Timestamp::from_microsecond(newest).map_or(now, |newest| newest.max(now))
    }

    /// Moves a manual clock on and wakes whoever slept until then; does nothing to the system's.
    pub fn advance(&self, by: Length) {
        if let Kind::Manual(time) = &self.kind {
            time.send_modify(|now| *now = after(*now, by));
        }
    }

    /// Sets a manual clock back and wakes whoever sleeps.
    #[cfg(test)]
    pub(crate) fn set_back(&self, by: Length) {
        if let Kind::Manual(time) = &self.kind {
            time.send_modify(|now| *now = now.saturating_sub(by.as_signed()).unwrap_or(*now));
        }
    }

    /// Sleeps until it is `due`; returns at once if it is already. Returns early if the clock is set
    /// back meanwhile: whoever waits looks again what is due by the new time.
    pub async fn sleep_until(&self, due: Timestamp) {
        let mut before = self.now();
        match &self.kind {
            Kind::System => loop {
                let now = self.now();
                let left = Duration::try_from(due.duration_since(now)).unwrap_or_default();
                if left.is_zero() || now < before {
                    return;
                }
                before = now;
                tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
            },
            Kind::Manual(time) => {
                let mut time = time.subscribe();
                let is_over = |now: &Timestamp| {
                    let is_over = *now >= due || *now < before;
                    before = *now;
                    is_over
                };
                // The sender lives as long as this clock does, so waiting cannot fail.
                drop(time.wait_for(is_over).await);
            }
        }
    }

    /// Sleeps for `length`, whoever sets the clock meanwhile.
    pub async fn sleep(&self, length: Length) {
        match &self.kind {
            Kind::System => tokio::time::sleep(length.as_std()).await,
            Kind::Manual(_) => self.sleep_until(after(self.now(), length)).await,
        }
    }
}

/// Measures how long something takes. For metrics only, never for decisions.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock's home")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been running.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Length, Timestamp, after};

    #[tokio::test]
    async fn advancing_a_manual_clock_wakes_exactly_those_who_are_due() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let (soon, late) = (clock.clone(), clock.clone());
        let soon = tokio::spawn(async move { soon.sleep(Length::minutes(1)).await });
        let late = tokio::spawn(async move { late.sleep(Length::hours(1)).await });
        tokio::task::yield_now().await;
        clock.advance(Length::minutes(1));
        soon.await.expect("woken");
        assert!(!late.is_finished());
        clock.advance(Length::hours(1));
        late.await.expect("woken");
    }

    #[tokio::test]
    async fn whoever_sleeps_looks_again_when_the_clock_is_set_back() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let sleeper = clock.clone();
        let due = after(clock.now(), Length::minutes(1));
        let sleeper = tokio::spawn(async move { sleeper.sleep_until(due).await });
        tokio::task::yield_now().await;
        clock.set_back(Length::hours(1));
        sleeper.await.expect("woken");
    }

    #[test]
    fn what_comes_in_comes_after_what_came_before_whatever_the_clock_says() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let first = clock.arrival();
        clock.set_back(Length::hours(1));
        assert_eq!(clock.arrival(), first);
        clock.advance(Length::minutes(61));
        assert_eq!(clock.arrival(), clock.now());
    }
}
