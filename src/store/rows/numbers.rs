//! How a customer can be rung, and on what ground. Plain data; it knows no SQL.

use super::people::Profile;
use crate::domain::{
    ids::ChannelName,
    number::{KnownNumber, NumberSource, PhoneNumber},
    private::Private,
    reading::Language,
    thread::Whereabouts,
    time::Timestamp,
};

/// All that is known of how to reach a customer. Who may see which part of it is the desk's business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The number to ring.
    pub number: Option<KnownNumber>,
    /// What else is known, wrong numbers too, in the order in which they came.
    pub others: Vec<KnownNumber>,
    /// Where they may be.
    pub whereabouts: Whereabouts,
    /// What the channel knows of them.
    pub profile: Option<Profile>,
    /// Whether we may ring.
    pub ground: Ground,
}

/// On what ground a customer may be rung: the first of these that holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ground {
    /// Not at all: they are on the do-not-call list.
    Forbidden {
        /// The reason that stands in the list, one word.
        reason: String,
        /// Since when.
        since: Timestamp,
    },
    /// Not at all: somebody who is one person with them is on the do-not-call list.
    ForbiddenElsewhere,
    /// They asked for this call.
    Asked {
        /// The message, masked.
        text: Private<String>,
        /// When they wrote it.
        at: Timestamp,
    },
    /// They agreed to be rung on the number to ring.
    Consented(Consent),
    /// They gave the number to ring themselves, without agreeing to anything.
    Given {
        /// Where.
        source: NumberSource,
        /// When.
        at: Timestamp,
    },
    /// None yet: offer the call first.
    #[default]
    NotYet,
}

/// That a customer agreed to be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The words that they agreed to; `None` where they were not kept yet.
    pub words: Option<String>,
    /// A hash of them.
    pub version: String,
    /// Their language.
    pub language: Language,
    /// The channel of the thread that the form was offered in.
    pub channel: ChannelName,
    /// The number.
    pub number: PhoneNumber,
    /// When.
    pub at: Timestamp,
}
