//! What a customer's chat page shows: who may open which chat, and its lines. Plain data; it knows
//! no SQL, and holds nothing that is not for the customer.

use super::forms::OfferedForm;
use crate::domain::{
    ids::{MessageId, ShownName, ThreadKey},
    message::Party,
    private::Private,
    reading::Language,
    time::Timestamp,
};

/// The SHA-256 of a chat's token. The token itself is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChatHash(pub [u8; 32]);

/// A chat's number among all chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChatId(pub i64);

/// One chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRow {
    /// Its number.
    pub id: ChatId,
    /// The thread it opens.
    pub thread: ThreadKey,
    /// When its page last connected, to the hour.
    pub seen_at: Timestamp,
}

/// A line's question whether a call helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpedQuestion {
    /// What the customer has said; `None`: nothing yet.
    pub helped: Option<bool>,
}

/// One message as the customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// Grows in order of arrival; lines after a known one are asked for by it.
    pub id: i64,
    /// The message's id within the thread.
    pub message: MessageId,
    /// Who wrote it.
    pub from: Party,
    /// The agent's name, as customers know it.
    pub name: Option<ShownName>,
    /// The text, with confidential spans masked.
    pub text: Private<String>,
    /// The language that it was read in; none of a bot's.
    pub language: Option<Language>,
    /// When it was written.
    pub at: Timestamp,
    /// When its writer changed it.
    pub edited_at: Option<Timestamp>,
    /// The form that it offers.
    pub form: Option<OfferedForm>,
    /// What was answered, if it asks whether a call helped.
    pub question: Option<HelpedQuestion>,
    /// Grows with each change of a message of the thread; 0 while this one is as it arrived.
    pub change: i64,
}
