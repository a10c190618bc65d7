//! Upkeep: forgets what was sent long ago, and finds out when a full disk has room again.

use std::sync::Arc;

use super::{Inner, writer::CallError};
use crate::domain::time::{Length, Timestamp};

/// How often old effects are forgotten.
const PRUNE_EVERY: Length = Length::hours(1);
/// How long an effect that arrived is kept.
const SENT_KEPT: Length = Length::hours(7 * 24);
/// The most effects forgotten in one transaction.
const PRUNED_AT_ONCE: u32 = 500;
/// How often to try whether the disk has room again, in milliseconds.
const PROBE_EVERY: u64 = 1_000;

/// Keeps the house until told to stop.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut commits = inner.jobs.commits();
    loop {
        let works = *commits.borrow_and_update();
        let wait = if works {
            PRUNE_EVERY
        } else {
            Length::milliseconds(PROBE_EVERY)
        };
        tokio::select! {
            () = inner.stopping.cancelled() => return,
            changed = commits.changed() => if changed.is_err() { return },
            () = inner.clock.sleep(wait) => {
                let done = if works { prune(&inner).await } else { probe(&inner).await };
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

async fn prune(inner: &Inner) -> Result<(), CallError> {
    let before = inner
        .clock
        .now()
        .saturating_sub(SENT_KEPT.as_signed())
        .unwrap_or(Timestamp::MIN);
    loop {
        let pruned = inner
            .jobs
            .call(1, None, move |work| {
                work.store.prune_sent(before, PRUNED_AT_ONCE)
            })
            .await?;
        if pruned < usize::try_from(PRUNED_AT_ONCE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}
