//! Guessing is slowed down until it is hopeless.

use crate::support::{bot::Home, person::Person};

/// Behind a proxy on this machine.
const BEHIND_A_PROXY: &str =
    "public_url = \"https://desk.example\"\ntrusted_proxies = [\"127.0.0.1\"]";

/// What the proxy sends, of somebody at that address.
fn from(address: &str) -> [(&str, &str); 4] {
    [
        ("host", "desk.example"),
        ("origin", "https://desk.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", address),
    ]
}

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn after_ten_guesses_at_an_account_even_the_right_password_has_to_wait_there() {
    let home = Home::new(BEHIND_A_PROXY);
    let bot = home.start();
    for name in ["kim", "lee"] {
        Person::with_password(&home, &bot, name, "agent", PASSWORD).await;
    }
    let mut guesser = Person::new(&bot);
    for guess in 0..10 {
        let refused = guesser
            .sign_in("kim", &format!("guess number {guess}"))
            .await;
        assert_eq!(refused.status, 403);
    }
    let limited = guesser.sign_in("kim", PASSWORD).await;
    limited.assert_page(429, "Too many tries");
    let wait = limited.headers["retry-after"].to_str().expect("text");
    let wait: u64 = wait.parse().expect("seconds");
    assert!((1..=91).contains(&wait), "{wait}");
    assert_eq!(guesser.cookie, None);
    assert_eq!(
        guesser.sign_in("lee", PASSWORD).await.status,
        303,
        "another account is free"
    );
    let mut owner = Person::new(&bot);
    let fields = [("name", "kim"), ("password", PASSWORD)];
    let elsewhere = from("203.0.113.7");
    let answer = owner.send_form_with("/sign-in", &elsewhere, &fields).await;
    assert_eq!(answer.status, 303, "whoever guesses keeps nobody else out");
}

#[tokio::test]
async fn behind_a_proxy_of_this_machine_one_guesser_does_not_use_up_everybodys_tries() {
    let home = Home::new(BEHIND_A_PROXY);
    let bot = home.start();
    let mut guesser = Person::new(&bot);
    for _ in 0..20 {
        let guessed = guesser
            .get_with("/sign-in/link/rb_0", &from("203.0.113.7"))
            .await;
        assert_eq!(guessed.status, 404);
    }
    let path = "/sign-in/link/rb_0";
    for (address, status) in [
        ("203.0.113.7", 429),
        ("203.0.113.8, 203.0.113.7", 429),
        ("203.0.113.8", 404),
    ] {
        let answer = guesser.get_with(path, &from(address)).await;
        assert_eq!(answer.status, status, "{address}");
    }
}

#[tokio::test]
async fn an_address_has_twenty_tries_whatever_it_tries() {
    let home = Home::new("");
    let bot = home.start();
    let mut guesser = Person::new(&bot);
    for guess in 0..20 {
        let path = format!("/sign-in/link/rb_{guess}");
        let answer = if guess % 2 == 0 {
            guesser.get(&path).await
        } else {
            guesser.send_form(&path, &[]).await
        };
        answer.assert_page(404, "does not sign anybody in");
    }
    let link = home.user("kim", "agent");
    let limited = guesser.send_form(&link, &[]).await;
    limited.assert_page(429, "Too many tries");
    assert!(limited.headers.contains_key("retry-after"));
    guesser
        .sign_in("nobody", PASSWORD)
        .await
        .assert_page(429, "Too many tries");
    guesser.get("/sign-in").await.assert_page(200, "Sign in");
}
