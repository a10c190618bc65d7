//! Groups where customers and staff talk: who is heard, in whose thread each message is, and that nothing
//! is said there that nobody asked for.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use super::team::Team;
use crate::support::{
    person,
    telegram::{Fault, Group, Message, Person, Telegram},
};

const CHANNEL: &str = "[channels.shop]\nkind = \"telegram_group\"\n";
const RULES: &str = "[desks.main]\nquiet_hours = \"never\"\n";
const UNHAPPY: &str = "That's not what I asked. I have one subscription, so why do you bill two?";

/// A team whose customers talk with Sam in a group that Kim had watched.
struct Shop {
    team: Team,
    group: Group,
    /// An administrator of the group, without an account.
    sam: Person,
}

impl Shop {
    async fn new() -> Self {
        Self::of(|telegram| telegram.group("Shop")).await
    }

    async fn of(group: impl FnOnce(&Telegram) -> Group) -> Self {
        let telegram = Telegram::start();
        let (care, group) = (telegram.forum("Care"), group(&telegram));
        let team = Team::start_in(telegram, care, CHANNEL, RULES).await;
        group.joined_by(&team.kim);
        group.gets_bot_from(&team.kim);
        team.kim.receives("in a group that I do not know yet").await;
        team.kim.writes_in(&group, "/watch");
        group.waits_for("I watch this group from now on").await;
        let sam = group.member("Sam");
        group.promotes(&sam);
        Self { team, group, sam }
    }

    /// What was heard in the group, as `thread party: text`; a customer's thread by their name.
    async fn heard(&self, customers: &[(&Person, &str)]) -> Vec<String> {
        self.team.telegram.has_been_read().await;
        let database = Connection::open(self.team.home.path("ringback.db")).expect("opened");
        let sql = "SELECT thread, party, text FROM messages
            JOIN threads ON threads.id = thread_id
            WHERE channel = 'shop' ORDER BY messages.id";
        let mut query = database.prepare(sql).expect("a query");
        let rows = query.query_map([], |row| {
            let (thread, party, text): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{thread} {party}: {text}"))
        });
        let named = |line: String| {
            let (thread, rest) = line.split_once(' ').expect("a thread");
            let mut parts = thread.split(':');
            let person = parts.nth(1).expect("a person");
            let is_theirs = |(other, _): &&(&Person, &str)| other.id().to_string() == person;
            let name = customers
                .iter()
                .find(is_theirs)
                .map_or("?", |(_, name)| name);
            let topic = parts.next().map_or("", |_| " in a topic");
            format!("{name}{topic} {rest}")
        };
        let lines = rows.expect("rows").map(|line| named(line.expect("a row")));
        lines.collect()
    }

