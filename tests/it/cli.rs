//! The command line, from outside: exit codes, help, bad input, and a reader that goes away.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    process::Stdio,
};

use tempfile::TempDir;

use crate::support::command::{Ran, ringback, run};

/// A line of replay input.
fn line(thread: &str, from: &str, text: &str) -> String {
    let message = serde_json::json!({
        "channel": "x", "thread": thread, "from": from, "text": text,
    });
    format!("{message}\n")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Replays this from standard input.
fn replay(input: &[u8]) -> Ran {
    run(
        &["replay", "--format", "jsonl", "-"],
        folder().path(),
        input,
    )
}

/// The value of a key in every decision printed.
fn each(ran: &Ran, key: &str) -> Vec<String> {
    let value = |line: &str| {
        let decision: serde_json::Value = serde_json::from_str(line).expect("a decision");
        match &decision[key] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    };
    ran.stdout.lines().map(value).collect()
}

#[test]
fn every_command_helps_with_examples() {
    let help = run(&["--help"], folder().path(), b"");
    assert_eq!(help.code, 0, "{}", help.stderr);
    let commands: Vec<&str> = help
        .stdout
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    for known in ["run", "check", "replay", "transcript", "completions"] {
        assert!(commands.contains(&known), "{known} is not in {commands:?}");
    }
    assert!(help.stdout.contains("Example"), "{}", help.stdout);
    for command in commands {
        let help = run(&[command, "--help"], folder().path(), b"");
        assert_eq!(help.code, 0, "{command}: {}", help.stderr);
        assert!(
            help.stdout.contains("Example"),
            "{command}: {}",
            help.stdout
        );
        let widest = help.stdout.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{command} is too wide: {widest:?}");
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completions", shell], folder().path(), b"");
        assert_eq!(ran.code, 0, "{shell}: {}", ran.stderr);
        assert!(ran.stdout.contains("ringback"), "{shell}");
        assert!(ran.stdout.contains("replay"), "{shell}");
    }
}

#[test]
fn a_wrong_command_line_is_told_as_such() {
    for arguments in [
        &["replay"][..],
        &["replay", "--format", "xml", "-"],
        &["replay", "--against", "a.toml", "--format", "jsonl", "-"],
        &["ring"],
        &["transcript"],
        &["transcript", "--since", "yesterday"],
    ] {
        let ran = run(arguments, folder().path(), b"");
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn good_input_is_decided_line_by_line() {
    let input = line("t1", "customer", "My bill is wrong") + &line("t2", "bot", "Hi!");
    let ran = replay(input.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr, "");
    assert_eq!(each(&ran, "thread"), ["t1", "t2"]);
    assert_eq!(each(&ran, "id"), ["#1", "#2"]);
    assert_eq!(each(&ran, "exchange"), ["1", "0"]);
    let keys: Vec<&str> = ran
        .stdout
        .lines()
        .next()
        .expect("a decision")
        .split('"')
        .filter(|word| ["channel", "exchange", "soft", "reading", "confidence"].contains(word))
        .collect();
    assert_eq!(
        keys,
        ["channel", "exchange", "soft", "reading", "confidence"]
    );
    assert_eq!(each(&ran, "reading")[1], "null");
}

#[test]
fn bad_lines_are_told_with_their_numbers_and_the_others_are_decided() {
    let secret = "my card is 5555 5555 5555 4444";
    let good = line("t1", "customer", "My bill is wrong");
    let bad = [
        format!("{{\"text\": \"{secret}\""),
        format!("\"{secret}\""),
        format!("[\"x\", \"t1\", \"m1\", \"customer\", null, \"{secret}\"]"),
        line("t1", "stranger", secret).trim_end().to_owned(),
        line("", "customer", secret).trim_end().to_owned(),
        format!(
            "{{\"channel\":\"x\",\"thread\":\"t1\",\"from\":\"agent\",\"text\":[\"{secret}\"]}}"
        ),
        format!("{{\"channel\":\"x\",\"thread\":\"t1\",\"text\":\"{secret}\"}}"),
        format!(
            "{{\"channel\":\"x\",\"thread\":\"t\",\"from\":\"agent\",\"text\":\"\",\"at\":\"{secret}\"}}"
        ),
        "{\"channel\":\"x\",\"thread\":\"t\",\"from\":\"agent\",\"text\":\"\\ud800\"}".to_owned(),
        "{}".to_owned(),
    ];
    let input = format!("{good}{}\n\n{good}", bad.join("\n"));
    let ran = replay(input.as_bytes());
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#1", "#13"]);
    for number in 2..=11 {
        let told = format!("line {number}: ");
        assert!(ran.stderr.contains(&told), "{told} in {}", ran.stderr);
    }
    assert!(
        !ran.stderr.contains("line 12"),
        "a blank line is no mistake"
    );
    assert!(ran.stderr.contains("10 bad lines"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("5555"), "text leaked: {}", ran.stderr);
}

#[test]
fn invalid_utf_8_costs_one_line() {
    let mut input = line("t1", "customer", "hello").into_bytes();
    input.extend(b"{\"channel\":\"x\",\"thread\":\"t1\",\"from\":\"agent\",\"text\":\"\xff\"}\n");
    input.extend(line("t1", "agent", "hi").into_bytes());
    let ran = replay(&input);
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#1", "#3"]);
    assert!(
        ran.stderr.contains("line 2: is not valid UTF-8"),
        "{}",
        ran.stderr
    );
}

#[test]
fn ten_megabytes_in_a_line_cost_one_line() {
    let long = "a".repeat(10 * 1024 * 1024);
    let input = [
        line("t1", "customer", "hello"),
        line("t1", "customer", &long),
        line("t1", "customer", "still there?"),
    ];
    let ran = replay(input.concat().as_bytes());
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#1", "#3"]);
    assert!(ran.stderr.contains("line 2: is longer"), "{}", ran.stderr);
}

#[test]
fn the_longest_text_is_taken_and_one_byte_more_is_not() {
    let most = 256 * 1024;
    let input =
        line("t1", "customer", &"a".repeat(most)) + &line("t1", "agent", &"a".repeat(most + 1));
    let ran = replay(input.as_bytes());
    assert_eq!(each(&ran, "id"), ["#1"]);
    assert!(ran.stderr.contains("line 2: `text`"), "{}", ran.stderr);
    let escaped =
        line("t1", "customer", "x").replace("\"x\"}", &format!("\"{}\"}}", "\\u0041".repeat(most)));
    assert_eq!(replay(escaped.as_bytes()).code, 0);
}

#[test]
fn the_end_of_time_is_a_time() {
    let at = |at: &str| {
        format!(
            "{{\"channel\":\"x\",\"thread\":\"t\",\"from\":\"customer\",\"text\":\"hi\",\"at\":\"{at}\"}}\n"
        )
    };
    let input = at("9999-12-30T22:00:00Z")
        + &line("t", "customer", "hello?")
        + &at("10000-01-01T00:00:00Z");
    let ran = replay(input.as_bytes());
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#1", "#2"]);
    assert!(
        ran.stderr.contains("line 3: `at` must be a time"),
        "{}",
        ran.stderr
    );
}

#[test]
fn without_times_messages_are_a_minute_apart_from_the_year_2000() {
    let folder = folder();
    let input = line("t1", "customer", "one")
        + &line("t1", "agent", "two")
        + &line("t1", "customer", "three");
    let rules = folder.path().join("rules.toml");
    fs::write(&rules, "merge_within = \"1m\"\n").expect("room");
    let arguments = ["replay", "--format", "jsonl", "--rules", "rules.toml", "-"];
    let ran = run(&arguments, folder.path(), input.as_bytes());
    assert_eq!(each(&ran, "exchange"), ["1", "2", "3"]);
}

#[test]
fn each_decision_names_the_words_that_decided_and_masks_them() {
    let secret = "my password: hunter2hunter2";
    let input = line("t1", "customer", "My bill is wrong")
        + &line("t1", "agent", "It is corrected now.")
        + &line("t1", "customer", "Thanks, but it still does not work")
        + &line("t1", "customer", &format!("Please call me, {secret}"));
    let ran = replay(input.as_bytes());
    let evidence: Vec<serde_json::Value> = each(&ran, "evidence")
        .iter()
        .map(|found| serde_json::from_str(found).expect("a list"))
        .collect();
    let heads = |place: usize| -> Vec<&str> {
        let found = evidence[place].as_array().expect("a list");
        found
            .iter()
            .filter_map(|one| one["head"].as_str())
            .collect()
    };
    assert_eq!(evidence[1], serde_json::json!([]));
    assert!(heads(2).contains(&"unsolved"), "{}", evidence[2]);
    assert!(heads(3).contains(&"wants_call"), "{}", evidence[3]);
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
}

#[test]
fn csv_says_the_same_as_json() {
    let folder = folder();
    let csv = "\u{feff}from,thread,channel,text,extra\r\n\
               customer,t1,x,\"My bill, it is\nwrong\",\r\n\
               agent,t1,x\r\n\
               agent,t1,x,Which month?,1\r\n";
    fs::write(folder.path().join("threads.CSV"), csv).expect("room");
    let arguments = ["replay", "--format", "jsonl", "threads.CSV"];
    let ran = run(&arguments, folder.path(), b"");
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#2", "#5"]);
    assert!(
        ran.stderr
            .contains("line 4: has 3 fields, but the header has 5"),
        "{}",
        ran.stderr
    );
    let arguments = ["replay", "--format", "jsonl", "--input", "csv", "-"];
    assert_eq!(
        run(&arguments, folder.path(), csv.as_bytes()).stdout,
        ran.stdout
    );
}

#[test]
fn csv_without_its_columns_or_its_quotation_mark_is_told() {
    let replay = |csv: &[u8]| {
        let arguments = ["replay", "--format", "jsonl", "--input", "csv", "-"];
        run(&arguments, folder().path(), csv)
    };
    let ran = replay(b"channel,thread,text\nx,t1,hello\n");
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("line 1: is a header without `from`"),
        "{}",
        ran.stderr
    );
    let mut open = b"channel,thread,from,text\nx,t1,customer,\"hello\n".to_vec();
    open.resize(12 * 1024 * 1024, b'a');
    let ran = replay(&open);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("line 2: begins a row without end"),
        "{}",
        ran.stderr
    );
}

#[test]
fn several_files_are_one_stream() {
    let folder = folder();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("room");
    file("a.jsonl", &(line("t1", "customer", "one") + "nonsense"));
    file(
        "b.jsonl",
        &("nonsense\n".to_owned() + &line("t1", "agent", "two")),
    );
    let arguments = ["replay", "--format", "jsonl", "a.jsonl", "-", "b.jsonl"];
    let input = line("t1", "customer", "between");
    let ran = run(&arguments, folder.path(), input.as_bytes());
    assert_eq!(ran.code, 1);
    assert_eq!(each(&ran, "id"), ["#1", "#3", "#5"]);
    assert_eq!(each(&ran, "exchange"), ["1", "1", "2"]);
    assert!(ran.stderr.contains("a.jsonl:2: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("b.jsonl:1: "), "{}", ran.stderr);
}

#[test]
fn a_file_that_is_not_there_is_told_by_name() {
    let ran = run(&["replay", "nowhere.jsonl"], folder().path(), b"");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("nowhere.jsonl"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = ringback(&["replay", "--format", "jsonl", "-"], folder().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || {
        let message = line("t1", "customer", "hello");
        // Far more than every buffer on the way holds.
        for _ in 0..200_000 {
            if stdin.write_all(message.as_bytes()).is_err() {
                break;
            }
        }
    });
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    stdout.read_line(&mut first).expect("a decision");
    drop(stdout);
    let status = child.wait().expect("the program ends");
    writer.join().expect("the writer ends");
    let mut complaints = String::new();
    let mut stderr = child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut complaints).expect("UTF-8");
    assert_eq!(complaints, "");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn whoever_writes_slowly_sees_each_decision_at_once() {
    let mut child = ringback(&["replay", "--format", "jsonl", "-"], folder().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 1..=3 {
        let message = line("t1", "customer", "hello");
        stdin.write_all(message.as_bytes()).expect("a reader");
        let mut decision = String::new();
        // Without a flush this would wait for ever.
        stdout.read_line(&mut decision).expect("a decision");
        assert!(decision.contains(&format!("\"#{number}\"")), "{decision}");
    }
    drop(stdin);
    assert!(child.wait().expect("the program ends").success());
}

#[test]
fn a_person_sees_messages_and_a_summary() {
    let input = line(
        "t1",
        "customer",
        "my card 5555 5555 5555 4444 was charged twice",
    ) + &line("t1", "agent", "Which month?")
        + &line("t2", "customer", "Please call me");
    let ran = run(&["replay", "-"], folder().path(), input.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for shown in [
        "x t1",
        "1 of 3",
        "2 threads, 2 cases, 3 messages",
        "Rung",
        "Lapsed",
    ] {
        assert!(ran.stdout.contains(shown), "{shown} in {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("5555 5555"), "{}", ran.stdout);
}

#[test]
fn many_messages_are_summed_up_unless_all_are_wanted() {
    let input: String = (0..201)
        .map(|number| line(&format!("t{number}"), "customer", "My bill is wrong"))
        .collect();
    let summary = run(&["replay", "-"], folder().path(), input.as_bytes());
    assert!(!summary.stdout.contains("x t7"), "{}", summary.stdout);
    assert!(summary.stdout.contains("201 threads"), "{}", summary.stdout);
    let all = run(
        &["replay", "--messages", "-"],
        folder().path(),
        input.as_bytes(),
    );
    assert!(all.stdout.contains("x t7"));
    assert!(all.stdout.ends_with(&summary.stdout));
}

#[test]
fn other_rules_are_compared_thread_by_thread() {
    let folder = folder();
    fs::write(folder.path().join("other.toml"), "exchanges = 2\n").expect("room");
    let input = line("t1", "customer", "My bill is wrong")
        + &line("t1", "agent", "Which month?")
        + &line("t2", "bot", "Hi!")
        + "{\"channel\":\"x\",\"thread\":\"t3\",\"from\":\"customer\",\"text\":\"Hi\",\"at\":\"2026-01-01T10:00:00Z\"}\n"
        + "{\"channel\":\"x\",\"thread\":\"t3\",\"from\":\"customer\",\"text\":\"Hello?\",\"at\":\"2026-01-01T11:00:00Z\"}\n";
    let arguments = ["replay", "--against", "other.toml", "-"];
    let ran = run(&arguments, folder.path(), input.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for shown in [
        "x t3, from message #5 on",
        "before  nothing (none)",
        "after   callback (rule_of_three)",
        "1 of 3 threads change",
    ] {
        assert!(ran.stdout.contains(shown), "{shown} in {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("x t1"), "{}", ran.stdout);
}

#[test]
fn a_bad_rules_file_is_bad_input() {
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), "exchange = 2\n").expect("room");
    for option in ["--rules", "--against"] {
        let ran = run(&["replay", option, "bad.toml", "-"], folder.path(), b"");
        assert_eq!(ran.code, 1, "{option}: {}", ran.stderr);
        assert!(ran.stderr.contains("bad.toml"), "{option}: {}", ran.stderr);
        assert!(ran.stderr.contains("exchanges"), "{option}: {}", ran.stderr);
        let ran = run(&["replay", option, "nowhere.toml", "-"], folder.path(), b"");
        assert_eq!(ran.code, 1, "{option}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("nowhere.toml"),
            "{option}: {}",
            ran.stderr
        );
    }
}
