//! What single updates are, in the shapes that the Bot API publishes
//! (<https://core.telegram.org/bots/api#message>), and that nothing which can be read breaks us.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{channels::telegram::wire, domain::message::Attachment};

const NOW: &str = "2026-01-05T10:30:00Z";

fn me() -> Me {
    let me = json!({"id": 42, "is_bot": true, "first_name": "Care", "can_join_groups": true,
        "can_read_all_group_messages": false, "supports_inline_queries": false,
        "has_main_web_app": false});
    serde_json::from_value(me).expect("a bot")
}

fn settings() -> Settings {
    let token = "[telegram]\ntoken = \"42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"";
    Settings::of_text(token).expect("settings")
}

/// What an update is, to somebody who knows nobody.
fn is(update: &Value) -> Option<Result<Inbound, Nothing>> {
    let (me, settings, directory) = (me(), settings(), Directory::default());
    let around = Around {
        me: &me,
        directory: &directory,
        settings: &settings,
        now: NOW.parse().expect("a time"),
    };
    Some(normalise(&wire::read(&update.to_string())?, around))
}

fn update(kind: &str, parts: &Value) -> Value {
    let person = json!({"id": 100, "is_bot": false, "first_name": "Kim"});
    let mut message = json!({"message_id": 7, "date": 1_767_607_200, "from": person,
        "chat": {"id": 100, "type": "private", "first_name": "Kim"}});
    let all = message.as_object_mut().expect("an object");
    all.extend(parts.as_object().expect("an object").clone());
    json!({"update_id": 1, kind: message})
}

/// What a message says, and what came with it; `None` if it is no message.
fn says(parts: Value) -> Option<(String, Option<Attachment>)> {
    match is(&update("message", &parts)).expect("readable") {
        Ok(Inbound::Said(said)) => {
            let message = said.message;
            Some((message.text.reveal().clone(), message.attachment))
        }
        Ok(other) => panic!("a message was expected, not {other:?}"),
        Err(_) => None,
    }
}

fn with(text: &str, attachment: Attachment) -> Option<(String, Option<Attachment>)> {
    Some((text.to_owned(), Some(attachment)))
}

/// A file, with what the Bot API says of each kind of it.
fn file(parts: Value) -> Value {
    let mut file = json!({"file_id": "a", "file_unique_id": "b", "file_size": 9});
    let all = file.as_object_mut().expect("an object");
    all.extend(parts.as_object().expect("an object").clone());
    file
}

#[test]
fn a_text_is_kept_to_the_letter() {
    let text = "  My *bill*\n<b>is</b> wrong 👍 ";
    assert_eq!(says(json!({"text": text})), Some((text.to_owned(), None)));
}

#[test]
fn what_comes_with_a_caption_says_the_caption() {
    let picture = file(json!({"width": 1, "height": 1}));
    let film = file(json!({"width": 1, "height": 1, "duration": 1}));
    let sound = file(json!({"duration": 1}));
    let cases = [
        ("photo", json!([picture]), "[photo]", Attachment::Photo),
        ("video", film.clone(), "[video]", Attachment::Video),
        ("animation", film, "[video]", Attachment::Video),
        ("voice", sound.clone(), "[voice]", Attachment::Voice),
        ("audio", sound, "[audio]", Attachment::Audio),
        (
            "document",
            file(json!({})),
            "[document]",
            Attachment::Document,
        ),
    ];
    for (kind, media, word, attachment) in cases {
        let captioned = json!({kind: media, "caption": "It is broken"});
        assert_eq!(says(captioned), with("It is broken", attachment), "{kind}");
        assert_eq!(says(json!({kind: media})), with(word, attachment), "{kind}");
    }
}

#[test]
fn a_file_is_one_whatever_it_calls_itself() {
    let plain = file(json!({"duration": 1}));
    let odd = file(json!({"duration": 1, "mime_type": "?"}));
    for voice in [plain, odd] {
        assert_eq!(
            says(json!({"voice": voice})),
            with("[voice]", Attachment::Voice)
        );
    }
}

#[test]
fn what_comes_without_words_has_a_word() {
    let place = json!({"longitude": 13.4, "latitude": 52.5});
    let venue = json!({"location": place, "title": "Our shop", "address": "High Street 1"});
    let note = file(json!({"length": 240, "duration": 3}));
    let contact = json!({"phone_number": "+442079460142", "first_name": "Kim"});
    assert_eq!(
        says(json!({"video_note": note})),
        with("[video]", Attachment::Video)
    );
    assert_eq!(
        says(json!({"contact": contact})),
        with("[contact]", Attachment::Contact)
    );
    assert_eq!(
        says(json!({"location": place})),
        with("[location]", Attachment::Location)
    );
    assert_eq!(
        says(json!({"venue": venue, "location": place})),
        with("[location] Our shop, High Street 1", Attachment::Location)
    );
    assert_eq!(
        says(json!({"dice": {"emoji": "🎲", "value": 4}})),
        with("🎲 4", Attachment::Other)
    );
    assert_eq!(
        says(json!({"hologram": {"file_id": "a"}})),
        Some(("[message]".to_owned(), None)),
        "somebody looks at what is not known yet"
    );
}

