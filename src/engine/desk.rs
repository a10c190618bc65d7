//! What agents do at a desk besides working callbacks and answering: note, correct, see to a notice. Each
//! is one job for the writer, and leaves its trace with the account that did it in the transaction
//! of its effect.

pub(super) mod correct;

use super::{EngineError, Handle, OutboxEvent, calls, intake, writer::Work};
use crate::{
    domain::{
        decision::Event,
        ids::{AccountName, MessageId, ThreadKey},
        private::Private,
        reading::Correction,
        record::DecisionRecord,
        time::{Length, more_than},
    },
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            chat::Standing,
        },
    },
};

/// So long one look at a thread stands for all further ones of the same account. A page that
/// follows what happens asks for itself again and again, which would bury what the trace is for:
/// who has seen this customer's words, and about when.
const ONE_VIEW: Length = Length::minutes(10);

/// So many different texts may come from one box.
const MOST_TEXTS: u32 = 100;

impl Handle {
    /// Keeps what agents say among themselves about a thread, masked. `key` makes the same form sent
    /// twice one note, if the text is the same. False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn note(
        &self,
        thread: ThreadKey,
        key: MessageId,
        by: AccountName,
        text: Private<String>,
    ) -> Result<bool, EngineError> {
        let masked = intake::masked(self.rules(), text).await?;
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            let key = free_or_same(&key, |key| {
                let kept = work.store.note_text(thread.id, key)?;
                Ok(kept.map(|kept| kept == masked))
            })?;
            let is_new = work
                .store
                .insert_note(thread.id, Some(&key), &by, &masked, work.now)?;
            if is_new {
                calls::still_on_it(work, shell, &mut thread, &by)?;
                trace(work, by, Verb::Noted, thread.id)?;
                work.wake.threads.push(thread.key);
            }
            Ok(true)
        })
        .await
    }

    /// Corrects the reading of a customer's message: keeps the example, and has the rules look at
    /// it again. What was decided then; `None` if there is no such message of a customer. The same
    /// correction again is one.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn correct(
        &self,
        thread: ThreadKey,
        message: MessageId,
        correction: Correction,
        by: AccountName,
    ) -> Result<Option<DecisionRecord>, EngineError> {
        self.with_rules(move |work, shell| {
            correct::correct(work, shell, &thread, &message, correction, by)
        })
        .await
    }

    /// Ends what *Keep typing: not a customer* began. False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn unmute(&self, thread: ThreadKey, by: AccountName) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(mut thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            if thread.state.customer.muted_until.is_some() {
                let channel = thread.key.channel.clone();
                shell.apply(work, &mut thread, &Event::Unmuted { channel })?;
                trace(work, by, Verb::Unmuted, thread.id)?;
            }
            Ok(true)
        })
        .await
    }

    /// Marks a notice as seen to. False if there is none of that number, or it was seen to before.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn see_to(&self, notice: i64, by: AccountName) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some((thread, key)) = work.store.see_to(notice, &by, work.now)? else {
                return Ok(false);
            };
            trace(work, by, Verb::SawTo, thread)?;
            let posts = work.store.take_posts_of_notice(notice)?;
            if !posts.is_empty() {
                let standing = Standing { posts, topic: None };
                let event = OutboxEvent::TakeDown(Box::new(standing));
                shell.tell_all(work, None, &event)?;
            }
            work.wake.threads.push(key);
            Ok(true)
        })
        .await
    }

    /// Records that an account looked at a thread; one look stands for those of the next ten
    /// minutes.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn viewed(&self, thread: ThreadKey, by: AccountName) -> Result<(), EngineError> {
        self.with_rules(move |work, _| {
            let Some(thread) = work.store.thread_number(&thread)? else {
                return Ok(());
            };
            let last = work.store.last_viewed(thread, &by)?;
            if last.is_none_or(|last| more_than(ONE_VIEW, last, work.now)) {
                trace(work, by, Verb::Viewed, thread)?;
            }
            Ok(())
        })
        .await
    }
}

/// The id under which something can be kept: its own, unless something else has it (`is_same` says
/// whether what has an id is the same, if anything has it), else one made of it. Whoever goes back
/// after an answer that was lost on its way, and writes it another way, would otherwise be told that
/// it was sent, and it never was.
pub(super) fn free_or_same(
    own: &MessageId,
    is_same: impl Fn(&MessageId) -> Result<Option<bool>, StoreError>,
) -> Result<MessageId, StoreError> {
    let others = (2..=MOST_TEXTS).map_while(|n| MessageId::parse(&format!("{own}-{n}")).ok());
    for id in std::iter::once(own.clone()).chain(others) {
        if is_same(&id)? != Some(false) {
            return Ok(id);
        }
    }
    Err(StoreError::Refused(
        "one box was sent with too many texts".to_owned(),
    ))
}

/// Keeps that an account did something to a thread.
pub(super) fn trace(
    work: &Work<'_>,
    account: AccountName,
    verb: Verb,
    thread: i64,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        thread: Some(thread),
        ..AuditEntry::new(account, verb)
    };
    work.store.record(&entry, work.now)
}

/// Keeps in the audit that an account did something about an account.
pub(super) fn trace_account(
    work: &Work<'_>,
    by: AccountName,
    verb: Verb,
    about: &AccountName,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        about: Some(about.clone()),
        ..AuditEntry::new(by, verb)
    };
    work.store.record(&entry, work.now)
}
