//! One customer on many channels: linked by an account's word, or by the same number given in a form
//! on both; parted by an account's word. Within one brand only. What each said stays with the customer
//! who said it, so parting leaves everything as if they had never been linked.

use super::{
    EngineError, Handle, Inner,
    apply::Shell,
    desk::trace,
    writer::{CallError, Work},
};
use crate::{
    domain::{
        decision::Event,
        ids::{AccountName, ChannelName, ThreadKey},
        number::PhoneNumber,
    },
    rules::Rules,
    store::{
        StoreError,
        rows::{
            audit::Verb,
            desk::Sight,
            people::{OtherThread, People},
        },
        sqlite::threads::StoredThread,
    },
};

/// What came of saying that two customers are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    /// They are one person from now on.
    One,
    /// They were before.
    Before,
    /// They write to two brands, which must not know each other's customers.
    OtherBrand,
    /// There is no such thread.
    Unknown,
}

impl Handle {
    /// Who else is the customer of a thread, or may be, as far as `sight` reaches and within its brand.
    /// `None` if there is no such thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(
        &self,
        thread: ThreadKey,
        sight: Sight,
    ) -> Result<Option<People>, StoreError> {
        let channel = thread.channel.clone();
        let Some(mut people) = self.store().people(thread, sight).await? else {
            return Ok(None);
        };
        let rules = self.rules();
        let is_one =
            |other: &OtherThread| is_one_brand(&rules.rules, &channel, &other.thread.channel);
        people.linked.retain(is_one);
        people.suggested.retain(is_one);
        Ok(Some(people))
    }

    /// Keeps that the customers of two threads are one person: what one of them asked for (never to be
    /// phoned, not to be rung) binds all their threads.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn link_customers(
        &self,
        one: ThreadKey,
        other: ThreadKey,
        by: AccountName,
    ) -> Result<Linked, EngineError> {
        self.with_rules(move |work, shell| {
            let (Some(one), Some(other)) = (work.store.thread(&one)?, work.store.thread(&other)?)
            else {
                return Ok(Linked::Unknown);
            };
            if !is_one_brand(shell.rules, &one.key.channel, &other.key.channel) {
                return Ok(Linked::OtherBrand);
            }
            let linked = work
                .store
                .link(one.customer, other.customer, Some(&by), work.now)?;
            if !linked {
                return Ok(Linked::Before);
            }
            bind(work, shell, one.customer)?;
            traced(work, &by, Verb::Linked, [one, other])?;
            Ok(Linked::One)
        })
        .await
    }

    /// Keeps that the customers of two threads are not one person, whatever seemed to say so. False if
    /// there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn part_customers(
        &self,
        one: ThreadKey,
        other: ThreadKey,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, _| {
            let (Some(one), Some(other)) = (work.store.thread(&one)?, work.store.thread(&other)?)
            else {
                return Ok(false);
            };
            if one.customer != other.customer {
                work.store
                    .unlink(one.customer, other.customer, &by, work.now)?;
                traced(work, &by, Verb::Unlinked, [one, other])?;
            }
            Ok(true)
        })
        .await
    }
}

fn traced(
    work: &mut Work<'_>,
    by: &AccountName,
    verb: Verb,
    threads: [StoredThread; 2],
) -> Result<(), StoreError> {
    for thread in threads {
        trace(work, by.clone(), verb, thread.id)?;
        work.wake.threads.push(thread.key);
    }
    Ok(())
}

/// Links whoever gave the same number in a form on another thread of this brand, unless somebody said
/// that they, or two who would be one through them, are not one person.
pub(super) fn link_by_number(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    number: &PhoneNumber,
) -> Result<(), StoreError> {
    let mut is_new = false;
    for (other, channel) in work.store.gave_in_form(number, thread.customer)? {
        if is_one_brand(shell.rules, &thread.key.channel, &channel) {
            is_new |= work.store.link(thread.customer, other, None, work.now)?;
        }
    }
    if is_new {
        bind(work, shell, thread.customer)?;
        if let Some(linked) = work.store.thread_of_row(thread.id)? {
            *thread = linked;
        }
    }
    Ok(())
}

/// Lets the open callbacks of a person know what binds them all.
fn bind(work: &mut Work<'_>, shell: Shell<'_>, customer: i64) -> Result<(), StoreError> {
    // No thread has the row 0: all of them are meant.
    for row in work.store.other_threads_with_callback(customer, 0)? {
        let Some(mut thread) = work.store.thread_of_row(row)? else {
            continue;
        };
        let channel = thread.key.channel.clone();
        let binds = &thread.state.customer;
        let event = if binds.do_not_call {
            Event::CallsForbidden { channel }
        } else if binds.text_always.is_some() {
            Event::TextAlwaysWished { channel }
        } else {
            continue;
        };
        shell.apply(work, &mut thread, &event)?;
    }
    Ok(())
}

/// Puts links out of force that are between two brands, as the rules at hand have it, and others in.
pub(super) async fn look_at_brands(inner: &Inner) -> Result<(), CallError> {
    let rules = inner.rules.current();
    let job = move |work: &mut Work<'_>| {
        let is_one =
            |one: &ChannelName, other: &ChannelName| is_one_brand(&rules.rules, one, other);
        work.store.keep_links_within(is_one)
    };
    inner.jobs.call(1, None, job).await
}

fn is_one_brand(rules: &Rules, one: &ChannelName, other: &ChannelName) -> bool {
    rules.brand(one) == rules.brand(other)
}
