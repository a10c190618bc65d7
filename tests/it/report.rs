//! `ringback report` as a person runs it, on a database that a bot has written.

use std::{fs, path::Path, sync::Arc, time::Duration};

use ringback::{
    domain::{
        ids::MessageId,
        record::MessageRecord,
        time::{Length, Timestamp},
    },
    engine::{Engine, Options, Receipt, clock::Clock},
    reading::Reader,
    rules::Rules,
    settings::Settings,
};

use crate::support::command::{Ran, run};

/// Two cases of March as Berlin has it; the second one, an hour before the clocks there show April,
/// would be one of April without the summer time that began that morning.
const STORIES: &str = r#"{"channel":"x","thread":"t1","from":"customer","author":"@kim","text":"Where is my parcel?","at":"2024-03-04T10:00:00Z"}
{"channel":"x","thread":"t1","from":"agent","text":"It arrives tomorrow.","at":"2024-03-04T10:05:00Z"}
{"channel":"x","thread":"t1","from":"customer","author":"@kim","text":"Great, thank you!","at":"2024-03-04T10:10:00Z"}
{"channel":"x","thread":"t2","from":"customer","author":"@lee","text":"Where is my parcel?","at":"2024-03-31T21:59:59Z"}
{"channel":"x","thread":"t3","from":"customer","author":"@zoe","text":"Where is my parcel?","at":"2024-03-31T22:00:00Z"}
"#;

const RULES: &str = r#"
desk = "support"

[desks.support]
brand = "Acme & Sons"
language = "en"
zone = "Europe/Berlin"
hours = ["mon-sun 00:00-24:00"]
"#;

/// A folder with settings, rules and a database in which the stories have happened.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ringback.toml");
    fs::write(folder.path().join("rules.toml"), RULES).expect("room");
    let text =
        "database = \"data/ringback.db\"\nrules = \"rules.toml\"\n[channels.x]\nkind = \"api\"\n";
    fs::write(&file, text).expect("room");
    let settings =
        Settings::load(Some(&file), None).unwrap_or_else(|errors| panic!("{}", errors.report()));
    let settings = Settings {
        database: folder.path().join("data/ringback.db"),
        ..settings
    };
    happen(settings);
    folder
}

fn happen(settings: Settings) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let clock = Clock::manual("2024-03-04T09:00:00Z".parse().expect("a time"));
        let rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid rules");
        let options = Options {
            settings: Arc::new(settings),
            reader: Reader::new(&rules.vocabulary).expect("a reader"),
            rules,
            reload: None,
            clock: clock.clone(),
            destinations: Vec::new(),
        };
        let (engine, running) = Engine::start(options).await.expect("the engine starts");
        for (number, line) in (1..).zip(STORIES.lines()) {
            let record: MessageRecord = serde_json::from_str(line).expect("a message");
            let id = MessageId::parse(&format!("#{number}")).ok();
            let message = record
                .into_message(|| id, |_| Timestamp::default())
                .expect("a valid message");
            let since = message.at.duration_since(clock.now()).as_millis();
            clock.advance(Length::milliseconds(u64::try_from(since).unwrap_or(0)));
            let receipts = engine.submit(vec![message]).await.expect("room");
            assert!(matches!(receipts.as_slice(), [Receipt::Decided(_)]));
        }
        running.stop(Duration::from_secs(60)).await;
    });
}

fn report(folder: &Path, arguments: &[&str]) -> Ran {
    let arguments = [&["report", "--config", "ringback.toml"], arguments].concat();
    run(&arguments, folder, b"")
}

#[test]
fn a_month_comes_as_rows_as_a_page_and_into_a_file() {
    let folder = folder();
    let rows = report(folder.path(), &["--month", "2024-03", "--format", "csv"]);
    assert_eq!(rows.code, 0, "{}", rows.stderr);
    assert!(rows.stdout.starts_with("desk,channel,figure,value,unit\n"));
    for row in [
        "support,,cases_opened,2,cases",
        "support,x,cases_opened,2,cases",
        "support,x,solved_in_text_within_three,1,cases",
        "support,x,time_to_solved_median:in_text,600,seconds",
    ] {
        assert!(
            rows.stdout.lines().any(|line| line == row),
            "{row}\n{}",
            rows.stdout
        );
    }
    let page = report(folder.path(), &["--month", "2024-03"]);
    assert_eq!(page.code, 0, "{}", page.stderr);
    assert!(
        page.stdout.contains("March 2024: Acme &#38; Sons"),
        "{}",
        page.stdout
    );
    assert!(page.stdout.contains("2 cases opened"));
    for private in ["kim", "lee", "zoe", "parcel", "t1"] {
        assert!(!page.stdout.contains(private), "{private}");
    }
    let filed = report(
        folder.path(),
        &[
            "--month",
            "2024-03",
            "--desk",
            "support",
            "--out",
            "march.html",
        ],
    );
    assert_eq!(
        (filed.code, filed.stdout.as_str()),
        (0, ""),
        "{}",
        filed.stderr
    );
    let march = fs::read_to_string(folder.path().join("march.html")).expect("written");
    assert!(march.contains("2 cases opened"));
}

#[test]
fn a_month_without_cases_says_so() {
    let folder = folder();
    let page = report(folder.path(), &["--month", "2024-02"]);
    assert_eq!(page.code, 0, "{}", page.stderr);
    assert!(
        page.stdout
            .contains("No case was opened on this desk in February 2024.")
    );
}

#[test]
fn what_cannot_be_reported_is_said_with_how_to_mend_it() {
    let folder = folder();
    let cases: [(&[&str], i32, &str); 5] = [
        (
            &["--month", "9999-11"],
            1,
            "November 9999 has not begun yet",
        ),
        (
            &["--month", "2024-13"],
            2,
            "write a month as a year and a number, such as 2026-11",
        ),
        (
            &["--month", "2024-03", "--desk", "night"],
            1,
            "there is no desk night in the rules; there is support",
        ),
        (
            &["--month", "2024-03", "--out", "no/such/folder.html"],
            1,
            "cannot write no/such/folder.html",
        ),
        (&[], 2, "--month <MONTH>"),
    ];
    for (arguments, code, complaint) in cases {
        let ran = report(folder.path(), arguments);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(ran.stderr.contains(complaint), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
    fs::remove_file(folder.path().join("data/ringback.db")).expect("there");
    let ran = report(folder.path(), &["--month", "2024-03"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("cannot open the database"),
        "{}",
        ran.stderr
    );
}
