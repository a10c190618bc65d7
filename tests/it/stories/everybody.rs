//! For everybody: by keyboard alone, on a small phone, without JavaScript, with a screen reader, in
//! light and dark.

use super::people::{Agent, Team};
use crate::support::browser::{Like, Window};
use fantoccini::key::Key;

/// The desk's pages that every admin can open.
const PAGES: &[&str] = &[
    "/desk/callbacks",
    "/desk/callbacks?view=mine",
    "/desk/callbacks?view=scheduled",
    "/desk/threads?state=waiting_on_us",
    "/desk/threads?state=waiting_on_customer",
    "/desk/threads?state=needs_call",
    "/desk/threads?state=solved",
    "/desk/threads?state=held",
    "/desk/rules",
    "/account",
    "/accounts",
    "/chats",
    "/no/such/page",
];

/// Something in every list: a callback, one that is claimed, a solved thread, a held one.
async fn a_busy_day(team: &Team) {
    let api = team.bot().client(&team.home.token());
    for (thread, lines) in [
        ("urgent", &["I will call my lawyer"][..]),
        ("asked", &["Please ring me about my bill"]),
        (
            "waiting",
            &["Where is my parcel? It was promised for Monday"],
        ),
        ("held", &["My bill is wrong, and please don't phone me"]),
        ("solved", &["Found it, many thanks!"]),
        (
            "a-very-long-one",
            &[
                "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnungsentwurf and https://example.com/a/very/long/address/without/any/place/to/break/it/in/two",
            ],
        ),
        ("card", &["My card is 4111 1111 1111 1111, please ring me"]),
    ] {
        for (number, text) in lines.iter().enumerate() {
            let sent = serde_json::json!({
                "channel": "chat", "thread": thread, "id": number.to_string(),
                "from": "customer", "author": format!("@{thread}"), "text": text,
            });
            assert_eq!(api.messages(&sent).await.status, 200);
        }
    }
}

/// Each page, and a thread of each list.
async fn on_each_page(agent: &Agent, check: impl AsyncFn(&Window, &str)) {
    for page in PAGES {
        agent.opens(page).await;
        agent.find("main").await;
        check(agent, page).await;
    }
    for state in ["waiting_on_us", "needs_call", "held"] {
        agent.opens(&format!("/desk/threads?state={state}")).await;
        agent.click("a[data-thread]").await;
        agent.shows("main", "exchange").await;
        check(agent, state).await;
    }
}

#[tokio::test]
async fn axe_finds_nothing_serious_on_any_page_of_the_desk() {
    let team = Team::start();
    a_busy_day(&team).await;
    let admin = team.agent("root", "admin").await;
    on_each_page(&admin, async |window, _| window.assert_accessible().await).await;
}

#[tokio::test]
async fn axe_finds_nothing_serious_outside() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.assert_accessible().await;
    customer.writes("My bill is wrong").await;
    customer.assert_accessible().await;
    let window = Window::open().await;
    for path in ["/sign-in", "/chat/webchat/embed", "/no/such/page", "/desk"] {
        window.goto(&format!("{}{path}", team.url)).await;
        window.find("main").await;
        window.assert_accessible().await;
    }
    window.goto(&team.link("kim", "agent")).await;
    window.find("form[action^='/sign-in/link']").await;
    window.assert_accessible().await;
}

#[tokio::test]
async fn nothing_sticks_out_on_a_small_phone() {
    let team = Team::start();
    a_busy_day(&team).await;
    let admin = team.agent_like("root", "admin", Like::PHONE).await;
    on_each_page(&admin, async |window, _| window.assert_fits().await).await;
    let customer = team.customer_like(Like::PHONE).await;
    customer.writes("My bill is wrong").await;
    customer.assert_fits().await;
    let window = Window::like(Like::PHONE).await;
    window.goto(&format!("{}/sign-in", team.url)).await;
    window.find("form").await;
    window.assert_fits().await;
}

#[tokio::test]
async fn the_desk_works_by_keyboard_alone() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;

    let enter = Key::Enter.to_string();
    let window = Window::open().await;
    window.goto(&team.link("kim", "agent")).await;
    window.tab_to("form[action^='/sign-in/link'] button").await;
    window.press(&enter).await;
    window.gone("form[action^='/sign-in/link']").await;
    window.goto(&format!("{}/desk/callbacks", team.url)).await;
    window.tab_to("form[action$='/claim'] button").await;
    window.press(&enter).await;
    window.shows("[role=status]", "It is yours").await;

    let agent = team.at_desk(window);
    agent.opens("/desk/threads?state=needs_call").await;
    agent.tab_to("a[data-thread]").await;
    agent.press(&enter).await;
    agent.answers_by_keys("I am about to ring you.").await;
    customer.reads("about to ring you").await;

    agent.opens("/desk/callbacks?view=mine").await;
    agent.tab_to("details[id$=done] summary").await;
    agent.press(&enter).await;
    agent.tab_to("input[value=solved]").await;
    agent.press(" ").await;
    agent.tab_to("textarea[name=note]").await;
    agent.press("Rang; the second bill was a mistake").await;
    agent.tab_to("form[action$='/done'] .button-main").await;
    agent.press(&enter).await;
    agent.shows("[role=status]", "the case is solved").await;
}

#[tokio::test]
async fn the_desk_works_without_javascript() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let agent = team.agent_like("kim", "agent", Like::WITHOUT_SCRIPTS).await;
    agent.opens_a_thread("needs_call").await;
    agent.answers("I am about to ring you.").await;
    customer.reads("about to ring you").await;
    agent.opens("/desk/callbacks").await;
    agent.click("form[action$='/claim'] button").await;
    agent.shows("[role=status]", "It is yours").await;
    agent.opens("/desk/callbacks?view=mine").await;
    agent.click("details[id$=done] summary").await;
    agent.type_into("textarea[name=note]", "Rang them").await;
    agent.click("input[value=solved]").await;
    agent.click("form[action$='/done'] .button-main").await;
    agent.shows("[role=status]", "the case is solved").await;
}

#[tokio::test]
async fn a_chat_without_javascript_says_what_it_needs() {
    let team = Team::start();
    let customer = team.customer_like(Like::WITHOUT_SCRIPTS).await;
    customer.shows("noscript", "JavaScript").await;
}
