//! What agents do with a callback: open, claim or release one, promise a time, go on in text, finish it.
//! `decide` moves the callback; this finds it, says who has it, leaves the trace of whoever changed
//! it, and makes sure that of two agents at once one wins: they take turns in the writer.

mod done;

pub use done::{CallNotes, Logged};

use super::{Claim, Finish, apply::Shell, writer::Work};
use crate::{
    domain::{
        callback::{Callback, CallbackEvent, CallbackNumber, CallbackStatus, KeepTyping},
        decision::{Event, NoCall, RuleName},
        ids::{AccountName, DeskName, ThreadKey},
        time::Timestamp,
    },
    rules::decide::no_call,
    store::{
        CallbackId, StoreError,
        rows::{
            CallbackRow,
            audit::{AuditEntry, Verb},
            examples::ExampleSource,
        },
        sqlite::threads::StoredThread,
    },
};

/// Claims a callback.
pub(super) fn claim(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
) -> Result<Claim, StoreError> {
    let mut call = match free(work, id, by)? {
        Ok(call) => call,
        Err(Finish::HeldBy(other)) => return Ok(Claim::HeldBy(other)),
        Err(Finish::Unknown) => return Ok(Claim::Unknown),
        Err(Finish::Ended | Finish::NotClaimed | Finish::Done(_)) => return Ok(Claim::Ended),
    };
    let event = CallbackEvent::Claimed { by: by.clone() };
    let row = call.apply(work, shell, Verb::Claimed, event)?;
    Ok(Claim::Won(Box::new(row)))
}

/// Gives up a claim or a promise; `force` takes it out of somebody else's hands.
pub(super) fn release(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    force: bool,
) -> Result<Finish, StoreError> {
    let mut call = match open(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok(answer),
    };
    if call.holder().is_none() {
        return Ok(Finish::NotClaimed);
    }
    if let Some(other) = call.other_holder().filter(|_| !force) {
        return Ok(Finish::HeldBy(other.clone()));
    }
    let event = CallbackEvent::Released;
    call.finish(work, shell, Verb::Released, event)
}

/// Promises to ring at a time.
pub(super) fn schedule(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    at: Timestamp,
) -> Result<Finish, StoreError> {
    let mut call = match free(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok(answer),
    };
    let event = CallbackEvent::Scheduled { by: by.clone(), at };
    call.finish(work, shell, Verb::Scheduled, event)
}

/// Goes on in text instead of ringing.
pub(super) fn keep_typing(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    why: KeepTyping,
) -> Result<Finish, StoreError> {
    let mut call = match free(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok(answer),
    };
    if why == KeepTyping::Thanks
        && let Some(callback) = &call.thread.state.callback
        && !matches!(callback.rule, RuleName::Agent | RuleName::FollowUp)
    {
        let (thread, source) = (call.thread.id, ExampleSource::KeptTyping);
        work.store
            .keep_example(thread, &callback.message, source, Some(by), work.now)?;
    }
    let event = CallbackEvent::TypingKept {
        by: by.clone(),
        why,
    };
    call.finish(work, shell, Verb::KeptTyping, event)
}

/// What came of choosing to ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallChoice {
    /// A callback has opened.
    Opened,
    /// None has, and why.
    Not(NoCall),
    /// There is no such thread.
    Unknown,
}

impl CallChoice {
    /// Whether the customer is to be rung.
    #[must_use]
    pub const fn will_ring(self) -> bool {
        matches!(self, Self::Opened | Self::Not(NoCall::AlreadyOpen))
    }
}

/// Rings rather than ask for identity data in text.
pub(super) fn choose(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    by: &AccountName,
) -> Result<CallChoice, StoreError> {
    let Some(mut thread) = work.store.thread(key)? else {
        return Ok(CallChoice::Unknown);
    };
    if let Some(why) = no_call(&thread.state, work.now) {
        return Ok(CallChoice::Not(why));
    }
    let Some(newest) = work.store.newest_message(thread.id)? else {
        return Ok(CallChoice::Not(NoCall::NoCase));
    };
    let channel = key.channel.clone();
    shell.apply(work, &mut thread, &Event::CallChosen { channel, newest })?;
    let entry = AuditEntry {
        thread: Some(thread.id),
        callback: thread.callback,
        ..AuditEntry::new(by.clone(), Verb::ChoseCall)
    };
    work.store.record(&entry, work.now)?;
    Ok(CallChoice::Opened)
}

/// The agent who has a callback is still on it.
pub(super) fn renew(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
) -> Result<Finish, StoreError> {
    let mut call = match free(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok(answer),
    };
    if call.holder().is_none() {
        return Ok(Finish::NotClaimed);
    }
    let event = CallbackEvent::Renewed { by: by.clone() };
    call.finish(work, shell, Verb::Renewed, event)
}

/// Why an account may not do something to a callback.
pub(super) enum Blocked {
    /// Nobody has claimed it.
    NotClaimed,
    /// Somebody else has it.
    HeldBy(AccountName),
    /// It has ended.
    Ended,
    /// There is none.
    Unknown,
}

