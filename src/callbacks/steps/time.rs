//! What time alone does: promised times come, silence is noticed. An open callback always has a next
//! moment, and each tick at that moment moves it on.

use super::Life;
use crate::domain::{
    callback::{CallbackStatus, IncidentId, Reminded},
    decision::{CardChange, Notice, RuleName, Utterance},
    ids::AccountName,
    time::{Length, Timestamp, after},
};

/// What nobody has moved for a day is looked at again.
const AGAIN_AFTER: Length = Length::hours(24);

impl Life<'_> {
    /// A tick before its time does nothing.
    pub(super) fn tick(&mut self, owner_on_shift: bool) {
        if self.next_wake() > self.now {
            return;
        }
        match self.callback.status.clone() {
            CallbackStatus::Scheduled { by, at } => {
                self.due_again(at, by.filter(|_| owner_on_shift));
            }
            CallbackStatus::NoAnswer { until } => self.try_again(until),
            CallbackStatus::Due => self.unclaimed(),
            CallbackStatus::Claimed { by, .. } => self.silent(&by),
        }
    }

    /// Hours, or what we know of where the customer is, may have changed since the time was set: we
    /// ring when they may be rung.
    fn try_again(&mut self, until: Timestamp) {
        let opens = self.terms.window(self.now);
        if opens > self.now {
            self.callback.status = CallbackStatus::NoAnswer { until: opens };
        } else {
            self.due_again(until, None);
        }
    }

    /// Nobody has it, and it is time to say so: to the desk, then to a supervisor, who hears of it
    /// again every day.
    fn unclaimed(&mut self) {
        if self.callback.incident.is_some() {
            // The incident has a reminder for all that it holds back.
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
            return;
        }
        self.callback.reminded = Reminded::Supervisor;
        self.tell(Notice::CallOverdue);
        // Who has not said yet where to ring is not waiting for us.
        if self.terms.number_known && !self.callback.told_late {
            self.callback.told_late = true;
            self.say(Utterance::CallLate);
        }
    }

    /// Whoever has it has been silent: they are asked, then it is anybody's.
    fn silent(&mut self, by: &AccountName) {
        if self.callback.reminded == Reminded::Nobody {
            self.callback.reminded = Reminded::Desk;
            self.callback.since = self.now;
            self.tell(Notice::ClaimSilent { by: by.clone() });
        } else {
            self.release();
            self.tell(Notice::ClaimReleased { by: by.clone() });
        }
    }

    /// An incident holds back what the count opened and nobody has or asked for.
    pub(super) fn park(&mut self, incident: IncidentId) {
        let callback = &mut self.callback;
        let by_the_count = callback.rule == RuleName::RuleOfThree;
        let wanted = callback.asked || callback.urgent;
        if by_the_count && !wanted && callback.is_unclaimed() && callback.incident.is_none() {
            callback.incident = Some(incident);
            callback.since = self.now;
            self.show(CardChange::Parked);
            self.say(Utterance::IncidentStatus);
        }
    }

    /// It is shown as if it had just opened.
    pub(super) fn unpark(&mut self) {
        if self.callback.incident.take().is_none() {
            return;
        }
        self.callback.since = self.now;
        self.callback.reminded = Reminded::Nobody;
        self.show(CardChange::Unparked);
        let is_due = self.callback.status == CallbackStatus::Due;
        if is_due && self.callback.soft.is_none() {
            self.became_loud();
        }
    }

    /// When time alone moves it on next, as the terms are now.
    pub(super) fn next_wake(&self) -> Timestamp {
        let (callback, terms) = (&self.callback, self.terms);
        let since = callback.since;
        match &callback.status {
            CallbackStatus::Scheduled { at, .. } => *at,
            CallbackStatus::NoAnswer { until } => *until,
            CallbackStatus::Claimed { .. } => {
                let wait = match callback.reminded {
                    Reminded::Nobody => terms.claim_lease,
                    Reminded::Desk | Reminded::Supervisor => terms.claim_within,
                };
                terms.hours.worked(since, wait)
            }
            CallbackStatus::Due if callback.incident.is_some() => after(since, AGAIN_AFTER),
            CallbackStatus::Due => match &callback.soft {
                Some(soft) if soft.until.is_some() => after(since, terms.soft_wait),
                Some(_) => terms.window(after(since, AGAIN_AFTER)),
                None if callback.reminded == Reminded::Supervisor => {
                    terms.window(after(since, AGAIN_AFTER))
                }
                None => terms.worked(since, terms.claim_within, callback.urgent),
            },
        }
    }
}
