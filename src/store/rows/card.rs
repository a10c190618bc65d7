//! What stands behind a callback's card beside the callback itself. Plain data; it knows no SQL.

use super::{CaseState, desk::NoticeRow, numbers::Contact};
use crate::domain::{
    callback::Outcome,
    ids::Topic,
    message::Visibility,
    private::Private,
    reading::{Evidence, Language},
    thread::{CustomerState, Hold},
    time::Timestamp,
};

/// What led to a callback, and what is known of its customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    /// It became due at a time that was promised or at which it is tried again, not when it opened.
    pub was_promised: bool,
    /// When its case opened; `None` if that is not known.
    pub opened_at: Option<Timestamp>,
    /// What the case is about.
    pub topic: Option<Topic>,
    /// The thread's language, once a message told it.
    pub language: Option<Language>,
    /// How many turns of ours the case has had, of the newest exchanges that are remembered.
    pub answers: u32,
    /// The message with which the customer asked for the call, the newest one of the case.
    pub asked: Option<AskedWords>,
    /// The newest cases before it, newest first, at most [`Background::EARLIER`].
    pub earlier: Vec<EarlierCase>,
    /// What is known of the customer in all of their threads.
    pub customer: CustomerState,
    /// The wish to stay in text in this case.
    pub hold: Option<Hold>,
    /// The number to ring, in E.164.
    pub number: Option<Private<String>>,
    /// Where that number comes from, what else is known, and on what ground they may be rung.
    pub contact: Contact,
    /// The two words that the claimer says first.
    pub words: Option<Private<String>>,
    /// Where its video call takes place, if one was offered: a URL, for the claimer.
    pub video: Option<Private<String>>,
    /// What the desk was told about this callback and nobody has seen to, oldest first.
    pub notices: Vec<NoticeRow>,
}

impl Background {
    /// How many earlier cases a card shows.
    pub const EARLIER: u32 = 3;
}

/// A message with which the customer asked for the call.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedWords {
    /// The message, masked.
    pub text: Private<String>,
    /// The words of it that decided, masked.
    pub evidence: Vec<Evidence>,
    /// When it was written.
    pub at: Timestamp,
    /// Who could see it.
    pub visibility: Visibility,
}

/// A case before the callback's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierCase {
    /// Its number.
    pub number: u32,
    /// When it opened.
    pub opened_at: Timestamp,
    /// What it was about.
    pub topic: Option<Topic>,
    /// How it ended.
    pub state: CaseState,
    /// What came of its last call, if it had one.
    pub rung: Option<Outcome>,
}
