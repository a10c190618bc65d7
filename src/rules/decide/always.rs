//! What happens on a customer's message whatever else matches, late ones included.

use super::{Actions, Turn, ours};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::{Action, Notice, Utterance},
        message::{Message, Visibility},
        reading::{IdentityKind, Reading, TextWish},
        thread::Exchange,
    },
    rules::Policy,
};

/// `mask`, `warn_identity`, `flag_identity`: whatever else matches, and the customer is told kindly.
/// `place` is the message's case and exchange.
pub(super) fn guard_identity(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    place: (u32, u32),
    actions: &mut Actions,
) {
    mask_and_flag(turn, policy, message, reading, actions);
    let is_private = message.visibility == Visibility::Private;
    if is_private
        && actions.0.contains(&Action::Mask)
        && let Some(exchange) = exchange_at(turn, place)
        && !std::mem::replace(&mut exchange.told_hidden, true)
    {
        turn.say(policy, Utterance::DataHidden);
    }
    let exchanges = &turn.state.thread.exchanges;
    let warned = exchanges
        .iter()
        .any(|known| known.case == place.0 && known.warned);
    if reading.needs_check && !warned {
        if let Some(exchange) = exchange_at(turn, place) {
            exchange.warned = true;
        }
        actions.add(Action::WarnIdentity);
        if is_private {
            turn.say(policy, Utterance::IdentityNeeded);
        } else {
            // Where everybody reads along, a person finds the way into private first.
            let utterance = Utterance::IdentityNeeded;
            turn.tell(&policy.desk, Notice::SayYourself { utterance });
        }
    }
}

/// The newest exchange of that case and number.
fn exchange_at<'t>(turn: &'t mut Turn<'_>, place: (u32, u32)) -> Option<&'t mut Exchange> {
    let mut newest_first = turn.state.thread.exchanges.iter_mut().rev();
    newest_first.find(|known| (known.case, known.number) == place)
}

/// `mask` and `flag_identity`, and the desk is asked to hide a public post with such data.
pub(super) fn mask_and_flag(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    actions: &mut Actions,
) {
    mark(turn, message, reading, actions);
    if actions.0.contains(&Action::Mask) && message.visibility == Visibility::Public {
        turn.tell(&policy.desk, Notice::HidePost);
    }
}

/// `mask` and `flag_identity`; nobody is told.
pub(super) fn mark(turn: &Turn<'_>, message: &Message, reading: &Reading, actions: &mut Actions) {
    if turn.finds_confidential(reading) {
        actions.add(Action::Mask);
    }
    if ours::flags(reading, IdentityKind::Offered, message.visibility) {
        actions.add(Action::FlagIdentity);
    }
}

/// `hold_text`, and `withdraw_callback` if an unclaimed one is open. A wish for the case binds
/// only the case it was made in.
pub(super) fn hold_text(
    turn: &mut Turn<'_>,
    wish: TextWish,
    message: &Message,
    reading: &Reading,
    case: u32,
    actions: &mut Actions,
) {
    actions.add(Action::HoldText);
    if wish == TextWish::Case && case != turn.case_number() {
        return;
    }
    turn.hold(wish, message, reading);
    if turn.step_callback(&CallbackEvent::TextWished) {
        actions.add(Action::WithdrawCallback);
    }
}
