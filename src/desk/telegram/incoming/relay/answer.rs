//! Agents' answers from a desk's group: carried to the customer, kept as a note, or held; and edits of
//! them. What cannot be carried is said, so that nobody believes that a customer has it.

use jiff::Timestamp as Moment;
use teloxide::{
    payloads::SetMessageReaction,
    types::{MediaKind, Message, MessageKind, ReactionType},
};

use super::{About, about, held, spot, topic};
use crate::{
    desk::telegram::{
        incoming::{Agent, Came, Incoming, say::Place},
        wording::relay as words,
    },
    domain::{
        chat::Written,
        edit::Edit,
        ids::{MessageId, ThreadKey},
        message::Attachment,
        private::Private,
    },
    engine::{
        EditReceipt, EngineError, Receipt, Replied, Reply, SubmitError, chat::rows::PostKind,
    },
};

/// Begins the ids of answers that were written in a desk's group.
const WRITTEN_THERE: &str = "desk-";
/// Set on a note by the bot: it is kept.
const KEPT: &str = "✍";

/// What a message says that can be carried.
struct Content {
    text: String,
    attachment: Option<Attachment>,
}

/// Whether somebody said something, and not only did something to the group.
pub(super) const fn says_something(message: &Message) -> bool {
    matches!(message.kind, MessageKind::Common(_) | MessageKind::Dice(_))
}

/// Takes an agent's message for a customer.
pub(super) async fn take(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
    thread: ThreadKey,
) -> Result<(), EngineError> {
    let place = Place::under(message);
    let rules = desk.engine.rules();
    let name = &rules.rules.policy(&thread.channel).desk;
    let Some(its) = rules.rules.desks.get(name) else {
        return Ok(());
    };
    if !its.is_worked_by(&by.account, by.role) {
        desk.tell(place, words::OTHER_DESK.to_owned()).await;
        return Ok(());
    }
    let Some(content) = content(message) else {
        desk.tell(place, words::NOT_CARRIED.to_owned()).await;
        return Ok(());
    };
    let note = content.text.strip_prefix(its.note_prefix.as_str());
    if let Some(note) = note.map(str::trim) {
        return match content.attachment {
            None => keep_note(desk, came, by, message, thread, note).await,
            Some(_) => {
                desk.tell(place, words::NOTES_ARE_TEXT.to_owned()).await;
                Ok(())
            }
        };
    }
    if content.attachment.is_some() && is_of_business(&thread) {
        desk.tell(place, words::BUSINESS_TAKES_TEXT.to_owned())
            .await;
        return Ok(());
    }
    reply(desk, came, by, message, thread, content, "reply").await
}

async fn reply(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
    thread: ThreadKey,
    content: Content,
    what: &str,
) -> Result<(), EngineError> {
    let place = Place::under(message);
    let (Some(id), Some(spot)) = (id_of(message), spot(message)) else {
        return Ok(());
    };
    let reply = Reply {
        thread: thread.clone(),
        id: id.clone(),
        by: by.account.clone(),
        text: Private::new(content.text),
        attachment: content.attachment,
        written: Some(Written {
            spot,
            topic: topic(message).and_then(|room| room.topic),
        }),
    };
    match desk.once(came, what).reply(reply).await {
        Ok(Replied::Sent(Receipt::Decided(_) | Receipt::Repeated(_))) => Ok(()),
        Ok(Replied::Sent(Receipt::Rejected(_)) | Replied::Unknown) => {
            desk.tell(place, words::NOT_TAKEN.to_owned()).await;
            Ok(())
        }
        Ok(Replied::Held) => held::ask(desk, by, place, &thread, id).await,
        // Cut off before it was asked about.
        Err(error) if error.is_repeated() => held::ask(desk, by, place, &thread, id).await,
        Err(error) => Err(error),
    }
}

async fn keep_note(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
    thread: ThreadKey,
    note: &str,
) -> Result<(), EngineError> {
    let Some(key) = id_of(message).filter(|_| !note.is_empty()) else {
        return Ok(());
    };
    let text = Private::new(note.to_owned());
    let kept = desk
        .once(came, "note")
        .note(thread, key, by.account.clone(), text)
        .await;
    match kept {
        Err(error) if !error.is_repeated() => return Err(error),
        _ => {}
    }
    let mut sign = SetMessageReaction::new(message.chat.id, message.id);
    sign.reaction = Some(vec![ReactionType::Emoji {
        emoji: KEPT.to_owned(),
    }]);
    if let Err(error) = desk.bot.ask(sign).await {
        tracing::debug!(%error, "a note in Telegram could not be marked as kept");
    }
    Ok(())
}

