//! Agents' answers that Ringback itself carries: a message of the thread, or held back where one asks
//! for what has no place in a chat, or contains it. A held answer is no message; nothing counts it
//! and nothing waits for it. It ends in the transaction of what it ends with, so that it is neither
//! lost nor sent twice, however often it is asked for.

use super::{
    Asked, CarryChange, EngineError, Handle, Receipt, RejectReason,
    apply::Shell,
    calls::{self, CallChoice},
    chat,
    clock::Stopwatch,
    desk::{free_or_same, trace},
    forms, gauges,
    intake::{self, Scanned},
    writer::{Work, alone},
};
use crate::{
    domain::{
        chat::Written,
        decision::Notice,
        form::Purpose,
        ids::{AccountName, Author, MessageId, ThreadKey},
        message::{Attachment, Message, Party, Visibility},
        private::Private,
        time::{Timestamp, after},
    },
    reading::mask,
    rules::decide::asks_for_identity,
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            chat::{NewPost, PostKind, Trace},
            held::{HeldId, HeldRow, HeldState},
        },
        sqlite::{held::NewHeld, notices::Alone, threads::StoredThread},
    },
};

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
    /// What comes with it. Only the network has the thing itself, where it was written.
    pub attachment: Option<Attachment>,
    /// Where it was written, if that was in a chat.
    pub written: Option<Written>,
}

/// What came of an answer.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, looked at and dropped"
)]
pub enum Replied {
    /// It is a message of the thread, or could not be taken.
    Sent(Receipt),
    /// It is held until its agent decides.
    Held,
    /// There is no such thread.
    Unknown,
}

/// What came of deciding on a held answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheld {
    /// It is done.
    Done,
    /// It could not be taken, so it is still held.
    Rejected(RejectReason),
    /// Its time was over: it is back with its agent, unsent.
    Returned,
    /// It had ended before, so.
    Ended(HeldState),
    /// The account has no such answer there.
    Unknown,
}

impl Handle {
    /// Takes an agent's answer in as a message of the thread, or holds it. The same box with another
    /// text takes the place of what it was held with.
    ///
    /// # Errors
    /// When the engine stops or the database fails; nothing of it is kept then.
    pub async fn reply(&self, reply: Reply) -> Result<Replied, EngineError> {
        if self.0.stopping.is_cancelled() {
            return Err(EngineError::Stopping);
        }
        let stopwatch = Stopwatch::start();
        let channel = reply.thread.channel.clone();
        let by = reply.by.clone();
        let written = reply.written.clone();
        let answers = move |work: &mut Work<'_>, shell: Shell<'_>, scanned: Vec<_>| {
            let scanned = scanned.into_iter().next();
            let scanned = scanned.ok_or_else(|| StoreError::Refused("no answer".to_owned()))?;
            answer(work, shell, scanned, &by, written)
        };
        let message = as_message(reply, self.0.clock.arrival());
        let replied = self.with_scanned(None, vec![message], answers).await?;
        if let Replied::Sent(receipt) = &replied {
            gauges::count(
                &[channel],
                std::slice::from_ref(receipt),
                stopwatch.elapsed(),
            );
        }
        Ok(replied)
    }

