//! Filling forms in: right, wrong, too late, twice, from elsewhere.

use axum::http::Method;

use super::browser::{Bot, Browser, ORIGIN, RIGHT};
use crate::domain::{
    form::{CallDetails, FormState, Purpose},
    hours::Zone,
    time::Length,
};

const CLOSED: &str = "This form is closed";

/// The fields with some of them typed otherwise.
fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let changed = |name: &str| changes.iter().find(|(changed, _)| *changed == name);
    let kept = RIGHT.iter().map(|field| changed(field.0).unwrap_or(field));
    kept.copied().collect()
}

#[tokio::test]
async fn what_is_filled_in_right_is_sealed_and_stands_nowhere_in_clear() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    let sent = browser.submit(&form, RIGHT).await;
    assert_eq!(sent.location(), "/form/done?lang=en");
    browser
        .get("/form/done?lang=en")
        .await
        .assert_titled(200, "Thank you");
    assert_eq!(bot.state(id).await, FormState::Submitted);

    for file in bot.files() {
        let bytes = std::fs::read(&file).expect("read");
        for secret in ["Quillfeather", "1990-05-04", "4 May 1990"] {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", file.display());
        }
    }
    bot.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_is_lost() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    let changes = [
        ("f-birth_date", "31 February 1990"),
        ("f-customer_number", "12<b>"),
        ("f-email", "robin at home"),
        ("f-how", ""),
        ("f-where", "c7"),
    ];
    let wrong = browser.submit(&form, &with(&changes)).await;
    assert_eq!(wrong.status, 422);
    for said in [
        "<title>Error: Before we change your address · Smith &#38; Daughters</title>",
        "<a href=\"#f-birth_date\">Date of birth: Please give day, month and year",
        "<a href=\"#f-customer_number\">Last four digits: Please give 4 digits.</a>",
        "<a href=\"#f-email\">E-mail: Please give an e-mail address",
        "<a href=\"#f-how\">Which contract?: Please choose one.</a>",
        "value=\"Robin Quillfeather\"",
        "value=\"31 February 1990\"",
        "value=\"12&#60;b&#62;\"",
        "value=\"robin at home\"",
        "<option value=\"c7\" selected>",
        "aria-describedby=\"f-birth_date-help f-birth_date-error\" aria-invalid=\"true\"",
    ] {
        assert!(
            wrong.text.contains(said),
            "{said:?} is not in {}",
            wrong.text
        );
    }
    assert!(!wrong.text.contains("#f-full_name"));
    assert_eq!(bot.state(id).await, FormState::Opened);

    let right = browser.submit(&wrong, RIGHT).await;
    assert_eq!(right.status, 303);
    bot.stop().await;
}

#[tokio::test]
async fn a_double_click_is_one_form_and_going_back_shows_that_it_has_arrived() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    browser.submit(&form, RIGHT).await;
    let again = browser
        .submit(&form, &with(&[("f-full_name", "Else")]))
        .await;
    assert_eq!(again.location(), "/form/done?lang=en");
    assert_eq!(browser.get("/form").await.location(), "/form/done?lang=en");
    bot.stop().await;
}

#[tokio::test]
async fn a_form_that_is_open_too_long_closes_and_says_so() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    bot.later(Length::minutes(20));
    let left = browser.get("/form").await;
    assert!(left.text.contains("stays open for another 10 minutes"));
    bot.later(Length::minutes(10));
    browser
        .submit(&form, RIGHT)
        .await
        .assert_titled(404, CLOSED);
    browser.get("/form").await.assert_titled(404, CLOSED);
    assert_eq!(bot.state(id).await, FormState::Opened);
    bot.stop().await;
}

#[tokio::test]
async fn a_second_form_in_the_same_browser_takes_the_place_of_the_first() {
    let bot = Bot::start().await;
    let (identity, details) = (bot.ask().await, bot.ask_for(Purpose::Details).await);
    let mut browser = Browser::new(&bot);
    let first = browser.open(&bot.link(identity).await).await;
    browser.open(&bot.link(details).await).await;
    browser
        .submit(&first, RIGHT)
        .await
        .assert_titled(403, "That did not work");
    assert_eq!(bot.state(identity).await, FormState::Opened);
    browser
        .get("/form")
        .await
        .assert_titled(200, "Where and when may we ring you?");
    bot.stop().await;
}

