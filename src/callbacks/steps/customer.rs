//! What the customer does: writes, thanks, asks, chooses a time; and that we answer them in text.

use super::Life;
use crate::domain::{
    callback::{CallbackEnd, CallbackStatus},
    decision::CardChange,
    ids::AccountName,
    time::Timestamp,
};

impl Life<'_> {
    /// Thanks ends what nobody works on. An appointment stays, whoever keeps it: "ok, thanks" cancels
    /// none.
    pub(super) fn thanked(&mut self) -> Option<CallbackEnd> {
        if self.callback.is_unclaimed() {
            return Some(CallbackEnd::Withdrawn);
        }
        self.show(CardChange::Thanked);
        None
    }

    /// A wish for text or the do-not-call list ends whatever no agent has, an appointment too; an agent
    /// who has it is told.
    pub(super) fn not_to_be_rung(&mut self, why: CardChange) -> Option<CallbackEnd> {
        if self.callback.holder().is_none() {
            return Some(CallbackEnd::Withdrawn);
        }
        self.show(why);
        None
    }

    /// A soft one turns loud at the customer's next turn, or if they do more than answer.
    pub(super) fn wrote(&mut self, exchange: u32, answers: bool) {
        self.show(CardChange::MessageAdded);
        if exchange > self.callback.exchange || !answers {
            self.turn_loud();
        }
    }

    /// Who asks for the call does not wait for our next attempt, and no incident holds it back. A
    /// promise stays as it was made.
    pub(super) fn asked(&mut self) {
        if !self.callback.asked {
            self.callback.asked = true;
            self.show(CardChange::Asked);
        }
        if matches!(self.callback.status, CallbackStatus::NoAnswer { .. }) {
            self.due_again(self.now, None);
        }
        self.turn_loud();
        self.unpark();
    }

    /// What is urgent waits for no appointment and no incident. Whoever has claimed it keeps it.
    pub(super) fn urgent(&mut self) {
        let callback = &mut self.callback;
        let is_news = !std::mem::replace(&mut callback.urgent, true);
        let is_put_off = callback.promised_for().is_some();
        let was_loud = callback.soft.is_none() && callback.incident.is_none();
        if is_news {
            self.show(CardChange::TurnedUrgent);
        }
        if is_put_off {
            self.due_again(self.now, None);
        }
        self.turn_loud();
        self.unpark();
        let is_due = self.callback.status == CallbackStatus::Due;
        if was_loud && is_due && (is_news || is_put_off) {
            self.call_out();
        }
    }

    /// We answered in text: a soft one stays soft, and whoever has it shows that they are on it.
    pub(super) fn answered(&mut self, by: Option<&AccountName>) {
        if let Some(soft) = &mut self.callback.soft {
            soft.until = None;
            self.callback.since = self.now;
        }
        if let Some(by) = by {
            self.renew(by);
        }
    }

    /// The customer chose a time; `now` or earlier is as soon as possible. It binds whoever has it,
    /// and the desk if nobody has.
    pub(super) fn time_chosen(&mut self, at: Timestamp) {
        let at = self.terms.window(at.max(self.now));
        let by = self.callback.holder().cloned();
        if at > self.now {
            let promised = CallbackStatus::Scheduled { by, at };
            if self.callback.status != promised {
                self.becomes(promised);
                self.show(CardChange::TimeChosen);
                self.promised();
            }
            return;
        }
        self.show(CardChange::TimeChosen);
        self.turn_loud();
        self.unpark();
        match self.callback.status {
            CallbackStatus::NoAnswer { .. } => self.due_again(self.now, None),
            CallbackStatus::Scheduled { .. } => self.due_again(self.now, by),
            CallbackStatus::Due | CallbackStatus::Claimed { .. } => {}
        }
    }
}
