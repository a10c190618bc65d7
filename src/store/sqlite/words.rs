//! How values look in the database: the one place where database text is mapped to enums and back.
//! Text that is none of the words is an error.

use std::cell::Cell;

use rusqlite::{
    Row, Statement,
    types::{FromSql, ValueRef},
};
use serde::de::DeserializeOwned;

use crate::{
    domain::{
        account::Role,
        callback::{KeepTyping, Outcome, Reminded},
        chat::Network,
        form::{FormKind, FormState},
        message::{Attachment, Party, Visibility},
        number::NumberSource,
        reading::{Correction, TextWish},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            CallbackState, CaseState, Scope, Triage,
            audit::Verb,
            calls::LineState,
            chat::{CarriedState, ConnectionState, PostKind},
            dialled::{DialResult, DialState},
            examples::ExampleSource,
            held::HeldState,
        },
    },
};

/// An enum that is one word in the database.
pub(super) trait Word: Sized + Copy {
    /// What it is, for the error when a word is unknown.
    const WHAT: &'static str;
    /// The word.
    fn word(self) -> &'static str;
    /// The value of that word.
    fn of(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($type:ty, $what:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl Word for $type {
            const WHAT: &'static str = $what;
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(
    Party,
    "messages.party",
    Customer = "customer",
    Agent = "agent",
    Bot = "bot"
);
words!(
    Visibility,
    "messages.visibility",
    Public = "public",
    Private = "private"
);
words!(
    Attachment,
    "messages.attachment",
    Photo = "photo",
    Video = "video",
    Voice = "voice",
    Audio = "audio",
    Document = "document",
    Sticker = "sticker",
    Location = "location",
    Contact = "contact",
    Other = "other",
);
words!(Network, "posts.network", Telegram = "telegram");
words!(
    PostKind,
    "posts.kind",
    Card = "card",
    ForClaimer = "for_claimer",
    Nudge = "nudge",
    Relayed = "relayed",
    Answer = "answer",
    Carried = "carried",
    Notice = "notice",
    Queue = "queue",
    Incident = "incident",
    Desk = "desk",
    Doubt = "doubt",
);
words!(
    ConnectionState,
    "chat_connections.state",
    Pending = "pending",
    Accepted = "accepted",
    Refused = "refused",
);
words!(
    CarriedState,
    "carried.state",
    Waiting = "waiting",
    Arrived = "arrived",
    Failed = "failed",
    Unknown = "unknown",
);
words!(TextWish, "cases.hold", Case = "case", Always = "always");
words!(
    NumberSource,
    "numbers.source",
    Channel = "channel",
    Message = "message",
    Form = "form",
    Agent = "agent",
);
words!(
    Outcome,
    "callbacks.outcome",
    Solved = "solved",
    FollowUp = "follow_up",
    Declined = "declined",
    WrongNumber = "wrong_number",
    NoAnswer = "no_answer"
);
words!(
    Reminded,
    "callbacks.reminded",
    Nobody = "nobody",
    Desk = "desk",
    Supervisor = "supervisor"
);
words!(
    CaseState,
    "cases.state",
    Open = "open",
    Resolved = "resolved",
    Lapsed = "lapsed"
);
words!(
    CallbackState,
    "callbacks.state",
    Due = "due",
    Claimed = "claimed",
    NoAnswer = "no_answer",
    Scheduled = "scheduled",
    Done = "done",
    Withdrawn = "withdrawn",
    Exhausted = "exhausted",
);
words!(
    Triage,
    "threads.triage",
    Quiet = "quiet",
    Solved = "solved",
    WaitingOnCustomer = "waiting_on_customer",
    WaitingOnUs = "waiting_on_us",
    NeedsCall = "needs_call",
);
words!(
    Scope,
    "api_tokens.scopes",
    Messages = "messages",
    Read = "read",
    Callbacks = "callbacks",
);

words!(
    Verb,
    "audit.verb",
    Renewed = "renewed",
    HandedOver = "handed_over",
    OfferedVideo = "offered_video",
    SentAgain = "sent_again",
    LinkedChat = "linked_chat",
    UnlinkedChat = "unlinked_chat",
    PairedGroup = "paired_group",
    UnpairedGroup = "unpaired_group",
    Dialled = "dialled",
    HeldIncident = "held_incident",
    EndedIncident = "ended_incident",
    Linked = "linked",
    Unlinked = "unlinked",
    SetNumber = "set_number",
    ForbadeCalls = "forbade_calls",
    AllowedCalls = "allowed_calls",
    SignedIn = "signed_in",
    SignedOut = "signed_out",
    SetPassword = "set_password",
    ChangedSecondFactor = "changed_second_factor",
    AddedAccount = "added_account",
    MadeLink = "made_link",
    ChangedAccount = "changed_account",
    Viewed = "viewed",
    Replied = "replied",
    WasHeld = "was_held",
    SentAnyway = "sent_anyway",
    Discarded = "discarded",
    ChoseCall = "chose_call",
    Noted = "noted",
    Corrected = "corrected",
    Confirmed = "confirmed",
    SawTo = "saw_to",
    Unmuted = "unmuted",
    OpenedSubmission = "opened_submission",
    CheckedForm = "checked_form",
    Claimed = "claimed",
    Released = "released",
    Scheduled = "scheduled",
    KeptTyping = "kept_typing",
    Done = "done",
    AskedForm = "asked_form",
    MadeFormLink = "made_form_link",
    WithdrewForm = "withdrew_form",
    Exported = "exported",
    Erased = "erased",
);
words!(
    DialState,
    "dialled.state",
    Asked = "asked",
    Taken = "taken",
    GivenUp = "given_up",
    Ended = "ended",
);
words!(
    DialResult,
    "dialled.result",
    Answered = "answered",
    NoAnswer = "no_answer",
    Busy = "busy",
    Failed = "failed",
);
words!(
    LineState,
    "calls.told_state",
    Sent = "sent",
    Held = "held",
    NotSent = "not_sent",
);
words!(
    HeldState,
    "held_answers.state",
    Held = "held",
    Returned = "returned",
    Sent = "sent",
    Replaced = "replaced",
    Swapped = "swapped",
    Discarded = "discarded",
);
words!(
    Role,
    "accounts.role",
    Agent = "agent",
    Supervisor = "supervisor",
    Admin = "admin",
);
words!(
    KeepTyping,
    "callbacks.why",
    Answering = "answering",
    Thanks = "thanks",
    BeingHandled = "being_handled",
    NotACustomer = "not_a_customer",
);
words!(
    FormKind,
    "form_requests.purpose",
    Identity = "identity",
    Details = "details",
);
words!(
    FormState,
    "form_requests.state",
    Sent = "sent",
    Opened = "opened",
    Submitted = "submitted",
    Verified = "verified",
    Failed = "failed",
    Expired = "expired",
    Withdrawn = "withdrawn",
);
words!(
    Correction,
    "corrections.correction",
    NotThanks = "not_thanks",
    Thanks = "thanks",
    NotSecret = "not_secret",
);

words!(
    ExampleSource,
    "examples.source",
    CameBack = "came_back",
    NotHelped = "not_helped",
    KeptTyping = "kept_typing",
    Checked = "checked",
);

/// The value of a word.
pub(super) fn of_word<T: Word>(word: &str) -> Result<T, StoreError> {
    T::of(word).ok_or(StoreError::Corrupt(T::WHAT))
}

/// A point in time as it is stored.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The first microsecond that is not before `at`: a timer must never go off too early.
pub(super) fn micros_up(at: Timestamp) -> i64 {
    let micros = at.as_microsecond();
    let is_between = at.subsec_nanosecond() % 1_000 > 0;
    if is_between && at < Timestamp::MAX {
        micros.saturating_add(1)
    } else {
        micros
    }
}

/// JSON as it is stored. Our own types always serialise.
pub(super) fn json<T: serde::Serialize>(
    value: &T,
    what: &'static str,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt(what))
}

/// JSON as it was stored. serde's error may quote the value, so it is not kept.
pub(super) fn of_json<T: DeserializeOwned>(
    text: &str,
    what: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt(what))
}

/// Takes columns out of a row as our types.
pub(super) trait Columns {
    /// A column's value as SQLite has it.
    fn value(&self, column: &str) -> Result<ValueRef<'_>, StoreError>;

    /// A value that needs no reading.
    fn plain<T: FromSql>(&self, column: &str) -> Result<T, StoreError> {
        T::column_result(self.value(column)?).map_err(|_| StoreError::Corrupt("a column"))
    }

    /// An enum stored as a word.
    fn word<T: Word>(&self, column: &str) -> Result<T, StoreError> {
        let word = self.value(column)?.as_str();
        of_word(word.map_err(|_| StoreError::Corrupt(T::WHAT))?)
    }

    /// One that may be absent.
    fn word_if_any<T: Word>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let word = self.value(column)?.as_str_or_null();
        let word = word.map_err(|_| StoreError::Corrupt(T::WHAT))?;
        word.map(of_word).transpose()
    }

    /// A point in time.
    fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        time_of(self.plain(column)?)
    }

    /// One that may be absent.
    fn time_if_any(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        let micros: Option<i64> = self.plain(column)?;
        micros.map(time_of).transpose()
    }

    /// An id or name, by its parsing constructor.
    fn id<T: TryFrom<String>>(&self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.plain(column)?;
        T::try_from(text).map_err(|_| StoreError::Corrupt(column))
    }

    /// One that may be absent.
    fn id_if_any<T: TryFrom<String>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.plain(column)?;
        text.map(|text| T::try_from(text).map_err(|_| StoreError::Corrupt(column)))
            .transpose()
    }

