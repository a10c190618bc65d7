//! Exports as Telegram Desktop writes them, and the messages that come out.

use std::io::Cursor;

use serde_json::{Value, json};

use crate::{
    domain::message::{Attachment, Message, Party, Visibility},
    replay::input::{Agents, BadLine, Format, Lines, Position, Source, WithoutStaff},
};

type Read = Vec<(Position, Result<Message, BadLine>)>;

fn read(export: &str, agents: &[&str]) -> (Read, u64) {
    let source = Source {
        format: Format::Telegram,
        reader: Box::new(Cursor::new(export.to_owned().into_bytes())),
    };
    let agents = agents.iter().map(|agent| (*agent).to_owned()).collect();
    let without = WithoutStaff::default();
    let lines = Lines::new(vec![source]).with_agents(Agents::new(agents), without.clone());
    let read = lines.map(|line| {
        let position = line.position;
        (
            position,
            line.into_incoming().map(|incoming| incoming.message),
        )
    });
    (read.collect(), without.groups())
}

fn messages(export: &str, agents: &[&str]) -> Vec<Message> {
    let (read, _) = read(export, agents);
    let read = read.into_iter().map(|(_, message)| message);
    read.collect::<Result<_, _>>().expect("messages")
}

/// `thread id party: text` of each.
fn shown(messages: &[Message]) -> Vec<String> {
    let show = |message: &Message| {
        format!(
            "{} {} {:?}: {}",
            message.thread.thread,
            message.id,
            message.from,
            message.text.reveal()
        )
    };
    messages.iter().map(show).collect()
}

fn message(id: i64, from: &str, text: impl Into<Value>) -> Value {
    json!({
        "id": id, "type": "message", "date": "2026-01-05T12:00:00",
        "date_unixtime": (1_767_607_200 + id).to_string(),
        "from": "Somebody", "from_id": from, "text": text.into(),
    })
}

fn with(mut message: Value, more: Value) -> Value {
    let keys = message.as_object_mut().expect("an object");
    keys.extend(more.as_object().expect("an object").clone());
    message
}

/// A chat. Its keys stand before its messages, as Telegram Desktop writes them.
fn chat(kind: &str, id: i64, messages: Vec<Value>) -> String {
    let messages = Value::Array(messages);
    format!(
        "{{\"name\": \"A chat\", \"type\": \"{kind}\", \"id\": {id}, \"messages\": {messages}}}"
    )
}

#[test]
fn a_personal_chat_is_one_thread_and_whoever_is_not_its_person_is_ours() {
    let service = json!({"id": 2, "type": "service", "action": "phone_call", "text": ""});
    let export = chat(
        "personal_chat",
        7,
        vec![
            message(1, "user7", "My bill is wrong"),
            service,
            message(
                3,
                "user1",
                json!(["See ", {"type": "link", "text": "https://example.com"}, "!"]),
            ),
        ],
    );
    let messages = messages(&export, &[]);
    assert_eq!(
        shown(&messages),
        [
            "7 1 Customer: My bill is wrong",
            "7 3 Agent: See https://example.com!"
        ]
    );
    let [first, second] = messages.as_slice() else {
        panic!("two");
    };
    assert_eq!(first.at.as_second(), 1_767_607_201);
    assert_eq!(first.author.as_ref().expect("an author").reveal(), "user7");
    assert_eq!(second.thread.channel.as_str(), "telegram");
    assert_eq!(second.visibility, Visibility::Private);
}

#[test]
fn an_export_of_everything_has_every_chat_where_somebody_is_served() {
    let text = format!(
        "{{\"about\": \"…\", \"personal_information\": {{\"user_id\": 1}}, \"contacts\": {{\"list\": []}},
          \"chats\": {{\"about\": \"…\", \"list\": [{}, {}, {}]}}, \"left_chats\": {{\"list\": [{}]}}}}",
        chat("personal_chat", 7, vec![message(1, "user7", "Hello")]),
        chat("saved_messages", 1, vec![message(2, "user1", "A note")]),
        chat("private_group", 5, vec![message(3, "user8", "Hi"), with(message(4, "user1", "Hi Lee"), json!({"reply_to_message_id": 3}))]),
        chat("personal_chat", 9, vec![message(5, "user9", "Bye")]),
    );
    let (read, without_staff) = read(&text, &[]);
    let messages: Vec<Message> = read.into_iter().map(|(_, read)| read.unwrap()).collect();
    assert_eq!(
        shown(&messages),
        [
            "7 1 Customer: Hello",
            "g-5:8 3 Customer: Hi",
            "g-5:8 4 Agent: Hi Lee",
            "9 5 Customer: Bye"
        ]
    );
    assert_eq!(without_staff, 0, "whose account it is is ours");
}

