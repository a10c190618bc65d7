//! What stands in a chat, as text for inline snapshots: a block a message, buttons in brackets.

use std::fmt::Write as _;

use serde_json::Value;

use super::world::{Place, Post, World};

/// A chat as text: what stands outside of topics first, then each topic. What Telegram itself says is
/// left out.
pub(crate) fn chat(world: &World, place: Place) -> String {
    let Some(chat) = world.chats.get(&place) else {
        return String::new();
    };
    let mut text = String::new();
    let is_in = |post: &Post, topic: Option<i64>| topic_of(&post.json) == topic;
    let mut section = |topic: Option<i64>| {
        for (id, post) in &chat.posts {
            if is_in(post, topic) && !is_service(&post.json) {
                text.push_str(&message(post, chat.pinned.contains(id)));
            }
        }
    };
    section(None);
    for (id, topic) in &chat.topics {
        let closed = if topic.is_closed { " (closed)" } else { "" };
        let heading = format!("# {}{closed}\n", topic.name);
        text.push_str(&heading);
        for (post_id, post) in &chat.posts {
            if is_in(post, Some(*id)) && !is_service(&post.json) {
                text.push_str(&message(post, chat.pinned.contains(post_id)));
            }
        }
    }
    text.trim_end().to_owned()
}

/// The topic that a message stands in.
pub(crate) fn topic_of(message: &Value) -> Option<i64> {
    (message["is_topic_message"] == true).then(|| message["message_thread_id"].as_i64())?
}

/// A message as text.
pub(crate) fn message(post: &Post, is_pinned: bool) -> String {
    let json = &post.json;
    let name = json["from"]["first_name"].as_str().unwrap_or("?");
    let bot = match json.get("sender_business_bot") {
        Some(_) => " (the bot)",
        None => "",
    };
    let mut text = format!("{name}{bot}: ");
    let mut marks = Vec::new();
    let reply = &json["reply_to_message"];
    if reply.is_object() && reply.get("forum_topic_created").is_none() {
        marks.push(format!("reply to {:?}", short(&content(reply))));
    }
    if post.is_silent {
        marks.push("silent".to_owned());
    }
    if is_pinned {
        marks.push("pinned".to_owned());
    }
    for mark in marks {
        write!(text, "({mark}) ").expect("written");
    }
    text.push_str(&content(json).replace('\n', "\n  "));
    text.push('\n');
    let rows = json["reply_markup"]["inline_keyboard"].as_array();
    for row in rows.into_iter().flatten() {
        let buttons = row.as_array().into_iter().flatten().map(button);
        let row: Vec<String> = buttons.collect();
        writeln!(text, "  {}", row.join(" ")).expect("written");
    }
    for reactions in post.reactions.values() {
        let emoji = reactions.iter().filter_map(|one| one["emoji"].as_str());
        let emoji: String = emoji.collect();
        if !emoji.is_empty() {
            writeln!(text, "  {emoji}").expect("written");
        }
    }
    text
}

fn button(button: &Value) -> String {
    let text = button["text"].as_str().unwrap_or_default();
    match button.get("url") {
        Some(_) => format!("[{text} ↗]"),
        None => format!("[{text}]"),
    }
}

/// What a message may hold beside text.
const KINDS: [&str; 8] = [
    "photo", "document", "voice", "video", "audio", "sticker", "location", "contact",
];

/// Whether Telegram itself says it, such as that somebody joined.
fn is_service(json: &Value) -> bool {
    json.get("text").is_none() && !KINDS.iter().any(|kind| json.get(*kind).is_some())
}

/// What a message says; of what is no text, what it is.
fn content(json: &Value) -> String {
    if let Some(text) = json["text"].as_str() {
        return text.to_owned();
    }
    let kind = KINDS.iter().find(|kind| json.get(**kind).is_some());
    let what = kind.map(|kind| format!("<{kind}>")).unwrap_or_default();
    match json["caption"].as_str() {
        Some(caption) => format!("{what} {caption}"),
        None => what,
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(30) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
