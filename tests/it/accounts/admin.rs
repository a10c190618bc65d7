//! Admins look after accounts on a page of theirs.

use crate::support::{bot::Home, person::Person};

/// The path of the link that a page shows.
fn shown_link(page: &str) -> String {
    let (_, rest) = page.split_once("/sign-in/link/").expect("a link");
    let (token, _) = rest.split_once('"').expect("its end");
    format!("/sign-in/link/{token}")
}

#[tokio::test]
async fn an_admin_adds_an_account_whose_link_signs_in() {
    let home = Home::new("");
    let bot = home.start();
    let mut ann = Person::signed_in(&home, &bot, "ann", "admin").await;
    let fields = [
        ("name", "Kim"),
        ("shown", "<script>Kim & \"Co\""),
        ("role", "agent"),
    ];
    let added = ann.submit("/accounts", &fields).await;
    added.assert_page(200, "not shown again");
    let taken = ann.submit("/accounts", &fields).await;
    taken.assert_page(409, "kim is taken");
    let unfit = [("name", "Kim Doe"), ("shown", ""), ("role", "agent")];
    ann.submit("/accounts", &unfit)
        .await
        .assert_page(422, "lower-case");

    let list = ann.get("/accounts").await;
    list.assert_page(200, "has never signed in");
    assert!(!list.text.contains("<script>Kim"), "names are escaped");
    assert!(!list.text.contains("rb_"), "the link is shown once");
    let mut kim = Person::new(&bot);
    let signed_in = kim.send_form(&shown_link(&added.text), &[]).await;
    assert_eq!(signed_in.location(), "/account?said=welcome");
    kim.get("/accounts")
        .await
        .assert_page(403, "This needs the role admin");
}

#[tokio::test]
async fn roles_and_doors_change_at_once() {
    let home = Home::new("");
    let bot = home.start();
    let mut ann = Person::signed_in(&home, &bot, "ann", "admin").await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let promoted = ann.submit("/accounts/kim/role", &[("role", "admin")]).await;
    assert_eq!(promoted.location(), "/accounts?said=role");
    kim.get("/accounts").await.assert_page(200, "Accounts");
    let disabled = ann.submit("/accounts/kim/disable", &[]).await;
    assert_eq!(disabled.location(), "/accounts?said=disabled");
    assert!(!kim.is_signed_in().await);
    ann.submit("/accounts/kim/link", &[])
        .await
        .assert_page(404, "disabled");
    let enabled = ann.submit("/accounts/kim/enable", &[]).await;
    assert_eq!(enabled.location(), "/accounts?said=enabled");
    let link = ann.submit("/accounts/kim/link", &[]).await;
    assert_eq!(
        kim.send_form(&shown_link(&link.text), &[]).await.status,
        303
    );
    ann.submit("/accounts/nobody/disable", &[])
        .await
        .assert_page(404, "no such account");
}

#[tokio::test]
async fn somebody_stays_an_admin() {
    let home = Home::new("");
    // Where there is an account, a start makes none.
    let link = home.user("ann", "admin");
    let bot = home.start();
    let mut ann = Person::new(&bot);
    ann.send_form(&link, &[]).await;
    ann.get("/account").await;
    let demoted = ann.submit("/accounts/ann/role", &[("role", "agent")]).await;
    demoted.assert_page(409, "last admin");
    ann.submit("/accounts/ann/disable", &[])
        .await
        .assert_page(409, "last admin");
    ann.get("/accounts").await.assert_page(200, "Accounts");
}

#[tokio::test]
async fn what_admins_and_people_do_is_in_the_audit_with_their_names() {
    let home = Home::new("");
    let bot = home.start();
    let mut ann = Person::signed_in(&home, &bot, "ann", "admin").await;
    ann.submit(
        "/accounts",
        &[("name", "kim"), ("shown", ""), ("role", "agent")],
    )
    .await;
    ann.submit("/accounts/kim/role", &[("role", "supervisor")])
        .await;
    ann.submit("/accounts/kim/link", &[]).await;
    ann.submit("/sign-out", &[]).await;
    bot.stop();
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let mut audit = database
        .prepare(
            "SELECT account || ' ' || verb || ' ' || coalesce(about, '-') FROM audit ORDER BY number",
        )
        .expect("a query");
    let entries: Vec<String> = audit
        .query_map([], |row| row.get(0))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("texts");
    assert_eq!(
        entries,
        [
            "command-line added_account admin",
            "command-line added_account ann",
            "ann signed_in -",
            "ann added_account kim",
            "ann changed_account kim",
            "ann made_link kim",
            "ann signed_out -",
        ]
    );
}
