//! Signing in by link, by password and by code, and out again.

use rusqlite::Connection;
use totp_rs::{Builder, Secret};

use crate::support::{bot::Home, person::Person};

const PASSWORD: &str = "correct horse battery";

/// The path of the first link in a text.
fn link_in(text: &str) -> String {
    let (_, rest) = text.split_once("/sign-in/link/").expect("a link");
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (token, _) = rest.split_at(end.unwrap_or(rest.len()));
    format!("/sign-in/link/{token}")
}

#[tokio::test]
async fn the_first_admin_signs_in_by_the_printed_link_sets_a_password_and_comes_back_with_it() {
    let home = Home::new("");
    let bot = home.start();
    let link = link_in(&bot.told("/sign-in/link/"));
    let mut admin = Person::new(&bot);
    admin.get(&link).await.assert_page(200, "Sign in as");
    let welcome = admin.send_form(&link, &[]).await;
    assert_eq!(welcome.location(), "/account?said=welcome");
    admin
        .get("/account?said=welcome")
        .await
        .assert_page(200, "Set a password");
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    let set = admin.submit("/account/password", &fields).await;
    assert_eq!(set.location(), "/account?said=password");

    let mut elsewhere = Person::new(&bot);
    let signed_in = elsewhere.sign_in(" Admin ", PASSWORD).await;
    assert_eq!(signed_in.location(), "/desk");
    assert!(elsewhere.is_signed_in().await);
    let out = elsewhere.submit("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(elsewhere.cookie, None);
    assert!(admin.is_signed_in().await, "the other session goes on");

    let (_, log) = bot.stop();
    let bot = home.start();
    let (_, second) = bot.stop();
    assert!(log.contains("/sign-in/link/") && !second.contains("/sign-in/link/"));
}

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up_and_afterwards_it_looks_as_if_it_never_was() {
    let home = Home::new("");
    let bot = home.start();
    let link = home.user("kim", "agent");
    let mut person = Person::new(&bot);
    for _ in 0..2 {
        person.get(&link).await.assert_page(200, "Sign in as");
    }
    assert_eq!(person.send_form(&link, &[]).await.status, 303);
    let mut other = Person::new(&bot);
    let used = other.send_form(&link, &[]).await;
    used.assert_page(404, "does not sign anybody in");
    let unknown = other.send_form("/sign-in/link/rb_0", &[]).await;
    assert_eq!((unknown.status, &unknown.text), (used.status, &used.text));
    assert_eq!(other.get(&link).await.text, used.text);
    assert_eq!(other.cookie, None);
}

#[tokio::test]
async fn the_cookie_is_for_this_site_and_not_for_scripts() {
    let home = Home::new("");
    let bot = home.start();
    let link = home.user("kim", "agent");
    let signed_in = Person::new(&bot).send_form(&link, &[]).await;
    let cookie = signed_in.headers["set-cookie"].to_str().expect("text");
    let (pair, attributes) = cookie.split_once(';').expect("attributes");
    assert_eq!(pair.len(), "ringback=rb_".len() + 64, "256 bits");
    assert_eq!(attributes, " HttpOnly; SameSite=Lax; Path=/");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host_and_never_sent_in_the_clear() {
    let home =
        Home::new("public_url = \"https://desk.example\"\ntrusted_proxies = [\"127.0.0.1\"]");
    let bot = home.start();
    let link = home.user("kim", "agent");
    let by_proxy = ("x-forwarded-proto", "https");
    let headers = [
        ("host", "desk.example"),
        ("origin", "https://desk.example"),
        by_proxy,
    ];
    let mut person = Person::new(&bot);
    let signed_in = person.send_form_with(&link, &headers, &[]).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.text);
    let cookie = signed_in.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-ringback=rb_"), "{cookie}");
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/"),
        "{cookie}"
    );
    assert!(signed_in.headers.contains_key("strict-transport-security"));
    let page = person
        .get_with("/account", &[("host", "desk.example"), by_proxy])
        .await;
    assert_eq!(page.status, 200);
    assert!(!person.is_signed_in().await, "not by plain HTTP");
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_works_once() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    let page = kim.get("/account/second-factor").await;
    page.assert_page(200, "<svg");
    let (_, key) = page
        .text
        .split_once("name=\"key\" value=\"")
        .expect("the key");
    let (key, _) = key.split_once('"').expect("its end");
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(key).expect("Base32"))
        .build()
        .expect("a key");
    // Fixed now: the steps may go on while we look.
    let next_step = totp.next_step_current();
    let now = totp.generate(next_step - 30).to_string();
    let next = totp.generate(next_step).to_string();
    let wrong = [("key", key), ("code", "nonsense")];
    let wrong = kim.submit("/account/second-factor", &wrong).await;
    wrong.assert_page(422, "That code is not right");
    assert!(wrong.text.contains(key), "the same key can be tried again");
    let right = [("key", key), ("code", now.as_str())];
    let right = kim.submit("/account/second-factor", &right).await;
    assert_eq!(right.location(), "/account?said=second-factor");

    let mut phone = Person::new(&bot);
    let fields = [
        ("name", "kim"),
        ("password", PASSWORD),
        ("next", "/account"),
    ];
    let asked = phone.send_form("/sign-in", &fields).await;
    asked.assert_page(200, "six digits");
    assert_eq!(phone.cookie, None, "a password alone signs nobody in");
    let link = link_in(&asked.text);
    let used = phone.send_form(&link, &[("code", &now)]).await;
    used.assert_page(403, "was used before");
    let fields = [("code", next.as_str()), ("next", "/account")];
    assert_eq!(phone.send_form(&link, &fields).await.location(), "/account");
    assert!(phone.is_signed_in().await);

    let asked = Person::new(&bot).sign_in("kim", PASSWORD).await;
    let again = [("code", next.as_str())];
    let again = Person::new(&bot)
        .send_form(&link_in(&asked.text), &again)
        .await;
    again.assert_page(403, "was used before");

    phone.get("/account").await;
    let removed = phone
        .submit("/account/second-factor/remove", &[("password", PASSWORD)])
        .await;
    removed.assert_page(422, "or the code is not right");
    // The phone is lost.
    let lost = home.run(&["user", "link", "kim", "--without-code"]);
    assert!(lost.status.success(), "{lost:?}");
    assert_eq!(Person::new(&bot).sign_in("kim", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_token_that_somebody_planted_is_never_taken_and_each_sign_in_makes_a_new_one() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    let planted = format!("ringback=rb_{}", "0".repeat(64));
    kim.cookie = Some(planted.clone());
    assert_eq!(kim.sign_in("kim", PASSWORD).await.status, 303);
    let first = kim.cookie.clone().expect("a cookie");
    assert_ne!(first, planted);
    assert_eq!(kim.sign_in("kim", PASSWORD).await.status, 303);
    let second = kim.cookie.clone().expect("a cookie");
    assert_ne!(first, second);
    for (cookie, works) in [(planted, false), (first, false), (second, true)] {
        kim.cookie = Some(cookie);
        assert_eq!(kim.is_signed_in().await, works);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_renews_this_one() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    let mut phone = Person::new(&bot);
    phone.sign_in("kim", PASSWORD).await;
    let before = kim.cookie.clone();
    let change = |present| {
        let new = "another good one";
        [("present", present), ("password", new), ("again", new)]
    };
    let wrong = kim.submit("/account/password", &change("wrong")).await;
    wrong.assert_page(422, "not your present password");
    let short = [
        ("present", PASSWORD),
        ("password", "short"),
        ("again", "short"),
    ];
    let short = kim.submit("/account/password", &short).await;
    short.assert_page(422, "at least 12 characters");
    let typo = [
        ("present", PASSWORD),
        ("password", "another good one"),
        ("again", "another good on"),
    ];
    kim.submit("/account/password", &typo)
        .await
        .assert_page(422, "two different ways");
    assert!(phone.is_signed_in().await);

    let changed = kim.submit("/account/password", &change(PASSWORD)).await;
    assert_eq!(changed.location(), "/account?said=password");
    assert!(!phone.is_signed_in().await);
    let after = kim.cookie.clone();
    assert!(kim.is_signed_in().await);
    kim.cookie = before;
    assert!(!kim.is_signed_in().await, "the token of before");
    kim.cookie = after;
    kim.get("/account").await;
    let out = kim.submit("/account/sign-out-everywhere", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert!(!kim.is_signed_in().await);
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in_and_brought_back() {
    let home = Home::new("");
    let bot = home.start();
    Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    let mut person = Person::new(&bot);
    let sent = person.get("/account?said=password").await;
    let to_sign_in = sent.location().to_owned();
    assert_eq!(to_sign_in, "/sign-in?next=%2Faccount%3Fsaid%3Dpassword");
    let page = person.get(&to_sign_in).await;
    page.assert_page(200, "name=\"next\" value=\"/account?said=password\"");
    let fields = [
        ("name", "kim"),
        ("password", PASSWORD),
        ("next", "/account?said=password"),
    ];
    let back = person.send_form("/sign-in", &fields).await;
    assert_eq!(back.location(), "/account?said=password");
    assert_eq!(
        person.get("/sign-in?next=/account").await.location(),
        "/account"
    );

    let mut script = Person::new(&bot);
    let fetched = script
        .get_with("/account", &[("sec-fetch-dest", "empty")])
        .await;
    assert_eq!(
        fetched.status, 401,
        "a script must not take the sign-in page for its answer"
    );
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_after_signing_in() {
    let home = Home::new("");
    let bot = home.start();
    Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    for next in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
    ] {
        let fields = [("name", "kim"), ("password", PASSWORD), ("next", next)];
        let signed_in = Person::new(&bot).send_form("/sign-in", &fields).await;
        assert_eq!(signed_in.location(), "/desk", "{next:?}");
        let query = serde_urlencoded::to_string([("next", next)]).expect("a query");
        let page = Person::new(&bot).get(&format!("/sign-in?{query}")).await;
        page.assert_page(200, "name=\"next\" value=\"/desk\"");
    }
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    assert!(kim.is_signed_in().await);
    assert!(home.run(&["user", "disable", "kim"]).status.success());
    assert!(!kim.is_signed_in().await);
    let refused = kim.sign_in("kim", PASSWORD).await;
    refused.assert_page(403, "do not belong together");
    let unknown = Person::new(&bot).sign_in("nobody", PASSWORD).await;
    assert_eq!(refused.text.replace("kim", "nobody"), unknown.text);
}

#[tokio::test]
async fn neither_passwords_nor_tokens_reach_the_log() {
    let home = Home::new("");
    let bot = home.start();
    let link = home.user("lee", "agent");
    let mut kim = Person::with_password(&home, &bot, "kim", "agent", PASSWORD).await;
    kim.sign_in("kim", "a wrong password").await;
    kim.get(&link).await;
    let cookie = kim.cookie.clone().expect("a cookie");
    let (_, log) = bot.stop();
    let lines: Vec<&str> = log.lines().filter(|line| line.starts_with('{')).collect();
    assert!(lines.len() >= 2, "{log}");
    let token = link.rsplit('/').next().expect("a token");
    let session = cookie.split_once('=').expect("a pair").1;
    for secret in [PASSWORD, "a wrong password", token, session, "kim"] {
        assert!(
            !lines.iter().any(|line| line.contains(secret)),
            "{secret} in the log"
        );
    }
}

#[tokio::test]
async fn what_an_open_page_asks_by_itself_does_not_keep_its_session() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let an_hour = 3_600_000_000_i64;
    let set = "UPDATE sessions SET seen_at = seen_at - ?1";
    database.execute(set, [an_hour]).expect("set back");
    let seen = || {
        let read = "SELECT seen_at FROM sessions";
        let seen = database.query_row(read, [], |row| row.get::<_, i64>(0));
        seen.expect("a session")
    };
    let before = seen();
    let by_itself = [("sec-fetch-dest", "empty")];
    for path in ["/desk/callbacks", "/desk/live"] {
        let answer = kim.get_with(path, &by_itself).await;
        assert_eq!((answer.status.as_u16(), seen()), (200, before), "{path}");
    }
    let by_hand = [("sec-fetch-dest", "document")];
    kim.get_with("/desk/callbacks", &by_hand).await;
    assert!(seen() >= before + an_hour, "somebody sits there");
}
