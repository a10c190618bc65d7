//! Updates as Telegram writes them, through to what is kept of them.

use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    channels::telegram::{Bot, NoAgents, wire},
    domain::{
        account::{Role, command_line},
        decision::Notice,
        ids::{AccountName, ChannelName, ChatId, ConnectionId, PersonId, ShownName, ThreadId},
        message::{Attachment, Party, Visibility},
        number::NumberSource,
    },
    engine::{
        Clock, Engine, Known, Options, Running,
        chat::rows::{ConnectionRow, ConnectionState, NewPost, PersonRow, PostKind, Trace},
        tests::DeskThread,
    },
    reading::Reader,
    rules::Rules,
    settings::Settings,
};

/// When what comes was written, as Telegram says it, and how late it is here then.
const WRITTEN: i64 = 1_767_607_200;
const NOW: &str = "2026-01-05T10:30:00Z";
/// The bot, the customer, a Business account's owner.
const BOT: u64 = 42;
const KIM: u64 = 100;
const OWNER: u64 = 300;

/// A running engine and the bot's other parts.
struct World {
    parts: Parts,
    me: Me,
    _running: Running,
    _folder: TempDir,
}

impl World {
    async fn start() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().expect("a folder");
        let token = "[telegram]\ntoken = \"42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"";
        let settings = Arc::new(Settings {
            database: folder.path().join("ringback.db"),
            ..Settings::of_text(token).expect("settings")
        });
        let clock = Clock::manual(NOW.parse().expect("a time"));
        let rules = Rules::default();
        let (engine, running) = Engine::start(Options {
            settings: Arc::clone(&settings),
            reader: Reader::new(&rules.vocabulary).expect("a reader"),
            rules,
            reload: None,
            clock: clock.clone(),
            destinations: Vec::new(),
        })
        .await
        .expect("the engine starts");
        let telegram = settings.telegram.as_ref().expect("a bot");
        let bot = Bot::new(telegram, clock.clone()).expect("a bot");
        Self {
            parts: Parts {
                bot,
                engine,
                agents: Arc::new(NoAgents),
                settings,
                clock,
                roster: Default::default(),
            },
            me: serde_json::from_value(json!({
                "id": BOT, "is_bot": true, "first_name": "Care", "username": "care_bot",
                "can_join_groups": true, "can_read_all_group_messages": false,
                "supports_inline_queries": false, "has_main_web_app": false,
            }))
            .expect("a bot"),
            _running: running,
            _folder: folder,
        }
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    fn engine(&self) -> &Handle {
        &self.parts.engine
    }

    /// Has updates taken, numbered from `first` on.
    async fn take(&self, first: u32, updates: &[Value]) {
        let read = |(number, update): (u32, &Value)| {
            let mut update = update.clone();
            update["update_id"] = json!(number);
            wire::read(&update.to_string()).expect("an update")
        };
        let updates: Vec<Update> = (first..).zip(updates).map(read).collect();
        take(&self.parts, &self.me, &updates).await.expect("taken");
    }

    async fn seen(&self, channel: &str, thread: &str) -> Option<DeskThread> {
        let found = self
            .engine()
            .store()
            .desk_thread(key(channel, thread), None, 1_000);
        found.await.expect("readable")
    }

    /// What was written, by hand or by other programs: id, who wrote it, text.
    async fn lines(&self, channel: &str, thread: &str) -> Vec<(String, Party, String)> {
        let seen = self.seen(channel, thread).await;
        let lines = seen.into_iter().flat_map(|seen| seen.lines);
        lines
            .filter(|line| !line.message.id.as_str().starts_with(Message::OF_RINGBACK))
            .map(|line| {
                let message = line.message;
                let text = message.text.reveal().clone();
                (message.id.to_string(), message.from, text)
            })
            .collect()
    }

    /// The owner's account is connected to the bot, and an admin has said so or not.
    async fn connects(&self, state: ConnectionState) {
        let row = ConnectionRow {
            network: Network::Telegram,
            connection: ConnectionId::parse("c1").expect("an id"),
            person: person(OWNER),
            chat: ChatId::parse(&OWNER.to_string()).expect("an id"),
            state,
            is_enabled: true,
            may_reply: true,
            at: self.now(),
        };
        self.engine().keep_connection(row).await.expect("kept");
    }

