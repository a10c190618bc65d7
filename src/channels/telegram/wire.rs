//! Reads updates as Telegram writes them, into teloxide's types. These know what Telegram had when they
//! were made; where it has grown since, what a message says must not be lost with what it looks like.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use teloxide::types::{MessageKind, Update, UpdateKind};

/// What a message consists of, whatever came with it.
const CORE: &[&str] = &[
    "business_connection_id",
    "chat",
    "date",
    "edit_date",
    "from",
    "is_from_offline",
    "is_topic_message",
    "message_id",
    "message_thread_id",
    "sender_business_bot",
    "sender_chat",
];
/// What decorates a message: it is read without it if it cannot be read with it.
const DECORATIONS: &[&str] = &[
    "caption_entities",
    "effect_id",
    "entities",
    "external_reply",
    "forward_origin",
    "link_preview_options",
    "quote",
    "reply_markup",
    "reply_to_message",
    "reply_to_story",
    "via_bot",
];
/// What may say of which kind it is. Telegram need not; teloxide wants it.
const FILES: &[&str] = &["animation", "audio", "document", "video", "voice"];
/// The updates that are messages.
const MESSAGES: &[&str] = &[
    "business_message",
    "edited_business_message",
    "edited_message",
    "message",
];
/// A file of any kind.
const SOME_FILE: &str = "application/octet-stream";
/// What a message says that cannot be read at all.
const SOMETHING: &str = "[message]";

/// The update that teloxide reads in a shape of its own only, and where it does.
const DELETED: (&str, &str) = ("deleted_business_messages", "message_ids");

/// Reads an update. A message of which not everything is known is read with what is.
pub(super) fn read(update: &str) -> Option<Update> {
    let whole = parse(update);
    if whole.as_ref().is_some_and(is_understood) {
        return whole;
    }
    let update: Value = serde_json::from_str(update).ok()?;
    if let Some(deleted) = with_ids(&update) {
        return parse(&deleted.to_string());
    }
    let less = [undecorated, bare].into_iter().find_map(|leave_out| {
        let less = parse(&with_less(&update, leave_out)?.to_string())?;
        is_understood(&less).then_some(less)
    });
    less.or(whole)
}

/// Reads an answer. That a message was posted must be known however much of the message is: it would be
/// posted again, and again.
pub(super) fn read_answer<A: DeserializeOwned>(answer: &[u8]) -> Option<A> {
    let parse = |answer: &[u8]| {
        let parsed = catch_unwind(AssertUnwindSafe(|| serde_json::from_slice(answer)));
        parsed.ok()?.ok()
    };
    if let Some(answer) = parse(answer) {
        return Some(answer);
    }
    let whole: Value = serde_json::from_slice(answer).ok()?;
    [undecorated, bare].into_iter().find_map(|leave_out| {
        let mut less = whole.clone();
        let message = less.get_mut("result")?.as_object_mut()?;
        message.contains_key("message_id").then_some(())?;
        leave_out(message);
        parse(&serde_json::to_vec(&less).ok()?)
    })
}

/// The update with what was deleted in teloxide's shape: Telegram lists bare numbers, teloxide wants each
/// in an object.
fn with_ids(update: &Value) -> Option<Value> {
    let mut update = update.clone();
    let (kind, place) = DELETED;
    let ids = update.get_mut(kind)?.get_mut(place)?.as_array_mut()?;
    for id in ids {
        *id = json!({ "message_id": id.take() });
    }
    Some(update)
}

/// From text: teloxide takes the keys of an update for pieces of it. It panics on a reaction of nobody.
fn parse(update: &str) -> Option<Update> {
    let parsed = catch_unwind(AssertUnwindSafe(|| serde_json::from_str(update)));
    parsed.ok()?.ok()
}

/// Whether it is clear what it says. What became of an empty message is not.
const fn is_understood(update: &Update) -> bool {
    match &update.kind {
        UpdateKind::Message(message)
        | UpdateKind::EditedMessage(message)
        | UpdateKind::BusinessMessage(message)
        | UpdateKind::EditedBusinessMessage(message) => {
            !matches!(message.kind, MessageKind::Empty {})
        }
        UpdateKind::Error(_) => false,
        _ => true,
    }
}

/// The update with a part of its message left out, if it is a message's.
fn with_less(update: &Value, leave_out: fn(&mut Map<String, Value>)) -> Option<Value> {
    let mut update = update.clone();
    let kind = MESSAGES.iter().find(|kind| update.get(**kind).is_some())?;
    leave_out(update.get_mut(*kind)?.as_object_mut()?);
    Some(update)
}

