//! Counts what came of a replay, in memory that grows with the threads and not with the messages.
//! Every case has one outcome, so the outcomes add up to the cases. A lapsed case is never solved.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::{
    domain::{
        decision::{Action, CardChange, Effect, Notice, RuleName},
        ids::Topic,
        message::Party,
        reading::WaitsFor,
        thread::{CaseStatus, State},
        time::{Timestamp, more_than},
    },
    rules::{Policy, Rules},
};

use super::replayer::{Replayed, Replayer};

/// Callbacks by weekday (Monday first) and hour.
pub type Week = [[u64; 24]; 7];

/// What came of a replay.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Messages decided, repetitions included.
    pub messages: u64,
    /// Threads seen.
    pub threads: u64,
    /// `at` of the oldest and of the newest message that gave one.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How the cases went.
    pub outcomes: Outcomes,
    /// The callbacks that opened.
    pub callbacks: Callbacks,
    /// How often each action was taken, in the order of [`Action::ALL`].
    pub actions: BTreeMap<Action, u64>,
    /// Cases whose customer asked to stay in text.
    pub held: u64,
    /// Times that a customer waited for our answer longer than the rules want.
    pub answers_late: u64,
    newest: Timestamp,
    cases: Vec<CaseSoFar>,
}

/// How the cases went; each case counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Solved, and nobody had to ring.
    pub solved: u64,
    /// A callback opened, whatever came of it.
    pub rung: u64,
    /// The customer wrote last, and no callback is open.
    pub waiting_on_us: u64,
    /// We wrote last, or the customer is to act.
    pub waiting_on_customer: u64,
    /// The customer fell silent for so long that a next message is a new case.
    pub lapsed: u64,
}

impl Outcomes {
    /// All cases.
    #[must_use]
    pub const fn cases(&self) -> u64 {
        self.solved + self.rung + self.waiting_on_us + self.waiting_on_customer + self.lapsed
    }
}

/// The callbacks that opened.
#[derive(Debug, Clone, Default)]
pub struct Callbacks {
    /// Opened loud.
    pub loud: u64,
    /// Opened soft.
    pub soft: u64,
    /// Opened soft, then turned loud.
    pub turned_loud: u64,
    /// Withdrawn by thanks or by a wish to stay in text.
    pub withdrawn: u64,
    /// By the rule that opened them.
    pub by_rule: BTreeMap<RuleName, u64>,
    /// By topic.
    pub by_topic: BTreeMap<Option<Topic>, u64>,
    /// By weekday and hour, in the zone of the channel's desk, where the message gave its `at`.
    pub when: Week,
    /// The zones that `when` is in.
    pub zones: BTreeMap<String, TimeZone>,
}

impl Callbacks {
    /// All of them.
    #[must_use]
    pub const fn opened(&self) -> u64 {
        self.loud + self.soft
    }
}

/// The case that a thread is in.
#[derive(Debug, Clone, Copy, Default)]
struct CaseSoFar {
    number: u32,
    rang: bool,
    resolved: bool,
    held: bool,
}

impl Tally {
    /// Counts one message.
    pub fn count(&mut self, rules: &Rules, replayed: &Replayed) {
        let at = replayed.message.at;
        self.messages += 1;
        self.newest = self.newest.max(at);
        if replayed.at_is_given {
            let (first, last) = self.span.unwrap_or((at, at));
            self.span = Some((first.min(at), last.max(at)));
        }
        for action in &replayed.record.actions {
            *self.actions.entry(*action).or_default() += 1;
        }
        for effect in &replayed.effects {
            self.count_effect(effect);
        }
        self.count_case(replayed);
        if replayed.record.actions.contains(&Action::Callback) {
            self.count_callback(rules, replayed);
        }
    }

    /// Counts the cases that are still going on. To be called once, after the last message.
    pub fn finish(&mut self, replayer: &Replayer<'_>) {
        for (place, (key, state)) in replayer.threads().enumerate() {
            self.threads += 1;
            let case = self.cases.get(place).copied().unwrap_or_default();
            if case.number > 0 {
                let policy = replayer.rules().policy(&key.channel);
                self.end_case(case, outcome_so_far(case, state, policy, self.newest));
            }
        }
    }

