//! Where each message stands in the count, in words. Walks over a thread's messages in order of
//! arrival and remembers what the ones before mean for the next: the turn, the case, whether it is
//! solved or held. Decides nothing: every number is the one that was decided.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::{
        callback::Outcome,
        decision::{Action, RuleName},
        message::Party,
        reading::TextWish,
        record::DecisionRecord,
        thread::Hold,
        time::Timestamp,
    },
    rules::{Policy, Rules, Then},
    store::rows::{
        CaseState,
        desk::{DeskLine, DeskThread},
    },
    web::desk::words,
};

/// A message's place in the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Count {
    /// A word or two: `2 of 3`, `same turn`, `not counted`.
    pub(in crate::web::desk::thread) badge: String,
    /// What it means, as a sentence.
    pub(in crate::web::desk::thread) says: String,
    /// How it is to be shown.
    pub(in crate::web::desk::thread) tone: Tone,
}

/// What a message meant, for its colour. Never the only sign of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::desk::thread) enum Tone {
    /// Nothing to do.
    Calm,
    /// The next one may ring.
    Near,
    /// A callback.
    Rings,
    /// Solved.
    Solved,
    /// The customer stays in text.
    Held,
}

impl Tone {
    /// The class on the page.
    pub(in crate::web::desk::thread) const fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Near => "near",
            Self::Rings => "rings",
            Self::Solved => "solved",
            Self::Held => "held",
        }
    }
}

