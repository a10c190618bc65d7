//! What agents decide by themselves: to go on in text, to ring all the same, and that an author is
//! no customer, or is one after all.

use super::{Turn, counting, is_held, is_muted, table::Call};
use crate::{
    domain::{
        callback::{CallbackEvent, CallbackNumber, KeepTyping},
        decision::{NoCall, Notice, RuleName},
        ids::MessageId,
        private::Private,
        reading::TextWish,
        thread::{Hold, Reminder, ReminderKind, State},
        time::{Timestamp, after},
    },
    rules::Policy,
};

/// What stands where a hold has the customer's words.
const CHOSEN: &str = "chosen in the details form";

/// Something happened to the callback of that number.
pub(super) fn callback_changed(
    turn: &mut Turn<'_>,
    callback: CallbackNumber,
    event: &CallbackEvent,
) {
    let open = turn.state.callback.as_ref();
    if open.is_none_or(|open| open.number != callback) {
        return;
    }
    if matches!(event, CallbackEvent::TimeChosen { .. }) {
        // Who chooses a time wishes to be rung, whatever they wished before.
        turn.end_hold();
    }
    turn.step_callback(event);
    match event {
        CallbackEvent::TypingKept { why, .. } if turn.state.callback.is_none() => {
            typing_kept(turn, *why);
        }
        // It is nobody's now: a hold that came while it was somebody's binds.
        CallbackEvent::Released | CallbackEvent::HandedOver { .. } | CallbackEvent::Rung { .. } => {
            turn.keep_hold();
        }
        _ => {}
    }
}

/// Lets `grace` further exchanges pass before the count rings again. Who is no customer waits for
/// nobody.
fn typing_kept(turn: &mut Turn<'_>, why: KeepTyping) {
    let policy = turn.policy;
    let exchange = counting::current(&turn.state.thread);
    if let Some(case) = &mut turn.state.thread.case {
        case.grace_until = Some(exchange.saturating_add(policy.grace));
    }
    if why == KeepTyping::NotACustomer {
        turn.state.customer.muted_until = Some(after(turn.now, policy.mute_lasts));
        turn.state.thread.reminder = None;
    }
}

/// In a form the customer chose to stay in text, for the case that they are in. That is a wish like a
/// message's, but for the words; until an agent writes, they wait like any other.
pub(super) fn text_chosen(turn: &mut Turn<'_>) {
    let Some(case) = &mut turn.state.thread.case else {
        return;
    };
    let newest = case.newest.as_ref().map(|newest| newest.message.clone());
    let opened = turn.state.callback.as_ref();
    let asked = newest.or_else(|| opened.map(|callback| callback.message.clone()));
    // Their own words, if they wished so before, say more.
    case.hold.get_or_insert_with(|| Hold {
        wish: TextWish::Case,
        since: turn.now,
        message: asked.unwrap_or_else(no_message),
        words: Private::new(CHOSEN.to_owned()),
    });
    turn.step_callback(&CallbackEvent::TextWished);
}

/// The customer is on the do-not-call list now. A call that nobody has made theirs is not made.
/// Whoever has it sees that they must not ring.
pub(super) fn calls_forbidden(turn: &mut Turn<'_>, policy: &Policy) {
    if turn.step_callback(&CallbackEvent::CallsForbidden) {
        turn.tell(&policy.desk, Notice::DoNotCall);
    }
}

/// What stands where a hold has its message, when the case knows of none.
#[expect(clippy::expect_used, reason = "a constant that parses")]
fn no_message() -> MessageId {
    MessageId::parse("details-form").expect("an id")
}

/// The author is a customer after all. The count goes on as if nobody had said otherwise, and if
/// they wait for us, they have waited long enough.
pub(super) fn unmuted(turn: &mut Turn<'_>) {
    let was_muted = turn.is_muted();
    turn.state.customer.muted_until = None;
    if !was_muted {
        return;
    }
    if let Some(case) = &mut turn.state.thread.case {
        case.grace_until = None;
    }
    if turn.waits_on_us() {
        turn.state.thread.reminder = Some(Reminder {
            kind: ReminderKind::Answer,
            due: turn.now,
        });
    }
}

/// Why no callback would open if an agent chose to ring now; `None`: one would.
#[must_use]
pub fn no_call(state: &State, now: Timestamp) -> Option<NoCall> {
    if state.callback.is_some() {
        Some(NoCall::AlreadyOpen)
    } else if state.customer.do_not_call {
        Some(NoCall::DoNotCall)
    } else if is_held(state) {
        Some(NoCall::HoldsToText)
    } else if is_muted(state, now) {
        Some(NoCall::Muted)
    } else if state.thread.case.is_none() {
        Some(NoCall::NoCase)
    } else {
        None
    }
}

/// An agent would rather ring: a callback opens, as if the rules had said so. Nobody is reminded
/// of an answer any more; the callback has its own reminders.
pub(super) fn call_chosen(turn: &mut Turn<'_>, policy: &Policy, newest: &(MessageId, Timestamp)) {
    if no_call(&turn.state, turn.now).is_some() {
        return;
    }
    let (message, at) = newest;
    let exchange = counting::current(&turn.state.thread);
    let call = Call::new(RuleName::Agent, policy.desk.clone());
    turn.ring(call, (message.clone(), *at), exchange);
    turn.state.thread.reminder = None;
}
