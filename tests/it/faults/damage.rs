//! A database file that is damaged: a clear refusal at the start, and while the bot runs nothing more is
//! taken in, since it would be lost with the file.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
};

use crate::support::{
    bot::Home,
    client::{Client, customer},
};

/// Where the database is damaged.
fn refuses_to_start(home: &Home) -> String {
    let output = home.run(&["run"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    told
}

/// Fills the database with rubbish, all but its head.
fn ruin(home: &Home) {
    let path = home.path("ringback.db");
    let length = fs::metadata(&path).expect("there").len();
    let file = OpenOptions::new().write(true).open(path).expect("opened");
    let rubbish = vec![0x5A; usize::try_from(length - 4096).expect("small")];
    file.write_all_at(&rubbish, 4096).expect("written");
}

async fn takes(client: &Client, id: &str) {
    let answer = client.messages(&customer("t", id, "hello")).await;
    assert_eq!(answer.results()[0]["status"], "decided");
}

#[test]
fn a_damaged_file_is_refused_by_name_with_how_to_mend_it_and_left_as_it_is() {
    let home = Home::new("");
    home.token();
    let database = home.path("ringback.db");
    let whole = fs::read(&database).expect("there");
    let mut headless = whole.clone();
    headless[..100].fill(0);
    let half = whole[..whole.len() / 2].to_vec();
    for damaged in [headless, half, b"words".repeat(1_000), Vec::new()] {
        fs::write(&database, &damaged).expect("written");
        let told = refuses_to_start(&home);
        assert!(told.contains("ringback.db"), "{told}");
        assert!(told.contains("ringback restore BACKUP"), "{told}");
        assert_eq!(fs::read(&database).expect("there"), damaged);
    }
    fs::write(&database, &whole).expect("written");
    drop(home.start());
}

#[tokio::test]
async fn a_database_that_is_gone_while_its_log_is_there_is_not_made_anew() {
    let home = Home::new("");
    let bot = home.start();
    takes(&bot.client(&home.token()), "1").await;
    bot.kill();
    fs::remove_file(home.path("ringback.db")).expect("gone");
    let told = refuses_to_start(&home);
    assert!(told.contains("ringback.db-wal"), "{told}");
    assert!(!home.path("ringback.db").exists());
}

#[tokio::test]
async fn damage_that_is_found_while_it_runs_stops_intake_for_good_and_a_restore_mends_it() {
    let home = Home::new("");
    let token = home.token();
    let bot = home.start();
    takes(&bot.client(&token), "1").await;
    let (status, log) = bot.stop();
    assert!(status.success(), "{log}");
    assert!(home.run(&["backup", "copy.db"]).status.success());

    let bot = home.start();
    bot.told("Sign in as the first admin");
    let client = bot.client(&token);
    // Nothing of it is in anybody's memory yet, but what the start looked at.
    ruin(&home);
    let refused = client.messages(&customer("t", "2", "hello")).await;
    refused.assert_problem(503, "storage");
    assert!(refused.headers.contains_key("retry-after"));
    let ready = client.get("/readyz").await;
    let why = ready.assert_problem(503, "not-ready");
    let why = why["detail"].as_str().expect("words");
    assert!(why.contains("damaged"), "{why}");
    let told = bot.told("database_damaged");
    assert!(told.contains("ringback restore BACKUP"), "{told}");
    // It does not come back by itself: what it took then would be lost.
    let again = client.messages(&customer("t", "3", "hello")).await;
    again.assert_problem(503, "storage");
    assert_eq!(
        client.get("/healthz").await.status,
        200,
        "it does not crash"
    );

    let (_, log) = bot.stop();
    assert!(!log.contains("panicked"), "{log}");
    assert!(home.run(&["restore", "copy.db"]).status.success());
    let bot = home.start();
    let client = bot.client(&token);
    takes(&client, "2").await;
    assert_eq!(client.get("/readyz").await.status, 200);
}
