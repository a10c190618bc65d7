//! Who did what. Plain data; it knows no SQL.

use std::fmt;

use crate::{
    domain::{
        ids::{AccountName, MessageId, ThreadKey},
        time::Timestamp,
    },
    store::CallbackId,
};

/// What an account did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Set a password.
    SetPassword,
    /// Asked for a second factor from now on, or no longer.
    ChangedSecondFactor,
    /// Made an account.
    AddedAccount,
    /// Made a sign-in link for an account.
    MadeLink,
    /// Disabled an account, or let it in again.
    ChangedAccount,
    /// Looked at a thread.
    Viewed,
    /// Answered a customer.
    Replied,
    /// Wrote an answer that is held back: it asks for identity data, or contains some.
    WasHeld,
    /// Sent an answer that was held back.
    SentAnyway,
    /// Threw an answer away that was held back.
    Discarded,
    /// Chose to ring rather than to ask for identity data in text.
    ChoseCall,
    /// Wrote an internal note.
    Noted,
    /// Corrected a reading.
    Corrected,
    /// Said that a reading is right.
    Confirmed,
    /// Saw to a notice.
    SawTo,
    /// Let an author open callbacks again.
    Unmuted,
    /// Opened what a customer submitted in an identity form.
    OpenedSubmission,
    /// Kept what came of an identity check.
    CheckedForm,
    /// Claimed a callback.
    Claimed,
    /// Said that they are still on a callback.
    Renewed,
    /// Gave their claims and promises to the next shift.
    HandedOver,
    /// Offered a customer a video call.
    OfferedVideo,
    /// Had another program ring.
    Dialled,
    /// Held the callbacks of an incident back.
    HeldIncident,
    /// Ended an incident.
    EndedIncident,
    /// Said that two customers are one person.
    Linked,
    /// Said that two customers are not one person.
    Unlinked,
    /// Typed a customer's number, or said that one is wrong.
    SetNumber,
    /// Put somebody on the do-not-call list.
    ForbadeCalls,
    /// Took somebody off the do-not-call list.
    AllowedCalls,
    /// Gave a claim up, or took it from somebody.
    Released,
    /// Promised to ring at a time.
    Scheduled,
    /// Went on in text instead of ringing.
    KeptTyping,
    /// Finished a callback.
    Done,
    /// Asked a customer to fill a form in.
    AskedForm,
    /// Made a one-time link to a form.
    MadeFormLink,
    /// Took a form back.
    WithdrewForm,
    /// Wrote down all that is kept of a customer or thread.
    Exported,
    /// Erased a customer or thread.
    Erased,
    /// Sent a message again that may not have arrived.
    SentAgain,
    /// Linked a person of a chat network to an account.
    LinkedChat,
    /// Took the link of a person of a chat network away.
    UnlinkedChat,
    /// Made a group of a chat network a desk's, or one that is watched.
    PairedGroup,
    /// Took that away.
    UnpairedGroup,
}

/// What an entry of the audit says of whether somebody is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// They work.
    Works,
    /// They look; whoever has just handed over may look once more before they go.
    Looks,
    /// Nothing: it may be done from anywhere.
    Unknown,
}

impl Verb {
    /// Whether who does that is at work.
    #[must_use]
    pub const fn presence(self) -> Presence {
        match self {
            Self::Viewed => Presence::Looks,
            Self::SignedIn
            | Self::Replied
            | Self::WasHeld
            | Self::SentAnyway
            | Self::Discarded
            | Self::ChoseCall
            | Self::Noted
            | Self::Corrected
            | Self::Confirmed
            | Self::SawTo
            | Self::Unmuted
            | Self::Claimed
            | Self::Renewed
            | Self::HandedOver
            | Self::OfferedVideo
            | Self::Dialled
            | Self::HeldIncident
            | Self::EndedIncident
            | Self::Linked
            | Self::Unlinked
            | Self::Released
            | Self::Scheduled
            | Self::KeptTyping
            | Self::Done
            | Self::AskedForm
            | Self::MadeFormLink
            | Self::WithdrewForm
            | Self::OpenedSubmission
            | Self::CheckedForm
            | Self::SetNumber
            | Self::SentAgain => Presence::Works,
            Self::SignedOut
            | Self::SetPassword
            | Self::ChangedSecondFactor
            | Self::AddedAccount
            | Self::MadeLink
            | Self::ChangedAccount
            | Self::ForbadeCalls
            | Self::AllowedCalls
            | Self::Exported
            | Self::Erased
            | Self::LinkedChat
            | Self::UnlinkedChat
            | Self::PairedGroup
            | Self::UnpairedGroup => Presence::Unknown,
        }
    }

