//! Messages of a watched group as Telegram gives them, and what is understood of them.

use serde_json::{Value, json};
use teloxide::types::Me;

use super::*;
use crate::{
    domain::{group::Lead, group::Whose, time::Timestamp},
    settings::Settings,
};

const GROUP: i64 = -1_001_234;

/// A message of somebody, with more keys.
fn message(id: i32, from: &Value, text: &str, more: Value) -> types::Message {
    let mut message = json!({
        "message_id": id,
        "date": 1_780_000_000,
        "chat": {"id": GROUP, "type": "supergroup", "title": "Help"},
        "from": from,
        "text": text,
    });
    let keys = message.as_object_mut().expect("an object");
    keys.extend(more.as_object().expect("an object").clone());
    serde_json::from_value(message).expect("a message of Telegram's")
}

fn user(id: u64, name: &str) -> Value {
    json!({"id": id, "is_bot": false, "first_name": name, "username": name})
}

/// Kim is ours.
fn staff() -> Staff {
    Staff {
        people: BTreeSet::from([PersonId::parse("1").unwrap()]),
        handles: BTreeSet::from(["kim".to_owned()]),
    }
}

fn with_around<T>(look: impl FnOnce(Around<'_>) -> T) -> T {
    let me: Me = serde_json::from_value(json!({
        "id": 99, "is_bot": true, "first_name": "Ringback", "username": "ringback_bot",
        "can_join_groups": true, "can_read_all_group_messages": true,
        "supports_inline_queries": false, "has_main_web_app": false,
    }))
    .expect("a bot");
    let directory = Directory::default();
    let settings = Settings::of_text("").expect("valid settings");
    look(Around {
        me: &me,
        directory: &directory,
        settings: &settings,
        now: Timestamp::from_second(1_790_000_000).unwrap(),
    })
}

fn said(message: &types::Message) -> Result<Said, Nothing> {
    with_around(|around| talk(message, &staff(), around).map(|talk| talk.said))
}

fn whose(message: &types::Message) -> Whose {
    said(message).expect("something said").whose()
}

fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

/// A message as the one that another answers.
fn reply(message: &types::Message) -> Value {
    json!({"reply_to_message": serde_json::to_value(message).expect("JSON")})
}

#[test]
fn a_customer_has_a_thread_of_their_own_and_staff_answer_in_it() {
    let asks = message(5, &user(7, "Sam"), "My bill is wrong", json!({}));
    assert_eq!(whose(&asks), Whose::Own(person("7")));
    let answers = message(6, &user(1, "kim"), "Which month?", reply(&asks));
    let Whose::Led(leads) = whose(&answers) else {
        panic!("it is ours");
    };
    assert_eq!(leads, [Lead::To(person("7"))]);
    with_around(|around| {
        let talk = talk(&answers, &staff(), around).expect("talk");
        let channel = ChannelName::parse("group").unwrap();
        let kept = talk
            .with(&answers, &person("7"), &channel, around)
            .expect("kept");
        assert_eq!(kept.message.thread.thread.as_str(), "g-1001234:7");
        assert_eq!(kept.message.id.as_str(), "6");
        assert_eq!(kept.message.from, Party::Agent);
        assert_eq!(kept.message.visibility, Visibility::Public);
        assert_eq!(kept.message.author.unwrap().reveal(), "user1");
        assert_eq!(kept.about.handle.as_deref(), Some("sam"));
        assert_eq!(kept.shown.name.unwrap().reveal(), "Sam");
    });
}

#[test]
fn what_customers_say_among_themselves_is_nobodys() {
    let asks = message(5, &user(7, "Sam"), "Does it work for you?", json!({}));
    let other = message(6, &user(8, "Lee"), "Yes", reply(&asks));
    assert_eq!(whose(&other), Whose::Nobodys);
}

#[test]
fn an_administrator_who_hides_behind_the_groups_name_is_ours() {
    let anonymous = json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group"});
    let group = json!({"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Help"}});
    let hidden = message(5, &anonymous, "We look into it", group);
    assert_eq!(said(&hidden).expect("said").by, Writer::Staff);
}

