//! What agents see of callbacks in their group: the real program, a stand-in of Telegram, real time.

use serde_json::{Value, json};

use crate::support::{
    bot::{Bot, Home},
    client::{Client, customer},
    person::Person as Browser,
    telegram::{Fault, Group, Message, Person, Telegram},
};

/// A team of one agent, at work in a group and, if she has opened a chat with the bot, in private.
struct Team {
    telegram: Telegram,
    home: Home,
    bot: Bot,
    client: Client,
    care: Group,
    kim: Person,
    link: String,
}

impl Team {
    fn at_work(is_open: bool) -> Self {
        Self::in_group(is_open, |telegram| telegram.group("Care"))
    }

    fn in_group(is_open: bool, group: impl FnOnce(&Telegram) -> Group) -> Self {
        let telegram = Telegram::start();
        let care = group(&telegram);
        care.adds_bot_as_admin();
        let kim = care.member("Kim");
        if is_open {
            kim.starts();
        }
        let fast = "messages_per_second = 1000\ngroup_messages_per_minute = 6000\n";
        let home = Home::new(&format!("{}{fast}", telegram.settings()));
        let link = home.user("kim", "agent");
        let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
        let (group, person) = (care.id().to_string(), kim.id().to_string());
        database
            .execute(
                "INSERT INTO chat_groups (network, chat, desk, forum, by, at)
                 VALUES ('telegram', ?1, 'main', 0, 'kim', 0)",
                [&group],
            )
            .expect("a group");
        database
            .execute(
                "INSERT INTO chat_people (network, person, account, writable, at)
                 VALUES ('telegram', ?1, 'kim', ?2, 0)",
                (&person, is_open),
            )
            .expect("a person");
        drop(database);
        let bot = home.start();
        let client = bot.client(&home.token());
        Self {
            telegram,
            home,
            bot,
            client,
            care,
            kim,
            link,
        }
    }

    async fn says(&self, thread: &str, id: &str, text: &str) {
        let mut message = customer(thread, id, text);
        message["author"] = json!("@rosa");
        self.client.messages(&message).await.results();
    }

    /// What stands in the group of the bot's.
    fn cards(&self) -> Vec<Message> {
        let messages = self.care.messages().into_iter();
        messages.filter(Message::is_bots).collect()
    }

