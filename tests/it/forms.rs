//! The forms through the front door: the real program, links that robots look at and guessers try,
//! and what must not be found anywhere afterwards.

use reqwest::Method;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::support::{
    bot::{Bot, Home},
    client::{Answer, customer},
    form::Asked,
    person::Person,
};

/// What a customer fills in where all is right.
const RIGHT: &[(&str, &str)] = &[
    ("f-full_name", "Robin Quillfeather"),
    ("f-birth_date", "4 May 1990"),
    ("f-postal_code", "QX4 7ZZ"),
    ("f-customer_number", "C-90210-X"),
];

/// A bot with one thread.
async fn bot() -> (Home, Bot) {
    bot_with("").await
}

/// The same behind a proxy of this machine, which says where each request comes from.
async fn bot_behind_a_proxy() -> (Home, Bot) {
    bot_with("public_url = \"https://desk.example\"\ntrusted_proxies = [\"127.0.0.1\"]").await
}

/// What the proxy passes on.
fn from(address: &str) -> [(&str, &str); 4] {
    [
        ("host", "desk.example"),
        ("origin", "https://desk.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", address),
    ]
}

async fn bot_with(more: &str) -> (Home, Bot) {
    let home = Home::new(more);
    let bot = home.start();
    let client = bot.client(&home.token_for(&["messages"]));
    let message = customer("t", "1", "Change my address, please");
    assert_eq!(client.messages(&message).await.results().len(), 1);
    (home, bot)
}

/// As in a link: nobody has ever made this one.
fn token(number: u64) -> String {
    format!("rb_{}", hex::encode(Sha256::digest(number.to_be_bytes())))
}

/// What a browser is answered, but for the time.
fn bytes(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (
        answer.status.as_u16(),
        headers.collect(),
        answer.text.clone(),
    )
}

/// Somebody whose browser keeps cookies, as it has shown on the page of a link.
async fn somebody(bot: &Bot, link: &str) -> Person {
    let mut person = Person::new(bot);
    assert_eq!(person.get(link).await.status, 200);
    assert!(person.cookie.is_some());
    person
}

#[tokio::test]
async fn a_robot_that_previews_a_link_does_not_use_it_up() {
    let (home, bot) = bot().await;
    let form = Asked::identity(&home);
    let link = form.link(&token(1));
    let mut robot = Person::new(&bot);
    for method in [Method::HEAD, Method::GET, Method::GET] {
        let looked = robot.request(method, &link, &[], String::new()).await;
        assert_eq!(looked.status, 200);
    }
    assert_eq!(form.state(), "sent");
    let mut person = somebody(&bot, &link).await;
    let to = person.send_form(&link, &[]).await.location().to_owned();
    person.get(&to).await.assert_page(200, "Your date of birth");
    assert_eq!(form.state(), "opened");
}

#[tokio::test]
async fn wrong_used_and_expired_links_are_answered_alike_to_the_byte() {
    let (home, bot) = bot().await;
    let other = Asked::details(&home).link(&token(0));
    let form = Asked::identity(&home);
    let used = form.link(&token(1));
    let mut person = somebody(&bot, &used).await;
    assert_eq!(person.send_form(&used, &[]).await.status, 303);
    let old = Asked::details(&home);
    let expired = old.link(&token(2));
    old.expire_link(&token(2));
    let mut answers = Vec::new();
    for link in [format!("/form/{}", token(9)), used, expired] {
        let mut person = somebody(&bot, &other).await;
        let looked = person.get(&link).await;
        let pressed = person.send_form(&link, &[]).await;
        answers.push([bytes(&looked), bytes(&pressed)]);
    }
    assert_eq!(answers[0][0].0, 404);
    assert_eq!(answers[0], answers[1], "used");
    assert_eq!(answers[0], answers[2], "expired");
}

#[tokio::test]
async fn over_tls_the_form_s_cookie_never_travels_in_the_clear_and_browsers_insist_on_tls() {
    let (home, bot) = bot_behind_a_proxy().await;
    let link = Asked::identity(&home).link(&token(1));
    let mut person = Person::new(&bot);
    let looked = person.get_with(&link, &from("203.0.113.7")).await;
    looked.assert_page(200, "begins with https://desk.example");
    let opened = person
        .send_form_with(&link, &from("203.0.113.7"), &[])
        .await;
    let cookie = opened.headers["set-cookie"].to_str().expect("text");
    let (pair, attributes) = cookie.split_once(';').expect("attributes");
    assert!(pair.starts_with("__Secure-ringback-form=rb_"), "{pair}");
    assert_eq!(attributes, " HttpOnly; SameSite=Strict; Secure; Path=/form");
    for answer in [looked, opened] {
        assert!(answer.headers.contains_key("strict-transport-security"));
    }
    // On this machine itself, without TLS, that cookie opens nothing.
    let in_the_clear = person.get("/form").await;
    in_the_clear.assert_page(404, "This form is closed");
}

