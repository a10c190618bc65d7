//! One message of the export: its parts as Telegram Desktop writes them. Looks at no other message.

use serde_json::Value;

use super::BadLine;
use crate::domain::{
    group::{Mention, Named},
    ids::PersonId,
    message::Attachment,
    time::Timestamp,
};

/// What a message says, and what came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    /// The text, the caption, or a word for what came alone.
    pub(super) text: String,
    /// What came with it.
    pub(super) attachment: Option<Attachment>,
    /// Whom it names.
    pub(super) mentions: Vec<Mention>,
    /// It is a command for a bot.
    pub(super) is_command: bool,
}

/// Whether it is a message at all, and not told by Telegram.
pub(super) fn is_message(value: &Value) -> bool {
    text_at(value, "type") == Some("message")
}

/// When it was written.
///
/// # Errors
/// When it does not say so.
pub(super) fn at(value: &Value) -> Result<Timestamp, BadLine> {
    let seconds = match value.get("date_unixtime") {
        Some(Value::String(seconds)) => seconds.parse::<i64>().ok(),
        Some(seconds) => seconds.as_i64(),
        // Older exports have the clock of whoever made them, and do not say where that was.
        None => text_at(value, "date")
            .and_then(|date| date.parse::<jiff::civil::DateTime>().ok())
            .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|date| date.timestamp().as_second()),
    };
    seconds
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(BadLine::NotInExport("date_unixtime"))
}

/// Who wrote it: `user123`, `channel123`. Older exports have the bare number.
///
/// # Errors
/// When it does not say so.
pub(super) fn from(value: &Value) -> Result<String, BadLine> {
    match value.get("from_id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id.clone()),
        Some(Value::Number(id)) => Ok(format!("user{id}")),
        _ => Err(BadLine::NotInExport("from_id")),
    }
}

/// A person by the id that exports give them.
pub(super) fn person(id: &str) -> Option<PersonId> {
    let number = match id.strip_prefix("channel") {
        Some(channel) => format!("-100{channel}"),
        None => id.strip_prefix("user").unwrap_or(id).to_owned(),
    };
    PersonId::parse(&number).ok()
}

/// What it says; `None`: nothing.
///
/// # Errors
/// When its text cannot be read.
pub(super) fn content(value: &Value) -> Result<Option<Content>, BadLine> {
    let mut text = String::new();
    let mut mentions = Vec::new();
    let mut leads = true;
    let mut is_command = false;
    match value.get("text") {
        None | Some(Value::Null) => {}
        Some(Value::String(plain)) => text.push_str(plain),
        Some(Value::Array(parts)) => {
            for part in parts {
                let words = part.as_str().or_else(|| text_at(part, "text"));
                let words = words.ok_or(BadLine::NotInExport("text"))?;
                is_command |= text.is_empty() && text_at(part, "type") == Some("bot_command");
                match named(part, words) {
                    Some(whom) => mentions.push(Mention { whom, leads }),
                    None => leads &= words.chars().all(|c| !c.is_alphanumeric()),
                }
                text.push_str(words);
            }
        }
        Some(_) => return Err(BadLine::NotInExport("text")),
    }
    let Some((attachment, word)) = attached(value) else {
        let said = (!text.is_empty()).then_some(Content {
            text,
            attachment: None,
            mentions,
            is_command,
        });
        return Ok(said);
    };
    let text = if text.is_empty() { word } else { text };
    Ok(Some(Content {
        text,
        attachment: Some(attachment),
        mentions,
        is_command,
    }))
}

/// What came with it, and the words for it where it came alone.
fn attached(value: &Value) -> Option<(Attachment, String)> {
    let has = |key: &str| value.get(key).is_some_and(|value| !value.is_null());
    let kind = match text_at(value, "media_type") {
        Some("sticker") => {
            let emoji = text_at(value, "sticker_emoji").unwrap_or_default();
            return Some(match emoji {
                "" => alone(Attachment::Sticker),
                emoji => (Attachment::Sticker, emoji.to_owned()),
            });
        }
        Some("voice_message") => Attachment::Voice,
        Some("video_message" | "video_file" | "animation") => Attachment::Video,
        Some("audio_file") => Attachment::Audio,
        Some(_) => Attachment::Other,
        None if has("photo") => Attachment::Photo,
        None if has("file") => Attachment::Document,
        None if has("contact_information") => Attachment::Contact,
        None if has("location_information") => Attachment::Location,
        None if has("poll") => {
            let question = value.get("poll").and_then(|poll| text_at(poll, "question"));
            let words = format!("[poll] {}", question.unwrap_or_default());
            return Some((Attachment::Other, words));
        }
        None if has("game_title") || has("invoice_information") => Attachment::Other,
        None => return None,
    };
    let place = text_at(value, "place_name").zip(text_at(value, "address"));
    match place {
        Some((name, address)) if kind == Attachment::Location => {
            let words = format!("{} {name}, {address}", kind.in_brackets());
            Some((kind, words))
        }
        _ => Some(alone(kind)),
    }
}

fn alone(kind: Attachment) -> (Attachment, String) {
    (kind, kind.in_brackets().to_owned())
}

/// Whom a part of a text names.
fn named(part: &Value, words: &str) -> Option<Named> {
    match text_at(part, "type")? {
        "mention" => Some(Named::Handle(words.strip_prefix('@')?.to_lowercase())),
        "mention_name" => {
            let id = part.get("user_id").and_then(Value::as_i64)?;
            PersonId::parse(&id.to_string()).ok().map(Named::Customer)
        }
        _ => None,
    }
}

/// The text at a key.
pub(super) fn text_at<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}
