//! Links: looked at by anybody, opened once, and silent about why they open nothing.

use axum::http::Method;

use super::browser::{Answer, Bot, Browser};
use crate::domain::{
    form::{FormState, Purpose},
    time::Length,
};

const GONE: &str = "This link does not open a form";
const CLOSED: &str = "This form is closed";

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_however_often_and_by_whatever_robot() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    for robot in [
        "facebookexternalhit/1.1",
        "TelegramBot (like TwitterBot)",
        "Slackbot 1.0",
    ] {
        let mut robot_s = Browser::new(&bot);
        robot_s.headers = vec![("user-agent", robot)];
        for method in [Method::HEAD, Method::GET] {
            let looked = robot_s.ask(method, &link, "").await;
            assert_eq!(looked.status, 200);
        }
    }
    assert_eq!(bot.state(id).await, FormState::Sent);
    let form = Browser::new(&bot).open(&link).await;
    form.assert_titled(200, "Before we change your address");
    assert_eq!(bot.state(id).await, FormState::Opened);
    bot.stop().await;
}

#[tokio::test]
async fn a_link_s_page_says_who_asks_why_about_what_and_how_to_tell_that_it_is_they() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let page = Browser::new(&bot).get(&link).await;
    page.assert_titled(200, "Smith &#38; Daughters needs to check that it is you");
    for said in [
        "So that nobody else can do it.",
        "Your conversation with us (chat), 5 January 2026",
        "<li>Full name</li><li>Date of birth</li>",
        "stays open for 30 minutes",
        "begins with http://127.0.0.1:8080",
        "We never ask for a password, a PIN or a one-time code here.",
    ] {
        assert!(page.text.contains(said), "{said:?} is not in {}", page.text);
    }
    let details = bot.link(bot.ask_for(Purpose::Details).await).await;
    let page = Browser::new(&bot).get(&details).await;
    page.assert_titled(200, "Smith &#38; Daughters would like to ring you");
    for page in [link, details] {
        let page = Browser::new(&bot).get(&page).await;
        assert!(!page.text.contains("change the address of my account"));
        assert!(!page.text.contains("Robin"));
        assert!(!page.text.contains("<script") && !page.text.contains("style="));
    }
    bot.stop().await;
}

/// The answers of a browser that looks at a link and presses its button, whatever the page says.
async fn tried(bot: &Bot, link: &str) -> [Answer; 3] {
    let mut browser = Browser::new(bot);
    // Its cookies are fine: it has seen another link that opened something.
    let other = bot.link(bot.ask_for(Purpose::Details).await).await;
    assert_eq!(browser.get(&other).await.status, 200);
    [
        browser.ask(Method::HEAD, link, "").await,
        browser.get(link).await,
        browser.press(link).await,
    ]
}

#[tokio::test]
async fn wrong_used_replaced_withdrawn_and_expired_links_get_the_same_bytes() {
    let bot = Bot::start().await;
    let wrong = tried(&bot, "/form/rb_0").await;
    for answer in &wrong {
        assert_eq!(answer.status, 404);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    wrong[1].assert_titled(404, GONE);
    wrong[2].assert_titled(404, GONE);

    let id = bot.ask().await;
    let used = bot.link(id).await;
    Browser::new(&bot).open(&used).await;
    assert_eq!(tried(&bot, &used).await, wrong, "used");

    let (replaced, newest) = (bot.link(id).await, bot.link(id).await);
    assert_eq!(tried(&bot, &replaced).await, wrong, "replaced");
    let asked_again = bot.ask().await;
    assert_eq!(bot.state(id).await, FormState::Withdrawn);
    assert_eq!(tried(&bot, &newest).await, wrong, "withdrawn");

    let old = bot.link(asked_again).await;
    bot.later(Length::minutes(29));
    assert_eq!(Browser::new(&bot).get(&old).await.status, 200);
    bot.later(Length::minutes(1));
    assert_eq!(tried(&bot, &old).await, wrong, "expired");

    for strange in ["/form/%FF%FE", "/form/%20", "/form/a.b?lang=en&lang=xx"] {
        assert_eq!(tried(&bot, strange).await, wrong, "{strange}");
    }
    bot.stop().await;
}

#[tokio::test]
async fn of_two_who_press_at_once_one_gets_the_form() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let (mut one, mut other) = (Browser::new(&bot), Browser::new(&bot));
    one.get(&link).await;
    other.get(&link).await;
    let (first, second) = tokio::join!(one.press(&link), other.press(&link));
    let opened = [first.status, second.status].map(|status| status == 303);
    assert_ne!(opened[0], opened[1]);
    bot.stop().await;
}