#[test]
fn a_channels_post_that_appears_by_itself_is_nobodys_and_comments_on_it_are_customers() {
    let telegram = json!({"id": 777_000, "is_bot": false, "first_name": "Telegram"});
    let channel = json!({
        "sender_chat": {"id": -100_777, "type": "channel", "title": "News"},
        "is_automatic_forward": true,
    });
    let post = message(5, &telegram, "We are closed on Monday", channel);
    assert_eq!(whose(&post), Whose::Nobodys);
    let comment = message(6, &user(7, "Sam"), "And on Tuesday?", reply(&post));
    assert_eq!(whose(&comment), Whose::Own(person("7")));
}

#[test]
fn mentions_are_found_behind_letters_that_count_twice() {
    let text = "👩‍💻 @Sam and Lee, it works again";
    let at = text.encode_utf16().position(|unit| unit == u16::from(b'@'));
    let lee = text.encode_utf16().position(|unit| unit == u16::from(b'L'));
    let entities = json!({"entities": [
        {"type": "mention", "offset": at, "length": 4},
        {"type": "text_mention", "offset": lee, "length": 3, "user": user(8, "Lee")},
    ]});
    let told = message(5, &user(1, "kim"), text, entities);
    let named = vec![
        Named::Handle("sam".to_owned()),
        Named::Customer(person("8")),
    ];
    assert_eq!(whose(&told), Whose::Led(vec![Lead::Named(named)]));
}

#[test]
fn who_names_us_or_the_bot_speaks_to_us_whomever_they_answer() {
    let asks = message(5, &user(7, "Sam"), "Does it work for you?", json!({}));
    for (text, length) in [("@kim it does not", 4), ("@Ringback_Bot help", 13)] {
        let mut more = reply(&asks);
        more["entities"] = json!([{"type": "mention", "offset": 0, "length": length}]);
        let other = message(6, &user(8, "Lee"), text, more);
        assert_eq!(whose(&other), Whose::Own(person("8")), "{text}");
    }
}

#[test]
fn in_a_topic_what_answers_nobody_is_of_who_opened_it() {
    let topic = json!({"message_thread_id": 40, "is_topic_message": true});
    let opened = json!({
        "message_id": 40, "date": 1_780_000_000, "message_thread_id": 40, "is_topic_message": true,
        "chat": {"id": GROUP, "type": "supergroup", "title": "Help", "is_forum": true},
        "from": user(7, "Sam"),
        "forum_topic_created": {"name": "Bill", "icon_color": 7_322_096},
    });
    let mut more = topic.clone();
    more["reply_to_message"] = opened;
    let answer = message(41, &user(1, "kim"), "Which month?", more);
    assert_eq!(whose(&answer), Whose::Led(vec![Lead::To(person("7"))]));
    let unknown = message(42, &user(1, "kim"), "Hello", topic);
    assert_eq!(whose(&unknown), Whose::Led(vec![Lead::AloneInTopic]));
    with_around(|around| {
        let talk = talk(&answer, &staff(), around).expect("talk");
        let channel = ChannelName::parse("group").unwrap();
        let kept = talk.with(&answer, &person("7"), &channel, around);
        let thread = kept.expect("kept").message.thread.thread;
        assert_eq!(thread.as_str(), "g-1001234:7:40");
    });
}

#[test]
fn commands_for_bots_and_what_says_nothing_are_left_out() {
    let command = json!({"entities": [{"type": "bot_command", "offset": 0, "length": 5}]});
    let command = message(5, &user(7, "Sam"), "/help", command);
    assert_eq!(said(&command), Err(Nothing::Silent));
    let joined = json!({"new_chat_members": [user(7, "Sam")]});
    let mut joins = message(6, &user(7, "Sam"), "", joined);
    assert_eq!(said(&joins), Err(Nothing::Silent));
    joins.from = None;
    assert_eq!(said(&joins), Err(Nothing::Silent));
}

#[test]
fn offsets_that_lie_name_nobody_and_break_nothing() {
    let entities = json!({"entities": [
        {"type": "mention", "offset": 3, "length": 400},
        {"type": "mention", "offset": 1_000_000, "length": 4},
    ]});
    let odd = message(5, &user(7, "Sam"), "Hi @kim", entities);
    assert_eq!(said(&odd).expect("said").mentions, []);
}
