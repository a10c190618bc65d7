//! What came of a call: the callback moves on, the call log gets a row, and the customer the line
//! that tells them what was agreed. All in one transaction: none of it is there without the rest.

use super::{Finish, Shell, Verb, Work, free};
use crate::{
    domain::{
        callback::{CallResult, Callback, CallbackEvent},
        ids::{AccountName, MessageId},
        message::Message,
        private::Private,
    },
    engine::{
        EngineError, Handle, Receipt,
        answers::{self, Replied, Reply},
        clock::Stopwatch,
        gauges,
        intake::{self, Scanned},
        numbers,
    },
    reading::mask,
    store::{
        CallbackId, StoreError,
        rows::{CallbackRow, calls::LineState},
        sqlite::{calls::NewCall, numbers::Changed, threads::StoredThread},
    },
};

/// What an agent writes of a call.
#[derive(Debug, Clone, Default)]
pub struct CallNotes {
    /// For us: it stands in the call log and among the thread's notes.
    pub note: Option<Private<String>>,
    /// For the customer: what was agreed, what happens next, by when. Sent as the agent's answer.
    pub told: Option<Private<String>>,
}

/// What came of keeping what came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Whether it is kept, and the callback then.
    pub finish: Finish,
    /// What became of the line for the customer, if it is kept and there was one.
    pub line: Option<LineState>,
    /// The callback that it led to.
    pub next: Option<CallbackId>,
}

impl From<Finish> for Logged {
    fn from(finish: Finish) -> Self {
        Self {
            finish,
            line: None,
            next: None,
        }
    }
}

impl Handle {
    /// Keeps what came of a call of the agent's who has the callback. The note is kept masked; the
    /// line for the customer goes out as any answer of the agent's does, where Ringback carries the
    /// channel.
    ///
    /// # Errors
    /// When the engine stops or the database fails; nothing of it is kept then.
    pub async fn done(
        &self,
        id: CallbackId,
        by: AccountName,
        result: CallResult,
        notes: CallNotes,
    ) -> Result<Logged, EngineError> {
        if self.0.stopping.is_cancelled() {
            return Err(EngineError::Stopping);
        }
        let Some(callback) = self.store().callback(id).await? else {
            return Ok(Finish::Unknown.into());
        };
        let stopwatch = Stopwatch::start();
        let note = match notes.note {
            Some(note) => Some(intake::masked(self.rules(), note).await?),
            None => None,
        };
        let line = notes.told.map(|told| self.line(&callback, &by, told));
        let line = line.transpose()?;
        let job = move |work: &mut Work<'_>, shell: Shell<'_>, mut line: Vec<_>| {
            let said = Said {
                note,
                line: line.pop(),
            };
            done(work, shell, id, &by, result, said)
        };
        let lines: Vec<Message> = line.into_iter().collect();
        let (logged, receipt) = self.with_scanned(None, lines, job).await?;
        if let Some(receipt) = receipt {
            gauges::count(&[callback.channel], &[receipt], stopwatch.elapsed());
        }
        Ok(logged)
    }

    /// The line for the customer as an answer in the callback's thread.
    fn line(
        &self,
        callback: &CallbackRow,
        by: &AccountName,
        text: Private<String>,
    ) -> Result<Message, EngineError> {
        let id = format!("call-{:032x}", rand::random::<u128>());
        let id = MessageId::parse(&id).map_err(|_| StoreError::Corrupt("messages.message"))?;
        let reply = Reply {
            thread: callback.key(),
            id,
            by: by.clone(),
            text,
            attachment: None,
            written: None,
        };
        Ok(answers::as_message(reply, self.0.clock.arrival()))
    }
}

/// What is said of a call: the note for us, masked, and the line for the customer.
struct Said {
    note: Option<String>,
    line: Option<Scanned>,
}

/// The callback moves on first: the line is then of the case as the call left it, so that telling
/// them that it is solved does not keep it open.
fn done(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    result: CallResult,
    said: Said,
) -> Result<(Logged, Option<Receipt>), StoreError> {
    let mut call = match free(work, id, by)? {
        Ok(call) => call,
        Err(answer) => return Ok((answer.into(), None)),
    };
    if call.holder().is_none() {
        return Ok((Finish::NotClaimed.into(), None));
    }
    let case = call.case();
    let event = CallbackEvent::Rung {
        by: by.clone(),
        result,
    };
    let numbers = match result {
        // First, so that the customer is asked for another only if we know none.
        CallResult::WrongNumber => work.store.number_was_wrong(&mut call.thread, work.now)?,
        _ => Changed::default(),
    };
    let row = call.apply(work, shell, Verb::Done, event)?;
    if numbers.forbidden {
        numbers::show(work, shell, &mut call.thread, numbers)?;
    } else {
        numbers::show_elsewhere(work, shell, &call.thread, numbers)?;
    }
    let thread = &*call.thread;
    let next = thread.state.callback.as_ref();
    let next_at = next.and_then(Callback::promised_for);
    if let Some(note) = &said.note {
        work.store
            .insert_note(thread.id, None, by, note, work.now)?;
    }
    let mut receipt = None;
    let told = match said.line {
        Some(line) => {
            let told = tell(work, shell, thread, line, by)?;
            receipt = told.receipt;
            Some((told.masked, told.state))
        }
        None => None,
    };
    let kept = NewCall {
        thread: thread.id,
        callback: id,
        case,
        by,
        outcome: result.outcome(),
        note: said.note.as_deref(),
        told: told.as_ref().map(|(text, state)| (text.as_str(), *state)),
        next_at,
    };
    work.store.insert_call(&kept, work.now)?;
    let logged = Logged {
        finish: Finish::Done(Box::new(row)),
        line: told.map(|(_, state)| state),
        next: thread.callback.filter(|next| *next != id),
    };
    Ok((logged, receipt))
}

/// What became of the line for the customer.
struct Told {
    masked: String,
    state: LineState,
    receipt: Option<Receipt>,
}

/// Sends the line as its agent's answer, or holds it like one. Where we do not carry the channel it is
/// kept only, for its agent to send.
fn tell(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    line: Scanned,
    by: &AccountName,
) -> Result<Told, StoreError> {
    let Some(scan) = &line.scan else {
        return Err(StoreError::Refused("the scan panicked".to_owned()));
    };
    let spans = shell.rules.vocabulary.to_mask(&scan.sensitive);
    let mut told = Told {
        masked: mask(line.message.text.reveal(), &spans),
        state: LineState::NotSent,
        receipt: None,
    };
    if !shell.settings.carries(&thread.key.channel) {
        return Ok(told);
    }
    match answers::answer(work, shell, line, by, None)? {
        Replied::Held => told.state = LineState::Held,
        Replied::Sent(receipt) => {
            if let Receipt::Decided(record) | Receipt::Repeated(record) = &receipt {
                told.state = LineState::Sent;
                // In its thread more of it may be masked than by itself.
                if let Some(kept) = work.store.kept_message(thread.id, &record.id)? {
                    told.masked = kept.message.text.into_revealed();
                }
            }
            told.receipt = Some(receipt);
        }
        Replied::Unknown => {}
    }
    Ok(told)
}
