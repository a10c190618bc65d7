//! What Ringback understood of one message, and what it must remember of the thread to
//! understand the next.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ids::Topic, message::Party, private::Private};

/// A language as a lower-case BCP 47 primary subtag, such as `en` or `pt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language([u8; 3]);

impl Language {
    /// English, where nothing else is known.
    pub const ENGLISH: Self = Self(*b"en\0");

    /// Takes the primary subtag of a BCP 47 tag: `de`, `pt-BR`, `EN_us`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let mut letters = [0; 3];
        if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        for (slot, byte) in letters.iter_mut().zip(primary.bytes()) {
            *slot = byte.to_ascii_lowercase();
        }
        Some(Self(letters))
    }

    /// The subtag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0)
            .unwrap_or("und")
            .trim_end_matches('\0')
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::parse(&tag).ok_or_else(|| serde::de::Error::custom("not a language tag"))
    }
}

/// How a message closes, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closing {
    /// Grateful or plainly satisfied, and nothing is left open.
    Thanks,
    /// The ball is in somebody's court.
    Waiting(WaitsFor),
}

/// Whom a waiting customer waits for. Both show as `waiting`; a case whose customer waits for us
/// never lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// An act of their own: "I'll try that and let you know".
    Customer,
    /// An act of ours: "ok, I'll wait till Friday".
    Us,
}

/// The customer's wish to stay in text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TextWish {
    /// For this case: "here is fine".
    Case,
    /// For good: "never phone me".
    Always,
}

/// How identity data comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// An agent asks for it in the channel.
    Asked,
    /// A customer gives or offers it.
    Offered,
    /// The enquiry itself needs a check.
    Needed,
}

/// How much identity data gives away.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum IdentityLevel {
    /// Finds a record or a person.
    Identifying,
    /// Proves who someone is or opens an account.
    Confidential,
}

/// Identity data in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// How it comes up.
    pub kind: IdentityKind,
    /// How much it gives away.
    pub level: IdentityLevel,
}

impl Identity {
    /// An enquiry that needs a check.
    pub const NEEDED: Self = Self {
        kind: IdentityKind::Needed,
        level: IdentityLevel::Confidential,
    };
}

macro_rules! span_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A kind of sensitive data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum SpanKind {
            $($(#[$doc])* $variant),+
        }

        impl SpanKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and in `⟦masks⟧`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The kind of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

span_kinds! {
    /// A card number of a known issuer, Luhn-valid.
    PaymentCard = "payment_card",
    /// An IBAN with a valid check.
    Iban = "iban",
    /// Digits next to a bank-account word, or a valid US routing number.
    BankAccount = "bank_account",
    /// A national identity number.
    NationalId = "national_id",
    /// A passport number next to its word.
    Passport = "passport",
    /// A date next to a birth word.
    BirthDate = "birth_date",
    /// What stands next to a password word.
    Password = "password",
    /// Digits next to a PIN word.
    Pin = "pin",
    /// Digits next to a one-time-code word.
    OneTimeCode = "one_time_code",
    /// What one of the admin's `[[patterns]]` finds.
    Custom = "custom",
    /// A phone number. Never masked.
    Phone = "phone",
    /// An e-mail address. Never masked.
    Email = "email",
}

impl SpanKind {
    /// The level that SPEC gives the kind.
    #[must_use]
    pub const fn default_level(self) -> IdentityLevel {
        match self {
            Self::Phone | Self::Email => IdentityLevel::Identifying,
            _ => IdentityLevel::Confidential,
        }
    }

    /// Whether spans of this kind are masked. Phone and e-mail are how we ring back.
    #[must_use]
    pub const fn is_masked(self) -> bool {
        !matches!(self, Self::Phone | Self::Email)
    }
}

impl fmt::Display for SpanKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of kinds of sensitive data, kept as the list of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<SpanKind>", into = "Vec<SpanKind>")]
pub struct SpanKinds(u16);

impl SpanKinds {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the kind is one of them.
    #[must_use]
    pub const fn contains(self, kind: SpanKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// The kinds of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn bit(kind: SpanKind) -> u16 {
        1 << kind as u16
    }
}

impl FromIterator<SpanKind> for SpanKinds {
    fn from_iter<I: IntoIterator<Item = SpanKind>>(kinds: I) -> Self {
        let bits = kinds.into_iter().fold(0, |set, kind| set | Self::bit(kind));
        Self(bits)
    }
}

impl From<Vec<SpanKind>> for SpanKinds {
    fn from(kinds: Vec<SpanKind>) -> Self {
        kinds.into_iter().collect()
    }
}

impl From<SpanKinds> for Vec<SpanKind> {
    fn from(kinds: SpanKinds) -> Self {
        let all = SpanKind::ALL.iter().copied();
        all.filter(|kind| kinds.contains(*kind)).collect()
    }
}

/// A stretch of sensitive data: `start..end` in Unicode scalar values of the text as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct SensitiveSpan {
    /// What it is.
    pub kind: SpanKind,
    /// The first scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// What a judgement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Head {
    /// `closing`: thanks.
    Thanks,
    /// What kept a word of thanks from being read as thanks.
    NotThanks,
    /// `closing`: waiting.
    Waiting,
    /// `wants_call`.
    WantsCall,
    /// `wants_text`.
    WantsText,
    /// `unsolved`.
    Unsolved,
    /// `answers`.
    Answers,
    /// `identity`.
    Identity,
    /// `urgent`.
    Urgent,
    /// `topic`.
    Topic,
}

/// The words that decided one head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The judgement they decided.
    pub head: Head,
    /// The words, as the customer or agent wrote them.
    pub words: Private<String>,
}

