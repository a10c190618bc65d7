//! Intake: scan in parallel, then take messages in inside one transaction, each in a part of its
//! own. What is kept is masked first, whoever wrote it.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock},
};

use sha2::{Digest, Sha256};

use super::{
    LoadedRules, Receipt, RejectReason,
    apply::Shell,
    doubts, numbers,
    outbound::{DecisionEvent, OutboxEvent},
    remask,
    shown::{self, Shown},
    summary::summary,
    writer::{CallError, Work, alone},
};
use crate::{
    domain::{
        decision::{Action, Event, Verdict},
        ids::Author,
        message::{Message, Party},
        private::Private,
        record::DecisionRecord,
        thread::State,
        time::{Length, after},
    },
    reading::{Scan, mask, mask_evidence},
    store::{StoreError, rows::examples::ExampleSource, sqlite::threads::StoredThread},
};

/// Texts that together are no longer than this, in bytes, are scanned where they are: handing them
/// to another thread would cost more.
const SCANNED_IN_PLACE: usize = 4 * 1024;

/// So many messages are scanned by one thread: half of what Telegram gives at once.
const SCANNED_TOGETHER: usize = 50;

/// How far a network's clock may be behind ours.
const CLOCKS_APART: Length = Length::minutes(1);

/// A message with what its text alone tells; `None` if the scan itself failed on it.
pub(super) struct Scanned {
    pub(super) message: Message,
    pub(super) scan: Option<Scan>,
}

/// Scans messages, away from the async threads if they are long, and many on several cores.
///
/// # Errors
/// When the runtime is ending.
pub(super) async fn scan(
    rules: Arc<LoadedRules>,
    messages: Vec<Message>,
) -> Result<Vec<Scanned>, CallError> {
    let bytes: usize = messages
        .iter()
        .map(|message| message.text.reveal().len())
        .sum();
    if bytes <= SCANNED_IN_PLACE {
        return Ok(scan_all(&rules, messages));
    }
    let mut scanned = Vec::with_capacity(messages.len());
    let mut left = messages.into_iter();
    let mut parts = Vec::new();
    while left.len() > 0 {
        let part = left.by_ref().take(SCANNED_TOGETHER).collect();
        let rules = Arc::clone(&rules);
        parts.push(tokio::task::spawn_blocking(move || scan_all(&rules, part)));
    }
    for part in parts {
        // Panics are caught in there.
        scanned.extend(part.await.map_err(|_| CallError::Stopping)?);
    }
    Ok(scanned)
}

fn scan_all(rules: &LoadedRules, messages: Vec<Message>) -> Vec<Scanned> {
    let scan_one = |message: Message| {
        let text = message.text.reveal();
        let scan = catch_unwind(AssertUnwindSafe(|| {
            rules.reader.scan(text, message.language)
        }));
        Scanned {
            scan: scan.ok(),
            message,
        }
    };
    messages.into_iter().map(scan_one).collect()
}

/// A text with its confidential spans masked, as a message's would be.
///
/// # Errors
/// When the runtime is ending, or the scan itself fails on the text.
pub(super) async fn masked(
    rules: Arc<LoadedRules>,
    text: Private<String>,
) -> Result<String, CallError> {
    let scan_and_mask = move || {
        let text = text.reveal();
        let found = rules.reader.scan(text, None).sensitive;
        mask(text, &rules.rules.vocabulary.to_mask(&found))
    };
    tokio::task::spawn_blocking(scan_and_mask)
        .await
        .map_err(|error| match error.is_panic() {
            true => CallError::Storage(StoreError::Refused("the scan panicked".to_owned())),
            false => CallError::Stopping,
        })
}

/// Takes messages in, in order. A message that fails is recorded as rejected; the rest stands.
pub(super) fn take_in(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    messages: &[Scanned],
) -> Result<Vec<Receipt>, StoreError> {
    take_in_shown(work, shell, messages, &[])
}

