//! The writer: one thread that owns the database's write connection and runs jobs on it. Jobs that
//! wait together are committed together; one alone is committed at once. Answers go out after the
//! commit. It knows nothing about what the jobs do.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::{Clock, StartError, signals::Signals};
use crate::{
    domain::{ids::ThreadKey, time::Timestamp},
    store::{
        StoreError,
        sqlite::{
            damage::Damage,
            writer::{Checkpointer, Writer},
        },
    },
};

/// From so many messages (or jobs of about that size) on, a transaction takes no further job: small
/// enough that nobody waits long behind a crowd, large enough that many share the disk's flush.
const WEIGHT_OF_A_COMMIT: usize = 400;

/// How many jobs other than messages may wait. Each of the engine's tasks has one at a time.
const OTHER_JOBS: usize = 1_024;

/// How long to wait before the log is cut off again, where a reader held it back.
const CUT_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What a job works with.
pub(super) struct Work<'a> {
    /// The transaction.
    pub(super) store: &'a mut Writer,
    /// The job's time.
    pub(super) now: Timestamp,
    /// Who must be woken after the commit.
    pub(super) wake: Wake,
}

/// Who must be woken after the commit.
#[derive(Debug, Default)]
pub(super) struct Wake {
    /// The timers changed.
    pub(super) timers: bool,
    /// Destinations, by place, that have something new to send.
    pub(super) destinations: Vec<usize>,
    /// Threads of which something that is shown has changed.
    pub(super) threads: Vec<ThreadKey>,
    /// Something that is shown of a desk as a whole has changed.
    pub(super) desks: bool,
    /// Something was deleted that must really be gone: the log is to be cut off.
    pub(super) purged: bool,
}

/// Sends what came of a job, once it is known whether the commit worked.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Does a job, or nothing if there is no transaction. The error is the job's own; only one that
/// loses the transaction concerns the others.
type Task = Box<dyn FnOnce(Option<&mut Work<'_>>) -> (Option<StoreError>, Answer) + Send>;

enum Job {
    Do { weight: usize, task: Task },
    Stop,
}

/// Why a job was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum CallError {
    /// The writer has stopped.
    #[error("Ringback is shutting down")]
    Stopping,
    /// The database failed; nothing of the job is kept.
    #[error(transparent)]
    Storage(StoreError),
}

/// Hands jobs to the writer.
#[derive(Debug, Clone)]
pub(super) struct Jobs {
    sender: mpsc::Sender<Job>,
    commits: watch::Receiver<bool>,
    alive: Arc<AtomicBool>,
}

/// The writer's threads.
#[derive(Debug)]
pub(super) struct Threads {
    jobs: Jobs,
    writer: Option<JoinHandle<()>>,
    checkpointer: Option<JoinHandle<()>>,
}

impl Jobs {
    /// Has a job done in a transaction and waits for the commit. The job may fail alone: its
    /// changes are undone then. `permit` is freed when the job is over.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        weight: usize,
        permit: Option<OwnedSemaphorePermit>,
        task: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, CallError> {
        let (reply, answer) = oneshot::channel();
        let task: Task = Box::new(move |work| {
            let result = match work {
                Some(work) => alone(work, task),
                None => Err(StoreError::Closed),
            };
            let failed = result.as_ref().err().cloned();
            let answer: Answer = Box::new(move |committed| {
                // The place is free before the answer is out.
                drop(permit);
                // Whoever asked may have gone; the job is done all the same.
                drop(reply.send(committed.and(result)));
            });
            (failed, answer)
        });
        let job = Job::Do { weight, task };
        self.sender
            .send(job)
            .await
            .map_err(|_| CallError::Stopping)?;
        match answer.await {
            Ok(result) => result.map_err(CallError::Storage),
            Err(_) => Err(CallError::Stopping),
        }
    }

    /// Whether the thread runs.
    pub(super) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire)
    }

    /// Whether the newest commit worked, and a way to wait for a change of that.
    pub(super) fn commits(&self) -> watch::Receiver<bool> {
        self.commits.clone()
    }

    /// Resolves when the thread has ended.
    pub(super) async fn ended(&self) {
        self.sender.closed().await;
    }
}

