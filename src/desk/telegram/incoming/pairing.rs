//! Who is who: codes that pair a group or a person, more agents, links to identities, and Business
//! accounts that connect themselves to the bot.

mod agents;
mod business;
mod guesses;
mod identity;

use teloxide::{
    payloads::GetChatMember,
    types::{BusinessConnection, ChatId, ChatMemberKind, Me, Message},
};

pub(super) use guesses::Guesses;
pub(super) use identity::link;

use super::{Answer, Came, Incoming, chat, person, relay::is_forum, say::Place};
use crate::{
    desk::telegram::{draw::Html, wording::pairing as words},
    domain::{
        account::Role,
        chat::Network,
        ids::{AccountName, DeskName},
    },
    engine::{
        EngineError,
        chat::{Paired, PairingCode},
    },
    store::rows::chat::DialogueRow,
};

/// `/start` with or without a code, from anybody.
pub(super) async fn start(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    code: &str,
) -> Result<(), EngineError> {
    let Some(who) = message.from.as_ref().filter(|_| !is_anonymous(message)) else {
        desk.tell(Place::under(message), words::ANONYMOUS.to_owned())
            .await;
        return Ok(());
    };
    let Some(who) = person(who) else {
        return Ok(());
    };
    let Some(pairing) = PairingCode::read(code.trim()) else {
        // A customer's /start may carry anything.
        if came.by.is_some() {
            opened(desk, came, message).await?;
        }
        return Ok(());
    };
    let place = Place::under(message);
    let now = desk.clock.now();
    if !desk.guesses.may_guess(&who, now) {
        // Told once: nobody can make the bot talk.
        if desk.strangers.may_tell(&who, now) {
            desk.tell(place, words::TOO_MANY_GUESSES.to_owned()).await;
        }
        return Ok(());
    }
    let group = match message.chat.is_private() {
        true => None,
        false => chat(message.chat.id).map(|chat| (chat, is_forum(&message.chat))),
    };
    let paired = desk
        .once(came, "pair")
        .pair(pairing.hash(), Network::Telegram, who.clone(), group)
        .await;
    let paired = match paired {
        // It was used before a restart, which may have cut off what was said of it.
        Err(error) if error.is_repeated() => as_it_stands(desk, came, message),
        paired => paired?,
    };
    match paired {
        Paired::Desk(name, account) => {
            desk.guesses.found(&who);
            group_paired(desk, came.me, message, &name, &account).await;
        }
        Paired::Person(account) => {
            desk.guesses.found(&who);
            desk.tell(place, words::person_paired(&account)).await;
        }
        Paired::WantsGroup => {
            let mut html = Html::message();
            let url = words::add_to_group(bot_name(came.me), pairing.reveal());
            html.ours(words::WANTS_GROUP).ours(" ").link(&url, &url);
            desk.tell(place, html.finish()).await;
        }
        Paired::NoSuchDesk(name) => desk.tell(place, words::no_such_desk(&name)).await,
        Paired::Unknown => desk.tell(place, words::UNKNOWN_CODE.to_owned()).await,
    }
    Ok(())
}

/// `/agent`, as a reply to whom it is about, from anybody.
pub(super) async fn agent(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    arguments: &str,
) -> Result<(), EngineError> {
    agents::propose(desk, came, message, arguments).await
}

/// A Business account connected, changed or took away its connection.
pub(super) async fn connection(
    desk: &Incoming,
    came: &Came<'_>,
    connection: &BusinessConnection,
) -> Result<(), EngineError> {
    business::changed(desk, came, connection).await
}

/// A question of the pairing's (`Step::Pairing`) was answered by somebody who may answer it. The button
/// is answered by whoever calls this, with these words.
pub(super) async fn answered(
    desk: &Incoming,
    came: &Came<'_>,
    dialogue: &DialogueRow,
    step: &str,
    answer: Answer<'_>,
) -> Result<Option<&'static str>, EngineError> {
    let (Some(by), Answer::Pressed(press)) = (&came.by, answer) else {
        return Ok(None);
    };
    if by.role != Role::Admin {
        return Ok(Some(words::ADMINS_ONLY));
    }
    let Ok(step) = serde_json::from_str::<Question>(step) else {
        return Ok(None);
    };
    match step {
        Question::Agent(proposed) => {
            agents::decided(desk, came, by, dialogue, proposed, press).await
        }
        Question::Business { connection } => {
            business::decided(desk, came, dialogue, connection, press).await
        }
    }
}

