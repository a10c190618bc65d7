//! Copies, erasures and the audit through the front door: the real program, beside a running bot and
//! without one.

use serde_json::{Value, json};

use crate::support::{bot::Home, client::customer, person::Person, receiver::Receiver};

/// Stands in what the customer wrote and in their name.
const PLANTED: &str = "Zanzibar-4711";

fn line(thread: &str, id: &str, author: &str, text: &str) -> Value {
    let mut message = customer(thread, id, text);
    message["author"] = json!(author);
    message
}

/// How often the planted text stands in the database and its write-ahead log.
fn found(home: &Home) -> usize {
    let files = ["ringback.db", "ringback.db-wal"].map(|name| home.path(name));
    let bytes = files.iter().filter_map(|file| std::fs::read(file).ok());
    bytes
        .map(|bytes| {
            let parts = bytes.windows(PLANTED.len());
            parts.filter(|part| *part == PLANTED.as_bytes()).count()
        })
        .sum()
}

/// Exit code and standard output.
fn run(home: &Home, arguments: &[&str]) -> (i32, String) {
    let output = home.run(arguments);
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    (output.status.code().expect("a code"), told)
}

#[tokio::test]
async fn a_customer_is_copied_and_erased_beside_the_running_bot_and_receivers_are_told() {
    let receiver = Receiver::start().await;
    let hook = receiver.settings_for(&["decision.quiet", "erased"]);
    let home = Home::new(&format!("{hook}include_text = true\n"));
    let bot = home.start();
    let client = bot.client(&home.token());
    let author = format!("@{PLANTED}");
    let text = format!("My {PLANTED} is broken");
    client
        .messages(&line("t1", "m1", &author, &text))
        .await
        .results();
    client
        .messages(&line("t2", "m1", &author, &text))
        .await
        .results();
    client
        .messages(&line("t3", "m1", "@lee", "Hello"))
        .await
        .results();
    receiver.count(3).await;
    let whose = format!("chat/{author}");

    let (code, copy) = run(&home, &["export", "--customer", &whose]);
    assert_eq!(code, 0);
    let copy: Value = serde_json::from_str(&copy).expect("JSON");
    assert_eq!(copy["threads"][1]["messages"][0]["text"], text);

    let (code, receipt) = run(&home, &["erase", "--customer", &whose, "--dry-run"]);
    assert_eq!(code, 0);
    assert!(receipt.starts_with("Would erase: 2 threads"), "{receipt}");
    let refused = run(&home, &["erase", "--customer", &whose]);
    assert_eq!(refused.0, 2, "not without --yes");
    assert!(found(&home) > 0, "nothing was erased yet");

    let (code, receipt) = run(&home, &["erase", "--customer", &whose, "--yes", "--json"]);
    assert_eq!(code, 0, "{receipt}");
    assert!(!receipt.contains(PLANTED), "{receipt}");
    let receipt: Value = serde_json::from_str(&receipt).expect("JSON");
    assert_eq!(receipt["threads"], 2);
    assert_eq!(receipt["deleted"]["messages"], 2);
    assert_eq!(receipt["webhooks"]["test"]["arrived"], 2);
    assert_eq!(receipt["webhooks"]["test"]["with_text"], 2);
    assert_eq!(receipt["webhooks"]["test"]["is_told"], true);
    assert_eq!(client.get("/api/v1/threads/chat/t1").await.status, 404);
    let (code, _) = run(&home, &["erase", "--customer", &whose, "--yes"]);
    assert_eq!(code, 1, "there is nobody any more");

    // The bot goes on; whoever writes again is somebody new.
    let results = client
        .messages(&line("t1", "m1", &author, "Hello again"))
        .await;
    assert_eq!(results.results()[0]["status"], "decided");
    let hooks = receiver.count(6).await;
    let erased = hooks
        .iter()
        .filter(|hook| hook.body["type"] == "customer.erased");
    let mut erased: Vec<&Value> = erased.map(|hook| &hook.body["data"]).collect();
    erased.sort_by_key(|data| data["thread"].to_string());
    assert_eq!(
        erased,
        [
            &json!({"channel": "chat", "thread": "t1"}),
            &json!({"channel": "chat", "thread": "t2"})
        ]
    );
    let (code, told) = run(&home, &["audit", "verify"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.starts_with("The audit is whole"), "{told}");
}

#[tokio::test]
async fn no_byte_of_an_erased_thread_is_left_also_without_a_bot() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let text = format!("My {PLANTED} is broken");
    client
        .messages(&line(PLANTED, PLANTED, PLANTED, &text))
        .await
        .results();
    bot.stop();
    assert!(found(&home) > 0);
    let thread = format!("chat/{PLANTED}");
    let (code, receipt) = run(&home, &["erase", "--thread", &thread, "--yes"]);
    assert_eq!(code, 0, "{receipt}");
    assert!(receipt.starts_with("Erased: 1 thread,"), "{receipt}");
    assert_eq!(found(&home), 0);
    let (_, listed) = run(&home, &["audit", "list"]);
    assert!(
        listed.contains("command-line") && listed.contains("erased a thread"),
        "{listed}"
    );
    assert!(!listed.contains(PLANTED), "{listed}");
}

#[tokio::test]
async fn whoever_changes_the_audit_is_found_out_by_the_chain_or_by_a_published_hash() {
    let home = Home::new("");
    let bot = home.start();
    let mut ann = Person::signed_in(&home, &bot, "ann", "admin").await;
    let page = ann.get("/audit").await;
    assert!(page.text.contains("signed in"), "{}", page.text);
    bot.stop();
    let (code, told) = run(&home, &["audit", "verify"]);
    assert_eq!(code, 0);
    let hash = told.lines().nth(1).expect("a hash").to_owned();
    assert_eq!(run(&home, &["audit", "verify", "--hash", &hash]).0, 0);
    let other = "0".repeat(64);
    assert_eq!(run(&home, &["audit", "verify", "--hash", &other]).0, 1);
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    database
        .execute_batch(
            "DROP TRIGGER audit_stays_as_it_is;
             UPDATE audit SET account = 'lee' WHERE verb = 'signed_in'",
        )
        .expect("changed");
    let (code, told) = run(&home, &["audit", "verify"]);
    assert_eq!(code, 1);
    assert!(told.starts_with("The audit is broken: entry "), "{told}");
}
