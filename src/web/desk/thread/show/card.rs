//! The open callback of a thread, as the card on top of it.

use super::{super::words, Viewer};
use crate::{
    domain::{account::Role, decision::RuleName, time::Timestamp},
    store::rows::{CallbackRow, CallbackState},
};

/// The open callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Card {
    /// Its number among all.
    pub(in crate::web::desk::thread) id: i64,
    /// Why we ring.
    pub(in crate::web::desk::thread) why: String,
    /// At the head of the queue.
    pub(in crate::web::desk::thread) urgent: bool,
    /// The customer was merely answering.
    pub(in crate::web::desk::thread) soft: bool,
    /// Since when it is due, or when it is.
    pub(in crate::web::desk::thread) due_at: Timestamp,
    /// In whose hands it is.
    pub(in crate::web::desk::thread) hands: Hands,
}

impl Card {
    /// Its tone in the style sheet.
    pub(in crate::web::desk::thread) const fn class(&self) -> &'static str {
        match (&self.hands, self.urgent, self.soft) {
            (Hands::Mine { .. }, _, _) => "card-mine",
            (_, true, _) => "card-urgent",
            (_, _, true) => "card-soft",
            _ => "card-asked",
        }
    }
}

/// In whose hands a callback is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) enum Hands {
    /// Nobody's yet.
    Nobody,
    /// The viewer's.
    Mine {
        /// They promised to ring later.
        scheduled: bool,
    },
    /// Somebody else's.
    Theirs {
        /// Whose.
        by: String,
        /// They promised to ring later.
        scheduled: bool,
        /// Whether the viewer may take it out of their hands.
        may_take: bool,
    },
}

/// The open one of a thread's callbacks, for who looks at it.
pub(super) fn open(callbacks: &[CallbackRow], viewer: Viewer<'_>) -> Option<Card> {
    let row = callbacks.iter().rev().find(|row| is_open(row))?;
    Some(Card {
        id: row.id.0,
        why: why(row),
        urgent: row.urgent,
        soft: row.soft,
        due_at: row.due_at,
        hands: hands(row, viewer),
    })
}

const fn is_open(row: &CallbackRow) -> bool {
    match row.state {
        CallbackState::Due | CallbackState::Claimed | CallbackState::Scheduled => true,
        CallbackState::Done | CallbackState::Withdrawn => false,
    }
}

fn why(row: &CallbackRow) -> String {
    match &row.rule {
        _ if row.asked => "The customer asks to be rung.".to_owned(),
        RuleName::Urgent => "Urgent words.".to_owned(),
        RuleName::RuleOfThree if row.soft => {
            format!("Exchange {} only answered us.", row.exchange)
        }
        RuleName::RuleOfThree => format!("Exchange {} was not a thank-you.", row.exchange),
        other => words::sentence(&words::rule(other)),
    }
}

fn hands(row: &CallbackRow, viewer: Viewer<'_>) -> Hands {
    let scheduled = row.state == CallbackState::Scheduled;
    match &row.claimed_by {
        Some(by) if row.state != CallbackState::Due => {
            if by == viewer.name {
                Hands::Mine { scheduled }
            } else {
                Hands::Theirs {
                    by: by.to_string(),
                    scheduled,
                    may_take: viewer.role > Role::Agent,
                }
            }
        }
        _ => Hands::Nobody,
    }
}
