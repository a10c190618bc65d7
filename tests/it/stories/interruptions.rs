//! What goes wrong in the middle of a conversation: a reload, a restart, a kill, no network. No
//! line is lost, none is repeated.

use super::people::{Agent, Customer, Team};

/// A story may be played at night.
const ANY_HOUR: &str = "[desks.main]\nquiet_hours = \"never\"\n";

/// What Ringback says once the third exchange has opened a callback.
const OFFER: &str = "This is an automatic message from Ringback. A person of ours would like to ring \
    you about this. With the button below you can tell us which number to ring and when it suits you, \
    or that you would rather stay here in the chat.";

/// A customer who has asked, and the agent who has answered.
async fn in_the_middle(team: &Team) -> (Customer, Agent) {
    let customer = team.customer().await;
    customer.writes("Where is my parcel?").await;
    let agent = team.agent("kim", "agent").await;
    agent.opens_a_thread("waiting_on_us").await;
    agent.answers("It left our house this morning.").await;
    customer.reads("this morning").await;
    (customer, agent)
}

#[tokio::test]
async fn after_a_reload_the_conversation_goes_on_where_it_was() {
    let team = Team::start_with_rules(ANY_HOUR);
    let (customer, agent) = in_the_middle(&team).await;
    customer.reload().await;
    customer.reads("this morning").await;
    customer.writes("It still is not here!").await;
    agent.reload().await;
    agent.shows("main", "It still is not here!").await;
    assert_eq!(
        customer.lines().await,
        [
            "Where is my parcel?",
            "It left our house this morning.",
            "It still is not here!",
            OFFER,
        ]
    );
    agent.find("form[action$='/claim']").await;
}

#[tokio::test]
async fn a_restart_loses_no_line_and_repeats_none() {
    let mut team = Team::start_with_rules(ANY_HOUR);
    let (customer, agent) = in_the_middle(&team).await;
    team.stop();
    // What is written meanwhile is sent once it is back.
    customer.types("It still is not here!").await;
    team.start_again();
    customer
        .shows("#chat-lines [data-id]", "still is not here")
        .await;
    // The agent is signed in still, and the page comes back by itself.
    agent.shows("main", "It still is not here!").await;
    agent.answers("Then we had better ring you.").await;
    customer.reads("better ring you").await;
    assert_eq!(
        customer.lines().await,
        [
            "Where is my parcel?",
            "It left our house this morning.",
            "It still is not here!",
            OFFER,
            "Then we had better ring you.",
        ]
    );
}

#[tokio::test]
async fn a_kill_loses_no_line_and_repeats_none() {
    let mut team = Team::start_with_rules(ANY_HOUR);
    let (customer, agent) = in_the_middle(&team).await;
    customer.types("It still is not here!").await;
    team.kill();
    customer.types("Hello?").await;
    team.start_again();
    customer.shows("#chat-lines [data-id]", "Hello?").await;
    agent.shows("main", "Hello?").await;
    assert_eq!(
        customer.lines().await,
        [
            "Where is my parcel?",
            "It left our house this morning.",
            "It still is not here!",
            OFFER,
            "Hello?",
        ]
    );
    agent.find("form[action$='/claim']").await;
}

#[tokio::test]
async fn who_is_offline_is_told_and_what_they_write_arrives_later() {
    let team = Team::start_with_rules(ANY_HOUR);
    let (customer, agent) = in_the_middle(&team).await;
    customer.offline(true).await;
    customer.types("It still is not here!").await;
    customer.shows("#chat-notice", "offline").await;
    agent.answers("Has it come?").await;
    customer.offline(false).await;
    customer
        .shows("#chat-lines [data-id]", "still is not here")
        .await;
    customer.reads("Has it come?").await;
    agent.shows("main", "It still is not here!").await;
}
