//! Sends what the outbox holds to one destination: takes effects by lease, sends them outside any
//! transaction, keeps what came of it. Destinations do not wait for each other, and deliveries do
//! not wait for the database.

use std::{
    collections::{HashMap, VecDeque},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::{Id, JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;

use super::{
    Clock, Handle,
    apply::Shell,
    chat,
    outbound::{Attempt, CarryEvent, DIALLING, Destination, OutboxEvent, OutboxItem, SendError},
    writer::{CallError, Jobs, Work, alone},
};
use crate::{
    domain::time::{Length, Timestamp, after},
    store::{
        StoreError,
        rows::chat::Trace,
        sqlite::outbox::{ClaimedEffect, Sent},
    },
};

/// The wait before the second attempt; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait between attempts, also when the receiver asks for more.
const LONGEST_WAIT: Length = Length::minutes(15);
/// After so many attempts an effect is given up: about a day after the first.
const ATTEMPTS: u32 = 120;
/// So many effects are taken ahead of their turn, so that a slow commit does not slow deliveries.
const TAKEN_AHEAD: usize = 256;
/// A lease outlives the delivery's own time-out, and the wait for its turn, by this much, so that
/// it ends only if we did.
const LEASE_MARGIN: Length = Length::minutes(15);
/// Why something is given up that is worth nothing any more.
const TOO_LATE: &str = "could not be delivered in time";
/// How long to wait when the database itself fails.
const STORAGE_WAIT: Duration = Duration::from_secs(1);

/// Sends to one destination.
pub(super) struct Dispatcher {
    pub(super) destination: Arc<dyn Destination>,
    pub(super) engine: Handle,
    pub(super) jobs: Jobs,
    pub(super) clock: Clock,
    /// Rung when there is something new.
    pub(super) bell: Arc<Notify>,
    pub(super) stopping: CancellationToken,
}

/// Everything that was taken out of the outbox and is not kept there again.
#[derive(Default)]
struct Taken {
    /// Waits for its turn.
    ready: VecDeque<ClaimedEffect>,
    /// Under way.
    sends: JoinSet<Attempt>,
    /// Which effect a task sends.
    under_way: HashMap<Id, UnderWay>,
    /// Over, but not kept yet.
    settled: Vec<Settled>,
    /// Over, and being kept by the visit under way.
    keeping: usize,
}

/// One effect with what came of it.
#[derive(Debug, Clone)]
struct Settled {
    id: i64,
    sent: Sent,
    /// What stands in a chat because of it.
    traces: Vec<Trace>,
    /// The message that was to be carried, if one was.
    carried: Option<Box<CarryEvent>>,
}

/// A delivery that is under way.
struct UnderWay {
    effect: ClaimedEffect,
    /// The message that it carries, if it carries one.
    carried: Option<Box<CarryEvent>>,
}

impl Settled {
    /// Of what was not sent at all.
    fn unsent(effect: &ClaimedEffect, sent: Sent) -> Self {
        Self {
            id: effect.id,
            sent,
            traces: Vec::new(),
            carried: carried(&effect.payload),
        }
    }
}

/// The message that an effect carries, if it is one that does.
fn carried(payload: &str) -> Option<Box<CarryEvent>> {
    match serde_json::from_str(payload) {
        Ok(OutboxEvent::Carry(event)) => Some(event),
        _ => None,
    }
}

/// What one visit to the outbox brought.
struct Visit {
    claimed: Vec<ClaimedEffect>,
    cut_off: usize,
    next: Option<Timestamp>,
}

/// A visit under way, with what it keeps.
type Visiting<'a> =
    Pin<Box<dyn Future<Output = (Vec<Settled>, Result<Visit, CallError>)> + Send + 'a>>;

impl Dispatcher {
    /// Sends until told to stop; then lets what is under way finish.
    pub(super) async fn run(self) {
        let mut taken = Taken::default();
        let mut visiting: Option<Visiting<'_>> = None;
        // There may be something new that no timer tells of.
        let mut rung = true;
        let mut next: Option<Timestamp> = None;
        let mut newest = self.clock.now();
        let mut set_back = false;
        loop {
            let now = self.clock.now();
            set_back |= now < newest;
            newest = now;
            let stopping = self.stopping.is_cancelled();
            if stopping {
                taken.give_back();
            } else {
                self.start_sends(&mut taken);
            }
            let room = if stopping { 0 } else { self.room(&taken) };
            let is_due = next.is_some_and(|due| due <= now);
            let wants = !taken.settled.is_empty() || (room > 0 && (rung || is_due || set_back));
            if wants && visiting.is_none() {
                rung = rung && room == 0;
                visiting = Some(self.visit(&mut taken, room, std::mem::take(&mut set_back)));
            } else if stopping && visiting.is_none() && taken.sends.is_empty() {
                return;
            }
            let due = next.filter(|_| room > 0 && visiting.is_none());
            tokio::select! {
                () = self.stopping.cancelled(), if !stopping => {}
                () = self.bell.notified(), if !stopping => rung = true,
                () = sleep_until(&self.clock, due) => {}
                Some(done) = taken.sends.join_next_with_id() => {
                    self.note(&mut taken, done);
                    while let Some(done) = taken.sends.try_join_next_with_id() {
                        self.note(&mut taken, done);
                    }
                }
                (settled, visit) = visited(&mut visiting) => {
                    visiting = None;
                    taken.keeping = 0;
                    match visit {
                        Ok(visit) => next = self.take(&mut taken, visit),
                        Err(CallError::Stopping) => return,
                        Err(CallError::Storage(_)) => {
                            taken.settled.extend(settled);
                            rung = true;
                            self.clock.sleep(as_length(STORAGE_WAIT)).await;
                        }
                    }
                }
            }
        }
    }

    fn concurrency(&self) -> usize {
        self.destination.concurrency().max(1)
    }

    /// How many effects to take now. What a destination without an idempotency key is to be sent
    /// is not taken ahead: after a crash nobody could tell whether it had been under way.
    fn room(&self, taken: &Taken) -> usize {
        let ahead = match self.destination.may_repeat() {
            true => TAKEN_AHEAD,
            false => 0,
        };
        let most = self.concurrency() + ahead;
        if taken.ready.len() < self.concurrency() {
            most.saturating_sub(taken.ready.len() + taken.unkept())
        } else {
            0
        }
    }

    /// Goes to the outbox: keeps what is settled and takes up to `room` effects. `set_back`: the clock
    /// was, so whatever waits may wait for too long.
    fn visit<'a>(&self, taken: &mut Taken, room: usize, set_back: bool) -> Visiting<'a> {
        let settled = std::mem::take(&mut taken.settled);
        taken.keeping = settled.len();
        let name = self.destination.name().to_owned();
        let gives_up = !self.destination.may_repeat();
        let time = as_length(self.destination.timeout());
        let lease = after(after(self.clock.now(), time), LEASE_MARGIN);
        let room = u32::try_from(room).unwrap_or(u32::MAX);
        let jobs = self.jobs.clone();
        let engine = self.engine.clone();
        let tells_groups = settled
            .iter()
            .any(|settled| settled.traces.iter().any(chat::is_of_directory));
        Box::pin(async move {
            let kept = settled.clone();
            let shared = engine.clone();
            let visit = jobs
                .call(settled.len() + 1, None, move |work| {
                    let rules = shared.rules();
                    let shell = shared.0.shell(&rules);
                    keep(work, shell, &name, &kept)?;
                    if set_back {
                        let latest = after(work.now, LONGEST_WAIT);
                        work.store.hurry_effects(&name, latest, work.now)?;
                    }
                    claim(work, shell, &name, gives_up, room, lease)
                })
                .await;
            if tells_groups && let Err(error) = engine.read_directory().await {
                tracing::error!(%error, "who is who in chats could not be read anew");
            }
            (settled, visit)
        })
    }

    /// Takes over what a visit brought. Says when to go again.
    fn take(&self, taken: &mut Taken, visit: Visit) -> Option<Timestamp> {
        if visit.cut_off > 0 {
            let (destination, count) = (self.destination.name(), visit.cut_off);
            tracing::error!(
                destination,
                count,
                "deliveries were cut off; they may not have arrived"
            );
            self.count("dead", visit.cut_off);
        }
        // A lease that ended although we have the effect still (somebody moved the clock) is only
        // renewed by taking it again.
        let fresh: Vec<ClaimedEffect> = visit
            .claimed
            .into_iter()
            .filter(|effect| !taken.has(effect.id))
            .collect();
        taken.ready.extend(fresh);
        visit.next
    }

    /// Starts as many deliveries as may be under way at once. One that is over counts until that
    /// is kept: if we are killed, no more than these are repeated.
    fn start_sends(&self, taken: &mut Taken) {
        while taken.unkept() < self.concurrency() {
            let Some(effect) = taken.ready.pop_front() else {
                return;
            };
            if self.is_stale(&effect, self.clock.now()) {
                self.bury(&effect, TOO_LATE);
                let dead = Sent::Dead(TOO_LATE.to_owned());
                taken.settled.push(Settled::unsent(&effect, dead));
                continue;
            }
            let Ok(event) = serde_json::from_str::<OutboxEvent>(&effect.payload) else {
                let reason = "what was stored cannot be read".to_owned();
                self.bury(&effect, &reason);
                taken
                    .settled
                    .push(Settled::unsent(&effect, Sent::Dead(reason)));
                continue;
            };
            let carried = match &event {
                OutboxEvent::Carry(event) => Some(event.clone()),
                _ => None,
            };
            let item = OutboxItem {
                id: effect.key.clone(),
                created_at: effect.created_at,
                attempt: effect.attempt,
                event,
            };
            let destination = Arc::clone(&self.destination);
            let engine = self.engine.clone();
            let task = taken.sends.spawn(async move {
                tokio::time::timeout(destination.timeout(), destination.send(&item, &engine))
                    .await
                    .unwrap_or_else(|_| Attempt::from(Err(SendError::Unknown)))
            });
            taken
                .under_way
                .insert(task.id(), UnderWay { effect, carried });
        }
    }

    /// Notes what came of a delivery. One that panicked may or may not have arrived.
    fn note(&self, taken: &mut Taken, done: Result<(Id, Attempt), JoinError>) {
        let (task, Attempt { result, traces }) = match done {
            Ok(done) => done,
            Err(error) => (error.id(), Attempt::from(Err(SendError::Unknown))),
        };
        let Some(UnderWay { effect, carried }) = taken.under_way.remove(&task) else {
            return;
        };
        let sent = match result {
            Ok(()) => Sent::Arrived,
            Err(SendError::Permanent { reason }) => Sent::Dead(reason),
            Err(SendError::Unknown) if !self.destination.may_repeat() => Sent::CutOff,
            Err(SendError::Later { after }) => self.later(&effect, after),
            Err(SendError::Retry { .. } | SendError::Unknown) if effect.attempt >= ATTEMPTS => {
                Sent::Dead(format!("did not arrive in {ATTEMPTS} attempts"))
            }
            Err(SendError::Retry { after }) => self.again(&effect, after),
            Err(SendError::Unknown) => self.again(&effect, None),
        };
        match &sent {
            Sent::Arrived => self.count("arrived", 1),
            Sent::Again(_) => self.count("again", 1),
            Sent::NotTried | Sent::Later(_) => {}
            Sent::Dead(_) | Sent::CutOff => self.bury(&effect, sent.end().unwrap_or_default()),
        }
        taken.settled.push(Settled {
            id: effect.id,
            sent,
            traces,
            carried,
        });
    }

    fn again(&self, effect: &ClaimedEffect, asked: Option<Duration>) -> Sent {
        let jitter = rand::random_range(0.5..=1.0);
        let wait = wait_before_next(effect.attempt, asked, jitter);
        let due = after(self.clock.now(), wait);
        if self.is_stale(effect, due) {
            return Sent::Dead(TOO_LATE.to_owned());
        }
        let destination = self.destination.name();
        tracing::info!(destination, attempt = effect.attempt, %wait, "a delivery is tried again later");
        Sent::Again(due)
    }

    /// It is the receiver's turn to say when, so this is neither an attempt nor worth a line in the log.
    fn later(&self, effect: &ClaimedEffect, wait: Duration) -> Sent {
        let due = after(self.clock.now(), as_length(wait.min(LONGEST_WAIT.as_std())));
        match self.is_stale(effect, due) {
            true => Sent::Dead(TOO_LATE.to_owned()),
            false => Sent::Later(due),
        }
    }

    /// Whether it would be worth nothing by then.
    fn is_stale(&self, effect: &ClaimedEffect, by: Timestamp) -> bool {
        let stale = self.destination.stale_after();
        stale.is_some_and(|stale| after(effect.created_at, stale) <= by)
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

impl Taken {
    /// How many would be repeated if we were killed now.
    fn unkept(&self) -> usize {
        self.sends.len() + self.settled.len() + self.keeping
    }

    fn has(&self, id: i64) -> bool {
        self.ready.iter().any(|effect| effect.id == id)
            || self.under_way.values().any(|sent| sent.effect.id == id)
            || self.settled.iter().any(|settled| settled.id == id)
    }

    /// Lets go of what was taken ahead.
    fn give_back(&mut self) {
        let ready = self
            .ready
            .drain(..)
            .map(|effect| Settled::unsent(&effect, Sent::NotTried));
        self.settled.extend(ready);
    }
}

/// The end of the visit under way, if one is; else never.
async fn visited(visiting: &mut Option<Visiting<'_>>) -> (Vec<Settled>, Result<Visit, CallError>) {
    match visiting {
        Some(visit) => visit.await,
        None => std::future::pending().await,
    }
}

/// Keeps what is settled, inside a visit's transaction.
fn keep(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    destination: &str,
    settled: &[Settled],
) -> Result<(), StoreError> {
    for settled in settled {
        let Settled { id, sent, .. } = settled;
        work.store.settle(*id, sent, work.now)?;
        if destination == DIALLING {
            dialling_settled(work, *id, sent)?;
        }
        for trace in &settled.traces {
            // One that cannot be kept must not keep everything else from being settled for ever.
            if let Err(error) = alone(work, |work| chat::keep_trace(work, shell, trace)) {
                tracing::error!(%error, "what stands in a chat now could not be kept");
            }
        }
        if let Some(event) = &settled.carried {
            alone(work, |work| chat::settled(work, shell, event, sent))?;
        }
    }
    Ok(())
}

/// Takes what can be sent now, inside a visit's transaction.
fn claim(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    destination: &str,
    gives_up: bool,
    room: u32,
    lease: Timestamp,
) -> Result<Visit, StoreError> {
    let now = work.now;
    let mut cut_off = 0;
    if gives_up {
        for payload in work.store.give_up_cut_off(destination, now)? {
            cut_off += 1;
            if let Some(event) = carried(&payload) {
                alone(work, |work| {
                    chat::settled(work, shell, &event, &Sent::CutOff)
                })?;
            }
        }
    }
    let claimed = if room > 0 {
        work.store.claim_effects(destination, room, now, lease)?
    } else {
        Vec::new()
    };
    Ok(Visit {
        claimed,
        cut_off,
        next: work.store.next_effect(destination)?,
    })
}

/// What came of asking for a call is shown on its card, and the number is kept no longer.
fn dialling_settled(work: &mut Work<'_>, id: i64, sent: &Sent) -> Result<(), StoreError> {
    let thread = work.store.dial_settled(id, sent)?;
    work.wake.purged |= thread.is_some();
    work.wake.threads.extend(thread);
    Ok(())
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
