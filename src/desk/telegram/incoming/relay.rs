//! What agents write in a desk's group or in private that is neither a command nor an answer to a
//! question: answers to customers, notes, edits, reactions; and what happens to the group.

mod answer;
mod group;
mod held;
mod reactions;

use std::time::Duration;

pub(super) use group::{admins, is_forum};
use teloxide::types::{ChatMemberUpdated, Message, MessageReactionUpdated};

use super::{Answer, Came, Incoming, chat, person, say::Place};
use crate::{
    desk::telegram::wording::relay as words,
    domain::{
        chat::{Network, Room, Spot},
        ids::{PostId, ThreadKey, TopicId},
    },
    engine::{
        EngineError,
        chat::rows::{DialogueRow, PostKind},
    },
};

/// How often it is looked for again what a message answers, and how long between: a few seconds in all.
const LOOKS: u32 = 20;
/// See [`LOOKS`].
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Which customer a message in a desk's group is for.
enum About {
    /// That one.
    Thread(ThreadKey),
    /// It is a reply to something about a customer that is none of their messages: a card, a notice.
    Beside,
    /// It answers something of ours of which we do not know whose it is: a message that was shown twice
    /// because of a kill.
    Lost,
    /// None: the team talks.
    Nobody,
}

/// A message in a desk's group or in private, service messages included.
pub(super) async fn message(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<(), EngineError> {
    if message.chat.is_private() {
        return in_private(desk, came, message).await;
    }
    if group::happened(desk, message).await? {
        return Ok(());
    }
    let thread = match about(desk, came, message).await? {
        About::Thread(thread) => thread,
        About::Lost if answer::says_something(message) => {
            desk.tell(Place::under(message), words::LOST.to_owned())
                .await;
            return Ok(());
        }
        About::Beside if came.by.is_some() && answer::says_something(message) => {
            desk.tell(Place::under(message), words::BESIDE.to_owned())
                .await;
            return Ok(());
        }
        About::Beside | About::Lost | About::Nobody => return Ok(()),
    };
    if !answer::says_something(message) {
        return Ok(());
    }
    let Some(by) = &came.by else {
        return stranger(desk, message).await;
    };
    answer::take(desk, came, by, message, thread).await
}

/// A message there was edited.
pub(super) async fn edited(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<(), EngineError> {
    let Some(by) = came.by.as_ref().filter(|_| !message.chat.is_private()) else {
        return Ok(());
    };
    answer::edited(desk, came, by, message).await
}

/// Somebody reacted to a message there.
pub(super) async fn reaction(
    desk: &Incoming,
    came: &Came<'_>,
    reaction: &MessageReactionUpdated,
) -> Result<(), EngineError> {
    match &came.by {
        Some(by) => reactions::take(desk, came, by, reaction).await,
        None => Ok(()),
    }
}

/// Somebody, maybe the bot, joined or left a group or blocked the bot.
pub(super) async fn membership(
    desk: &Incoming,
    came: &Came<'_>,
    change: &ChatMemberUpdated,
) -> Result<(), EngineError> {
    if change.new_chat_member.user.id == came.me.user.id {
        group::bot_came_or_went(desk, change).await?;
    }
    Ok(())
}

/// A question of the relay's (`Step::Relay`) was answered by somebody who may answer it. The button is
/// answered by whoever calls this, with these words.
pub(super) async fn answered(
    desk: &Incoming,
    came: &Came<'_>,
    dialogue: &DialogueRow,
    step: &str,
    answer: Answer<'_>,
) -> Result<Option<&'static str>, EngineError> {
    match (&came.by, answer) {
        (Some(by), Answer::Pressed(press)) => {
            held::decided(desk, came, by, dialogue, step, press).await
        }
        // They decide by a button; their words are an answer like any other.
        (_, Answer::Wrote(message)) => {
            self::message(desk, came, message).await?;
            Ok(None)
        }
        (None, Answer::Pressed(..)) => Ok(None),
    }
}

/// What an agent writes to the bot alone reaches nobody else, and they must not believe that it does.
async fn in_private(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<(), EngineError> {
    let Some(by) = came.by.as_ref().filter(|_| answer::says_something(message)) else {
        return Ok(());
    };
    let directory = desk.engine.directory();
    if directory.writable(Network::Telegram, &by.account).is_none() {
        let person = by.person.clone();
        desk.engine
            .set_writable(Network::Telegram, person, true)
            .await?;
    }
    let place = Place::private(message.chat.id);
    desk.tell(place, words::IN_PRIVATE.to_owned()).await;
    Ok(())
}

/// Somebody without an account answered a customer: they are told that it was not sent.
async fn stranger(desk: &Incoming, message: &Message) -> Result<(), EngineError> {
    let is_anonymous = message.sender_chat.is_some();
    let who = message.from.as_ref().and_then(person);
    let now = desk.clock.now();
    if who.is_some_and(|who| desk.strangers.may_tell(&who, now)) {
        let told = match is_anonymous {
            true => words::ANONYMOUS,
            false => words::NO_ACCOUNT,
        };
        desk.tell(Place::under(message), told.to_owned()).await;
    }
    Ok(())
}

/// Which customer a message in a group is for. What was posted a moment ago is kept in a moment, and
/// whoever answers may be quicker.
async fn about(desk: &Incoming, came: &Came<'_>, message: &Message) -> Result<About, EngineError> {
    let mut about = about_now(desk, message).await?;
    // Nobody waits for somebody without an account.
    let may_be = came.by.is_some() && answers_us(came, message);
    if matches!(about, About::Nobody) && may_be {
        for _ in 0..LOOKS {
            tokio::time::sleep(BETWEEN_LOOKS).await;
            about = about_now(desk, message).await?;
            if !matches!(about, About::Nobody) {
                return Ok(about);
            }
        }
        about = About::Lost;
    }
    Ok(about)
}

/// Whether a message answers one of ours, or stands in a topic that we began.
fn answers_us(came: &Came<'_>, message: &Message) -> bool {
    let replied = message.reply_to_message();
    let by = replied.and_then(|replied| replied.from.as_ref());
    by.is_some_and(|by| by.id == came.me.user.id)
}

async fn about_now(desk: &Incoming, message: &Message) -> Result<About, EngineError> {
    if let Some(room) = topic(message) {
        let thread = desk.engine.thread_of_topic(room).await?;
        if let Some(thread) = thread {
            return Ok(About::Thread(thread));
        }
    }
    let Some(spot) = message.reply_to_message().and_then(spot) else {
        return Ok(About::Nobody);
    };
    let post = desk.engine.post_at(spot).await?;
    Ok(
        match post.and_then(|post| Some((post.kind, post.thread?))) {
            Some((PostKind::Relayed | PostKind::Answer, thread)) => About::Thread(thread),
            Some(_) => About::Beside,
            None => About::Nobody,
        },
    )
}

/// The topic that a message stands in.
fn topic(message: &Message) -> Option<Room> {
    let topic = message.thread_id.filter(|_| message.is_topic_message)?;
    Some(Room {
        network: Network::Telegram,
        chat: chat(message.chat.id)?,
        topic: Some(TopicId::parse(&topic.0.0.to_string()).ok()?),
    })
}

/// Where a message stands.
fn spot(message: &Message) -> Option<Spot> {
    Some(Spot {
        network: Network::Telegram,
        chat: chat(message.chat.id)?,
        post: PostId::parse(&message.id.0.to_string()).ok()?,
    })
}
