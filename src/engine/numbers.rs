//! How a customer's number comes to be known: from what they write in private, from the details form,
//! from the channel, from an agent. Whatever is learnt is chosen from at once, and shown on the cards of
//! the customer's open callbacks in the same transaction.

use super::{EngineError, Handle, apply::Shell, desk::trace, writer::Work};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::Event,
        ids::{AccountName, ThreadKey},
        message::{Message, Party, Visibility},
        number::PhoneNumber,
        reading::{SensitiveSpan, SpanKind},
    },
    store::{
        StoreError,
        rows::audit::Verb,
        sqlite::{
            numbers::{NewNumber, NumberFrom},
            threads::StoredThread,
        },
    },
};

impl Handle {
    /// Keeps the number that an agent typed for a thread's customer; it is rung from now on. False if
    /// there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn set_number(
        &self,
        thread: ThreadKey,
        by: AccountName,
        number: PhoneNumber,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            let new = NewNumber {
                number: &number,
                from: NumberFrom::Agent(&by),
                at: work.now,
                zone: None,
            };
            work.store.learn_number(thread.id, &new)?;
            trace(work, by.clone(), Verb::SetNumber, thread.id)?;
            chosen(work, shell, &mut thread)?;
            Ok(true)
        })
        .await
    }

    /// Keeps that the number that would be rung is not the customer's. False if there is no such
    /// thread, or `number` is not the one to ring any more.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn number_was_wrong(
        &self,
        thread: ThreadKey,
        by: AccountName,
        number: PhoneNumber,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            if work.store.number_of(thread.customer)?.as_ref() != Some(&number) {
                return Ok(false);
            }
            work.store.number_was_wrong(&mut thread, work.now)?;
            trace(work, by, Verb::SetNumber, thread.id)?;
            show(work, shell, &mut thread)?;
            Ok(true)
        })
        .await
    }
}

/// Chooses the number to ring anew. If it is another one now, the customer's open callbacks show it.
pub(super) fn chosen(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
) -> Result<(), StoreError> {
    match work.store.choose_number(thread)? {
        true => show(work, shell, thread),
        false => {
            work.wake.threads.push(thread.key.clone());
            Ok(())
        }
    }
}

/// Shows which number is to be rung on the cards of the customer's open callbacks.
pub(super) fn show(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
) -> Result<(), StoreError> {
    work.wake.threads.push(thread.key.clone());
    found(work, shell, thread)?;
    show_elsewhere(work, shell, thread)
}

/// The same in the customer's other threads.
pub(super) fn show_elsewhere(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
) -> Result<(), StoreError> {
    let others = work
        .store
        .other_threads_with_callback(thread.customer, thread.id)?;
    for other in others {
        if let Some(mut other) = work.store.thread_of_row(other)? {
            found(work, shell, &mut other)?;
        }
    }
    Ok(())
}

fn found(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
) -> Result<(), StoreError> {
    let Some(callback) = &thread.state.callback else {
        return Ok(());
    };
    let event = Event::Callback {
        channel: thread.key.channel.clone(),
        callback: callback.number,
        event: CallbackEvent::NumberFound,
    };
    shell.apply(work, thread, &event)
}

/// Keeps the numbers that a thread's own customer writes in private; the first of them is the one to
/// ring. True if another one is to be rung than before. Who writes in public, or in somebody else's
/// thread, tells us nothing.
pub(super) fn read_in(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    message: &Message,
    row: i64,
    spans: &[SensitiveSpan],
) -> Result<bool, StoreError> {
    if message.from != Party::Customer || message.visibility != Visibility::Private {
        return Ok(false);
    }
    let is_phone = |span: &&SensitiveSpan| span.kind == SpanKind::Phone;
    let customer = thread.state.thread.author.as_ref();
    let is_theirs =
        customer.is_none() || message.author.is_none() || customer == message.author.as_ref();
    if !is_theirs || !spans.iter().any(|span| is_phone(&span)) {
        return Ok(false);
    }
    let country = shell.rules.policy(&thread.key.channel).country.as_ref();
    let text = message.text.reveal();
    // Of several at one time the last to come counts.
    for span in spans.iter().filter(is_phone).rev() {
        let written: String = text
            .chars()
            .skip(span.start)
            .take(span.end.saturating_sub(span.start))
            .collect();
        if let Ok(number) = PhoneNumber::read(&written, country) {
            let new = NewNumber {
                number: &number,
                from: NumberFrom::Message(row),
                at: message.at,
                zone: None,
            };
            work.store.learn_number(thread.id, &new)?;
        }
    }
    work.store.choose_number(thread)
}
