//! Wake-ups: feeds `Tick` to the threads whose time has come. Sleeps until then; a spurious tick
//! does nothing, and a restart loses none, for the timers are in the database.

use std::sync::Arc;

use super::{
    Inner,
    outbox::sleep_until,
    people,
    writer::{CallError, Work, alone},
};
use crate::{
    domain::time::{Length, Timestamp},
    store::StoreError,
};

/// The most threads ticked in one transaction, so that messages need not wait long.
const AT_ONCE: u32 = 200;
/// How long to wait when the database itself fails.
const STORAGE_WAIT: Length = Length::minutes(1);

/// Ticks threads as they come due, until told to stop.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut timers = inner.timers.subscribe();
    loop {
        let due: Option<Timestamp> = *timers.borrow_and_update();
        tokio::select! {
            () = inner.stopping.cancelled() => return,
            _ = timers.changed() => continue,
            () = sleep_until(&inner.clock, due) => {}
        }
        match tick_due(&inner).await {
            Ok(()) => {}
            Err(CallError::Stopping) => return,
            Err(CallError::Storage(_)) => {
                tokio::select! {
                    () = inner.stopping.cancelled() => return,
                    () = inner.clock.sleep(STORAGE_WAIT) => {}
                }
            }
        }
    }
}

async fn tick_due(inner: &Arc<Inner>) -> Result<(), CallError> {
    let shared = Arc::clone(inner);
    inner
        .jobs
        .call(usize::try_from(AT_ONCE).unwrap_or(1), None, move |work| {
            let due = work.store.due_threads(work.now, AT_ONCE)?;
            tick(work, &shared, &due)
        })
        .await
}

/// Ticks every thread that new rules may concern: those with an open callback or a hold.
pub(super) async fn tick_for_new_rules(inner: &Arc<Inner>) -> Result<(), CallError> {
    people::look_at_brands(inner).await?;
    let mut after = 0;
    loop {
        let shared = Arc::clone(inner);
        let last = inner
            .jobs
            .call(usize::try_from(AT_ONCE).unwrap_or(1), None, move |work| {
                let threads = work.store.threads_for_new_rules(after, AT_ONCE)?;
                tick(work, &shared, &threads)?;
                Ok(threads.last().copied())
            })
            .await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Ticks threads, each in a part of its own. One that cannot be read is left alone until its next
/// message; trying it again and again would help nobody.
fn tick(work: &mut Work<'_>, inner: &Inner, threads: &[i64]) -> Result<(), StoreError> {
    work.wake.timers = true;
    let rules = inner.rules.current();
    let shell = inner.shell(&rules);
    for id in threads {
        let ticked = alone(work, |work| match work.store.thread_of_row(*id)? {
            Some(mut thread) => shell.tick(work, &mut thread),
            None => Ok(()),
        });
        match ticked {
            Ok(()) => {}
            Err(error) if error.loses_transaction() => return Err(error),
            Err(error) => {
                tracing::error!(row = id, %error, "a thread could not be woken; its timer is off");
                work.store.set_timer(*id, None)?;
            }
        }
    }
    Ok(())
}
