//! `ringback eval`, from outside: the shipped weights reach what `models/figures.json` says, and what
//! is wrong with a file, weights or a figure is told.

use std::{fs, path::PathBuf};

use crate::support::command::{Ran, run};

fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Runs it in a folder without a rules file, so that the shipped thresholds hold.
fn eval(args: &[&str], input: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let args: Vec<&str> = ["eval"].into_iter().chain(args.iter().copied()).collect();
    run(&args, folder.path(), input.as_bytes())
}

/// Our own test messages, file by file.
fn tests() -> Vec<String> {
    let mut files: Vec<String> = fs::read_dir(models().join("test"))
        .expect("our test set")
        .map(|entry| entry.expect("a file").path().display().to_string())
        .collect();
    files.sort();
    assert!(files.len() >= 13, "a language is missing: {files:?}");
    files
}

/// What a customer's line looks like.
fn line(text: &str, closing: &str) -> String {
    let closing = (closing != "null").then_some(closing);
    let line = serde_json::json!({
        "lang": "en", "party": "customer", "prev": "It should work now.", "text": text,
        "labels": { "closing": closing },
    });
    format!("{line}\n")
}

#[test]
fn the_shipped_weights_reach_the_committed_figures() {
    let figures = models().join("figures.json").display().to_string();
    let files = tests();
    let args: Vec<&str> = ["--floor", &figures]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let ran = eval(&args, "");
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn a_figure_that_fell_is_an_error_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = line("That worked, thank you so much!", "thanks");
    let figures = eval(&["--format", "json", "-"], &good);
    assert_eq!(figures.code, 0, "{}", figures.stderr);
    let path = folder.path().join("figures.json");
    fs::write(&path, &figures.stdout).expect("written");
    let path = path.display().to_string();
    assert_eq!(eval(&["--floor", &path, "-"], &good).code, 0);
    let wrong = line("That worked, thank you so much!", "null");
    let ran = eval(&["--floor", &path, "-"], &format!("{good}{wrong}"));
    assert_eq!(ran.code, 1);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert!(
        told.contains("thanks") && told.contains("precision"),
        "{told}"
    );
}

#[test]
fn the_surest_mistakes_are_shown() {
    let ran = eval(&["-"], &line("That worked, thank you so much!", "null"));
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("thank you so much"), "{}", ran.stdout);
    let none = eval(
        &["--errors", "0", "-"],
        &line("That worked, thank you so much!", "null"),
    );
    assert!(!none.stdout.contains("so much"), "{}", none.stdout);
}

#[test]
fn bad_lines_are_told_and_the_others_measured() {
    let input = format!("nonsense\n{}", line("Sorted, cheers!", "thanks"));
    let ran = eval(&["-"], &input);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(":1:"), "{}", ran.stderr);
    assert!(ran.stdout.contains("thanks"), "{}", ran.stdout);
    assert!(!ran.stderr.contains("nonsense"), "{}", ran.stderr);
}

#[test]
fn weights_for_other_features_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let shipped = fs::read(models().join("reader.bin")).expect("the weights");
    let end = shipped
        .iter()
        .position(|byte| *byte == b'\n')
        .expect("a first line");
    let header: serde_json::Value =
        serde_json::from_slice(&shipped[..end]).expect("the first line");
    let with_header = |key: &str, value: u64| {
        let mut changed = header.clone();
        *changed.pointer_mut(key).expect("a key") = value.into();
        let mut bytes = changed.to_string().into_bytes();
        bytes.extend_from_slice(&shipped[end..]);
        bytes
    };
    let other = with_header("/features", 9_999);
    let vast = with_header("/customer/bits", 63);
    for (bytes, told) in [
        (other, "version 9999"),
        (shipped[..shipped.len() - 1].to_vec(), "cut short"),
        (vast, "cut short"),
        (b"weights".to_vec(), "no weights"),
    ] {
        let path = folder.path().join("other.bin");
        fs::write(&path, bytes).expect("written");
        let path = path.display().to_string();
        let ran = eval(&["--weights", &path, "-"], &line("Thanks!", "thanks"));
        assert_eq!(ran.code, 1, "{told}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
