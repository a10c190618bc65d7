//! Telegram's updates reach the store once each, whatever happens on the way, and the admin hears what
//! hinders them.

use std::{
    collections::HashSet,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    bot::{Bot, Home},
    client::customer,
    person::Person,
    telegram::{Fault, Telegram},
    use_ring,
};

const CHANNEL: &str = "[channels.telegram]\nkind = \"telegram\"\n";

fn home(telegram: &Telegram) -> Home {
    Home::new(&format!("{}{CHANNEL}", telegram.settings()))
}

/// How often a text is kept.
fn kept(home: &Home, text: &str) -> i64 {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let sql = "SELECT count(*) FROM messages WHERE text = ?1";
    database
        .query_row(sql, [text], |row| row.get(0))
        .expect("a count")
}

async fn metrics(bot: &Bot) -> String {
    Person::new(bot).get("/metrics").await.text
}

#[tokio::test]
async fn what_a_customer_writes_is_kept_before_telegram_is_told_so() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    rosa.writes("Where is my parcel?");
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "Where is my parcel?"), 1);

    let lock = home.lock_database();
    rosa.writes("Hello?");
    bot.kill();
    drop(lock);
    assert_eq!(
        telegram.waiting(),
        1,
        "it was not kept, so Telegram still has it"
    );
    let bot = home.start();
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "Hello?"), 1);

    rosa.writes("Thanks!");
    telegram.has_been_read().await;
    let (status, _) = bot.stop();
    assert!(status.success());
    assert_eq!(kept(&home, "Thanks!"), 1);
}

#[tokio::test]
async fn what_was_taken_is_confirmed_at_the_end() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let bot = home.start();
    // Whatever comes last may be confirmed by nothing but the end.
    for text in ["One", "Two", "Three"] {
        telegram.customer("Rosa").writes(text);
    }
    telegram.has_been_read().await;
    let (status, log) = bot.stop();
    assert!(status.success(), "{log}");
    let last = telegram.requests("getUpdates");
    let last = last.last().expect("asked");
    assert_eq!(last["timeout"], 0);
    assert!(last["offset"].as_i64().is_some(), "{last}");
}

#[tokio::test]
async fn a_storm_of_errors_passes_and_nothing_is_lost_or_taken_twice() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    for fault in [
        Fault::Status(502),
        Fault::Garbage(200),
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::GarbageAfter,
        Fault::TooMany(1),
    ] {
        telegram.fails("getUpdates", 1, &fault);
    }
    telegram.fails("getMe", 1, &Fault::Status(500));
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    rosa.writes("Is anybody there?");
    telegram.has_failed().await;
    telegram.has_been_read().await;
    rosa.writes("And now?");
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "Is anybody there?"), 1);
    assert_eq!(kept(&home, "And now?"), 1);
    let metrics = metrics(&bot).await;
    assert!(
        metrics.contains("ringback_telegram_updates_total{result=\"taken\"} 2"),
        "{metrics}"
    );
}

#[tokio::test]
async fn what_finds_no_place_among_what_waits_stays_at_telegram_and_comes_once_there_is_one() {
    let telegram = Telegram::start();
    let home = Home::new(&format!(
        "[limits]\nqueue = 1\n{}{CHANNEL}",
        telegram.settings()
    ));
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    rosa.writes("Hello");
    telegram.has_been_read().await;

    let client = bot.client(&home.token());
    let lock = home.lock_database();
    let mut programs = JoinSet::new();
    for thread in ["a", "b"] {
        let client = client.clone();
        programs.spawn(async move { client.messages(&customer(thread, "1", "hello")).await });
    }
    let refused = programs.join_next().await.expect("one").expect("an answer");
    refused.assert_problem(429, "busy");
    let before = telegram.requests("getUpdates").len();
    rosa.writes("Where is my parcel?");
    rosa.writes("Is anybody there?");
    // It waits a moment and asks again for the same; nothing beyond is asked for.
    telegram.waits_for_requests("getUpdates", before + 2).await;
    assert_eq!(telegram.waiting(), 2, "nothing was confirmed");
    let asked = telegram.requests("getUpdates");
    let offsets = asked.iter().skip(before - 1);
    let offsets: HashSet<_> = offsets.map(|request| request["offset"].as_i64()).collect();
    assert_eq!(offsets.len(), 1, "{asked:?}");

    lock.execute_batch("ROLLBACK").expect("unlocked");
    telegram.has_been_read().await;
    let taken = programs.join_next().await.expect("one").expect("an answer");
    assert_eq!(taken.results().len(), 1);
    for text in ["Hello", "Where is my parcel?", "Is anybody there?"] {
        assert_eq!(kept(&home, text), 1);
    }
}

#[tokio::test]
async fn an_update_that_cannot_be_read_holds_nobody_up() {
    let telegram = Telegram::unrecorded();
    let home = home(&telegram);
    telegram.brings("message", json!({ "strange": true }));
    telegram.brings("message", json!("no message at all"));
    telegram.customer("Rosa").writes("Hello");
    let bot = home.start();
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "Hello"), 1);
    let metrics = metrics(&bot).await;
    assert!(
        metrics.contains("ringback_telegram_updates_total{result=\"unreadable\"} 2"),
        "{metrics}"
    );
    let (_, log) = bot.stop();
    assert!(!log.contains("strange"), "what it says is not logged");
}

