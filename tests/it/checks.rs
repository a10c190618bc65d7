//! Identity checks, from outside: the desk's pages, who may open what, and the command line of those
//! who open it on their own machine.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use ringback::vault::{Answers, Vault};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{
    bot::{Bot, Home},
    client::customer,
    person::Person,
};

const PASSWORD: &str = "correct horse battery";
const TYPED: &str = "Elm Street 17";

const RULES: &str = r#"
[desks.main]
members = ["kim", "lee"]
"#;

/// A home whose desk is worked by kim and lee.
fn home(more: &str) -> Home {
    let home = Home::new(&format!("rules = \"rules.toml\"\n{more}"));
    fs::write(home.path("rules.toml"), RULES).expect("written");
    home
}

/// Has a customer's answers wait for a check, sealed for these keys or the server's.
async fn submitted(home: &Home, bot: &Bot, vault: &Vault, recipients: &[String]) {
    let client = bot.client(&home.token());
    let asked = json!([customer("t", "1", "Please change my address")]);
    assert_eq!(client.messages(&asked).await.results().len(), 1);
    let answers = Answers(vec![
        ("street".to_owned(), TYPED.to_owned().into()),
        ("note".to_owned(), "<b>\u{1b}[2J".to_owned().into()),
    ]);
    let sealed = vault.seal(&answers, recipients).expect("sealed").0;
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let added = database.execute_batch(
        "INSERT INTO form_requests (id, thread_id, customer_id, case_number, desk, purpose, form,
             language, state, asked_at, until, submitted_at)
         SELECT 1, id, customer_id, 1, 'main', 'identity', 'address', 'en', 'submitted',
             unixepoch() * 1000000, unixepoch() * 1000000 + 3600000000, unixepoch() * 1000000
         FROM threads",
    );
    added.expect("added");
    let kept = database.execute(
        "INSERT INTO submissions (request_id, sealed, received_at, delete_at)
         VALUES (1, ?1, unixepoch() * 1000000, unixepoch() * 1000000 + 3600000000)",
        [sealed],
    );
    assert_eq!(kept, Ok(1));
}

fn server(home: &Home) -> Vault {
    let now = "2026-01-05T10:00:00Z".parse().expect("a time");
    Vault::with_key_file(home.key_file(), now).expect("the server's key")
}

fn lets_check(home: &Home, name: &str, on: &str) {
    let output = home.run(&["user", "checks", name, on]);
    assert!(output.status.success(), "{output:?}");
}

/// Somebody who works the desk and checks identities.
async fn checker(home: &Home, bot: &Bot, name: &str) -> Person {
    let person = Person::with_password(home, bot, name, "agent", PASSWORD).await;
    lets_check(home, name, "on");
    person
}

fn audit(home: &Home, verb: &str) -> i64 {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let sql = "SELECT count(*) FROM audit WHERE verb = ?1";
    let count = database.query_row(sql, [verb], |row| row.get(0));
    count.expect("counted")
}

#[tokio::test]
async fn what_was_sent_is_shown_for_a_minute_to_who_proves_who_they_are() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    submitted(&home, &bot, &server(&home), &[]).await;

    let list = kim.get("/desk/checks").await;
    list.assert_page(200, "href=\"/desk/checks/1\"");
    list.assert_page(200, "1<span class=\"unseen\"> to check</span>");
    let check = kim.get("/desk/checks/1").await;
    check.assert_page(200, "waits for a check");
    assert!(!check.text.contains(TYPED));

    let wrong = [("password", "wrong horse battery"), ("opened", "0")];
    let refused = kim.submit("/desk/checks/1/open", &wrong).await;
    refused.assert_page(422, "That is not your password");
    assert!(!refused.text.contains(TYPED));
    assert_eq!(audit(&home, "opened_submission"), 0);

    let right = [("password", PASSWORD), ("opened", "0")];
    let opened = kim.submit("/desk/checks/1/open", &right).await;
    opened.assert_page(200, TYPED);
    assert!(opened.text.contains("&#60;b&#62;"), "{}", opened.text);
    assert_eq!(opened.headers["refresh"], "60; url=/desk/checks/1");
    assert_eq!(opened.headers["cache-control"], "no-store");
    assert_eq!(audit(&home, "opened_submission"), 1);

    // The browser goes back and sends the same form again.
    let again = kim.submit("/desk/checks/1/open", &right).await;
    again.assert_page(409, "Type your password again");
    assert!(!again.text.contains(TYPED));
    for path in ["/desk/checks/1", "/desk/checks/1/open"] {
        let hidden = kim.get(path).await;
        hidden.assert_page(200, "Opened</dt><dd>once");
        assert!(!hidden.text.contains(TYPED));
    }
    let (_, log) = bot.stop();
    assert!(!log.contains(TYPED) && !log.contains(PASSWORD));
}

