//! Sends what the outbox holds to one destination: takes effects by lease, sends them outside any
//! transaction, keeps what came of it. Destinations do not wait for each other.

use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    task::{Id, JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;

use super::{
    Clock,
    outbound::{Destination, OutboxItem, SendError},
    writer::{CallError, Jobs, Work},
};
use crate::{
    domain::time::{Length, Timestamp, after},
    store::{
        StoreError,
        sqlite::outbox::{ClaimedEffect, Sent},
    },
};

/// The wait before the second attempt; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait between attempts, also when the receiver asks for more.
const LONGEST_WAIT: Length = Length::minutes(15);
/// After so many attempts an effect is given up: about a day after the first.
const ATTEMPTS: u32 = 120;
/// A lease outlives the delivery's own time-out by this much, so that it ends only if we did.
const LEASE_MARGIN: Length = Length::minutes(1);
/// How long to wait when the database itself fails.
const STORAGE_WAIT: Duration = Duration::from_secs(1);

/// Sends to one destination.
pub(super) struct Dispatcher {
    pub(super) destination: Arc<dyn Destination>,
    pub(super) jobs: Jobs,
    pub(super) clock: Clock,
    /// Rung when there is something new.
    pub(super) bell: Arc<Notify>,
    pub(super) stopping: CancellationToken,
}

/// What is under way and what came of it but is not kept yet.
#[derive(Default)]
struct Deliveries {
    sends: JoinSet<Result<(), SendError>>,
    /// Which effect a task sends, and which attempt it is.
    effects: HashMap<Id, ClaimedEffect>,
    settled: Vec<(i64, Sent)>,
}

/// What one visit to the outbox brought.
struct Visit {
    claimed: Vec<ClaimedEffect>,
    cut_off: usize,
    next: Option<Timestamp>,
}

impl Dispatcher {
    /// Sends until told to stop; then lets what is under way finish.
    pub(super) async fn run(self) {
        let mut under_way = Deliveries::default();
        let mut next = Some(self.clock.now());
        loop {
            let stopping = self.stopping.is_cancelled();
            let has_room = under_way.sends.len() < self.concurrency();
            let is_due = next.is_some_and(|due| due <= self.clock.now());
            let looks = has_room && is_due && !stopping;
            if looks || !under_way.settled.is_empty() {
                let room = if stopping {
                    0
                } else {
                    self.concurrency() - under_way.sends.len()
                };
                match self.visit(&mut under_way, room).await {
                    Ok(due) => next = due,
                    Err(CallError::Stopping) => return,
                    Err(CallError::Storage(_)) => self.clock.sleep(as_length(STORAGE_WAIT)).await,
                }
            } else if stopping && under_way.sends.is_empty() {
                return;
            } else {
                let due = next.filter(|_| has_room && !stopping);
                tokio::select! {
                    () = self.stopping.cancelled(), if !stopping => {}
                    () = self.bell.notified(), if !stopping => next = Some(self.clock.now()),
                    () = sleep_until(&self.clock, due) => {}
                    Some(done) = under_way.sends.join_next_with_id() => {
                        self.note(&mut under_way, done);
                        while let Some(done) = under_way.sends.try_join_next_with_id() {
                            self.note(&mut under_way, done);
                        }
                    }
                }
            }
        }
    }

    fn concurrency(&self) -> usize {
        self.destination.concurrency().max(1)
    }

    /// Keeps what came of the deliveries that ended and starts up to `room` more. Says when to
    /// look again.
    async fn visit(
        &self,
        under_way: &mut Deliveries,
        room: usize,
    ) -> Result<Option<Timestamp>, CallError> {
        let name = self.destination.name().to_owned();
        let gives_up = !self.destination.has_idempotency_key();
        let settled = under_way.settled.clone();
        let lease = after(
            after(self.clock.now(), as_length(self.destination.timeout())),
            LEASE_MARGIN,
        );
        let room = u32::try_from(room).unwrap_or(u32::MAX);
        let visit = self
            .jobs
            .call(settled.len() + 1, None, move |work| {
                visit_store(work, &name, &settled, gives_up, room, lease)
            })
            .await?;
        under_way.settled.clear();
        if visit.cut_off > 0 {
            let (destination, count) = (self.destination.name(), visit.cut_off);
            tracing::error!(
                destination,
                count,
                "deliveries were cut off; they may not have arrived"
            );
            self.count("dead", visit.cut_off);
        }
        for effect in visit.claimed {
            self.send(under_way, effect);
        }
        Ok(visit.next)
    }

    /// Starts a delivery.
    fn send(&self, under_way: &mut Deliveries, effect: ClaimedEffect) {
        if under_way
            .effects
            .values()
            .any(|known| known.id == effect.id)
        {
            // Its lease ended under way (the clock was moved); the delivery still has its time.
            return;
        }
        let Ok(event) = serde_json::from_str(&effect.payload) else {
            let reason = "what was stored cannot be read".to_owned();
            self.bury(&effect, &reason);
            under_way.settled.push((effect.id, Sent::Dead(reason)));
            return;
        };
        let item = OutboxItem {
            id: effect.key.clone(),
            created_at: effect.created_at,
            attempt: effect.attempt,
            event,
        };
        let destination = Arc::clone(&self.destination);
        let task = under_way.sends.spawn(async move {
            tokio::time::timeout(destination.timeout(), destination.send(&item))
                .await
                .unwrap_or(Err(SendError::Unknown))
        });
        under_way.effects.insert(task.id(), effect);
    }

    /// Notes what came of a delivery. One that panicked may or may not have arrived.
    fn note(
        &self,
        under_way: &mut Deliveries,
        done: Result<(Id, Result<(), SendError>), JoinError>,
    ) {
        let (task, result) = match done {
            Ok(done) => done,
            Err(error) => (error.id(), Err(SendError::Unknown)),
        };
        let Some(effect) = under_way.effects.remove(&task) else {
            return;
        };
        let sent = match result {
            Ok(()) => Sent::Arrived,
            Err(SendError::Permanent { reason }) => Sent::Dead(reason),
            Err(SendError::Unknown) if !self.destination.has_idempotency_key() => {
                Sent::Dead("may or may not have arrived".to_owned())
            }
            Err(SendError::Retry { .. } | SendError::Unknown) if effect.attempt >= ATTEMPTS => {
                Sent::Dead(format!("did not arrive in {ATTEMPTS} attempts"))
            }
            Err(SendError::Retry { after }) => self.again(&effect, after),
            Err(SendError::Unknown) => self.again(&effect, None),
        };
        match &sent {
            Sent::Arrived => self.count("arrived", 1),
            Sent::Again(_) => self.count("again", 1),
            Sent::Dead(reason) => self.bury(&effect, reason),
        }
        under_way.settled.push((effect.id, sent));
    }

    fn again(&self, effect: &ClaimedEffect, asked: Option<Duration>) -> Sent {
        let jitter = rand::random_range(0.5..=1.0);
        let wait = wait_before_next(effect.attempt, asked, jitter);
        let destination = self.destination.name();
        tracing::info!(destination, attempt = effect.attempt, %wait, "a delivery is tried again later");
        Sent::Again(after(self.clock.now(), wait))
    }

    fn bury(&self, effect: &ClaimedEffect, reason: &str) {
        let destination = self.destination.name();
        tracing::error!(destination, id = %effect.key, reason, "a delivery was given up");
        self.count("dead", 1);
    }

    fn count(&self, result: &'static str, by: usize) {
        let destination = self.destination.name().to_owned();
        metrics::counter!("ringback_outbox_deliveries_total", "destination" => destination, "result" => result)
            .increment(u64::try_from(by).unwrap_or(u64::MAX));
    }
}

/// One visit to the outbox, inside the transaction.
fn visit_store(
    work: &mut Work<'_>,
    destination: &str,
    settled: &[(i64, Sent)],
    gives_up: bool,
    room: u32,
    lease: Timestamp,
) -> Result<Visit, StoreError> {
    let now = work.now;
    for (id, sent) in settled {
        work.store.settle(*id, sent, now)?;
    }
    let cut_off = if gives_up {
        work.store.give_up_cut_off(destination, now)?
    } else {
        0
    };
    let claimed = match NonZeroU32::new(room) {
        Some(room) => work
            .store
            .claim_effects(destination, room.get(), now, lease)?,
        None => Vec::new(),
    };
    Ok(Visit {
        claimed,
        cut_off,
        next: work.store.next_effect(destination)?,
    })
}

/// Exponential, with jitter (0.5 to 1) so that many do not come at once; never sooner than the
/// receiver asks, within reason.
fn wait_before_next(attempt: u32, asked: Option<Duration>, jitter: f64) -> Length {
    let doubled = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1).min(20)))
        .min(LONGEST_WAIT.as_std());
    let wait = doubled.mul_f64(jitter.clamp(0.0, 1.0));
    let asked = asked.unwrap_or_default().min(LONGEST_WAIT.as_std());
    as_length(wait.max(asked))
}

fn as_length(duration: Duration) -> Length {
    Length::milliseconds(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// Sleeps until it is due, or for ever.
pub(super) async fn sleep_until(clock: &Clock, due: Option<Timestamp>) {
    match due {
        Some(due) => clock.sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, LONGEST_WAIT, Length, wait_before_next};

    #[test]
    fn waits_double_and_stop_growing() {
        let waits: Vec<i64> = (1..=4)
            .map(|attempt| wait_before_next(attempt, None, 1.0).as_milliseconds())
            .collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(wait_before_next(u32::MAX, None, 1.0), LONGEST_WAIT);
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        let asked = |seconds| wait_before_next(3, Some(Duration::from_secs(seconds)), 1.0);
        assert_eq!(asked(60), Length::milliseconds(60_000));
        assert_eq!(asked(1), Length::milliseconds(4_000));
        assert_eq!(asked(1_000_000), LONGEST_WAIT);
    }
}