#[tokio::test]
async fn only_our_page_in_the_browser_that_opened_the_link_can_send_the_form() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "same-site"),
    ] {
        browser.headers = vec![foreign];
        let refused = browser.submit(&form, RIGHT).await;
        refused.assert_titled(403, "That did not work");
        // What was typed is not shown to whoever made the browser send it.
        assert!(!refused.text.contains("Quillfeather"));
    }
    browser.headers = vec![("origin", ORIGIN)];
    let body = serde_urlencoded::to_string(RIGHT).expect("a form");
    for csrf in ["", "&csrf=", "&csrf=0"] {
        let refused = browser
            .ask(Method::POST, "/form", &format!("{body}{csrf}"))
            .await;
        refused.assert_titled(403, "That did not work");
    }
    let stranger = Browser::new(&bot).submit(&form, RIGHT).await;
    stranger.assert_titled(404, CLOSED);
    assert_eq!(bot.state(id).await, FormState::Opened);
    bot.stop().await;
}

#[tokio::test]
async fn a_form_rests_after_thirty_wrong_tries() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    for _ in 0..30 {
        assert_eq!(browser.submit(&form, &[]).await.status, 422);
    }
    browser
        .submit(&form, RIGHT)
        .await
        .assert_titled(429, "Too many tries");
    bot.stop().await;
}

/// The version of what the page asks to agree to.
fn consent(page: &str) -> &str {
    let (_, rest) = page
        .split_once("name=\"consent\" value=\"")
        .expect("a consent");
    rest.split_once('"').expect("a value").0
}

#[tokio::test]
async fn a_number_is_kept_with_the_version_of_the_consent_that_stood_there() {
    let bot = Bot::start().await;
    let id = bot.ask_for(Purpose::Details).await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    assert!(
        form.text
            .contains("I agree that Smith &#38; Daughters rings me on this number")
    );
    let version = consent(&form.text).to_owned();
    let fields = [("number", "020 7946 0123"), ("best_time", "after five")];
    let wrong = browser.submit(&form, &fields).await;
    assert_eq!(wrong.status, 422);
    for said in ["+44.", "Please tick this box", "value=\"after five\""] {
        assert!(
            wrong.text.contains(said),
            "{said:?} is not in {}",
            wrong.text
        );
    }
    let fields = [
        ("number", "+44 20 7946 0123"),
        ("best_time", "after five"),
        ("consent", version.as_str()),
        ("choice", "ring"),
    ];
    let sent = browser.submit(&wrong, &fields).await;
    assert_eq!(sent.location(), "/form/done?lang=en");
    let details = bot.request(id).await.details;
    let expected = CallDetails::Ring {
        number: "+442079460123".to_owned().into(),
        best_time: "after five".to_owned().into(),
        ring_at: None,
        zone: None,
        consent_version: version,
    };
    assert_eq!(details, Some(expected));
    bot.stop().await;
}

#[tokio::test]
async fn staying_in_the_chat_is_one_press() {
    let bot = Bot::start().await;
    let id = bot.ask_for(Purpose::Details).await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    let sent = browser
        .submit(&form, &[("choice", "stay"), ("number", "")])
        .await;
    assert_eq!(sent.location(), "/form/done?lang=en");
    assert_eq!(bot.request(id).await.details, Some(CallDetails::StayInText));
    bot.stop().await;
}

