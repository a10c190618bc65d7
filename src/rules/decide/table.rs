//! SPEC's table: the first rule that matches a customer's message decides.

use super::{Actions, Ruling, Turn, reasons::ordinal};
use crate::{
    callbacks,
    domain::{
        callback::{Callback, CallbackEvent},
        decision::{Action, CardChange, Effect, Notice, RuleName},
        ids::{AccountName, DeskName, MessageId, Topic},
        message::Message,
        reading::{Closing, Reading, WaitsFor},
        thread::CaseStatus,
        time::Timestamp,
    },
    rules::{AdminRule, DeskHours, OnSoft, Policy, Then},
};

/// Finds the rule and does what it says.
pub(super) fn first_match(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    if reading.wants_call && reading.wants_text.is_none() {
        wants_call(turn, policy, message, reading, exchange, actions)
    } else if reading.urgent {
        urgent(turn, policy, message, exchange, actions)
    } else if reading.closing == Some(Closing::Thanks) {
        thanks(turn, message, exchange, actions)
    } else if reading.wants_text.is_some() {
        Ruling::new(RuleName::WantsText, "the customer wants to stay in text")
    } else if let Some(Closing::Waiting(whom)) = reading.closing {
        actions.add(Action::Wait);
        Ruling::new(
            RuleName::Waiting,
            match whom {
                WaitsFor::Customer => "the customer wants to act first",
                WaitsFor::Us => "the customer settles to wait for us",
            },
        )
    } else if let Some(rule) = admin_rule(turn, policy, message, reading, exchange) {
        by_admin(turn, policy, rule, message, exchange, actions)
    } else if turn.state.callback.is_some() {
        Ruling::new(
            RuleName::CallbackOpen,
            "a callback is open; the message is on its card",
        )
    } else if turn.is_held() {
        join_in_text(turn, policy, exchange);
        Ruling::new(RuleName::Held, held_reason(turn))
    } else if exchange >= policy.exchanges {
        rule_of_three(turn, policy, message, reading, exchange, actions)
    } else {
        Ruling::none(format!(
            "{} exchange of {}",
            ordinal(exchange),
            policy.exchanges
        ))
    }
}

/// The customer asks for a call; that ends a wish to stay in text. An urgent word beside it still
/// moves the callback to the head of the queue.
pub(super) fn wants_call(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    turn.end_hold();
    if turn.state.customer.do_not_call {
        turn.tell(&policy.desk, Notice::DoNotCall);
        return Ruling::new(
            RuleName::WantsCall,
            "the customer asked for a call but is on the do-not-call list; the desk is told",
        );
    }
    if turn.state.callback.is_some() {
        turn.step_callback(&CallbackEvent::CallAsked);
        if reading.urgent {
            turn.step_callback(&CallbackEvent::BecameUrgent);
        }
        return Ruling::new(
            RuleName::WantsCall,
            "the customer asked for the call that is open",
        );
    }
    let call = Call {
        asked: true,
        urgent: reading.urgent,
        ..Call::new(RuleName::WantsCall, policy.desk.clone())
    };
    turn.open_callback(call, message, exchange, actions);
    Ruling::new(RuleName::WantsCall, "the customer asked for a call")
}

fn urgent(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    if turn.is_held() {
        turn.tell(&policy.desk, Notice::SupervisorInText);
        return Ruling::new(
            RuleName::Urgent,
            "an urgent word, but the customer holds to text: a supervisor joins in text",
        );
    }
    if turn.state.callback.is_some() {
        turn.step_callback(&CallbackEvent::BecameUrgent);
    } else {
        let call = Call {
            urgent: true,
            ..Call::new(RuleName::Urgent, policy.desk.clone())
        };
        turn.open_callback(call, message, exchange, actions);
    }
    Ruling::new(RuleName::Urgent, "an urgent word")
}

/// The case is solved, unless we have promised to come back. Kept so that it can be taken back.
pub(super) fn thanks(
    turn: &mut Turn<'_>,
    message: &Message,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    let case = turn.state.thread.case.as_mut();
    let promised = case
        .and_then(|case| case.newest.as_mut())
        .is_some_and(|newest| {
            newest.thanks = true;
            newest.promised
        });
    if promised {
        actions.add(Action::Wait);
        return Ruling::new(
            RuleName::Thanks,
            "a thank-you for a promise of ours: the desk checks back",
        );
    }
    if let Some(case) = &mut turn.state.thread.case {
        case.status = CaseStatus::Resolved {
            at: message.at,
            exchange: Some(exchange),
        };
    }
    actions.add(Action::Resolve);
    thank_callback(turn, actions);
    Ruling::new(
        RuleName::Thanks,
        format!("{} exchange was a thank-you", ordinal(exchange)),
    )
}

