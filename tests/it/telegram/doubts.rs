//! As a desk opens, its group is asked about the thank-yous of which the reading was least sure.

use super::team::Team;
use crate::support::{
    morning,
    telegram::{Message, Person, Telegram},
};

/// A desk whose group may see what customers write, or not.
fn rules(card_detail: &str) -> String {
    format!("{}card_detail = \"{card_detail}\"\n", morning::open_now())
}

/// A team that opens again after two customers were taken for thankful, one less surely than is safe.
async fn opens_again(card_detail: &str) -> (Team, Person) {
    let telegram = Telegram::start();
    let care = telegram.forum("Care");
    let mut team = Team::start_in(telegram, care, "", &rules(card_detail)).await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Hi, my bill for December is wrong");
    let topic = team.care.topic("Rosa").await;
    topic.waits_for("bill for December").await;
    team.kim
        .writes_in(&topic, "It is corrected, you owe nothing.");
    rosa.receives("It is corrected").await;
    rosa.writes("Great, that worked, thank you!");
    topic.waits_for("Great, that worked").await;
    team.settled().await;
    team.stop();
    morning::thanks_became_unsure(&team.home);
    team.start_again();
    (team, rosa)
}

#[tokio::test]
async fn a_thank_you_is_checked_with_one_tap_and_a_no_rings() {
    let (team, _rosa) = opens_again("group").await;
    let asks = |message: &Message| message.button("No, look again").is_some();
    let question = team.care.waits_for_message("is it solved?", asks).await;
    assert!(
        question.text().contains("Great, that worked"),
        "{}",
        question.text()
    );
    assert!(question.button("Yes, solved").is_some());
    let told = team.kim.presses(&question, "No, look again").answer().await;
    assert_eq!(told, "↩️ Not solved: Ringback has looked at it again.");
    let over = question.becomes(|now| now.buttons().is_empty()).await;
    let line = over.text();
    assert!(line.starts_with(&told), "{line}");
    assert!(!line.contains("that worked"), "one plain line: {line}");
    assert!(team.card().await.text().contains("Rosa"));
}

#[tokio::test]
async fn a_group_that_must_not_see_what_customers_write_is_told_how_many_there_are() {
    let (team, _rosa) = opens_again("claimer").await;
    team.care.waits_for("1 thank-yous may have been none").await;
    team.settled().await;
    let shows = |message: &Message| {
        message.topic().is_none() && message.text().contains("Great, that worked")
    };
    assert!(!team.care.messages().iter().any(shows));
    let asks = |message: &Message| message.button("Yes, solved").is_some();
    assert!(!team.care.messages().iter().any(asks));
}
