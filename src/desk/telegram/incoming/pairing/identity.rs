//! `/link`: who somebody is here and whom they can turn to; and, as a reply with an account's name, that a
//! person's chat identity is an account's. An identity that is linked stays with its account until it is
//! unlinked on the web desk, and nobody gives away an account of a higher role than their own.

use teloxide::types::{Message, User};

use super::{agents::shown_name, bot_name};
use crate::{
    desk::{
        Plain,
        telegram::{
            draw::Html,
            incoming::{Agent, Came, Incoming, person, say::Place},
            wording::pairing as words,
        },
    },
    domain::{
        account::Role,
        chat::Network,
        ids::{AccountName, PersonId},
    },
    engine::{EngineError, chat::rows::PersonRow},
};

/// `/link`, from somebody whose account is enabled.
pub(in crate::desk::telegram::incoming) async fn link(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    arguments: &str,
) -> Result<(), EngineError> {
    let Some(by) = &came.by else {
        return Ok(());
    };
    match arguments.split_whitespace().next() {
        None => tell_who(desk, came, by, message).await,
        Some(named) => {
            let answer = give(desk, came, by, message, named).await?;
            desk.tell(Place::under(message), answer).await;
            Ok(())
        }
    }
}

/// Links whoever is replied to to the account of this name. What came of it, as it is answered.
async fn give(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
    named: &str,
) -> Result<String, EngineError> {
    if by.role < Role::Supervisor {
        return Ok(words::LINK_BY_SUPERVISOR.to_owned());
    }
    let Some((user, who)) = meant(message) else {
        return Ok(words::LINK_IS_REPLY.to_owned());
    };
    if let Some(account) = desk.engine.directory().account(Network::Telegram, &who) {
        return Ok(words::is_linked_already(account));
    }
    let found = match AccountName::parse(named) {
        Ok(name) => desk.engine.store().account(name).await?,
        Err(_) => None,
    };
    let Some(account) = found.filter(|account| account.disabled_at.is_none()) else {
        return Ok(words::LINK_NO_ACCOUNT.to_owned());
    };
    if account.role > by.role {
        return Ok(words::LINK_TOO_HIGH.to_owned());
    }
    let row = PersonRow {
        network: Network::Telegram,
        person: who,
        account: account.name.clone(),
        writable: false,
        at: desk.clock.now(),
    };
    let engine = desk.once(came, "link");
    match engine.link_person(row, by.account.clone()).await {
        Err(error) if !error.is_repeated() => return Err(error),
        _ => {}
    }
    let shown = shown_name(user);
    let mut html = Html::message();
    html.ours("✅ ").within_bold(|html| {
        html.theirs(&Plain::name(
            shown.as_ref().map_or("", |shown| shown.as_str()),
        ));
    });
    html.ours(&words::is_now(&account.name));
    let url = words::private_chat(bot_name(came.me));
    html.line()
        .ours(words::NEW_AGENT)
        .ours(" ")
        .link(&url, &url);
    Ok(html.finish())
}

/// The person who wrote the message that is replied to.
fn meant(message: &Message) -> Option<(&User, PersonId)> {
    let about = message
        .reply_to_message()
        .filter(|_| !message.chat.is_private())?;
    // In a topic every message replies to the topic's beginning.
    if about.forum_topic_created().is_some() || about.sender_chat.is_some() {
        return None;
    }
    let user = about.from.as_ref().filter(|user| !user.is_bot)?;
    Some((user, person(user)?))
}

/// Who somebody is here, and whom they can turn to.
async fn tell_who(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let rules = desk.engine.rules();
    let worked = rules
        .rules
        .desks
        .iter()
        .filter(|(_, desk)| desk.is_worked_by(&by.account, by.role));
    let worked: Vec<&str> = worked.map(|(name, _)| name.as_str()).collect();
    let mut html = Html::message();
    html.ours(words::YOU_ARE).within_bold(|html| {
        html.theirs(&Plain::name(by.shown.as_str()));
    });
    html.ours(&words::account(&by.account, by.role, &worked));
    let accounts = desk.engine.store().accounts().await?;
    for (role, words) in [
        (Role::Supervisor, words::SUPERVISORS),
        (Role::Admin, words::ADMINS),
    ] {
        let mut of_role = accounts
            .iter()
            .filter(|row| row.role == role && row.disabled_at.is_none())
            .peekable();
        if of_role.peek().is_none() {
            continue;
        }
        html.line().ours(words);
        for (place, row) in of_role.enumerate() {
            html.ours(if place == 0 { " " } else { ", " })
                .theirs(&Plain::name(row.shown.as_str()));
        }
        html.ours(".");
    }
    let directory = desk.engine.directory();
    if directory.writable(Network::Telegram, &by.account).is_none() {
        let url = words::private_chat(bot_name(came.me));
        html.line()
            .ours(words::OPEN_PRIVATE)
            .ours(" ")
            .link(&url, &url);
    }
    desk.tell(Place::under(message), html.finish()).await;
    Ok(())
}