/// Withdraws the open callback if nobody has it; else its agent is told.
pub(super) fn thank_callback(turn: &mut Turn<'_>, actions: &mut Actions) {
    let callback = turn.state.callback.clone();
    if turn.step_callback(&CallbackEvent::Thanked) {
        actions.add(Action::WithdrawCallback);
        let case = turn.state.thread.case.as_mut();
        if let Some(newest) = case.and_then(|case| case.newest.as_mut()) {
            newest.withdrew = callback;
        }
    }
}

fn rule_of_three(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    let case = turn.state.thread.case.as_ref();
    if let Some(until) = case.and_then(|case| case.grace_until)
        && exchange <= until
    {
        return Ruling::none(match until - exchange {
            0 => "an agent keeps typing: the next exchange may ring".to_owned(),
            1 => "an agent keeps typing: 1 more exchange".to_owned(),
            more => format!("an agent keeps typing: {more} more exchanges"),
        });
    }
    let let_pass = case.and_then(|case| case.let_pass);
    let had_one_more = let_pass.is_some_and(|passed| passed < exchange);
    let soft = match policy.on_soft {
        OnSoft::Ring => false,
        OnSoft::Quiet => reading.answers,
        OnSoft::OneMore if reading.answers && !had_one_more => {
            if let Some(case) = &mut turn.state.thread.case {
                case.let_pass = Some(exchange);
            }
            return Ruling::new(
                RuleName::RuleOfThree,
                format!("{} exchange only answered us: one more", ordinal(exchange)),
            );
        }
        OnSoft::OneMore => false,
    };
    let call = Call {
        soft,
        ..Call::new(RuleName::RuleOfThree, policy.desk.clone())
    };
    turn.open_callback(call, message, exchange, actions);
    let reason = if soft {
        format!("{} exchange only answered us", ordinal(exchange))
    } else {
        format!("{} exchange was not a thank-you", ordinal(exchange))
    };
    Ruling {
        soft,
        ..Ruling::new(RuleName::RuleOfThree, reason)
    }
}

fn admin_rule<'a>(
    turn: &Turn<'a>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    exchange: u32,
) -> Option<&'a AdminRule> {
    let rules = turn.rules;
    let any = |empty: bool, matched: bool| empty || matched;
    rules.rules.iter().find(|rule| {
        let when = &rule.when;
        let desk = rule.desk.as_ref().unwrap_or(&policy.desk);
        when.exchange.is_none_or(|least| exchange >= least)
            && any(
                when.channels.is_empty(),
                when.channels.contains(&message.thread.channel),
            )
            && when
                .visibility
                .is_none_or(|seen_by| seen_by == message.visibility)
            && any(
                when.topics.is_empty(),
                reading
                    .topic
                    .as_ref()
                    .is_some_and(|topic| when.topics.contains(topic)),
            )
            && when
                .words
                .is_none_or(|list| reading.word_lists.contains(&list))
            && any(
                when.languages.is_empty(),
                when.languages.contains(&reading.language),
            )
            && any(
                when.tags.is_empty(),
                message.tags.iter().any(|tag| when.tags.contains(tag)),
            )
            && when.hours.is_none_or(|wanted| {
                let open = rules
                    .desks
                    .get(desk)
                    .is_none_or(|desk| desk.hours.is_open(message.at));
                open == (wanted == DeskHours::Open)
            })
    })
}

/// What one of the admin's rules does. None overrides a hold or the do-not-call list.
fn by_admin(
    turn: &mut Turn<'_>,
    policy: &Policy,
    rule: &AdminRule,
    message: &Message,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    let name = RuleName::Admin(rule.name.clone());
    let desk = rule.desk.clone().unwrap_or_else(|| policy.desk.clone());
    let reason = match rule.then {
        Then::Callback if turn.is_held() => {
            join_in_text(turn, policy, exchange);
            "a rule of yours would ring, but the customer holds to text"
        }
        Then::Callback if turn.state.callback.is_some() => {
            "a rule of yours rings, and a callback is open already"
        }
        Then::Callback => {
            turn.open_callback(Call::new(name.clone(), desk), message, exchange, actions);
            "a rule of yours rings"
        }
        Then::Wait => {
            actions.add(Action::Wait);
            "a rule of yours waits"
        }
        Then::Flag => {
            turn.tell(
                &desk,
                Notice::Flagged {
                    rule: rule.name.clone(),
                },
            );
            "a rule of yours tells the desk"
        }
        Then::None => "a rule of yours does nothing here",
    };
    Ruling::new(name, reason)
}