    /// A person is an account of that name.
    async fn is_account(&self, id: u64, name: &str) {
        let account = AccountName::parse(name).expect("a name");
        let shown = ShownName::parse(name).expect("a name");
        let made = self
            .engine()
            .ensure_account(account.clone(), shown, Role::Agent);
        made.await.expect("made");
        let row = PersonRow {
            network: Network::Telegram,
            person: person(id),
            account,
            writable: true,
            at: self.now(),
        };
        let linked = self.engine().link_person(row, command_line());
        linked.await.expect("linked");
    }
}

fn person(id: u64) -> PersonId {
    PersonId::parse(&id.to_string()).expect("an id")
}

fn key(channel: &str, thread: &str) -> ThreadKey {
    ThreadKey {
        channel: ChannelName::parse(channel).expect("a channel"),
        thread: ThreadId::parse(thread).expect("a thread"),
    }
}

fn user(id: u64) -> Value {
    json!({"id": id, "is_bot": id == BOT, "first_name": "Kim", "last_name": "Ström",
        "username": "kim_s", "language_code": "sv"})
}

fn private_chat(with: u64) -> Value {
    json!({"id": with, "type": "private", "first_name": "Kim", "last_name": "Ström",
        "username": "kim_s"})
}

fn merged(mut value: Value, parts: Value) -> Value {
    let all = value.as_object_mut().expect("an object");
    all.extend(parts.as_object().expect("an object").clone());
    value
}

/// A message of Kim's to the bot.
fn message(id: i32, parts: Value) -> Value {
    let core = json!({"message_id": id, "date": WRITTEN + i64::from(id), "from": user(KIM),
        "chat": private_chat(KIM)});
    json!({"message": merged(core, parts)})
}

fn says(id: i32, text: &str) -> Value {
    message(id, json!({"text": text}))
}

fn edits(id: i32, seconds_later: i64, text: &str) -> Value {
    let edit_date = WRITTEN + i64::from(id) + seconds_later;
    let edited = message(id, json!({"text": text, "edit_date": edit_date}));
    json!({"edited_message": edited["message"]})
}

/// A message in a chat of the owner's with Kim.
fn business(id: i32, from: u64, parts: Value) -> Value {
    let core = json!({"message_id": id, "date": WRITTEN + i64::from(id), "from": user(from),
        "chat": private_chat(KIM), "business_connection_id": "c1"});
    json!({"business_message": merged(core, parts)})
}

fn now_is(status: &str) -> Value {
    let mut member = json!({"user": user(BOT), "status": status});
    if status == "kicked" {
        member["until_date"] = json!(0);
    }
    json!({"my_chat_member": {"chat": private_chat(KIM), "from": user(KIM), "date": WRITTEN,
        "old_chat_member": {"user": user(BOT), "status": "member"}, "new_chat_member": member}})
}

fn reacts(to: i32, old: &[&str], new: &[&str]) -> Value {
    let types = |emojis: &[&str]| -> Vec<Value> {
        let one = |emoji: &&str| json!({"type": "emoji", "emoji": emoji});
        emojis.iter().map(one).collect()
    };
    json!({"message_reaction": {"chat": private_chat(KIM), "message_id": to, "user": user(KIM),
        "date": WRITTEN, "old_reaction": types(old), "new_reaction": types(new)}})
}

fn line(id: &str, from: Party, text: &str) -> (String, Party, String) {
    (id.to_owned(), from, text.to_owned())
}

#[tokio::test]
async fn whoever_writes_to_the_bot_is_known_by_what_telegram_shows_of_them() {
    let world = World::start().await;
    world.take(1, &[says(1, "My bill is wrong")]).await;
    assert_eq!(
        world.lines("telegram", "100").await,
        [line("1", Party::Customer, "My bill is wrong")]
    );
    let seen = world.seen("telegram", "100").await.expect("there");
    let author = seen.thread.author.expect("known");
    assert_eq!(author.reveal(), "user100", "names change, numbers do not");
    let profile = seen.contact.profile.expect("known");
    assert_eq!(profile.name.expect("a name").reveal(), "Kim Ström");
    let link = profile.link.expect("a link");
    assert_eq!(link.reveal(), "https://t.me/kim_s");
}

