//! Forms do something only if a page of ours sent them, for whoever is signed in.

use reqwest::Method;

use crate::support::{bot::Home, person::Person};

/// A form that does something and needs nothing but `csrf`.
const FORM: &str = "/account/sign-out-everywhere";

#[tokio::test]
async fn a_form_without_the_session_s_own_csrf_does_nothing() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let lee = Person::signed_in(&home, &bot, "lee", "agent").await;
    let own = kim.csrf.clone();
    assert_ne!(own, lee.csrf);
    let cut: String = own.chars().take(63).collect();
    for fields in [
        &[][..],
        &[("csrf", "")],
        &[("csrf", "wrong")],
        &[("csrf", lee.csrf.as_str())],
        &[("csrf", cut.as_str())],
    ] {
        let refused = kim.send_form(FORM, fields).await;
        refused.assert_page(403, "nothing was done");
        assert!(kim.is_signed_in().await, "{fields:?}");
    }
    let stranger = Person::new(&bot).send_form(FORM, &[("csrf", &own)]).await;
    assert_eq!(stranger.location(), "/sign-in");
    assert_eq!(kim.submit(FORM, &[]).await.location(), "/sign-in");
    assert!(!kim.is_signed_in().await);
}

#[tokio::test]
async fn a_form_from_another_site_does_nothing_even_with_the_right_csrf() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let csrf = kim.csrf.clone();
    let own = bot.url.clone();
    let https = own.replace("http://", "https://");
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("origin", https.as_str())],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
    ] {
        let refused = kim.send_form_with(FORM, headers, &[("csrf", &csrf)]).await;
        refused.assert_page(403, "another site");
        assert!(kim.is_signed_in().await, "{headers:?}");
    }
    let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let done = kim.send_form_with(FORM, &headers, &[("csrf", &csrf)]).await;
    assert_eq!(done.status, 303);
}

#[tokio::test]
async fn another_site_cannot_sign_anybody_in() {
    let home = Home::new("");
    let bot = home.start();
    let link = home.user("kim", "agent");
    let mut person = Person::new(&bot);
    let foreign = [("origin", "https://evil.example")];
    let fields = [("name", "kim"), ("password", "correct horse battery")];
    for (path, fields) in [(link.as_str(), &[][..]), ("/sign-in", &fields[..])] {
        let refused = person.send_form_with(path, &foreign, fields).await;
        refused.assert_page(403, "another site");
    }
    assert_eq!(
        person.send_form(&link, &[]).await.status,
        303,
        "the link is not used up"
    );
}

#[tokio::test]
async fn what_is_no_form_of_ours_is_refused_with_a_page() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "admin").await;
    let csrf = kim.csrf.clone();
    let long = "x".repeat(300 * 1024);
    let long = kim.submit(FORM, &[("more", &long)]).await;
    long.assert_page(413, "too long");
    for fields in [
        &[("name", "lee"), ("csrf", csrf.as_str())][..],
        &[
            ("name", "lee"),
            ("shown", ""),
            ("role", "king"),
            ("csrf", &csrf),
        ],
        &[
            ("name", "lee"),
            ("shown", ""),
            ("role", "agent"),
            ("x", ""),
            ("csrf", &csrf),
        ],
    ] {
        let unreadable = kim.send_form("/accounts", fields).await;
        unreadable.assert_page(400, "cannot be read");
    }
    let json = [("content-type", "application/json")];
    let json = kim
        .request(Method::POST, FORM, &json, "{}".to_owned())
        .await;
    json.assert_page(415, "own form only");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let bytes = kim
        .request(Method::POST, FORM, &form, "csrf=%FF%FE".to_owned())
        .await;
    bytes.assert_page(403, "nothing was done");
    assert!(kim.is_signed_in().await);
}
