//! `decide`: the rule of three, whole and pure. Events in, the next state and its effects out.
//!
//! The caller sees to it that a message is new: its key is (channel, thread, id), and whoever
//! keeps messages knows the keys.

mod always;
mod cases;
mod corrected;
mod counting;
mod customer;
mod desk;
mod late;
mod ours;
mod reasons;
mod table;

pub use desk::no_call;
pub use ours::asks_for_identity;

use super::{Policy, Rules};
use crate::{
    callbacks::{self, Next, Step, calendar::Terms},
    domain::{
        callback::{CallResult, Callback, CallbackEnd, CallbackEvent},
        decision::{
            Action, Decision, Effect, Event, FollowUp, Notice, RuleName, Utterance, Verdict,
        },
        ids::{AccountName, DeskName, Topic},
        message::{Message, Party},
        private::Private,
        reading::{Head, Reading, TextWish},
        thread::{Case, CaseStatus, Hold, Reminder, ReminderKind, State},
        time::{Timestamp, after},
    },
};

/// What the rules make of an event.
///
/// Pure: no IO, no clock, no randomness, no logging; cannot fail. `now` serves due times only;
/// everything else goes by the messages' own `at`.
#[must_use]
pub fn decide(rules: &Rules, state: &State, event: &Event<'_>, now: Timestamp) -> Decision {
    let policy = rules.policy(event.channel());
    let mut turn = Turn::new(rules, policy, state, now);
    let verdict = match event {
        Event::MessageReceived { message, reading } => Some(received(&mut turn, message, reading)),
        Event::TextAlwaysWished { .. } => {
            turn.step_callback(&CallbackEvent::TextWished);
            None
        }
        Event::Callback {
            callback, event, ..
        } => {
            desk::callback_changed(&mut turn, *callback, event);
            None
        }
        Event::CallChosen { newest, .. } => {
            desk::call_chosen(&mut turn, policy, newest);
            None
        }
        Event::TextChosen { .. } => {
            desk::text_chosen(&mut turn);
            None
        }
        Event::CallsForbidden { .. } => {
            desk::calls_forbidden(&mut turn, policy);
            None
        }
        Event::Unmuted { .. } => {
            desk::unmuted(&mut turn);
            None
        }
        Event::Corrected {
            message,
            place,
            reading,
        } => Some(corrected::corrected(&mut turn, message, *place, reading)),
        Event::Tick { owner_on_shift, .. } => {
            turn.tick(*owner_on_shift);
            None
        }
    };
    turn.into_decision(verdict)
}

/// Decides a message by who wrote it.
fn received(turn: &mut Turn<'_>, message: &Message, reading: &Reading) -> Verdict {
    turn.topic.clone_from(&reading.topic);
    let newest = counting::newest(&turn.state.thread);
    let is_late = newest.is_some_and(|newest| message.at < newest);
    if message.from != Party::Bot && !is_late {
        turn.state.thread.context.trails = reading.trails.then_some(message.from);
    }
    match message.from {
        Party::Customer => customer::wrote(turn, message, reading),
        Party::Agent => ours::agent_wrote(turn, message, reading),
        Party::Bot => ours::bot_wrote(turn, message, reading),
    }
}

/// One event being decided: the state as it becomes, and what comes out.
struct Turn<'a> {
    rules: &'a Rules,
    /// What holds on the thread's channel.
    policy: &'a Policy,
    /// What the message is about.
    topic: Option<Topic>,
    now: Timestamp,
    state: State,
    effects: Vec<Effect>,
    follow_ups: Vec<FollowUp>,
}

impl<'a> Turn<'a> {
    fn new(rules: &'a Rules, policy: &'a Policy, state: &State, now: Timestamp) -> Self {
        Self {
            rules,
            policy,
            topic: None,
            now,
            state: state.clone(),
            effects: Vec::new(),
            follow_ups: Vec::new(),
        }
    }

    fn into_decision(self, verdict: Option<Verdict>) -> Decision {
        Decision {
            state: self.state,
            verdict,
            effects: self.effects,
            follow_ups: self.follow_ups,
        }
    }

    fn case_number(&self) -> u32 {
        self.state
            .thread
            .case
            .as_ref()
            .map_or(0, |case| case.number)
    }

    /// Whether there is anything to mask.
    fn finds_confidential(&self, reading: &Reading) -> bool {
        let vocabulary = &self.rules.vocabulary;
        reading
            .sensitive
            .iter()
            .any(|span| vocabulary.masks(span.kind))
    }

