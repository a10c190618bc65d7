//! Forms that customers fill in away from the chat, and how far one has come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{hours::Zone, ids::FormName, private::Private, reading::Language, time::Timestamp};

/// One form asked of one customer, for one case: its number among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormRequestId(pub i64);

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An identity check (a verification): with this one of the admin's `[[forms]]`. What is filled
    /// in is sealed.
    Identity(FormName),
    /// Number, time and consent for a call. Not sealed: prompts need it.
    Details,
}

impl Purpose {
    /// Which kind of form it is.
    #[must_use]
    pub const fn kind(&self) -> FormKind {
        match self {
            Self::Identity(_) => FormKind::Identity,
            Self::Details => FormKind::Details,
        }
    }

    /// The name of the identity form.
    #[must_use]
    pub const fn form(&self) -> Option<&FormName> {
        match self {
            Self::Identity(form) => Some(form),
            Self::Details => None,
        }
    }
}

/// The kinds of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// An identity check.
    Identity,
    /// Number, time and consent for a call.
    Details,
}

/// How far a form has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FormState {
    /// The customer was asked.
    Sent,
    /// The customer has opened it.
    Opened,
    /// The customer has filled it in. A details form ends here.
    Submitted,
    /// Ended: the check went well.
    Verified,
    /// Ended: the check did not.
    Failed,
    /// Ended: not filled in, or not checked, in time.
    Expired,
    /// Ended: taken back, or another took its place.
    Withdrawn,
}

impl FormState {
    /// Whether the customer can still fill it in.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Opened)
    }
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// It is they.
    Verified,
    /// It may not be.
    Failed,
}

/// The words that a customer agrees to before we ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedWords {
    /// A hash of exactly these words.
    pub version: String,
    /// Their language.
    pub language: Language,
    /// The words.
    pub words: String,
}

/// What a customer wants us to know before we ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallDetails {
    /// Ring, please.
    Ring {
        /// The number, in E.164.
        number: Private<String>,
        /// When it suits, in the customer's words; empty: any time.
        best_time: Private<String>,
        /// The time that they chose among those offered; `None`: as soon as possible.
        ring_at: Option<Timestamp>,
        /// The zone that they say they are in; `None`: they were not asked.
        zone: Option<Zone>,
        /// The version (a hash) of the words that they agreed to.
        consent_version: String,
    },
    /// Stay in text.
    StayInText,
}
