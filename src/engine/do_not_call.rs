//! The do-not-call list while the bot runs: a supervisor puts a customer on it or takes them off, and
//! what the command line changed comes into force. Whoever it names must not be rung: an open callback
//! that nobody has ends, and whoever has one is told on its card.

use super::{
    EngineError, Handle,
    apply::Shell,
    desk::trace,
    numbers,
    writer::{Work, alone},
};
use crate::{
    domain::ids::{AccountName, ThreadKey},
    store::{
        StoreError,
        rows::{
            audit::Verb,
            do_not_call::{Listed, Reason},
        },
        sqlite::threads::StoredThread,
    },
};

/// So many entries may have been changed elsewhere when one is changed here; the sweep does the rest.
const AT_ONCE: u32 = 100;

impl Handle {
    /// Puts a thread's customer on the do-not-call list: by their numbers and their handle, or by the
    /// thread where no handle is known. False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn forbid_calls(
        &self,
        thread: ThreadKey,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            let reason = Reason::default();
            for listed in names_of(work, &thread)? {
                work.store.forbid_calls(&listed, &reason, &by, work.now)?;
            }
            trace(work, by, Verb::ForbadeCalls, thread.id)?;
            put_in_force(work, shell, AT_ONCE)?;
            Ok(true)
        })
        .await
    }

    /// Takes a thread's customer off the do-not-call list, whatever names them there. False if there is
    /// no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn allow_calls(
        &self,
        thread: ThreadKey,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            work.store.allow_calls(thread.customer)?;
            trace(work, by, Verb::AllowedCalls, thread.id)?;
            put_in_force(work, shell, AT_ONCE)?;
            Ok(true)
        })
        .await
    }
}

/// What the list knows a thread's customer by.
fn names_of(work: &Work<'_>, thread: &StoredThread) -> Result<Vec<Listed>, StoreError> {
    let channel = thread.key.channel.clone();
    let person = match work.store.author_of_customer(thread.customer)? {
        Some(author) => Listed::Customer(channel, author),
        None => Listed::Thread(thread.key.clone()),
    };
    let numbers = work.store.numbers_of(thread.customer)?.into_iter();
    let theirs = numbers.filter(|known| known.wrong_at.is_none());
    let mut names: Vec<Listed> = theirs.map(|known| Listed::Number(known.number)).collect();
    names.push(person);
    Ok(names)
}

/// A sweep: what was put on the list or taken off comes into force.
pub(super) fn put_in_force(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let changed = work.store.changed_entries(most)?;
    for entry in &changed {
        let named = work.store.named_by(*entry)?;
        for thread in named {
            let named = alone(work, |work| name(work, shell, thread));
            match named {
                Err(error) if error.loses_transaction() => return Err(error),
                // It must not keep the list from being in force for everybody else.
                Err(error) => {
                    tracing::error!(row = thread, %error, "a thread of a listed customer cannot be read");
                }
                Ok(()) => {}
            }
        }
        work.store.entry_in_force(*entry)?;
    }
    Ok(changed.len())
}

/// The customer of a thread has come onto the list, or off it.
fn name(work: &mut Work<'_>, shell: Shell<'_>, thread: i64) -> Result<(), StoreError> {
    match work.store.thread_of_row(thread)? {
        Some(mut thread) => numbers::chosen(work, shell, &mut thread),
        None => Ok(()),
    }
}