/// The same, each with what its network shows of the customer, in the same order.
///
/// Almost always all can be taken, so that is tried first, as one part of the transaction. SQLite
/// copies each page that a part changes, and messages that come together change the same ones.
pub(super) fn take_in_shown(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    messages: &[Scanned],
    shown: &[Shown],
) -> Result<Vec<Receipt>, StoreError> {
    if messages.len() > 1 {
        let all = one_of_many(work, |work| {
            let messages = messages.iter().enumerate();
            let take = |(place, scanned)| take_one(work, shell, scanned, shown.get(place));
            messages.map(take).collect::<Result<_, _>>()
        })?;
        if let Ok(receipts) = all {
            return Ok(receipts);
        }
    }
    each_by_itself(work, shell, messages, shown)
}

/// Takes messages in, in order, each in a part of its own, so that one that fails leaves the others.
fn each_by_itself(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    messages: &[Scanned],
    shown: &[Shown],
) -> Result<Vec<Receipt>, StoreError> {
    messages
        .iter()
        .enumerate()
        .map(|(place, scanned)| {
            let shown = shown.get(place);
            let taken = one_of_many(work, |work| take_one(work, shell, scanned, shown))?;
            let (reason, error) = match taken {
                Ok(receipt) => return Ok(receipt),
                Err(why) => why,
            };
            let channel = scanned.message.thread.channel.as_str();
            tracing::error!(channel, %error, "a message could not be taken; it is recorded as rejected");
            record_rejection(work, &scanned.message, reason)?;
            Ok(Receipt::Rejected(reason))
        })
        .collect()
}

/// Takes one item of a batch in by itself: what came of it, or why it could not be taken, which
/// leaves no trace of it.
///
/// # Errors
/// When that concerns all of them: the transaction is lost.
pub(super) fn one_of_many<T>(
    work: &mut Work<'_>,
    takes: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
) -> Result<Result<T, (RejectReason, StoreError)>, StoreError> {
    match alone(work, takes) {
        Ok(taken) => Ok(Ok(taken)),
        Err(error) if error.loses_transaction() => Err(error),
        Err(error @ StoreError::Corrupt(_)) => Ok(Err((RejectReason::DamagedThread, error))),
        Err(error) => Ok(Err((RejectReason::Failed, error))),
    }
}

fn take_one(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    scanned: &Scanned,
    shown: Option<&Shown>,
) -> Result<Receipt, StoreError> {
    let Scanned { message, scan } = scanned;
    let Some(scan) = scan else {
        return Err(StoreError::Refused("the scan panicked".to_owned()));
    };
    let mut thread = thread_of(work, message)?;
    let message = &*in_order(shell, &thread, message);
    let completed = remask::completed(work, shell.loaded, &thread, message)?;
    let more = completed
        .as_ref()
        .map(|completed| scan.with(&completed.new));
    let scan = more.as_ref().unwrap_or(scan);
    let mut reading =
        shell
            .loaded
            .reader
            .interpret(scan, message.from, &thread.state.thread.context);
    let text = message.text.reveal();
    let spans = shell.rules.vocabulary.to_mask(&reading.sensitive);
    let masked = mask(text, &spans);
    mask_evidence(&mut reading.evidence, text, &spans);
    let inserted = work
        .store
        .insert_message(thread.id, message, &masked, work.now)?;
    let Some(row) = inserted else {
        // It changes nothing, not even whose thread this is.
        let first = work
            .store
            .first_decision(&thread.key, thread.id, &message.id)?;
        return first
            .map(Receipt::Repeated)
            .ok_or(StoreError::Corrupt("decisions"));
    };
    meet_customer(work, &mut thread, message)?;
    if let Some(completed) = &completed {
        remask::mask_earlier(work, shell, &mut thread, completed, message.visibility)?;
    }
    let rung_before = thread.callback;
    let number = numbers::read_in(work, shell, &mut thread, message, row, &reading.sensitive)?;
    let number = match shown {
        Some(shown) => number.and(shown::keep(work, &mut thread, message, shown)?),
        None => number,
    };
    let solved_by = doubts::solved_by(&thread.state).filter(|_| reading.unsolved);
    let solved_by = solved_by.cloned();
    let event = Event::MessageReceived {
        message,
        reading: &reading,
    };
    let mut decided = shell.decide(work, &mut thread, &event)?;
    let verdict = decided.verdict.take().unwrap_or_else(Verdict::none);
    let record = DecisionRecord::new(message, &reading, verdict);
    if let Some(solved_by) = solved_by.filter(|_| record.actions.contains(&Action::Reopen)) {
        let source = ExampleSource::CameBack;
        work.store
            .keep_example(thread.id, &solved_by, source, None, message.at)?;
    }
    let version = &shell.rules.version.0;
    work.store
        .insert_decision(row, &record, &reading.evidence, version, work.now)?;
    let told = OutboxEvent::Decision(Box::new(DecisionEvent {
        record: record.clone(),
        at: message.at,
        from: message.from,
        visibility: message.visibility,
        text: Some(Private::new(masked)),
        corrected: false,
    }));
    shell.tell(work, &thread, &told)?;
    if message.from == Party::Agent {
        shell.tell_over(work, &thread)?;
    }
    shell.carry_out(work, &thread, &decided)?;
    // What opened just now shows it already.
    match thread.callback == rung_before {
        true => numbers::show(work, shell, &mut thread, number)?,
        false => numbers::show_elsewhere(work, shell, &thread, number)?,
    }
    Ok(Receipt::Decided(record))
}