#[tokio::test]
async fn a_check_is_kept_once_and_the_other_who_checks_is_told_who_was_faster() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    let mut lee = checker(&home, &bot, "lee").await;
    submitted(&home, &bot, &server(&home), &[]).await;
    kim.get("/desk/checks/1").await;
    lee.get("/desk/checks/1").await;

    let fields = [
        ("checked", "verified"),
        ("note", "Card 4111 1111 1111 1111"),
    ];
    let unseen = kim.submit("/desk/checks/1/checked", &fields).await;
    unseen.assert_page(409, "Open it first");
    let open = [("password", PASSWORD), ("opened", "0")];
    let opened = kim.submit("/desk/checks/1/open", &open).await;
    opened.assert_page(200, TYPED);
    let checked = kim.submit("/desk/checks/1/checked", &fields).await;
    assert_eq!(checked.location(), "/desk/checks/1?said=verified");
    let shown = kim.get("/desk/checks/1?said=verified").await;
    shown.assert_page(200, "Verified. What they sent is deleted.");
    shown.assert_page(200, "Checked by</dt><dd>kim");
    let late = lee
        .submit("/desk/checks/1/checked", &[("checked", "failed")])
        .await;
    late.assert_page(409, "kim had checked it before.");
    let gone = lee.submit("/desk/checks/1/open", &open).await;
    assert_eq!(gone.location(), "/desk/checks/1?said=check_gone");
    let thread = kim.get("/desk/threads/chat/t").await;
    thread.assert_page(200, "payment card");
    assert!(!thread.text.contains("4111"));
    let list = kim.get("/desk/checks").await;
    list.assert_page(200, "Nothing to check");
}

#[tokio::test]
async fn only_who_may_check_and_works_the_desk_gets_there_and_losing_the_right_holds_at_once() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    let mut eve = checker(&home, &bot, "eve").await;
    submitted(&home, &bot, &server(&home), &[]).await;
    eve.get("/desk/checks/1")
        .await
        .assert_page(404, "Nothing here");
    let list = eve.get("/desk/checks").await;
    list.assert_page(200, "Nothing to check");
    let open = [("password", PASSWORD), ("opened", "0")];
    let refused = eve.submit("/desk/checks/1/open", &open).await;
    refused.assert_page(404, "Nothing here");

    kim.get("/desk/checks/1").await.assert_page(200, "Open it");
    lets_check(&home, "kim", "off");
    let refused = kim.submit("/desk/checks/1/open", &open).await;
    refused.assert_page(403, "may not check identities");
    let checked = kim
        .submit("/desk/checks/1/checked", &[("checked", "verified")])
        .await;
    checked.assert_page(403, "may not check identities");
    let desk = kim.get("/desk/callbacks").await;
    assert!(!desk.text.contains("/desk/checks"));
}

#[tokio::test]
async fn passwords_are_guessed_here_as_seldom_as_at_sign_in() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    submitted(&home, &bot, &server(&home), &[]).await;
    kim.get("/desk/checks/1").await;
    let guess = [("password", "wrong horse battery"), ("opened", "0")];
    let mut answers = Vec::new();
    // Setting the password counted as one.
    for _ in 0..10 {
        answers.push(
            kim.submit("/desk/checks/1/open", &guess)
                .await
                .status
                .as_u16(),
        );
    }
    assert_eq!(answers[..9], [422; 9]);
    assert_eq!(answers[9], 429);
    let right = [("password", PASSWORD), ("opened", "0")];
    let held = kim.submit("/desk/checks/1/open", &right).await;
    held.assert_page(429, "Too many tries");
}

