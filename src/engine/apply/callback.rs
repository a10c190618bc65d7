//! What becomes of a callback that an event moved: its row, the notices that it ends, and what the
//! world is told of it.

use super::{
    CallbackChange, CallbackEvent, Decided, OutboxEvent, Shell, StoredThread, Work, notice_event,
};
use crate::{
    domain::{
        callback::{Callback, CallbackEnd, CallbackStatus, Reminded},
        decision::{Effect, Utterance},
        thread::State,
        time::Timestamp,
    },
    rules::Desk,
    store::{CallbackId, StoreError},
};

/// What asks a customer for a number.
pub(in crate::engine) const ASK_FOR_NUMBER: [Utterance; 2] =
    [Utterance::DetailsAsked, Utterance::WrongNumber];

impl Shell<'_> {
    /// What the world is told of an effect; `None` where it is about a callback that is not there.
    pub(super) fn told(
        self,
        now: Timestamp,
        thread: &StoredThread,
        decided: &Decided,
        effect: &Effect,
    ) -> Option<OutboxEvent> {
        let about = |number: u32, change: CallbackChange| {
            let current = thread.callback.zip(thread.state.callback.as_ref());
            let before = decided
                .callback_before
                .as_ref()
                .map(|(id, callback)| (*id, callback));
            current
                .into_iter()
                .chain(before)
                .find(|(_, callback)| callback.number == number)
                .map(|(id, callback)| self.callback_event(now, thread, id, callback, change))
        };
        match effect {
            Effect::PromptDesk { callback, .. } => about(*callback, CallbackChange::Opened),
            Effect::UpdateCard { callback, change } => {
                about(*callback, CallbackChange::Changed(*change))
            }
            Effect::CloseCard { callback, end } => {
                about(*callback, CallbackChange::Ended(end.clone()))
            }
            // Said as a message of the thread, which is told like any other.
            Effect::Speak(_) => None,
            Effect::TellDesk { notice, desk } => {
                let event = notice_event(thread, desk, notice);
                Some(OutboxEvent::Notice(Box::new(event)))
            }
        }
    }

    fn callback_event(
        self,
        now: Timestamp,
        thread: &StoredThread,
        id: CallbackId,
        callback: &Callback,
        change: CallbackChange,
    ) -> OutboxEvent {
        let desk = self.rules.desks.get(&callback.desk);
        let is_silent = |desk: &Desk| desk.is_silent(callback, now);
        OutboxEvent::Callback(Box::new(CallbackEvent {
            id,
            channel: thread.key.channel.clone(),
            thread: thread.key.thread.clone(),
            number: callback.number,
            case: callback.case,
            exchange: callback.exchange,
            rule: callback.rule.clone(),
            message: callback.message.clone(),
            desk: callback.desk.clone(),
            topic: callback.topic.clone(),
            urgent: callback.urgent,
            asked: callback.asked,
            soft: callback.soft.is_some(),
            silent: desk.is_some_and(is_silent),
            attempts: callback.attempts,
            due_at: callback.due_at,
            owner: callback.owner.clone(),
            claimed_by: callback.holder().cloned(),
            scheduled_at: callback.promised_for(),
            change,
        }))
    }
}

/// What the desk was told of a callback and is over: that nobody has it, once somebody has or it is
/// held back; that its agent is silent, once they are not; that it was taken from one, once another
/// has it; and all of it once it ends.
pub(super) fn notices_over(old: Option<&Callback>, new: Option<&Callback>) -> Vec<&'static str> {
    let Some(old) = old else { return Vec::new() };
    let new = new.filter(|new| new.number == old.number);
    let ended = |is: fn(&Callback) -> bool| is(old) && !new.is_some_and(is);
    let mut over = Vec::new();
    if ended(|callback| callback.status == CallbackStatus::Due && callback.incident.is_none()) {
        over.extend(["call_unclaimed", "call_overdue", "urgent_on_call"]);
    }
    if ended(|callback| {
        let is_claimed = matches!(callback.status, CallbackStatus::Claimed { .. });
        is_claimed && callback.reminded != Reminded::Nobody
    }) {
        over.push("claim_silent");
    }
    if ended(Callback::is_unclaimed) {
        over.push("claim_released");
    }
    over
}

/// What an agent was asked to tell the customer of a callback and need not any more: that somebody
/// rings, or when, once it stands otherwise; and all of it once it ends. What asks for a number is over
/// where one is found.
pub(super) fn sayings_over(old: &State, new: &State) -> Vec<Utterance> {
    use Utterance as U;
    let Some(before) = &old.callback else {
        return Vec::new();
    };
    let after = new.callback.as_ref();
    let after = after.filter(|after| after.number == before.number);
    let mut over = Vec::new();
    let stands = |callback: &Callback| std::mem::discriminant(&callback.status);
    if after.map(stands) != Some(stands(before)) {
        over.extend([
            U::CallComing,
            U::CallWaits,
            U::CallScheduled,
            U::CallLate,
            U::NoAnswer,
        ]);
    }
    if after.is_none() {
        over.extend(ASK_FOR_NUMBER);
        over.extend([U::IncidentStatus, U::VideoOffered]);
    }
    over
}

/// Ends, opens or changes the thread's open callback, and says its row. The old one ends first:
/// a thread has one open callback at most.
pub(super) fn save_callback(
    work: &Work<'_>,
    thread: &StoredThread,
    old: Option<&Callback>,
    effects: &[Effect],
) -> Result<Option<CallbackId>, StoreError> {
    let new = thread.state.callback.as_ref();
    if let (Some(id), Some(old)) = (thread.callback, old) {
        if let Some(new) = new.filter(|new| new.number == old.number) {
            if new != old {
                work.store.save_callback(id, new)?;
            }
            return Ok(Some(id));
        }
        work.store
            .end_callback(id, end_of(old, effects), work.now)?;
    }
    new.map(|new| work.store.insert_callback(thread.id, new))
        .transpose()
}

/// How a callback ended, as its card is told.
fn end_of<'a>(callback: &Callback, effects: &'a [Effect]) -> &'a CallbackEnd {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::CloseCard {
                callback: number,
                end,
            } if *number == callback.number => Some(end),
            _ => None,
        })
        .unwrap_or(&CallbackEnd::Withdrawn)
}
