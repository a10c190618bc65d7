//! Starts the engine's threads and tasks, and stops them in bounded time.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    Handle, Inner, LoadedRules, Options, StartError,
    accounts::Passwords,
    gauges,
    outbox::Dispatcher,
    people,
    reload::{self, RulesInForce},
    signals::Signals,
    troubles::Troubles,
    upkeep, wakeups,
    writer::{self, CallError, Jobs, Threads},
};
use crate::store::{Reads, StoreError, make_folder, sqlite::damage::Damage};

/// Builds and starts the engine.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Opens the database, starts the writer and the tasks around it. The metrics recorder, if
    /// there is to be one, is installed before.
    ///
    /// # Errors
    /// When the database cannot be opened or is in use.
    pub async fn start(options: Options) -> Result<(Handle, Running), StartError> {
        let database = options.settings.database.clone();
        let started = Self::start_on(options).await;
        started.map_err(|error| match error {
            StartError::Store(error) => error.at(&database).into(),
            other => other,
        })
    }

    async fn start_on(options: Options) -> Result<(Handle, Running), StartError> {
        let settings = &options.settings;
        let rules = LoadedRules {
            loaded_at: options.clock.now(),
            rules: options.rules,
            reader: options.reader,
        };
        gauges::describe();
        let lock = lock(&settings.database)?;
        let signals = Signals::new(options.destinations.len());
        let queue = settings.limits.queue.clamp(1, Semaphore::MAX_PERMITS);
        let damage = Damage::none();
        let (jobs, threads) = {
            let (path, clock) = (settings.database.clone(), options.clock.clone());
            let (signals, damage) = (signals.clone(), damage.clone());
            // Opening may migrate, which takes its time.
            tokio::task::spawn_blocking(move || writer::start(&path, queue, clock, signals, damage))
                .await
                .map_err(|_| StoreError::Closed)??
        };
        let (watched, load) = match options.reload {
            Some((file, load)) => (Some(file), Some(load)),
            None => (None, None),
        };
        let reads = Reads::new(&settings.database, damage);
        let directory = reads.chat_directory().await?;
        let inner = Arc::new(Inner {
            jobs: jobs.clone(),
            passwords: Passwords::new(),
            rules: RulesInForce::new(rules, load),
            destinations: options.destinations,
            settings: Arc::clone(settings),
            clock: options.clock,
            reads,
            queue: Arc::new(Semaphore::new(queue)),
            queue_size: queue,
            timers: Arc::clone(&signals.timers),
            live: Arc::clone(&signals.live),
            directory: ArcSwap::from_pointee(directory),
            troubles: Troubles::default(),
            bot_name: ArcSwapOption::empty(),
            stopping: CancellationToken::new(),
        });
        warn_of_leftovers(&inner).await?;
        people::look_at_brands(&inner)
            .await
            .map_err(|error| match error {
                CallError::Stopping => StoreError::Closed,
                CallError::Storage(error) => error,
            })?;
        let running = Running {
            tasks: start_tasks(&inner, &signals, watched),
            stopping: inner.stopping.clone(),
            jobs,
            threads,
            _lock: lock,
        };
        Ok((Handle::new(inner), running))
    }
}

fn start_tasks(inner: &Arc<Inner>, signals: &Signals, watched: Option<PathBuf>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(wakeups::run(Arc::clone(inner)));
    tasks.spawn(upkeep::run(Arc::clone(inner)));
    if let Some(file) = watched {
        tasks.spawn(reload::watch(Arc::clone(inner), file));
    }
    for (destination, bell) in inner.destinations.iter().zip(signals.destinations.iter()) {
        let dispatcher = Dispatcher {
            destination: Arc::clone(destination),
            engine: Handle::new(Arc::clone(inner)),
            jobs: inner.jobs.clone(),
            clock: inner.clock.clone(),
            bell: Arc::clone(bell),
            stopping: inner.stopping.clone(),
        };
        tasks.spawn(dispatcher.run());
    }
    tasks
}

/// Two engines on one database would send everything twice. The lock goes with the process,
/// however it ends.
///
/// # Errors
/// When another has it, or its folder cannot be written.
pub fn lock(database: &Path) -> Result<File, StartError> {
    make_folder(database)?;
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let cannot = |error: std::io::Error| StoreError::Open {
        path: PathBuf::from(&path),
        why: format!("{error}; its folder must be writable"),
    };
    let file = File::create(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::AlreadyRunning(database.to_owned())),
        Err(TryLockError::Error(error)) => Err(cannot(error).into()),
    }
}

/// Says so if effects wait for a destination that the settings no longer name: they are kept, and
/// sent if it comes back.
async fn warn_of_leftovers(inner: &Inner) -> Result<(), StoreError> {
    for (destination, waiting) in inner.reads.counts().await?.outbox {
        if !inner
            .destinations
            .iter()
            .any(|known| known.name() == destination)
        {
            let count = waiting.count;
            tracing::warn!(
                destination,
                count,
                "what waits for this destination is kept: the settings no longer name it"
            );
        }
    }
    Ok(())
}

/// The engine's threads and tasks.
#[derive(Debug)]
pub struct Running {
    tasks: JoinSet<()>,
    stopping: CancellationToken,
    jobs: Jobs,
    pub(super) threads: Threads,
    _lock: File,
}

impl Running {
    /// Resolves when a part of the engine has ended by itself, which it never should: the process
    /// had better stop and be started again.
    pub async fn failed(&mut self) {
        loop {
            tokio::select! {
                () = self.jobs.ended() => return,
                Some(ended) = self.tasks.join_next() => if ended.is_err() { return },
            }
        }
    }

    /// Takes no more in, commits what is queued, lets deliveries under way finish, checkpoints
    /// and closes; takes no longer than `within`.
    pub async fn stop(mut self, within: Duration) {
        self.stopping.cancel();
        let for_threads = within / 5;
        let tasks = &mut self.tasks;
        let all_ended = async { while tasks.join_next().await.is_some() {} };
        let in_time = tokio::time::timeout(within.saturating_sub(for_threads), all_ended).await;
        if in_time.is_err() {
            // They hold nothing that is not in the database.
            self.tasks.abort_all();
            tracing::warn!("deliveries under way were cut off; the next start takes them up again");
        }
        let closed = tokio::time::timeout(for_threads, self.threads.stop()).await;
        if closed.is_err() {
            tracing::warn!("the database was not closed in time; the next start mends that");
        }
    }
}
