//! What agents do at a desk besides working callbacks: answer, note, correct, see to a notice. Each
//! is one job for the writer, and leaves its trace with the account that did it in the transaction
//! of its effect.

mod correct;

use super::{
    EngineError, Handle, LoadedRules, Receipt, SubmitError,
    apply::Shell,
    intake::{self, Scanned},
    writer::Work,
};
use crate::{
    domain::{
        decision::Event,
        ids::{AccountName, Author, MessageId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        reading::Correction,
        record::DecisionRecord,
        time::{Length, more_than},
    },
    reading::mask,
    store::{
        CallbackId, StoreError,
        rows::audit::{AuditEntry, Verb},
        sqlite::corrections::KeptMessage,
    },
};

/// So long one look at a thread stands for all further ones of the same account. A page that
/// follows what happens asks for itself again and again, which would bury what the trace is for:
/// who has seen this customer's words, and about when.
const ONE_VIEW: Length = Length::minutes(10);

/// So many different texts may come from one box.
const MOST_TEXTS: u32 = 100;

/// An agent's message that Ringback itself carries.
#[derive(Debug, Clone)]
pub struct Reply {
    /// To which thread.
    pub thread: ThreadKey,
    /// The message's id, made when the reply box was shown: the same box sent twice is one message,
    /// but for another text, which is another message and gets an id like it.
    pub id: MessageId,
    /// Who answers.
    pub by: AccountName,
    /// The text as typed.
    pub text: Private<String>,
}

impl Handle {
    /// Takes an agent's answer in as a message of the thread.
    ///
    /// # Errors
    /// When it could not be taken, or there is no such thread; nothing of it is kept then.
    pub async fn reply(&self, reply: Reply) -> Result<Receipt, SubmitError> {
        let by = reply.by;
        let message = Message {
            thread: reply.thread,
            id: reply.id,
            from: Party::Agent,
            author: Author::parse(by.as_str()).ok(),
            text: reply.text,
            at: self.0.clock.now(),
            visibility: Visibility::Private,
            language: None,
            tags: Vec::new(),
        };
        let takes = move |work: &mut Work<'_>, shell: Shell<'_>, rules: &_, scanned: &mut [_]| {
            answer(work, shell, rules, scanned, &by)
        };
        let mut receipts = self.hand_in(vec![message], takes).await?;
        receipts.pop().ok_or(SubmitError::UnknownThread)
    }

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
        self.with_rules(move |work, _| {
            let Some(thread) = work.store.thread(&thread)? else {
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
        self.with_reader(move |work, shell, rules| {
            correct::correct(work, shell, rules, &thread, &message, correction, by)
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
                shell.apply(work, &mut thread, &Event::Unmuted)?;
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
        self.with_rules(move |work, _| {
            let Some((thread, key)) = work.store.see_to(notice, &by, work.now)? else {
                return Ok(false);
            };
            trace(work, by, Verb::SawTo, thread)?;
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

/// Takes an agent's answer in, where its thread is. It is never older than the thread's newest
/// message, however our clock goes: what is typed under a message answers it.
fn answer(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    rules: &LoadedRules,
    scanned: &mut [Scanned],
    by: &AccountName,
) -> Result<Vec<Receipt>, StoreError> {
    let mut threads = Vec::new();
    for Scanned { message, scan } in &mut *scanned {
        let Some(thread) = work.store.thread(&message.thread)? else {
            return Ok(Vec::new());
        };
        let newest = thread.state.thread.exchanges.last();
        message.at = newest.map_or(work.now, |newest| newest.last_at.max(work.now));
        if let Some(scan) = scan {
            let spans = rules.rules.vocabulary.to_mask(&scan.sensitive);
            let masked = mask(message.text.reveal(), &spans);
            message.id = free_or_same(&message.id, |id| {
                let kept = work.store.kept_message(thread.id, id)?;
                Ok(kept.map(|KeptMessage { message, .. }| {
                    message.from == Party::Agent && *message.text.reveal() == masked
                }))
            })?;
        }
        threads.push(thread.id);
    }
    let receipts = intake::take_in(work, shell, rules, scanned)?;
    for (receipt, thread) in receipts.iter().zip(threads) {
        if let Receipt::Decided(record) = receipt {
            let entry = AuditEntry {
                thread: Some(thread),
                message: Some(record.id.clone()),
                ..AuditEntry::new(by.clone(), Verb::Replied)
            };
            work.store.record(&entry, work.now)?;
        }
    }
    Ok(receipts)
}

/// The id under which something can be kept: its own, unless something else has it (`is_same` says
/// whether what has an id is the same, if anything has it), else one made of it. Whoever goes back
/// after an answer that was lost on its way, and writes it another way, would otherwise be told that
/// it was sent, and it never was.
fn free_or_same(
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

/// Keeps what an agent noted of a call, masked already, with the thread's notes. The trace is that
/// of the callback.
pub(super) fn note_of_call(
    work: &Work<'_>,
    callback: CallbackId,
    by: &AccountName,
    masked: &str,
) -> Result<(), StoreError> {
    if let Some((thread, _)) = work.store.callback(callback)? {
        work.store.insert_note(thread, None, by, masked, work.now)?;
    }
    Ok(())
}

/// Keeps that an account did something to a thread.
fn trace(work: &Work<'_>, account: AccountName, verb: Verb, thread: i64) -> Result<(), StoreError> {
    let entry = AuditEntry {
        thread: Some(thread),
        ..AuditEntry::new(account, verb)
    };
    work.store.record(&entry, work.now)
}
