//! What agents do: take it, give it up, promise a time, go on in text, ring. Nobody takes what
//! somebody else has.

use super::Life;
use crate::domain::{
    callback::{CallResult, CallbackEnd, CallbackStatus, KeepTyping, Reminded},
    decision::{CardChange, Notice, Utterance},
    ids::AccountName,
    time::{Timestamp, after},
};

impl Life<'_> {
    /// Whoever promised to ring may ring earlier. In the quiet hours of where the customer may be
    /// nothing is announced: a person decides, and their card warns them.
    pub(super) fn claim(&mut self, by: &AccountName) {
        let is_claimed = matches!(self.callback.status, CallbackStatus::Claimed { .. });
        if is_claimed || !self.is_free_for(by) {
            return;
        }
        let was_soft = self.callback.soft.is_some();
        self.becomes(CallbackStatus::Claimed {
            by: by.clone(),
            at: self.now,
        });
        self.show(CardChange::Claimed);
        self.ask_for_number(was_soft);
        self.announce();
    }

    /// Whoever is about to ring does so on the number that is known now.
    pub(super) fn number_found(&mut self) {
        self.show(CardChange::NumberFound);
        if matches!(self.callback.status, CallbackStatus::Claimed { .. }) {
            self.announce();
        }
    }

    /// Tells the customer that somebody is about to ring.
    fn announce(&mut self) {
        let is_quiet = self.terms.quiet.ends_after(self.now, &self.terms.zones);
        if self.terms.number_known && is_quiet.is_none() {
            self.say(Utterance::CallComing);
        }
    }

    /// The customer of a soft callback has not been asked for their number yet.
    fn ask_for_number(&mut self, was_soft: bool) {
        if was_soft && !self.terms.number_known {
            self.say(Utterance::DetailsAsked);
        }
    }

    /// A silence of the claimer's is over.
    pub(super) fn renew(&mut self, by: &AccountName) {
        let is_theirs = matches!(&self.callback.status, CallbackStatus::Claimed { by: holder, .. } if holder == by);
        if !is_theirs {
            return;
        }
        self.callback.since = self.now;
        if std::mem::take(&mut self.callback.reminded) != Reminded::Nobody {
            self.show(CardChange::Renewed);
        }
    }

    /// What somebody has is due again.
    pub(super) fn release(&mut self) {
        if self.callback.holder().is_some() {
            self.becomes(CallbackStatus::Due);
            self.show(CardChange::Released);
        }
    }

    /// A claim is due again; a promise is the desk's to keep, at its time.
    pub(super) fn hand_over(&mut self, by: &AccountName) {
        let callback = &mut self.callback;
        let was_shown_first = callback.owner.as_ref() == Some(by);
        if was_shown_first {
            callback.owner = None;
        }
        let has_it = callback.holder() == Some(by);
        match &mut callback.status {
            CallbackStatus::Claimed { .. } if has_it => self.becomes(CallbackStatus::Due),
            CallbackStatus::Scheduled { by: holder, .. } if has_it => *holder = None,
            _ if was_shown_first => {}
            _ => return,
        }
        self.show(CardChange::HandedOver);
    }

    /// A promise to ring, moved to when the customer may be rung.
    pub(super) fn schedule(&mut self, by: &AccountName, at: Timestamp) {
        let promised = CallbackStatus::Scheduled {
            by: Some(by.clone()),
            at: self.terms.window(at.max(self.now)),
        };
        if self.callback.status == promised || !self.is_free_for(by) {
            return;
        }
        let was_soft = self.callback.soft.is_some();
        self.becomes(promised);
        self.show(CardChange::Scheduled);
        self.promised();
        self.ask_for_number(was_soft);
    }

    pub(super) fn keep_typing(&self, by: &AccountName, why: KeepTyping) -> Option<CallbackEnd> {
        let by = by.clone();
        self.is_free_for(&by)
            .then_some(CallbackEnd::KeptTyping { by, why })
    }

    /// What came of a call, by whoever has the callback.
    pub(super) fn rung(&mut self, by: &AccountName, result: CallResult) -> Option<CallbackEnd> {
        if self.callback.holder() != Some(by) {
            return None;
        }
        match result {
            CallResult::Solved | CallResult::FollowUp { .. } | CallResult::Declined => {
                let (by, outcome) = (by.clone(), result.outcome());
                Some(CallbackEnd::Done { by, outcome })
            }
            CallResult::WrongNumber => {
                self.becomes(CallbackStatus::Due);
                self.show(CardChange::WrongNumber);
                self.say(Utterance::WrongNumber);
                None
            }
            CallResult::NoAnswer => self.no_answer(),
        }
    }

    /// Tried again, or exhausted: then a supervisor has it, and the customer knows.
    fn no_answer(&mut self) -> Option<CallbackEnd> {
        if self.callback.attempts >= self.terms.attempts {
            self.tell(Notice::CallExhausted);
            self.say(Utterance::CallExhausted);
            return Some(CallbackEnd::Exhausted);
        }
        self.callback.attempts = self.callback.attempts.saturating_add(1);
        let wait = self.terms.retry_after(self.callback.attempts);
        let until = self.terms.window(after(self.now, wait));
        self.becomes(CallbackStatus::NoAnswer { until });
        self.show(CardChange::NoAnswer);
        self.say(Utterance::NoAnswer);
        None
    }
}
