//! Reads a text as Telegram does: its HTML (<https://core.telegram.org/bots/api#html-style>) and what
//! it finds by itself, such as commands, mentions and links. Lengths are in UTF-16 units.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::refusal::Refusal;

/// A text with its entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Formatted {
    pub(crate) text: String,
    pub(crate) entities: Vec<Value>,
}

/// How many UTF-16 units a text has, which is how Telegram counts.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Reads a text as it is.
pub(crate) fn plain(text: &str) -> Formatted {
    finish(text.to_owned(), Vec::new())
}

/// A tag that was opened.
struct Open {
    tag: String,
    at: usize,
    entity: Option<Value>,
}

/// Reads HTML.
pub(crate) fn html(source: &str) -> Result<Formatted, Refusal> {
    let bad = |what: String| Refusal::bad(&format!("can't parse entities: {what}"));
    let (mut text, mut entities, mut open) = (String::new(), Vec::new(), Vec::<Open>::new());
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let byte = source.len() - rest.len();
        match next {
            '&' => {
                let (character, length) = character(rest);
                text.push(character);
                rest = &rest[length..];
            }
            '<' => {
                let end = rest.find('>');
                let Some(inside) = end.map(|end| &rest[1..end]) else {
                    return Err(bad(format!("Unclosed start tag at byte offset {byte}")));
                };
                rest = &rest[inside.len() + 2..];
                if let Some(tag) = inside.strip_prefix('/') {
                    let Some(last) = open.pop() else {
                        return Err(bad(format!("Unexpected end tag at byte offset {byte}")));
                    };
                    let tag = tag.trim().to_lowercase();
                    if !tag.is_empty() && tag != last.tag {
                        return Err(bad(format!(
                            "Unmatched end tag at byte offset {byte}, expected \"</{}>\", found \"</{tag}>\"",
                            last.tag
                        )));
                    }
                    close(last, units(&text), &mut entities);
                } else {
                    let (tag, entity) = start(inside)
                        .map_err(|what| bad(format!("{what} at byte offset {byte}")))?;
                    open.push(Open {
                        tag,
                        at: units(&text),
                        entity,
                    });
                }
            }
            other => {
                text.push(other);
                rest = &rest[other.len_utf8()..];
            }
        }
    }
    match open.pop() {
        Some(last) => Err(bad(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            last.tag
        ))),
        None => Ok(finish(text, entities)),
    }
}

/// What an `&…;` stands for, and how long it is; a lone `&` stands for itself.
fn character(rest: &str) -> (char, usize) {
    let named = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("&quot;", '"'),
    ];
    for (name, character) in named {
        if rest.starts_with(name) {
            return (character, name.len());
        }
    }
    let numeric = rest.strip_prefix("&#").and_then(|rest| {
        let digits = rest.split(';').next()?;
        let number = match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        Some((char::from_u32(number)?, digits.len() + 3))
    });
    numeric.unwrap_or(('&', 1))
}

/// A start tag's name and what it makes of the text.
fn start(inside: &str) -> Result<(String, Option<Value>), String> {
    let name_end = inside
        .find(|c: char| c.is_whitespace() || c == '>')
        .unwrap_or(inside.len());
    let tag = inside[..name_end].to_lowercase();
    let attributes = &inside[name_end..];
    let entity = match tag.as_str() {
        "b" | "strong" => Some(json!({ "type": "bold" })),
        "i" | "em" => Some(json!({ "type": "italic" })),
        "u" | "ins" => Some(json!({ "type": "underline" })),
        "s" | "strike" | "del" => Some(json!({ "type": "strikethrough" })),
        "tg-spoiler" => Some(json!({ "type": "spoiler" })),
        "span" if attribute(attributes, "class").as_deref() == Some("tg-spoiler") => {
            Some(json!({ "type": "spoiler" }))
        }
        "span" => return Err("Tag \"span\" must have class \"tg-spoiler\"".to_owned()),
        "code" => Some(json!({ "type": "code" })),
        "pre" => Some(json!({ "type": "pre" })),
        "blockquote" if attributes.contains("expandable") => {
            Some(json!({ "type": "expandable_blockquote" }))
        }
        "blockquote" => Some(json!({ "type": "blockquote" })),
        "a" => attribute(attributes, "href").and_then(|to| link(&to)),
        _ => return Err(format!("Unsupported start tag \"{tag}\"")),
    };
    Ok((tag, entity))
}