/// The thread of a callback that the account has claimed, and still has.
pub(super) fn claimed(
    work: &Work<'_>,
    id: CallbackId,
    by: &AccountName,
) -> Result<Result<Box<StoredThread>, Blocked>, StoreError> {
    let call = match free(work, id, by)? {
        Ok(call) => call,
        Err(Finish::HeldBy(other)) => return Ok(Err(Blocked::HeldBy(other))),
        Err(Finish::Unknown) => return Ok(Err(Blocked::Unknown)),
        Err(Finish::Ended | Finish::NotClaimed | Finish::Done(_)) => {
            return Ok(Err(Blocked::Ended));
        }
    };
    let callback = call.thread.state.callback.as_ref();
    let is_claimed = callback.is_some_and(|callback| {
        let claimed = matches!(callback.status, CallbackStatus::Claimed { .. });
        claimed && callback.holder() == Some(by)
    });
    Ok(if is_claimed {
        Ok(call.thread)
    } else {
        Err(Blocked::NotClaimed)
    })
}

/// An account shows by what it does in a thread that it is still on the callback that it has claimed
/// there.
pub(super) fn still_on_it(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    by: &AccountName,
) -> Result<(), StoreError> {
    let open = thread.state.callback.as_ref();
    let Some(number) = open
        .filter(|callback| callback.holder() == Some(by))
        .map(|callback| callback.number)
    else {
        return Ok(());
    };
    let event = Event::Callback {
        channel: thread.key.channel.clone(),
        callback: number,
        event: CallbackEvent::Renewed { by: by.clone() },
    };
    shell.apply(work, thread, &event)
}

/// The number and the desk of a thread's open callback, if it is that one.
pub(super) fn open_one(
    thread: &StoredThread,
    id: CallbackId,
) -> Option<(CallbackNumber, DeskName)> {
    let open = thread.state.callback.as_ref();
    let open = open.filter(|_| thread.callback == Some(id))?;
    Some((open.number, open.desk.clone()))
}

/// An open callback in an agent's hands.
struct Call<'a> {
    id: CallbackId,
    number: CallbackNumber,
    by: &'a AccountName,
    thread: Box<StoredThread>,
}

impl Call<'_> {
    /// The case that it is for; 0 where it has ended.
    fn case(&self) -> u32 {
        let callback = self.thread.state.callback.as_ref();
        callback.map_or(0, |callback| callback.case)
    }

    /// Who has it.
    fn holder(&self) -> Option<&AccountName> {
        self.thread
            .state
            .callback
            .as_ref()
            .and_then(Callback::holder)
    }

    /// Who has it, if that is somebody else.
    fn other_holder(&self) -> Option<&AccountName> {
        self.holder().filter(|holder| *holder != self.by)
    }

    /// Applies what the agent does, and keeps who did it if it changed anything. Gives the callback
    /// as it is then.
    fn apply(
        &mut self,
        work: &mut Work<'_>,
        shell: Shell<'_>,
        verb: Verb,
        event: CallbackEvent,
    ) -> Result<CallbackRow, StoreError> {
        let before = self.thread.state.callback.clone();
        let event = Event::Callback {
            channel: self.thread.key.channel.clone(),
            callback: self.number,
            event,
        };
        shell.apply(work, &mut self.thread, &event)?;
        if self.thread.state.callback != before {
            let entry = AuditEntry {
                thread: Some(self.thread.id),
                callback: Some(self.id),
                ..AuditEntry::new(self.by.clone(), verb)
            };
            work.store.record(&entry, work.now)?;
        }
        let found = work.store.callback(self.id)?;
        found
            .map(|(_, row)| row)
            .ok_or(StoreError::Corrupt("callbacks"))
    }

    fn finish(
        &mut self,
        work: &mut Work<'_>,
        shell: Shell<'_>,
        verb: Verb,
        event: CallbackEvent,
    ) -> Result<Finish, StoreError> {
        let row = self.apply(work, shell, verb, event)?;
        Ok(Finish::Done(Box::new(row)))
    }
}

/// An open callback that nobody else has, or what to answer instead.
fn free<'a>(
    work: &Work<'_>,
    id: CallbackId,
    by: &'a AccountName,
) -> Result<Result<Call<'a>, Finish>, StoreError> {
    let call = match open(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok(Err(answer)),
    };
    let taken = call.other_holder().cloned();
    Ok(match taken {
        Some(other) => Err(Finish::HeldBy(other)),
        None => Ok(call),
    })
}

/// A callback that is open, or what to answer instead.
fn open<'a>(
    work: &Work<'_>,
    id: CallbackId,
    by: &'a AccountName,
) -> Result<Result<Call<'a>, Finish>, StoreError> {
    let Some((thread, callback)) = work.store.callback(id)? else {
        return Ok(Err(Finish::Unknown));
    };
    let thread = work
        .store
        .thread_of_row(thread)?
        .ok_or(StoreError::Corrupt("callbacks.thread_id"))?;
    if thread.callback != Some(id) {
        return Ok(Err(Finish::Ended));
    }
    Ok(Ok(Call {
        id,
        number: callback.number,
        by,
        thread: Box::new(thread),
    }))
}
