//! Two of us at once.

use super::people::Team;

#[tokio::test]
async fn of_two_who_claim_one_wins_and_the_other_is_told_who_without_reloading() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    let lee = team.agent("lee", "agent").await;
    kim.opens_a_thread("needs_call").await;
    lee.opens_a_thread("needs_call").await;
    // Both see it, and that nobody has it.
    lee.find("form[action$='/claim']").await;
    let before = lee.stamp().await;

    kim.click("form[action$='/claim'] button").await;
    kim.shows("main", "It is yours").await;
    lee.shows("main", "kim has it").await;
    lee.gone("form[action$='/claim']").await;
    assert_eq!(lee.stamp().await, before, "the page was not loaded again");
}

#[tokio::test]
async fn who_claims_what_somebody_else_has_is_told_who() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Please ring me about my bill").await;
    let kim = team.agent("kim", "agent").await;
    // Without scripts, so that the button stays although kim has it.
    let lee = team
        .agent_like(
            "lee",
            "agent",
            crate::support::browser::Like::WITHOUT_SCRIPTS,
        )
        .await;
    kim.opens("/desk/callbacks").await;
    lee.opens("/desk/callbacks").await;
    lee.find("form[action$='/claim']").await;
    kim.click("form[action$='/claim'] button").await;
    kim.shows("[role=status]", "It is yours").await;
    lee.click("form[action$='/claim'] button").await;
    lee.shows("[role=status]", "kim has it").await;
}

#[tokio::test]
async fn each_sees_that_the_other_is_typing() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Where is my parcel?").await;
    let agent = team.agent("kim", "agent").await;
    agent.opens_a_thread("waiting_on_us").await;
    agent.type_into("#reply-text", "Let me").await;
    customer.find("#chat-typing:not([hidden])").await;
    customer.type_into("#chat-text", "It is").await;
    agent.find("[data-typing]:not([hidden])").await;
}
