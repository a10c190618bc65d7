//! Copies and erasures of what is kept of a customer. Plain data; it knows no SQL.

use std::collections::BTreeMap;

use super::audit::AuditHash;
use crate::domain::ids::{Author, ChannelName, ThreadKey};

/// How many rows of which table.
pub type Gone = BTreeMap<&'static str, u64>;

/// Whose data it is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Everything of one author on a channel.
    Customer(ChannelName, Author),
    /// One thread.
    Thread(ThreadKey),
}

/// A thread that is to go or to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subjected {
    /// Its row.
    pub row: i64,
    /// Its address.
    pub key: ThreadKey,
}

/// What one webhook was told of a thread, as far as that is still known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    /// To which destination.
    pub destination: String,
    /// So many events arrived.
    pub events: u64,
    /// So many of them held the text of a message.
    pub with_text: u64,
    /// So many are being sent at this moment: they may still arrive.
    pub under_way: u64,
    /// So many wait, and are not sent any more.
    pub unsent: u64,
}

/// What is told to a destination once a thread is gone.
#[derive(Debug, Clone)]
pub struct LastWord {
    /// Its idempotency key.
    pub key: String,
    /// To which destination.
    pub destination: String,
    /// What, in the engine's own form.
    pub payload: String,
}

/// A thread that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The number of the audit entry that says so.
    pub entry: i64,
    /// Its hash.
    pub hash: AuditHash,
}
