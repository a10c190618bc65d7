//! What agents do with a callback: claim it, finish it. `decide` moves the callback; this finds it,
//! says who has it, and makes sure that of two agents at once one wins: they take turns in the
//! writer.

use super::{Claim, Finish, apply::Shell, writer::Work};
use crate::{
    domain::{
        callback::{CallbackStatus, Outcome},
        decision::Event,
        ids::AccountName,
    },
    store::{CallbackId, StoreError, rows::CallbackRow, sqlite::threads::StoredThread},
};

/// Claims a callback.
pub(super) fn claim(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
) -> Result<Claim, StoreError> {
    let mut thread = match find(work, id)? {
        Found::Open(thread) => thread,
        Found::Ended => return Ok(Claim::Ended),
        Found::Unknown => return Ok(Claim::Unknown),
    };
    if holder(&thread).is_none()
        && let Some(callback) = thread
            .state
            .callback
            .as_ref()
            .map(|callback| callback.number)
    {
        let event = Event::CallbackClaimed {
            callback,
            by: by.clone(),
        };
        shell.apply(work, &mut thread, &event)?;
    }
    Ok(match holder(&thread) {
        Some(holder) if holder == by => Claim::Won(Box::new(row(work, id)?)),
        Some(holder) => Claim::HeldBy(holder.clone()),
        None => Claim::Ended,
    })
}

/// Finishes a callback that the agent has claimed.
pub(super) fn finish(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    outcome: Outcome,
) -> Result<Finish, StoreError> {
    let mut thread = match find(work, id)? {
        Found::Open(thread) => thread,
        Found::Ended => return Ok(Finish::Ended),
        Found::Unknown => return Ok(Finish::Unknown),
    };
    match holder(&thread) {
        None => return Ok(Finish::NotClaimed),
        Some(holder) if holder != by => return Ok(Finish::HeldBy(holder.clone())),
        Some(_) => {}
    }
    if let Some(callback) = thread
        .state
        .callback
        .as_ref()
        .map(|callback| callback.number)
    {
        let event = Event::CallbackDone {
            callback,
            by: by.clone(),
            outcome,
        };
        shell.apply(work, &mut thread, &event)?;
    }
    Ok(Finish::Done(Box::new(row(work, id)?)))
}

enum Found {
    Open(Box<StoredThread>),
    Ended,
    Unknown,
}

/// The thread whose open callback this is.
fn find(work: &Work<'_>, id: CallbackId) -> Result<Found, StoreError> {
    let Some((thread, _)) = work.store.callback(id)? else {
        return Ok(Found::Unknown);
    };
    let thread = work
        .store
        .thread_of_row(thread)?
        .ok_or(StoreError::Corrupt("callbacks.thread_id"))?;
    Ok(if thread.callback == Some(id) {
        Found::Open(Box::new(thread))
    } else {
        Found::Ended
    })
}

/// Who has claimed the thread's open callback.
fn holder(thread: &StoredThread) -> Option<&AccountName> {
    match &thread.state.callback.as_ref()?.status {
        CallbackStatus::Due => None,
        CallbackStatus::Claimed { by, .. } | CallbackStatus::Scheduled { by, .. } => Some(by),
    }
}

fn row(work: &Work<'_>, id: CallbackId) -> Result<CallbackRow, StoreError> {
    let found = work.store.callback(id)?;
    found
        .map(|(_, row)| row)
        .ok_or(StoreError::Corrupt("callbacks"))
}
