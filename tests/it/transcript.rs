//! What was kept replays as it was decided live: through the engine into the database, out with
//! `ringback transcript`, and through `ringback replay`.

use std::{fs, path::Path, sync::Arc, time::Duration};

use ringback::{
    domain::{
        ids::MessageId,
        record::{DecisionRecord, MessageRecord},
        time::{Length, Timestamp},
    },
    engine::{Engine, Options, Receipt, clock::Clock},
    reading::Reader,
    rules::Rules,
    settings::Settings,
};
use serde_json::Value;

use crate::support::command::{project_file, run};

/// What of a decision must come back; masking moves the spans.
fn gist(decision: &Value) -> Value {
    let keys = [
        "channel", "thread", "id", "exchange", "case", "actions", "soft", "rule",
    ];
    keys.iter().map(|key| decision[key].clone()).collect()
}

fn decisions(jsonl: &str) -> Vec<Value> {
    jsonl
        .lines()
        .map(|line| gist(&serde_json::from_str(line).expect("a decision")))
        .collect()
}

/// Hands messages to an engine of its own and returns what it decided of each.
pub(crate) fn decide_live(settings: Settings, input: &str) -> Vec<Value> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let clock = Clock::manual("2026-01-05T00:00:00Z".parse().expect("a time"));
        let rules = Rules::built_in();
        let options = Options {
            settings: Arc::new(settings),
            reader: Reader::new(&rules.vocabulary).expect("a reader"),
            rules,
            reload: None,
            clock: clock.clone(),
            destinations: Vec::new(),
        };
        let (engine, running) = Engine::start(options).await.expect("the engine starts");
        let mut decided = Vec::new();
        for (number, line) in (1..).zip(input.lines()) {
            let record: MessageRecord = serde_json::from_str(line).expect("a message");
            let id = MessageId::parse(&format!("#{number}")).ok();
            let message = record
                .into_message(|| id, |_| Timestamp::default())
                .expect("a valid message");
            let since = message.at.duration_since(clock.now());
            clock.advance(Length::milliseconds(
                u64::try_from(since.as_millis()).unwrap_or(0),
            ));
            let receipts = engine.submit(vec![message]).await.expect("room");
            decided.extend(receipts.into_iter().map(|receipt| match receipt {
                Receipt::Decided(record) => as_value(&record),
                other => panic!("not decided: {other:?}"),
            }));
        }
        running.stop(Duration::from_secs(60)).await;
        decided
    })
}

fn as_value(record: &DecisionRecord) -> Value {
    gist(&serde_json::to_value(record).expect("JSON"))
}

pub(crate) fn settings(folder: &Path) -> Settings {
    let file = folder.join("ringback.toml");
    let database = folder.join("data/ringback.db");
    let text = format!(
        "database = {:?}\n[channels.webchat]\nkind = \"api\"\n[channels.x]\nkind = \"api\"\n",
        database.display().to_string()
    );
    fs::write(&file, text).expect("room");
    Settings::load(Some(&file), None).unwrap_or_else(|errors| panic!("{}", errors.report()))
}

#[test]
fn stored_history_decides_as_it_did_live() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = fs::read_to_string(project_file("config/examples/many-threads.jsonl"))
        .expect("the example is there");
    let live = decide_live(settings(folder.path()), &input);
    assert_eq!(live.len(), input.lines().count());

    let arguments = [
        "transcript",
        "--config",
        "ringback.toml",
        "--since",
        "2026-01-01",
    ];
    let transcript = run(&arguments, folder.path(), b"");
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    let arguments = ["replay", "--format", "jsonl", "-"];
    let replayed = run(&arguments, folder.path(), transcript.stdout.as_bytes());
    assert_eq!(replayed.code, 0, "{}", replayed.stderr);
    assert_eq!(decisions(&replayed.stdout), live);
    assert!(
        !transcript.stdout.contains("5555 5555"),
        "a card number came out"
    );
}

#[test]
fn a_transcript_is_of_the_channel_and_the_time_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = "{\"channel\":\"x\",\"thread\":\"t\",\"from\":\"customer\",\"author\":\"@kim\",\"text\":\"one\",\"at\":\"2026-01-05T10:00:00Z\",\"visibility\":\"public\",\"lang\":\"en\"}\n\
                 {\"channel\":\"webchat\",\"thread\":\"t\",\"from\":\"agent\",\"text\":\"two\",\"at\":\"2026-01-06T00:00:00Z\"}\n\
                 {\"channel\":\"x\",\"thread\":\"t\",\"from\":\"bot\",\"text\":\"three\",\"at\":\"2026-01-06T10:00:00Z\"}\n";
    decide_live(settings(folder.path()), input);
    let transcript = |arguments: &[&str]| {
        let arguments = [&["transcript", "--config", "ringback.toml"], arguments].concat();
        let ran = run(&arguments, folder.path(), b"");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let ids = |jsonl: &str| {
        let id = |line: &str| {
            let message: Value = serde_json::from_str(line).expect("a message");
            message["id"].as_str().expect("an id").to_owned()
        };
        jsonl.lines().map(id).collect::<Vec<_>>()
    };
    let all = transcript(&["--since", "2026-01-01"]);
    let (first, _) = all.split_once('\n').expect("a line");
    let with_id = input.replace(
        "\"from\":\"customer\"",
        "\"id\":\"#1\",\"from\":\"customer\"",
    );
    assert_eq!(Some(first), with_id.lines().next());
    assert_eq!(ids(&all), ["#1", "#2", "#3"]);
    assert_eq!(ids(&transcript(&["--since", "2026-01-06"])), ["#2", "#3"]);
    assert_eq!(
        ids(&transcript(&["--since", "2026-01-06T00:00:01Z"])),
        ["#3"]
    );
    assert_eq!(
        ids(&transcript(&["--since", "2026-01-01", "--channel", "x"])),
        ["#1", "#3"]
    );
}

#[test]
fn a_transcript_without_a_database_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run(&["transcript", "--since", "2026-01-01"], folder.path(), b"");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("ringback.db"), "{}", ran.stderr);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert!(left.is_empty(), "looking left something behind: {left:?}");
}
