//! The counting: what each case adds to the figures of its channel and of its desk.

use std::collections::BTreeMap;

use crate::{
    domain::{
        callback::{KeepTyping, Outcome},
        decision::{Action, RuleName},
        ids::Topic,
        message::Party,
        time::{Length, Timestamp, more_than},
    },
    store::rows::{
        CallbackState, CaseState,
        report::{CaseCallback, CaseHistory, CaseLine},
    },
};

/// The exchange by which a case should be solved: the rule of three. Not the `exchanges` of the
/// rules, so that months compare whatever the rules were.
pub const THREE: u32 = 3;
/// A customer who opens a case within so long after the last one was solved is back.
pub const BACK_WITHIN: Length = Length::hours(7 * 24);

/// Every outcome of a call, in the order in which they are shown.
pub const OUTCOMES: [Outcome; 5] = [
    Outcome::Solved,
    Outcome::FollowUp,
    Outcome::Declined,
    Outcome::WrongNumber,
    Outcome::NoAnswer,
];
/// Every reason to keep typing, in the order in which they are shown.
pub const REASONS: [KeepTyping; 4] = [
    KeepTyping::Answering,
    KeepTyping::Thanks,
    KeepTyping::BeingHandled,
    KeepTyping::NotACustomer,
];

/// What the cases of a channel or a desk came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// How each case went; each counts once.
    pub endings: Endings,
    /// Cases in which somebody spoke with the customer on the phone.
    pub rung: u64,
    /// Cases whose customer asked to stay in text.
    pub held: u64,
    /// Cases in which the desk had to be reminded that the customer waits.
    pub waited: u64,
    /// Cases in which nobody answered, as often as we rang.
    pub exhausted: u64,
    /// Cases in which the customer's third turn, or a later one, was no thank-you.
    pub reached_three: u64,
    /// Of those, by topic.
    pub topics: BTreeMap<Topic, u64>,
    /// Calls, in the order of [`OUTCOMES`].
    pub calls: [u64; OUTCOMES.len()],
    /// Callbacks that agents ended to go on in text, in the order of [`REASONS`].
    pub kept_typing: [u64; REASONS.len()],
    /// What customers said of calls.
    pub satisfaction: Satisfaction,
    /// The solved cases in which we rang.
    pub solved_rung: Solved,
    /// The solved cases in which we did not.
    pub solved_in_text: Solved,
}

/// How the cases went; each counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Endings {
    /// Solved without a call, by the third exchange.
    pub within_three: u64,
    /// Solved without a call, later.
    pub later: u64,
    /// Solved, and we rang.
    pub after_call: u64,
    /// The customer fell silent. Never counted as solved.
    pub lapsed: u64,
    /// Not ended.
    pub open: u64,
}

impl Endings {
    /// All cases.
    #[must_use]
    pub const fn cases(&self) -> u64 {
        self.within_three + self.later + self.after_call + self.lapsed + self.open
    }
}

/// What customers said when they were asked whether a call helped, by one tap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Satisfaction {
    /// So many were asked.
    pub asked: u64,
    /// It helped.
    pub helped: u64,
    /// It did not.
    pub did_not: u64,
}

impl Satisfaction {
    fn count(&mut self, callback: &CaseCallback) {
        self.asked += u64::from(callback.was_asked);
        match callback.helped {
            Some(true) => self.helped += 1,
            Some(false) => self.did_not += 1,
            None => {}
        }
    }

    /// So many have not said.
    #[must_use]
    pub const fn silent(&self) -> u64 {
        self.asked.saturating_sub(self.helped + self.did_not)
    }
}

/// What it took to solve cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Solved {
    /// Seconds from the first message until it was solved, a case each.
    seconds: Vec<i64>,
    /// Counted messages until it was solved, a case each.
    messages: Vec<i64>,
    /// Cases whose customer was back within [`BACK_WITHIN`].
    pub back: u64,
}

impl Solved {
    /// How many cases.
    #[must_use]
    pub fn cases(&self) -> u64 {
        u64::try_from(self.seconds.len()).unwrap_or(u64::MAX)
    }

    /// Seconds to solved that so many per cent of the cases took at most; `None` without a case.
    #[must_use]
    pub fn seconds(&self, percent: usize) -> Option<i64> {
        at_most(&self.seconds, percent)
    }

    /// Messages to solved that so many per cent of the cases took at most; `None` without a case.
    #[must_use]
    pub fn messages(&self, percent: usize) -> Option<i64> {
        at_most(&self.messages, percent)
    }
}

/// The nearest rank: the least value that so many per cent do not exceed.
fn at_most(values: &[i64], percent: usize) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