    fn count_effect(&mut self, effect: &Effect) {
        match effect {
            Effect::UpdateCard {
                change: CardChange::TurnedLoud,
                ..
            } => self.callbacks.turned_loud += 1,
            Effect::CloseCard { .. } => self.callbacks.withdrawn += 1,
            Effect::TellDesk {
                notice: Notice::AnswerDue,
                ..
            } => self.answers_late += 1,
            Effect::PromptDesk { .. }
            | Effect::UpdateCard { .. }
            | Effect::Speak(_)
            | Effect::TellDesk { .. } => {}
        }
    }

    fn count_case(&mut self, replayed: &Replayed) {
        if self.cases.len() <= replayed.thread {
            self.cases.resize(replayed.thread + 1, CaseSoFar::default());
        }
        let Some(slot) = self.cases.get_mut(replayed.thread) else {
            return;
        };
        let mut left = None;
        if replayed.record.case > slot.number {
            let next = CaseSoFar {
                number: replayed.record.case,
                ..CaseSoFar::default()
            };
            left = Some(std::mem::replace(slot, next));
        }
        for action in &replayed.record.actions {
            match action {
                Action::Callback => slot.rang = true,
                Action::Resolve => slot.resolved = true,
                Action::Reopen => slot.resolved = false,
                Action::HoldText => slot.held = true,
                Action::Mask
                | Action::WarnIdentity
                | Action::FlagIdentity
                | Action::WithdrawCallback
                | Action::Wait => {}
            }
        }
        if let Some(case) = left.filter(|case| case.number > 0) {
            let outcome = match case {
                CaseSoFar { rang: true, .. } => Outcome::Rung,
                CaseSoFar { resolved: true, .. } if !replayed.lapsed => Outcome::Solved,
                _ => Outcome::Lapsed,
            };
            self.end_case(case, outcome);
        }
    }

    fn end_case(&mut self, case: CaseSoFar, outcome: Outcome) {
        self.held += u64::from(case.held);
        let outcomes = &mut self.outcomes;
        *match outcome {
            Outcome::Solved => &mut outcomes.solved,
            Outcome::Rung => &mut outcomes.rung,
            Outcome::WaitingOnUs => &mut outcomes.waiting_on_us,
            Outcome::WaitingOnCustomer => &mut outcomes.waiting_on_customer,
            Outcome::Lapsed => &mut outcomes.lapsed,
        } += 1;
    }

    fn count_callback(&mut self, rules: &Rules, replayed: &Replayed) {
        let record = &replayed.record;
        let callbacks = &mut self.callbacks;
        if record.soft {
            callbacks.soft += 1;
        } else {
            callbacks.loud += 1;
        }
        *callbacks.by_rule.entry(record.rule.clone()).or_default() += 1;
        let topic = record
            .reading
            .as_ref()
            .and_then(|reading| reading.topic.clone());
        *callbacks.by_topic.entry(topic).or_default() += 1;
        if !replayed.at_is_given {
            return;
        }
        let desk = rules.desks.get(&rules.policy(&record.channel).desk);
        let zone = desk.map_or(TimeZone::UTC, |desk| desk.hours.zone.clone());
        let local = replayed.message.at.to_zoned(zone.clone());
        let name = zone.iana_name().unwrap_or("UTC").to_owned();
        callbacks.zones.entry(name).or_insert(zone);
        let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or_default();
        let hour = usize::try_from(local.hour()).unwrap_or_default();
        if let Some(count) = callbacks
            .when
            .get_mut(day)
            .and_then(|day| day.get_mut(hour))
        {
            *count += 1;
        }
    }
}

/// How one case went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Solved,
    Rung,
    WaitingOnUs,
    WaitingOnCustomer,
    Lapsed,
}

/// How a case stands when the recording ends.
fn outcome_so_far(case: CaseSoFar, state: &State, policy: &Policy, end: Timestamp) -> Outcome {
    if case.rang {
        return Outcome::Rung;
    }
    let thread = &state.thread;
    let current = thread.case.as_ref();
    if current.is_some_and(|case| matches!(case.status, CaseStatus::Resolved { .. })) {
        return Outcome::Solved;
    }
    let customer_acts = current.and_then(|case| case.waits_for) == Some(WaitsFor::Customer);
    let last = thread.exchanges.last();
    if !customer_acts && last.is_some_and(|exchange| exchange.party == Party::Customer) {
        return Outcome::WaitingOnUs;
    }
    let silent = |ours| more_than(policy.new_case_after, ours, end);
    if thread.ours_at.is_some_and(silent) {
        Outcome::Lapsed
    } else {
        Outcome::WaitingOnCustomer
    }
}