#[tokio::test]
async fn a_time_is_chosen_by_the_clock_that_the_page_names() {
    let bot = Bot::start().await;
    let id = bot.ask_for(Purpose::Details).await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    // It is 10:00 on a Monday; the desk is in no zone of its own and works round the clock.
    for said in [
        "<label for=\"ring_at\">When does it suit you?</label>",
        "Times are UTC.",
        "<option value=\"\">As soon as possible</option>",
        "<optgroup label=\"Today\">",
        "<option value=\"2026-01-06T08:00:00Z\">08:00</option>",
        "<optgroup label=\"Wednesday 7 January\">",
    ] {
        assert!(form.text.contains(said), "{said:?} is not in {}", form.text);
    }
    let version = consent(&form.text).to_owned();
    let chosen = ("ring_at", "2026-01-06T08:00:00Z");
    let wrong = browser.submit(&form, &[("number", "soon"), chosen]).await;
    assert!(
        wrong
            .text
            .contains("<option value=\"2026-01-06T08:00:00Z\" selected>")
    );
    let fields = [
        ("number", "+44 20 7946 0123"),
        chosen,
        ("consent", version.as_str()),
    ];
    let sent = browser.submit(&wrong, &fields).await;
    assert_eq!(sent.location(), "/form/done?lang=en");
    let Some(CallDetails::Ring { ring_at, zone, .. }) = bot.request(id).await.details else {
        panic!("rather no call");
    };
    assert_eq!((ring_at, zone), ("2026-01-06T08:00:00Z".parse().ok(), None));
    bot.stop().await;
}

#[tokio::test]
async fn a_time_that_nobody_offered_becomes_one_that_was() {
    // In the middle of the night, and long after anybody remembers; and no time at all.
    for (crafted, kept) in [
        ("2026-01-06T03:00:00Z", Some("2026-01-06T08:00:00Z")),
        ("9999-01-01T00:00:00Z", Some("2026-01-07T20:00:00Z")),
        ("now'--", None),
    ] {
        let bot = Bot::start().await;
        let id = bot.ask_for(Purpose::Details).await;
        let link = bot.link(id).await;
        let mut browser = Browser::new(&bot);
        let form = browser.open(&link).await;
        let fields = [
            ("number", "+44 20 7946 0123"),
            ("ring_at", crafted),
            ("consent", consent(&form.text)),
        ];
        browser.submit(&form, &fields).await;
        let Some(CallDetails::Ring { ring_at, .. }) = bot.request(id).await.details else {
            panic!("it was not kept");
        };
        assert_eq!(ring_at, kept.and_then(|kept| kept.parse().ok()));
        bot.stop().await;
    }
}

#[tokio::test]
async fn who_has_a_number_of_a_country_with_several_times_says_which_is_theirs() {
    let bot = Bot::start().await;
    let id = bot.ask_for(Purpose::Details).await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    assert!(!form.text.contains("name=\"zone\""));
    let version = consent(&form.text).to_owned();
    let number = ("number", "+1 415 555 2671");
    let given = [number, ("consent", version.as_str())];
    let asked = browser.submit(&form, &given).await;
    assert_eq!(asked.status, 422);
    for said in [
        "<a href=\"#zone\">What time is it where you are?: Your number’s country has several",
        "<option value=\"America/Los_Angeles\" selected>02:00 (Los Angeles time)</option>",
        "<option value=\"America/New_York\">05:00 (New York time)</option>",
    ] {
        assert!(
            asked.text.contains(said),
            "{said:?} is not in {}",
            asked.text
        );
    }
    // Not one of the country's.
    let elsewhere = [number, ("zone", "Europe/Berlin"), given[1]];
    assert_eq!(browser.submit(&asked, &elsewhere).await.status, 422);
    let chosen = [
        number,
        ("zone", "America/New_York"),
        ("ring_at", "2026-01-05T12:00:00Z"),
        given[1],
    ];
    let sent = browser.submit(&asked, &chosen).await;
    assert_eq!(sent.location(), "/form/done?lang=en");
    let Some(CallDetails::Ring { ring_at, zone, .. }) = bot.request(id).await.details else {
        panic!("rather no call");
    };
    assert_eq!(zone.as_ref().map(Zone::name), Some("America/New_York"));
    let eight_there = "2026-01-05T13:00:00Z".parse().ok();
    assert_eq!(ring_at, eight_there, "seven there is night");
    bot.stop().await;
}
