//! The way in where customers and staff talk in a group that the bot watches: what a message tells of
//! who wrote it, whom it answers and whom it names. Whose it is then follows (`domain::group`). Pure.

use std::collections::BTreeSet;

use teloxide::types::{self, MessageEntity, MessageEntityKind, MessageKind, User};

use super::{Around, Nothing, content, in_our_words, private::shown_of};
use crate::{
    domain::{
        chat::{Network, Room},
        group::{Answered, InTopic, Mention, Named, Said, Writer, author, thread_id},
        ids::{Author, ChannelName, ChatId, PersonId, PostId, ThreadKey, TopicId},
        message::{Message, Party, Visibility},
    },
    engine::{
        Shown,
        chat::{
            InGroup,
            rows::{Directory, MemberRow},
        },
    },
};

/// Who of a group is ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::channels::telegram) struct Staff {
    /// By Telegram's numbers.
    pub(in crate::channels::telegram) people: BTreeSet<PersonId>,
    /// By the names that mentions use, in lower case.
    pub(in crate::channels::telegram) handles: BTreeSet<String>,
}

/// A message of a watched group, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::channels::telegram) struct Talk {
    /// What tells whose it is.
    pub(in crate::channels::telegram) said: Said,
    /// Where it stands.
    pub(in crate::channels::telegram) room: Room,
    /// What is known of customers by it: who wrote it, and whom it answers.
    known: Vec<(PersonId, Option<String>, Shown)>,
}

/// Takes a message apart.
///
/// # Errors
/// When there is nothing to take in it: it says nothing, or is a command for a bot.
pub(in crate::channels::telegram) fn talk(
    message: &types::Message,
    staff: &Staff,
    around: Around<'_>,
) -> Result<Talk, Nothing> {
    content::of(message).ok_or(Nothing::Silent)?;
    let entities = entities(message);
    let is_command = |entity: &&MessageEntity| {
        entity.kind == MessageEntityKind::BotCommand && entity.offset == 0
    };
    if entities.iter().any(|entity| is_command(&entity)) {
        return Err(Nothing::Silent);
    }
    let answered = message.reply_to_message().filter(|of| !is_of_topic(of));
    let writers = std::iter::once(message).chain(answered);
    let known = writers.filter_map(|message| customer(message, staff));
    Ok(Talk {
        said: Said {
            by: writer(message, staff),
            answers: answered.and_then(|message| {
                Some(Answered {
                    message: PostId::parse(&message.id.to_string()).ok()?,
                    by: writer(message, staff),
                })
            }),
            mentions: mentions(message, entities, staff, around),
            topic: topic_of(message).map(|_| InTopic {
                opener: opener(message, staff),
            }),
        },
        room: Room {
            network: Network::Telegram,
            chat: chat_of(message).ok_or(Nothing::NoCustomer)?,
            topic: topic_of(message),
        },
        known: known.collect(),
    })
}

impl Talk {
    /// The message in the thread of a customer.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(in crate::channels::telegram) fn with(
        &self,
        message: &types::Message,
        customer: &PersonId,
        channel: &ChannelName,
        around: Around<'_>,
    ) -> Result<InGroup, Nothing> {
        let topic = self.room.topic.as_ref().map(TopicId::as_str);
        let thread = ThreadKey {
            channel: channel.clone(),
            thread: thread_id(self.room.chat.as_str(), customer, topic)
                .map_err(|_| Nothing::NoCustomer)?,
        };
        let (from, author) = match &self.said.by {
            Writer::Customer(person) => (Party::Customer, author(person)),
            Writer::Staff => (Party::Agent, agent(message, around.directory)),
            Writer::Bot | Writer::Nobody => (Party::Bot, None),
        };
        let known = self.known.iter().find(|(person, ..)| person == customer);
        let (handle, shown) = known.map_or_else(Default::default, |(_, handle, shown)| {
            (handle.clone(), shown.clone())
        });
        Ok(InGroup {
            message: Message {
                visibility: Visibility::Public,
                ..in_our_words(message, thread, from, author, around)?
            },
            shown,
            about: MemberRow {
                room: self.room.clone(),
                person: customer.clone(),
                handle,
            },
        })
    }
}

/// A group's id as we keep it.
pub(in crate::channels::telegram) fn chat_of(message: &types::Message) -> Option<ChatId> {
    ChatId::parse(&message.chat.id.to_string()).ok()
}

/// A person's id as we keep it.
pub(in crate::channels::telegram) fn person(user: &User) -> Option<PersonId> {
    PersonId::parse(&user.id.to_string()).ok()
}

/// The name that a mention uses, as we keep it.
pub(in crate::channels::telegram) fn handle(user: &User) -> Option<String> {
    user.username.as_deref().map(str::to_lowercase)
}

