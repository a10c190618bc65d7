//! `/watch` and `/unwatch` (or `/watch off`): a group where customers and staff talk is watched, or no longer. Supervisors
//! and admins may say so, in the group itself.

use teloxide::{
    payloads::{GetChatMember, SendMessage},
    types::{Chat, ChatKind, ChatMember, Message, PublicChatKind},
};

use super::{Agent, Came, Incoming, chat};
use crate::{
    desk::telegram::wording::{self, pairing::ANONYMOUS},
    domain::{account::Role, chat::Network, ids::ChatId},
    engine::EngineError,
    settings::ChannelKind,
    store::rows::chat::GroupRow,
};

/// What ends it.
const OFF: &str = "off";

/// `/watch` in a group, from anybody; `arguments` is what follows it.
pub(super) async fn command(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    arguments: &str,
) -> Result<(), EngineError> {
    if arguments.trim().eq_ignore_ascii_case(OFF) {
        return stop(desk, came, message).await;
    }
    let Some((by, group)) = asked(desk, came, message).await? else {
        return Ok(());
    };
    let directory = desk.engine.directory();
    let known = directory.group(Network::Telegram, &group);
    let answer = match known {
        Some(GroupRow { desk: Some(_), .. }) => wording::WATCH_NOT_A_DESK,
        Some(watched) => {
            // Not once more after a kill: this message may be why it is watched.
            desk.once(came, "watch").keep_group(watched.clone()).await?;
            wording::WATCHED_ALREADY
        }
        None if desk.engine.channel_of(ChannelKind::TelegramGroup).is_none() => {
            wording::WATCH_NO_CHANNEL
        }
        None => {
            let row = GroupRow {
                network: Network::Telegram,
                chat: group,
                desk: None,
                forum: is_forum(&message.chat),
                by: by.account.clone(),
                at: desk.clock.now(),
                lost_at: None,
            };
            desk.once(came, "watch").keep_group(row).await?;
            if sees_all(desk, came, message).await {
                wording::WATCHED
            } else {
                wording::WATCHED_BLIND
            }
        }
    };
    say(desk, message, answer).await;
    Ok(())
}

/// `/unwatch` in a group, from anybody: it is watched no longer.
pub(super) async fn stop(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<(), EngineError> {
    let Some((by, group)) = asked(desk, came, message).await? else {
        return Ok(());
    };
    let directory = desk.engine.directory();
    let answer = match directory.group(Network::Telegram, &group) {
        Some(GroupRow { desk: Some(_), .. }) => wording::NOT_WATCHED,
        known => {
            // Not once more after a kill: this message may be why it is not watched.
            let once = desk.once(came, "unwatch");
            once.drop_group(Network::Telegram, group, by.account.clone())
                .await?;
            known.map_or(wording::NOT_WATCHED, |_| wording::UNWATCHED)
        }
    };
    say(desk, message, answer).await;
    Ok(())
}

/// Who asks, if they may, and in which group.
async fn asked<'a>(
    desk: &Incoming,
    came: &'a Came<'_>,
    message: &Message,
) -> Result<Option<(&'a Agent, ChatId)>, EngineError> {
    if is_in_groups_name(message) {
        say(desk, message, ANONYMOUS).await;
        return Ok(None);
    }
    let (Some(by), Some(group)) = (&came.by, chat(message.chat.id)) else {
        return Ok(None);
    };
    if message.chat.is_private() {
        say(desk, message, wording::WATCH_IN_GROUP).await;
        return Ok(None);
    }
    match by.role {
        Role::Supervisor | Role::Admin => Ok(Some((by, group))),
        Role::Agent => {
            say(desk, message, wording::WATCH_REFUSED).await;
            Ok(None)
        }
    }
}

/// An administrator of the group who writes in its name, so that nobody can tell who it is.
fn is_in_groups_name(message: &Message) -> bool {
    let name = message.sender_chat.as_ref();
    !message.chat.is_private() && name.is_some_and(|name| name.id == message.chat.id)
}

/// Whether Telegram shows the bot every message of a group. Where that cannot be asked, it is not said
/// that it does not.
async fn sees_all(desk: &Incoming, came: &Came<'_>, message: &Message) -> bool {
    if came.me.can_read_all_group_messages {
        return true;
    }
    let request = GetChatMember::new(message.chat.id, came.me.id);
    let member: Result<ChatMember, _> = desk.bot.ask(request).await;
    member.is_ok_and(|member| member.is_privileged())
}

/// Answers where it was asked. What is done is done, also if nobody can be told.
async fn say(desk: &Incoming, message: &Message, text: &str) {
    let mut answer = SendMessage::new(message.chat.id, text);
    answer.message_thread_id = message.thread_id.filter(|_| message.is_topic_message);
    if let Err(failure) = desk.bot.say(message.chat.id, answer).await {
        tracing::warn!(%failure, "a command in a group could not be answered");
    }
}

fn is_forum(chat: &Chat) -> bool {
    let ChatKind::Public(group) = &chat.kind else {
        return false;
    };
    matches!(&group.kind, PublicChatKind::Supergroup(group) if group.is_forum)
}
