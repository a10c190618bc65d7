//! An agent corrected the reading of a customer's message: the rules look at it again, and what
//! follows is as if it had been read so at first. The count is kept, and so is what happened
//! whatever else matched. Only whether it was a thank-you can change a decision; every other
//! correction is kept as an example.

use super::{Actions, Ruling, Turn, cases, customer, table};
use crate::{
    callbacks::CallbackEvent,
    domain::{
        decision::{Action, Verdict},
        message::{Message, Party},
        reading::{Closing, Reading},
        thread::{Case, CaseStatus, Exchange},
    },
    rules::Policy,
};

const MOVED_ON: &str = "kept as an example; the thread has moved on";
const NO_DIFFERENCE: &str = "kept as an example; it changes no decision";

/// Decides a corrected message again. `place` is its case and exchange.
pub(super) fn corrected(
    turn: &mut Turn<'_>,
    message: &Message,
    place: (u32, u32),
    reading: &Reading,
) -> Verdict {
    let policy = turn.rules.policy(&message.thread.channel);
    let mut actions = Actions::default();
    let ruling = match change(turn, message, place, reading) {
        Change::None(reason) => Ruling::none(reason),
        Change::Thanks => {
            let ruling = table::thanks(turn, message, place.1, &mut actions);
            settle(turn, policy, reading, &actions);
            turn.state.thread.context.unanswered = false;
            if let Some(case) = &mut turn.state.thread.case {
                case.let_pass = case.let_pass.filter(|passed| *passed != place.1);
            }
            ruling
        }
        Change::NotThanks => {
            let ruling = take_back(turn, policy, message, place.1, reading, &mut actions);
            settle(turn, policy, reading, &actions);
            note_open(turn, message, place, reading);
            ruling
        }
    };
    ruling.verdict(place.1, place.0, actions, false)
}

/// What a correction means for the thread as it stands.
enum Change {
    /// Nothing, for this reason.
    None(&'static str),
    /// The message is a thank-you after all.
    Thanks,
    /// The message is none, and its case goes on.
    NotThanks,
}

fn change(turn: &Turn<'_>, message: &Message, place: (u32, u32), reading: &Reading) -> Change {
    let thread = &turn.state.thread;
    let by_the_customer = message.from == Party::Customer
        && match (&thread.author, &message.author) {
            (Some(known), Some(author)) => known == author,
            _ => true,
        };
    let Some(case) = thread.case.as_ref().filter(|case| case.number == place.0) else {
        return Change::None(MOVED_ON);
    };
    if !by_the_customer || turn.is_muted() {
        return Change::None(NO_DIFFERENCE);
    }
    let was_thanks = case
        .thanks
        .as_ref()
        .is_some_and(|thanks| thanks.message == message.id);
    let is_newest = newest_turn(turn, case)
        .is_some_and(|newest| newest.number == place.1 && newest.last_at <= message.at);
    match (was_thanks, decides_as_thanks(reading), &case.status) {
        (true, false, _) => Change::NotThanks,
        (false, true, CaseStatus::Open) if is_newest => Change::Thanks,
        (false, true, CaseStatus::Open) => Change::None(MOVED_ON),
        // What came after the end of the case and was taken for a mere courtesy.
        (false, false, CaseStatus::Resolved { at, .. })
            if is_newest && *at <= message.at && !cases::adds_nothing(reading) =>
        {
            Change::NotThanks
        }
        _ => Change::None(NO_DIFFERENCE),
    }
}

/// Whether the table would take it for a thank-you.
fn decides_as_thanks(reading: &Reading) -> bool {
    let wants_call = reading.wants_call && reading.wants_text.is_none();
    reading.closing == Some(Closing::Thanks) && !wants_call && !reading.urgent
}

/// The customer's newest turn in the case.
fn newest_turn<'a>(turn: &'a Turn<'_>, case: &Case) -> Option<&'a Exchange> {
    let mut newest_first = turn.state.thread.exchanges.iter().rev();
    newest_first.find(|known| known.case == case.number && known.party == Party::Customer)
}

/// The thank-you was none: the case goes on, and so does the callback that it withdrew.
fn take_back(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    exchange: u32,
    reading: &Reading,
    actions: &mut Actions,
) -> Ruling {
    let mut withdrew = None;
    if let Some(case) = &mut turn.state.thread.case {
        let thanks = case.thanks.take();
        let taken_back = thanks.filter(|thanks| thanks.message == message.id);
        withdrew = taken_back.and_then(|thanks| thanks.withdrew);
        if case.status != CaseStatus::Open {
            case.status = CaseStatus::Open;
            actions.add(Action::Reopen);
        }
    }
    let ruling = match withdrew {
        Some(callback) if turn.state.callback.is_none() && !turn.is_held() => {
            let rule = callback.rule.clone();
            turn.open_again(callback, message, exchange, actions);
            Ruling::new(
                rule,
                "the callback that the thank-you withdrew is due again",
            )
        }
        _ => table::first_match(turn, policy, message, reading, exchange, actions),
    };
    if we_spoke_since(turn) {
        turn.step_callback(&CallbackEvent::WeAnswered);
    }
    ruling
}

/// What the case remembers and the desk is reminded of. Our answer since has settled the latter.
fn settle(turn: &mut Turn<'_>, policy: &Policy, reading: &Reading, actions: &Actions) {
    let we_spoke = we_spoke_since(turn);
    customer::remember(turn, policy, reading, actions);
    if we_spoke {
        turn.state.thread.reminder = None;
    }
}

/// What the reader must know for the next message: something is open again, unless we have spoken
/// since. Of what else the customer wrote in this turn no more is known than that they did.
fn note_open(turn: &mut Turn<'_>, message: &Message, place: (u32, u32), reading: &Reading) {
    if we_spoke_since(turn) {
        return;
    }
    let exchanges = &turn.state.thread.exchanges;
    let here = exchanges
        .iter()
        .rposition(|known| (known.case, known.number) == place);
    let before = here
        .and_then(|here| here.checked_sub(1))
        .and_then(|before| exchanges.get(before))
        .filter(|before| before.case == place.0);
    let began_the_turn = here
        .and_then(|here| exchanges.get(here))
        .is_none_or(|here| here.first_at >= message.at);
    let follows_us = before.is_some_and(|before| before.party == Party::Agent);
    let context = &mut turn.state.thread.context;
    context.unanswered = !(began_the_turn && follows_us)
        || (reading.closing.is_none() && !reading.answers && !reading.acknowledges);
}

fn we_spoke_since(turn: &Turn<'_>) -> bool {
    let last = turn.state.thread.exchanges.last();
    last.is_some_and(|last| last.party == Party::Agent)
}
