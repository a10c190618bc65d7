//! Golden threads: small conversations with the decisions that they must lead to, run through the
//! real `ringback replay`. The format is described in `tests/golden/README.md`.

mod compare;
mod format;

use std::{collections::BTreeMap, fs};

use crate::support::command::{project_file, run};
use compare::Decided;
use format::Thread;

/// Replays every thread of a file and panics with a table of each one that went another way.
fn check(file: &str) {
    let path = project_file("tests/golden").join(file);
    let text = fs::read_to_string(&path).expect("the golden file is there");
    let threads = format::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(!threads.is_empty(), "{file} holds no thread");
    let failures = disagreements(&threads);
    assert!(
        failures.is_empty(),
        "{} of {} threads of {file} went another way\n\n{}",
        failures.len(),
        threads.len(),
        failures.join("\n")
    );
}

/// Replays the threads, those with the same rules in one run, and describes each that differs.
fn disagreements(threads: &[Thread]) -> Vec<String> {
    let mut by_rules: BTreeMap<&str, Vec<(usize, &Thread)>> = BTreeMap::new();
    for (number, thread) in threads.iter().enumerate() {
        let same_rules = by_rules.entry(thread.rules.as_str()).or_default();
        same_rules.push((number, thread));
    }
    let mut failures = Vec::new();
    for (rules, threads) in by_rules {
        let decided = replay(rules, &threads);
        let mut decided = decided.iter();
        for (_, thread) in threads {
            let of_this: Vec<&Decided> = decided.by_ref().take(thread.lines.len()).collect();
            failures.extend(compare::disagreement(thread, &of_this));
        }
    }
    failures
}

/// What the real program makes of the threads.
fn replay(rules: &str, threads: &[(usize, &Thread)]) -> Vec<Decided> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut arguments = vec!["replay", "--format", "jsonl", "-"];
    if !rules.is_empty() {
        fs::write(folder.path().join("rules.toml"), rules).expect("room for a file");
        arguments.extend(["--rules", "rules.toml"]);
    }
    let input: String = threads
        .iter()
        .map(|(number, thread)| format::to_replay_input(*number, thread))
        .collect();
    let ran = run(&arguments, folder.path(), input.as_bytes());
    assert_eq!(ran.code, 0, "replay complained:\n{}{rules}", ran.stderr);
    let parse = |line| serde_json::from_str(line).expect("a decision");
    let decided: Vec<Decided> = ran.stdout.lines().map(parse).collect();
    assert_eq!(decided.len(), input.lines().count(), "one decision a line");
    decided
}

#[test]
fn the_shared_threads_agree() {
    check("shared.txt");
}

#[test]
fn our_english_threads_agree() {
    check("own/en.txt");
}

#[test]
fn our_english_threads_of_identity_and_time_agree() {
    check("own/en-more.txt");
}

#[test]
fn our_spanish_threads_agree() {
    check("own/es.txt");
}

#[test]
fn our_german_threads_agree() {
    check("own/de.txt");
}

#[test]
fn our_french_threads_agree() {
    check("own/fr.txt");
}

#[test]
fn our_portuguese_threads_agree() {
    check("own/pt.txt");
}

#[test]
fn our_italian_threads_agree() {
    check("own/it.txt");
}

#[test]
fn the_project_keeps_at_least_eighty_threads_of_its_own_each_with_a_name_of_its_own() {
    let mut names: Vec<String> = Vec::new();
    for file in walkdir::WalkDir::new(project_file("tests/golden/own")) {
        let file = file.expect("a readable folder");
        if file.file_type().is_file() {
            let text = fs::read_to_string(file.path()).expect("a readable file");
            let threads = format::parse(&text).expect("a golden file");
            names.extend(threads.into_iter().map(|thread| thread.name));
        }
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two threads share a name");
    assert!(all >= 80, "only {all} threads");
}
