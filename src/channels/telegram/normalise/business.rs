//! The way in over a Business account that the bot is connected to: it sees both sides of the account's
//! chats. Whatever comes over a connection that no admin has accepted is not looked at: anybody can
//! connect any bot to their account.

use teloxide::types::{
    BusinessConnectionId, BusinessMessagesDeleted, Chat, Message, MessageKind, UpdateId, User,
};

use super::{
    Around, Inbound, Nothing, Said, author, change_of, channel, in_our_words, message_id, private,
    thread,
};
use crate::{
    domain::{
        chat::Network,
        ids::{Author, ConnectionId, PersonId, ThreadKey},
        message::Party,
    },
    engine::{
        Shown,
        chat::rows::{ConnectionRow, ConnectionState},
    },
    settings::ChannelKind,
};

/// The number of Telegram's own account, which brings codes to sign in with.
const TELEGRAMS_OWN: i64 = 777_000;

/// A message of either side.
pub(super) fn said(message: &Message, around: Around<'_>) -> Result<Said, Nothing> {
    let connection = connection(connection_of(message), around)?;
    let thread = thread_of(connection, &message.chat, around)?;
    let from = message.from.as_ref().ok_or(Nothing::NoCustomer)?;
    let (party, by) = sender(message, from, connection, around)?;
    let is_customers = party == Party::Customer;
    Ok(Said {
        message: in_our_words(message, thread, party, by, around)?,
        shown: Shown {
            number: private::own_number(message).filter(|_| is_customers),
            ..private::shown(&message.chat)
        },
    })
}

/// Messages that either side took back.
pub(super) fn deleted(
    update: UpdateId,
    deleted: &BusinessMessagesDeleted,
    around: Around<'_>,
) -> Result<Inbound, Nothing> {
    let connection = connection(Some(&deleted.business_connection_id), around)?;
    let messages = deleted.message_ids.iter();
    let messages = messages.map(|id| Ok((message_id(*id)?, change_of(update, *id)?)));
    Ok(Inbound::Deleted {
        thread: thread_of(connection, &deleted.chat, around)?,
        messages: messages.collect::<Result<_, _>>()?,
        at: around.now,
    })
}

/// Who wrote it: our account, by hand; a bot for it; or whom it talks with.
fn sender(
    message: &Message,
    from: &User,
    connection: &ConnectionRow,
    around: Around<'_>,
) -> Result<(Party, Option<Author>), Nothing> {
    if let Some(bot) = &message.sender_business_bot {
        return match bot.id == around.me.id {
            true => Err(Nothing::OurOwn),
            false => Ok((Party::Bot, None)),
        };
    }
    if from.id.to_string() != connection.person.as_str() {
        return Ok((private::party(from), author(from.id)));
    }
    if is_automatic(message) {
        return Ok((Party::Bot, None));
    }
    let account = around
        .directory
        .account(Network::Telegram, &connection.person);
    let account = account.and_then(|account| Author::parse(account.as_str()).ok());
    Ok((Party::Agent, account.or_else(|| author(from.id))))
}

/// The connection that a message came over.
const fn connection_of(message: &Message) -> Option<&BusinessConnectionId> {
    match &message.kind {
        MessageKind::Common(common) => common.business_connection_id.as_ref(),
        _ => None,
    }
}

/// A greeting or an away message: nobody has answered yet. One that was scheduled by hand looks the same
/// to us; taking it for nobody's answer costs a reminder, the other way round costs a customer.
fn is_automatic(message: &Message) -> bool {
    matches!(&message.kind, MessageKind::Common(common) if common.is_from_offline)
}

/// The connection, if it is ours and stands.
fn connection<'a>(
    id: Option<&BusinessConnectionId>,
    around: Around<'a>,
) -> Result<&'a ConnectionRow, Nothing> {
    let id = id.and_then(|id| ConnectionId::parse(&id.0).ok());
    let row = id.and_then(|id| around.directory.connection(Network::Telegram, &id));
    row.filter(|row| row.state == ConnectionState::Accepted && row.is_enabled)
        .ok_or(Nothing::NotConnected)
}

/// The thread of a chat of the account's. With itself, with a colleague or with Telegram there is none.
fn thread_of(
    connection: &ConnectionRow,
    chat: &Chat,
    around: Around<'_>,
) -> Result<ThreadKey, Nothing> {
    let channel = channel(around, ChannelKind::TelegramBusiness)?;
    let with = chat.id.0;
    if !chat.is_private() || with == TELEGRAMS_OWN {
        return Err(Nothing::NoCustomer);
    }
    let person = PersonId::parse(&with.to_string()).map_err(|_| Nothing::NoCustomer)?;
    let is_colleague = around
        .directory
        .account(Network::Telegram, &person)
        .is_some();
    if person == connection.person || is_colleague {
        return Err(Nothing::NoCustomer);
    }
    thread(channel, &format!("b{}:{with}", connection.person))
}