fn undecorated(message: &mut Map<String, Value>) {
    message.retain(|key, _| !DECORATIONS.contains(&key.as_str()));
    for file in FILES {
        if let Some(file) = message.get_mut(*file).and_then(Value::as_object_mut) {
            file.insert("mime_type".to_owned(), Value::from(SOME_FILE));
            file.remove("thumbnail");
        }
    }
}

/// Its text, or that there is something to look at.
fn bare(message: &mut Map<String, Value>) {
    let says = ["text", "caption"].into_iter();
    let text = says.filter_map(|key| message.get(key)?.as_str()).next();
    let text = text.unwrap_or(SOMETHING).to_owned();
    message.retain(|key, _| CORE.contains(&key.as_str()));
    message.insert("text".to_owned(), Value::from(text));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A message of a customer with these parts.
    fn message(parts: Value) -> Value {
        let mut message = json!({
            "message_id": 7,
            "date": 1_767_607_200,
            "from": {"id": 100, "is_bot": false, "first_name": "Kim"},
            "chat": {"id": 100, "type": "private", "first_name": "Kim"},
        });
        let all = message.as_object_mut().unwrap();
        all.extend(parts.as_object().unwrap().clone());
        json!({"update_id": 1, "message": message})
    }

    fn text_of(update: &Value) -> Option<String> {
        match read(&update.to_string())?.kind {
            UpdateKind::Message(message) => message.text().map(str::to_owned),
            _ => None,
        }
    }

    #[test]
    fn an_update_is_read_from_a_value() {
        let update = message(json!({"text": "Hello"}));
        assert_eq!(text_of(&update).as_deref(), Some("Hello"));
    }

    #[test]
    fn a_text_is_read_whatever_marks_it_up() {
        let entities = json!([{"type": "made_up_tomorrow", "offset": 0, "length": 2}]);
        let update = message(json!({"text": "My bill is wrong", "entities": entities}));
        assert_eq!(text_of(&update).as_deref(), Some("My bill is wrong"));
    }

    #[test]
    fn a_photo_stays_one_when_its_captions_marks_are_not_known() {
        let size =
            json!({"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "file_size": 1});
        let entities = json!([{"type": "made_up_tomorrow", "offset": 0, "length": 2}]);
        let parts = json!({"photo": [size], "caption": "See", "caption_entities": entities});
        let Some(UpdateKind::Message(read)) =
            read(&message(parts).to_string()).map(|update| update.kind)
        else {
            panic!("a message");
        };
        assert!(read.photo().is_some());
        assert_eq!(read.caption(), Some("See"));
    }

    #[test]
    fn the_caption_of_what_is_not_known_is_read() {
        let update = message(json!({"hologram": {"file_id": 1}, "caption": "It is broken here"}));
        assert_eq!(text_of(&update).as_deref(), Some("It is broken here"));
    }

    #[test]
    fn deletions_are_read_as_telegram_lists_them() {
        let deleted = json!({"business_connection_id": "c1", "message_ids": [7, 8],
            "chat": {"id": 100, "type": "private"}});
        let update = json!({"update_id": 1, "deleted_business_messages": deleted});
        let Some(UpdateKind::DeletedBusinessMessages(read)) =
            read(&update.to_string()).map(|read| read.kind)
        else {
            panic!("deletions");
        };
        let ids: Vec<i32> = read.message_ids.iter().map(|id| id.0).collect();
        assert_eq!(ids, [7, 8]);
    }

    #[test]
    fn a_reaction_of_nobody_cannot_be_read() {
        let reaction = json!({"chat": {"id": 100, "type": "private"}, "message_id": 7,
            "date": 1, "old_reaction": [], "new_reaction": []});
        let update = json!({"update_id": 1, "message_reaction": reaction});
        assert!(read(&update.to_string()).is_none());
    }

    #[test]
    fn that_something_came_is_read_even_of_what_is_not_known() {
        let update = message(json!({"hologram": {"file_id": 1}}));
        assert_eq!(text_of(&update).as_deref(), Some(SOMETHING));
    }

    /// Anything that JSON can hold.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~é👍]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let key = prop_oneof![
                Just("message".to_owned()),
                Just("text".to_owned()),
                Just("chat".to_owned()),
                "[a-z_]{1,12}",
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..5).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_in_a_messages_place_breaks_it(anything in any_json()) {
            for kind in MESSAGES {
                drop(read(&json!({"update_id": 1, *kind: anything}).to_string()));
            }
            drop(read(&anything.to_string()));
        }

        #[test]
        fn no_part_of_a_message_takes_its_text_away(key in "[a-z_]{1,20}", anything in any_json()) {
            prop_assume!(!CORE.contains(&key.as_str()) && key != "text" && key != "caption");
            let update = message(json!({"text": "Hello", key: anything}));
            let text = text_of(&update);
            prop_assert_eq!(text.as_deref(), Some("Hello"));
        }
    }
}
