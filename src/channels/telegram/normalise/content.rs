//! What a message says, and what came with it. Looks at what stands in it only, not at who wrote it: a
//! text that was forwarded, or came by way of a bot, is still what its sender wants to tell us.

use teloxide::types::{Contact, MediaKind, Message, MessageCommon, MessageKind};

use crate::domain::{
    cut,
    message::{Attachment, MAX_TEXT_BYTES},
};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    /// The text, the caption, or a word for what came alone.
    pub(super) text: String,
    /// What came with it.
    pub(super) attachment: Option<Attachment>,
}

/// What a message says; `None` of a service message. One of a kind that is not known yet says that
/// something came, so that somebody looks.
pub(super) fn of(message: &Message) -> Option<Content> {
    match &message.kind {
        MessageKind::Common(common) => of_media(common),
        MessageKind::Dice(dice) => {
            let emoji = serde_json::to_value(dice.dice.emoji).ok()?;
            let thrown = format!("{} {}", emoji.as_str()?, dice.dice.value);
            Some(with(Attachment::Other, thrown))
        }
        MessageKind::Empty {} => Some(alone(Attachment::Other)),
        _ => None,
    }
}

/// The number that a message shares, if it is the sender's own: Telegram says so.
pub(super) fn own_contact(message: &Message) -> Option<&Contact> {
    let from = message.from.as_ref()?.id;
    let contact = message.contact()?;
    (contact.user_id == Some(from)).then_some(contact)
}

fn of_media(common: &MessageCommon) -> Option<Content> {
    let content = match &common.media_kind {
        MediaKind::Text(text) if text.text.is_empty() => return None,
        MediaKind::Text(text) => Content {
            text: cut(&text.text),
            attachment: None,
        },
        MediaKind::Animation(media) => titled(Attachment::Video, media.caption.as_ref()),
        MediaKind::Audio(media) => titled(Attachment::Audio, media.caption.as_ref()),
        MediaKind::Document(media) => titled(Attachment::Document, media.caption.as_ref()),
        MediaKind::Photo(media) => titled(Attachment::Photo, media.caption.as_ref()),
        MediaKind::Video(media) => titled(Attachment::Video, media.caption.as_ref()),
        MediaKind::Voice(media) => titled(Attachment::Voice, media.caption.as_ref()),
        MediaKind::VideoNote(_) => alone(Attachment::Video),
        MediaKind::Sticker(media) => titled(Attachment::Sticker, media.sticker.emoji.as_ref()),
        MediaKind::Contact(_) => alone(Attachment::Contact),
        MediaKind::Location(_) => alone(Attachment::Location),
        MediaKind::Venue(media) => {
            let (word, venue) = (Attachment::Location.in_brackets(), &media.venue);
            let place = format!("{word} {}, {}", venue.title, venue.address);
            with(Attachment::Location, place)
        }
        MediaKind::Poll(media) => named("[poll]", &media.poll.question),
        MediaKind::Checklist(media) => named("[checklist]", &media.checklist.title),
        MediaKind::Game(_) | MediaKind::PaidMedia(_) | MediaKind::Story(_) => {
            alone(Attachment::Other)
        }
        MediaKind::Migration(_) => return None,
    };
    Some(content)
}

/// Something with a caption, or alone.
fn titled(attachment: Attachment, caption: Option<&String>) -> Content {
    match caption.filter(|caption| !caption.is_empty()) {
        Some(caption) => with(attachment, cut(caption)),
        None => alone(attachment),
    }
}

fn named(word: &str, title: &str) -> Content {
    with(Attachment::Other, cut(&format!("{word} {title}")))
}

fn alone(attachment: Attachment) -> Content {
    with(attachment, attachment.in_brackets().to_owned())
}

const fn with(attachment: Attachment, text: String) -> Content {
    Content {
        text,
        attachment: Some(attachment),
    }
}

/// The text, as far as we keep any. Telegram's own limit is far lower; a stand-in's may not be.
fn cut(text: &str) -> String {
    cut::head(text, MAX_TEXT_BYTES, char::len_utf8).to_owned()
}