    /// Checks that the bot has said nothing in the group but that it watches it.
    #[track_caller]
    fn assert_silent(&self) {
        let messages = self.group.messages().into_iter();
        let said: Vec<_> = messages.filter(Message::is_bots).collect();
        assert!(
            matches!(said.as_slice(), [one] if one.text().contains("I watch this group")),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn a_customer_who_comes_back_unhappy_in_a_group_is_prompted_on_the_desk_alone() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Hi, my bill for December is wrong");
    let answer = shop.sam.replies(&asked, "You can find every bill online.");
    rosa.replies(&answer, UNHAPPY);
    let card = shop.team.card().await;
    assert!(card.text().contains("Rosa"), "{}", card.text());
    shop.team.settled().await;
    let press = shop.team.kim.presses(&card, "Claim");
    assert_eq!(press.answer().await, "It is yours.");
    card.becomes(|card| card.button("Done").is_some()).await;
    let unhappy = format!("Rosa customer: {UNHAPPY}");
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa")]).await,
        [
            "Rosa customer: Hi, my bill for December is wrong",
            "Rosa agent: You can find every bill online.",
            &unhappy,
        ]
    );
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn the_same_goes_on_after_a_kill_at_every_turn() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    shop.team.kill();
    let asked = rosa.writes_in(&shop.group, "Hi, my bill for December is wrong");
    shop.team.start_again();
    shop.team.telegram.has_been_read().await;
    shop.team.kill();
    let answer = shop.sam.replies(&asked, "You can find every bill online.");
    shop.team.start_again();
    shop.team.telegram.has_been_read().await;
    shop.team.telegram.goes_away();
    rosa.replies(&answer, UNHAPPY);
    shop.team.telegram.comes_back();
    shop.team.card().await;
    assert_eq!(shop.heard(&[(&rosa, "Rosa")]).await.len(), 3);
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn thanks_in_a_group_end_it() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Hi, where do I find my bill?");
    let answer = shop.sam.replies(&asked, "Under Account, Invoices.");
    rosa.replies(&answer, "Found it, many thanks!");
    shop.team.telegram.has_been_read().await;
    shop.team.kim.writes_in(&shop.team.care, "/queue");
    shop.team.care.waits_for("Nobody waits").await;
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn a_message_is_in_the_thread_of_whom_it_answers_or_names() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let nina = shop.team.telegram.person_called("Nina", "nina_orders");
    shop.group.joined_by(&nina);
    let hers = nina.writes_in(&shop.group, "Where is my parcel?");
    rosa.replies(&hers, "I wait for mine too");
    rosa.writes_in(&shop.group, "@nina_orders try the tracking page");
    shop.sam
        .writes_in(&shop.group, "@Nina_Orders it left on Monday");
    shop.sam.writes_in(&shop.group, "Who is for coffee?");
    let kims = shop.team.kim.replies(&hers, "And it comes by noon");
    shop.sam.replies(&kims, "By ten, I think");
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa"), (&nina, "Nina")]).await,
        [
            "Nina customer: Where is my parcel?",
            "Nina agent: @Nina_Orders it left on Monday",
            "Nina agent: And it comes by noon",
            "Nina agent: By ten, I think",
        ]
    );
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn in_a_topic_staff_answers_whoever_is_alone_in_it() {
    let mut shop = Shop::of(|telegram| telegram.forum("Shop")).await;
    let topic = shop.group.begins_topic("Bills");
    let rosa = shop.group.member("Rosa");
    rosa.writes_in(&topic, "Hi, my bill for December is wrong");
    shop.sam
        .writes_in(&topic, "You can find every bill online.");
    rosa.writes_in(&topic, UNHAPPY);
    shop.team.card().await;
    let nina = shop.group.member("Nina");
    nina.writes_in(&topic, "Mine too");
    shop.sam.writes_in(&topic, "To whom did I say this?");
    let heard = shop.heard(&[(&rosa, "Rosa"), (&nina, "Nina")]).await;
    let unhappy = format!("Rosa in a topic customer: {UNHAPPY}");
    assert_eq!(
        heard,
        [
            "Rosa in a topic customer: Hi, my bill for December is wrong",
            "Rosa in a topic agent: You can find every bill online.",
            &unhappy,
            "Nina in a topic customer: Mine too",
        ]
    );
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn while_nobody_says_who_is_staff_messages_wait_and_none_is_mistaken() {
    let mut shop = Shop::new().await;
    shop.team.telegram.has_been_read().await;
    let faults = [
        Fault::Status(500),
        Fault::TooMany(1),
        Fault::CutBefore,
        Fault::Garbage(200),
    ];
    for fault in &faults {
        shop.team.telegram.fails("getChatAdministrators", 1, fault);
    }
    let tess = shop.group.member("Tess");
    shop.group.promotes(&tess);
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Where is my parcel?");
    tess.replies(&asked, "It left on Monday.");
    shop.team.telegram.has_failed().await;
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa"), (&tess, "Tess")]).await,
        [
            "Rosa customer: Where is my parcel?",
            "Rosa agent: It left on Monday."
        ]
    );
    shop.team.stop();
}

#[tokio::test]
async fn who_is_no_administrator_any_more_is_a_customer() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Where is my parcel?");
    shop.sam.replies(&asked, "It left on Monday.");
    shop.team.telegram.has_been_read().await;
    shop.group.joined_by(&shop.sam);
    shop.sam.writes_in(&shop.group, "And where is mine?");
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa"), (&shop.sam, "Sam")]).await,
        [
            "Rosa customer: Where is my parcel?",
            "Rosa agent: It left on Monday.",
            "Sam customer: And where is mine?"
        ]
    );
    shop.team.stop();
}

