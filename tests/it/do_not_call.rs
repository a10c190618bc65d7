//! The do-not-call list through the front door: the command line, without a bot and beside one.

use crate::support::{bot::Home, client::customer};

const LISTED: &str = "+442079460142";

/// Exit code, standard output and standard error.
fn run(home: &Home, arguments: &[&str]) -> (i32, String, String) {
    let output = home.run(&[&["do-not-call"], arguments].concat());
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("a code");
    (code, text(output.stdout), text(output.stderr))
}

#[test]
fn a_list_is_imported_exported_and_changed_and_wrong_rows_are_told_by_line() {
    let home = Home::new("");
    let file = home.path("list.csv");
    let rows =
        format!("number,channel,customer,reason\n{LISTED},,,regulator\n12,,,\n,chat,@kim,\n");
    std::fs::write(&file, rows).expect("written");
    let file = file.to_str().expect("a path");
    let (code, _, told) = run(&home, &["import", file]);
    assert_eq!(code, 1);
    assert!(told.contains("line 3: number: "), "{told}");
    assert!(
        told.contains("2 put on the list, 0 on it already, 1 wrong."),
        "{told}"
    );
    let (_, _, told) = run(&home, &["import", file]);
    assert!(
        told.contains("0 put on the list, 2 on it already, 1 wrong."),
        "{told}"
    );

    let (code, list, _) = run(&home, &["export"]);
    let expected = format!(
        "number,channel,customer,thread,reason\n{LISTED},,,,regulator\n,chat,@kim,,asked\n"
    );
    assert_eq!((code, list), (0, expected));
    let (code, line, _) = run(&home, &["check", LISTED]);
    assert_eq!(code, 1);
    assert!(line.ends_with("UTC: regulator\n"), "{line}");
    let kim = ["--channel", "chat", "--customer", "@kim"];
    assert_eq!(run(&home, &[&["remove"][..], &kim].concat()).0, 0);
    assert_eq!(run(&home, &[&["remove"][..], &kim].concat()).0, 1);
    let (code, line, _) = run(&home, &[&["check"][..], &kim].concat());
    assert_eq!((code, line.as_str()), (0, "not on the list\n"));
    assert_eq!(run(&home, &["add", "020 7946 0142"]).0, 2, "no E.164");
}

#[tokio::test]
async fn a_running_bot_honours_what_was_listed() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    assert_eq!(run(&home, &["add", LISTED]).0, 0);
    let asks = format!("Please call me on {LISTED}");
    let results = client.messages(&customer("t", "m1", &asks)).await.results();
    let decision = &results[0]["decision"];
    assert_eq!(decision["rule"], "wants_call", "{decision}");
    assert_eq!(decision["actions"], serde_json::json!([]));
}
