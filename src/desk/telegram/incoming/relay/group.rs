//! What happens to a desk's group: it gets another id, gets topics or loses them, the bot is taken out or
//! comes back. Who is who follows, and admins are told where they must act.

use teloxide::types::{Chat, ChatId, ChatKind, ChatMemberUpdated, Message, PublicChatKind};

use crate::{
    desk::telegram::{
        draw::Html,
        incoming::{Incoming, chat, person, say::Place},
        wording::relay as words,
    },
    domain::{account::Role, chat::Network},
    engine::{EngineError, chat::rows::Trace},
};

/// Whether a group has topics.
pub(in crate::desk::telegram::incoming) const fn is_forum(chat: &Chat) -> bool {
    match &chat.kind {
        ChatKind::Public(public) => match &public.kind {
            PublicChatKind::Supergroup(group) => group.is_forum,
            PublicChatKind::Group | PublicChatKind::Channel(_) => false,
        },
        ChatKind::Private(_) => false,
    }
}

/// Keeps what a message in a group tells of the group. True if that is all there is to it.
pub(super) async fn happened(desk: &Incoming, message: &Message) -> Result<bool, EngineError> {
    let Some(id) = chat(message.chat.id) else {
        return Ok(true);
    };
    if let Some(to) = message.migrate_to_chat_id().copied().and_then(chat) {
        let moved = Trace::GroupMoved {
            network: Network::Telegram,
            from: id,
            to,
        };
        desk.engine.keep_traces(vec![moved]).await?;
        return Ok(true);
    }
    let directory = desk.engine.directory();
    let Some(group) = directory.group(Network::Telegram, &id) else {
        return Ok(true);
    };
    let forum = is_forum(&message.chat);
    if group.forum != forum {
        let engine = &desk.engine;
        engine
            .set_forum(Network::Telegram, id.clone(), forum)
            .await?;
    }
    if group.lost_at.is_some() {
        desk.engine.group_is_back(Network::Telegram, id).await?;
    }
    Ok(false)
}

/// The bot was added to a chat, taken out, blocked, or let in again.
pub(super) async fn bot_came_or_went(
    desk: &Incoming,
    change: &ChatMemberUpdated,
) -> Result<(), EngineError> {
    let is_there = change.new_chat_member.kind.is_present();
    let was_there = change.old_chat_member.kind.is_present();
    if change.chat.is_private() {
        let Some(person) = person(&change.from) else {
            return Ok(());
        };
        let network = Network::Telegram;
        return desk.engine.set_writable(network, person, is_there).await;
    }
    let Some(id) = chat(change.chat.id) else {
        return Ok(());
    };
    let place = Place::private(change.chat.id);
    let directory = desk.engine.directory();
    let group = directory.group(Network::Telegram, &id);
    match group.map(|group| (group.desk.as_ref(), group.lost_at.is_some())) {
        None if is_there && !was_there => {
            // Customers may be in it, so one of ours is told in private, where that is possible.
            let by = desk.agent(Some(&change.from)).await?;
            match by.and_then(|by| desk.in_private(&by)) {
                Some(private) => desk.tell(private, words::WHAT_IT_IS.to_owned()).await,
                None => desk.tell(place, words::HOW_TO_PAIR.to_owned()).await,
            }
        }
        Some((Some(name), false)) if !is_there => {
            let lost = Trace::GroupLost {
                network: Network::Telegram,
                chat: id,
            };
            desk.engine.keep_traces(vec![lost]).await?;
            let mut html = Html::message();
            html.ours("❗ ").bold(&words::group_lost(name));
            html.line().ours(words::GROUP_LOST_HELP);
            tell_admins(desk, html.finish()).await?;
        }
        Some((Some(_), true)) if is_there => {
            desk.engine.group_is_back(Network::Telegram, id).await?;
            desk.tell(place, words::BACK.to_owned()).await;
        }
        _ => {}
    }
    Ok(())
}

/// Tells every admin whom the bot may write to.
pub(in crate::desk::telegram::incoming) async fn tell_admins(
    desk: &Incoming,
    html: String,
) -> Result<(), EngineError> {
    for chat in admins(desk).await? {
        desk.tell(Place::private(chat), html.clone()).await;
    }
    Ok(())
}

/// The private chats of the admins whom the bot may write to.
pub(in crate::desk::telegram::incoming) async fn admins(
    desk: &Incoming,
) -> Result<Vec<ChatId>, EngineError> {
    let directory = desk.engine.directory();
    let accounts = desk.engine.store().accounts().await?;
    let admins = accounts
        .into_iter()
        .filter(|account| account.role == Role::Admin && account.disabled_at.is_none());
    let chats = admins.filter_map(|account| {
        let row = directory.writable(Network::Telegram, &account.name)?;
        // A private chat has its person's id.
        row.person.as_str().parse().ok().map(ChatId)
    });
    Ok(chats.collect())
}