#[tokio::test]
async fn what_is_filled_in_and_what_links_to_it_stand_in_no_file_log_metric_or_answer() {
    let (home, bot) = bot().await;
    let form = Asked::identity(&home);
    let link = form.link(&token(1));
    let mut person = somebody(&bot, &link).await;
    let opened = person.send_form(&link, &[]).await;
    let session = person.cookie.clone().expect("a cookie");
    let (_, session) = session.split_once('=').expect("a value");
    person.get(opened.location()).await;
    let wrong = [
        ("f-full_name", "Robin Quillfeather"),
        ("f-birth_date", "31.2.1990"),
    ];
    person
        .submit("/form?lang=en", &wrong)
        .await
        .assert_page(422, "value=\"Robin Quillfeather\"");
    let done = person.submit("/form?lang=en", RIGHT).await;
    assert_eq!(done.location(), "/form/done?lang=en");
    assert_eq!(form.state(), "submitted");

    let api = bot.client(&home.token());
    let mut told = vec![
        api.get("/metrics").await.text,
        api.get("/api/v1/threads/chat/t").await.text,
    ];
    let (status, log) = bot.stop();
    assert!(status.success() && log.contains("listening"), "{log}");
    told.push(log);
    let mut places: Vec<(String, Vec<u8>)> = told
        .into_iter()
        .enumerate()
        .map(|(number, text)| (format!("answer {number}"), text.into_bytes()))
        .collect();
    for file in ["ringback.db", "ringback.db-wal"] {
        // The log of a database is gone where it was closed in good order.
        if let Ok(bytes) = std::fs::read(home.path(file)) {
            places.push((file.to_owned(), bytes));
        }
    }
    let token = token(1);
    for secret in [
        "Quillfeather",
        "1990-05-04",
        "4 May 1990",
        "31.2.1990",
        "QX4 7ZZ",
        "C-90210-X",
        token.as_str(),
        session,
    ] {
        for (place, bytes) in &places {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {place}");
        }
    }
}

/// How many links are guessed: ten thousand, or `GUESSES` (`GUESSES=1000000 cargo test --test it
/// forms::no_guessed_link`).
#[expect(
    clippy::disallowed_methods,
    reason = "a longer run is for whoever asks for it"
)]
fn guesses() -> u64 {
    let guesses = std::env::var("GUESSES").unwrap_or_else(|_| "10000".to_owned());
    guesses.parse().expect("GUESSES is a number")
}

/// So many guesses come from one address, below what stops it.
const FROM_EACH: u64 = 50;

/// The addresses that guess at the same time.
const AT_ONCE: usize = 16;

#[tokio::test]
async fn no_guessed_link_opens_anything() {
    let (home, bot) = bot_behind_a_proxy().await;
    let form = Asked::identity(&home);
    let right = token(u64::MAX);
    let link = form.link(&right);
    let other = Asked::details(&home).link(&token(u64::MAX - 1));
    let guesses = guesses();
    let mut guessing = JoinSet::new();
    let mut answered = 0;
    for address in 0..guesses.div_ceil(FROM_EACH) {
        let first = address * FROM_EACH;
        let mut guesser = Person::new(&bot);
        // Its own page has been seen, so that its buttons count.
        guesser.cookie = Some("__Secure-ringback-form-kept=1".to_owned());
        let right = right.clone();
        guessing.spawn(async move {
            let from = format!(
                "10.{}.{}.{}",
                address >> 16,
                address >> 8 & 255,
                address & 255
            );
            let from = self::from(&from);
            let count = FROM_EACH.min(guesses - first);
            for guess in first..first + count {
                let path = format!("/form/{}", guessed(&right, guess));
                let answer = if guess % 10 == 0 {
                    guesser.send_form_with(&path, &from, &[]).await
                } else {
                    guesser.get_with(&path, &from).await
                };
                answer.assert_page(404, "This link does not open a form");
            }
            count
        });
        if guessing.len() >= AT_ONCE {
            answered += guessing.join_next().await.expect("one").expect("answered");
        }
    }
    while let Some(count) = guessing.join_next().await {
        answered += count.expect("answered");
    }
    assert_eq!(answered, guesses);
    assert_eq!(form.state(), "sent");
    for link in [link, other] {
        let mut person = Person::new(&bot);
        assert_eq!(
            person.get_with(&link, &from("10.255.0.1")).await.status,
            200
        );
        let opened = person.send_form_with(&link, &from("10.255.0.1"), &[]).await;
        assert_eq!(opened.status, 303, "the right one does");
    }
}

/// A link that nobody made: another one, or the right one with a little changed.
fn guessed(right: &str, guess: u64) -> String {
    let place = usize::try_from(guess / 4 % 64).expect("small") + "rb_".len();
    match guess % 4 {
        0 | 1 => token(guess),
        2 => {
            let mut guessed = right.to_owned();
            let other = if right[place..].starts_with('0') {
                "1"
            } else {
                "0"
            };
            guessed.replace_range(place..=place, other);
            guessed
        }
        _ => right[..place].to_owned(),
    }
}

#[tokio::test]
async fn whoever_guesses_on_from_one_address_is_stopped_and_keeps_nobody_else_out() {
    let (home, bot) = bot_behind_a_proxy().await;
    let link = Asked::identity(&home).link(&token(u64::MAX));
    let mut guesser = Person::new(&bot);
    let from = from("203.0.113.7");
    for guess in 0..60 {
        let path = format!("/form/{}", token(guess));
        assert_eq!(guesser.get_with(&path, &from).await.status, 404);
    }
    let limited = guesser.get_with("/form/rb_0", &from).await;
    limited.assert_page(429, "Too many tries");
    assert!(limited.headers.contains_key("retry-after"));
    let elsewhere = self::from("203.0.113.8");
    let wrong = guesser.get_with("/form/rb_0", &elsewhere).await;
    assert_eq!(wrong.status, 404);
    // Who has a link is not a guesser, even in the same network.
    assert_eq!(guesser.get_with(&link, &from).await.status, 200);
}
