//! The life of a callback, as the agents who work it and the customer who is rung see it.

use super::people::{Agent, Team};
use crate::support::browser::{Like, Window};

/// A desk that may ring at any hour, so that these stories are the same by night.
const ANY_HOUR: &str = "[desks.main]\nquiet_hours = \"never\"\n";

/// The same desk, which tries again at once.
const AT_ONCE: &str =
    "attempts = 2\nretry_after = [\"1s\"]\n[desks.main]\nquiet_hours = \"never\"\n";

/// Claims the first callback of the queue.
async fn claims(agent: &Agent) {
    agent.opens("/desk/callbacks").await;
    agent.click("form[action$='/claim'] button").await;
    agent.shows("[role=status]", "It is yours").await;
}

/// Opens the sheet of a call, and says what came of it.
async fn chooses(agent: &Agent, outcome: &str) {
    agent.click("[id$='-done'] > summary").await;
    agent
        .click(&format!("input[name=outcome][value={outcome}]"))
        .await;
}

#[tokio::test]
async fn a_claim_in_one_window_shows_in_the_other() {
    let team = Team::start_with_rules(ANY_HOUR);
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    let lee = team.agent("lee", "supervisor").await;
    lee.opens("/desk/callbacks").await;
    lee.find("#queue article").await;
    let before = lee.stamp().await;
    claims(&kim).await;
    lee.gone("#queue article").await;
    lee.shows("#queue", "Nobody waits for a call").await;
    assert_eq!(lee.stamp().await, before, "the page was not loaded again");
}

#[tokio::test]
async fn the_customer_reads_the_line_that_the_agent_wrote_after_the_call() {
    let team = Team::start_with_rules(ANY_HOUR);
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    claims(&kim).await;
    chooses(&kim, "solved").await;
    kim.type_into("textarea[name=note]", "Was charged twice")
        .await;
    kim.type_into("textarea[name=told]", "You get 12 euros back by Friday.")
        .await;
    kim.assert_accessible().await;
    kim.click("form[action$='/done'] .button-main").await;
    kim.shows("[role=status]", "the case is solved").await;
    customer.reads("You get 12 euros back by Friday.").await;
    // What was said for us stays with us; the card is one line.
    assert!(!customer.lines().await.concat().contains("charged twice"));
    kim.opens_a_thread("solved").await;
    kim.shows("#thread-calls", "solved by kim").await;
    kim.shows("#thread-calls", "Was charged twice").await;
    kim.shows("#thread-calls", "You get 12 euros back by Friday.")
        .await;
    kim.assert_accessible().await;
}

#[tokio::test]
async fn a_call_that_nobody_answered_is_due_again_by_itself() {
    let team = Team::start_with_rules(AT_ONCE);
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    claims(&kim).await;
    kim.click("button[value=no_answer]").await;
    kim.shows("[role=status]", "nobody answered").await;
    kim.opens("/desk/callbacks").await;
    kim.shows("#queue", "once, and nobody answered").await;
    kim.click(".before > summary").await;
    kim.shows("#queue", "no answer").await;
}

#[tokio::test]
async fn a_follow_up_is_promised_for_its_day_and_keeps_what_was_said() {
    let team = Team::start_with_rules(ANY_HOUR);
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    claims(&kim).await;
    chooses(&kim, "follow_up").await;
    kim.type_into("textarea[name=note]", "Waits for the engineer")
        .await;
    // Without a time nothing of what was typed is lost.
    kim.click("form[action$='/done'] .button-main").await;
    kim.shows("[role=alert]", "Choose when to ring again").await;
    kim.shows("textarea[name=note]", "Waits for the engineer")
        .await;
    kim.assert_accessible().await;
    kim.evaluate(
        "const at = new Date(Date.now() + 3 * 864e5);
         document.querySelector('input[name=at]').value = at.toISOString().slice(0, 16);",
    )
    .await;
    kim.click("form[action$='/done'] .button-main").await;
    kim.shows("[role=status]", "The next call is promised")
        .await;
    kim.opens("/desk/callbacks?view=scheduled").await;
    kim.shows("#queue", "Promised for").await;
    kim.click(".before > summary").await;
    kim.shows("#queue", "Waits for the engineer").await;
}

#[tokio::test]
async fn after_a_wrong_number_the_callback_is_due_and_the_customer_asked_for_another() {
    let team = Team::start_with_rules(ANY_HOUR);
    let customer = team.customer().await;
    customer
        .writes("Please ring me about my bill, 020 7946 0142 or +44 20 7946 0142")
        .await;
    let kim = team.agent("kim", "agent").await;
    claims(&kim).await;
    kim.find("a[href='tel:+442079460142']").await;
    chooses(&kim, "wrong_number").await;
    kim.click("form[action$='/done'] .button-main").await;
    kim.shows("[role=status]", "asked for another one").await;
    kim.opens("/desk/callbacks").await;
    kim.shows("#queue", "not known yet").await;
    customer.reads("number").await;
}

#[tokio::test]
async fn every_state_of_a_card_is_for_everybody() {
    let team = Team::start_with_rules(ANY_HOUR);
    let customer = team.customer().await;
    customer
        .writes("Please ring me on +44 20 7946 0142 about my bill")
        .await;
    for like in [Like::LAPTOP, Like::PHONE] {
        let name = if like.phone { "lee" } else { "kim" };
        let agent = team.agent_like(name, "supervisor", like).await;
        looks_at(&agent, "/desk/callbacks").await;
        claims(&agent).await;
        looks_at(&agent, "/desk/callbacks?view=mine").await;
        for sheet in ["done", "rest"] {
            agent.click(&format!("[id$='-{sheet}'] > summary")).await;
            checks(&agent).await;
        }
        agent.click("form[action$='/release'] button").await;
        agent.shows("[role=status]", "Released").await;
    }
}

async fn looks_at(agent: &Agent, path: &str) {
    agent.opens(path).await;
    agent.find("#queue article").await;
    checks(agent).await;
}

async fn checks(window: &Window) {
    window.assert_fits().await;
    window.assert_accessible().await;
}
