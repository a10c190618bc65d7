//! What is done to messages that stand already: edited, deleted, pinned, reacted to.

use serde_json::{Value, json};

use super::{
    super::{
        html::Formatted,
        params::Params,
        refusal::{Done, Refusal},
        world::{About, BOT, Place, Post, World},
    },
    business, is_admin, markup, place,
};

/// How long a bot may delete messages, in seconds.
const DELETABLE: i64 = 48 * 60 * 60;

/// `editMessageText`, `editMessageCaption`, `editMessageReplyMarkup`. What is not said anew is gone:
/// an edit without buttons takes them away.
pub(super) fn edit(world: &mut World, method: &str, params: &Params) -> Done {
    let id = params.message_id()?;
    let place = place(world, params)?;
    let is_ours = |post: &Post| {
        post.json["from"]["id"] == BOT || post.json["sender_business_bot"]["id"] == BOT
    };
    let post = world
        .post(place, id)
        .ok_or_else(|| Refusal::bad("message to edit not found"))?;
    if !is_ours(post) {
        return Err(Refusal::bad("message can't be edited"));
    }
    let old = post.json.clone();
    let mut new = old.clone();
    match method {
        "editMessageText" => {
            if old.get("text").is_none() {
                return Err(Refusal::bad("there is no text in the message to edit"));
            }
            let text = markup::text(world, params)?;
            write(&mut new, "text", "entities", Some(text));
        }
        "editMessageCaption" => {
            if old.get("text").is_some() {
                return Err(Refusal::bad("there is no caption in the message to edit"));
            }
            let caption = markup::caption(world, params)?;
            write(&mut new, "caption", "caption_entities", caption);
        }
        _ => {}
    }
    world.mend_mentions(&mut new);
    let object = new.as_object_mut().expect("an object");
    match markup::reply_markup(params)? {
        Some(buttons) if buttons.get("inline_keyboard").is_some() => {
            object.insert("reply_markup".to_owned(), buttons);
        }
        Some(_) => return Err(Refusal::bad("inline keyboard expected")),
        None => {
            object.remove("reply_markup");
        }
    }
    if new == old {
        return Err(Refusal::bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
        ));
    }
    new["edit_date"] = json!(world.now());
    keep(world, place, id, new.clone());
    Ok(new)
}

fn write(message: &mut Value, text: &str, entities: &str, formatted: Option<Formatted>) {
    let object = message.as_object_mut().expect("an object");
    object.remove(text);
    object.remove(entities);
    if let Some(formatted) = formatted {
        object.extend(super::super::world::content(text, entities, formatted));
    }
}

fn keep(world: &mut World, place: Place, id: i64, json: Value) {
    let chat = world.chats.get_mut(&place).expect("a chat");
    chat.posts.get_mut(&id).expect("a message").json = json;
}

/// `deleteMessage`.
pub(super) fn delete(world: &mut World, params: &Params) -> Done {
    let id = params.message_id()?;
    let place = place(world, params)?;
    delete_one(world, place, id)
}

/// `deleteMessages`: those that are not there are skipped.
pub(super) fn delete_all(world: &mut World, params: &Params) -> Done {
    let place = place(world, params)?;
    let ids = params.integers("message_ids");
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::bad("message identifiers are not specified"));
    }
    for id in ids {
        drop(delete_one(world, place, id));
    }
    Ok(json!(true))
}

/// A bot may delete its own messages and what it got in private for 48 hours, and as a group's
/// administrator anything.
fn delete_one(world: &mut World, place: Place, id: i64) -> Done {
    let post = world
        .post(place, id)
        .ok_or_else(|| Refusal::bad("message to delete not found"))?;
    let is_own = post.json["from"]["id"] == BOT;
    let is_private = matches!(place, Place::Chat(id) if id > 0);
    let is_fresh = world.now() - post.json["date"].as_i64().unwrap_or_default() < DELETABLE;
    let may = match (is_private, is_own) {
        (true, _) => is_fresh,
        (false, own) => is_admin(world, place) || own && is_fresh,
    };
    if !may {
        return Err(Refusal::bad("message can't be deleted"));
    }
    let chat = world.chats.get_mut(&place).expect("a chat");
    chat.posts.remove(&id);
    chat.pinned.remove(&id);
    Ok(json!(true))
}

