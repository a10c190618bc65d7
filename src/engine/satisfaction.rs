//! Whether a call helped: the customer is asked once, after a call that settled the matter, and may
//! answer with one tap. What they say is no message: it is counted nowhere and moves no case. One who
//! says that it did not help is the desk's at once, which decides what to do.

use super::{
    EngineError, Handle,
    apply::{self, Decided, Shell},
    doubts, line, speak,
    writer::Work,
};
use crate::{
    domain::{
        callback::{CallbackEnd, Outcome},
        decision::{Notice, Utterance},
        ids::{MessageId, ThreadKey},
        time::{Length, more_than},
    },
    store::{
        CallbackId, StoreError,
        rows::{CallbackState, examples::ExampleSource},
        sqlite::threads::StoredThread,
    },
};

/// So long after the call the customer is asked: what the agent still has to tell them comes first.
const ASK_AFTER: Length = Length::minutes(1);
/// So long an answer can be changed.
const MAY_CHANGE: Length = Length::hours(1);

/// What came of a customer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Satisfaction {
    /// It is kept.
    Kept,
    /// They said otherwise more than an hour ago, and that stands.
    TooLate,
    /// There was no call: the callback is open, or ended without one.
    NoCall,
    /// There is no such callback.
    Unknown,
}

impl Handle {
    /// Which call a message of a thread asks about; `None` if it asks about none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_about(
        &self,
        thread: ThreadKey,
        message: MessageId,
    ) -> Result<Option<CallbackId>, EngineError> {
        Ok(self.store().asked_about_by(thread, message).await?)
    }

    /// Keeps what the customer of a callback says of the call.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn answer_satisfaction(
        &self,
        callback: CallbackId,
        helped: bool,
    ) -> Result<Satisfaction, EngineError> {
        self.with_rules(move |work, shell| answer(work, shell, callback, helped))
            .await
    }
}

/// Plans to ask the customer of a call that settled the matter, where the rules want it.
pub(super) fn plan(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    decided: &Decided,
) -> Result<(), StoreError> {
    let solved = matches!(
        decided.end(),
        Some(CallbackEnd::Done {
            outcome: Outcome::Solved,
            ..
        })
    );
    let policy = shell.rules.policy(&thread.key.channel);
    let Some((id, _)) = decided.callback_before.as_ref() else {
        return Ok(());
    };
    if solved && policy.ask_satisfaction && line::speaks_by_itself(shell, thread) {
        work.store.plan_satisfaction(*id, thread.id, work.now)?;
    }
    Ok(())
}

/// A sweep: asks the customers whose calls are over. Whoever holds to text by now, or is to be rung
/// again, is not asked.
pub(super) fn ask_planned(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let over_by = work.now.saturating_sub(ASK_AFTER.as_signed());
    let planned = work
        .store
        .satisfaction_to_ask(over_by.unwrap_or(work.now), most)?;
    for (callback, thread) in &planned {
        let asked = match work.store.thread_of_row(*thread)? {
            Some(thread) if may_ask(&thread) => {
                speak::say(work, shell, &thread, Utterance::SatisfactionAsked, None)?
            }
            _ => None,
        };
        match asked {
            Some(line) => work.store.satisfaction_asked(*callback, line, work.now)?,
            None => work.store.forget_satisfaction(*callback)?,
        }
    }
    Ok(planned.len())
}

/// A thank-you has resolved the case, but what the customer says now is that it was not solved: so they may
/// have thanked us for something else. They can take that back.
fn keep_example(
    work: &Work<'_>,
    thread: &StoredThread,
    case: u32,
    helped: bool,
) -> Result<(), StoreError> {
    let Some(message) = doubts::solved_by(&thread.state) else {
        return Ok(());
    };
    let of_its_case = apply::case_number(thread) == case;
    let (source, store) = (ExampleSource::NotHelped, &work.store);
    match (helped, of_its_case) {
        (false, true) => store.keep_example(thread.id, message, source, None, work.now),
        (true, true) => store.forget_example(thread.id, message, source),
        (_, false) => Ok(()),
    }
}

fn may_ask(thread: &StoredThread) -> bool {
    let state = &thread.state;
    let holds = state
        .thread
        .case
        .as_ref()
        .is_some_and(|case| case.hold.is_some());
    !holds && state.customer.text_always.is_none()
}

fn answer(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    helped: bool,
) -> Result<Satisfaction, StoreError> {
    let Some((row, callback)) = work.store.callback(id)? else {
        return Ok(Satisfaction::Unknown);
    };
    if callback.state != CallbackState::Done {
        return Ok(Satisfaction::NoCall);
    }
    let said = work.store.satisfaction(id)?;
    let before = said.and_then(|said| said.helped);
    if before == Some(helped) {
        return Ok(Satisfaction::Kept);
    }
    let first = said.and_then(|said| said.answered_at);
    if first.is_some_and(|first| more_than(MAY_CHANGE, first, work.now)) {
        return Ok(Satisfaction::TooLate);
    }
    work.store.answer_satisfaction(id, row, helped, work.now)?;
    if let Some(thread) = work.store.thread_of_row(row)? {
        keep_example(work, &thread, callback.case, helped)?;
        if !helped {
            shell.tell_desk(work, &thread, &callback.desk, &Notice::Dissatisfied)?;
        }
        work.wake.threads.push(thread.key);
    }
    Ok(Satisfaction::Kept)
}
