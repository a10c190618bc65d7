//! Topics of forums (<https://core.telegram.org/bots/api#createforumtopic>).

use serde_json::{Map, json};

use super::{
    super::{
        params::Params,
        refusal::{Done, Refusal},
        world::{About, BOT, Kind, Place, Topic, World},
    },
    is_admin, place,
};

/// The colour that topics have.
const COLOUR: u32 = 7_322_096;

/// A forum whose topics the bot may manage.
fn forum(world: &World, params: &Params, what: &str) -> Result<Place, Refusal> {
    let place = place(world, params)?;
    let chat = world.chats.get(&place);
    if chat.is_none_or(|chat| chat.kind != (Kind::Supergroup { is_forum: true })) {
        return Err(Refusal::bad("the chat is not a forum"));
    }
    match is_admin(world, place) {
        true => Ok(place),
        false => Err(Refusal::bad(&format!("not enough rights to {what}"))),
    }
}

fn topic<'a>(
    world: &'a mut World,
    params: &Params,
    what: &str,
) -> Result<(Place, i64, &'a mut Topic), Refusal> {
    let place = forum(world, params, what)?;
    let id = params.integer("message_thread_id").unwrap_or_default();
    let chat = world.chats.get_mut(&place);
    let topic = chat.and_then(|chat| chat.topics.get_mut(&id));
    match topic {
        Some(topic) => Ok((place, id, topic)),
        None => Err(Refusal::bad("TOPIC_ID_INVALID")),
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    match name.chars().count() {
        0 => Err(Refusal::bad("topic name must be non-empty")),
        1..=128 => Ok(()),
        _ => Err(Refusal::bad("topic name is too long")),
    }
}

/// `createForumTopic`.
pub(super) fn create(world: &mut World, params: &Params) -> Done {
    let place = forum(world, params, "create a topic")?;
    let name = params.text("name").unwrap_or_default().trim();
    check_name(name)?;
    let id = begin(world, place, BOT, name);
    Ok(json!({ "message_thread_id": id, "name": name, "icon_color": COLOUR }))
}

/// A topic begins with the message that says so, whose number is the topic's.
pub(crate) fn begin(world: &mut World, place: Place, by: i64, name: &str) -> i64 {
    let created = json!({ "name": name, "icon_color": COLOUR });
    let content = Map::from_iter([("forum_topic_created".to_owned(), created)]);
    let message = world.put(place, by, content, &About::default());
    let id = message["message_id"].as_i64().expect("a number");
    let topic = Topic {
        name: name.to_owned(),
        is_closed: false,
    };
    let chat = world.chats.get_mut(&place).expect("a chat");
    chat.topics.insert(id, topic);
    let post = chat.posts.get_mut(&id).expect("just put");
    post.json["message_thread_id"] = json!(id);
    post.json["is_topic_message"] = json!(true);
    if by != BOT {
        let message = post.json.clone();
        world.tell_message(place, "message", message);
    }
    id
}

/// `editForumTopic`.
pub(super) fn edit(world: &mut World, params: &Params) -> Done {
    let name = params.text("name").map(str::to_owned);
    let (_, _, topic) = topic(world, params, "edit the topic")?;
    let Some(name) = name else {
        return Ok(json!(true));
    };
    check_name(&name)?;
    if topic.name == name {
        return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
    }
    topic.name = name;
    Ok(json!(true))
}

/// `closeForumTopic` and `reopenForumTopic`.
pub(super) fn close(world: &mut World, params: &Params, is_closed: bool) -> Done {
    let (place, id, topic) = topic(world, params, "close the topic")?;
    if topic.is_closed == is_closed {
        return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
    }
    topic.is_closed = is_closed;
    let what = if is_closed {
        "forum_topic_closed"
    } else {
        "forum_topic_reopened"
    };
    let content = Map::from_iter([(what.to_owned(), json!({}))]);
    let about = About {
        topic: Some(id),
        ..About::default()
    };
    world.put(place, BOT, content, &about);
    Ok(json!(true))
}

/// `deleteForumTopic`.
pub(super) fn delete(world: &mut World, params: &Params) -> Done {
    let (place, id, _) = topic(world, params, "delete the topic")?;
    end(world, place, id);
    Ok(json!(true))
}

/// A topic goes, and everything that stands in it. Nobody is told.
pub(crate) fn end(world: &mut World, place: Place, id: i64) {
    let chat = world.chats.get_mut(&place).expect("a chat");
    chat.topics.remove(&id);
    chat.posts
        .retain(|_, post| post.json["message_thread_id"] != id);
    let posts = &chat.posts;
    chat.pinned.retain(|pinned| posts.contains_key(pinned));
}