/// Who wrote a message. One that stands in the group's own name is an administrator's; a channel's
/// posts appear in its group by themselves; whoever else writes in a channel's name is that channel.
fn writer(message: &types::Message, staff: &Staff) -> Writer {
    if message.is_automatic_forward() {
        return Writer::Nobody;
    }
    if let Some(sender) = &message.sender_chat {
        return match PersonId::parse(&sender.id.to_string()) {
            _ if sender.id == message.chat.id => Writer::Staff,
            Ok(person) if staff.people.contains(&person) => Writer::Staff,
            Ok(person) => Writer::Customer(person),
            Err(_) => Writer::Nobody,
        };
    }
    let Some(user) = &message.from else {
        return Writer::Nobody;
    };
    match person(user) {
        _ if user.is_bot => Writer::Bot,
        Some(person) if staff.people.contains(&person) => Writer::Staff,
        Some(person) => Writer::Customer(person),
        None => Writer::Nobody,
    }
}

/// What is known of the customer who wrote a message.
fn customer(message: &types::Message, staff: &Staff) -> Option<(PersonId, Option<String>, Shown)> {
    let Writer::Customer(person) = writer(message, staff) else {
        return None;
    };
    let (handle, shown) = match (&message.sender_chat, &message.from) {
        (Some(channel), _) => {
            let handle = channel.username().map(str::to_lowercase);
            (handle, shown_of(channel.title(), None, channel.username()))
        }
        (None, Some(user)) => {
            let (last, username) = (user.last_name.as_deref(), user.username.as_deref());
            (
                handle(user),
                shown_of(Some(&user.first_name), last, username),
            )
        }
        (None, None) => return None,
    };
    Some((person, handle, shown))
}

/// The author of a message of ours: the account, where they have one.
fn agent(message: &types::Message, directory: &Directory) -> Option<Author> {
    let person = person(message.from.as_ref().filter(|user| !user.is_bot)?)?;
    match directory.account(Network::Telegram, &person) {
        Some(account) => Author::parse(account.as_str()).ok(),
        None => author(&person),
    }
}

/// The message that a topic begins with, which every message in it answers that answers no other.
fn is_of_topic(message: &types::Message) -> bool {
    matches!(message.kind, MessageKind::ForumTopicCreated(_))
}

fn topic_of(message: &types::Message) -> Option<TopicId> {
    let topic = message.thread_id.filter(|_| message.is_topic_message)?;
    TopicId::parse(&topic.to_string()).ok()
}

/// The customer who opened the topic that a message is in, as far as it tells.
fn opener(message: &types::Message, staff: &Staff) -> Option<PersonId> {
    let first = message.reply_to_message().filter(|of| is_of_topic(of))?;
    match writer(first, staff) {
        Writer::Customer(person) => Some(person),
        Writer::Staff | Writer::Bot | Writer::Nobody => None,
    }
}

fn entities(message: &types::Message) -> &[MessageEntity] {
    let captioned = || message.caption_entities();
    message.entities().or_else(captioned).unwrap_or_default()
}

/// Whom a message names. Telegram counts in units of UTF-16.
fn mentions(
    message: &types::Message,
    entities: &[MessageEntity],
    staff: &Staff,
    around: Around<'_>,
) -> Vec<Mention> {
    let text = message.text().or_else(|| message.caption());
    let text: Vec<u16> = text.unwrap_or_default().encode_utf16().collect();
    let mut led_until = Some(0);
    let mut mentions = Vec::new();
    for entity in entities {
        let end = entity.offset.saturating_add(entity.length);
        let Some(whom) = text.get(entity.offset..end).and_then(|words| {
            named(
                &entity.kind,
                &String::from_utf16_lossy(words),
                staff,
                around,
            )
        }) else {
            continue;
        };
        let before = led_until.and_then(|from| text.get(from..entity.offset));
        let leads = before.is_some_and(says_nothing);
        led_until = leads.then_some(end);
        mentions.push(Mention { whom, leads });
    }
    mentions
}

fn says_nothing(words: &[u16]) -> bool {
    let words = String::from_utf16_lossy(words);
    words.chars().all(|c| !c.is_alphanumeric())
}

fn named(
    kind: &MessageEntityKind,
    words: &str,
    staff: &Staff,
    around: Around<'_>,
) -> Option<Named> {
    match kind {
        MessageEntityKind::TextMention { user } => {
            let person = person(user)?;
            let is_ours = user.is_bot || staff.people.contains(&person);
            Some(if is_ours {
                Named::Ours
            } else {
                Named::Customer(person)
            })
        }
        MessageEntityKind::Mention => {
            let handle = words.strip_prefix('@')?.to_lowercase();
            let is_me = around.me.username().eq_ignore_ascii_case(&handle);
            Some(if is_me || staff.handles.contains(&handle) {
                Named::Ours
            } else {
                Named::Handle(handle)
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
