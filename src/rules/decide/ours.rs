//! Messages of our own: an agent's counts and never decides; a bot's does neither.

use super::{Actions, Ruling, Turn, cases, counting};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::{Action, Notice, Verdict},
        ids::AccountName,
        message::{Message, Party, Visibility},
        reading::{IdentityKind, IdentityLevel, Marks, Reading},
        thread::CaseStatus,
        time::more_than,
    },
    rules::Policy,
};

/// An agent's message: it counts, and is flagged if it asks for identity data.
pub(super) fn agent_wrote(turn: &mut Turn<'_>, message: &Message, reading: &Reading) -> Verdict {
    let policy = turn.rules.policy(&message.thread.channel);
    let mut actions = Actions::default();
    if turn.finds_confidential(reading) {
        actions.add(Action::Mask);
        if message.visibility == Visibility::Public {
            turn.tell(&policy.desk, Notice::HidePost);
        }
    }
    let asks = asks_for_identity(reading, message.visibility);
    if asks {
        actions.add(Action::FlagIdentity);
        let message = message.id.clone();
        turn.tell(&policy.desk, Notice::AskedForIdentity { message });
    }
    let ruling = Ruling::none(if asks {
        "we asked for identity data in the channel"
    } else {
        "our messages only count"
    });
    let late = counting::newest(&turn.state.thread).is_some_and(|newest| message.at < newest);
    if late {
        let thread = &mut turn.state.thread;
        let (case, exchange) =
            counting::count_late(thread, Party::Agent, message.at, policy.merge_within);
        thread.ours_at = thread.ours_at.max(Some(message.at));
        return ruling.verdict(exchange, case, actions, false);
    }
    if is_outreach(turn, policy, message) {
        cases::open(turn, message.at);
    }
    let case = turn.case_number();
    let thread = &mut turn.state.thread;
    let exchange = counting::count(thread, case, Party::Agent, message.at, policy.merge_within);
    thread.ours_at = Some(message.at);
    thread.reminder = None;
    heard(turn, reading);
    turn.state.thread.context.unanswered = false;
    // An account answers in its own name; who answers elsewhere may have any.
    let by = message.author.as_ref();
    let by = by.and_then(|author| AccountName::parse(author.reveal()).ok());
    turn.state.thread.answered_by.clone_from(&by);
    turn.step_callback(&CallbackEvent::WeAnswered { by });
    ruling.verdict(exchange, case, actions, false)
}

/// A bot's message: never counts, but a short reply to it is still understood. What Ringback says by
/// itself changes nothing at all: whoever thanks for a kind word still waits for our answer.
pub(super) fn bot_wrote(turn: &mut Turn<'_>, message: &Message, reading: &Reading) -> Verdict {
    let case = turn.case_number();
    let exchange = if case == 0 {
        0
    } else {
        counting::current(&turn.state.thread)
    };
    if !message.is_ringbacks_own() {
        heard(turn, reading);
        // "We will answer soon" answers nothing; a bot that reports an outcome does.
        if reading.marks.reports {
            turn.state.thread.context.unanswered = false;
        }
    }
    Ruling::none("automatic messages never count").verdict(
        exchange,
        case,
        Actions::default(),
        false,
    )
}

/// Whether a message of ours asks for identity data where such data has no place.
#[must_use]
pub fn asks_for_identity(reading: &Reading, visibility: Visibility) -> bool {
    flags(reading, IdentityKind::Asked, visibility)
}

/// Whether identity data of that kind stands where it should not.
pub(super) fn flags(reading: &Reading, kind: IdentityKind, visibility: Visibility) -> bool {
    reading.identity.is_some_and(|identity| {
        identity.kind == kind
            && (identity.level == IdentityLevel::Confidential || visibility == Visibility::Public)
    })
}

/// An agent opens a case only by reaching out: no case is open and none was within
/// `new_case_after`.
fn is_outreach(turn: &Turn<'_>, policy: &Policy, message: &Message) -> bool {
    match &turn.state.thread.case {
        None => true,
        Some(case) if case.status == CaseStatus::Open => false,
        Some(_) => counting::newest(&turn.state.thread)
            .is_some_and(|newest| more_than(policy.new_case_after, newest, message.at)),
    }
}

/// Remembers what our newest turn did. A promise stands until we report what came of it.
fn heard(turn: &mut Turn<'_>, reading: &Reading) {
    let new = reading.marks;
    let context = &mut turn.state.thread.context;
    let old = context
        .ours
        .filter(|_| context.ours_is_last)
        .unwrap_or_default();
    context.ours = Some(Marks {
        asks: old.asks || new.asks,
        asks_identity: old.asks_identity || new.asks_identity,
        asked_for: old.asked_for.union(new.asked_for),
        offers_call: old.offers_call || new.offers_call,
        promises: new.promises || (old.promises && !new.reports),
        instructs: old.instructs || new.instructs,
        reports: old.reports || new.reports,
        asks_anything_else: old.asks_anything_else || new.asks_anything_else,
    });
    context.ours_is_last = true;
    context.answered = false;
    if reading.language_is_sure {
        context.hear_language(reading.language);
    }
}
