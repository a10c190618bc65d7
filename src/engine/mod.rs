//! The imperative shell around `decide`: intake, outbox, wake-ups, reload, clock, shutdown.
//!
//! One writer thread owns the database's write connection; everything that changes a thread is a
//! job for it. The engine knows neither HTTP nor a rules file's format: it is handed rules,
//! destinations and a clock.

pub mod accounts;
mod answers;
mod apply;
mod calls;
pub mod chat;
mod checks;
pub mod clock;
mod desk;
mod desk_events;
mod dialling;
mod digests;
mod do_not_call;
mod doubts;
mod edits;
pub mod erasure;
mod forms;
mod gauges;
mod handle;
pub mod inbox;
mod incidents;
mod intake;
mod line;
mod live;
mod numbers;
mod outbound;
mod outbox;
mod people;
mod queues;
mod reload;
mod remask;
mod retention;
mod running;
mod satisfaction;
mod shifts;
mod shown;
mod signals;
mod speak;
mod summary;
pub mod troubles;
mod upkeep;
mod wakeups;
mod webchat;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

use std::{path::PathBuf, sync::Arc, time::Duration};

pub use answers::{Replied, Reply, Unheld};
use arc_swap::{ArcSwap, ArcSwapOption};
pub use calls::{CallChoice, CallNotes, Logged};
pub use chat::{CarriedAgain, Paired};
pub use checks::{CheckKept, OpenedSubmission};
pub use clock::Clock;
pub use desk_events::{
    DeskEvent, DigestEvent, HandedOverEvent, IncidentChange, IncidentEvent, QueueEvent,
};
pub use dialling::Dialled;
pub use doubts::Checked;
pub use edits::EditReceipt;
pub use forms::Asked;
pub use handle::Handle;
pub use incidents::IncidentAnswer;
pub use live::{Look, News};
pub use numbers::Known;
pub use outbound::{
    Attempt, AuditEvent, BoxFuture, CallbackChange, CallbackEvent, CardEvent, CarryChange,
    CarryEvent, ChangedEvent, DIALLING, DecisionEvent, Destination, DialEvent, DoubtEvent,
    ErasedEvent, FormEvent, NoticeEvent, NoticesOverEvent, OutboxEvent, OutboxItem, SendError,
    TELEGRAM_DESK, WhyChanged,
};
pub use people::Linked;
pub use queues::Next;
pub use running::{Engine, Running, lock};
pub use satisfaction::Satisfaction;
pub use shifts::{HandedOver, Words};
pub use shown::Shown;
pub use speak::Video;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
pub use troubles::Trouble;

pub use crate::store::rows::forms::LinkHash;

use crate::{
    domain::{
        ids::{AccountName, RulesVersion},
        record::DecisionRecord,
        time::Timestamp,
    },
    reading::Reader,
    rules::Rules,
    settings::Settings,
    store::{
        Reads, StoreError,
        rows::{CallbackRow, chat::Directory},
    },
};

/// Loads, validates and tests the rules file, and builds its reader. The error is for an admin:
/// what, where and how to mend it.
pub type LoadRules = Arc<dyn Fn() -> Result<(Rules, Reader), String> + Send + Sync>;

/// What the engine is built from.
pub struct Options {
    /// The database and the limits.
    pub settings: Arc<Settings>,
    /// The rules to start with.
    pub rules: Rules,
    /// The reader built from them.
    pub reader: Reader,
    /// Loads them again, and the file to watch. `None`: the rules never change.
    pub reload: Option<(PathBuf, LoadRules)>,
    /// Tells the time.
    pub clock: Clock,
    /// Who is told what happens.
    pub destinations: Vec<Arc<dyn Destination>>,
}

/// Why the engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another Ringback runs on this database.
    #[error(
        "another ringback is running on the database {}; stop it first, or set `database` to \
         another file",
        .0.display()
    )]
    AlreadyRunning(PathBuf),
    /// A thread or a file watcher.
    #[error("cannot start {what}: {why}")]
    System {
        /// What.
        what: &'static str,
        /// What the system says.
        why: String,
    },
}

