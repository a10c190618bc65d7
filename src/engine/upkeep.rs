//! Upkeep: ends and forgets what has run out, and finds out when a full disk has room again.
//!
//! What runs out by itself is swept: each kind has a small function of its own in [`SWEEPS`]. A sweep
//! looks at what is due by the job's time, so one too many does nothing, and what came due
//! while the bot was down is swept at its start.

use std::sync::Arc;

use super::{
    Handle, Inner, answers,
    apply::Shell,
    chat, checks, digests, do_not_call, forms, incidents, queues, retention, satisfaction,
    troubles::Trouble,
    writer::{CallError, Work},
};
use crate::{
    domain::time::{Length, after},
    store::StoreError,
};

/// How often the engine looks for what has run out.
const SWEEP_EVERY: Length = Length::minutes(1);
/// The most that one sweep does in one transaction, so that messages need not wait long.
const SWEPT_AT_ONCE: u32 = 500;
/// How often to try whether the disk has room again, in milliseconds.
const PROBE_EVERY: u64 = 1_000;

/// Ends or forgets what is due, at most so many, and says how many it was. It is asked again until
/// it says fewer.
type Sweep = fn(&mut Work<'_>, Shell<'_>, u32) -> Result<usize, StoreError>;

/// Everything that runs out by itself, with a name for the log.
const SWEEPS: &[(&str, Sweep)] = &[
    ("whether calls helped", satisfaction::ask_planned),
    ("held answers", answers::give_back_overdue),
    ("openings of desks", digests::at_opening),
    ("queue cards", queues::refresh),
    ("what incidents are to hold", incidents::hold_older),
    ("what incidents still hold", incidents::release),
    ("incidents", incidents::remind),
    ("the do-not-call list", do_not_call::put_in_force),
    ("submissions", checks::purge),
    ("forms", forms::expire),
    ("dialogues", chat::forget_dialogues),
    ("links to forms", forms::forget_links),
    ("effects of other programs", retention::look_for_others),
    ("the audit's checkpoint", retention::make_checkpoint),
    ("sent effects", retention::forget_sent),
    ("last words", retention::forget_last_words),
    ("dead effects", retention::forget_dead),
    ("old threads", retention::forget_threads),
    ("the audit", retention::cut_audit),
    ("ended notices", retention::forget_notices),
    ("old chats", retention::forget_chats),
    ("rejected messages", retention::forget_rejected),
];

/// Keeps the house until told to stop.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut commits = inner.jobs.commits();
    let mut next_sweep = inner.clock.now();
    loop {
        let works = *commits.borrow_and_update();
        let due = if works {
            next_sweep
        } else {
            after(inner.clock.now(), Length::milliseconds(PROBE_EVERY))
        };
        tokio::select! {
            () = inner.stopping.cancelled() => return,
            () = inner.reads.damage().found() => {
                // Nothing is kept any more, so there is nothing to keep up.
                Handle::new(Arc::clone(&inner)).set_trouble(Trouble::DatabaseDamaged, true);
                return;
            }
            changed = commits.changed() => if changed.is_err() { return },
            () = inner.clock.sleep_until(due) => {
                let done = if works {
                    next_sweep = after(inner.clock.now(), SWEEP_EVERY);
                    sweep(&inner).await
                } else {
                    probe(&inner).await
                };
                if let Err(CallError::Stopping) = done {
                    return;
                }
            }
        }
    }
}

async fn probe(inner: &Inner) -> Result<(), CallError> {
    inner.jobs.call(1, None, |work| work.store.probe()).await
}

/// Sweeps everything. What fails is said and tried again next time; it does not keep the others
/// from being swept.
async fn sweep(inner: &Arc<Inner>) -> Result<(), CallError> {
    // What the command line changed beside us.
    if let Err(error) = Handle::new(Arc::clone(inner)).read_directory().await {
        tracing::error!(%error, "who is who in chats could not be read anew");
    }
    for (what, sweep) in SWEEPS {
        match sweep_all(inner, *sweep).await {
            Ok(()) => {}
            Err(CallError::Stopping) => return Err(CallError::Stopping),
            Err(CallError::Storage(error)) => {
                tracing::error!(what, %error, "what has run out could not be swept");
            }
        }
    }
    Ok(())
}

/// Sweeps one kind, in as many transactions as it takes.
async fn sweep_all(inner: &Arc<Inner>, sweep: Sweep) -> Result<(), CallError> {
    loop {
        let shared = Arc::clone(inner);
        let swept = inner
            .jobs
            .call(1, None, move |work| {
                let rules = shared.rules.current();
                sweep(work, shared.shell(&rules), SWEPT_AT_ONCE)
            })
            .await?;
        if swept < usize::try_from(SWEPT_AT_ONCE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}
