//! What every page asks and says: the host it is for, and what the browser may do with it.

use reqwest::Method;

use crate::support::{bot::Home, person::Person};

#[tokio::test]
async fn every_page_forbids_what_it_does_not_need() {
    let home = Home::new("");
    let bot = home.start();
    let mut admin = Person::signed_in(&home, &bot, "ann", "admin").await;
    let mut stranger = Person::new(&bot);
    let foreign = [("host", "evil.example")];
    let answers = [
        stranger.get("/sign-in").await,
        stranger.get("/sign-in/link/rb_0").await,
        stranger.get("/account").await,
        stranger.get("/no/such/page").await,
        stranger.get("/sign-out").await,
        stranger.get("/sign-in?next=%FF&next=").await,
        stranger.get_with("/sign-in", &foreign).await,
        stranger.send_form("/sign-in", &[]).await,
        admin.get("/account").await,
        admin.get("/accounts").await,
        admin.submit("/accounts", &[]).await,
    ];
    for answer in answers {
        let header = |name: &str| answer.headers[name].to_str().expect("text").to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        for part in [
            "script-src 'self';",
            "form-action 'self'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("permissions-policy").contains("microphone=()"));
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "plain HTTP"
        );
    }
}

#[tokio::test]
async fn a_page_is_not_for_other_hosts_than_ours() {
    let home =
        Home::new("public_url = \"https://desk.example\"\ntrusted_proxies = [\"127.0.0.1\"]");
    let bot = home.start();
    let port = bot.url.rsplit(':').next().expect("a port").to_owned();
    let mut person = Person::new(&bot);
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("LocalHost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("desk.example".to_owned(), 200),
        ("desk.example:443".to_owned(), 200),
        ("desk.example:80".to_owned(), 421),
        ("localhost".to_owned(), 421),
        ("evil.example".to_owned(), 421),
        (format!("evil.example:{port}"), 421),
        ("desk.example.evil.example".to_owned(), 421),
    ] {
        let mut headers = vec![("host", host.as_str())];
        if host.starts_with("desk.example") {
            headers.push(("x-forwarded-proto", "https"));
        }
        let answer = person.get_with("/sign-in", &headers).await;
        assert_eq!(answer.status, status, "{host}");
        if status == 421 {
            answer.assert_page(421, "public_url");
        }
    }
    let api = person
        .get_with("/healthz", &[("host", "evil.example")])
        .await;
    assert_eq!(
        api.status, 200,
        "programs reach it by whatever name they like"
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_to_people_as_a_page_and_to_programs_as_a_problem() {
    let home = Home::new("");
    let bot = home.start();
    let mut person = Person::new(&bot);
    person
        .get("/no/such/page")
        .await
        .assert_page(404, "no such page");
    person
        .get("/sign-out")
        .await
        .assert_page(405, "cannot be used like that");
    let deleted = person
        .request(Method::DELETE, "/account", &[], String::new())
        .await;
    deleted.assert_page(405, "cannot be used like that");
    assert_eq!(deleted.headers["allow"], "GET,HEAD");
    person
        .get("/api/v1/nothing")
        .await
        .assert_problem(404, "not-found");
}