/// What the handle and all tasks share.
struct Inner {
    jobs: writer::Jobs,
    passwords: accounts::Passwords,
    rules: reload::RulesInForce,
    destinations: Vec<Arc<dyn Destination>>,
    settings: Arc<Settings>,
    clock: Clock,
    reads: Reads,
    /// One permit for each message that may wait for the writer.
    queue: Arc<Semaphore>,
    queue_size: usize,
    /// When the next timer is due, as the writer knows it.
    timers: Arc<watch::Sender<Option<Timestamp>>>,
    /// Who looks on.
    live: Arc<live::Live>,
    /// Who is who in chat networks.
    directory: ArcSwap<Directory>,
    /// What hinders us from outside.
    troubles: troubles::Troubles,
    /// The name of the bot that speaks for us in a chat network, once it is known.
    bot_name: ArcSwapOption<String>,
    stopping: CancellationToken,
}

impl Inner {
    /// What events are applied with, under these rules.
    fn shell<'a>(&'a self, loaded: &'a LoadedRules) -> apply::Shell<'a> {
        apply::Shell {
            rules: &loaded.rules,
            loaded,
            settings: &self.settings,
            destinations: &self.destinations,
        }
    }
}

/// Rules in force, with the reader that was built from them.
#[derive(Debug)]
pub struct LoadedRules {
    /// The rules.
    pub rules: Rules,
    /// Reads as they say.
    pub reader: Reader,
    /// Since when they are in force.
    pub loaded_at: Timestamp,
}

/// How the rules stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesStatus {
    /// The version in force.
    pub version: RulesVersion,
    /// Since when.
    pub loaded_at: Timestamp,
    /// Why the newest attempt to load others failed; `None` once one succeeds.
    pub last_error: Option<ReloadError>,
}

/// Why the rules file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReloadError {
    /// When.
    pub at: Timestamp,
    /// What is wrong with it.
    pub message: String,
}

/// What came of one message.
#[derive(Debug, Clone, PartialEq)]
pub enum Receipt {
    /// It was decided and is kept.
    Decided(DecisionRecord),
    /// It was received before; this is what was decided then.
    Repeated(DecisionRecord),
    /// It could not be taken; that is recorded, and the others were.
    Rejected(RejectReason),
}

/// Why one message could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RejectReason {
    /// Its thread's stored state cannot be read.
    #[error("the stored state of this thread is damaged; see the server's log")]
    DamagedThread,
    /// Something inside failed on this very message.
    #[error("this message could not be processed; see the server's log")]
    Failed,
}

/// Why a batch was not taken. Nothing of it is kept; all of it may be sent again.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Too many messages wait already.
    #[error("too many messages are waiting; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The engine is shutting down.
    #[error("Ringback is shutting down")]
    Stopping,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

impl SubmitError {
    /// Whether the event that something was asked [for](Handle::once) had its effect before.
    #[must_use]
    pub const fn is_repeated(&self) -> bool {
        matches!(self, Self::Storage(StoreError::Repeated))
    }
}

/// Why a callback could not be claimed or finished.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine is shutting down.
    #[error("Ringback is shutting down")]
    Stopping,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

impl EngineError {
    /// Whether the event that something was asked [for](Handle::once) had its effect before.
    #[must_use]
    pub const fn is_repeated(&self) -> bool {
        matches!(self, Self::Storage(StoreError::Repeated))
    }
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is theirs, now or already.
    Won(Box<CallbackRow>),
    /// Somebody else has it.
    HeldBy(AccountName),
    /// It has ended.
    Ended,
    /// There is none of that number.
    Unknown,
}

/// What came of releasing, scheduling or finishing a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// What was asked for is done; so stands the callback now.
    Done(Box<CallbackRow>),
    /// Somebody else has it.
    HeldBy(AccountName),
    /// Nobody has it.
    NotClaimed,
    /// It had ended before.
    Ended,
    /// There is none of that number.
    Unknown,
}

/// How the engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// The writer runs.
    pub writer_alive: bool,
    /// Its newest commit worked.
    pub last_commit_ok: bool,
    /// The database was found to be damaged: nothing is kept any more.
    pub is_damaged: bool,
}

impl Health {
    /// Whether messages can be taken.
    #[must_use]
    pub const fn is_ready(self) -> bool {
        self.writer_alive && self.last_commit_ok && !self.is_damaged
    }
}