/// Networks tell the time of a message by a clock of their own, and in whole seconds: one that came after
/// ours but seems a little older was written after it all the same. Only where messages come in the order
/// in which they were written.
fn in_order<'m>(shell: Shell<'_>, thread: &StoredThread, message: &'m Message) -> Cow<'m, Message> {
    let newest = thread.state.thread.exchanges.last();
    let newest = newest.map_or(message.at, |newest| newest.last_at);
    let seems_older = message.at < newest && after(message.at, CLOCKS_APART) >= newest;
    if seems_older && shell.settings.comes_in_order(&message.thread.channel) {
        return Cow::Owned(Message {
            at: newest,
            ..message.clone()
        });
    }
    Cow::Borrowed(message)
}

/// The message's thread, made if it is new.
fn thread_of(work: &Work<'_>, message: &Message) -> Result<StoredThread, StoreError> {
    if let Some(thread) = work.store.thread(&message.thread)? {
        return Ok(thread);
    }
    let (author, empty) = (customer_of(message), summary(&State::default()));
    work.store
        .new_thread(&message.thread, author, empty, work.now)
}

/// Gives the thread to its customer, once a message of theirs names them.
fn meet_customer(
    work: &Work<'_>,
    thread: &mut StoredThread,
    message: &Message,
) -> Result<(), StoreError> {
    match customer_of(message) {
        Some(author) if !thread.customer_is_known => work.store.give_to_author(thread, author),
        _ => Ok(()),
    }
}

/// The customer that a message names.
fn customer_of(message: &Message) -> Option<&Author> {
    match message.from {
        Party::Customer => message.author.as_ref(),
        Party::Agent | Party::Bot => None,
    }
}

fn record_rejection(
    work: &Work<'_>,
    message: &Message,
    reason: RejectReason,
) -> Result<(), StoreError> {
    let text = message.text.reveal().as_bytes();
    let kind = match reason {
        RejectReason::DamagedThread => "damaged_thread",
        RejectReason::Failed => "failed",
    };
    work.store.reject(
        message.thread.channel.as_str(),
        kind,
        text.len(),
        digest(text),
        work.now,
    )
}

/// What tells whether two texts that were rejected are the same, while this process runs. Salted with
/// what is kept nowhere: of a text so short as a card number, a bare hash gives the text away.
fn digest(text: &[u8]) -> [u8; 32] {
    static SALT: LazyLock<[u8; 32]> = LazyLock::new(rand::random);
    let mut hash = Sha256::new();
    hash.update(*SALT);
    hash.update(text);
    hash.finalize().into()
}