    /// Whether a text would be held as an answer: it asks for what has no place in a chat, or contains it.
    /// False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn would_hold(&self, reply: Reply) -> Result<bool, EngineError> {
        let looks = |work: &mut Work<'_>, shell: Shell<'_>, scanned: Vec<Scanned>| {
            let Some(mut scanned) = scanned.into_iter().next() else {
                return Ok(false);
            };
            let Some(thread) = work.store.thread(&scanned.message.thread)? else {
                return Ok(false);
            };
            scanned.message.visibility = shell.settings.visibility_of(&thread.key.channel);
            Ok(must_be_held(shell, &thread, &scanned).is_some())
        };
        let message = as_message(reply, self.0.clock.arrival());
        Ok(self.with_scanned(None, vec![message], looks).await?)
    }

    /// Sends an answer that is held, as it is.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn send_held(
        &self,
        thread: ThreadKey,
        held: HeldId,
        by: AccountName,
    ) -> Result<Unheld, EngineError> {
        self.with_rules(move |work, shell| send(work, shell, &thread, held, by))
            .await
    }

    /// Throws an answer away that is held, or back with its agent.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn discard_held(
        &self,
        thread: ThreadKey,
        held: HeldId,
        by: AccountName,
    ) -> Result<Unheld, EngineError> {
        self.with_rules(move |work, _| {
            let Some((thread, held)) = find(work, &thread, held, &by)? else {
                return Ok(Unheld::Unknown);
            };
            if !stands(&held) {
                return Ok(Unheld::Ended(held.state));
            }
            end(work, &thread, &held, HeldState::Discarded)?;
            trace(work, by, Verb::Discarded, thread.id)?;
            Ok(Unheld::Done)
        })
        .await
    }

    /// Asks a customer to fill a form in, as [`Handle::ask_form`] does; an answer of the agent's that
    /// is held gives way to it.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn ask_form_instead(
        &self,
        thread: ThreadKey,
        held: HeldId,
        purpose: Purpose,
        by: AccountName,
    ) -> Result<Asked, EngineError> {
        self.with_rules(move |work, shell| {
            let asked = forms::ask(work, shell, &thread, &purpose, by.clone())?;
            if matches!(asked, Asked::Told(_) | Asked::LinkWanted(_)) {
                swap(work, &thread, Some(held), &by)?;
            }
            Ok(asked)
        })
        .await
    }

    /// Opens a callback because an agent would rather ring than ask for identity data in text; an
    /// answer of theirs that is held gives way to it.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn choose_call(
        &self,
        thread: ThreadKey,
        by: AccountName,
        instead_of: Option<HeldId>,
    ) -> Result<CallChoice, EngineError> {
        self.with_rules(move |work, shell| {
            let choice = calls::choose(work, shell, &thread, &by)?;
            if choice.will_ring() {
                swap(work, &thread, instead_of, &by)?;
            }
            Ok(choice)
        })
        .await
    }
}

/// Takes an answer in where its thread is, or holds it.
pub(super) fn answer(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    mut scanned: Scanned,
    by: &AccountName,
    written: Option<Written>,
) -> Result<Replied, StoreError> {
    let Some(thread) = work.store.thread(&scanned.message.thread)? else {
        return Ok(Replied::Unknown);
    };
    let of_box = scanned.message.id.clone();
    let masked = place(work, shell, &thread, &mut scanned)?;
    let is_known = work
        .store
        .kept_message(thread.id, &scanned.message.id)?
        .is_some();
    let before = work.store.held_of_box(thread.id, by, &of_box)?;
    if !is_known && let Some(asks) = must_be_held(shell, &thread, &scanned) {
        let is_same =
            |held: &HeldRow| held.state == HeldState::Held && *held.text.reveal() == masked;
        if !before.as_ref().is_some_and(is_same) {
            if let Some(before) = before {
                end(work, &thread, &before, HeldState::Replaced)?;
            }
            let answer = NewHeld {
                by,
                key: &of_box,
                masked: &masked,
                asks,
                until: after(work.now, shell.rules.identity.hold_for),
                attachment: scanned.message.attachment,
                written: written.as_ref(),
            };
            hold(work, &thread, &answer)?;
        }
        return Ok(Replied::Held);
    }
    let receipt = take_in(work, shell, &thread, scanned, by, written)?;
    if let (Receipt::Decided(_) | Receipt::Repeated(_), Some(held)) = (&receipt, before) {
        end(work, &thread, &held, HeldState::Replaced)?;
    }
    Ok(Replied::Sent(receipt))
}

