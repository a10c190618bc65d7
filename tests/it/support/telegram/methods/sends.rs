//! New messages of the bot: sent, copied, forwarded.

use serde_json::{Map, Value, json};

use super::{
    super::{
        params::Params,
        refusal::{Done, Refusal},
        world::{About, BOT, Kind, Place, World, content},
    },
    is_admin, known, markup, writable,
};

/// The members of a message that are its content.
pub(super) const CONTENT: [&str; 12] = [
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "voice",
    "video",
    "audio",
    "sticker",
    "location",
    "contact",
];
/// The largest photo and the largest other file that a bot may send.
const LARGEST: (usize, usize) = (10 << 20, 50 << 20);

/// `sendMessage`, `sendPhoto` and so on.
pub(super) fn send(world: &mut World, method: &str, params: &Params) -> Done {
    let place = writable(world, params)?;
    let content = match method {
        "sendMessage" => content("text", "entities", markup::text(world, params)?),
        "sendLocation" => location(params)?,
        "sendContact" => contact(params)?,
        _ => media(world, method, params)?,
    };
    let about = about(world, place, params)?;
    put(world, place, content, &about)
}

fn put(world: &mut World, place: Place, content: Map<String, Value>, about: &About) -> Done {
    let now = world.now();
    let chat = match place {
        Place::Chat(id) => id,
        Place::Business { customer, .. } => customer,
    };
    world.flood.take(chat, now)?;
    let from = match place {
        Place::Chat(_) => BOT,
        Place::Business { owner, .. } => owner,
    };
    if let Place::Chat(id) = place
        && id > 0
    {
        world.private(id);
    }
    Ok(world.put(place, from, content, about))
}

/// Where in the chat it goes, and how.
fn about(world: &World, place: Place, params: &Params) -> Result<About, Refusal> {
    let mut topic = params.integer("message_thread_id").filter(|id| *id != 0);
    let chat = world.chats.get(&place);
    let is_forum = chat.is_some_and(|chat| chat.kind == (Kind::Supergroup { is_forum: true }));
    if let Some(id) = topic {
        let found = chat
            .filter(|_| is_forum)
            .and_then(|chat| chat.topics.get(&id));
        let found = found.ok_or_else(|| Refusal::bad("message thread not found"))?;
        if found.is_closed && !is_admin(world, place) {
            return Err(Refusal::bad("TOPIC_CLOSED"));
        }
    }
    let reply = params.json("reply_parameters");
    let mut reply_to = None;
    if let Some(reply) = reply {
        let id = reply["message_id"].as_i64().unwrap_or_default();
        let found = chat.and_then(|chat| chat.posts.get(&id));
        match found {
            Some(post) => {
                reply_to = Some(id);
                // A reply goes where the message is.
                if is_forum && topic.is_none() {
                    topic = post.json["message_thread_id"].as_i64();
                }
            }
            None if reply["allow_sending_without_reply"] == true => {}
            None => return Err(Refusal::bad("message to be replied not found")),
        }
    }
    Ok(About {
        is_silent: params.flag("disable_notification"),
        topic,
        reply_to,
        markup: markup::reply_markup(params)?,
        connection: params.text("business_connection_id").map(str::to_owned),
    })
}

fn location(params: &Params) -> Result<Map<String, Value>, Refusal> {
    let degrees = |name: &str, most: f64| {
        let number = params.number(name).filter(|number| number.abs() <= most);
        number.ok_or_else(|| Refusal::bad(&format!("{name} is invalid")))
    };
    let location = json!({
        "latitude": degrees("latitude", 90.0)?, "longitude": degrees("longitude", 180.0)?,
    });
    Ok(Map::from_iter([("location".to_owned(), location)]))
}

fn contact(params: &Params) -> Result<Map<String, Value>, Refusal> {
    let needed = |name: &str| {
        let text = params.text(name);
        text.ok_or_else(|| Refusal::bad(&format!("{name} is empty")))
    };
    let contact = json!({
        "phone_number": needed("phone_number")?, "first_name": needed("first_name")?,
    });
    Ok(Map::from_iter([("contact".to_owned(), contact)]))
}

/// A file, by its id or sent along.
fn media(world: &mut World, method: &str, params: &Params) -> Result<Map<String, Value>, Refusal> {
    let kind = method.trim_start_matches("send").to_lowercase();
    if !CONTENT.contains(&kind.as_str()) {
        world.violation(format!("{method} is not simulated"));
    }
    let given = params.text(&kind).map(str::to_owned);
    let given = given.ok_or_else(|| Refusal::bad(&format!("there is no {kind} in the request")))?;
    let file = if let Some(upload) = params.uploads.get(given.trim_start_matches("attach://")) {
        let largest = if kind == "photo" {
            LARGEST.0
        } else {
            LARGEST.1
        };
        if upload.size > largest {
            return Err(Refusal::too_large());
        }
        if upload.size == 0 {
            return Err(Refusal::bad("file must be non-empty"));
        }
        let name = upload.name.clone();
        new_file(world, &kind, Some(&name))
    } else {
        match world.files.get(&given) {
            Some(of) if *of == kind => describe(&kind, &given, None),
            Some(of) => {
                return Err(Refusal::bad(&format!(
                    "can't use file of type {of} as {kind}"
                )));
            }
            None => return Err(Refusal::bad("wrong file identifier/HTTP URL specified")),
        }
    };
    let mut message = match markup::caption(world, params)? {
        Some(caption) => content("caption", "caption_entities", caption),
        None => Map::new(),
    };
    message.insert(kind, file);
    Ok(message)
}

