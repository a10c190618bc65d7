//! What it means when the Bot API does not do what it is asked, by what is to be done next. Never holds
//! what was sent: Telegram's own words may repeat it.

use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use teloxide::types::ChatId;

use crate::engine::SendError;

/// Why a request did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Too much at once, or not its turn: again after so long. It was not done.
    #[error("Telegram takes more in a while")]
    Later(Duration),
    /// The person has blocked the bot, is gone, or never wrote to it.
    #[error("the bot may not write to this person")]
    Blocked,
    /// The bot is not in this group any more, or there is no such chat.
    #[error("the bot is not in this chat")]
    ChatGone,
    /// The topic was deleted.
    #[error("the topic was deleted")]
    TopicGone,
    /// The topic is closed.
    #[error("the topic is closed")]
    TopicClosed,
    /// The group became a supergroup of this id.
    #[error("the group has another id now")]
    Moved(ChatId),
    /// It says so already.
    #[error("it says so already")]
    NotModified,
    /// The message to edit, delete or answer is not there, or too old for it.
    #[error("the message is not there any more")]
    MessageGone,
    /// The button was pressed too long ago to be answered.
    #[error("the button was pressed too long ago")]
    QueryGone,
    /// A right is missing, such as to write in a Business account's chats or to pin.
    #[error("the bot lacks a right")]
    RightMissing,
    /// Another program asks for this bot's updates.
    #[error("another program polls this bot")]
    Conflict,
    /// A webhook is set, so updates cannot be asked for.
    #[error("a webhook is set for this bot")]
    WebhookSet,
    /// The token is wrong or was revoked.
    #[error("Telegram does not know this token")]
    WrongToken,
    /// Telegram will never do it. The words are ours.
    #[error("Telegram refuses it: {0}")]
    Refused(&'static str),
    /// Nothing arrived, or it was surely not done: try again.
    #[error("Telegram cannot be reached")]
    Unreachable,
    /// It may or may not have been done.
    #[error("the connection broke off")]
    Unknown,
}

/// What the Bot API says beside an error.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Parameters {
    migrate_to_chat_id: Option<i64>,
    retry_after: Option<u64>,
}

/// What an error of the Bot API means. Its descriptions are no contract, so what is not known is told
/// by its code alone.
pub(super) fn of_answer(code: u16, description: &str, parameters: Option<Parameters>) -> Failure {
    if let Some(id) = parameters.and_then(|parameters| parameters.migrate_to_chat_id) {
        return Failure::Moved(ChatId(id));
    }
    if let Some(seconds) = parameters.and_then(|parameters| parameters.retry_after) {
        return Failure::Later(Duration::from_secs(seconds));
    }
    let said = description.to_ascii_lowercase();
    let says = |words: &str| said.contains(words);
    match code {
        400 if says("not modified") || says("_not_modified") => Failure::NotModified,
        400 if says("message thread not found")
            || says("topic_deleted")
            || says("topic_id_invalid") =>
        {
            Failure::TopicGone
        }
        400 if says("topic_closed") => Failure::TopicClosed,
        400 if says("query is too old") => Failure::QueryGone,
        400 if (says("message to") || says("reply message")) && says("not found")
            || says("message can't be edited")
            || says("message can't be deleted")
            || says("message_id_invalid") =>
        {
            Failure::MessageGone
        }
        400 if says("chat not found")
            || says("group is deactivated")
            || says("channel_private")
            || says("peer_id_invalid") =>
        {
            Failure::ChatGone
        }
        400 if says("not enough rights")
            || says("no rights")
            || says("chat_admin_required")
            || says("business_peer_usage_missing")
            || says("business_connection")
            || says("business connection")
            || says("chat_write_forbidden")
            || says("need administrator rights") =>
        {
            Failure::RightMissing
        }
        400 if says("too long") || says("message_too_long") => Failure::Refused("it is too long"),
        400 if says("voice_messages_forbidden") => {
            Failure::Refused("the person takes no voice or video messages")
        }
        400 if says("can't parse entities") => Failure::Refused("its markup cannot be read"),
        400 => Failure::Refused("the request is not as it should be"),
        401 | 404 => Failure::WrongToken,
        403 if says("kicked") || says("not a member") || says("chat was deleted") => {
            Failure::ChatGone
        }
        403 if says("blocked") || says("deactivated") || says("can't initiate") => Failure::Blocked,
        403 => Failure::RightMissing,
        409 if says("webhook") => Failure::WebhookSet,
        409 => Failure::Conflict,
        413 => Failure::Refused("it is too large"),
        429 => Failure::Later(Duration::from_secs(1)),
        500.. => Failure::Unreachable,
        _ => Failure::Refused("the answer is not known"),
    }
}

/// What an answer means that is not the Bot API's: a proxy's, or one cut off.
pub(super) fn of_unreadable(status: StatusCode) -> Failure {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Failure::Later(Duration::from_secs(1)),
        status if status.is_server_error() => Failure::Unreachable,
        // A success whose words cannot be read was done all the same.
        _ => Failure::Unknown,
    }
}

/// Before the connection stood nothing can have arrived; afterwards anything may have.
pub(super) fn of_error(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::Unreachable
    } else {
        Failure::Unknown
    }
}

impl From<Failure> for SendError {
    /// For the outbox, where nothing better can be done about it.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Later(after) => Self::Later { after },
            Failure::Unreachable
            | Failure::WrongToken
            | Failure::Conflict
            | Failure::WebhookSet => Self::Retry { after: None },
            Failure::Unknown => Self::Unknown,
            other => Self::Permanent {
                reason: other.to_string(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
