//! `ringback user`, beside a running bot.

use crate::support::{bot::Home, person::Person};

/// What a command wrote: exit code, stdout, stderr.
fn ran(home: &Home, arguments: &[&str]) -> (i32, String, String) {
    let output = home.run(arguments);
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).expect("UTF-8"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

#[tokio::test]
async fn an_account_is_added_listed_changed_and_shut_out_beside_a_running_bot() {
    let home = Home::new("public_url = \"https://desk.example\"");
    let bot = home.start();
    bot.told("Sign in as the first admin");
    let add = [
        "user",
        "add",
        "kim",
        "--role",
        "agent",
        "--shown-as",
        "Kim Doe",
    ];
    let (code, link, told) = ran(&home, &add);
    assert_eq!(code, 0, "{told}");
    assert!(
        link.starts_with("https://desk.example/sign-in/link/rb_"),
        "{link}"
    );
    assert_eq!(link.lines().count(), 1, "a script can take it");
    let (code, _, told) = ran(&home, &add);
    assert_eq!(code, 1);
    assert!(told.contains("the name kim is taken"), "{told}");

    let (_, list, _) = ran(&home, &["user", "list"]);
    let row = list
        .lines()
        .find(|line| line.trim_start().starts_with("kim "))
        .expect("listed");
    assert!(
        row.contains("Kim Doe") && row.contains("agent") && row.contains("never"),
        "{row}"
    );

    let path = link.trim().trim_start_matches("https://desk.example");
    let mut kim = Person::new(&bot);
    assert_eq!(kim.send_form(path, &[]).await.status, 303);
    kim.get("/accounts")
        .await
        .assert_page(403, "needs the role admin");
    let (code, _, told) = ran(&home, &["user", "role", "kim", "admin"]);
    assert_eq!((code, told.as_str()), (0, "kim is now admin.\n"));
    kim.get("/accounts").await.assert_page(200, "Accounts");
    let (code, _, told) = ran(&home, &["user", "disable", "admin"]);
    assert_eq!(code, 0, "{told}");
    let (code, _, told) = ran(&home, &["user", "disable", "kim"]);
    assert_eq!(code, 1);
    assert!(told.contains("kim is the last admin"), "{told}");
    let (code, _, told) = ran(&home, &["user", "enable", "admin"]);
    assert_eq!(code, 0, "{told}");
    let (code, _, told) = ran(&home, &["user", "disable", "kim"]);
    assert_eq!(code, 0, "{told}");
    assert!(!kim.is_signed_in().await);
    let (code, link, told) = ran(&home, &["user", "link", "kim"]);
    assert_eq!((code, link.as_str()), (1, ""));
    assert!(told.contains("no account named kim is let in"), "{told}");
}

#[test]
fn what_cannot_be_is_told_with_how_to_mend_it() {
    let home = Home::new("");
    let (code, _, told) = ran(&home, &["user", "list"]);
    assert_eq!(code, 0);
    assert!(told.contains("ringback user add"), "{told}");
    let (code, _, told) = ran(&home, &["user", "disable", "nobody"]);
    assert_eq!(code, 1);
    assert!(told.contains("no account named nobody"), "{told}");
    let (code, _, told) = ran(&home, &["user", "add", "Kim Doe", "--role", "agent"]);
    assert_eq!(code, 2);
    assert!(told.contains("lower-case letters"), "{told}");
    let (code, _, told) = ran(&home, &["user", "add", "command-line", "--role", "admin"]);
    assert_eq!(code, 1, "the audit needs that name: {told}");
}

#[tokio::test]
async fn a_lost_phone_is_forgotten_with_a_new_link() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let key = "UPDATE accounts SET totp_key = randomblob(20) WHERE name = 'kim'";
    assert_eq!(database.execute(key, []), Ok(1));
    let path = |arguments: &[&str]| {
        let (code, link, told) = ran(&home, arguments);
        assert_eq!(code, 0, "{told}");
        let (_, token) = link.trim().rsplit_once('/').expect("a link");
        format!("/sign-in/link/{token}")
    };
    let link = path(&["user", "link", "kim"]);
    kim.send_form(&link, &[])
        .await
        .assert_page(403, "six digits");
    let link = path(&["user", "link", "kim", "--without-code"]);
    assert_eq!(kim.send_form(&link, &[]).await.status, 303);
}
