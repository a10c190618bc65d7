//! How a callback moves on: who it is told to, what is said, and when time alone moves it next. What
//! each event does stands in the files beside: `customer`, `agents` and `time`.

mod agents;
mod customer;
mod time;

use super::{Next, Step, calendar::Terms};
use crate::domain::{
    callback::{Callback, CallbackEnd, CallbackEvent, CallbackStatus, Reminded, Soft},
    decision::{CardChange, Effect, Notice, Utterance},
    ids::AccountName,
    time::{Timestamp, after},
};

pub(super) fn opened(
    callback: Callback,
    terms: &Terms<'_>,
    now: Timestamp,
) -> (Callback, Vec<Effect>) {
    let mut life = Life::new(callback, terms, now);
    life.effects.push(Effect::PromptDesk {
        callback: life.callback.number,
        desk: life.callback.desk.clone(),
    });
    match life.callback.status {
        CallbackStatus::Scheduled { .. } => life.promised(),
        _ if life.callback.soft.is_none() => life.became_loud(),
        _ => {}
    }
    life.settled()
}

pub(super) fn step(
    callback: &Callback,
    event: &CallbackEvent,
    terms: &Terms<'_>,
    now: Timestamp,
) -> Step {
    let mut life = Life::new(callback.clone(), terms, now);
    let Some(end) = life.apply(event) else {
        let (callback, effects) = life.settled();
        return Step {
            next: Next::Open(Box::new(callback)),
            effects,
        };
    };
    // The desk hears how it ended before what follows from it.
    let closed = Effect::CloseCard {
        callback: callback.number,
        end: end.clone(),
    };
    Step {
        next: Next::Ended(end),
        effects: [closed].into_iter().chain(life.effects).collect(),
    }
}

/// A callback in the middle of an event.
struct Life<'a> {
    callback: Callback,
    effects: Vec<Effect>,
    terms: &'a Terms<'a>,
    now: Timestamp,
}

impl<'a> Life<'a> {
    const fn new(callback: Callback, terms: &'a Terms<'a>, now: Timestamp) -> Self {
        Self {
            callback,
            effects: Vec::new(),
            terms,
            now,
        }
    }

    /// As it is once the event is over.
    fn settled(mut self) -> (Callback, Vec<Effect>) {
        if let Some(Soft { until: Some(until) }) = &mut self.callback.soft {
            *until = after(self.callback.since, self.terms.soft_wait);
        }
        self.callback.wake_at = self.next_wake();
        (self.callback, self.effects)
    }

    /// Does what an event says. How the callback ended, if it did.
    fn apply(&mut self, event: &CallbackEvent) -> Option<CallbackEnd> {
        match event {
            CallbackEvent::Thanked => return self.thanked(),
            CallbackEvent::TextWished => return self.not_to_be_rung(CardChange::WantsText),
            CallbackEvent::CallsForbidden => return self.not_to_be_rung(CardChange::DoNotCall),
            CallbackEvent::TypingKept { by, why } => return self.keep_typing(by, *why),
            CallbackEvent::Rung { by, result } => return self.rung(by, *result),
            CallbackEvent::CustomerWrote { exchange, answers } => self.wrote(*exchange, *answers),
            CallbackEvent::CallAsked => self.asked(),
            CallbackEvent::BecameUrgent => self.urgent(),
            CallbackEvent::TimeChosen { at } => self.time_chosen(*at),
            CallbackEvent::WeAnswered { by } => self.answered(by.as_ref()),
            CallbackEvent::Claimed { by } => self.claim(by),
            CallbackEvent::Renewed { by } => self.renew(by),
            CallbackEvent::NumberFound => self.number_found(),
            CallbackEvent::Released => self.release(),
            CallbackEvent::HandedOver { by } => self.hand_over(by),
            CallbackEvent::Scheduled { by, at } => self.schedule(by, *at),
            CallbackEvent::Parked { incident } => self.park(*incident),
            CallbackEvent::Unparked => self.unpark(),
            CallbackEvent::Ticked { owner_on_shift } => self.tick(*owner_on_shift),
        }
        None
    }

    /// From here on silence counts anew, and nobody is shown it first.
    fn becomes(&mut self, status: CallbackStatus) {
        let callback = &mut self.callback;
        if !matches!(status, CallbackStatus::Due) {
            callback.soft = None;
            callback.incident = None;
        }
        callback.status = status;
        callback.owner = None;
        callback.since = self.now;
        callback.reminded = Reminded::Nobody;
    }

    /// It is to be rung now, from the queue.
    fn due_again(&mut self, at: Timestamp, owner: Option<AccountName>) {
        self.becomes(CallbackStatus::Due);
        self.callback.due_at = at;
        self.callback.owner = owner;
        self.show(CardChange::DueAgain);
    }

    /// A soft one is soft no more. While an incident holds it back nothing follows from that.
    fn turn_loud(&mut self) {
        if self.callback.soft.take().is_some() {
            self.callback.since = self.now;
            self.callback.owner = None;
            self.show(CardChange::TurnedLoud);
            if self.callback.incident.is_none() {
                self.became_loud();
            }
        }
    }

    /// What a loud callback leads to at once: the customer knows what comes, and the one on call that
    /// somebody needs them.
    fn became_loud(&mut self) {
        let is_rung_at_night = self.callback.urgent && self.terms.on_call;
        if !self.terms.number_known {
            self.say(Utterance::DetailsAsked);
        } else if self.terms.window(self.now) > self.now && !is_rung_at_night {
            self.say(Utterance::CallWaits);
        }
        if self.callback.urgent {
            self.call_out();
        }
    }

    /// The customer hears of a promise; one whose time has come speaks for itself.
    fn promised(&mut self) {
        let promised = self.callback.promised_for();
        if promised.is_some_and(|at| at > self.now) {
            self.say(Utterance::CallScheduled);
        }
    }

    /// Whoever is on call hears of what is urgent while the desk is closed.
    fn call_out(&mut self) {
        if !self.terms.hours.is_open(self.now) {
            self.tell(Notice::UrgentOnCall);
        }
    }

    /// Whether nobody else has it.
    fn is_free_for(&self, account: &AccountName) -> bool {
        let holder = self.callback.holder();
        holder.is_none_or(|holder| holder == account)
    }

    fn show(&mut self, change: CardChange) {
        self.effects.push(Effect::UpdateCard {
            callback: self.callback.number,
            change,
        });
    }

    fn say(&mut self, utterance: Utterance) {
        self.effects.push(Effect::Speak(utterance));
    }

    fn tell(&mut self, notice: Notice) {
        self.effects.push(Effect::TellDesk {
            notice,
            desk: self.callback.desk.clone(),
        });
    }
}
