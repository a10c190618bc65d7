//! The way in where a customer writes to the bot in private: the thread is that chat.

use teloxide::types::{
    Chat, ChatMemberUpdated, Message, MessageReactionUpdated, ReactionType, User,
};

use super::{
    Around, Inbound, Nothing, Said, author, channel, content, in_our_words, message_id, thread,
};
use crate::{
    domain::{cut, ids::ThreadKey, message::Party, number::PhoneNumber, private::Private},
    engine::Shown,
    settings::ChannelKind,
};

/// The longest name and the longest name for links that Telegram lets a person have, generously.
const LONGEST_NAME: usize = 128;
const LONGEST_HANDLE: usize = 64;

/// A message to the bot.
pub(super) fn said(message: &Message, around: Around<'_>) -> Result<Said, Nothing> {
    let thread = thread_of(&message.chat, around)?;
    let from = message.from.as_ref().ok_or(Nothing::NoCustomer)?;
    if from.id == around.me.id {
        return Err(Nothing::OurOwn);
    }
    if presses_start(message, around) {
        return Err(Nothing::Silent);
    }
    let message_of = in_our_words(message, thread, party(from), author(from.id), around)?;
    Ok(Said {
        message: message_of,
        shown: Shown {
            number: own_number(message),
            ..shown(&message.chat)
        },
    })
}

/// A reaction to a message in a chat with the bot.
pub(super) fn reacted(
    reaction: &MessageReactionUpdated,
    around: Around<'_>,
) -> Result<Inbound, Nothing> {
    let by = reaction.user().ok_or(Nothing::NoCustomer)?;
    if by.id == around.me.id {
        return Err(Nothing::OurOwn);
    }
    let beside = |these: &[ReactionType], those: &[ReactionType]| -> Vec<String> {
        let others = these.iter().filter(|one| !those.contains(one));
        others.map(shown_reaction).collect()
    };
    let (old, new) = (&reaction.old_reaction, &reaction.new_reaction);
    Ok(Inbound::Reacted {
        thread: thread_of(&reaction.chat, around)?,
        message: message_id(reaction.message_id)?,
        added: beside(new, old),
        taken: beside(old, new),
    })
}

/// That a customer blocked the bot, or lets it write again.
pub(super) fn blocked(change: &ChatMemberUpdated, around: Around<'_>) -> Result<Inbound, Nothing> {
    let member = &change.new_chat_member;
    Ok(Inbound::Blocked {
        thread: thread_of(&change.chat, around)?,
        is_blocked: !member.kind.is_present(),
    })
}

fn thread_of(chat: &Chat, around: Around<'_>) -> Result<ThreadKey, Nothing> {
    if !chat.is_private() {
        return Err(Nothing::NoCustomer);
    }
    thread(
        channel(around, ChannelKind::Telegram)?,
        &chat.id.to_string(),
    )
}

/// Telegram's start button. What may follow the word is no customer's: a code, right or wrong.
fn presses_start(message: &Message, around: Around<'_>) -> bool {
    let first = message
        .text()
        .and_then(|text| text.split_whitespace().next());
    let Some(command) = first.and_then(|first| first.strip_prefix("/start")) else {
        return false;
    };
    let to = command.strip_prefix('@');
    command.is_empty() || to.is_some_and(|to| is_me(to, around))
}

fn is_me(name: &str, around: Around<'_>) -> bool {
    let mine = around.me.user.username.as_deref();
    mine.is_some_and(|mine| mine.eq_ignore_ascii_case(name))
}

/// Another bot is no customer.
pub(super) const fn party(from: &User) -> Party {
    if from.is_bot {
        Party::Bot
    } else {
        Party::Customer
    }
}

/// The sender's own number, if the message shares it. Telegram writes it with or without a `+`.
pub(super) fn own_number(message: &Message) -> Option<PhoneNumber> {
    let contact = content::own_contact(message)?;
    let digits: String = contact
        .phone_number
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    PhoneNumber::read(&format!("+{digits}"), None).ok()
}

/// What Telegram shows of whom a private chat is with.
pub(super) fn shown(chat: &Chat) -> Shown {
    shown_of(chat.first_name(), chat.last_name(), chat.username())
}

/// What Telegram shows of somebody.
pub(super) fn shown_of(first: Option<&str>, last: Option<&str>, handle: Option<&str>) -> Shown {
    let name: Vec<&str> = [first, last].into_iter().flatten().map(str::trim).collect();
    let name = cut::head(name.join(" ").trim(), LONGEST_NAME, |_| 1).to_owned();
    let handle = handle.filter(|handle| is_handle(handle));
    Shown {
        name: (!name.is_empty()).then(|| Private::new(name)),
        link: handle.map(|handle| Private::new(format!("https://t.me/{handle}"))),
        number: None,
    }
}

/// Whether it can stand in a link as it is.
fn is_handle(handle: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    (1..=LONGEST_HANDLE).contains(&handle.len()) && handle.bytes().all(is_plain)
}

/// A reaction, as agents read it.
fn shown_reaction(reaction: &ReactionType) -> String {
    match reaction {
        ReactionType::Emoji { emoji } => emoji.clone(),
        ReactionType::CustomEmoji { .. } => "an emoji of their own".to_owned(),
        ReactionType::Paid => "a star".to_owned(),
    }
}