#[tokio::test]
async fn what_a_program_says_of_a_customer_stands_before_what_telegram_shows() {
    let world = World::start().await;
    world.take(1, &[says(1, "Hello, my bill is wrong")]).await;
    let known = Known {
        name: Some(Private::new("Ms Ström of Acme".to_owned())),
        ..Known::default()
    };
    let described = world
        .engine()
        .describe_customer(key("telegram", "100"), known);
    assert!(described.await.expect("kept"));
    world.take(2, &[says(2, "Are you there?")]).await;
    let seen = world.seen("telegram", "100").await.expect("there");
    let profile = seen.contact.profile.expect("known");
    assert_eq!(profile.name.expect("a name").reveal(), "Ms Ström of Acme");
}

#[tokio::test]
async fn a_name_that_changes_is_followed_and_what_must_not_be_kept_of_it_is_masked() {
    let world = World::start().await;
    world.take(1, &[says(1, "My bill is wrong")]).await;
    let mut renamed = says(2, "Are you there?");
    renamed["message"]["chat"] =
        json!({"id": KIM, "type": "private", "first_name": "4111 1111 1111 1111"});
    world.take(2, &[renamed]).await;
    let seen = world.seen("telegram", "100").await.expect("there");
    let profile = seen.contact.profile.expect("known");
    assert_eq!(profile.name.expect("a name").reveal(), "⟦payment_card⟧");
    assert_eq!(profile.link, None);
}