/// A file that Telegram keeps from now on.
pub(crate) fn new_file(world: &mut World, kind: &str, name: Option<&str>) -> Value {
    let id = format!("AgACAgIAAx{:08}", world.number());
    world.files.insert(id.clone(), kind.to_owned());
    describe(kind, &id, name)
}

/// A file as messages show it.
fn describe(kind: &str, id: &str, name: Option<&str>) -> Value {
    let unique = format!("AQAD{}", id.trim_start_matches("AgACAgIAAx"));
    let mut file = json!({ "file_id": id, "file_unique_id": unique, "file_size": 1234 });
    let more = match kind {
        "photo" => {
            file["width"] = json!(90);
            file["height"] = json!(60);
            let mut large = file.clone();
            large["width"] = json!(900);
            large["height"] = json!(600);
            return json!([file, large]);
        }
        "document" => json!({
            "file_name": name.unwrap_or("file.pdf"), "mime_type": "application/pdf",
        }),
        "voice" => json!({ "duration": 7, "mime_type": "audio/ogg" }),
        "audio" => json!({ "duration": 7 }),
        "video" => json!({ "width": 900, "height": 600, "duration": 7 }),
        "sticker" => json!({
            "type": "regular", "width": 512, "height": 512, "is_animated": false,
            "is_video": false, "emoji": "👍",
        }),
        _ => json!({}),
    };
    let object = file.as_object_mut().expect("an object");
    object.extend(more.as_object().expect("an object").clone());
    file
}

/// A message's content, to be put elsewhere.
fn original(world: &World, params: &Params, id: i64, what: &str) -> Result<Value, Refusal> {
    let from = params.integer("from_chat_id");
    let from = from.ok_or_else(|| Refusal::bad("chat not found"))?;
    let place = known(world, from)?;
    let post = world.post(place, id);
    let json = post.map(|post| post.json.clone());
    json.ok_or_else(|| Refusal::bad(&format!("message to {what} not found")))
}

/// `copyMessage`.
pub(super) fn copy(world: &mut World, params: &Params) -> Done {
    let id = params.message_id()?;
    let original = original(world, params, id, "copy")?;
    let place = writable(world, params)?;
    let about = about(world, place, params)?;
    let mut copied = contents(&original);
    if copied.is_empty() {
        return Err(Refusal::bad("the message can't be copied"));
    }
    if params.values.contains_key("caption") && !copied.contains_key("text") {
        copied.remove("caption");
        copied.remove("caption_entities");
        if let Some(caption) = markup::caption(world, params)? {
            copied.extend(content("caption", "caption_entities", caption));
        }
    }
    let message = put(world, place, copied, &about)?;
    Ok(json!({ "message_id": message["message_id"] }))
}

/// `copyMessages`: those that are not there are left out.
pub(super) fn copy_all(world: &mut World, params: &Params) -> Done {
    let place = writable(world, params)?;
    let about = about(world, place, params)?;
    let mut ids = Vec::new();
    for id in params.integers("message_ids") {
        let Ok(original) = original(world, params, id, "copy") else {
            continue;
        };
        let message = put(world, place, contents(&original), &about)?;
        ids.push(json!({ "message_id": message["message_id"] }));
    }
    match ids.is_empty() {
        true => Err(Refusal::bad("there are no messages to copy")),
        false => Ok(json!(ids)),
    }
}

/// `forwardMessage`.
pub(super) fn forward(world: &mut World, params: &Params) -> Done {
    let id = params.message_id()?;
    let original = original(world, params, id, "forward")?;
    let place = writable(world, params)?;
    let about = about(world, place, params)?;
    put(world, place, forwarded(&original), &about)
}

/// `forwardMessages`.
pub(super) fn forward_all(world: &mut World, params: &Params) -> Done {
    let place = writable(world, params)?;
    let about = about(world, place, params)?;
    let mut ids = Vec::new();
    for id in params.integers("message_ids") {
        if let Ok(original) = original(world, params, id, "forward") {
            let message = put(world, place, forwarded(&original), &about)?;
            ids.push(json!({ "message_id": message["message_id"] }));
        }
    }
    match ids.is_empty() {
        true => Err(Refusal::bad("there are no messages to forward")),
        false => Ok(json!(ids)),
    }
}

fn forwarded(original: &Value) -> Map<String, Value> {
    let mut content = contents(original);
    let origin = json!({
        "type": "user", "date": original["date"], "sender_user": original["from"],
    });
    content.insert("forward_origin".to_owned(), origin);
    content
}

fn contents(message: &Value) -> Map<String, Value> {
    let members = CONTENT.iter().filter_map(|member| {
        let value = message.get(*member)?;
        Some(((*member).to_owned(), value.clone()))
    });
    members.collect()
}
