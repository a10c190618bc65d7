//! Names and keys: each a type of its own with one parsing constructor.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::private::Private;

/// Why a text is not a valid id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing in it.
    #[error("must not be empty")]
    Empty,
    /// Longer than the type allows.
    #[error("must be at most {max} bytes long")]
    TooLong {
        /// The longest allowed, in bytes.
        max: usize,
    },
    /// A character that could break a log line, a URL or a page.
    #[error("must not contain control characters")]
    Control,
    /// A name that people type must be plain.
    #[error("may contain only lower-case letters, digits, `-`, `_` and `.`")]
    NotPlain,
    /// Not two capital letters.
    #[error("write the country with two capital letters, such as \"DE\"")]
    NotACountry,
}

fn check_text(text: &str, max: usize) -> Result<(), InvalidId> {
    if text.is_empty() {
        Err(InvalidId::Empty)
    } else if text.len() > max {
        Err(InvalidId::TooLong { max })
    } else if text.chars().any(char::is_control) {
        Err(InvalidId::Control)
    } else {
        Ok(())
    }
}

fn check_name(text: &str, max: usize) -> Result<(), InvalidId> {
    check_text(text, max)?;
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if text.chars().all(plain) {
        Ok(())
    } else {
        Err(InvalidId::NotPlain)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $max:literal, $check:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the text.
            ///
            /// # Errors
            /// When it is empty, too long or holds a forbidden character.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                $check(text, $max)?;
                Ok(Self(text.into()))
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// One account on one network that messages come in on, as named in the settings: at most
    /// 64 lower-case letters, digits, `-`, `_`, `.`.
    ChannelName, 64, check_name
);
text_id!(
    /// One thread of a channel, as the network names it: at most 256 bytes.
    ThreadId, 256, check_text
);
text_id!(
    /// One message of a thread, as the network names it: at most 256 bytes.
    MessageId, 256, check_text
);
text_id!(
    /// A desk's name in the rules file.
    DeskName, 64, check_name
);
text_id!(
    /// An agent account's name: at most 64 lower-case letters, digits, `-`, `_`, `.`.
    AccountName, 64, check_name
);
text_id!(
    /// A topic from the admin's list: at most 64 lower-case letters, digits, `-`, `_`, `.`.
    Topic, 64, check_name
);
text_id!(
    /// A tag that a channel sets on a message, such as `vip`.
    Tag, 64, check_name
);
text_id!(
    /// The name of one of the admin's `[[forms]]`.
    FormName, 64, check_name
);
text_id!(
    /// The name of one of the admin's `[[patterns]]`.
    PatternName, 64, check_name
);
text_id!(
    /// The name of one of the admin's `[[rules]]`.
    AdminRuleName, 64, check_name
);

fn check_country(text: &str, max: usize) -> Result<(), InvalidId> {
    check_text(text, max)?;
    if text.len() == max && text.bytes().all(|letter| letter.is_ascii_uppercase()) {
        Ok(())
    } else {
        Err(InvalidId::NotACountry)
    }
}

text_id!(
    /// A country: two capital letters, as ISO 3166 has them.
    CountryCode, 2, check_country
);
text_id!(
    /// How an agent account is shown to people: a person's name, at most 64 bytes.
    ShownName, 64, check_text
);

text_id!(
    /// A chat of a network, as the network names it: a group or one person's: at most 64 bytes.
    ChatId, 64, check_text
);
text_id!(
    /// A message in a chat of a network, as the network names it: at most 64 bytes.
    PostId, 64, check_text
);
text_id!(
    /// A topic of a forum, as the network names it: at most 64 bytes.
    TopicId, 64, check_text
);
text_id!(
    /// A person of a network, as the network names them for good: at most 64 bytes.
    PersonId, 64, check_text
);
text_id!(
    /// What the buttons under a post say: random and opaque, at most 48 bytes, so that there is room
    /// for which one of them was pressed.
    ButtonToken, 48, check_name
);
text_id!(
    /// A business account's connection to the bot, as the network names it: at most 256 bytes.
    ConnectionId, 256, check_text
);

/// A thread's address: its channel and the network's id for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThreadKey {
    /// The channel it is on.
    pub channel: ChannelName,
    /// The network's id.
    pub thread: ThreadId,
}

/// A customer's name or handle on a channel, as the network gives it: at most 256 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Author(Private<Arc<str>>);

impl Author {
    /// Parses the text.
    ///
    /// # Errors
    /// When it is empty, longer than 256 bytes or holds a control character.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        check_text(text, 256)?;
        Ok(Self(Private::new(text.into())))
    }

    /// The handle itself; it is a person's name, so mind where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl TryFrom<String> for Author {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<Author> for String {
    fn from(author: Author) -> Self {
        author.reveal().to_owned()
    }
}

/// Whom a text preference binds: an author on a channel. Where no author is known, it binds the
/// thread alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomerKey {
    /// The channel.
    pub channel: ChannelName,
    /// The author.
    pub author: Author,
}

/// The first 12 hexadecimal digits of the SHA-256 of the rules file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RulesVersion(pub Arc<str>);

impl fmt::Display for RulesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
