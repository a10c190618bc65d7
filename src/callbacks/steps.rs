//! Every arrow of a callback's life, with what each leads to.

use super::{Next, Step, calendar::Terms};
use crate::domain::{
    callback::{
        CallResult, Callback, CallbackEnd, CallbackEvent, CallbackStatus, IncidentId, KeepTyping,
        Reminded,
    },
    decision::{CardChange, Effect, Notice, Utterance},
    ids::AccountName,
    time::{Length, Timestamp, after},
};

/// What nobody has moved for a day is looked at again.
const AGAIN_AFTER: Length = Length::hours(24);

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
        CallbackStatus::Scheduled { .. } => life.say(Utterance::CallScheduled),
        _ if life.callback.soft.is_none() => life.became_loud(),
        _ => {}
    }
    life.callback.wake_at = life.next_wake();
    (life.callback, life.effects)
}

pub(super) fn step(
    callback: &Callback,
    event: &CallbackEvent,
    terms: &Terms<'_>,
    now: Timestamp,
) -> Step {
    let mut life = Life::new(callback.clone(), terms, now);
    let next = match life.apply(event) {
        Some(end) => {
            // The desk hears how it ended before what follows from it.
            life.effects.insert(
                0,
                Effect::CloseCard {
                    callback: callback.number,
                    end: end.clone(),
                },
            );
            Next::Ended(end)
        }
        None => {
            life.callback.wake_at = life.next_wake();
            Next::Open(Box::new(life.callback))
        }
    };
    Step {
        next,
        effects: life.effects,
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

    /// Does what an event says. How the callback ended, if it did.
    fn apply(&mut self, event: &CallbackEvent) -> Option<CallbackEnd> {
        match event {
            CallbackEvent::Thanked | CallbackEvent::TextWished | CallbackEvent::CallsForbidden
                if self.callback.is_unclaimed() =>
            {
                return Some(CallbackEnd::Withdrawn);
            }
            CallbackEvent::Thanked => self.show(CardChange::Thanked),
            CallbackEvent::TextWished => self.show(CardChange::WantsText),
            CallbackEvent::CallsForbidden => self.show(CardChange::DoNotCall),
            CallbackEvent::NumberFound => self.number_found(),
            CallbackEvent::TypingKept { by, why } => return self.keep_typing(by, *why),
            CallbackEvent::Rung { by, result } if self.callback.holder() == Some(by) => {
                return self.rung(by, *result);
            }
            CallbackEvent::Rung { .. } => {}
            CallbackEvent::CustomerWrote { exchange, answers } => {
                self.show(CardChange::MessageAdded);
                if *exchange > self.callback.exchange || !answers {
                    self.turn_loud();
                }
            }
            CallbackEvent::CallAsked => self.asked(),
            CallbackEvent::BecameUrgent => self.urgent(),
            CallbackEvent::WeAnswered { by } => self.answered(by.as_ref()),
            CallbackEvent::TimeChosen { at } => self.time_chosen(*at),
            CallbackEvent::Claimed { by } => self.claim(by),
            CallbackEvent::Renewed { by } => self.renew(by),
            CallbackEvent::Released => self.release(CardChange::Released),
            CallbackEvent::HandedOver { by } => self.hand_over(by),
            CallbackEvent::Scheduled { by, at } => self.schedule(by, *at),
            CallbackEvent::Parked { incident } => self.park(*incident),
            CallbackEvent::Unparked => self.unpark(),
            CallbackEvent::Ticked { owner_on_shift } => self.tick(*owner_on_shift),
        }
        None
    }

    fn keep_typing(&self, by: &AccountName, why: KeepTyping) -> Option<CallbackEnd> {
        let by = by.clone();
        self.is_free_for(&by)
            .then_some(CallbackEnd::KeptTyping { by, why })
    }

    fn rung(&mut self, by: &AccountName, result: CallResult) -> Option<CallbackEnd> {
        match result {
            CallResult::Solved | CallResult::FollowUp { .. } | CallResult::Declined => {
                Some(CallbackEnd::Done {
                    by: by.clone(),
                    outcome: result.outcome(),
                })
            }
            CallResult::WrongNumber => {
                self.becomes(CallbackStatus::Due);
                self.show(CardChange::WrongNumber);
                self.say(Utterance::WrongNumber);
                None
            }
            CallResult::NoAnswer if self.callback.attempts >= self.terms.attempts => {
                self.tell(Notice::CallExhausted);
                self.say(Utterance::CallExhausted);
                Some(CallbackEnd::Exhausted)
            }
            CallResult::NoAnswer => {
                self.callback.attempts = self.callback.attempts.saturating_add(1);
                let wait = self.terms.retry_after(self.callback.attempts);
                let until = self.terms.window(after(self.now, wait));
                self.becomes(CallbackStatus::NoAnswer { until });
                self.show(CardChange::NoAnswer);
                self.say(Utterance::NoAnswer);
                None
            }
        }
    }

    fn asked(&mut self) {
        if !self.callback.asked {
            self.callback.asked = true;
            self.show(CardChange::Asked);
        }
        self.unpark();
        self.turn_loud();
    }

    fn urgent(&mut self) {
        if !self.callback.urgent {
            self.callback.urgent = true;
            self.show(CardChange::TurnedUrgent);
            self.call_out();
        }
        self.unpark();
        self.turn_loud();
    }

    fn answered(&mut self, by: Option<&AccountName>) {
        if let Some(soft) = &mut self.callback.soft
            && soft.until.take().is_some()
        {
            self.callback.since = self.now;
        }
        if let Some(by) = by {
            self.renew(by);
        }
    }

    fn time_chosen(&mut self, at: Timestamp) {
        let at = self.terms.window(at.max(self.now));
        if matches!(self.callback.status, CallbackStatus::Claimed { .. }) {
            self.show(CardChange::TimeChosen);
            return;
        }
        let by = self
            .callback
            .holder()
            .or(self.callback.owner.as_ref())
            .cloned();
        let promised = CallbackStatus::Scheduled { by, at };
        if self.callback.status != promised {
            self.becomes(promised);
            self.unpark();
            self.show(CardChange::TimeChosen);
            self.say(Utterance::CallScheduled);
        }
    }

    /// Nobody takes what somebody else has. The one who promised to ring may ring earlier.
    fn claim(&mut self, by: &AccountName) {
        let has_it_already = matches!(self.callback.status, CallbackStatus::Claimed { .. });
        if has_it_already || !self.is_free_for(by) {
            return;
        }
        self.becomes(CallbackStatus::Claimed {
            by: by.clone(),
            at: self.now,
        });
        self.callback.incident = None;
        self.show(CardChange::Claimed);
        self.announce();
    }

    /// Whoever is about to ring does so on the number that is known now.
    fn number_found(&mut self) {
        self.show(CardChange::NumberFound);
        if matches!(self.callback.status, CallbackStatus::Claimed { .. }) {
            self.announce();
        }
    }

    /// Tells the customer that somebody is about to ring. In quiet hours nothing is announced.
    fn announce(&mut self) {
        let is_quiet = self.terms.quiet.ends_after(self.now, &self.terms.zones);
        if self.terms.number_known && is_quiet.is_none() {
            self.say(Utterance::CallComing);
        }
    }

    /// A silence of the claimer's is over.
    fn renew(&mut self, by: &AccountName) {
        let is_theirs = matches!(&self.callback.status, CallbackStatus::Claimed { by: holder, .. } if holder == by);
        if !is_theirs || self.callback.since == self.now {
            return;
        }
        self.callback.since = self.now;
        if std::mem::take(&mut self.callback.reminded) != Reminded::Nobody {
            self.show(CardChange::Renewed);
        }
    }

    fn release(&mut self, change: CardChange) {
        if self.callback.holder().is_some() {
            self.becomes(CallbackStatus::Due);
            self.show(change);
        }
    }

    fn hand_over(&mut self, by: &AccountName) {
        if self.callback.owner.as_ref() == Some(by) {
            self.callback.owner = None;
        }
        match &mut self.callback.status {
            CallbackStatus::Claimed { by: holder, .. } if holder == by => {
                self.release(CardChange::HandedOver);
            }
            CallbackStatus::Scheduled { by: holder, .. } if holder.as_ref() == Some(by) => {
                *holder = None;
                self.show(CardChange::HandedOver);
            }
            _ => {}
        }
    }

    fn schedule(&mut self, by: &AccountName, at: Timestamp) {
        let promised = CallbackStatus::Scheduled {
            by: Some(by.clone()),
            at: self.terms.window(at),
        };
        if self.callback.status == promised || !self.is_free_for(by) {
            return;
        }
        self.becomes(promised);
        self.callback.incident = None;
        self.show(CardChange::Scheduled);
        self.say(Utterance::CallScheduled);
    }

    /// Only what the count opened and nobody has is held back.
    fn park(&mut self, incident: IncidentId) {
        let callback = &mut self.callback;
        let may = callback.is_unclaimed() && !callback.asked && !callback.urgent;
        if may && callback.incident.is_none() {
            callback.incident = Some(incident);
            callback.since = self.now;
            self.show(CardChange::Parked);
            self.say(Utterance::IncidentStatus);
        }
    }

    fn unpark(&mut self) {
        if self.callback.incident.take().is_some() {
            self.callback.since = self.now;
            self.callback.reminded = Reminded::Nobody;
            self.show(CardChange::Unparked);
        }
    }

    fn tick(&mut self, owner_on_shift: bool) {
        match self.callback.status.clone() {
            CallbackStatus::Scheduled { by, at } if at <= self.now => {
                self.due_again(at, by.filter(|_| owner_on_shift));
            }
            CallbackStatus::NoAnswer { until } if until <= self.now => self.due_again(until, None),
            CallbackStatus::Scheduled { .. } | CallbackStatus::NoAnswer { .. } => {}
            CallbackStatus::Due if self.next_wake() <= self.now => self.unclaimed(),
            CallbackStatus::Claimed { by, .. } if self.next_wake() <= self.now => self.silent(&by),
            CallbackStatus::Due | CallbackStatus::Claimed { .. } => {}
        }
    }

    fn due_again(&mut self, at: Timestamp, owner: Option<AccountName>) {
        self.becomes(CallbackStatus::Due);
        self.callback.due_at = at;
        self.callback.owner = owner;
        self.show(CardChange::DueAgain);
    }

    /// Nobody has it, and it is time to say so.
    fn unclaimed(&mut self) {
        if self.callback.incident.is_some() {
            // The incident reminds of all of them at once.
            self.callback.since = self.now;
            return;
        }
        if self.callback.soft.is_some() {
            // Nobody answered in time; or somebody did, a day ago, and nothing has come of it.
            self.turn_loud();
            return;
        }
        self.callback.owner = None;
        self.callback.since = self.now;
        if self.callback.reminded == Reminded::Nobody {
            self.callback.reminded = Reminded::Desk;
            self.show(CardChange::Reminded);
            self.tell(Notice::CallUnclaimed);
        } else {
            self.callback.reminded = Reminded::Supervisor;
            self.tell(Notice::CallOverdue);
            if !std::mem::replace(&mut self.callback.told_late, true) {
                self.say(Utterance::CallLate);
            }
        }
    }

    /// Whoever has it has been silent: they are asked first.
    fn silent(&mut self, by: &AccountName) {
        if self.callback.reminded == Reminded::Nobody {
            self.callback.reminded = Reminded::Desk;
            self.callback.since = self.now;
            self.tell(Notice::ClaimSilent { by: by.clone() });
        } else {
            self.release(CardChange::Released);
            self.tell(Notice::ClaimReleased { by: by.clone() });
        }
    }

    fn turn_loud(&mut self) {
        if self.callback.soft.take().is_some() {
            self.callback.since = self.now;
            self.callback.owner = None;
            self.show(CardChange::TurnedLoud);
            self.became_loud();
        }
    }

    /// What a loud callback leads to at once: the customer knows what comes, and the one on call that
    /// somebody needs them.
    fn became_loud(&mut self) {
        if !self.terms.number_known {
            self.say(Utterance::DetailsAsked);
        } else if self.terms.window(self.now) > self.now {
            self.say(Utterance::CallWaits);
        }
        if self.callback.urgent {
            self.call_out();
        }
    }

    fn call_out(&mut self) {
        if !self.terms.hours.is_open(self.now) {
            self.tell(Notice::UrgentOnCall);
        }
    }

    /// From here on silence counts anew.
    fn becomes(&mut self, status: CallbackStatus) {
        let callback = &mut self.callback;
        if !matches!(status, CallbackStatus::Due) {
            callback.soft = None;
        }
        callback.status = status;
        callback.owner = None;
        callback.since = self.now;
        callback.reminded = Reminded::Nobody;
    }

    /// When time alone moves it on next.
    fn next_wake(&self) -> Timestamp {
        let callback = &self.callback;
        match (&callback.status, &callback.soft) {
            (CallbackStatus::Scheduled { at, .. }, _) => *at,
            (CallbackStatus::NoAnswer { until }, _) => *until,
            (CallbackStatus::Due, _) if callback.incident.is_some() => {
                after(callback.since, AGAIN_AFTER)
            }
            (CallbackStatus::Due, Some(soft)) => soft
                .until
                .unwrap_or_else(|| after(callback.since, AGAIN_AFTER)),
            (CallbackStatus::Due, None) if callback.reminded == Reminded::Supervisor => {
                self.terms.window(after(callback.since, AGAIN_AFTER))
            }
            (CallbackStatus::Due, None) => {
                let (since, within) = (callback.since, self.terms.claim_within);
                self.terms.worked(since, within, callback.urgent)
            }
            (CallbackStatus::Claimed { .. }, _) => {
                let wait = match callback.reminded {
                    Reminded::Nobody => self.terms.claim_lease,
                    Reminded::Desk | Reminded::Supervisor => self.terms.claim_within,
                };
                self.terms.hours.worked(callback.since, wait)
            }
        }
    }

    fn is_free_for(&self, account: &AccountName) -> bool {
        self.callback
            .holder()
            .is_none_or(|holder| holder == account)
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