    /// A value stored as JSON.
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        let text = self.value(column)?.as_str();
        of_json(text.map_err(|_| StoreError::Corrupt(column))?, column)
    }

    /// One that may be absent.
    fn json_if_any<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.value(column)?.as_str_or_null();
        let text = text.map_err(|_| StoreError::Corrupt(column))?;
        text.map(|text| of_json(text, column)).transpose()
    }
}

impl Columns for Row<'_> {
    fn value(&self, column: &str) -> Result<ValueRef<'_>, StoreError> {
        Ok(self.get_ref(column)?)
    }
}

/// A row of many columns that are taken in the order in which they are selected: each is looked for
/// behind the one before. `Row` looks among all of them each time, which would take longer than to
/// find the row.
pub(super) struct InOrder<'a> {
    row: &'a Row<'a>,
    next: Cell<usize>,
}

impl<'a> InOrder<'a> {
    pub(super) const fn of(row: &'a Row<'a>) -> Self {
        Self {
            row,
            next: Cell::new(0),
        }
    }
}

impl Columns for InOrder<'_> {
    fn value(&self, column: &str) -> Result<ValueRef<'_>, StoreError> {
        let selected: &Statement<'_> = self.row.as_ref();
        let next = self.next.get();
        let mut places = (next..selected.column_count()).chain(0..next);
        let is_it = |place: &usize| selected.column_name(*place) == Ok(column);
        let place = places.find(is_it).ok_or(StoreError::Corrupt("a column"))?;
        self.next.set(place + 1);
        Ok(self.row.get_ref(place)?)
    }
}