#[test]
fn a_poll_says_what_it_asks() {
    let option = json!({"text": "Yes", "voter_count": 0});
    let poll = json!({"id": "1", "question": "Was it you?", "options": [option, option],
        "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular",
        "allows_multiple_answers": false});
    assert_eq!(
        says(json!({"poll": poll})),
        with("[poll] Was it you?", Attachment::Other)
    );
}

#[test]
fn a_sticker_says_what_its_emoji_says() {
    let sticker = |emoji: Value| {
        let parts = json!({"width": 512, "height": 512, "type": "regular", "is_animated": false,
            "is_video": false, "needs_repainting": false, "emoji": emoji});
        says(json!({"sticker": file(parts)}))
    };
    assert_eq!(sticker(json!("👍")), with("👍", Attachment::Sticker));
    assert_eq!(sticker(Value::Null), with("[sticker]", Attachment::Sticker));
}

#[test]
fn what_is_replied_to_or_forwarded_is_still_what_the_customer_says() {
    let before = update("message", &json!({"text": "Which month?"}))["message"].clone();
    let replies = json!({"text": "May", "reply_to_message": before, "quote":
        {"text": "month", "position": 6}});
    assert_eq!(says(replies), Some(("May".to_owned(), None)));
    let origin = json!({"type": "hidden_user", "sender_user_name": "Sam", "date": 1});
    let forwards = json!({"text": "They told me so", "forward_origin": origin});
    assert_eq!(says(forwards), Some(("They told me so".to_owned(), None)));
}

#[test]
fn service_messages_say_nothing() {
    let pinned = update("message", &json!({"text": "Which month?"}))["message"].clone();
    for parts in [
        json!({"pinned_message": pinned}),
        json!({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}}),
        json!({"write_access_allowed": {"from_request": true}}),
        json!({"connected_website": "example.com"}),
    ] {
        assert_eq!(says(parts.clone()), None, "{parts}");
    }
}

#[test]
fn somebody_who_moves_about_edits_nothing() {
    let place = json!({"longitude": 13.4, "latitude": 52.5, "live_period": 60});
    let moved = update(
        "edited_message",
        &json!({"location": place, "edit_date": 1_767_607_260}),
    );
    assert_eq!(is(&moved).expect("readable").err(), Some(Nothing::Silent));
}

#[test]
fn groups_and_channels_are_not_private() {
    let mut somewhere = update("message", &json!({"text": "Hello"}));
    somewhere["message"]["chat"] = json!({"id": -100, "type": "group", "title": "Us"});
    assert_eq!(
        is(&somewhere).expect("readable").err(),
        Some(Nothing::NoCustomer)
    );
}

/// Anything that may stand in a message's place, or in one of its parts.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!({"id": i64::MIN, "type": "private"})),
        Just(json!({"id": 100, "is_bot": false, "first_name": ""})),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,9}", inner, 0..3).prop_map(Value::from_iter),
        ]
    })
}

/// A part of a message or of what is done in a chat.
fn part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "message_id",
        "date",
        "edit_date",
        "from",
        "chat",
        "text",
        "caption",
        "photo",
        "sticker",
        "contact",
        "location",
        "dice",
        "poll",
        "sender_business_bot",
        "business_connection_id",
        "via_bot",
        "reply_to_message",
        "entities",
        "message_ids",
        "user",
        "actor_chat",
        "old_reaction",
        "new_reaction",
        "old_chat_member",
        "new_chat_member",
    ])
}

proptest! {
    #[test]
    fn whatever_can_be_read_is_something_or_nothing(
        kind in prop::sample::select(vec![
            "message", "edited_message", "business_message", "edited_business_message",
            "deleted_business_messages", "message_reaction", "my_chat_member",
        ]),
        parts in prop::collection::btree_map(part(), anything(), 0..5),
    ) {
        let parts: Value = parts.into_iter().map(|(key, part)| (key.to_owned(), part)).collect();
        let base = json!({"text": "Hello"});
        for base in [base, json!({})] {
            let mut update = update(kind, &base);
            let message = update[kind].as_object_mut().expect("an object");
            message.extend(parts.as_object().expect("an object").clone());
            if let Some(Ok(Inbound::Said(said))) = is(&update) {
                prop_assert!(said.message.at <= NOW.parse().expect("a time"));
                prop_assert!(!said.message.text.reveal().is_empty());
            }
        }
    }
}