#[tokio::test]
async fn another_program_that_polls_is_told_to_the_admin() {
    let telegram = Telegram::unrecorded();
    let home = home(&telegram);
    let bot = home.start();
    let stop = Arc::new(AtomicBool::new(false));
    use_ring();
    let polls = {
        let (stop, url) = (Arc::clone(&stop), telegram.url());
        let url = format!("{url}/bot{}/getUpdates?timeout=1", telegram.token());
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            while !stop.load(Ordering::Relaxed) {
                drop(client.get(&url).send().await);
            }
        })
    };
    let bot = tokio::task::spawn_blocking(move || {
        bot.told("Another program polls this bot");
        bot
    });
    let bot = bot.await.expect("told");
    let mut admin = Person::signed_in(&home, &bot, "ada", "admin").await;
    for page in ["/desk/callbacks", "/desk/rules"] {
        let page = admin.get(page).await.text;
        assert!(page.contains("Another program polls this bot"), "{page}");
        assert!(page.contains("have BotFather"), "how to mend it");
    }
    let mut agent = Person::signed_in(&home, &bot, "lee", "agent").await;
    let page = agent.get("/desk/callbacks").await.text;
    assert!(!page.contains("Another program"), "an agent cannot mend it");
    let metrics = metrics(&bot).await;
    let gauge = "ringback_trouble{trouble=\"telegram_polled_elsewhere\"} 1";
    assert!(metrics.contains(gauge), "{metrics}");
    stop.store(true, Ordering::Relaxed);
    polls.await.expect("it ends");
}

#[tokio::test]
async fn a_token_that_telegram_does_not_know_is_told_and_never_shown() {
    let telegram = Telegram::unrecorded();
    let wrong = "7000001:WrongWrongWrongWrongWrongWrong";
    let settings = telegram.settings().replace(&telegram.token(), wrong);
    let home = Home::new(&format!("{settings}{CHANNEL}"));
    let bot = home.start();
    bot.told("Telegram does not know the bot's token");
    let ready = Person::new(&bot).get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "all else works");
    let (status, log) = bot.stop();
    assert!(status.success());
    assert!(!log.contains("WrongWrong"), "{log}");
}

#[tokio::test]
async fn a_webhook_that_was_set_before_gives_way_to_polling_and_what_waits_is_kept() {
    let telegram = Telegram::start();
    let url = format!("{}/bot{}", telegram.url(), telegram.token());
    use_ring();
    let set = format!("{url}/setWebhook?url=https://old.example/hook");
    let set = reqwest::get(set).await.expect("set");
    assert_eq!(set.status(), StatusCode::OK);
    telegram.customer("Rosa").writes("Hello");
    let home = home(&telegram);
    let _bot = home.start();
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "Hello"), 1);
}

#[tokio::test]
async fn the_first_start_says_how_a_group_becomes_the_desk() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let bot = home.start();
    bot.told("To make a Telegram group your desk, add @");
    let line = bot.told("  /start ");
    let (_, code) = line.split_once("/start ").expect("a code");
    assert_eq!(code.trim().len(), 8, "{line}");
    bot.told(&format!("?startgroup={}", code.trim()));
}

/// A bot whose updates Telegram brings, and where it listens.
fn hooked(telegram: &Telegram) -> (Home, String) {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = free.local_addr().expect("an address").to_string();
    let settings = format!(
        "public_url = \"http://{listen}\"\n{}transport = \"webhook\"\n{CHANNEL}",
        telegram.settings()
    );
    (Home::new(&settings), listen)
}

#[tokio::test]
async fn telegram_brings_updates_with_the_secret_and_is_told_when_it_ends() {
    let telegram = Telegram::start();
    let (home, listen) = hooked(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.writes("Before the start");
    let bot = home.start_at(&listen);
    telegram.has_been_read().await;
    let lock = home.lock_database();
    rosa.writes("While nothing can be kept");
    let waits = telegram.waiting();
    drop(lock);
    assert_eq!(waits, 1, "it is not taken before it is kept");
    telegram.has_been_read().await;
    for text in ["Before the start", "While nothing can be kept"] {
        assert_eq!(kept(&home, text), 1, "{text}");
    }

    let set = telegram.requests("setWebhook");
    let [set] = set.as_slice() else {
        panic!("{set:?}")
    };
    assert_eq!(set["max_connections"], 1);
    assert_eq!(set["secret_token"].as_str().map(str::len), Some(64));
    let wanted = set["allowed_updates"].as_array().expect("narrowed");
    assert!(wanted.contains(&json!("business_message")), "{wanted:?}");
    assert!(!wanted.contains(&json!("inline_query")), "{wanted:?}");

    let hook = format!("http://{listen}/hooks/telegram");
    let forged = |secret: &'static str| {
        let request = reqwest::Client::new().post(&hook).body("{}");
        request
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .send()
    };
    for secret in ["", "wrong"] {
        let answer = forged(secret).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let secret = set["secret_token"].as_str().expect("text").to_owned();
    let (status, log) = bot.stop();
    assert!(status.success());
    assert!(!log.contains(&secret), "the secret is not logged");
    assert_eq!(telegram.requests("deleteWebhook").len(), 1);

    rosa.writes("While it is down");
    let _bot = home.start_at(&listen);
    telegram.has_been_read().await;
    assert_eq!(kept(&home, "While it is down"), 1);
}

#[tokio::test]
async fn a_webhook_that_somebody_else_has_taken_is_left_to_them_at_the_end() {
    let telegram = Telegram::start();
    let (home, listen) = hooked(&telegram);
    let bot = home.start_at(&listen);
    telegram.waits_for_request("setWebhook", |_| true).await;
    let url = format!("{}/bot{}", telegram.url(), telegram.token());
    let other = format!("{url}/setWebhook?url=http://{listen}/hooks/telegram?run=other");
    let set = reqwest::get(other).await.expect("set");
    assert_eq!(set.status(), StatusCode::OK);
    let (status, _) = bot.stop();
    assert!(status.success());
    assert!(telegram.requests("deleteWebhook").is_empty());
}