/// What an admin is asked, as it is kept.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
enum Question {
    /// Whether somebody becomes an agent.
    Agent(agents::Proposed),
    /// Whether a Business account is ours.
    Business {
        /// Its connection.
        connection: crate::domain::ids::ConnectionId,
    },
}

/// An agent opened the chat with the bot: it may write to them now.
async fn opened(desk: &Incoming, came: &Came<'_>, message: &Message) -> Result<(), EngineError> {
    let Some(by) = came.by.as_ref().filter(|_| message.chat.is_private()) else {
        return Ok(());
    };
    let person = by.person.clone();
    desk.engine
        .set_writable(Network::Telegram, person, true)
        .await?;
    desk.tell(Place::under(message), words::OPENED.to_owned())
        .await;
    Ok(())
}

/// What a code that was used before has made.
fn as_it_stands(desk: &Incoming, came: &Came<'_>, message: &Message) -> Paired {
    let directory = desk.engine.directory();
    let who = message.from.as_ref().and_then(person);
    let account = who.and_then(|who| directory.account(Network::Telegram, &who).cloned());
    let account = account.or_else(|| came.by.as_ref().map(|by| by.account.clone()));
    let group = chat(message.chat.id);
    let group = group.and_then(|chat| directory.group(Network::Telegram, &chat)?.desk.clone());
    match (account, group) {
        (Some(account), Some(name)) => Paired::Desk(name, account),
        (Some(account), None) => Paired::Person(account),
        (None, _) => Paired::Unknown,
    }
}

/// Says that a group is a desk's now, and what the bot still lacks there.
async fn group_paired(
    desk: &Incoming,
    me: &Me,
    message: &Message,
    name: &DeskName,
    account: &AccountName,
) {
    let mut html = Html::message();
    html.ours("✅ ").bold(&words::group_paired(name));
    html.ours(&words::linked_to(account));
    for lacking in lacking(desk, me, message).await {
        html.line().ours("• ").ours(lacking);
    }
    html.line().ours(words::MORE_AGENTS);
    let url = words::private_chat(bot_name(me));
    html.line()
        .ours(words::OPEN_PRIVATE)
        .ours(" ")
        .link(&url, &url);
    desk.tell(Place::under(message), html.finish()).await;
}

/// What the bot needs in a desk's group and does not have, with how to give it.
async fn lacking(desk: &Incoming, me: &Me, message: &Message) -> Vec<&'static str> {
    let ask = GetChatMember::new(message.chat.id, me.user.id);
    let kind = match desk.bot.ask(ask).await {
        Ok(member) => member.kind,
        Err(error) => {
            tracing::debug!(%error, "the bot's rights in a Telegram group are not known");
            return Vec::new();
        }
    };
    let forum = is_forum(&message.chat);
    let mut lacking = Vec::new();
    match &kind {
        ChatMemberKind::Administrator(rights) => {
            if forum && !rights.can_manage_topics {
                lacking.push(words::NO_TOPICS_RIGHT);
            }
            if !rights.can_pin_messages {
                lacking.push(words::NO_PIN_RIGHT);
            }
        }
        ChatMemberKind::Owner(_) => {}
        _ if !me.can_read_all_group_messages => lacking.push(words::SEES_NOTHING),
        _ => lacking.push(words::NO_ADMIN),
    }
    if !forum {
        lacking.push(words::NO_FORUM);
    }
    lacking
}

/// What the bot is called, for links to it.
fn bot_name(me: &Me) -> &str {
    me.user.username.as_deref().unwrap_or_default()
}

/// Somebody who writes as the group itself.
fn is_anonymous(message: &Message) -> bool {
    !message.chat.is_private() && message.sender_chat.is_some()
}

/// The group of the first desk, where admins are asked what concerns no desk; else their private chats.
async fn where_admins_are(desk: &Incoming) -> Result<Vec<ChatId>, EngineError> {
    let privately = super::relay::admins(desk).await?;
    if !privately.is_empty() {
        return Ok(privately);
    }
    let directory = desk.engine.directory();
    let rules = desk.engine.rules();
    let name = &rules.rules.defaults.desk;
    let group = directory.group_of(Network::Telegram, name);
    let group = group.filter(|group| group.lost_at.is_none());
    let chat = group.and_then(|group| group.chat.as_str().parse().ok());
    Ok(chat.map(ChatId).into_iter().collect())
}
