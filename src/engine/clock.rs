//! The clock: the only place that reads it. Tests use one that they move by hand.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::domain::time::{Length, Timestamp, after};

/// The longest single sleep on the system's clock. Somebody may set that clock; waking up now and
/// then to look at it again keeps us from oversleeping.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Tells the time and sleeps.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Manual(Arc<watch::Sender<Timestamp>>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands still until it is [advanced](Clock::advance).
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self(Kind::Manual(Arc::new(watch::Sender::new(start))))
    }

    /// What time it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock's home")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::Manual(time) => *time.borrow(),
        }
    }

    /// Moves a manual clock on and wakes whoever slept until then; does nothing to the system's.
    pub fn advance(&self, by: Length) {
        if let Kind::Manual(time) = &self.0 {
            time.send_modify(|now| *now = after(*now, by));
        }
    }

    /// Sleeps until it is `due`; returns at once if it is already.
    pub async fn sleep_until(&self, due: Timestamp) {
        match &self.0 {
            Kind::System => loop {
                let left = due.duration_since(self.now());
                match Duration::try_from(left) {
                    Ok(left) if !left.is_zero() => {
                        tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
                    }
                    _ => return,
                }
            },
            Kind::Manual(time) => {
                let mut time = time.subscribe();
                // The sender lives as long as this clock does, so waiting cannot fail.
                drop(time.wait_for(|now| *now >= due).await);
            }
        }
    }

    /// Sleeps for `length`.
    pub async fn sleep(&self, length: Length) {
        self.sleep_until(after(self.now(), length)).await;
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
    use super::{Clock, Length, Timestamp};

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
}
