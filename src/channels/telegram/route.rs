//! Whose an update is: a customer's, the agents', nobody's. Pure: it looks at the update and at who is
//! who.

use teloxide::types::{CallbackQuery, Chat, ChatId, Message, Update, UpdateKind, UserId};

use crate::{
    domain::{
        chat::Network,
        ids::{self, PersonId},
    },
    engine::chat::rows::{Directory, GroupRow},
};

/// Whose an update is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of a customer who writes to the bot, or of their chat with it.
    Customers,
    /// Of a group where customers and staff talk.
    Groups,
    /// Of a Business account's chats.
    Businesses,
    /// Of the agents: in a desk's group, in private with the bot, or about to become a desk.
    Agents,
    /// Of nobody whom we know, or nothing that we use.
    Nobodys,
}

/// Whose an update is, as things stand.
pub(super) fn whose(update: &Update, directory: &Directory) -> Whose {
    match &update.kind {
        UpdateKind::Message(message) | UpdateKind::EditedMessage(message) => {
            of_message(message, directory)
        }
        UpdateKind::MessageReaction(reaction) => {
            let by = reaction.user().map(|user| user.id);
            of_chat(&reaction.chat, by, directory)
        }
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => {
            match of_chat(&change.chat, Some(change.from.id), directory) {
                // Somebody adds the bot to a group: it may become a desk's.
                Whose::Nobodys => Whose::Agents,
                whose => whose,
            }
        }
        UpdateKind::CallbackQuery(query) => of_query(query, directory),
        UpdateKind::BusinessConnection(_) => Whose::Agents,
        UpdateKind::BusinessMessage(_)
        | UpdateKind::EditedBusinessMessage(_)
        | UpdateKind::DeletedBusinessMessages(_) => Whose::Businesses,
        _ => Whose::Nobodys,
    }
}

fn of_message(message: &Message, directory: &Directory) -> Whose {
    let by = message.from.as_ref().map(|user| user.id);
    match of_chat(&message.chat, by, directory) {
        Whose::Customers if is_pairing(message) => Whose::Agents,
        Whose::Nobodys if is_command(message) => Whose::Agents,
        // `/unwatch`, by one of ours.
        Whose::Groups if is_command(message) && by.is_some_and(|by| is_account(by, directory)) => {
            Whose::Agents
        }
        whose => whose,
    }
}

fn of_query(query: &CallbackQuery, directory: &Directory) -> Whose {
    match query.message.as_ref().map(|message| message.chat()) {
        Some(chat) => of_chat(chat, Some(query.from.id), directory),
        None => Whose::Nobodys,
    }
}

fn of_chat(chat: &Chat, by: Option<UserId>, directory: &Directory) -> Whose {
    if chat.is_private() {
        let is_ours = by.is_some_and(|by| is_account(by, directory));
        return if is_ours {
            Whose::Agents
        } else {
            Whose::Customers
        };
    }
    match group(chat.id, directory) {
        Some(GroupRow { desk: Some(_), .. }) => Whose::Agents,
        Some(_) => Whose::Groups,
        None => Whose::Nobodys,
    }
}

/// `/start CODE` in private, which links a person to an account. A customer's `/start` has no code, or
/// is found to have none that we know.
fn is_pairing(message: &Message) -> bool {
    let text = message.text().unwrap_or_default();
    let mut words = text.split_whitespace();
    words.next() == Some("/start") && words.next().is_some()
}

fn is_command(message: &Message) -> bool {
    message.text().is_some_and(|text| text.starts_with('/'))
}

fn is_account(user: UserId, directory: &Directory) -> bool {
    let person = PersonId::parse(&user.to_string());
    person.is_ok_and(|person| directory.account(Network::Telegram, &person).is_some())
}

fn group(chat: ChatId, directory: &Directory) -> Option<&GroupRow> {
    let chat = ids::ChatId::parse(&chat.to_string()).ok()?;
    directory.group(Network::Telegram, &chat)
}