    fn tell(&mut self, desk: &DeskName, notice: Notice) {
        self.effects.push(Effect::TellDesk {
            notice,
            desk: desk.clone(),
        });
    }

    /// Says something to the customer in private. Where a channel is only watched nothing is said.
    fn say(&mut self, policy: &Policy, utterance: Utterance) {
        if !policy.watch {
            self.effects.push(Effect::Speak(utterance));
        }
    }

    /// Whether the customer holds to text, or must not be phoned at all.
    fn is_held(&self) -> bool {
        is_held(&self.state)
    }

    /// Whether an agent said that the author is no customer.
    fn is_muted(&self) -> bool {
        is_muted(&self.state, self.now)
    }

    /// Withdraws a callback that no agent has while the customer holds to text: the rules or the
    /// do-not-call list changed, or it was somebody's when they wished so. A hold is never broken.
    /// True if it did.
    fn keep_hold(&mut self) -> bool {
        let callback = self.state.callback.as_ref();
        let is_nobodys = callback.is_some_and(|callback| callback.holder().is_none());
        is_nobodys && self.is_held() && self.step_callback(&CallbackEvent::TextWished)
    }

    /// Moves the open callback on. True if that withdrew it.
    fn step_callback(&mut self, event: &CallbackEvent) -> bool {
        let Some(callback) = self.state.callback.take() else {
            return false;
        };
        let terms = self.terms(&callback.desk);
        let Step { next, effects } = callbacks::step(&callback, event, &terms, self.now);
        self.carry_out(effects);
        match next {
            Next::Open(open) => {
                self.state.callback = Some(*open);
                false
            }
            Next::Ended(end) => {
                if let CallbackEvent::Rung { by, result } = event {
                    self.settle(by, *result, &callback);
                }
                self.wait_on_us();
                end == CallbackEnd::Withdrawn
            }
        }
    }

    /// What an open callback goes by here.
    fn terms(&self, desk: &DeskName) -> Terms<'a> {
        self.rules.terms(self.policy, desk, &self.state.customer)
    }

    /// Where a channel is only watched nothing is said. Who holds to text hears of no call.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Speak(utterance) => self.say_of_callback(utterance),
                effect => self.effects.push(effect),
            }
        }
    }

    fn say_of_callback(&mut self, utterance: Utterance) {
        if utterance.is_about_a_call_to_come() && self.is_held() {
            return;
        }
        self.say(self.policy, utterance);
    }

    /// What a finished call means for its case.
    fn settle(&mut self, by: &AccountName, result: CallResult, callback: &Callback) {
        let Some(case) = &mut self.state.thread.case else {
            return;
        };
        let is_its_case = case.number == callback.case;
        match result {
            // It is about the matter that was rung about, whatever has come since.
            CallResult::FollowUp { at } => {
                if is_its_case {
                    // There is more to it, so it is not solved; and on the phone they agreed to be
                    // rung again, which is newer than what they wrote.
                    case.status = CaseStatus::Open;
                    case.hold = None;
                }
                self.follow_up(by, at, callback);
            }
            CallResult::Solved if is_its_case => {
                case.status = CaseStatus::Resolved {
                    at: self.now,
                    exchange: None,
                };
                case.waits_for = None;
                case.newest = None;
                self.state.thread.reminder = None;
                self.state.thread.context.unanswered = false;
            }
            CallResult::Declined => {
                case.hold = Some(Hold {
                    wish: TextWish::Case,
                    since: self.now,
                    message: callback.message.clone(),
                    words: Private::new("told the agent who rang".to_owned()),
                });
            }
            CallResult::Solved | CallResult::WrongNumber | CallResult::NoAnswer => {}
        }
    }

    /// The next callback of the same matter.
    fn follow_up(&mut self, by: &AccountName, at: Timestamp, callback: &Callback) {
        let call = table::Call::follow_up(callback, by, at);
        let message = (callback.message.clone(), callback.message_at);
        self.ring(call, message, callback.exchange);
    }

    fn tick(&mut self, owner_on_shift: bool) {
        let policy = self.policy;
        let callback = self.state.callback.as_ref();
        let was_promised = callback.is_some_and(|callback| {
            callback.holder().is_some() && callback.promised_for().is_some()
        });
        // Before, so that a card does not turn loud and end at once; after, for one due again.
        self.keep_hold();
        self.step_callback(&CallbackEvent::Ticked { owner_on_shift });
        if self.keep_hold() && was_promised {
            // A promise is not dropped silently.
            self.tell(&policy.desk, Notice::SupervisorInText);
        }
        let due = |reminder: &&Reminder| reminder.due <= self.now;
        let Some(kind) = self
            .state
            .thread
            .reminder
            .as_ref()
            .filter(due)
            .map(|due| due.kind)
        else {
            return;
        };
        self.state.thread.reminder = None;
        if self.is_muted() {
            return;
        }
        match kind {
            ReminderKind::Answer => {
                self.tell(&policy.desk, Notice::AnswerDue);
                self.remind_of_answer(policy, ReminderKind::AnswerSupervisor);
            }
            ReminderKind::AnswerSupervisor => self.tell(&policy.desk, Notice::AnswerOverdue),
            ReminderKind::CheckBack => self.tell(&policy.desk, Notice::CheckBack),
        }
    }

    /// Whether the last word is the customer's, of an open case, and nobody is to ring.
    fn waits_on_us(&self) -> bool {
        let thread = &self.state.thread;
        let last = thread.exchanges.last();
        let is_open = |case: &Case| case.status == CaseStatus::Open && case.waits_for.is_none();
        last.is_some_and(|last| last.party == Party::Customer)
            && thread.case.as_ref().is_some_and(is_open)
            && self.state.callback.is_none()
    }

    /// Without a callback any more, the customer waits for our answer like any other.
    fn wait_on_us(&mut self) {
        if self.waits_on_us() && self.state.thread.reminder.is_none() && !self.is_muted() {
            self.remind_of_answer(self.policy, ReminderKind::Answer);
        }
    }

    /// Reminds the desk when the customer will have waited for `answer_within` of its hours.
    fn remind_of_answer(&mut self, policy: &Policy, kind: ReminderKind) {
        let hours = self.rules.desks.get(&policy.desk).map(|desk| &desk.hours);
        let due = hours.map_or_else(
            || after(self.now, policy.answer_within),
            |hours| hours.worked(self.now, policy.answer_within),
        );
        self.state.thread.reminder = Some(Reminder { kind, due });
    }

    /// Keeps a wish to stay in text, with the words that made it.
    fn hold(&mut self, wish: TextWish, message: &Message, reading: &Reading) {
        let words = reading
            .evidence
            .iter()
            .find(|evidence| evidence.head == Head::WantsText)
            .map_or_else(Private::default, |evidence| evidence.words.clone());
        let hold = Hold {
            wish,
            since: message.at,
            message: message.id.clone(),
            words,
        };
        match wish {
            TextWish::Always => {
                self.state.customer.text_always = Some(hold);
                self.follow_ups.push(FollowUp::TextAlwaysWished);
            }
            TextWish::Case => {
                if let Some(case) = &mut self.state.thread.case {
                    case.hold = Some(hold);
                }
            }
        }
    }

    fn end_hold(&mut self) {
        self.state.customer.text_always = None;
        if let Some(case) = &mut self.state.thread.case {
            case.hold = None;
        }
    }
}