/// Runs a job as a part of the transaction; a panic is the job's failure, not the writer's.
pub(super) fn alone<T>(
    work: &mut Work<'_>,
    task: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let now = work.now;
    let wake = &mut work.wake;
    work.store.part(|store| {
        let mut inner = Work {
            store,
            now,
            wake: std::mem::take(wake),
        };
        let result = catch_unwind(AssertUnwindSafe(|| task(&mut inner)));
        *wake = inner.wake;
        result.unwrap_or_else(|_| Err(StoreError::Refused("a job panicked".to_owned())))
    })
}

/// Starts the writer on an opened database, and the thread that checkpoints for it.
pub(super) fn start(
    path: &Path,
    queue: usize,
    clock: Clock,
    signals: Signals,
    damage: Damage,
) -> Result<(Jobs, Threads), StartError> {
    let (bell, rings) = std::sync::mpsc::sync_channel(1);
    let checkpoints = Checkpoints {
        bell,
        cut: Arc::default(),
    };
    let for_moves = checkpoints.clone();
    let store = Writer::open(path, move |pages| {
        if pages >= Checkpointer::WORTH_MOVING {
            for_moves.ring();
        }
    })?;
    store.begin()?;
    store.end_leases(clock.now())?;
    signals.timers.send_replace(store.next_timer()?);
    store.commit()?;
    let checkpointer = Checkpointer::open(path)?;
    let (sender, receiver) = mpsc::channel(queue.saturating_add(OTHER_JOBS));
    let (commit_ok, commits) = watch::channel(true);
    let alive = Arc::new(AtomicBool::new(true));
    let jobs = Jobs {
        sender,
        commits,
        alive: Arc::clone(&alive),
    };
    // A purge of an earlier run may have been killed before the log was cut off.
    checkpoints.cut_log();
    let cut = Arc::clone(&checkpoints.cut);
    let checkpoint_thread = spawn("checkpointer", move || {
        run_checkpoints(&checkpointer, &rings, &cut)
    })?;
    let thread = WriterThread {
        store,
        receiver,
        clock,
        signals,
        commit_ok,
        checkpoints,
        damage,
    };
    let writer = spawn("writer", move || {
        let _dead_when_dropped = Alive(alive);
        thread.run();
    })?;
    let threads = Threads {
        jobs: jobs.clone(),
        writer: Some(writer),
        checkpointer: Some(checkpoint_thread),
    };
    Ok((jobs, threads))
}

impl Threads {
    /// Lets the writer finish every job that waits, then ends both threads.
    pub(super) async fn stop(&mut self) {
        // Fails only if the writer has ended already.
        drop(self.jobs.sender.send(Job::Stop).await);
        let threads = (self.writer.take(), self.checkpointer.take());
        let joined = tokio::task::spawn_blocking(move || {
            // In this order: the checkpointer ends when the writer's connection is closed.
            let writer = threads.0.map(JoinHandle::join);
            let checkpointer = threads.1.map(JoinHandle::join);
            [writer, checkpointer]
                .into_iter()
                .flatten()
                .all(|end| end.is_ok())
        })
        .await;
        if !matches!(joined, Ok(true)) {
            tracing::error!("a thread of the store had panicked");
        }
    }
}

/// Says that the writer has ended, however it did.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn spawn(
    what: &'static str,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(what.to_owned())
        .spawn(run)
        .map_err(|error| StartError::System {
            what,
            why: error.to_string(),
        })
}

/// How the writer asks for checkpoints.
#[derive(Clone)]
struct Checkpoints {
    bell: SyncSender<()>,
    /// Nothing of the log may be left.
    cut: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Has the log moved, or cut off if that is owed.
    fn ring(&self) {
        // Full means that it was rung already.
        let _full = self.bell.try_send(());
    }

    /// Has the log cut off: what was deleted still stands in it.
    fn cut_log(&self) {
        self.cut.store(true, Ordering::Release);
        self.ring();
    }
}

