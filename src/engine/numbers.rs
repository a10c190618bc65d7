//! How a customer's number comes to be known: from what they write in private, from the details form,
//! from the channel, from an agent. Whatever is learnt is chosen from at once, and shown on the cards of
//! the customer's open callbacks in the same transaction.

use super::{
    EngineError, Handle,
    apply::{ASK_FOR_NUMBER, Shell},
    desk::trace,
    intake,
    writer::Work,
};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::Event,
        hours::Zone,
        ids::{AccountName, ThreadKey},
        message::{Message, Party, Visibility},
        number::{PhoneNumber, to_ring},
        private::Private,
        reading::{SensitiveSpan, SpanKind},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{audit::Verb, people::Profile},
        sqlite::{
            numbers::{Changed, NewNumber, NumberFrom},
            threads::StoredThread,
        },
    },
};

/// What the channel, or the program behind it, knows of a customer.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Their name.
    pub name: Option<Private<String>>,
    /// Whom they write for.
    pub company: Option<Private<String>>,
    /// Their e-mail address.
    pub email: Option<Private<String>>,
    /// Where they are.
    pub zone: Option<Zone>,
    /// Where more is known of them: an https URL.
    pub link: Option<Private<String>>,
    /// The number to ring.
    pub number: Option<PhoneNumber>,
}

impl Handle {
    /// Keeps what is known of a thread's customer, in the place of what was; texts are masked. False
    /// if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn describe_customer(
        &self,
        thread: ThreadKey,
        mut known: Known,
    ) -> Result<bool, EngineError> {
        for text in [&mut known.name, &mut known.company].into_iter().flatten() {
            let masked = intake::masked(self.rules(), std::mem::take(text)).await?;
            *text = Private::new(masked);
        }
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            describe(work, &thread, known)?;
            chosen(work, shell, &mut thread)?;
            Ok(true)
        })
        .await
    }

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

    /// Keeps that the number that would be rung is not the customer's: the one that was `given` then.
    /// False if there is no such thread, or another number is to be rung by now.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn number_was_wrong(
        &self,
        thread: ThreadKey,
        by: AccountName,
        given: Timestamp,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            let known = work.store.numbers_of(thread.customer)?;
            if to_ring(&known).is_none_or(|to_ring| to_ring.at != given) {
                return Ok(false);
            }
            let changed = work.store.number_was_wrong(&mut thread, work.now)?;
            trace(work, by, Verb::SetNumber, thread.id)?;
            show(work, shell, &mut thread, changed)?;
            Ok(true)
        })
        .await
    }
}

fn describe(work: &Work<'_>, thread: &StoredThread, known: Known) -> Result<(), StoreError> {
    let number = known.number;
    let profile = Profile {
        name: known.name,
        company: known.company,
        email: known.email,
        zone: known.zone,
        link: known.link,
        at: work.now,
    };
    work.store.save_profile(thread.id, &profile)?;
    work.store
        .forget_channel_numbers(thread.id, number.as_ref())?;
    match number {
        Some(number) => {
            let new = NewNumber {
                number: &number,
                from: NumberFrom::Channel,
                at: work.now,
                zone: None,
            };
            work.store.learn_number(thread.id, &new)
        }
        None => Ok(()),
    }
}

/// Chooses the number to ring anew. If it is another one now, or the customer must not be rung any
/// more, their open callbacks show it.
pub(super) fn chosen(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
) -> Result<(), StoreError> {
    let changed = work.store.choose_number(thread)?;
    show(work, shell, thread, changed)
}

/// Shows what has changed on the cards of the customer's open callbacks.
pub(super) fn show(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    changed: Changed,
) -> Result<(), StoreError> {
    work.wake.threads.push(thread.key.clone());
    show_on_card(work, shell, thread, changed)?;
    show_elsewhere(work, shell, thread, changed)
}

/// The same in the customer's other threads.
pub(super) fn show_elsewhere(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    changed: Changed,
) -> Result<(), StoreError> {
    if changed == Changed::default() {
        return Ok(());
    }
    let others = work
        .store
        .other_threads_with_callback(thread.customer, thread.id)?;
    for other in others {
        if let Some(mut other) = work.store.thread_of_row(other)? {
            // A number is that of the customer who gave it; a ban binds the whole person.
            let is_theirs = other.customer == thread.customer;
            let changed = Changed {
                number: changed.number && is_theirs,
                ..changed
            };
            show_on_card(work, shell, &mut other, changed)?;
        }
    }
    Ok(())
}

/// A customer who must not be rung has no number that would matter. Once one is known, nobody need ask
/// for it any more.
fn show_on_card(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    changed: Changed,
) -> Result<(), StoreError> {
    let Some(callback) = &thread.state.callback else {
        return Ok(());
    };
    if changed.number && thread.state.customer.number_known {
        work.store
            .end_sayings(thread.id, &ASK_FOR_NUMBER, work.now)?;
    }
    let channel = thread.key.channel.clone();
    let event = match changed {
        Changed {
            forbidden: true, ..
        } => Event::CallsForbidden { channel },
        Changed { number: true, .. } => Event::Callback {
            channel,
            callback: callback.number,
            event: CallbackEvent::NumberFound,
        },
        _ => return Ok(()),
    };
    shell.apply(work, thread, &event)
}

/// Keeps the numbers that a thread's own customer writes in private; the first of them is the one to
/// ring. Says what that changed. Who writes in public, or in somebody else's
/// thread, tells us nothing.
pub(super) fn read_in(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    message: &Message,
    row: i64,
    spans: &[SensitiveSpan],
) -> Result<Changed, StoreError> {
    if message.from != Party::Customer || message.visibility != Visibility::Private {
        return Ok(Changed::default());
    }
    let is_phone = |span: &&SensitiveSpan| span.kind == SpanKind::Phone;
    let customer = thread.state.thread.author.as_ref();
    let is_theirs =
        customer.is_none() || message.author.is_none() || customer == message.author.as_ref();
    if !is_theirs || !spans.iter().any(|span| is_phone(&span)) {
        return Ok(Changed::default());
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
