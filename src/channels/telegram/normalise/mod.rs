//! What an update of a customer's is: a message, an edit, a deletion … in our words. Pure: it looks at
//! the update and at who is who, asks nobody, and never fails on anything that can be read at all.
//! Must not decide anything.

mod business;
mod content;
pub(super) mod group;
mod private;
#[cfg(test)]
mod tests;

use teloxide::types::{self, Me, Update, UpdateId, UpdateKind, UserId};

use crate::{
    domain::{
        ids::{Author, ChannelName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        time::Timestamp,
    },
    engine::{Shown, chat::rows::Directory},
    settings::{ChannelKind, Settings},
};

/// What an update is looked at with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Who we are.
    pub(super) me: &'a Me,
    /// Who is who.
    pub(super) directory: &'a Directory,
    /// Which channels there are.
    pub(super) settings: &'a Settings,
    /// Nothing happened later than this, whatever a clock elsewhere says.
    pub(super) now: Timestamp,
}

/// What somebody in a customer's chat did.
#[derive(Debug, Clone)]
pub(super) enum Inbound {
    /// They wrote.
    Said(Box<Said>),
    /// They changed what they had written.
    Edited {
        /// The message as it is now; `at` is when it was written first.
        now: Box<Said>,
        /// The edit's own id.
        edit: MessageId,
        /// When.
        at: Timestamp,
    },
    /// They took messages back.
    Deleted {
        /// Where.
        thread: ThreadKey,
        /// Which; each with the deletion's own id.
        messages: Vec<(MessageId, MessageId)>,
        /// When we heard of it.
        at: Timestamp,
    },
    /// They blocked the bot, or let it write again.
    Blocked {
        /// Where.
        thread: ThreadKey,
        /// It may not write any more.
        is_blocked: bool,
    },
    /// They reacted to a message, or took a reaction back.
    Reacted {
        /// Where.
        thread: ThreadKey,
        /// To which message of the chat.
        message: MessageId,
        /// What they added.
        added: Vec<String>,
        /// What they took back.
        taken: Vec<String>,
    },
}

/// A message, with what Telegram shows of the customer beside it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// The message.
    pub(super) message: Message,
    /// The customer.
    pub(super) shown: Shown,
}

/// Why there is nothing to take in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing {
    /// It says nothing: a service message, the start button.
    Silent,
    /// No channel is set up for that way in.
    NoChannel,
    /// It came over a connection that nobody has accepted, or that is off.
    NotConnected,
    /// We wrote it ourselves.
    OurOwn,
    /// It is nobody's who may be a customer: a colleague's, or Telegram's own.
    NoCustomer,
}

impl Nothing {
    /// Its name in a metric.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::NoChannel => "no_channel",
            Self::NotConnected => "not_connected",
            Self::OurOwn => "our_own",
            Self::NoCustomer => "no_customer",
        }
    }
}

/// What an update is that came in private with the bot, or in a Business account's chats.
///
/// # Errors
/// When there is nothing to take in it, and why.
pub(super) fn normalise(update: &Update, around: Around<'_>) -> Result<Inbound, Nothing> {
    match &update.kind {
        UpdateKind::Message(message) => private::said(message, around).map(boxed),
        UpdateKind::EditedMessage(message) => {
            edited(update.id, message, private::said(message, around)?, around)
        }
        UpdateKind::MessageReaction(reaction) => private::reacted(reaction, around),
        UpdateKind::MyChatMember(change) => private::blocked(change, around),
        UpdateKind::BusinessMessage(message) => business::said(message, around).map(boxed),
        UpdateKind::EditedBusinessMessage(message) => {
            edited(update.id, message, business::said(message, around)?, around)
        }
        UpdateKind::DeletedBusinessMessages(deleted) => {
            business::deleted(update.id, deleted, around)
        }
        _ => Err(Nothing::Silent),
    }
}

fn boxed(said: Said) -> Inbound {
    Inbound::Said(Box::new(said))
}

/// An edit of a message that was said so. Somebody who shares where they are edits it all the time.
fn edited(
    update: UpdateId,
    message: &types::Message,
    now: Said,
    around: Around<'_>,
) -> Result<Inbound, Nothing> {
    if message.location().is_some() {
        return Err(Nothing::Silent);
    }
    let edit = change_of(update, message.id)?;
    let at = message
        .edit_date()
        .map(|date| moment(date.timestamp(), around.now));
    Ok(Inbound::Edited {
        now: Box::new(now),
        edit,
        at: at.unwrap_or(around.now),
    })
}

/// The id of a change of a message. The update's number is in it: two edits may come within a second,
/// and Telegram counts no finer.
pub(super) fn change_of(update: UpdateId, message: types::MessageId) -> Result<MessageId, Nothing> {
    let id = format!("{message}/{}", update.0);
    MessageId::parse(&id).map_err(|_| Nothing::Silent)
}

/// The channel of a way in, if there is one.
fn channel(around: Around<'_>, kind: ChannelKind) -> Result<&ChannelName, Nothing> {
    around.settings.channel_of(kind).ok_or(Nothing::NoChannel)
}

/// A thread's address.
fn thread(channel: &ChannelName, id: &str) -> Result<ThreadKey, Nothing> {
    Ok(ThreadKey {
        channel: channel.clone(),
        thread: ThreadId::parse(id).map_err(|_| Nothing::NoCustomer)?,
    })
}

fn message_id(id: types::MessageId) -> Result<MessageId, Nothing> {
    MessageId::parse(&id.to_string()).map_err(|_| Nothing::Silent)
}

/// Whom a thread is with, by Telegram's number: names change. The same in Telegram's export.
fn author(user: UserId) -> Option<Author> {
    Author::parse(&format!("user{user}")).ok()
}

/// A message in our words.
fn in_our_words(
    message: &types::Message,
    thread: ThreadKey,
    from: Party,
    author: Option<Author>,
    around: Around<'_>,
) -> Result<Message, Nothing> {
    let content = content::of(message).ok_or(Nothing::Silent)?;
    Ok(Message {
        thread,
        id: message_id(message.id)?,
        from,
        author,
        text: Private::new(content.text),
        at: moment(message.date.timestamp(), around.now),
        visibility: Visibility::Private,
        // What Telegram gives is the language of the app, not of what is written in it.
        language: None,
        tags: Vec::new(),
        attachment: content.attachment,
    })
}

/// A moment of Telegram's, in seconds since 1970: never in the future.
fn moment(seconds: i64, now: Timestamp) -> Timestamp {
    Timestamp::from_second(seconds).map_or(now, |at| at.min(now))
}
