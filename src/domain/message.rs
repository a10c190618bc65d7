//! One message, as a channel hands it in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ids::{Author, MessageId, Tag, ThreadKey},
    private::Private,
    reading::Language,
    time::Timestamp,
};

/// The longest text a message may have, in bytes of UTF-8. Networks allow far less; an e-mail
/// body may be long.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;

/// The longest text that a person types into a box of ours, in characters: a chat line, an answer, a
/// note, a line of a call.
pub const MAX_TYPED: usize = 4_000;

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The customer of the thread.
    Customer,
    /// Any person of ours.
    Agent,
    /// Any automation. Never counts.
    Bot,
}

/// Who can see a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody on the network.
    Public,
    /// The customer and us.
    #[default]
    Private,
}

/// One post, direct message, chat line or e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The thread it belongs to.
    pub thread: ThreadKey,
    /// Its id within the thread.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Party,
    /// The writer's handle, where the network gives one.
    pub author: Option<Author>,
    /// The text as received.
    pub text: Private<String>,
    /// When it was written.
    pub at: Timestamp,
    /// Who can see it.
    pub visibility: Visibility,
    /// The language, where the network gives one.
    pub language: Option<Language>,
    /// What the channel or the caller marked it with.
    pub tags: Vec<Tag>,
    /// What came with the text. Only the network has the thing itself.
    pub attachment: Option<Attachment>,
}

/// What a message brings beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attachment {
    /// A picture.
    Photo,
    /// A film, also a short one without sound.
    Video,
    /// A voice message.
    Voice,
    /// Music or another recording.
    Audio,
    /// A file.
    Document,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// Somebody's number.
    Contact,
    /// Anything else that the network can carry.
    Other,
}

impl Attachment {
    /// Stands in the place of the text where somebody sent the thing alone, in every language.
    #[must_use]
    pub const fn in_brackets(self) -> &'static str {
        match self {
            Self::Photo => "[photo]",
            Self::Video => "[video]",
            Self::Voice => "[voice]",
            Self::Audio => "[audio]",
            Self::Document => "[document]",
            Self::Sticker => "[sticker]",
            Self::Location => "[location]",
            Self::Contact => "[contact]",
            Self::Other => "[message]",
        }
    }
}

impl Message {
    /// Begins the ids of what Ringback says in a thread by itself.
    pub const OF_RINGBACK: &'static str = "ringback-";

    /// Whether Ringback said it by itself, and no other automation.
    #[must_use]
    pub fn is_ringbacks_own(&self) -> bool {
        self.from == Party::Bot && self.id.as_str().starts_with(Self::OF_RINGBACK)
    }
}
