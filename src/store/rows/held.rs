//! Agents' answers that are held back until their agent decides. Plain data; it knows no SQL.

use crate::domain::{
    chat::Written,
    ids::{AccountName, MessageId},
    message::Attachment,
    private::Private,
    time::Timestamp,
};

/// A held answer's number among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeldId(pub i64);

/// How far a held answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeldState {
    /// It waits for its agent to decide.
    Held,
    /// They did not decide in time: it is back in their box, unsent.
    Returned,
    /// Ended: sent as it was.
    Sent,
    /// Ended: its agent wrote it another way, which is held in its place or was sent.
    Replaced,
    /// Ended: the customer was asked to fill a form in, or is rung, instead.
    Swapped,
    /// Ended: not sent at all.
    Discarded,
}

/// One answer that stands, held or returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Its number.
    pub id: HeldId,
    /// Whose answer.
    pub by: AccountName,
    /// Of the box that it was typed into.
    pub key: MessageId,
    /// The text, masked: what the customer would read. Empty once it has ended.
    pub text: Private<String>,
    /// It asks for identity data; else it only contains some.
    pub asks: bool,
    /// Since when.
    pub held_at: Timestamp,
    /// Then it goes back to its agent.
    pub until: Timestamp,
    /// How far it has come.
    pub state: HeldState,
    /// What comes with it.
    pub attachment: Option<Attachment>,
    /// Where it was written, if that was in a chat; `None` once it has ended.
    pub written: Option<Written>,
}