/// What the messages so far mean for the next one.
pub(super) struct Walk<'a> {
    thread: &'a DeskThread,
    rules: &'a Rules,
    policy: &'a Policy,
    /// The turn of the newest counted message.
    turn: Option<(Party, u32, u32)>,
    /// `at` of the newest counted message.
    newest: Option<Timestamp>,
    /// The arrival of the message before.
    arrived: Option<Timestamp>,
    solved: BTreeMap<u32, bool>,
    held: BTreeSet<u32>,
    /// The messages whose callback has opened by now.
    passed: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(thread: &'a DeskThread, rules: &'a Rules) -> Self {
        let mut solved = BTreeMap::new();
        if let Some(first) = thread.lines.first()
            && thread.older.is_some()
        {
            let case = first.decision.case;
            solved.insert(case, starts_solved(thread, first));
        }
        Self {
            thread,
            rules,
            policy: rules.policy(&thread.thread.channel),
            turn: None,
            newest: None,
            arrived: None,
            solved,
            held: BTreeSet::new(),
            passed: BTreeSet::new(),
        }
    }

    /// The place of the next message, and whether it came late.
    pub(super) fn next(&mut self, line: &'a DeskLine) -> (Count, bool) {
        self.calls_that_solved(line);
        self.passed.insert(line.message.id.as_str());
        let counts = line.message.from != Party::Bot && !self.is_stranger(line);
        let late = counts && self.newest.is_some_and(|newest| line.message.at < newest);
        let decided = &line.decision;
        let turn = (line.message.from, decided.case, decided.exchange);
        let same_turn = self.turn == Some(turn);
        let was_solved = self.is_solved(decided.case);
        self.remember(line);
        let count = match line.message.from {
            Party::Bot => Count {
                badge: "not counted".to_owned(),
                says: "Automatic messages never count.".to_owned(),
                tone: Tone::Calm,
            },
            Party::Agent => self.ours(line, same_turn, was_solved),
            Party::Customer if !counts => Count {
                badge: "not counted".to_owned(),
                says: "Not written by the customer of this thread.".to_owned(),
                tone: Tone::Calm,
            },
            Party::Customer => self.theirs(line, same_turn, was_solved),
        };
        if counts {
            self.turn = Some(turn);
            self.newest = self.newest.max(Some(line.message.at));
        }
        self.arrived = Some(line.message.received_at);
        (count, late)
    }

    fn ours(&self, line: &DeskLine, same_turn: bool, was_solved: bool) -> Count {
        let exchange = line.decision.exchange;
        let case = line.decision.case;
        let (says, tone) = if exchange == 0 {
            (
                "Written before the customer's first message: not counted.".to_owned(),
                Tone::Calm,
            )
        } else if was_solved {
            ("After it was solved.".to_owned(), Tone::Solved)
        } else if self.is_held(line) {
            ("Held to text: does not ring.".to_owned(), Tone::Held)
        } else if self.rings_at(line, case) {
            ("A callback is open.".to_owned(), Tone::Calm)
        } else if self.kept_typing(line) {
            let says = "Kept typing: rings again if text does not help.".to_owned();
            (says, Tone::Calm)
        } else {
            self.how_many_more(exchange, same_turn)
        };
        Count {
            badge: self.badge(exchange, same_turn),
            says,
            tone,
        }
    }

    fn theirs(&self, line: &DeskLine, same_turn: bool, was_solved: bool) -> Count {
        let decided = &line.decision;
        let has = |action| decided.actions.contains(&action);
        let after_solved = was_solved && !has(Action::Reopen);
        let (says, tone) = match &decided.rule {
            RuleName::None if after_solved => {
                let says = "After it was solved: nothing to do.".to_owned();
                (says, Tone::Solved)
            }
            RuleName::None if decided.exchange < self.policy.exchanges => {
                self.how_many_more(decided.exchange, same_turn)
            }
            RuleName::RuleOfThree => rule_of_three(decided),
            RuleName::WantsCall if has(Action::Callback) => {
                ("Asks to be rung.".to_owned(), Tone::Rings)
            }
            RuleName::Urgent if has(Action::Callback) => {
                ("Urgent: ring at once.".to_owned(), Tone::Rings)
            }
            RuleName::Thanks if has(Action::Resolve) => {
                ("Thanks: solved.".to_owned(), Tone::Solved)
            }
            RuleName::Thanks => {
                let says = "Thanks for a promise of ours: look whether we keep it.";
                (says.to_owned(), Tone::Calm)
            }
            RuleName::WantsText => (self.wants_text(decided), Tone::Held),
            RuleName::CallbackOpen => {
                let says = "A callback is open: this is on its card.".to_owned();
                (says, Tone::Rings)
            }
            RuleName::Held => (self.held(), Tone::Held),
            RuleName::Late => {
                let says = "Came late: changes no earlier decision.".to_owned();
                (says, Tone::Calm)
            }
            RuleName::Admin(_) => self.by_admin(decided),
            RuleName::Agent
            | RuleName::FollowUp
            | RuleName::None
            | RuleName::Waiting
            | RuleName::WantsCall
            | RuleName::Urgent
            | RuleName::Duplicate => (words::sentence(&decided.reason), Tone::Calm),
        };
        Count {
            badge: self.badge(decided.exchange, same_turn),
            says,
            tone,
        }
    }

    fn badge(&self, exchange: u32, same_turn: bool) -> String {
        let exchanges = self.policy.exchanges;
        match exchange {
            0 => "not counted".to_owned(),
            _ if same_turn => "same turn".to_owned(),
            _ if exchange <= exchanges => format!("{exchange} of {exchanges}"),
            _ => format!("exchange {exchange}"),
        }
    }

    fn how_many_more(&self, exchange: u32, same_turn: bool) -> (String, Tone) {
        let exchanges = self.policy.exchanges;
        if same_turn {
            let says = format!("Still exchange {exchange}.");
            (says, Tone::Calm)
        } else if exchange.saturating_add(1) >= exchanges {
            let says = "One more that is not a thank-you rings.".to_owned();
            (says, Tone::Near)
        } else {
            let says = format!("Rings at exchange {exchanges}, unless it is a thank-you.");
            (says, Tone::Calm)
        }
    }

    fn wants_text(&self, decided: &DecisionRecord) -> String {
        let wish = decided.reading.as_ref().and_then(|read| read.wants_text);
        match wish {
            Some(TextWish::Always) => "Never wants to be rung: held to text for good.".to_owned(),
            _ => "Wants to stay in text: does not ring in this case.".to_owned(),
        }
    }

    fn held(&self) -> String {
        if self.thread.do_not_call {
            "On the do-not-call list: does not ring.".to_owned()
        } else {
            "Held to text: does not ring.".to_owned()
        }
    }

    fn by_admin(&self, decided: &DecisionRecord) -> (String, Tone) {
        let name = decided.rule.as_str();
        let mut own = self.rules.rules.iter();
        let then = own.find(|rule| rule.name.as_str() == name);
        let (does, tone) = if decided.actions.contains(&Action::Callback) {
            ("rings", Tone::Rings)
        } else if decided.actions.contains(&Action::Wait) {
            ("waits", Tone::Calm)
        } else if then.is_some_and(|rule| rule.then == Then::Flag) {
            ("tells the desk", Tone::Calm)
        } else {
            ("does not ring here", Tone::Calm)
        };
        (format!("Your rule “{name}” {does}."), tone)
    }

    fn is_stranger(&self, line: &DeskLine) -> bool {
        let customer = &self.thread.thread.author;
        line.message.from == Party::Customer
            && line.message.author.is_some()
            && customer.is_some()
            && line.message.author != *customer
    }

    fn is_solved(&self, case: u32) -> bool {
        self.solved.get(&case).copied().unwrap_or_default()
    }

    /// Calls since the message before that settled their case.
    fn calls_that_solved(&mut self, line: &DeskLine) {
        for callback in &self.thread.callbacks {
            let solved = callback.outcome == Some(Outcome::Solved);
            let in_between = callback
                .ended_at
                .is_some_and(|at| at <= line.message.received_at && Some(at) > self.arrived);
            if solved && in_between {
                self.solved.insert(callback.case, true);
            }
        }
    }

    /// What the message changed, with what was decided of it when it was corrected.
    fn remember(&mut self, line: &DeskLine) {
        let corrected = line.correction.as_ref().map(|row| &row.decision);
        for decided in std::iter::once(&line.decision).chain(corrected) {
            for action in &decided.actions {
                match action {
                    Action::Resolve => drop(self.solved.insert(decided.case, true)),
                    Action::Reopen => drop(self.solved.insert(decided.case, false)),
                    Action::HoldText => drop(self.held.insert(decided.case)),
                    _ => {}
                }
            }
            if decided.rule == RuleName::WantsCall {
                self.held.remove(&decided.case);
            }
        }
    }

    /// Whether the customer held to text when the message was written.
    fn is_held(&self, line: &DeskLine) -> bool {
        let thread = self.thread;
        let since = |hold: &Hold| hold.since <= line.message.at;
        let for_good = thread.text_always.as_ref().is_some_and(since);
        let newest = line.decision.case == thread.thread.case;
        let for_case = newest && thread.hold.as_ref().is_some_and(since);
        for_good || for_case || self.held.contains(&line.decision.case)
    }

    /// Whether an agent had chosen to go on in text in this case, which lets some exchanges pass.
    fn kept_typing(&self, line: &DeskLine) -> bool {
        let ended_before = |ended: Timestamp| ended <= line.message.received_at;
        self.thread.callbacks.iter().any(|callback| {
            callback.case == line.decision.case
                && callback.why.is_some()
                && callback.ended_at.is_some_and(ended_before)
        })
    }

    /// Whether a callback of the case was open when the message arrived.
    fn rings_at(&self, line: &DeskLine, case: u32) -> bool {
        let on_page = |id: &str| {
            let mut lines = self.thread.lines.iter();
            lines.any(|line| line.message.id.as_str() == id)
        };
        self.thread.callbacks.iter().any(|callback| {
            let opener = callback.message.as_str();
            callback.case == case
                && (self.passed.contains(opener) || !on_page(opener))
                && callback
                    .ended_at
                    .is_none_or(|ended| ended > line.message.received_at)
        })
    }
}

fn rule_of_three(decided: &DecisionRecord) -> (String, Tone) {
    let (says, tone) = if !decided.actions.contains(&Action::Callback) {
        (
            "Only answers us: one more that is not a thank-you rings.",
            Tone::Near,
        )
    } else if decided.soft {
        (
            "Only answers us: a quiet callback. Keep typing, or ring.",
            Tone::Rings,
        )
    } else {
        ("Not a thank-you: stop typing and ring.", Tone::Rings)
    };
    (says.to_owned(), tone)
}

/// Whether the case of a page's first message was solved before it. What happens first on the page
/// tells what held before; where nothing does, the case itself.
fn starts_solved(thread: &DeskThread, first: &DeskLine) -> bool {
    let case = first.decision.case;
    let mut actions = thread
        .lines
        .iter()
        .filter(|line| line.decision.case == case)
        .flat_map(|line| &line.decision.actions);
    match actions.find(|action| matches!(action, Action::Resolve | Action::Reopen)) {
        Some(Action::Reopen) => true,
        Some(_) => false,
        None => thread.cases.iter().any(|row| {
            row.number == case
                && row.state == CaseState::Resolved
                && row.resolved_at.is_some_and(|at| at <= first.message.at)
        }),
    }
}
