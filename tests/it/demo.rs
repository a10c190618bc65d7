//! `ringback demo`: open to this machine without an account, and nothing stays behind.

use std::fs;

use reqwest::Method;

use crate::support::{
    bot::Home,
    demo::{Demo, command},
};

/// The pages that the demo's page shows, and itself.
const PAGES: [&str; 5] = [
    "/demo",
    "/chat/webchat",
    "/desk/threads",
    "/desk/callbacks",
    "/desk/rules",
];

#[tokio::test]
async fn every_page_opens_without_an_account_and_in_frames_of_its_own_alone() {
    let demo = Demo::start();
    let client = demo.client();
    for page in PAGES {
        let answer = client.get(page).await;
        assert_eq!(answer.status, 200, "{page}: {}", answer.text);
        let policy = answer.headers["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(
            policy.contains("frame-ancestors 'self'"),
            "{page}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{page}: {policy}");
    }
}

#[tokio::test]
async fn whoever_opens_the_bare_address_lands_in_the_demo() {
    let demo = Demo::start();
    let page = demo.client().get("/").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("id=\"demo-controls\""), "{}", page.text);
}

#[tokio::test]
async fn its_page_shows_both_sides_and_tells_how_to_play_by_hand() {
    let demo = Demo::start();
    let page = demo.client().get("/demo").await;
    let policy = page.headers["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.contains("frame-src 'self'"), "{policy}");
    for wanted in [
        "src=\"/chat\"",
        "src=\"/desk/threads\"",
        "Play: it ends in a callback",
        "Play: it ends in thanks",
        "That is not what I asked. Why am I charged twice?",
        "<noscript>",
    ] {
        assert!(
            page.text.contains(wanted),
            "{wanted} is not in {}",
            page.text
        );
    }
}

#[tokio::test]
async fn a_page_of_another_name_that_leads_here_is_turned_away() {
    let demo = Demo::start();
    let host = [("host", "evil.example")];
    for page in PAGES {
        let answer = demo
            .client()
            .send(Method::GET, page, &host, Vec::new())
            .await;
        assert_eq!(answer.status, 421, "{page}");
    }
}

#[test]
fn however_it_is_stopped_nothing_stays_behind() {
    for signal in ["INT", "TERM", "HUP"] {
        let mut demo = Demo::start();
        let [folder] = demo.left().try_into().expect("one folder");
        assert!(folder.join("ringback.db").exists(), "{signal}");
        let ended = demo.stop(signal);
        assert_eq!(
            (ended.code(), demo.left()),
            (Some(0), Vec::new()),
            "{signal}"
        );
    }
}

#[test]
fn neither_a_settings_file_nor_the_environment_opens_it_to_others_or_gives_it_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = tempfile::tempdir().expect("a folder");
    let database = kept.path().join("real.db");
    let settings = kept.path().join("ringback.toml");
    fs::write(&settings, "listen = \"0.0.0.0:1\"\n").expect("written");
    let mut command = command(&["--port", "0"], &folder);
    command
        .env("RINGBACK_CONFIG", &settings)
        .env("RINGBACK__LISTEN", "0.0.0.0:0")
        .env("RINGBACK__DATABASE", &database);
    let demo = Demo::start_with(command, folder);
    assert!(demo.url.starts_with("http://127.0.0.1:"), "{}", demo.url);
    assert!(!database.exists());
}

#[test]
fn a_port_in_use_and_a_bad_rules_file_are_told_and_leave_nothing() {
    let other = Demo::start();
    let port = other.url.rsplit(':').next().expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let ran = command(&["--port", port], &folder)
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        told.contains("in use already") && told.contains("--port"),
        "{told}"
    );

    let rules = other.left().remove(0).with_file_name("bad.toml");
    fs::write(&rules, "exchanges = \"three\"\n").expect("written");
    let ran = command(&["--rules", &rules.display().to_string()], &folder).output();
    let ran = ran.expect("it runs");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1));
    assert!(told.contains("must be a whole number"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[tokio::test]
async fn a_bot_that_is_no_demo_has_no_such_page() {
    let bot = Home::new("").start();
    assert_eq!(bot.client("").get("/demo").await.status, 404);
}