/// Why an answer must not go out as it is: whether it asks for identity data, or else contains some.
/// `None`: it may.
fn must_be_held(shell: Shell<'_>, thread: &StoredThread, scanned: &Scanned) -> Option<bool> {
    let scan = scanned.scan.as_ref()?;
    let context = &thread.state.thread.context;
    let reading = shell.loaded.reader.interpret(scan, Party::Agent, context);
    let contains = !shell
        .rules
        .vocabulary
        .to_mask(&reading.sensitive)
        .is_empty();
    let asks = asks_for_identity(&reading, scanned.message.visibility);
    (asks || contains).then_some(asks)
}

/// Holds an answer for as long as its agent has to decide.
fn hold(
    work: &mut Work<'_>,
    thread: &StoredThread,
    answer: &NewHeld<'_>,
) -> Result<(), StoreError> {
    work.store.hold(thread.id, answer, work.now)?;
    trace(work, answer.by.clone(), Verb::WasHeld, thread.id)?;
    work.wake.threads.push(thread.key.clone());
    Ok(())
}

/// An answer as a message, as far as it is known before its thread is.
pub(super) fn as_message(reply: Reply, now: Timestamp) -> Message {
    Message {
        thread: reply.thread,
        id: reply.id,
        from: Party::Agent,
        author: Author::parse(reply.by.as_str()).ok(),
        text: reply.text,
        at: now,
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: reply.attachment,
    }
}

/// Gives an answer its id and time in its thread and who can see it, and says its text masked. It is
/// never older than the thread's newest message, however our clock goes: what is typed under a message
/// answers it.
fn place(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    scanned: &mut Scanned,
) -> Result<String, StoreError> {
    let Scanned { message, scan } = scanned;
    let Some(scan) = scan else {
        return Err(StoreError::Refused("the scan panicked".to_owned()));
    };
    message.visibility = shell.settings.visibility_of(&thread.key.channel);
    let masked = mask(
        message.text.reveal(),
        &shell.rules.vocabulary.to_mask(&scan.sensitive),
    );
    message.id = free_or_same(&message.id, |id| {
        let kept = work.store.kept_message(thread.id, id)?;
        Ok(kept
            .map(|kept| kept.message.from == Party::Agent && *kept.message.text.reveal() == masked))
    })?;
    let newest = thread.state.thread.exchanges.last();
    message.at = newest.map_or(work.now, |newest| newest.last_at.max(work.now));
    Ok(masked)
}

/// Makes it a message of the thread, and keeps who wrote it and where.
fn take_in(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    scanned: Scanned,
    by: &AccountName,
    written: Option<Written>,
) -> Result<Receipt, StoreError> {
    let receipts = intake::take_in(work, shell, &[scanned])?;
    let receipt = receipts.into_iter().next();
    let receipt = receipt.ok_or_else(|| StoreError::Refused("no receipt".to_owned()))?;
    if let Receipt::Decided(record) = &receipt {
        if let Some(Written { spot, topic }) = written {
            let post = NewPost {
                topic,
                thread: Some(thread.key.clone()),
                message: Some(record.id.clone()),
                ..NewPost::new(spot, PostKind::Answer)
            };
            work.store.keep_trace(&Trace::Posted(post), work.now)?;
        }
        if let Some(kept) = work.store.kept_message(thread.id, &record.id)? {
            chat::carry(work, shell, thread, kept.id, &record.id, CarryChange::New)?;
        }
        let entry = AuditEntry {
            thread: Some(thread.id),
            message: Some(record.id.clone()),
            ..AuditEntry::new(by.clone(), Verb::Replied)
        };
        work.store.record(&entry, work.now)?;
    }
    Ok(receipt)
}