    /// Kim at the web desk.
    async fn signed_in(&self) -> Browser {
        let mut kim = Browser::new(&self.bot);
        let answer = kim.send_form(&self.link, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        kim.get("/account").await;
        kim
    }
}

#[tokio::test]
async fn a_callback_is_one_card_and_at_its_end_one_line_about_nobody() {
    let team = Team::at_work(true);
    team.says("t", "m1", "My bill is wrong, please call me")
        .await;
    let card = team.care.waits_for("Asked for a call").await;
    assert!(!card.is_silent);
    assert!(card.text().contains("@rosa") && card.text().contains("My bill is wrong"));
    assert_eq!(
        card.buttons(),
        [
            "Claim",
            "Keep typing",
            "Later…",
            "Send details form",
            "Show thread"
        ]
    );
    team.says(
        "t",
        "m2",
        "<b>@kim</b> it is still wrong, see t.me/x or /claim",
    )
    .await;
    let card = card
        .becomes(|card| card.text().contains("still wrong"))
        .await;
    for kind in ["mention", "url", "bot_command", "text_link", "text_mention"] {
        assert_eq!(card.entities(kind), Vec::<String>::new(), "{kind}");
    }
    team.says("t", "m3", "Thanks, it works now, no call needed!")
        .await;
    let line = card.becomes(|card| card.buttons().is_empty()).await;
    assert!(
        line.text()
            .starts_with("Callback 1 · no call needed any more"),
        "{}",
        line.text()
    );
    assert!(!line.text().contains("rosa"));
    assert_eq!(team.cards().len(), 1);
}

#[tokio::test]
async fn the_claimer_alone_sees_the_number_and_only_while_it_is_theirs() {
    let team = Team::at_work(true);
    let text = "Please call me on +49 1512 3456789 about my bill";
    team.says("t", "m1", text).await;
    let card = team.care.waits_for("Asked for a call").await;
    assert!(card.text().contains("Number: ending 89"), "{}", card.text());
    assert!(!card.text().contains("6789"), "{}", card.text());
    let mut browser = team.signed_in().await;
    browser
        .submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    let private = team.kim.receives("Number: +4915123456789").await;
    assert!(private.buttons().contains(&"Done".to_owned()));
    let card = card.becomes(|card| card.text().contains("has it")).await;
    assert!(!card.text().contains("+4915123456789"), "{}", card.text());
    assert_eq!(card.buttons()[..2], ["Done", "No answer"]);
    browser
        .submit("/desk/callbacks/1/release", &[("back", "mine")])
        .await;
    private.disappears().await;
    let nudge = team.care.waits_for("Nobody has it any more").await;
    assert_eq!(nudge.json["reply_to_message"]["message_id"], card.id());
    browser
        .submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    nudge.disappears().await;
}

#[tokio::test]
async fn whoever_has_no_chat_with_the_bot_is_told_how_to_open_one() {
    let team = Team::at_work(false);
    team.says("t", "m1", "Please call me").await;
    let card = team.care.waits_for("Asked for a call").await;
    let mut browser = team.signed_in().await;
    browser
        .submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    let card = card
        .becomes(|card| card.text().contains("open a chat with me"))
        .await;
    assert_eq!(card.entities("text_link").len(), 1);
}

#[tokio::test]
async fn five_hundred_callbacks_are_one_queue_card_and_not_five_hundred_messages() {
    let team = Team::at_work(true);
    let all: Vec<Value> = (0..500)
        .map(|n| customer(&format!("t{n}"), "m1", "Please call me"))
        .collect();
    team.client.messages(&Value::Array(all)).await.results();
    let queue = team.care.waits_for("callbacks are due").await;
    assert_eq!(queue.buttons(), ["Take the next one"]);
    queue.becomes(|queue| queue.is_pinned).await;
    team.says("last", "m1", "There is smoke, call me!").await;
    team.care.waits_for("Urgent").await;
    let sent = team.telegram.requests("sendMessage").len();
    assert!(sent <= 15 + 2, "{sent} messages were sent");
}

#[tokio::test]
async fn a_card_cut_off_on_its_way_stands_there_all_the_same() {
    let team = Team::at_work(true);
    team.telegram.fails("sendMessage", 1, &Fault::CutBefore);
    team.says("t", "m1", "Please call me").await;
    team.care.waits_for("Asked for a call").await;
    assert_eq!(team.cards().len(), 1);
}

#[tokio::test]
async fn what_is_erased_goes_from_the_group_too() {
    let team = Team::at_work(true);
    team.says("t", "m1", "Please call me").await;
    let card = team.care.waits_for("Asked for a call").await;
    team.says("old", "m1", "Please call me, I am Olga").await;
    let old = team.care.waits_for("Olga").await;
    team.telegram
        .time_passes(std::time::Duration::from_secs(49 * 3600));
    team.says("old", "m2", "It is still wrong").await;
    let old = old
        .becomes(|card| card.text().contains("still wrong"))
        .await;
    team.care.demotes_bot();
    for thread in ["chat/t", "chat/old"] {
        let erased = team.home.run(&["erase", "--thread", thread, "--yes"]);
        assert!(erased.status.success(), "{erased:?}");
    }
    // Telegram lets nobody but administrators delete what is so old.
    let bare = |card: &Message| card.text() == "Deleted." && card.buttons().is_empty();
    card.becomes(bare).await;
    old.becomes(bare).await;
}

#[tokio::test]
async fn what_was_seen_to_at_the_web_desk_goes_from_the_group() {
    let team = Team::at_work(true);
    let mut post = customer("t", "m1", "my card is 4111 1111 1111 1111");
    post["visibility"] = json!("public");
    team.client.messages(&post).await.results();
    let notice = team.care.waits_for("Hide the post").await;
    assert!(!notice.text().contains("4111"), "{}", notice.text());
    let mut browser = team.signed_in().await;
    let id = notice_id(&team.home, "hide_post");
    let path = format!("/desk/notices/{id}/seen");
    browser.submit(&path, &[("back", "due")]).await;
    notice.disappears().await;
}

fn notice_id(home: &Home, kind: &str) -> i64 {
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let sql = "SELECT id FROM notices WHERE notice ->> '$.notice' = ?1";
    database
        .query_row(sql, [kind], |row| row.get(0))
        .expect("a notice")
}

#[tokio::test]
async fn a_group_that_becomes_a_supergroup_keeps_its_cards() {
    let team = Team::in_group(true, |telegram| telegram.basic_group("Care"));
    team.says("t", "m1", "Please call me").await;
    team.care.waits_for("Asked for a call").await;
    let moved = team.care.becomes_supergroup(false);
    team.says("t", "m2", "It is still wrong").await;
    let card = moved.waits_for("still wrong").await;
    assert!(card.buttons().contains(&"Claim".to_owned()));
}

#[tokio::test]
async fn when_the_queue_is_short_again_each_callback_has_its_card() {
    let team = Team::at_work(true);
    let all: Vec<Value> = (0..16)
        .map(|n| customer(&format!("t{n}"), "m1", "Please call me"))
        .collect();
    team.client.messages(&Value::Array(all)).await.results();
    let queue = team.care.waits_for("callbacks are due").await;
    let queue = queue.becomes(|queue| queue.is_pinned).await;
    for n in 0..6 {
        let solved = customer(
            &format!("t{n}"),
            "m2",
            "Thanks, it works now, no call needed!",
        );
        team.client.messages(&solved).await.results();
    }
    queue.disappears().await;
    let has_cards = |messages: &[Message]| {
        let cards = messages.iter();
        let cards = cards.filter(|card| card.buttons().contains(&"Claim".to_owned()));
        cards.count() == 10
    };
    team.care.waits_until("ten cards", has_cards).await;
}
