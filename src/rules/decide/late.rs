//! A customer's message that is older than the thread's newest: it is placed where it belongs,
//! and changes no earlier decision.

use super::{Actions, Ruling, Turn, always, counting, table};
use crate::{
    domain::{
        decision::{Action, RuleName, Verdict},
        message::{Message, Party},
        reading::Reading,
        thread::Hold,
    },
    rules::Policy,
};

/// Decides a late message of the customer's.
pub(super) fn wrote(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
) -> Verdict {
    let (case, exchange) = counting::count_late(
        &mut turn.state.thread,
        Party::Customer,
        message.at,
        policy.merge_within,
    );
    let mut actions = Actions::default();
    always::guard_identity(
        turn,
        policy,
        message,
        reading,
        (case, exchange),
        &mut actions,
    );
    let overruled = has_newer_wish(turn, message);
    if let Some(wish) = reading.wants_text.filter(|_| !overruled) {
        always::hold_text(turn, wish, message, reading, case, &mut actions);
    }
    let ruling = if reading.wants_call && reading.wants_text.is_none() && !overruled {
        table::wants_call(turn, policy, message, reading, exchange, &mut actions)
    } else {
        Ruling::new(
            RuleName::Late,
            "older than the newest message, so it changes no decision",
        )
    };
    if let Some(callback) = turn.state.callback.as_ref().map(|callback| callback.number)
        && !actions.0.contains(&Action::Callback)
    {
        turn.card_gained_message(callback);
    }
    ruling.verdict(exchange, case, actions, false)
}

/// The customer has said since how they want to be reached; the newer wish stands.
fn has_newer_wish(turn: &Turn<'_>, message: &Message) -> bool {
    let newer = |hold: &Hold| hold.since > message.at;
    let case_hold = turn
        .state
        .thread
        .case
        .as_ref()
        .and_then(|case| case.hold.as_ref());
    case_hold.is_some_and(newer)
        || turn.state.customer.text_always.as_ref().is_some_and(newer)
        || turn
            .state
            .callback
            .as_ref()
            .is_some_and(|callback| callback.asked && callback.message_at > message.at)
}