/// An agent edited what they wrote.
pub(super) async fn edited(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let (Some(spot), Some(key), Some(content)) = (spot(message), id_of(message), content(message))
    else {
        return Ok(());
    };
    let sent = desk.engine.post_at(spot).await?;
    let sent = sent.filter(|post| post.kind == PostKind::Answer);
    let Some((thread, sent)) = sent.and_then(|post| post.thread.zip(post.message)) else {
        return edited_before(desk, came, by, message, key, content).await;
    };
    let rules = desk.engine.rules();
    let its = rules
        .rules
        .desks
        .get(&rules.rules.policy(&thread.channel).desk);
    if !its.is_some_and(|its| its.is_worked_by(&by.account, by.role)) {
        desk.tell(Place::under(message), words::OTHER_DESK.to_owned())
            .await;
        return Ok(());
    }
    if its.is_some_and(|its| content.text.starts_with(&its.note_prefix)) {
        desk.tell(Place::under(message), words::SENT_ALREADY.to_owned())
            .await;
        return Ok(());
    }
    let Some(date) = message.edit_date() else {
        return Ok(());
    };
    let Ok(at) = Moment::from_second(date.timestamp()) else {
        return Ok(());
    };
    let Ok(id) = MessageId::parse(&format!("{key}/{}", date.timestamp())) else {
        return Ok(());
    };
    let changed = Reply {
        thread: thread.clone(),
        id: sent.clone(),
        by: by.account.clone(),
        text: Private::new(content.text.clone()),
        attachment: content.attachment,
        written: None,
    };
    if desk.engine.would_hold(changed).await? {
        desk.tell(Place::under(message), words::EDIT_HELD.to_owned())
            .await;
        return Ok(());
    }
    let edit = Edit {
        thread,
        message: sent,
        edit: id,
        text: Private::new(content.text),
        at,
    };
    let receipts = loop {
        match desk.engine.edit(vec![edit.clone()]).await {
            Ok(receipts) => break receipts,
            // Whatever comes after it waits too.
            Err(SubmitError::Busy { retry_after }) => tokio::time::sleep(retry_after).await,
            Err(SubmitError::Stopping) => return Err(EngineError::Stopping),
            Err(SubmitError::Storage(error)) => return Err(error.into()),
        }
    };
    if receipts
        .iter()
        .any(|receipt| matches!(receipt, EditReceipt::Rejected(_)))
    {
        desk.tell(Place::under(message), words::EDIT_NOT_TAKEN.to_owned())
            .await;
    }
    Ok(())
}

/// They edited what was not sent: one that is held takes the new words.
async fn edited_before(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
    key: MessageId,
    content: Content,
) -> Result<(), EngineError> {
    let About::Thread(thread) = about(desk, came, message).await? else {
        return Ok(());
    };
    let store = desk.engine.store();
    let held = store.held_of_box(thread.clone(), by.account.clone(), key);
    if held.await?.is_none() {
        return Ok(());
    }
    reply(desk, came, by, message, thread, content, "reply").await
}

/// The id of an answer or note that was written in a group.
fn id_of(message: &Message) -> Option<MessageId> {
    MessageId::parse(&format!("{WRITTEN_THERE}{}", message.id.0)).ok()
}

/// A customer who writes to a Business account.
fn is_of_business(thread: &ThreadKey) -> bool {
    thread.thread.as_str().starts_with('b')
}

/// What can be carried of a message.
fn content(message: &Message) -> Option<Content> {
    let MessageKind::Common(common) = &message.kind else {
        return None;
    };
    let (attachment, text) = match &common.media_kind {
        MediaKind::Text(text) => (None, Some(&text.text)),
        MediaKind::Photo(media) => (Some(Attachment::Photo), media.caption.as_ref()),
        MediaKind::Video(media) => (Some(Attachment::Video), media.caption.as_ref()),
        MediaKind::Animation(media) => (Some(Attachment::Video), media.caption.as_ref()),
        MediaKind::VideoNote(_) => (Some(Attachment::Video), None),
        MediaKind::Voice(media) => (Some(Attachment::Voice), media.caption.as_ref()),
        MediaKind::Audio(media) => (Some(Attachment::Audio), media.caption.as_ref()),
        MediaKind::Document(media) => (Some(Attachment::Document), media.caption.as_ref()),
        MediaKind::Sticker(media) => (Some(Attachment::Sticker), media.sticker.emoji.as_ref()),
        MediaKind::Location(_) | MediaKind::Venue(_) => (Some(Attachment::Location), None),
        MediaKind::Contact(_) => (Some(Attachment::Contact), None),
        // Polls, games and their like are no answer to one customer.
        _ => return None,
    };
    let text = text.filter(|text| !text.is_empty()).cloned();
    let text = text.or_else(|| Some(attachment?.in_brackets().to_owned()))?;
    Some(Content { text, attachment })
}
