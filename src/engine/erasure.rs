//! Erases what is kept of a customer, for the command line: on the database itself, beside a running
//! bot or without one. What others were told cannot be taken back; they are told to forget it too.

use super::{
    apply::{new_key, payload},
    outbound::{ErasedEvent, OutboxEvent, TELEGRAM_DESK},
};
use crate::{
    domain::{account::command_line, time::Timestamp},
    store::{
        StoreError,
        rights::Rights,
        rows::{
            chat::Standing,
            rights::{Erased, Gone, LastWord, Subjected},
        },
    },
};

/// Erases one thread and all that is kept of it, in as many transactions as it takes; `destinations`
/// are told so. Counts what is gone.
///
/// # Errors
/// When the database cannot be written. What is gone by then stays gone; erasing again goes on.
pub fn erase(
    rights: &mut Rights,
    thread: &Subjected,
    destinations: &[&str],
    now: Timestamp,
    gone: &mut Gone,
) -> Result<Erased, StoreError> {
    let event = OutboxEvent::Erased(Box::new(ErasedEvent {
        channel: thread.key.channel.clone(),
        thread: thread.key.thread.clone(),
    }));
    let payload = payload(&event)?;
    let last_word = |destination: &&str| LastWord {
        key: new_key(),
        destination: (*destination).to_owned(),
        payload: payload.clone(),
    };
    let last_words: Vec<LastWord> = destinations.iter().map(last_word).collect();
    let by = command_line();
    let take_down = |standing: &Standing| take_down(standing, [TELEGRAM_DESK]);
    loop {
        if let Some(erased) =
            rights.erase_some(thread.row, &last_words, &take_down, &by, now, gone)?
        {
            return Ok(erased);
        }
    }
}

/// Has what stands in chats taken down by whoever put it there.
pub(super) fn take_down<'a>(
    standing: &Standing,
    by: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<LastWord>, StoreError> {
    let payload = payload(&OutboxEvent::TakeDown(Box::new(standing.clone())))?;
    let word = |destination: &str| LastWord {
        key: new_key(),
        destination: destination.to_owned(),
        payload: payload.clone(),
    };
    Ok(by.into_iter().map(word).collect())
}
