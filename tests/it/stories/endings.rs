//! How a conversation ends: in a callback, or in thanks.

use super::people::Team;
use crate::support::browser::Like;

#[tokio::test]
async fn a_third_exchange_without_thanks_ends_in_a_callback() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Hi, my bill for December is wrong").await;

    // High enough for the README's picture.
    let high = Like {
        height: 1_080,
        ..Like::LAPTOP
    };
    let agent = team.agent_like("kim", "agent", high).await;
    agent.opens_a_thread("waiting_on_us").await;
    agent
        .shows("main", "Hi, my bill for December is wrong")
        .await;
    agent
        .answers("Hello! You can find every bill under Account, Invoices.")
        .await;
    customer.reads("You can find every bill").await;

    // The agent's page tells by itself.
    customer
        .writes("That's not what I asked. I have one subscription, so why do you bill two?")
        .await;
    agent.shows("main", "why do you bill two?").await;
    agent.find("form[action$='/claim']").await;
    agent.opens_a_thread("needs_call").await;
    agent.picture("desk").await;

    agent.opens("/desk/callbacks").await;
    agent.shows(".card", "why do you bill two?").await;
    agent.click("form[action$='/claim'] button").await;
    agent.shows("[role=status]", "It is yours").await;
    agent.opens("/desk/callbacks?view=mine").await;
    agent.click("details[id$=done] summary").await;
    agent
        .type_into(
            "textarea[name=note]",
            "Two accounts, merged; refund on Friday",
        )
        .await;
    agent.click("input[value=solved]").await;
    agent.click("form[action$='/done'] .button-main").await;
    agent.shows("[role=status]", "the case is solved").await;
    agent.opens_a_thread("solved").await;
    agent.shows("main", "refund on Friday").await;
    // A note is for us alone.
    assert!(!customer.lines().await.concat().contains("refund"));
}

#[tokio::test]
async fn thanks_end_it_without_a_callback() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("Hi, where do I find my bill?").await;
    let agent = team.agent("kim", "agent").await;
    agent.opens_a_thread("waiting_on_us").await;
    agent
        .answers("You can find every bill under Account, Invoices.")
        .await;
    customer.reads("under Account, Invoices").await;
    customer.writes("Found it, many thanks!").await;
    agent.shows("main", "Found it, many thanks!").await;
    agent.opens("/desk/threads?state=solved").await;
    agent.find("a[data-thread]").await;
    agent.opens("/desk/callbacks").await;
    agent.shows("main", "Nobody waits for a call").await;
}

#[tokio::test]
async fn thanks_that_were_none_are_corrected_in_one_tap_and_the_count_goes_on() {
    let team = Team::start();
    let customer = team.customer().await;
    customer.writes("My bill for December is wrong").await;
    let agent = team.agent("kim", "agent").await;
    agent.opens_a_thread("waiting_on_us").await;
    agent
        .answers("You can find every bill under Account.")
        .await;
    customer.reads("under Account").await;
    customer.writes("Thank you so much").await;

    agent.opens_a_thread("solved").await;
    agent.click("button.correct[value=not_thanks]").await;
    agent.shows("main", "kim said").await;
    // It was the third exchange, so it rings now.
    agent.find("form[action$='/claim']").await;
    agent.opens("/desk/threads?state=solved").await;
    agent.gone("a[data-thread]").await;
    agent.opens("/desk/callbacks").await;
    agent.shows(".card", "Thank you so much").await;
}
