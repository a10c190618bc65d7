//! How long to wait before asking again: twice as long each time, never quite the same.

use std::time::Duration;

use super::super::failure::Failure;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);
/// While another program polls the bot: often enough to notice that it has stopped.
const CONFLICT: Duration = Duration::from_secs(5);

/// Counts what failed since something worked.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Something worked.
    pub(super) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// How long to wait after this failure. As long as Telegram says, if it does.
    pub(super) fn after(&mut self, failure: &Failure) -> Duration {
        match failure {
            Failure::Later(asked) => (*asked).max(FIRST),
            Failure::Conflict => CONFLICT,
            _ => self.next(),
        }
    }

    /// How long to wait now that something has failed.
    pub(super) fn next(&mut self) -> Duration {
        let jitter = rand::random_range(0.5..=1.0);
        let wait = wait(self.failures, jitter);
        self.failures = self.failures.saturating_add(1);
        wait
    }
}

fn wait(failures: u32, jitter: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures));
    doubled.min(LONGEST).mul_f64(jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_than_the_one_before_up_to_a_minute() {
        let waits: Vec<_> = (0..9)
            .map(|failures| wait(failures, 1.0).as_millis())
            .collect();
        let told = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
        assert_eq!(waits, told);
        assert_eq!(wait(u32::MAX, 0.5), LONGEST / 2);
    }

    #[test]
    fn telegram_says_itself_how_long_to_wait() {
        let mut backoff = Backoff::default();
        let asked = Failure::Later(Duration::from_secs(17));
        assert_eq!(backoff.after(&asked), Duration::from_secs(17));
        // That was no failure: the next one is the first.
        assert!(backoff.after(&Failure::Unreachable) <= FIRST);
        assert!(backoff.after(&Failure::Unreachable) >= FIRST);
        backoff.reset();
        assert!(backoff.after(&Failure::Unknown) <= FIRST);
    }
}