    /// What was done, as lists say it after a name.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in",
            Self::SignedOut => "signed out",
            Self::SetPassword => "set a password",
            Self::ChangedSecondFactor => "changed the second factor",
            Self::AddedAccount => "added an account",
            Self::MadeLink => "made a sign-in link",
            Self::ChangedAccount => "changed an account",
            Self::Viewed => "looked at a thread",
            Self::Replied => "answered a customer",
            Self::WasHeld => "wrote an answer that is held",
            Self::SentAnyway => "sent an answer that was held",
            Self::Discarded => "threw a held answer away",
            Self::ChoseCall => "chose to ring",
            Self::Noted => "wrote a note",
            Self::Corrected => "corrected a reading",
            Self::Confirmed => "confirmed a reading",
            Self::SawTo => "saw to a notice",
            Self::Unmuted => "took an author for a customer again",
            Self::Claimed => "claimed a callback",
            Self::Renewed => "said to be still on a callback",
            Self::HandedOver => "handed over",
            Self::OfferedVideo => "offered a video call",
            Self::Dialled => "had a number rung",
            Self::HeldIncident => "held the callbacks of an incident back",
            Self::EndedIncident => "ended an incident",
            Self::Linked => "said that two customers are one",
            Self::Unlinked => "said that two customers are not one",
            Self::SetNumber => "changed a customer's number",
            Self::ForbadeCalls => "put somebody on the do-not-call list",
            Self::AllowedCalls => "took somebody off the do-not-call list",
            Self::Released => "released a callback",
            Self::Scheduled => "promised to ring at a time",
            Self::KeptTyping => "went on in text",
            Self::Done => "finished a callback",
            Self::AskedForm => "asked for a form",
            Self::MadeFormLink => "made a link to a form",
            Self::WithdrewForm => "took a form back",
            Self::OpenedSubmission => "opened what a customer submitted",
            Self::CheckedForm => "checked an identity",
            Self::Exported => "made a copy of all that is kept",
            Self::Erased => "erased a thread",
            Self::SentAgain => "sent a message again",
            Self::LinkedChat => "linked a chat identity",
            Self::UnlinkedChat => "unlinked a chat identity",
            Self::PairedGroup => "paired a group",
            Self::UnpairedGroup => "unpaired a group",
        }
    }
}

/// One thing that an account did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who.
    pub account: AccountName,
    /// What.
    pub verb: Verb,
    /// To which account, if another's.
    pub about: Option<AccountName>,
    /// The thread's row.
    pub thread: Option<i64>,
    /// The message.
    pub message: Option<MessageId>,
    /// The callback.
    pub callback: Option<CallbackId>,
}

impl AuditEntry {
    /// That an account did something to nothing in particular.
    #[must_use]
    pub const fn new(account: AccountName, verb: Verb) -> Self {
        Self {
            account,
            verb,
            about: None,
            thread: None,
            message: None,
            callback: None,
        }
    }
}

/// One entry of the audit as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1 on.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub account: AccountName,
    /// What.
    pub verb: Verb,
    /// To which account, if another's.
    pub about: Option<AccountName>,
    /// To what of a thread's, if it was a thread's.
    pub thread: AuditedThread,
}

/// The thread of an audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditedThread {
    /// It was about no thread.
    None,
    /// It was about this one.
    Known(ThreadKey),
    /// It was about one that is gone, with all that could say which.
    Gone,
}

/// The hash of an audit entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// Of its 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text.trim(), &mut hash).ok()?;
        Some(Self(hash))
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// How the audit stood at a moment, as it was told to the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The newest entry then.
    pub entry: i64,
    /// Its hash.
    pub hash: AuditHash,
    /// When.
    pub at: Timestamp,
    /// Since when the entries up to it are gone, if they are.
    pub cut_at: Option<Timestamp>,
}

/// What a check of the whole audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// Every entry since the newest cut is as it was written.
    Whole {
        /// How many entries there are.
        entries: u64,
        /// The newest entry's number and hash; `None` before any.
        newest: Option<(i64, AuditHash)>,
        /// Where it was cut last.
        cut: Option<Checkpoint>,
        /// Where the hash that was looked for stands, if one was.
        found: Option<Found>,
    },
    /// It was tampered with, or its file is damaged.
    Broken {
        /// The first entry that is wrong.
        entry: i64,
        /// What is wrong with it.
        how: Damage,
    },
}

/// Where a hash stands in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is that entry's.
    Entry(i64),
    /// It is that of a checkpoint whose entries are gone.
    Cut(i64),
    /// Nowhere.
    Nowhere,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// It is not as it was written, or the one before it is not.
    Changed,
    /// It is not what its checkpoint says.
    AgainstItsCheckpoint,
}