/// `readBusinessMessage`.
pub(super) fn read_business(world: &mut World, params: &Params) -> Done {
    let id = params.message_id()?;
    let place = place(world, params)?;
    match world.post(place, id) {
        Some(_) => Ok(json!(true)),
        None => Err(Refusal::bad("MESSAGE_ID_INVALID")),
    }
}

/// `deleteBusinessMessages`.
pub(super) fn delete_business(world: &mut World, params: &Params) -> Done {
    let connection = params.text("business_connection_id").unwrap_or_default();
    let owner = world.connections.get(connection).map(|of| of.owner);
    let customers: Vec<i64> = world
        .chats
        .keys()
        .filter_map(|place| match place {
            Place::Business {
                owner: of,
                customer,
            } if Some(*of) == owner => Some(*customer),
            _ => None,
        })
        .collect();
    for customer in customers {
        let place = business(world, connection, customer)?;
        let chat = world.chats.get_mut(&place).expect("a chat");
        for id in params.integers("message_ids") {
            chat.posts.remove(&id);
        }
    }
    Ok(json!(true))
}

/// The reactions that any bot may give.
const EMOJI: &str = "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳❤‍🔥🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👨‍💻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷‍♂🤷🤷‍♀😡";

/// `setMessageReaction`.
pub(super) fn react(world: &mut World, params: &Params) -> Done {
    let id = params.message_id()?;
    let place = place(world, params)?;
    let reactions = params.json("reaction").and_then(Value::as_array);
    let reactions = reactions.cloned().unwrap_or_default();
    for reaction in &reactions {
        let emoji = reaction["emoji"].as_str().unwrap_or_default();
        let is_offered = !emoji.is_empty() && EMOJI.contains(emoji);
        if reaction["type"] == "emoji" && !is_offered {
            return Err(Refusal::bad("REACTION_INVALID"));
        }
    }
    if reactions.len() > 1 {
        return Err(Refusal::bad("REACTIONS_TOO_MANY"));
    }
    let chat = world.chats.get_mut(&place);
    let post = chat.and_then(|chat| chat.posts.get_mut(&id));
    let post = post.ok_or_else(|| Refusal::bad("message to react not found"))?;
    post.reactions.insert(BOT, reactions);
    Ok(json!(true))
}

/// `pinChatMessage`, `unpinChatMessage`, `unpinAllChatMessages`.
pub(super) fn pin(world: &mut World, method: &str, params: &Params) -> Done {
    let place = place(world, params)?;
    if !is_admin(world, place) {
        return Err(Refusal::bad(
            "not enough rights to manage pinned messages in the chat",
        ));
    }
    let chat = world.chats.get_mut(&place);
    let chat = chat.ok_or_else(|| Refusal::bad("chat not found"))?;
    if method == "unpinAllChatMessages" {
        chat.pinned.clear();
        return Ok(json!(true));
    }
    let id = match (method, params.integer("message_id")) {
        ("unpinChatMessage", None) => chat.pinned.last().copied(),
        (_, id) => id,
    };
    let id = id.filter(|id| chat.posts.contains_key(id));
    let what = method.trim_end_matches("ChatMessage");
    let id = id.ok_or_else(|| Refusal::bad(&format!("message to {what} not found")))?;
    if method == "unpinChatMessage" {
        chat.pinned.remove(&id);
        return Ok(json!(true));
    }
    chat.pinned.insert(id);
    let mut pinned = chat.posts[&id].json.clone();
    let topic = pinned["message_thread_id"]
        .as_i64()
        .filter(|_| pinned["is_topic_message"] == true);
    if let Some(object) = pinned.as_object_mut() {
        object.remove("reply_to_message");
    }
    // The bot's own pinning stands in the chat as a service message, which the bot is not told.
    let content = serde_json::Map::from_iter([("pinned_message".to_owned(), pinned)]);
    let about = About {
        topic,
        ..About::default()
    };
    world.put(place, BOT, content, &about);
    Ok(json!(true))
}