/// Moves the log when the bell rings. Where it is to be cut off, that is tried until no reader holds
/// it back.
fn run_checkpoints(checkpointer: &Checkpointer, rings: &Receiver<()>, cut: &AtomicBool) {
    let mut owed = false;
    loop {
        let ring = if owed {
            rings.recv_timeout(CUT_AGAIN_AFTER)
        } else {
            rings.recv().map_err(RecvTimeoutError::from)
        };
        if ring == Err(RecvTimeoutError::Disconnected) {
            break;
        }
        owed |= cut.swap(false, Ordering::AcqRel);
        let moved = if owed {
            checkpointer.cut_log().map(|is_cut| owed = !is_cut)
        } else {
            checkpointer.move_log()
        };
        if let Err(error) = moved {
            tracing::warn!(%error, "the write-ahead log could not be moved; it grows until it can");
        }
    }
    if let Err(error) = checkpointer.finish() {
        tracing::warn!(%error, "the write-ahead log stays beside the database; the next start reads it");
    }
}

struct WriterThread {
    store: Writer,
    receiver: mpsc::Receiver<Job>,
    clock: Clock,
    signals: Signals,
    commit_ok: watch::Sender<bool>,
    checkpoints: Checkpoints,
    damage: Damage,
}

impl WriterThread {
    fn run(mut self) {
        while let Some(first) = self.receiver.blocking_recv() {
            self.transaction(first);
        }
    }

    /// One transaction: the job given and those that wait behind it. None in a damaged database:
    /// whatever were kept there would be lost when a backup takes its place.
    fn transaction(&mut self, first: Job) {
        let was_damaged = self.damage.is_found();
        let mut outcome = match was_damaged {
            true => Err(StoreError::Damaged),
            false => self.store.begin(),
        };
        let has_begun = outcome.is_ok();
        let before = self.store.rows_changed();
        let mut work = Work {
            store: &mut self.store,
            now: self.clock.now(),
            wake: Wake::default(),
        };
        let mut answers = Vec::new();
        let mut weights = 0;
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                // What waits already is still done; nothing new is taken.
                Job::Stop => self.receiver.close(),
                Job::Do { weight, task } => {
                    weights += weight;
                    // Not the transaction's: a job must not happen before it was asked for.
                    work.now = self.clock.now();
                    let (failed, answer) = task(outcome.is_ok().then_some(&mut work));
                    answers.push(answer);
                    if let Some(error) = failed.filter(StoreError::loses_transaction) {
                        outcome = outcome.and(Err(error));
                    }
                }
            }
            // Where none can begin, whoever waits hears so now, and not after a wait of their own.
            let goes_on = (outcome.is_ok() || !has_begun) && weights < WEIGHT_OF_A_COMMIT;
            next = goes_on.then(|| self.receiver.try_recv().ok()).flatten();
        }
        let wake = work.wake;
        let outcome = outcome.and_then(|()| self.finish(&wake));
        self.damage.note(&outcome);
        if let Err(error) = &outcome
            && !was_damaged
        {
            self.store.roll_back();
            tracing::error!(%error, "a commit failed; nothing of it was acknowledged");
        }
        // A commit of nothing works on a full disk too, so it tells nothing.
        if outcome.is_err() || self.store.rows_changed() > before {
            self.commit_ok
                .send_if_modified(|ok| std::mem::replace(ok, outcome.is_ok()) != outcome.is_ok());
        }
        for answer in answers {
            answer(outcome.clone());
        }
    }

    /// Commits, then wakes whoever has something to do now.
    fn finish(&self, wake: &Wake) -> Result<(), StoreError> {
        let timer = wake.timers.then(|| self.store.next_timer()).transpose()?;
        self.store.commit()?;
        if wake.purged {
            self.checkpoints.cut_log();
        }
        if let Some(due) = timer {
            self.signals
                .timers
                .send_if_modified(|next| std::mem::replace(next, due) != due);
        }
        for place in &wake.destinations {
            if let Some(destination) = self.signals.destinations.get(*place) {
                destination.notify_one();
            }
        }
        self.signals.live.changed(&wake.threads);
        if wake.desks && wake.threads.is_empty() {
            self.signals.live.desk_changed();
        }
        Ok(())
    }
}
