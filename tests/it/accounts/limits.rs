//! Guessing is slowed down until it is hopeless.

use crate::support::{bot::Home, person::Person};

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn after_ten_guesses_at_an_account_even_the_right_password_has_to_wait() {
    let home = Home::new("");
    let bot = home.start();
    for name in ["kim", "lee"] {
        Person::with_password(&home, &bot, name, "agent", PASSWORD).await;
    }
    let mut guesser = Person::new(&bot);
    // Setting the password was a try of its own.
    for guess in 0..9 {
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