/// Sends a held answer as it is.
fn send(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    id: HeldId,
    by: AccountName,
) -> Result<Unheld, StoreError> {
    let Some((thread, held)) = find(work, key, id, &by)? else {
        return Ok(Unheld::Unknown);
    };
    match held.state {
        HeldState::Held if work.now < held.until => {}
        HeldState::Held => {
            give_back(work, shell, thread.id, &held)?;
            return Ok(Unheld::Returned);
        }
        HeldState::Returned => return Ok(Unheld::Returned),
        ended => return Ok(Unheld::Ended(ended)),
    }
    let reply = Reply {
        thread: key.clone(),
        id: held.key.clone(),
        by: by.clone(),
        text: held.text.clone(),
        attachment: held.attachment,
        written: held.written.clone(),
    };
    let written = reply.written.clone();
    let message = as_message(reply, work.now);
    let scan = Some(
        shell
            .loaded
            .reader
            .scan(message.text.reveal(), message.language),
    );
    let mut scanned = Scanned { message, scan };
    place(work, shell, &thread, &mut scanned)?;
    let message = scanned.message.id.clone();
    let receipt = take_in(work, shell, &thread, scanned, &by, written)?;
    if let Receipt::Rejected(reason) = receipt {
        return Ok(Unheld::Rejected(reason));
    }
    end(work, &thread, &held, HeldState::Sent)?;
    // They have just read what they would be told now.
    let told = Notice::AskedForIdentity {
        message: message.clone(),
    };
    work.store.end_own_notice(thread.id, &by, &told, work.now)?;
    let entry = AuditEntry {
        thread: Some(thread.id),
        message: Some(message),
        ..AuditEntry::new(by, Verb::SentAnyway)
    };
    work.store.record(&entry, work.now)?;
    Ok(Unheld::Done)
}

/// Ends an account's answer that stands, because something better takes its place.
fn swap(
    work: &mut Work<'_>,
    key: &ThreadKey,
    instead_of: Option<HeldId>,
    by: &AccountName,
) -> Result<(), StoreError> {
    let Some(id) = instead_of else { return Ok(()) };
    match find(work, key, id, by)? {
        Some((thread, held)) if stands(&held) => end(work, &thread, &held, HeldState::Swapped),
        _ => Ok(()),
    }
}

/// An account's own answer, with its thread.
fn find(
    work: &Work<'_>,
    key: &ThreadKey,
    id: HeldId,
    by: &AccountName,
) -> Result<Option<(StoredThread, HeldRow)>, StoreError> {
    let Some(thread) = work.store.thread(key)? else {
        return Ok(None);
    };
    let held = work.store.held(thread.id, by, id)?;
    Ok(held.map(|held| (thread, held)))
}

const fn stands(held: &HeldRow) -> bool {
    matches!(held.state, HeldState::Held | HeldState::Returned)
}

fn end(
    work: &mut Work<'_>,
    thread: &StoredThread,
    held: &HeldRow,
    state: HeldState,
) -> Result<(), StoreError> {
    work.store.end_held(held.id, state)?;
    no_longer_returned(work, thread.id, &held.by)?;
    work.wake.threads.push(thread.key.clone());
    Ok(())
}

/// Ends what its agent was told, once none of their answers in the thread is back with them.
fn no_longer_returned(work: &Work<'_>, thread: i64, by: &AccountName) -> Result<(), StoreError> {
    if work.store.has_returned(thread, by)? {
        return Ok(());
    }
    let told = Notice::ReplyReturned;
    work.store.end_own_notice(thread, by, &told, work.now)
}

/// Gives back what nobody has decided on in time, at most so many: a sweep of the engine's upkeep.
pub(super) fn give_back_overdue(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let overdue = work.store.overdue_held(work.now, most)?;
    for (thread, held) in &overdue {
        alone(work, |work| give_back(work, shell, *thread, held))?;
    }
    Ok(overdue.len())
}

/// Gives an answer back to its agent, unsent, and tells them alone.
fn give_back(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: i64,
    held: &HeldRow,
) -> Result<(), StoreError> {
    let is_told = work.store.has_returned(thread, &held.by)?;
    work.store.return_held(held.id)?;
    let Some((key, case)) = work.store.thread_place(thread)? else {
        return Ok(());
    };
    if !is_told {
        let alone = Alone {
            account: held.by.clone(),
            until: None,
        };
        let desk = &shell.rules.policy(&key.channel).desk;
        let notice = Notice::ReplyReturned;
        work.store
            .keep_notice(thread, case, desk, &notice, Some(&alone), work.now)?;
    }
    work.wake.threads.push(key);
    Ok(())
}
