//! What people said of readings comes out as labelled messages, and names nobody.

use serde_json::{Value, json};

use crate::{
    support::command::{Ran, run},
    transcript::{decide_live, settings},
};

/// Kim thanks, and comes back two hours later.
const CAME_BACK: &str = r#"{"channel":"x","thread":"t","from":"customer","author":"@kim_lee","text":"My bill is wrong","at":"2026-01-05T10:00:00Z","lang":"en"}
{"channel":"x","thread":"t","from":"agent","author":"anna","text":"Hi @kim_lee, it is corrected and comes by mail. Anna anna","at":"2026-01-05T10:05:00Z","lang":"en"}
{"channel":"x","thread":"t","from":"customer","author":"@kim_lee","text":"Great, that worked, thank you so much! Yours, kim_lee, +44 20 7946 0958, @joe_77","at":"2026-01-05T10:06:00Z","lang":"en"}
{"channel":"x","thread":"t","from":"customer","author":"@kim_lee","text":"Spoke too soon, it still does not work","at":"2026-01-05T12:06:00Z","lang":"en"}
"#;

fn corrections(folder: &std::path::Path, more: &[&str]) -> Ran {
    let arguments = [&["corrections", "--config", "ringback.toml"], more].concat();
    run(&arguments, folder, b"")
}

#[test]
fn a_thank_you_that_was_none_comes_out_labelled_and_without_names() {
    let folder = tempfile::tempdir().expect("a folder");
    decide_live(settings(folder.path()), CAME_BACK);
    let ran = corrections(folder.path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let expected = json!({
        "id": "example-1",
        "lang": "en",
        "party": "customer",
        "text": "Great, that worked, thank you so much! Yours, @customer, ⟦phone⟧, @someone",
        "prev": "Hi @customer, it is corrected and comes by mail. Anna @agent",
        "slice": "corrections",
        "labels": { "closing": null },
        "origin": "customer",
        "how": "came_back",
        "at": "2026-01-05T12:06:00Z",
        "after": 7200,
    });
    assert_eq!(lines, [expected]);
    let later = corrections(folder.path(), &["--since", "2026-01-06"]);
    assert_eq!((later.code, later.stdout.as_str()), (0, ""));
}

#[test]
fn what_is_erased_is_no_example_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    decide_live(settings(folder.path()), CAME_BACK);
    assert_ne!(corrections(folder.path(), &[]).stdout, "");
    let erase = [
        "erase",
        "--config",
        "ringback.toml",
        "--thread",
        "x/t",
        "--yes",
    ];
    let erased = run(&erase, folder.path(), b"");
    assert_eq!(erased.code, 0, "{}", erased.stderr);
    assert_eq!(corrections(folder.path(), &[]).stdout, "");
}
