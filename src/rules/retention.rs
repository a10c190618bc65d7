//! How long what is kept is kept. What must not be forgotten yet (an open callback, a form that waits
//! for its customer) outlives these times; who forgets says so.

use crate::domain::time::Length;

/// The shortest that anything can be kept.
pub const SHORTEST: Length = Length::hours(24);

/// How long each kind of thing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// A thread and all that belongs to it, after the last that happened on it; `None`: for ever.
    pub threads: Option<Length>,
    /// Who did what.
    pub audit: Length,
    /// What desks were told, once it has ended.
    pub notices: Length,
    /// A web chat that its customer has not opened since; its thread stays.
    pub chats: Length,
    /// That a message could not be taken.
    pub rejected: Length,
    /// What a webhook was told and has taken.
    pub sent: Length,
    /// What a webhook could not be told.
    pub dead: Length,
}

impl Default for Retention {
    fn default() -> Self {
        let days = |days: u32| Length::hours(days * 24);
        Self {
            threads: None,
            audit: days(730),
            notices: days(90),
            chats: days(90),
            rejected: days(30),
            sent: days(7),
            dead: days(90),
        }
    }
}

impl Retention {
    /// What is kept for how long, in sentences.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let Self {
            threads,
            audit,
            notices,
            chats,
            rejected,
            sent,
            dead,
        } = self;
        vec![
            match threads {
                Some(threads) => format!(
                    "A thread goes, with all that belongs to it, {threads} after the last that \
                     happened on it; one with an open callback or form stays."
                ),
                None => "Threads are kept for ever.".to_owned(),
            },
            format!("Who did what is kept for {audit}."),
            format!("What a desk was told goes {notices} after it ended."),
            format!("A web chat cannot be opened again after {chats} without its customer."),
            format!("That a message could not be taken is kept for {rejected}."),
            format!(
                "What webhooks were told is kept for {sent}; what could not be told, for {dead}."
            ),
        ]
    }
}