#[tokio::test]
async fn a_burst_is_kept_in_its_order_and_once_however_often_it_comes() {
    let world = World::start().await;
    let burst: Vec<Value> = (1..=100)
        .map(|id| says(id, "Why is the lamp blue?"))
        .collect();
    let (first_half, _) = burst.split_at(50);
    // As after a kill in the middle: what was kept comes again with the rest.
    world.take(1, first_half).await;
    world.take(1, &burst).await;
    let ids = world.lines("telegram", "100").await;
    let ids: Vec<String> = ids.into_iter().map(|(id, ..)| id).collect();
    let expected: Vec<String> = (1..=100).map(|id| id.to_string()).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_message_and_what_becomes_of_it_are_taken_in_their_order() {
    let world = World::start().await;
    let updates = [
        says(1, "My bil is wrong"),
        edits(1, 5, "My bill is wrong"),
        says(2, "The one of May"),
        edits(1, 9, "My bill is quite wrong"),
        edits(1, 9, "My bill is all wrong"),
    ];
    let expected = [
        line("1", Party::Customer, "My bill is all wrong"),
        line("2", Party::Customer, "The one of May"),
    ];
    world.take(1, &updates).await;
    assert_eq!(
        world.lines("telegram", "100").await,
        expected,
        "two within a second"
    );
    world.take(1, &updates).await;
    assert_eq!(
        world.lines("telegram", "100").await,
        expected,
        "and all of it again"
    );
}

#[tokio::test]
async fn an_edit_of_what_never_came_is_the_message() {
    let world = World::start().await;
    let updates = [says(1, "/start"), edits(1, 60, "Where is my parcel?")];
    world.take(1, &updates).await;
    assert_eq!(
        world.lines("telegram", "100").await,
        [line("1", Party::Customer, "Where is my parcel?")]
    );
}

#[tokio::test]
async fn the_start_button_says_nothing_whatever_follows_it() {
    let world = World::start().await;
    let updates = [
        says(1, "/start"),
        says(2, "/start@care_bot"),
        says(3, "/start@Care_Bot x1"),
    ];
    world.take(1, &updates).await;
    assert!(world.seen("telegram", "100").await.is_none());
    world.take(9, &[says(4, "/started yesterday")]).await;
    assert_eq!(world.lines("telegram", "100").await.len(), 1);
}

#[tokio::test]
async fn each_picture_of_an_album_is_a_message() {
    let world = World::start().await;
    let size = json!({"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1,
        "file_size": 1});
    let picture = |id, caption: &str| {
        let parts = json!({"photo": [size], "media_group_id": "g1", "caption": caption});
        message(id, parts)
    };
    world
        .take(1, &[picture(1, "It came broken"), picture(2, "")])
        .await;
    let seen = world.seen("telegram", "100").await.expect("there");
    let kept: Vec<_> = seen
        .lines
        .iter()
        .map(|line| line.message.attachment)
        .collect();
    assert_eq!(kept, [Some(Attachment::Photo), Some(Attachment::Photo)]);
    let texts = world.lines("telegram", "100").await;
    assert_eq!(texts[0].2, "It came broken");
    assert_eq!(texts[1].2, "[photo]");
}

#[tokio::test]
async fn the_desk_is_told_once_that_a_customer_has_blocked_the_bot_until_they_write_again() {
    let world = World::start().await;
    let notices = async || {
        let seen = world.seen("telegram", "100").await.expect("there");
        let told = seen.notices.into_iter().map(|row| row.notice);
        told.filter(|told| *told == Notice::Blocked).count()
    };
    world
        .take(1, &[says(1, "My bill is wrong"), now_is("kicked")])
        .await;
    assert_eq!(notices().await, 1);
    world.take(2, &[now_is("kicked"), now_is("kicked")]).await;
    assert_eq!(notices().await, 1, "again, and once more");
    world.take(8, &[now_is("member")]).await;
    assert_eq!(notices().await, 0);
    world.take(9, &[now_is("kicked"), says(2, "Hello?")]).await;
    assert_eq!(notices().await, 0, "whoever writes can be written to");
}

#[tokio::test]
async fn who_blocks_the_bot_without_a_word_is_no_customer() {
    let world = World::start().await;
    world.take(1, &[now_is("kicked"), now_is("member")]).await;
    assert!(world.seen("telegram", "100").await.is_none());
}

#[tokio::test]
async fn a_number_is_known_once_its_own_customer_shares_it() {
    let world = World::start().await;
    let shares = |id, owner: u64, number: &str| {
        let contact = json!({"phone_number": number, "first_name": "Kim", "user_id": owner});
        message(id, json!({"contact": contact}))
    };
    world.take(1, &[shares(1, 555, "442079460199")]).await;
    let seen = world.seen("telegram", "100").await.expect("there");
    assert!(seen.contact.number.is_none(), "it is somebody else's");
    world
        .take(
            2,
            &[shares(2, KIM, "442079460142"), says(3, "Please ring me")],
        )
        .await;
    let seen = world.seen("telegram", "100").await.expect("there");
    let number = seen.contact.number.expect("known");
    assert_eq!(number.number.reveal(), "+442079460142");
    assert_eq!(number.source, NumberSource::Channel);
    assert_eq!(seen.lines[1].message.attachment, Some(Attachment::Contact));
}

#[tokio::test]
async fn a_reaction_to_what_we_wrote_is_noted_and_counts_for_nothing() {
    let world = World::start().await;
    world.take(1, &[says(1, "My bill is wrong")]).await;
    let thread = key("telegram", "100");
    let ours = MessageId::parse("a1").expect("an id");
    let answer = Message {
        thread: thread.clone(),
        id: ours.clone(),
        from: Party::Agent,
        author: None,
        text: Private::new("We have sent you\na new one".to_owned()),
        at: world.now(),
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    };
    world.engine().submit(vec![answer]).await.expect("taken");
    let stands = NewPost {
        thread: Some(thread.clone()),
        message: Some(ours),
        ..NewPost::new(
            spot(&thread, &MessageId::parse("2").expect("an id")).expect("a spot"),
            PostKind::Carried,
        )
    };
    world
        .engine()
        .keep_traces(vec![Trace::Posted(stands)])
        .await
        .expect("kept");
    let reactions = [
        reacts(2, &[], &["👍"]),
        reacts(1, &[], &["😢"]),
        reacts(2, &["👍"], &["❤"]),
    ];
    world.take(5, &reactions).await;
    world.take(5, &reactions).await;
    let seen = world.seen("telegram", "100").await.expect("there");
    let notes: Vec<&str> = seen
        .notes
        .iter()
        .map(|note| note.text.reveal().as_str())
        .collect();
    let text = "“We have sent you a new one”";
    assert_eq!(
        notes,
        [
            format!("Reacted with 👍 to {text}."),
            format!("Reacted with ❤ to {text}. Took 👍 back from {text}."),
        ]
    );
    assert_eq!(seen.lines.len(), 2);
}

#[tokio::test]
async fn both_sides_of_a_business_accounts_chats_are_seen() {
    let world = World::start().await;
    world.connects(ConnectionState::Accepted).await;
    let text = |text: &str| json!({"text": text});
    world
        .take(
            1,
            &[
                business(1, KIM, text("My bill is wrong")),
                business(
                    2,
                    OWNER,
                    merged(text("We are away"), json!({"is_from_offline": true})),
                ),
                business(3, OWNER, text("Which month?")),
                business(
                    4,
                    OWNER,
                    merged(
                        text("By Ringback"),
                        json!({"sender_business_bot": user(BOT)}),
                    ),
                ),
                business(
                    5,
                    OWNER,
                    merged(text("By another"), json!({"sender_business_bot": user(77)})),
                ),
                business(6, KIM, text("May")),
            ],
        )
        .await;
    assert_eq!(
        world.lines("telegram_business", "b300:100").await,
        [
            line("1", Party::Customer, "My bill is wrong"),
            line("2", Party::Bot, "We are away"),
            line("3", Party::Agent, "Which month?"),
            line("5", Party::Bot, "By another"),
            line("6", Party::Customer, "May"),
        ]
    );
    let seen = world
        .seen("telegram_business", "b300:100")
        .await
        .expect("there");
    assert_eq!(seen.thread.author.expect("known").reveal(), "user100");
}

#[tokio::test]
async fn what_the_owner_of_a_business_account_writes_is_their_accounts() {
    let world = World::start().await;
    world.connects(ConnectionState::Accepted).await;
    world.is_account(OWNER, "olga").await;
    let asks = business(1, OWNER, json!({"text": "What is your date of birth?"}));
    world.take(1, &[asks]).await;
    let seen = world
        .seen("telegram_business", "b300:100")
        .await
        .expect("there");
    let author = seen.lines[0].message.author.clone().expect("known");
    assert_eq!(author.reveal(), "olga");
}

#[tokio::test]
async fn what_is_taken_back_is_gone_and_what_it_led_to_stays() {
    let world = World::start().await;
    world.connects(ConnectionState::Accepted).await;
    let deletes = json!({"deleted_business_messages": {"business_connection_id": "c1",
        "chat": private_chat(KIM), "message_ids": [1, 9]}});
    let says = |id, text: &str| business(id, KIM, json!({"text": text}));
    let updates = [says(1, "Please call me"), says(2, "Today"), deletes];
    world.take(1, &updates).await;
    world.take(1, &updates).await;
    assert_eq!(
        world.lines("telegram_business", "b300:100").await,
        [
            line("1", Party::Customer, DELETED),
            line("2", Party::Customer, "Today")
        ]
    );
    let seen = world
        .seen("telegram_business", "b300:100")
        .await
        .expect("there");
    assert_eq!(seen.callbacks.len(), 1);
}

#[tokio::test]
async fn what_comes_over_a_connection_that_nobody_accepted_is_not_looked_at() {
    for state in [ConnectionState::Pending, ConnectionState::Refused] {
        let world = World::start().await;
        world.connects(state).await;
        let says = business(1, KIM, json!({"text": "My bill is wrong"}));
        world.take(1, &[says]).await;
        assert!(world.seen("telegram_business", "b300:100").await.is_none());
    }
}

#[tokio::test]
async fn a_chat_of_a_business_account_with_a_colleague_or_with_telegram_is_no_customers() {
    let world = World::start().await;
    world.connects(ConnectionState::Accepted).await;
    world.is_account(KIM, "kim").await;
    let mut codes = business(2, 777_000, json!({"text": "Login code: 12345"}));
    codes["business_message"]["chat"]["id"] = json!(777_000);
    let colleagues = business(1, KIM, json!({"text": "Lunch?"}));
    world.take(1, &[colleagues, codes]).await;
    assert!(world.seen("telegram_business", "b300:100").await.is_none());
    assert!(
        world
            .seen("telegram_business", "b300:777000")
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_clock_that_is_ahead_elsewhere_puts_nothing_into_the_future() {
    let world = World::start().await;
    let mut early = says(1, "My bill is wrong");
    early["message"]["date"] = json!(WRITTEN + 86_400);
    world.take(1, &[early]).await;
    let seen = world.seen("telegram", "100").await.expect("there");
    assert_eq!(seen.lines[0].message.at, world.now());
}