#[tokio::test]
async fn without_cookies_a_link_is_not_used_up_for_nothing() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    browser.keeps_cookies = false;
    browser.get(&link).await;
    browser
        .press(&link)
        .await
        .assert_titled(400, "Please allow cookies for this page");
    assert_eq!(bot.state(id).await, FormState::Sent);
    browser.keeps_cookies = true;
    assert_eq!(browser.open(&link).await.status, 200);
    bot.stop().await;
}

#[tokio::test]
async fn another_site_cannot_press_the_button() {
    let bot = Bot::start().await;
    let id = bot.ask().await;
    let link = bot.link(id).await;
    let mut browser = Browser::new(&bot);
    browser.get(&link).await;
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        browser.headers = vec![foreign];
        browser
            .press(&link)
            .await
            .assert_titled(403, "That did not work");
    }
    assert_eq!(bot.state(id).await, FormState::Sent);
    bot.stop().await;
}

#[tokio::test]
async fn every_page_of_a_form_keeps_its_address_its_content_and_scripts_to_itself() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let mut browser = Browser::new(&bot);
    let form = browser.open(&link).await;
    let wrong = browser.submit(&form, &[]).await;
    let mut answers = vec![form, wrong];
    for path in [&link, "/form/rb_0", "/form/done", "/form"] {
        answers.push(browser.get(path).await);
        answers.push(browser.ask(Method::DELETE, path, "").await);
        answers.push(browser.press(path).await);
    }
    for answer in answers {
        let header = |name: &str| answer.headers[name].to_str().expect("text");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("referrer-policy"), "strict-origin");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("x-robots-tag"), "noindex, nofollow, noarchive");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("script-src"), "{policy}");
        assert!(!answer.text.contains("<script"), "{}", answer.text);
    }
    bot.stop().await;
}

#[tokio::test]
async fn who_guesses_is_stopped_and_who_has_a_link_is_not() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let mut guesser = Browser::new(&bot);
    for guess in 0..60 {
        let wrong = guesser.get(&format!("/form/rb_{guess}")).await;
        assert_eq!(wrong.status, 404);
    }
    let limited = guesser.get("/form/rb_60").await;
    limited.assert_titled(429, "Too many tries");
    assert!(limited.headers.contains_key("retry-after"));
    // The same address: an office, say.
    assert_eq!(guesser.open(&link).await.status, 200);
    bot.stop().await;
}

#[tokio::test]
async fn one_link_is_shown_thirty_times_and_then_rests() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let mut browser = Browser::new(&bot);
    for _ in 0..30 {
        assert_eq!(browser.get(&link).await.status, 200);
    }
    assert_eq!(browser.get(&link).await.status, 429);
    bot.stop().await;
}

#[tokio::test]
async fn a_page_speaks_the_language_that_was_chosen_else_the_conversation_s() {
    let bot = Bot::start().await;
    let link = bot.link(bot.ask().await).await;
    let mut browser = Browser::new(&bot);
    browser.headers = vec![("accept-language", "fr")];
    let english = browser.get(&link).await;
    assert!(english.text.contains("<html lang=\"en\">"));
    let german = browser.get(&format!("{link}?lang=de")).await;
    german.assert_titled(200, "Smith &#38; Daughters muss prüfen, ob Sie es sind");
    assert!(
        german
            .text
            .contains("Ihr Gespräch mit uns (Chat), 5. Januar 2026")
    );
    // The admin's texts are there in two languages.
    let italian = browser.get(&format!("{link}?lang=it")).await;
    assert!(italian.text.contains("<span lang=\"en\">Full name</span>"));
    let pressed = browser.press(&format!("{link}?lang=de")).await;
    assert_eq!(pressed.location(), "/form?lang=de");
    browser
        .get("/form?lang=de")
        .await
        .assert_titled(200, "Bevor wir Ihre Adresse ändern");
    browser
        .get("/form/rb_0")
        .await
        .assert_titled(404, "Ce lien n’ouvre aucun formulaire");
    bot.stop().await;
}

#[tokio::test]
async fn without_a_link_there_is_no_form() {
    let bot = Bot::start().await;
    let mut browser = Browser::new(&bot);
    browser.get("/form").await.assert_titled(404, CLOSED);
    browser.press("/form").await.assert_titled(404, CLOSED);
    bot.stop().await;
}