#[tokio::test]
async fn with_keys_of_their_own_agents_open_it_on_their_machine_and_the_server_cannot() {
    let home = home("[forms]\nsealing = \"recipients\"");
    let bot = home.start();
    assert!(!home.key_file().exists(), "the server has no key");
    let mut kim = checker(&home, &bot, "kim").await;
    let made = home.run(&["keys", "new", "kim.key"]);
    assert!(made.status.success(), "{made:?}");
    let public = String::from_utf8(made.stdout).expect("UTF-8");
    assert!(public.starts_with("age1"), "{public}");
    let mode = fs::metadata(home.path("kim.key"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let list = kim.get("/desk/checks").await;
    list.assert_page(200, "No identity form is offered to customers");
    kim.get("/account")
        .await
        .assert_page(200, "Key for identity checks");
    let wrong = kim.submit("/account/recipient", &key(&public, "no")).await;
    wrong.assert_page(422, "That is not your password");
    let no_key = kim
        .submit("/account/recipient", &key("age1x", PASSWORD))
        .await;
    no_key.assert_page(422, "That is no public key");
    let set = kim
        .submit("/account/recipient", &key(&public, PASSWORD))
        .await;
    assert_eq!(set.location(), "/account?said=recipient");

    let vault = Vault::recipients_only();
    submitted(&home, &bot, &vault, &[public.trim().to_owned()]).await;
    let check = kim.get("/desk/checks/1").await;
    check.assert_page(200, "ringback open check-1.age --key YOUR-KEY-FILE");
    let download = kim.download("/desk/checks/1/open", PASSWORD).await;
    assert_eq!(download.0["content-type"], "application/octet-stream");
    assert_eq!(download.0["cache-control"], "no-store");
    let disposition = &download.0["content-disposition"];
    assert_eq!(disposition, "attachment; filename=\"check-1.age\"");
    fs::write(home.path("check-1.age"), download.1).expect("written");

    let opened = home.run(&["open", "check-1.age", "--key", "kim.key"]);
    assert!(opened.status.success(), "{opened:?}");
    let shown = String::from_utf8(opened.stdout).expect("UTF-8");
    assert_eq!(shown, format!("street: {TYPED}\nnote: <b>\\u{{1b}}[2J\n"));

    let stranger = home.run(&["keys", "new", "eve.key"]);
    assert!(stranger.status.success());
    refused(
        &home,
        &["open", "check-1.age", "--key", "eve.key"],
        "was not sealed for your key",
    );
    refused(
        &home,
        &["open", "rules.toml", "--key", "kim.key"],
        "is no whole submission",
    );
    refused(
        &home,
        &["open", "none.age", "--key", "kim.key"],
        "cannot be read",
    );
    refused(&home, &["keys", "new", "kim.key"], "is there already");
    refused(&home, &["keys", "rotate"], "the server has no key");
    readable_by_others(&home.path("kim.key"));
    refused(
        &home,
        &["open", "check-1.age", "--key", "kim.key"],
        "chmod 600",
    );
}

/// The form that sets a public key.
fn key<'a>(recipient: &'a str, password: &'a str) -> [(&'a str, &'a str); 2] {
    [("recipient", recipient), ("password", password)]
}

#[track_caller]
fn refused(home: &Home, arguments: &[&str], says: &str) {
    let output = home.run(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(output.stdout.is_empty());
}

fn readable_by_others(file: &Path) {
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).expect("changed");
}

#[tokio::test]
async fn a_rotated_key_holds_in_the_running_bot_and_the_old_one_still_opens() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    submitted(&home, &bot, &server(&home), &[]).await;
    let listed = |home: &Home| {
        let output = home.run(&["keys", "list"]);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert_eq!(listed(&home).matches("age1").count(), 1);
    let rotated = home.run(&["keys", "rotate"]);
    let newest = String::from_utf8(rotated.stdout).expect("UTF-8");
    let both = listed(&home);
    assert_eq!(both.matches("age1").count(), 2, "{both}");
    assert!(!both.contains("SECRET"));
    let first = both.lines().find(|line| line.contains("age1"));
    assert!(first.expect("a line").contains(newest.trim()), "{both}");
    kim.get("/desk/checks/1").await;
    let open = [("password", PASSWORD), ("opened", "0")];
    let opened = kim.submit("/desk/checks/1/open", &open).await;
    opened.assert_page(200, TYPED);
}

#[tokio::test]
async fn nothing_of_a_checked_submission_is_left_even_if_a_reader_held_the_log_back() {
    let home = home("");
    let bot = home.start();
    let mut kim = checker(&home, &bot, "kim").await;
    submitted(&home, &bot, &server(&home), &[]).await;
    let reader = Connection::open(home.path("ringback.db")).expect("opened");
    reader.execute_batch("BEGIN").expect("begun");
    let sealed: Vec<u8> = reader
        .query_row("SELECT sealed FROM submissions", [], |row| row.get(0))
        .expect("there");
    let piece = sealed[sealed.len() / 2..].to_vec();
    assert!(is_on_disk(&home, &piece));
    kim.get("/desk/checks/1").await;
    let checked = kim
        .submit("/desk/checks/1/checked", &[("checked", "failed")])
        .await;
    assert_eq!(checked.location(), "/desk/checks/1?said=check_failed");
    assert!(is_on_disk(&home, &piece), "the reader still sees it");
    reader.execute_batch("COMMIT").expect("ended");
    let gone = async {
        while is_on_disk(&home, &piece) {
            tokio::task::yield_now().await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(60), gone).await;
    gone.expect("it is still on the disk");
}

/// Whether some bytes stand in any of the database's files.
fn is_on_disk(home: &Home, piece: &[u8]) -> bool {
    ["ringback.db", "ringback.db-wal", "ringback.db-shm"]
        .iter()
        .any(|file| {
            let bytes = fs::read(home.path(file)).unwrap_or_default();
            bytes.windows(piece.len()).any(|window| window == piece)
        })
}

#[tokio::test]
async fn a_running_bot_leaves_no_core_dump() {
    let home = home("");
    let bot = home.start();
    let limits = fs::read_to_string(format!("/proc/{}/limits", bot.id())).expect("on Linux");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words: Vec<&str> = core.expect("a limit").split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "soft and hard");
}

#[tokio::test]
async fn the_first_admin_may_check_identities_and_lets_others_on_the_accounts_page() {
    let home = home("");
    home.user("kim", "agent");
    let bot = home.start();
    let mut admin = Person::with_password(&home, &bot, "root", "admin", PASSWORD).await;
    admin
        .get("/accounts")
        .await
        .assert_page(200, "Let check identities");
    let wrong = [("checks", "true"), ("password", "wrong horse battery")];
    let refused = admin.submit("/accounts/kim/checks", &wrong).await;
    refused.assert_page(422, "Nothing was done");
    // The right is not there yet, so that a link gives nothing away.
    let link = admin.submit("/accounts/kim/link", &[]).await;
    link.assert_page(200, "/sign-in/link/");
    let right = [("checks", "true"), ("password", PASSWORD)];
    let set = admin.submit("/accounts/kim/checks", &right).await;
    assert_eq!(set.location(), "/accounts?said=checks");
    let refused = admin.submit("/accounts/kim/link", &[]).await;
    refused.assert_page(422, "Nothing was done");
    assert!(!refused.text.contains("rb_"));
    let link = admin
        .submit("/accounts/kim/link", &[("password", PASSWORD)])
        .await;
    link.assert_page(200, "/sign-in/link/");
    let list = home.run(&["user", "list"]);
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    let kim = list.lines().find(|line| line.contains("kim")).expect("kim");
    assert!(kim.contains("yes"), "{list}");
}

#[tokio::test]
async fn a_key_file_that_others_may_read_keeps_the_bot_from_starting() {
    let home = home("");
    server(&home);
    readable_by_others(&home.key_file());
    refused(&home, &["run"], "chmod 600");
}