#[tokio::test]
async fn whoever_writes_in_the_groups_name_is_staff_but_nobody_whom_it_obeys() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Where is my parcel?");
    let answer = shop.sam.replies(&asked, "It left on Monday.");
    let chat = &asked.json["chat"];
    let in_its_name = |id: i64, content: serde_json::Value| {
        let mut message = json!({
            "message_id": id, "date": asked.json["date"], "chat": chat, "sender_chat": chat,
            "from": {
                "id": 1_087_968_824, "is_bot": true, "first_name": "Group",
                "username": "GroupAnonymousBot",
            },
        });
        let content = content.as_object().expect("an object").clone();
        message.as_object_mut().expect("an object").extend(content);
        shop.team.telegram.brings("message", message);
    };
    let mut answered = asked.json.clone();
    answered
        .as_object_mut()
        .expect("an object")
        .remove("reply_to_message");
    in_its_name(
        answer.id() + 1001,
        json!({ "text": "It comes today.", "reply_to_message": answered }),
    );
    let entities = json!([{ "type": "bot_command", "offset": 0, "length": 8 }]);
    in_its_name(
        answer.id() + 1002,
        json!({ "text": "/unwatch", "entities": entities }),
    );
    rosa.writes_in(&shop.group, "I see");
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa")]).await,
        [
            "Rosa customer: Where is my parcel?",
            "Rosa agent: It left on Monday.",
            "Rosa agent: It comes today.",
            "Rosa customer: I see"
        ]
    );
    shop.assert_silent();
    shop.team.stop();
}

#[tokio::test]
async fn staff_in_the_settings_are_the_staff() {
    let telegram = Telegram::start();
    let (care, group) = (telegram.forum("Care"), telegram.group("Shop"));
    let (tess, boss) = (telegram.person("Tess"), telegram.person("Boss"));
    let more = format!("staff = [\"{}\"]\n{CHANNEL}", tess.id());
    let team = Team::start_in(telegram, care, &more, RULES).await;
    group.adds_bot_as_admin();
    for person in [&team.kim, &tess, &boss] {
        group.joined_by(person);
    }
    group.promotes(&boss);
    team.kim.writes_in(&group, "/watch");
    group.waits_for("I watch this group from now on").await;
    let mut shop = Shop {
        team,
        group,
        sam: tess,
    };
    let asked = boss.writes_in(&shop.group, "Where is my parcel?");
    shop.sam.replies(&asked, "It left on Monday.");
    assert_eq!(
        shop.heard(&[(&boss, "Boss")]).await,
        [
            "Boss customer: Where is my parcel?",
            "Boss agent: It left on Monday."
        ]
    );
    assert!(
        shop.team
            .telegram
            .requests("getChatAdministrators")
            .is_empty()
    );
    shop.team.stop();
}

#[tokio::test]
async fn what_is_edited_in_a_group_is_edited_where_it_counts() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    let asked = rosa.writes_in(&shop.group, "Where is my parcle?");
    let answer = shop.sam.replies(&asked, "It left on Munday.");
    let nobodys = shop.sam.writes_in(&shop.group, "See you");
    rosa.edits(&asked, "Where is my parcel?");
    shop.team.kill();
    shop.sam.edits(&answer, "It left on Monday.");
    shop.sam.edits(&nobodys, "See you all");
    shop.team.start_again();
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa")]).await,
        [
            "Rosa customer: Where is my parcel?",
            "Rosa agent: It left on Monday."
        ]
    );
    shop.team.stop();
}