fn time_of(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Corrupt("a time"))
}

#[cfg(test)]
mod tests {
    use super::{CallbackState, KeepTyping, Scope, Timestamp, Triage, Word, micros, micros_up};

    fn every_word_reads_back<T: Word + PartialEq + std::fmt::Debug>(values: &[T]) {
        for value in values {
            assert_eq!(T::of(value.word()), Some(*value));
        }
        assert_eq!(T::of("nonsense"), None);
    }

    #[test]
    fn words_read_back_and_an_unknown_one_does_not() {
        use CallbackState::{Claimed, Done, Due, Exhausted, NoAnswer, Scheduled, Withdrawn};
        use KeepTyping::{Answering, BeingHandled, NotACustomer, Thanks};
        use Triage::{NeedsCall, Quiet, Solved, WaitingOnCustomer, WaitingOnUs};
        every_word_reads_back(&[
            Due, Claimed, NoAnswer, Scheduled, Done, Withdrawn, Exhausted,
        ]);
        every_word_reads_back(&[Answering, Thanks, BeingHandled, NotACustomer]);
        every_word_reads_back(&[Quiet, Solved, WaitingOnCustomer, WaitingOnUs, NeedsCall]);
        every_word_reads_back(&[Scope::Messages, Scope::Read, Scope::Callbacks]);
    }

    #[test]
    fn a_timer_is_never_stored_too_early() {
        let between = Timestamp::new(1, 1_500).expect("a time");
        assert_eq!(
            (micros(between), micros_up(between)),
            (1_000_001, 1_000_002)
        );
        let exact = Timestamp::new(1, 2_000).expect("a time");
        assert_eq!(micros_up(exact), micros(exact));
        assert_eq!(micros_up(Timestamp::MAX), micros(Timestamp::MAX));
    }
}
