//! Shifts: going home, and a night on which everybody writes at once.

use serde_json::json;

use super::people::{Agent, Team};
use crate::support::{browser::Like, client::Client};

/// So many customers of one outage.
const OUTAGE: usize = 500;

/// Rules that know what an outage is.
const RULES: &str = "[topics]\noutage = [\"internet\"]\n[desks.main]\nquiet_hours = \"never\"\n";

#[tokio::test]
async fn whoever_goes_home_leaves_a_word_and_the_next_shift_takes_it_from_there() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    let lee = team.agent("lee", "agent").await;
    kim.opens("/desk/callbacks").await;
    kim.click("form[action$='/claim'] button").await;
    kim.shows("main", "It is yours").await;
    lee.opens("/desk/callbacks").await;
    let before = lee.stamp().await;

    kim.click("main a[href='/desk/handover']").await;
    kim.type_into(
        "textarea[name^='note-']",
        "Rings back at ten, wants a refund",
    )
    .await;
    kim.assert_accessible().await;
    kim.click("form[action='/desk/handover'] button").await;
    kim.shows("[role=status]", "The next shift sees it").await;

    lee.shows("main", "Rings back at ten, wants a refund").await;
    assert_eq!(lee.stamp().await, before, "the page was not loaded again");
    lee.find("form[action$='/claim']").await;
    lee.assert_accessible().await;
    lee.click("form[action='/desk/handover/seen'] button").await;
    lee.gone("form[action='/desk/handover/seen']").await;
    lee.click("form[action$='/claim'] button").await;
    lee.shows("main", "It is yours").await;
}

#[tokio::test]
async fn without_scripts_one_goes_home_too_and_a_supervisor_does_it_for_who_forgot() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent_like("kim", "agent", Like::WITHOUT_SCRIPTS).await;
    kim.opens("/desk/callbacks").await;
    kim.click("form[action$='/claim'] button").await;
    kim.shows("[role=status]", "It is yours").await;
    let sue = team
        .agent_like("sue", "supervisor", Like::WITHOUT_SCRIPTS)
        .await;
    sue.opens("/desk/handover").await;
    sue.click("a[href='/desk/handover?of=kim']").await;
    sue.click("form[action='/desk/handover'] button").await;
    sue.shows("[role=status]", "The next shift sees it").await;
    kim.opens("/desk/callbacks?view=mine").await;
    kim.shows("main", "Your hands are free").await;
}

/// Customers come back a third time about the same thing, all within minutes.
async fn outage(client: &Client, from: usize, to: usize) {
    let texts = [
        ("2026-01-05T01:00:00Z", "My internet is down since midnight"),
        ("2026-01-05T01:20:00Z", "Does anybody read this at all?"),
        ("2026-01-05T01:40:00Z", "How long will this take?"),
    ];
    for n in from..to {
        let messages: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(k, (at, text))| {
                json!({"channel": "chat", "thread": format!("night{n}"), "id": format!("m{k}"),
                    "from": "customer", "author": format!("@night{n}"), "text": text, "at": at})
            })
            .collect();
        client.messages(&json!(messages)).await.results();
    }
}

async fn number(agent: &Agent, place: &str, number: usize) {
    agent.shows(place, &number.to_string()).await;
}

#[tokio::test]
async fn on_an_outage_night_five_hundred_customers_are_one_card_and_all_are_rung_in_the_end() {
    let team = Team::start_with_rules(RULES);
    let sue = team.agent("sue", "supervisor").await;
    let client = team.bot().client(&team.home.token());
    sue.opens("/desk/callbacks").await;
    outage(&client, 0, 60).await;
    // Nobody pressed anything: it came by itself.
    sue.shows("main", "Many write about outage").await;
    sue.shows("main", "60 callbacks are due").await;
    assert_eq!(
        sue.count("article[id^='callback-']").await,
        0,
        "no flood of cards"
    );
    sue.assert_accessible().await;

    sue.click("article[id^='incident-'] .actions a").await;
    sue.type_into("#text-en", "We know. It should be back by six.")
        .await;
    sue.click("#older").await;
    sue.assert_accessible().await;
    sue.click("form[action$='/hold'] button").await;
    sue.shows("[role=status]", "Held back").await;
    number(&sue, "#held", 60).await;
    outage(&client, 60, OUTAGE).await;
    number(&sue, "#came", OUTAGE).await;
    number(&sue, "#held", OUTAGE).await;

    sue.click("form[action$='/end'] button").await;
    sue.shows("main", &format!("{OUTAGE} callbacks are due"))
        .await;
    sue.click("form[action='/desk/callbacks/next'] button")
        .await;
    sue.shows("[role=status]", "It is yours").await;
    sue.shows("main", "@night0").await;
}
