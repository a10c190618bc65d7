//! What each method of the Bot API does.

mod chats;
mod edits;
pub(crate) mod markup;
mod sends;
mod topics;

pub(crate) use chats::describe as describe_connection;
pub(crate) use sends::new_file;
use serde_json::{Value, json};
pub(crate) use topics::{begin as begin_topic, end as end_topic};

use super::{
    params::Params,
    refusal::{Done, Refusal},
    webhook,
    world::{BOT, Kind, Place, QueryAnswer, Status, World},
};

/// Does what is asked.
pub(crate) fn answer(world: &mut World, method: &str, params: &Params) -> Done {
    match method {
        "getMe" => Ok(me(world)),
        "setWebhook" => webhook::set(world, params),
        "deleteWebhook" => webhook::delete(world, params),
        "getWebhookInfo" => Ok(webhook::info(world)),
        "setMyCommands" => world.commands.set(params),
        "deleteMyCommands" => world.commands.delete(params),
        "getMyCommands" => world.commands.of(params),
        "answerCallbackQuery" => answer_query(world, params),
        "copyMessage" => sends::copy(world, params),
        "copyMessages" => sends::copy_all(world, params),
        "forwardMessage" => sends::forward(world, params),
        "forwardMessages" => sends::forward_all(world, params),
        "sendChatAction" => writable(world, params).map(|_| json!(true)),
        "editMessageText" | "editMessageCaption" | "editMessageReplyMarkup" => {
            edits::edit(world, method, params)
        }
        "deleteMessage" => edits::delete(world, params),
        "deleteMessages" => edits::delete_all(world, params),
        "readBusinessMessage" => edits::read_business(world, params),
        "deleteBusinessMessages" => edits::delete_business(world, params),
        "setMessageReaction" => edits::react(world, params),
        "pinChatMessage" | "unpinChatMessage" | "unpinAllChatMessages" => {
            edits::pin(world, method, params)
        }
        "createForumTopic" => topics::create(world, params),
        "editForumTopic" => topics::edit(world, params),
        "closeForumTopic" => topics::close(world, params, true),
        "reopenForumTopic" => topics::close(world, params, false),
        "deleteForumTopic" => topics::delete(world, params),
        "getChat" => chats::full(world, params),
        "getChatMember" => chats::member(world, params),
        "getChatMemberCount" => chats::count(world, params),
        "getChatAdministrators" => chats::administrators(world, params),
        "leaveChat" => chats::leave(world, params),
        "getBusinessConnection" => chats::connection(world, params),
        "getFile" => chats::file(world, params),
        send if send.starts_with("send") => sends::send(world, send, params),
        other => {
            world.violation(format!("{other} is not simulated"));
            Err(Refusal::not_found())
        }
    }
}

fn me(world: &World) -> Value {
    let mut me = world.user(BOT);
    let more = json!({
        "can_join_groups": true, "can_read_all_group_messages": !world.has_privacy,
        "supports_inline_queries": false, "can_connect_to_business": true,
        "has_main_web_app": false,
    });
    let object = me.as_object_mut().expect("an object");
    object.extend(more.as_object().expect("an object").clone());
    me
}

fn answer_query(world: &mut World, params: &Params) -> Done {
    let id = params.text("callback_query_id").unwrap_or_default();
    let text = params.text("text").map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let known = world
        .queries
        .get_mut(id)
        .filter(|query| query.answer.is_none());
    let query = known.ok_or_else(|| {
        Refusal::bad("query is too old and response timeout expired or query ID is invalid")
    })?;
    query.answer = Some(QueryAnswer {
        text,
        is_alert: params.flag("show_alert"),
        url: params.text("url").map(str::to_owned),
    });
    Ok(json!(true))
}

/// The chat that is meant, as far as the bot knows it.
fn place(world: &World, params: &Params) -> Result<Place, Refusal> {
    let id = match params.values.get("chat_id") {
        None => return Err(Refusal::bad("chat_id is empty")),
        Some(id) if id == "" => return Err(Refusal::bad("chat_id is empty")),
        Some(id) => id.as_i64(),
    };
    let unknown = || Refusal::bad("chat not found");
    let id = id.ok_or_else(unknown)?;
    if let Some(connection) = params.text("business_connection_id") {
        return business(world, connection, id);
    }
    known(world, id)
}

/// The chat of this number, if the bot has ever met it.
fn known(world: &World, id: i64) -> Result<Place, Refusal> {
    let unknown = || Refusal::bad("chat not found");
    let place = Place::Chat(id);
    if id > 0 {
        world.users.get(&id).ok_or_else(unknown)?;
        return Ok(place);
    }
    let chat = world.chats.get(&place).ok_or_else(unknown)?;
    if let Some(to) = chat.moved_to {
        return Err(Refusal::moved(to));
    }
    let kind = match chat.kind {
        Kind::Supergroup { .. } => "supergroup",
        Kind::Group | Kind::Private => "group",
    };
    match chat.members.get(&BOT) {
        None => Err(unknown()),
        Some(Status::Kicked) => Err(Refusal::forbidden(&format!(
            "bot was kicked from the {kind} chat"
        ))),
        Some(Status::Left) => Err(Refusal::forbidden(&format!(
            "bot is not a member of the {kind} chat"
        ))),
        Some(_) => Ok(place),
    }
}

/// The chat of a Business account with this customer.
fn business(world: &World, connection: &str, customer: i64) -> Result<Place, Refusal> {
    let known = world.connections.get(connection);
    let known = known.filter(|connection| connection.is_enabled);
    let connection = known.ok_or_else(|| Refusal::bad("business connection not found"))?;
    let place = Place::Business {
        owner: connection.owner,
        customer,
    };
    match world.chats.contains_key(&place) {
        true => Ok(place),
        false => Err(Refusal::bad("chat not found")),
    }
}

/// A chat that the bot may write to.
fn writable(world: &World, params: &Params) -> Result<Place, Refusal> {
    let place = place(world, params)?;
    match place {
        Place::Chat(id) if id > 0 => {
            let user = &world.users[&id];
            if user.is_gone {
                return Err(Refusal::forbidden("user is deactivated"));
            }
            if user.blocks_bot {
                return Err(Refusal::forbidden("bot was blocked by the user"));
            }
            if !user.has_started {
                return Err(Refusal::forbidden(
                    "bot can't initiate conversation with a user",
                ));
            }
        }
        Place::Chat(_) => {}
        Place::Business { .. } => may_reply(world, place, params)?,
    }
    Ok(place)
}

/// A bot may answer a Business account's customer where it has the right, within a day of their last
/// message.
fn may_reply(world: &World, place: Place, params: &Params) -> Result<(), Refusal> {
    let connection = params.text("business_connection_id").unwrap_or_default();
    if world.connections[connection].rights["can_reply"] != true {
        return Err(Refusal::bad("BUSINESS_CONNECTION_NOT_ALLOWED"));
    }
    let Place::Business { customer, .. } = place else {
        return Ok(());
    };
    let newest = world.chats[&place]
        .posts
        .values()
        .rev()
        .find(|post| post.json["from"]["id"] == customer)
        .and_then(|post| post.json["date"].as_i64());
    match newest {
        Some(at) if world.now() - at < 24 * 60 * 60 => Ok(()),
        _ => Err(Refusal::bad("BUSINESS_PEER_USAGE_MISSING")),
    }
}

/// What the bot is in a chat: in private it may do what an administrator may.
fn is_admin(world: &World, place: Place) -> bool {
    match place {
        Place::Chat(id) if id < 0 => world.bot_status(place).is_some_and(Status::is_admin),
        _ => true,
    }
}