impl Figures {
    /// Counts a case. `new_case_after` is how long a customer's silence may last on its channel.
    pub fn count(&mut self, case: &CaseHistory, new_case_after: Length, now: Timestamp) {
        let was_rung = was_rung(case);
        self.count_ending(case, was_rung, new_case_after, now);
        self.rung += u64::from(was_rung);
        self.held += u64::from(was_held(case));
        self.waited += u64::from(case.was_reminded);
        let exhausted = |state| state == CallbackState::Exhausted;
        self.exhausted += u64::from(case.callbacks.iter().any(|known| exhausted(known.state)));
        if reached_three(case) {
            self.reached_three += 1;
            let mut topics = case
                .lines
                .iter()
                .rev()
                .filter_map(|line| line.topic.as_ref());
            if let Some(topic) = topics.next() {
                *self.topics.entry(topic.clone()).or_default() += 1;
            }
        }
        for outcome in calls(case) {
            add(&OUTCOMES, &mut self.calls, outcome);
        }
        for callback in &case.callbacks {
            self.satisfaction.count(callback);
        }
        for reason in case.callbacks.iter().filter_map(|known| known.why) {
            add(&REASONS, &mut self.kept_typing, reason);
        }
    }

    fn count_ending(
        &mut self,
        case: &CaseHistory,
        was_rung: bool,
        new_case_after: Length,
        now: Timestamp,
    ) {
        let Some(at) = case
            .resolved_at
            .filter(|_| case.state == CaseState::Resolved)
        else {
            if case.state == CaseState::Lapsed || is_silent(case, new_case_after, now) {
                self.endings.lapsed += 1;
            } else {
                self.endings.open += 1;
            }
            return;
        };
        let until_solved = || case.lines.iter().filter(|line| line.at <= at);
        let exchange = until_solved().map(|line| line.exchange).max();
        let solved = if was_rung {
            self.endings.after_call += 1;
            &mut self.solved_rung
        } else {
            if exchange.unwrap_or_default() <= THREE {
                self.endings.within_three += 1;
            } else {
                self.endings.later += 1;
            }
            &mut self.solved_in_text
        };
        let messages = i64::try_from(until_solved().count()).unwrap_or(i64::MAX);
        solved.messages.push(messages);
        let took = at.duration_since(case.opened_at).as_secs().max(0);
        solved.seconds.push(took);
        solved.back += u64::from(is_back(case, at));
    }

    /// The topics that most often reached three, most first, at most so many.
    #[must_use]
    pub fn top_topics(&self, most: usize) -> Vec<(&Topic, u64)> {
        let mut topics: Vec<(&Topic, u64)> = self
            .topics
            .iter()
            .map(|(topic, count)| (topic, *count))
            .collect();
        // A stable sort: equal ones stay in the order of their names.
        topics.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        topics.truncate(most);
        topics
    }
}

fn add<T: PartialEq>(all: &[T], counts: &mut [u64], found: T) {
    let place = all.iter().position(|known| *known == found);
    if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
        *count += 1;
    }
}

/// Somebody spoke with the customer.
fn was_rung(case: &CaseHistory) -> bool {
    case.callbacks
        .iter()
        .any(|callback| match callback.outcome {
            Some(Outcome::Solved | Outcome::FollowUp | Outcome::Declined) => true,
            Some(Outcome::WrongNumber | Outcome::NoAnswer) | None => false,
        })
}

/// What came of each call. The one that ends a callback stands with that, also where it was logged.
fn calls(case: &CaseHistory) -> impl Iterator<Item = Outcome> {
    let ended = case
        .callbacks
        .iter()
        .filter_map(|callback| callback.outcome);
    let goes_on = |outcome: &Outcome| matches!(outcome, Outcome::WrongNumber | Outcome::NoAnswer);
    ended.chain(case.calls.iter().copied().filter(goes_on))
}

fn was_held(case: &CaseHistory) -> bool {
    let holds =
        |line: &CaseLine| line.rule == RuleName::Held || line.actions.contains(&Action::HoldText);
    case.held || case.lines.iter().any(holds)
}

/// The rule of three itself: the customer's third transaction, or a later one, was no thank-you.
fn reached_three(case: &CaseHistory) -> bool {
    case.lines.iter().any(|line| {
        line.from == Party::Customer && line.exchange >= THREE && line.rule != RuleName::Thanks
    })
}

/// The customer has been silent for so long after us that their next message opens a new case: it has
/// lapsed, although nothing has come to say so.
fn is_silent(case: &CaseHistory, new_case_after: Length, now: Timestamp) -> bool {
    let ours = case.lines.iter().filter(|line| line.from == Party::Agent);
    let last = ours.map(|line| line.at).max();
    case.waits_on_customer && last.is_some_and(|last| more_than(new_case_after, last, now))
}

/// The customer took the thank-you back in a later turn, or opened another case soon after.
fn is_back(case: &CaseHistory, solved_at: Timestamp) -> bool {
    let mut solved_in = None;
    for line in &case.lines {
        if line.actions.contains(&Action::Reopen) && solved_in != Some(line.exchange) {
            return true;
        }
        if line.actions.contains(&Action::Resolve) {
            solved_in = Some(line.exchange);
        }
    }
    case.next_case_at
        .is_some_and(|next| !more_than(BACK_WITHIN, solved_at, next))
}

#[cfg(test)]
mod tests;
