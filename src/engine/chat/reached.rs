//! Whether what we write reaches a customer, and what they show without writing: a reaction. Neither is
//! a message; nothing of it counts.

use crate::{
    domain::{
        account::ringback,
        chat::Spot,
        cut,
        decision::Notice,
        ids::{MessageId, ThreadKey},
        message::{Message, Party},
    },
    engine::{EngineError, Handle, apply::Shell, writer::Work},
    store::{StoreError, sqlite::threads::StoredThread},
};

/// The notice, as the database knows it.
const BLOCKED: &str = "blocked";
/// So much of a message says which one is meant, in characters.
const ENOUGH: usize = 60;

/// A customer's reaction to a message.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// Where that message stands in the network, if it is one that we carried there.
    pub spot: Spot,
    /// The id that it has in the thread, if the customer wrote it.
    pub message: MessageId,
    /// What they added, as agents read it.
    pub added: Vec<String>,
    /// What they took back.
    pub taken: Vec<String>,
}

impl Handle {
    /// Keeps that a thread's customer has blocked us, or lets us write again. The desk is told once.
    /// False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn set_blocked(
        &self,
        thread: ThreadKey,
        is_blocked: bool,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            match is_blocked {
                true => blocked(work, shell, &thread)?,
                false => not_blocked(work, &thread)?,
            }
            Ok(true)
        })
        .await
    }

    /// Notes that a thread's customer reacted to a message of ours. What they do to their own is no
    /// matter. False if there is nothing to note.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn note_reaction(
        &self,
        thread: ThreadKey,
        reaction: Reaction,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, _| {
            let Some(thread) = work.store.thread(&thread)? else {
                return Ok(false);
            };
            let Some(note) = words(work, &thread, &reaction)? else {
                return Ok(false);
            };
            let by = ringback();
            work.store
                .insert_note(thread.id, None, &by, &note, work.now)?;
            work.wake.threads.push(thread.key);
            Ok(true)
        })
        .await
    }
}

/// Tells the desk that nothing reaches the customer any more, unless it was told.
pub(in crate::engine) fn blocked(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
) -> Result<(), StoreError> {
    if work.store.notice_stands(thread.id, &[BLOCKED])? {
        return Ok(());
    }
    work.wake.threads.push(thread.key.clone());
    let desk = &shell.rules.policy(&thread.key.channel).desk;
    shell.tell_desk(work, thread, desk, &Notice::Blocked)
}

/// Whoever writes can be written to.
pub(in crate::engine) fn writes_again(
    work: &Work<'_>,
    thread: &StoredThread,
    message: &Message,
) -> Result<(), StoreError> {
    match message.from {
        Party::Customer => work.store.end_notices(thread.id, &[BLOCKED], work.now),
        Party::Agent | Party::Bot => Ok(()),
    }
}

fn not_blocked(work: &mut Work<'_>, thread: &StoredThread) -> Result<(), StoreError> {
    work.wake.threads.push(thread.key.clone());
    work.store.end_notices(thread.id, &[BLOCKED], work.now)
}

/// What is noted of a reaction; nothing, if the message is the customer's own.
fn words(
    work: &Work<'_>,
    thread: &StoredThread,
    reaction: &Reaction,
) -> Result<Option<String>, StoreError> {
    let ours = work.store.message_at(thread.id, &reaction.spot)?;
    let id = ours.as_ref().unwrap_or(&reaction.message);
    let kept = work.store.kept_text(thread.id, id)?;
    let to = match kept {
        Some(kept) if kept.from == Party::Customer => return Ok(None),
        Some(kept) => format!("“{}”", beginning(kept.text.reveal())),
        None => "a message".to_owned(),
    };
    let added = (!reaction.added.is_empty())
        .then(|| format!("Reacted with {} to {to}.", reaction.added.join(" ")));
    let taken = (!reaction.taken.is_empty())
        .then(|| format!("Took {} back from {to}.", reaction.taken.join(" ")));
    let said: Vec<String> = [added, taken].into_iter().flatten().collect();
    Ok((!said.is_empty()).then(|| said.join(" ")))
}

/// The first words of a text, in one line.
fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut::shortened(&line, ENOUGH)
}