impl Evidence {
    /// The words that decided one of those heads, in order: `but … still`. Empty where none did.
    #[must_use]
    pub fn words_of(evidence: &[Self], heads: &[Head]) -> Private<String> {
        let of_heads = evidence.iter().filter(|said| heads.contains(&said.head));
        let words: Vec<&str> = of_heads.map(|said| said.words.reveal().trim()).collect();
        Private::new(words.join(" … "))
    }
}

/// What an agent says a reading got wrong. Kept as a labelled example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// It was read as thanks and is none.
    NotThanks,
    /// It is thanks and was not read so.
    Thanks,
    /// What was masked in it is not confidential.
    NotSecret,
}

/// What one message of ours did, so that a short reply to it can be understood. All false for a
/// mere courtesy ("you're welcome", "anything else I can do?").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// Asked the customer something, or told them to send something.
    pub asks: bool,
    /// Asked for identity data.
    pub asks_identity: bool,
    /// Which kinds of it, where they are kinds of span: an answer to that is such data, even where
    /// no word in it says so.
    #[serde(skip_serializing_if = "SpanKinds::is_empty")]
    pub asked_for: SpanKinds,
    /// Offered a call, which a "yes please" accepts. Announcing a call is a promise instead.
    pub offers_call: bool,
    /// Promised that we would come back: "we'll ring at five", "I'll check and tell you".
    pub promises: bool,
    /// Told the customer to do something: "please restart it".
    pub instructs: bool,
    /// Answered, reported an outcome or a forecast.
    pub reports: bool,
    /// Asked whether there is anything else, which a "no, that's all" closes.
    pub asks_anything_else: bool,
}

/// What was said before the message being read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// What our newest turn did; `None` until we have spoken in this case.
    pub ours: Option<Marks>,
    /// We have spoken since the customer last did.
    pub ours_is_last: bool,
    /// The customer has written something that still wants our answer since we last spoke.
    pub unanswered: bool,
    /// The customer has answered our question since we last spoke.
    pub answered: bool,
    /// The thread's language, once a message was long enough to tell.
    pub language: Option<Language>,
    /// The language of the newest message that told one, where it is not the thread's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turning_to: Option<Language>,
    /// The newest counted message, of this party, ends with digits or with a word that announces a
    /// value: their next one may go on with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trails: Option<Party>,
}

impl Context {
    /// Notes the language of a message that tells it. One message in another language ("ok thanks")
    /// does not turn a thread; two in a row do.
    pub fn hear_language(&mut self, heard: Language) {
        let is_new = self.language.is_none() || self.turning_to == Some(heard);
        if is_new || self.language == Some(heard) {
            self.language = Some(heard);
            self.turning_to = None;
        } else {
            self.turning_to = Some(heard);
        }
    }
}

/// What Ringback understood of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How the message closes.
    pub closing: Option<Closing>,
    /// The probability that `closing` is thanks, 0 to 1.
    pub thanks_probability: f32,
    /// Asks to be phoned, or accepts an offer of it.
    pub wants_call: bool,
    /// Wishes to stay in text.
    pub wants_text: Option<TextWish>,
    /// Says that it is not solved.
    pub unsolved: bool,
    /// Only answers our question or acknowledges our message.
    pub answers: bool,
    /// A farewell or a bare acknowledgement and nothing else ("ok", "bye", 👍), whatever
    /// `closing` makes of it.
    pub acknowledges: bool,
    /// Identity data asked for, offered or needed.
    pub identity: Option<Identity>,
    /// The enquiry needs an identity check, whatever `identity` shows.
    pub needs_check: bool,
    /// Sensitive data found, in order of `start`, not overlapping.
    pub sensitive: Vec<SensitiveSpan>,
    /// Ends with digits or with a word that announces a value.
    pub trails: bool,
    /// Has one of the urgent words.
    pub urgent: bool,
    /// The contact reason.
    pub topic: Option<Topic>,
    /// Which of the vocabulary's `word_lists` have a word in the message, in order.
    pub word_lists: Vec<usize>,
    /// The message's language, or the thread's where the message is too short to tell.
    pub language: Language,
    /// Whether `language` was told by this message itself.
    pub language_is_sure: bool,
    /// What a message of ours did; all false on a customer's.
    pub marks: Marks,
    /// The words that decided.
    pub evidence: Vec<Evidence>,
}

impl Reading {
    /// A reading in which nothing was found.
    #[must_use]
    pub fn blank(language: Language) -> Self {
        Self {
            closing: None,
            thanks_probability: 0.0,
            wants_call: false,
            wants_text: None,
            unsolved: false,
            answers: false,
            acknowledges: false,
            identity: None,
            needs_check: false,
            sensitive: Vec::new(),
            trails: false,
            urgent: false,
            topic: None,
            word_lists: Vec::new(),
            language,
            language_is_sure: false,
            marks: Marks::default(),
            evidence: Vec::new(),
        }
    }
}