#[tokio::test]
async fn an_answer_from_the_web_desk_is_a_reply_in_the_group() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    rosa.writes_in(&shop.group, "Hello");
    let asked = rosa.writes_in(&shop.group, "Where is my parcel?");
    shop.team.telegram.has_been_read().await;
    let (home, bot) = (&shop.team.home, shop.team.bot());
    let mut ana = person::Person::signed_in(home, bot, "ana", "supervisor").await;
    let thread = format!("/desk/threads/shop/g{}:{}", shop.group.id(), rosa.id());
    let page = ana.get(&thread).await;
    page.assert_page(200, "Where is my parcel?");
    let fields = [("id", "a1"), ("text", "It left on Monday.")];
    let sent = ana.submit(&format!("{thread}/reply"), &fields).await;
    assert!(sent.location().contains("said=sent"), "{}", sent.text);
    let carried = shop.group.waits_for("It left on Monday.").await;
    assert_eq!(carried.json["reply_to_message"]["message_id"], asked.id());
    // Telegram counts no finer than seconds.
    shop.team.telegram.time_passes(Duration::from_secs(2));
    rosa.replies(&carried, UNHAPPY);
    shop.team.card().await;
    assert_eq!(shop.heard(&[(&rosa, "Rosa")]).await.len(), 4);
    shop.team.stop();
}

#[tokio::test]
async fn a_group_that_moves_or_loses_the_bot_for_a_while_is_watched_on() {
    let mut shop = Shop::of(|telegram| telegram.basic_group("Shop")).await;
    shop.group = shop.group.becomes_supergroup(false);
    let rosa = shop.group.member("Rosa");
    rosa.writes_in(&shop.group, "Where is my parcel?");
    shop.team.telegram.has_been_read().await;
    shop.group.removes_bot();
    rosa.writes_in(&shop.group, "Nobody of Ringback's hears this");
    shop.team.telegram.has_been_read().await;
    shop.group.adds_bot_as_admin();
    rosa.writes_in(&shop.group, "Is anybody there?");
    assert_eq!(
        shop.heard(&[(&rosa, "Rosa")]).await,
        [
            "Rosa customer: Where is my parcel?",
            "Rosa customer: Is anybody there?"
        ]
    );
    shop.team.stop();
}

#[tokio::test]
async fn supervisors_and_admins_say_what_is_watched_and_nobody_else() {
    let mut shop = Shop::new().await;
    let lee = shop.team.telegram.person("Lee");
    shop.team.home.user("lee", "agent");
    let code = ["telegram", "code", "--account", "lee"];
    let code = shop.team.home.run(&code).stdout;
    lee.writes(String::from_utf8_lossy(&code).trim());
    lee.receives("You are lee now").await;
    let other = shop.team.telegram.group("Other");
    other.adds_bot_as_admin();
    for person in [&lee, &shop.team.kim] {
        other.joined_by(person);
    }
    let eve = other.member("Eve");
    eve.writes_in(&other, "/watch");
    eve.writes_in(&other, "/unwatch");
    lee.writes_in(&other, "/watch");
    other.waits_for("Only supervisors and admins").await;
    eve.writes_in(&other, "Is this heard?");
    shop.team.kim.writes_in(&other, "/unwatch");
    other.waits_for("I do not watch this group").await;
    shop.team.kim.writes_in(&other, "/watch");
    other.waits_for("I watch this group from now on").await;
    shop.team.kim.writes_in(&other, "/watch");
    other.waits_for("I watch this group already").await;
    eve.writes_in(&other, "And now?");
    shop.team.telegram.has_been_read().await;
    shop.team.kim.writes_in(&other, "/unwatch");
    other.waits_for("I no longer watch this group").await;
    eve.writes_in(&other, "And after that?");
    shop.team.kim.writes_in(&shop.team.care, "/watch");
    shop.team.care.waits_for("A desk works in this group").await;
    assert_eq!(
        shop.heard(&[(&eve, "Eve")]).await,
        ["Eve customer: And now?"]
    );
    let messages = other.messages().into_iter();
    assert_eq!(
        messages.filter(Message::is_bots).count(),
        6,
        "Eve is told nothing"
    );
    shop.team.stop();
}

#[tokio::test]
async fn what_customers_must_not_read_is_told_in_private() {
    let mut shop = Shop::new().await;
    let rosa = shop.group.member("Rosa");
    rosa.writes_in(&shop.group, "Please call me");
    shop.team.card().await;
    for command in ["/queue", "/mine", "/rules", "/handover"] {
        shop.team.kim.writes_in(&shop.group, command);
    }
    shop.team.kim.writes_in(&shop.group, "/dance");
    shop.team.kim.receives("Customers may read along").await;
    shop.team.telegram.has_been_read().await;
    shop.assert_silent();
    shop.team.stop();
}
