//! Held answers, forms and identity checks on the desk, for everybody: in light and dark, on a small
//! phone, by keyboard alone.

use fantoccini::key::Key;
use serde_json::json;

use super::people::{Agent, Customer, Team};
use crate::support::browser::{Like, Window};

const PASSWORD: &str = "correct horse battery";

/// Asks for what has no place in a chat.
const ASKS: &str = "Please tell me your date of birth.";

/// A customer who has sent an identity form; on another channel, an agent who asked in the chat.
async fn a_day_with_forms(team: &Team) -> Customer {
    let api = team.bot().client(&team.home.token());
    for (from, author, text) in [
        ("customer", "@robin", "My bill is wrong"),
        ("agent", "lee", ASKS),
    ] {
        let sent = json!({
            "channel": "chat", "thread": "robin", "id": from, "from": from, "author": author,
            "text": text,
        });
        assert_eq!(api.messages(&sent).await.status, 200);
    }
    let customer = team.customer().await;
    customer
        .writes("I have moved, please change my address")
        .await;
    customer.click(".open-form").await;
    customer.enter_new_tab().await;
    customer.click("main form button").await;
    for (field, text) in [
        ("#f-full_name", "Robin Doe"),
        ("#f-birth_date", "4 May 1990"),
        ("#f-postal_code", "QX4 7ZZ"),
    ] {
        customer.type_into(field, text).await;
    }
    customer.click("main form button").await;
    customer.shows("h1", "Thank you").await;
    customer.back_to_first_tab().await;
    customer
}

/// Somebody who may check identities.
async fn checker(team: &Team, like: Like) -> Agent {
    let agent = team.agent_like("kim", "admin", like).await;
    let allowed = team.home.run(&["user", "checks", "kim", "on"]);
    assert!(allowed.status.success(), "{allowed:?}");
    agent.sets_password(PASSWORD).await;
    agent
}

/// Each page on which something of forms, checks or held answers stands, in turn.
async fn on_each_page(agent: &Agent, check: impl AsyncFn(&Window, &str)) {
    agent.opens_a_thread("waiting_on_us").await;
    agent.type_into("#reply-text", ASKS).await;
    agent.click("#reply-send").await;
    agent.find("#held .card").await;
    check(agent, "held").await;

    agent.opens("/desk/threads/chat/robin").await;
    agent.click("#composer-forms summary").await;
    check(agent, "flagged").await;
    agent.click("#composer-forms button[name=identity]").await;
    agent.find("#thread-forms form[action$='/link']").await;
    check(agent, "form-asked").await;
    agent
        .click("#thread-forms form[action$='/link'] button")
        .await;
    agent.find("#link").await;
    check(agent, "link").await;

    agent.opens("/desk/callbacks").await;
    agent.shows("main", "asked for identity data").await;
    check(agent, "notices").await;

    agent.opens("/desk/checks").await;
    agent.find("#checks a").await;
    check(agent, "checks").await;
    agent.click("#checks a").await;
    agent.type_into("#password", PASSWORD).await;
    check(agent, "check").await;
    agent.click("form[action$='/open'] button").await;
    agent.shows("#answers + dl", "Robin Doe").await;
    check(agent, "check-open").await;
    agent.click("button[value=verified]").await;
    agent.shows("#check", "is deleted").await;
    check(agent, "check-done").await;

    for (path, page) in [("/audit", "audit"), ("/accounts", "accounts")] {
        agent.opens(path).await;
        agent.find("main").await;
        check(agent, page).await;
    }
}

#[tokio::test]
async fn axe_finds_nothing_serious_where_the_desk_shows_forms_and_checks() {
    let team = Team::start();
    let customer = a_day_with_forms(&team).await;
    customer.assert_accessible().await;
    let agent = checker(&team, Like::LAPTOP).await;
    on_each_page(&agent, async |window, page| {
        window.assert_accessible().await;
        window.picture(&format!("desk-{page}")).await;
    })
    .await;
}

/// Names in the bar below that are broken in two, or that stick out of it.
const BROKEN: &str = "return [...document.querySelectorAll('.nav a')]
    .filter((one) => one.getClientRects().length !== 1
        || one.getBoundingClientRect().right > innerWidth
        || one.getBoundingClientRect().height > 56)
    .map((one) => one.textContent)";

#[tokio::test]
async fn forms_and_checks_fit_a_small_phone_and_so_do_all_places_of_the_desk() {
    let team = Team::start();
    a_day_with_forms(&team).await;
    let agent = checker(&team, Like::PHONE).await;
    on_each_page(&agent, async |window, page| {
        window.assert_fits().await;
        assert_eq!(window.count(".nav a").await, 6, "{page}");
        assert_eq!(window.evaluate(BROKEN).await, json!([]), "{page}");
        window.picture(&format!("desk-{page}-phone")).await;
    })
    .await;
}

#[tokio::test]
async fn a_held_answer_becomes_a_secure_form_by_keyboard_alone() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("I cannot get into my account").await;
    let agent = team.agent("kim", "agent").await;
    let enter = Key::Enter.to_string();
    agent.opens("/desk/threads?state=waiting_on_us").await;
    agent.tab_to("a[data-thread]").await;
    agent.press(&enter).await;
    agent.tab_to("#reply-text").await;
    agent.press(ASKS).await;
    agent.tab_to("#reply-send").await;
    agent.press(&enter).await;
    agent.shows("#held", "Not sent yet").await;
    agent.tab_to("#held button[name=identity]").await;
    agent.press(&enter).await;
    agent.shows("#thread-forms", "not opened yet").await;
    agent.gone("#held .card").await;
    customer.find(".open-form").await;
    let chat = customer.lines().await.concat();
    assert!(!chat.contains(ASKS), "{chat}");
}
