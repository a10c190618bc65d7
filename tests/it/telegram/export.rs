//! Telegram Desktop's export, replayed by the real program before anything is installed.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Ran, run};

/// What is said: the number, who says it, what.
type Said<'a> = (i64, &'a str, &'a str);

const OURS: &str = "user1";
const ASKED: Said<'_> = (1, "user7", "Hi, my bill for December is wrong");
const ANSWERED: Said<'_> = (2, OURS, "You can find every bill online.");
const UNHAPPY: Said<'_> = (
    3,
    "user7",
    "That's not what I asked. I have one subscription, so why do you bill two?",
);

/// A chat as Telegram Desktop lays it out: what it is stands before what is said in it, and whatever is
/// no first message answers the one before.
fn chat(kind: &str, id: i64, said: &[Said<'_>]) -> String {
    let messages = said.iter().map(|(number, from, text)| {
        let mut message = json!({
            "id": number, "type": "message", "date": "2026-01-05T12:00:00",
            "date_unixtime": (1_767_607_200 + number * 60).to_string(),
            "from": if *from == OURS { "Kim Doe" } else { "Rosa" }, "from_id": from, "text": text,
            "text_entities": [{"type": "plain", "text": text}],
        });
        if *number > 1 {
            message["reply_to_message_id"] = json!(number - 1);
        }
        serde_json::to_string_pretty(&message).expect("JSON")
    });
    let messages: Vec<String> = messages.collect();
    let messages = messages.join(",\n");
    format!(
        "{{\n \"name\": \"Rosa\",\n \"type\": \"{kind}\",\n \"id\": {id},\n \"messages\": [\n{messages}\n ]\n}}"
    )
}

/// Everything, as *Export Telegram data* writes it.
fn everything(chats: &[String]) -> String {
    format!(
        "{{\n \"about\": \"Here is the data\",\n \"personal_information\": {{\n  \"user_id\": 1\n }},\n \"chats\": {{\n  \"about\": \"This page lists all chats\",\n  \"list\": [\n{}\n  ]\n }}\n}}",
        chats.join(",\n")
    )
}

fn folder(export: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("result.json"), export).expect("room");
    folder
}

fn replay(folder: &Path, more: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["replay", "result.json"]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    run(&arguments, folder, b"")
}

/// `thread from id rule` of each decision.
fn decided(export: &str, more: &[&str]) -> (Vec<String>, Ran) {
    let folder = folder(export);
    let more: Vec<&str> = ["--format", "jsonl"]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    let ran = replay(folder.path(), &more);
    let lines = ran.stdout.lines().map(|line| {
        let decision: Value = serde_json::from_str(line).expect("a decision");
        let text = |key: &str| decision[key].as_str().expect("text").to_owned();
        format!(
            "{} {} {} {}",
            text("channel"),
            text("thread"),
            text("id"),
            text("rule")
        )
    });
    (lines.collect(), ran)
}

#[test]
fn a_personal_chat_shows_where_the_team_typed_on_after_the_third_exchange() {
    let export = chat("personal_chat", 7, &[ASKED, ANSWERED, UNHAPPY]);
    for export in [export.clone(), export.replace('\n', "\r\n")] {
        let (decided, ran) = decided(&export, &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(
            decided,
            [
                "telegram 7 1 none",
                "telegram 7 2 none",
                "telegram 7 3 rule_of_three"
            ]
        );
    }
    let folder = folder(&export);
    let ran = replay(folder.path(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for shown in ["1 thread, 1 case, 3 messages", "Rung"] {
        assert!(ran.stdout.contains(shown), "{shown} in {}", ran.stdout);
    }
}

#[test]
fn an_export_of_everything_leaves_out_where_nobody_is_served() {
    let export = everything(&[
        chat("personal_chat", 7, &[ASKED, ANSWERED, UNHAPPY]),
        chat("saved_messages", 1, &[(1, OURS, "Buy milk")]),
        chat("bot_chat", 9, &[(1, "user9", "I am a bot")]),
        chat("private_supergroup", 55, &[ASKED, ANSWERED]),
    ]);
    let (decided, ran) = decided(&export, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        decided,
        [
            "telegram 7 1 none",
            "telegram 7 2 none",
            "telegram 7 3 rule_of_three",
            "telegram_group g-10055:7 1 none",
            "telegram_group g-10055:7 2 none",
        ]
    );
}

#[test]
fn in_a_group_whoever_is_named_is_the_teams() {
    let export = chat("private_supergroup", 55, &[ASKED, ANSWERED, UNHAPPY]);
    for agent in ["user1", "1", "Kim Doe"] {
        let (decided, ran) = decided(&export, &["--agent", agent]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{agent}");
        assert_eq!(
            decided,
            [
                "telegram_group g-10055:7 1 none",
                "telegram_group g-10055:7 2 none",
                "telegram_group g-10055:7 3 rule_of_three",
            ]
        );
    }
    let (_, ran) = decided(&export, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("name your people with --agent"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_damaged_is_told_and_what_stands_before_it_is_replayed() {
    let export = chat("personal_chat", 7, &[ASKED, ANSWERED, UNHAPPY]);
    let (kept, _) = export.split_once("\"id\": 3").expect("a third");
    let (decided_of_it, ran) = decided(kept, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(decided_of_it, ["telegram 7 1 none", "telegram 7 2 none"]);
    assert!(
        ran.stderr.contains("the rest is not read"),
        "{}",
        ran.stderr
    );
    assert!(
        !ran.stderr.contains("bill"),
        "no message is told: {}",
        ran.stderr
    );

    let date = "\"date\": \"2026-01-05T12:00:00\",\n  \"date_unixtime\": \"1767607320\",";
    let (rest, ran) = decided(&export.replace(date, ""), &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("message 2: "), "{}", ran.stderr);
    assert_eq!(rest, ["telegram 7 1 none", "telegram 7 3 none"]);

    for wrong in ["{\n}", "{\n \"messages\": []\n}"] {
        let (decided, ran) = decided(wrong, &[]);
        assert_eq!((ran.code, decided.len()), (1, 0), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("choose the format JSON"),
            "{}",
            ran.stderr
        );
    }
}
