//! The bot as a service: it starts in an empty folder, takes new rules, and stops in good order.

use std::fs;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::{
    bot::Home,
    client::{Client, customer},
};

/// Asks for the rules' status until it is as wanted.
async fn rules_once(client: &Client, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..100_000 {
        let rules = client.get("/api/v1/rules").await.json();
        if wanted(&rules) {
            return rules;
        }
    }
    panic!("the rules' status never became as wanted");
}

#[tokio::test]
async fn the_databases_folder_is_made_at_the_first_start() {
    let home = Home::new("");
    let settings = fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = settings.replace("ringback.db", "data/deep/ringback.db");
    fs::write(home.path("ringback.toml"), settings).expect("written");
    let bot = home.start();
    assert_eq!(bot.client("").get("/readyz").await.status, 200);
    assert!(home.path("data/deep/ringback.db").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn what_customers_wrote_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let taken = client.messages(&customer("t", "1", "hello")).await;
    assert_eq!(taken.status, 200);
    for file in ["ringback.db", "ringback.db-wal"] {
        let mode = fs::metadata(home.path(file))
            .expect(file)
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_hang_up_signal_loads_new_rules_and_bad_ones_change_nothing_but_what_is_said() {
    let home = Home::new("rules = \"rules.toml\"\n");
    // In one step, as an editor does: whoever looks sees the old file or the new one.
    let write = |rules: &str| {
        let draft = home.path("rules.toml~");
        fs::write(&draft, rules).expect("written");
        fs::rename(&draft, home.path("rules.toml")).expect("replaced");
    };
    write("exchanges = 3\n");
    let bot = home.start();
    let client = bot.client(&home.token());
    let first = client.get("/api/v1/rules").await.json();
    assert_eq!(first["last_error"], Value::Null);

    write("exchanges = 2\n");
    bot.signal("HUP");
    let second = rules_once(&client, |rules| rules["version"] != first["version"]).await;

    write("exchanges = \"two\"\n");
    bot.signal("HUP");
    let third = rules_once(&client, |rules| !rules["last_error"].is_null()).await;
    assert_eq!(third["version"], second["version"]);
    let told = third["last_error"]["message"].as_str().expect("words");
    assert!(
        told.contains("line 1") && told.contains("exchanges"),
        "{told}"
    );
    let metrics = client.get("/metrics").await.text;
    assert!(
        metrics.contains("ringback_rules_reload_failed 1"),
        "{metrics}"
    );

    // Emptied, to be written anew: no rules at all must not go live meanwhile.
    write("");
    bot.signal("HUP");
    let is_empty = |rules: &Value| {
        let told = rules["last_error"]["message"].as_str();
        told.is_some_and(|told| told.contains("is empty"))
    };
    let fourth = rules_once(&client, is_empty).await;
    assert_eq!(fourth["version"], second["version"]);
}

#[tokio::test]
async fn a_request_that_waits_for_the_database_is_answered_before_the_bot_stops() {
    let home = Home::new("[limits]\nqueue = 1\n");
    let bot = home.start();
    let client = bot.client(&home.token());
    let other = home.lock_database();
    let mut requests = JoinSet::new();
    for thread in ["a", "b"] {
        let client = client.clone();
        requests.spawn(async move { client.messages(&customer(thread, "1", "hello")).await });
    }
    // One is refused, so the other is in the queue.
    let refused = requests.join_next().await.expect("one").expect("an answer");
    refused.assert_problem(429, "busy");
    bot.signal("TERM");
    other.execute_batch("ROLLBACK").expect("unlocked");
    let answered = requests.join_next().await.expect("one").expect("an answer");
    assert_eq!(answered.results()[0]["status"], "decided");
    let (status, log) = bot.end();
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn a_rules_file_that_is_no_good_keeps_the_bot_from_starting() {
    let home = Home::new("rules = \"rules.toml\"\n");
    fs::write(home.path("rules.toml"), "exchanges = 0\n").expect("written");
    let output = home.run(&["run"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("rules.toml:1"), "{told}");
}
