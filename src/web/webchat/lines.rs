//! A message as the chat page is told it.

use serde::Serialize;

use crate::{
    domain::{
        form::{FormKind, FormRequestId, FormState},
        ids::{InvalidId, MessageId, ShownName},
        message::Party,
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    store::rows::webchat::ChatLine,
};

/// Begins the ids of messages that a chat page has sent, so that no page can take an id that
/// another message of the thread is about to have.
const OF_THE_PAGE: &str = "chat-";

/// The longest key, in characters.
const KEY_LENGTH: usize = 64;

/// The id of the message that a page sends under a key of its own making.
///
/// # Errors
/// When the key is empty, longer than 64 characters, or has others than letters, digits, `-` and `_`.
pub(super) fn message_id(key: &str) -> Result<MessageId, InvalidId> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if key.is_empty() {
        Err(InvalidId::Empty)
    } else if key.len() > KEY_LENGTH {
        Err(InvalidId::TooLong { max: KEY_LENGTH })
    } else if key.chars().all(is_plain) {
        MessageId::parse(&format!("{OF_THE_PAGE}{key}"))
    } else {
        Err(InvalidId::Control)
    }
}

/// One line of the chat.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// Grows in order of arrival; also the event's id.
    pub(super) id: i64,
    /// Who wrote it.
    from: Party,
    /// The agent's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<ShownName>,
    /// The key under which the page has sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// The text, with confidential data masked.
    text: Private<String>,
    /// Its language, as BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<Language>,
    /// When it was written.
    at: Timestamp,
    /// Its writer changed it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    edited: bool,
    /// The form that it offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Form>,
    /// It asks whether a call helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<Question>,
}

/// The question whether a call helped, as the line that asks shows it.
#[derive(Debug, Serialize)]
struct Question {
    /// What was answered; null: nothing yet.
    helped: Option<bool>,
}

/// A form, as the line that offers it shows it.
#[derive(Debug, Serialize)]
struct Form {
    /// Its number.
    id: FormRequestId,
    /// What it is for.
    kind: FormKind,
    /// What can be done with it.
    state: Offer,
}

/// What a customer can do with a form.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Offer {
    /// Open it.
    Open,
    /// Nothing: it is filled in.
    Done,
    /// Nothing: it is over.
    Over,
}

impl From<FormState> for Offer {
    fn from(state: FormState) -> Self {
        match state {
            FormState::Sent | FormState::Opened => Self::Open,
            FormState::Submitted | FormState::Verified | FormState::Failed => Self::Done,
            FormState::Expired | FormState::Withdrawn => Self::Over,
        }
    }
}

impl From<ChatLine> for Line {
    fn from(line: ChatLine) -> Self {
        let key = line.message.as_str().strip_prefix(OF_THE_PAGE);
        Self {
            id: line.id,
            from: line.from,
            key: key
                .filter(|_| line.from == Party::Customer)
                .map(str::to_owned),
            name: line.name,
            text: line.text,
            lang: line.language,
            at: line.at,
            edited: line.edited_at.is_some(),
            form: line.form.map(|form| Form {
                id: form.id,
                kind: form.kind,
                state: form.state.into(),
            }),
            question: line.question.map(|question| Question {
                helped: question.helped,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::message_id;

    #[test]
    fn a_key_is_short_and_plain_and_no_other_messages_id() {
        let id = message_id("a-B_9").expect("a key");
        assert_eq!(id.as_str(), "chat-a-B_9");
        let long = "x".repeat(64);
        assert!(message_id(&long).is_ok());
        for wrong in ["", "a b", "ä", "a/b", "a\n", &format!("{long}x")] {
            assert!(message_id(wrong).is_err(), "{wrong:?}");
        }
    }
}
