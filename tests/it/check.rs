//! `ringback check`, as an admin runs it before a change goes live.

use std::{fs, path::Path};

use crate::support::command::{Ran, project_file, ringback, run};

const FIVE_MISTAKES: &str = r#"exchange = 3
watch = "yes"

[[rules]]
name = "vip"
when = { tag = "vip" }
then = "cal"

[channels.webchat]
merge_within = "10"
"#;

fn check(arguments: &[&str], folder: &Path) -> Ran {
    run(&[&["check"], arguments].concat(), folder, b"")
}

#[test]
fn an_empty_folder_is_fine_and_shows_what_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = check(&[], folder.path());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.contains("listen = \"127.0.0.1:8080\""),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("settings  fine: built-in"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains(" passed, 0 failed"), "{}", ran.stdout);
}

#[test]
fn the_shipped_files_are_fine() {
    let ran = check(&[], &project_file(""));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.contains("settings  fine: config/ringback.toml"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("rules     fine: config/rules.toml"),
        "{}",
        ran.stdout
    );
}

#[test]
fn five_mistakes_in_the_rules_and_one_in_the_settings_are_six_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("config")).expect("a folder");
    fs::write(
        folder.path().join("config/ringback.toml"),
        "lissten = \"127.0.0.1:1\"",
    )
    .expect("a file");
    fs::write(folder.path().join("config/rules.toml"), FIVE_MISTAKES).expect("a file");
    let ran = check(&[], folder.path());
    assert_eq!(ran.code, 1);
    for told in [
        "config/ringback.toml:1:1",
        "did you mean `listen`?",
        "config/ringback.toml: 1 error",
        "config/rules.toml:1:1",
        "config/rules.toml:2:9",
        "config/rules.toml:6:10",
        "config/rules.toml:7:8",
        "config/rules.toml:10:16",
        "config/rules.toml: 5 errors",
    ] {
        assert!(ran.stderr.contains(told), "{told} is not in {}", ran.stderr);
    }
    assert!(ran.stdout.contains("not usable"), "{}", ran.stdout);
}

#[test]
fn a_channel_that_the_settings_do_not_have_is_a_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("r.toml"),
        "[channels.apy]\nexchanges = 4",
    )
    .expect("a file");
    let ran = check(&["--rules", "r.toml"], folder.path());
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("did you mean `api`?"), "{}", ran.stderr);
}

#[test]
fn named_files_must_be_there() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [["--config", "none.toml"], ["--rules", "none.toml"]] {
        let ran = check(&arguments, folder.path());
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert!(ran.stderr.contains("none.toml"), "{}", ran.stderr);
    }
}

#[test]
fn the_environment_counts_and_its_secrets_are_hidden() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = ringback(&["check"], folder.path())
        .env("RINGBACK__LISTEN", "127.0.0.1:9")
        .env("RINGBACK__WEBHOOKS__CRM__URL", "https://crm.example.com")
        .env(
            "RINGBACK__WEBHOOKS__CRM__SECRET",
            "whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD",
        )
        .output()
        .expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(
        stdout.contains("listen = \"127.0.0.1:9\"") && stdout.contains("[webhooks.crm]"),
        "{stdout}"
    );
    assert!(
        stdout.contains("secret = \"(hidden)\"") && !stdout.contains("QUJD"),
        "{stdout}"
    );
}

#[test]
fn the_rules_can_be_read_as_sentences_and_as_a_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let sentences = check(&["--explain"], folder.path());
    assert_eq!(sentences.code, 0);
    assert!(
        sentences.stdout.starts_with("On every channel\n"),
        "{}",
        sentences.stdout
    );
    let schema = check(&["--schema"], folder.path());
    assert_eq!(schema.code, 0);
    let schema: serde_json::Value = serde_json::from_str(&schema.stdout).expect("JSON");
    assert!(schema["properties"]["merge_within"].is_object());
    assert_eq!(check(&["--schema", "--explain"], folder.path()).code, 2);
}
