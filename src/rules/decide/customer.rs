//! A customer's message: whose it is, its case, its exchange, and what is remembered for the next
//! one.

use super::{Actions, Ruling, Turn, always, cases, cases::Entry, counting, late, table};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::{Action, RuleName, Verdict},
        message::{Message, Party},
        reading::{Closing, Reading, WaitsFor},
        thread::{CaseStatus, Newest, Reminder, ReminderKind},
        time::after,
    },
    rules::Policy,
};

/// Decides a customer's message.
pub(super) fn wrote(turn: &mut Turn<'_>, message: &Message, reading: &Reading) -> Verdict {
    let policy = turn.rules.policy(&message.thread.channel);
    if !is_the_customer(turn, message) {
        return stranger(turn, policy, message, reading);
    }
    if turn.is_muted() {
        return muted(turn, message, reading);
    }
    turn.state.customer.muted_until = None;
    if counting::newest(&turn.state.thread).is_some_and(|newest| message.at < newest) {
        return late::wrote(turn, policy, message, reading);
    }
    let entry = cases::enter(turn, policy, message, reading);
    note_topic(turn);
    let case = turn.case_number();
    let exchange = counting::count(
        &mut turn.state.thread,
        case,
        Party::Customer,
        message.at,
        policy.merge_within,
    );

    let mut actions = Actions::default();
    if entry == Entry::Reopens {
        actions.add(Action::Reopen);
    }
    always::guard_identity(
        turn,
        policy,
        message,
        reading,
        (case, exchange),
        &mut actions,
    );
    if let Some(wish) = reading.wants_text {
        always::hold_text(turn, wish, message, reading, case, &mut actions);
    }
    let ruling = if entry == Entry::AfterResolve {
        match reading.wants_text {
            Some(_) => Ruling::new(RuleName::WantsText, "the customer wants to stay in text"),
            None => Ruling::none("the case is solved, and this adds nothing"),
        }
    } else {
        note_before(turn, message);
        let ruling = by_table(turn, policy, message, reading, exchange, &mut actions);
        remember(turn, policy, reading, &actions);
        ruling
    };
    note_context(turn, reading);
    ruling.verdict(exchange, case, actions, entry == Entry::OpensAfterLapse)
}

/// A message without a topic of its own ("any news?") is about what its case is about.
fn note_topic(turn: &mut Turn<'_>) {
    if let Some(case) = &mut turn.state.thread.case {
        match &turn.topic {
            Some(topic) => case.topic = Some(topic.clone()),
            None => turn.topic.clone_from(&case.topic),
        }
    }
}

/// What the table says; a callback that was open already gains the message, unless it is thanks.
pub(super) fn by_table(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
    exchange: u32,
    actions: &mut Actions,
) -> Ruling {
    let was_open = turn.state.callback.is_some();
    let ruling = table::first_match(turn, policy, message, reading, exchange, actions);
    if was_open && reading.closing != Some(Closing::Thanks) {
        let answers = reading.answers;
        turn.step_callback(&CallbackEvent::CustomerWrote { exchange, answers });
    }
    ruling
}

/// Only the customer of the thread moves its case. The first author seen is that customer.
fn is_the_customer(turn: &mut Turn<'_>, message: &Message) -> bool {
    let known = &mut turn.state.thread.author;
    match (known.as_ref(), &message.author) {
        (Some(known), Some(author)) => known == author,
        (None, Some(author)) => {
            *known = Some(author.clone());
            true
        }
        (_, None) => true,
    }
}

/// Somebody else wrote in the thread: their data is guarded, nothing counts.
fn stranger(turn: &mut Turn<'_>, policy: &Policy, message: &Message, reading: &Reading) -> Verdict {
    let mut actions = Actions::default();
    always::mask_and_flag(turn, policy, message, reading, &mut actions);
    let (case, exchange) = (turn.case_number(), counting::current(&turn.state.thread));
    Ruling::none("not written by the customer of this thread")
        .verdict(exchange, case, actions, false)
}

/// An agent said that the author is no customer: their data is guarded and their wish for text is
/// kept, but nothing counts, nobody rings and no desk is told.
fn muted(turn: &mut Turn<'_>, message: &Message, reading: &Reading) -> Verdict {
    let mut actions = Actions::default();
    always::mark(turn, message, reading, &mut actions);
    let (case, exchange) = (turn.case_number(), counting::current(&turn.state.thread));
    if let Some(wish) = reading.wants_text {
        always::hold_text(turn, wish, message, reading, case, &mut actions);
    }
    if let Some(callback) = turn.state.callback.as_ref().map(|callback| callback.number) {
        turn.card_gained_message(callback);
    }
    Ruling::none("an agent said that the author is no customer")
        .verdict(exchange, case, actions, false)
}

/// Keeps what was so before the message that is about to be decided.
pub(super) fn note_before(turn: &mut Turn<'_>, message: &Message) {
    let thread = &mut turn.state.thread;
    if let Some(case) = &mut thread.case {
        case.newest = Some(Newest {
            message: message.id.clone(),
            thanks: false,
            withdrew: None,
            promised: thread.context.ours.is_some_and(|ours| ours.promises),
            unanswered: thread.context.unanswered,
            reminder: thread.reminder.clone(),
        });
    }
}

/// What the case remembers of a decided message, and what the desk is reminded of.
pub(super) fn remember(turn: &mut Turn<'_>, policy: &Policy, reading: &Reading, actions: &Actions) {
    let waits = actions.0.contains(&Action::Wait);
    let Some(case) = &mut turn.state.thread.case else {
        return;
    };
    case.waits_for = match reading.closing {
        Some(Closing::Waiting(whom)) if waits => Some(whom),
        _ if waits => Some(WaitsFor::Us),
        _ => None,
    };
    let solved = case.status != CaseStatus::Open;
    let rings = turn.state.callback.is_some();
    let reminder = &mut turn.state.thread.reminder;
    if waits {
        let due = after(turn.now, policy.check_back_after);
        *reminder = Some(Reminder {
            kind: ReminderKind::CheckBack,
            due,
        });
    } else if solved || rings {
        *reminder = None;
    } else if reminder
        .as_ref()
        .is_none_or(|set| set.kind == ReminderKind::CheckBack)
    {
        turn.remind_of_answer(policy, ReminderKind::Answer);
    }
}

/// What the reader must know for the next message.
fn note_context(turn: &mut Turn<'_>, reading: &Reading) {
    let context = &mut turn.state.thread.context;
    context.ours_is_last = false;
    context.answered |= reading.answers;
    match reading.closing {
        Some(Closing::Thanks) => context.unanswered = false,
        Some(Closing::Waiting(_)) => {}
        None => context.unanswered |= !reading.answers && !reading.acknowledges,
    }
    if reading.language_is_sure {
        context.hear_language(reading.language);
    }
}