#[test]
fn in_a_group_each_customer_has_a_thread_of_their_own() {
    let answers = |id: i64| json!({"reply_to_message_id": id});
    let export = chat(
        "public_supergroup",
        55,
        vec![
            message(1, "user7", "Mine is broken"),
            message(2, "user8", "Mine too"),
            with(message(3, "user8", "Which one?"), answers(1)),
            with(message(4, "user1", "Since when?"), answers(1)),
            with(message(5, "channel55", "We know"), answers(4)),
            message(
                6,
                "user1",
                json!([{"type": "mention_name", "text": "Lee", "user_id": 8}, " and you?"]),
            ),
            message(7, "user1", "Good morning all"),
        ],
    );
    let expected = [
        "g-10055:7 1 Customer: Mine is broken",
        "g-10055:8 2 Customer: Mine too",
        "g-10055:7 4 Agent: Since when?",
        "g-10055:7 5 Agent: We know",
        "g-10055:8 6 Agent: Lee and you?",
    ];
    for agent in ["user1", "1"] {
        assert_eq!(shown(&messages(&export, &[agent])), expected);
    }
    let of_group = messages(&export, &["1"]);
    assert!(of_group.iter().all(|message| {
        message.visibility == Visibility::Public
            && message.thread.channel.as_str() == "telegram_group"
    }));
}

#[test]
fn a_group_where_nobody_is_known_to_be_ours_is_told() {
    let export = chat("private_group", 5, vec![message(1, "user7", "Hello")]);
    assert_eq!(read(&export, &[]).1, 1);
    let named = with(message(2, "user1", "Hi"), json!({"from": "Kim Doe"}));
    let export = chat(
        "private_group",
        5,
        vec![message(1, "user7", "Hello"), named],
    );
    assert_eq!(read(&export, &["Kim Doe"]).1, 0);
}

#[test]
fn a_topic_belongs_to_the_customer_who_opened_it() {
    let opened = json!({
        "id": 40, "type": "service", "action": "topic_created", "title": "Bill",
        "actor": "Sam", "actor_id": "user7", "text": "",
    });
    let in_topic = json!({"reply_to_message_id": 40});
    let export = chat(
        "private_supergroup",
        55,
        vec![
            opened,
            with(message(41, "user7", "Wrong"), in_topic.clone()),
            with(message(42, "user1", "Which month?"), in_topic),
        ],
    );
    assert_eq!(
        shown(&messages(&export, &["user1"])),
        [
            "g-10055:7:40 41 Customer: Wrong",
            "g-10055:7:40 42 Agent: Which month?"
        ]
    );
}

#[test]
fn what_comes_without_words_has_a_word_for_it() {
    let media = [
        (
            json!({"photo": "photos/1.jpg"}),
            "[photo]",
            Attachment::Photo,
        ),
        (json!({"file": "x.pdf"}), "[document]", Attachment::Document),
        (
            json!({"media_type": "voice_message", "file": "x.ogg"}),
            "[voice]",
            Attachment::Voice,
        ),
        (
            json!({"media_type": "sticker", "sticker_emoji": "👍"}),
            "👍",
            Attachment::Sticker,
        ),
        (
            json!({"location_information": {"latitude": 1.0}}),
            "[location]",
            Attachment::Location,
        ),
        (
            json!({"contact_information": {"first_name": "x"}}),
            "[contact]",
            Attachment::Contact,
        ),
    ];
    for (more, text, attachment) in media {
        let export = chat(
            "personal_chat",
            7,
            vec![with(message(1, "user7", ""), more)],
        );
        let [read] = <[Message; 1]>::try_from(messages(&export, &[])).expect("one");
        assert_eq!(
            (read.text.reveal().as_str(), read.attachment),
            (text, Some(attachment))
        );
        assert_eq!(read.from, Party::Customer);
    }
    let silent = chat("personal_chat", 7, vec![message(1, "user7", "")]);
    assert_eq!(messages(&silent, &[]), []);
}

#[test]
fn a_message_that_cannot_be_read_is_told_by_its_number_and_the_others_stand() {
    let mut undated = message(2, "user7", "When?");
    undated.as_object_mut().unwrap().remove("date_unixtime");
    undated.as_object_mut().unwrap().remove("date");
    let export = chat(
        "personal_chat",
        7,
        vec![
            message(1, "user7", "Hello"),
            undated,
            with(message(3, "user7", ""), json!({"from_id": null})),
            message(4, "user7", json!([{"type": "bold"}])),
            message(5, "user7", "Bye"),
        ],
    );
    let (read, _) = read(&export, &[]);
    let bad: Vec<_> = read
        .iter()
        .filter_map(|(position, read)| Some((position.line, read.as_ref().err()?.clone())))
        .collect();
    assert_eq!(
        bad,
        [
            (2, BadLine::NotInExport("date_unixtime")),
            (3, BadLine::NotInExport("from_id")),
            (4, BadLine::NotInExport("text")),
        ]
    );
    assert_eq!(read.len(), 5);
    assert!(read.iter().all(|(position, _)| position.is_message));
}

#[test]
fn an_export_that_breaks_off_gives_what_it_has() {
    let whole = chat("personal_chat", 7, vec![message(1, "user7", "Hello")]);
    let broken = whole.strip_suffix("]}").expect("the end");
    let (read, _) = read(broken, &[]);
    let [(_, first), (_, Err(BadLine::BrokenExport { line: 1, .. }))] = read.as_slice() else {
        panic!("{read:?}");
    };
    assert!(first.is_ok());
    let sorted = r#"{"id": 7, "messages": [], "type": "personal_chat"}"#;
    for text in ["", "{}", "[]", sorted] {
        let (read, _) = super::tests::read(text, &[]);
        assert!(matches!(read.as_slice(), [(_, Err(_))]), "{text}: {read:?}");
    }
}