fn link(to: &str) -> Option<Value> {
    if let Some(user) = to.strip_prefix("tg://user?id=") {
        let id: i64 = user.parse().ok()?;
        return Some(json!({ "type": "text_mention", "user": { "id": id } }));
    }
    let is_link = ["http://", "https://", "tg://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| to.to_lowercase().starts_with(scheme));
    is_link.then(|| json!({ "type": "text_link", "url": to }))
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, rest) = attributes.split_once(&format!("{name}="))?;
    let quote = rest.chars().next()?;
    let value = match quote {
        '"' | '\'' => rest[1..].split(quote).next()?,
        _ => rest.split_whitespace().next()?,
    };
    let (mut read, mut rest) = (String::new(), value);
    while let Some(next) = rest.chars().next() {
        let (next, length) = match next {
            '&' => character(rest),
            other => (other, other.len_utf8()),
        };
        read.push(next);
        rest = &rest[length..];
    }
    Some(read)
}

fn close(open: Open, end: usize, entities: &mut Vec<Value>) {
    if let Some(mut entity) = open.entity
        && end > open.at
    {
        entity["offset"] = json!(open.at);
        entity["length"] = json!(end - open.at);
        entities.push(entity);
    }
}

static FOUND: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let patterns = [
        (
            "url",
            r"(?i)\b(?:https?://|tg://)[^\s<>]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|de|info|example|ru|co|app|dev)\b(?:/[^\s<>]*)?",
        ),
        (
            "email",
            r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        ),
        ("mention", r"(?:^|[^\w@/])(@[A-Za-z]\w{3,31})\b"),
        (
            "bot_command",
            r"(?:^|[^\w/<>@.])(/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)\b",
        ),
        ("hashtag", r"(?:^|[^\w&/])(#\w*[A-Za-z_]\w*)"),
        ("phone_number", r"\+\d[\d ()-]{5,17}\d"),
    ];
    patterns
        .into_iter()
        .map(|(kind, pattern)| (kind, Regex::new(pattern).expect("a pattern")))
        .collect()
});

/// Trims the ends, as Telegram does, and adds what it finds by itself.
fn finish(text: String, entities: Vec<Value>) -> Formatted {
    let cut = units(&text) - units(text.trim_start());
    let text = text.trim().to_owned();
    let all = units(&text);
    let mut entities: Vec<Value> = entities
        .into_iter()
        .filter_map(|mut entity| {
            let (from, to) = span(&entity);
            let (from, to) = (from.saturating_sub(cut), to.saturating_sub(cut).min(all));
            entity["offset"] = json!(from);
            entity["length"] = json!(to.checked_sub(from).filter(|length| *length > 0)?);
            Some(entity)
        })
        .collect();
    for (kind, pattern) in FOUND.iter() {
        for captures in pattern.captures_iter(&text) {
            let found = captures.get(1).or(captures.get(0)).expect("a match");
            let from = units(&text[..found.start()]);
            let to = from + units(found.as_str());
            let is_taken = entities.iter().any(|entity| {
                let (start, end) = span(entity);
                let is_closed = ["code", "pre", "text_link", "text_mention", "url", "email"]
                    .contains(&entity["type"].as_str().unwrap_or_default());
                is_closed && from < end && start < to
            });
            if !is_taken {
                entities.push(json!({ "type": kind, "offset": from, "length": to - from }));
            }
        }
    }
    entities.sort_by_key(|entity| {
        let (from, to) = span(entity);
        (from, usize::MAX - to)
    });
    Formatted { text, entities }
}

fn span(entity: &Value) -> (usize, usize) {
    let number = |name: &str| {
        let number = entity[name].as_u64().unwrap_or_default();
        usize::try_from(number).expect("small")
    };
    (number("offset"), number("offset") + number("length"))
}