/// See [`Turn::is_held`].
fn is_held(state: &State) -> bool {
    let case = state.thread.case.as_ref();
    let customer = &state.customer;
    case.is_some_and(|case| case.hold.is_some())
        || customer.text_always.is_some()
        || customer.do_not_call
}

/// See [`Turn::is_muted`].
fn is_muted(state: &State, now: Timestamp) -> bool {
    let until = state.customer.muted_until;
    until.is_some_and(|until| now < until)
}

/// The actions of a message, kept in SPEC's order.
#[derive(Default)]
struct Actions(Vec<Action>);

impl Actions {
    fn add(&mut self, action: Action) {
        if let Err(index) = self.0.binary_search(&action) {
            self.0.insert(index, action);
        }
    }
}

/// A verdict in the making: what decided, and why.
struct Ruling {
    rule: RuleName,
    reason: String,
    soft: bool,
}

impl Ruling {
    fn new(rule: RuleName, reason: impl Into<String>) -> Self {
        Self {
            rule,
            reason: reason.into(),
            soft: false,
        }
    }

    fn none(reason: impl Into<String>) -> Self {
        Self::new(RuleName::None, reason)
    }

    fn verdict(self, exchange: u32, case: u32, actions: Actions, lapsed: bool) -> Verdict {
        Verdict {
            exchange,
            case,
            actions: actions.0,
            soft: self.soft,
            rule: self.rule,
            reason: self.reason,
            lapsed,
        }
    }
}

fn new_case(number: u32, opened_at: Timestamp) -> Case {
    Case {
        number,
        opened_at,
        status: CaseStatus::Open,
        hold: None,
        let_pass: None,
        grace_until: None,
        newest: None,
        supervisor_asked: false,
        waits_for: None,
        topic: None,
    }
}

#[cfg(test)]
mod tests;
