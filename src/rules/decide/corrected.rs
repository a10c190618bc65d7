//! An agent corrected the reading of a customer's message: the rules look at it again, and what
//! follows is as if it had been read so at first, but that a card that has rung has rung. The count
//! is kept, and so is what happened whatever else matched. Only whether it was a thank-you can change
//! a decision; every other correction is kept as an example.

use super::{Actions, Ruling, Turn, cases, customer, table};
use crate::{
    domain::{
        callback::Callback,
        callback::CallbackEvent,
        decision::{Action, Verdict},
        message::{Message, Party},
        reading::{Closing, Reading},
        thread::CaseStatus,
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
            let ruling = thank(turn, message, place.1, &mut actions);
            settle(turn, policy, reading, &actions);
            ruling
        }
        Change::NotThanks => {
            let ruling = take_back(turn, policy, message, place.1, reading, &mut actions);
            settle(turn, policy, reading, &actions);
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
    let newest = case.newest.as_ref();
    let newest = newest.filter(|newest| newest.message == message.id);
    let was_thanks = newest.is_some_and(|newest| newest.thanks);
    match (was_thanks, decides_as_thanks(reading), &case.status) {
        (true, false, _) => Change::NotThanks,
        (false, true, CaseStatus::Open) if newest.is_some() => Change::Thanks,
        (false, true, CaseStatus::Open) => Change::None(MOVED_ON),
        (false, false, CaseStatus::Resolved { at, .. })
            if *at <= message.at
                && is_last_word(turn, message, place)
                && !cases::adds_nothing(reading) =>
        {
            // It came after the end of the case and was taken for a mere courtesy.
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

/// Whether the customer has written nothing in the case since.
fn is_last_word(turn: &Turn<'_>, message: &Message, place: (u32, u32)) -> bool {
    let mut newest_first = turn.state.thread.exchanges.iter().rev();
    newest_first
        .find(|known| known.case == place.0 && known.party == Party::Customer)
        .is_some_and(|last| last.number == place.1 && last.last_at <= message.at)
}

/// It was a thank-you: the case is solved or waits, and what the message itself rang is not needed.
fn thank(turn: &mut Turn<'_>, message: &Message, exchange: u32, actions: &mut Actions) -> Ruling {
    let ruling = table::thanks(turn, message, exchange, actions);
    let callback = turn.state.callback.as_ref();
    let rang = callback.is_some_and(|callback| callback.message == message.id);
    if rang && actions.0.contains(&Action::Wait) {
        table::thank_callback(turn, actions);
    }
    turn.state.thread.context.unanswered = false;
    if let Some(case) = &mut turn.state.thread.case {
        case.let_pass = case.let_pass.filter(|passed| *passed != exchange);
    }
    ruling
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
    if let Some(case) = &mut turn.state.thread.case
        && case.status != CaseStatus::Open
    {
        case.status = CaseStatus::Open;
        actions.add(Action::Reopen);
    }
    let we_spoke = we_spoke_since(turn);
    let withdrew = undo_thanks(turn, message);
    if !we_spoke {
        let asks = reading.closing.is_none() && !reading.answers && !reading.acknowledges;
        turn.state.thread.context.unanswered |= asks;
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
        _ => customer::by_table(turn, policy, message, reading, exchange, actions),
    };
    if we_spoke {
        let by = turn.state.thread.answered_by.clone();
        turn.step_callback(&CallbackEvent::WeAnswered { by });
    }
    ruling
}

/// Brings back what was so before a thank-you, unless we have spoken since, and gives the callback
/// that it withdrew. What came after the end of a case has changed nothing yet.
fn undo_thanks(turn: &mut Turn<'_>, message: &Message) -> Option<Callback> {
    let we_spoke = we_spoke_since(turn);
    let thread = &mut turn.state.thread;
    let newest = thread.case.as_mut().and_then(|case| case.newest.as_mut());
    let Some(newest) = newest.filter(|newest| newest.message == message.id) else {
        customer::note_before(turn, message);
        return None;
    };
    newest.thanks = false;
    if !we_spoke {
        thread.context.unanswered = newest.unanswered;
        thread.reminder.clone_from(&newest.reminder);
    }
    newest.withdrew.take()
}

/// What the case remembers and the desk is reminded of. Our answer since has settled the latter.
fn settle(turn: &mut Turn<'_>, policy: &Policy, reading: &Reading, actions: &Actions) {
    let we_spoke = we_spoke_since(turn);
    customer::remember(turn, policy, reading, actions);
    if we_spoke {
        turn.state.thread.reminder = None;
    }
}

fn we_spoke_since(turn: &Turn<'_>) -> bool {
    let last = turn.state.thread.exchanges.last();
    last.is_some_and(|last| last.party == Party::Agent)
}