/// At the limit of a held case, a supervisor is asked to join, once.
fn join_in_text(turn: &mut Turn<'_>, policy: &Policy, exchange: u32) {
    let Some(case) = &mut turn.state.thread.case else {
        return;
    };
    if exchange >= policy.text_limit && !case.supervisor_asked {
        case.supervisor_asked = true;
        turn.tell(&policy.desk, Notice::SupervisorInText);
    }
}

fn held_reason(turn: &Turn<'_>) -> &'static str {
    if turn.state.customer.do_not_call {
        "the customer is on the do-not-call list"
    } else {
        "the customer asked to stay in text"
    }
}

/// A callback about to open.
pub(super) struct Call {
    rule: RuleName,
    desk: DeskName,
    soft: bool,
    urgent: bool,
    asked: bool,
    topic: Option<Topic>,
    /// The case it is for, if another than the newest.
    case: Option<u32>,
    /// Who promised it, and when it is due.
    promised: Option<(AccountName, Timestamp)>,
}

impl Call {
    pub(super) const fn new(rule: RuleName, desk: DeskName) -> Self {
        Self {
            rule,
            desk,
            soft: false,
            urgent: false,
            asked: false,
            topic: None,
            case: None,
            promised: None,
        }
    }

    /// What a call led to: another one, at a time.
    pub(super) fn follow_up(callback: &Callback, by: &AccountName, at: Timestamp) -> Self {
        Self {
            asked: callback.asked,
            topic: callback.topic.clone(),
            case: Some(callback.case),
            promised: Some((by.clone(), at)),
            ..Self::new(RuleName::FollowUp, callback.desk.clone())
        }
    }
}

impl Turn<'_> {
    fn open_callback(
        &mut self,
        call: Call,
        message: &Message,
        exchange: u32,
        actions: &mut Actions,
    ) {
        let call = Call {
            topic: call.topic.or_else(|| self.topic.clone()),
            ..call
        };
        self.ring(call, (message.id.clone(), message.at), exchange);
        actions.add(Action::Callback);
    }

    /// Opens a callback for the message of that id and time.
    pub(super) fn ring(&mut self, call: Call, message: (MessageId, Timestamp), exchange: u32) {
        let number = self.state.thread.callbacks.saturating_add(1);
        self.state.thread.callbacks = number;
        let answered_by = self.state.thread.answered_by.clone();
        let (owner, promised_for) = match call.promised {
            Some((by, at)) => (Some(by), Some(at)),
            None => (answered_by.filter(|_| call.soft), None),
        };
        let opening = callbacks::Opening {
            number,
            case: call.case.unwrap_or_else(|| self.case_number()),
            rule: call.rule,
            message,
            exchange,
            topic: call.topic,
            urgent: call.urgent,
            asked: call.asked,
            soft: call.soft,
            owner,
            promised_for,
            desk: call.desk,
        };
        let terms = self.terms(&opening.desk);
        let (callback, effects) = callbacks::open(opening, &terms, self.now);
        self.state.callback = Some(callback);
        self.carry_out(effects);
    }

    /// Opens what was withdrawn anew, for the message that shows that it is still wanted.
    pub(super) fn open_again(
        &mut self,
        withdrawn: Callback,
        message: &Message,
        exchange: u32,
        actions: &mut Actions,
    ) {
        let call = Call {
            rule: withdrawn.rule,
            desk: withdrawn.desk,
            soft: false,
            urgent: withdrawn.urgent,
            asked: withdrawn.asked,
            topic: withdrawn.topic,
            case: None,
            promised: None,
        };
        self.open_callback(call, message, exchange, actions);
    }

    /// A late message stands on the open callback's card too.
    pub(super) fn card_gained_message(&mut self, callback: u32) {
        self.effects.push(Effect::UpdateCard {
            callback,
            change: CardChange::MessageAdded,
        });
    }
}
