//! What Ringback says to a customer by itself. When it is said is `decide`'s and `callbacks`' business,
//! the words are the rules file's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! utterances {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Something that Ringback says to a customer by itself: in private, in their language, in
        /// the words of `[messages]`.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Utterance {
            $($(#[$doc])* $variant),+
        }

        impl Utterance {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

impl Utterance {
    /// Whether it offers, announces or asks about a call that is still to come. Who holds to text
    /// hears none of it.
    #[must_use]
    pub const fn is_about_a_call_to_come(self) -> bool {
        match self {
            Self::DetailsAsked
            | Self::CallComing
            | Self::CallWaits
            | Self::CallScheduled
            | Self::CallLate
            | Self::NoAnswer
            | Self::WrongNumber
            | Self::VideoOffered => true,
            Self::DataHidden
            | Self::IdentityNeeded
            | Self::FormSubmitted
            | Self::IdentityVerified
            | Self::CallExhausted
            | Self::IncidentStatus
            | Self::SatisfactionAsked => false,
        }
    }

    /// Whether it is said while a callback is open. Where the desk has to say it, its card says so.
    #[must_use]
    pub const fn is_of_open_callback(self) -> bool {
        self.is_about_a_call_to_come() || matches!(self, Self::IncidentStatus)
    }

    /// Whether everybody may hear it: it comes with no form and no buttons, tells no number, name, words
    /// or time of a call, which a stranger could use to pass for us, and is not about confidential data.
    #[must_use]
    pub const fn may_be_public(self) -> bool {
        match self {
            Self::CallLate | Self::CallExhausted | Self::IncidentStatus => true,
            Self::DataHidden
            | Self::IdentityNeeded
            | Self::DetailsAsked
            | Self::FormSubmitted
            | Self::IdentityVerified
            | Self::CallComing
            | Self::CallWaits
            | Self::CallScheduled
            | Self::NoAnswer
            | Self::WrongNumber
            | Self::VideoOffered
            | Self::SatisfactionAsked => false,
        }
    }

    /// Whether it is about a callback, open or over.
    #[must_use]
    pub const fn is_about_call(self) -> bool {
        self.is_of_open_callback() || matches!(self, Self::CallExhausted | Self::SatisfactionAsked)
    }
}

utterances! {
    /// Confidential data was hidden; please send no more of it here.
    DataHidden = "data_hidden",
    /// This needs an identity check: by phone, or with the form that comes with these words.
    IdentityNeeded = "identity_needed",
    /// Somebody will ring; the form that comes with these words asks for number and time.
    DetailsAsked = "details_asked",
    /// A form has arrived.
    FormSubmitted = "form_submitted",
    /// The identity check is done.
    IdentityVerified = "identity_verified",
    /// Somebody is about to ring, on which number, and the two words that they say first.
    CallComing = "call_coming",
    /// We ring later than now: outside our hours, or late or early where the customer is.
    CallWaits = "call_waits",
    /// We ring at a promised time.
    CallScheduled = "call_scheduled",
    /// Nobody has rung yet, and somebody sees to it.
    CallLate = "call_late",
    /// We rang and nobody answered; the form that comes with these words asks for a better time.
    NoAnswer = "no_answer",
    /// The number was not theirs; the form that comes with these words asks for another.
    WrongNumber = "wrong_number",
    /// We could not reach them, and stop ringing.
    CallExhausted = "call_exhausted",
    /// How a disturbance stands, in a supervisor's words.
    IncidentStatus = "incident_status",
    /// A video call instead of a phone call.
    VideoOffered = "video_offered",
    /// Whether the call helped: one tap.
    SatisfactionAsked = "satisfaction_asked",
}
