//! A two-person team runs its whole customer care with one bot: whole stories on Telegram alone, each
//! also with a restart and a cut network in the middle.

use crate::support::telegram::{Message, Person};

use super::team::Team;

/// What breaks in the middle of a story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// Killed and started again.
    Killed,
    /// The network was cut and is there again.
    Cut,
}

impl Trouble {
    fn strikes(self, team: &mut Team) {
        match self {
            Self::None => {}
            Self::Killed => team.kill(),
            Self::Cut => team.telegram.goes_away(),
        }
    }

    fn is_over(self, team: &mut Team) {
        match self {
            Self::None => {}
            Self::Killed => team.start_again(),
            Self::Cut => team.telegram.comes_back(),
        }
    }
}

/// The customer asks, an agent answers from the group, the customer comes back unhappy.
async fn unhappy(team: &mut Team, trouble: Trouble) -> (Person, Message) {
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Hi, my bill for December is wrong");
    let topic = team.care.topic("Rosa").await;
    topic.waits_for("bill for December").await;
    team.settled().await;
    trouble.strikes(team);
    team.kim.writes_in(
        &topic,
        "Hello! You can find every bill under Account, Invoices.",
    );
    trouble.is_over(team);
    rosa.receives("You can find every bill").await;
    trouble.strikes(team);
    rosa.writes("That's not what I asked. I have one subscription, so why do you bill two?");
    trouble.is_over(team);
    let card = team.card().await;
    team.settled().await;
    (rosa, card)
}

/// The card is claimed, the call is done with a note and a line, the customer reads it and says thanks.
async fn done(team: &mut Team, rosa: &Person, card: Message, trouble: Trouble) {
    let kim = team.kim.clone();
    trouble.strikes(team);
    let press = kim.presses(&card, "Claim");
    trouble.is_over(team);
    assert_eq!(press.answer().await, "It is yours.");
    let card = card.becomes(|card| card.button("Done").is_some()).await;
    kim.presses(&card, "Done").answer().await;
    let outcome = team.asks("How did the call go?").await;
    kim.presses(&outcome, "Solved").answer().await;
    let note = team.asks("What was said?").await;
    trouble.strikes(team);
    kim.replies(&note, "Two accounts, merged; refund on Friday");
    trouble.is_over(team);
    let line = team.asks("A line for the customer?").await;
    kim.replies(&line, "We have merged your two accounts.");
    let shown = team.asks("This goes to the customer:").await;
    kim.presses(&shown, "Send").answer().await;
    rosa.receives("We have merged your two accounts.").await;
    card.becomes(|card| card.buttons().is_empty()).await;
    let thanks = rosa.writes("Thank you so much, that helped!");
    let topic = team.care.topic("Rosa").await;
    topic.waits_for(thanks.text()).await;
    team.telegram.has_been_read().await;
    let hers = rosa.as_text();
    assert!(!hers.contains("refund"), "a note is for us alone: {hers}");
}

#[tokio::test]
async fn a_customer_who_comes_back_unhappy_is_rung_and_thanked() {
    let mut team = Team::start().await;
    let (rosa, card) = unhappy(&mut team, Trouble::None).await;
    done(&mut team, &rosa, card, Trouble::None).await;
    team.stop();
}

#[tokio::test]
async fn the_same_story_with_a_kill_at_every_turn() {
    let mut team = Team::start().await;
    let (rosa, card) = unhappy(&mut team, Trouble::Killed).await;
    done(&mut team, &rosa, card, Trouble::Killed).await;
}

#[tokio::test]
async fn the_same_story_with_a_network_that_is_cut_at_every_turn() {
    let mut team = Team::start().await;
    let (rosa, card) = unhappy(&mut team, Trouble::Cut).await;
    done(&mut team, &rosa, card, Trouble::Cut).await;
}

/// A customer who is helped and says so is rung by nobody.
async fn thanks(trouble: Trouble) -> (Team, Person) {
    let mut team = Team::start().await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Hi, where do I find my bill?");
    let topic = team.care.topic("Rosa").await;
    let asked = topic.waits_for("where do I find my bill?").await;
    team.settled().await;
    trouble.strikes(&mut team);
    team.kim
        .replies(&asked, "You can find every bill under Account, Invoices.");
    trouble.is_over(&mut team);
    rosa.receives("every bill").await;
    trouble.strikes(&mut team);
    rosa.writes("Found it, many thanks!");
    trouble.is_over(&mut team);
    topic.waits_for("Found it, many thanks!").await;
    team.telegram.has_been_read().await;
    team.kim.writes_in(&team.care, "/queue");
    team.care.waits_for("Nobody waits").await;
    (team, rosa)
}

#[tokio::test]
async fn a_customer_who_says_thanks_is_rung_by_nobody() {
    let (mut team, rosa) = thanks(Trouble::None).await;
    insta::assert_snapshot!(rosa.as_text(), @r"
    Rosa: Hi, where do I find my bill?
    Ringback: You can find every bill under Account, Invoices.
    Rosa: Found it, many thanks!
    ");
    team.stop();
}

#[tokio::test]
async fn thanks_end_it_also_after_a_kill_and_a_cut_network() {
    thanks(Trouble::Killed).await;
    thanks(Trouble::Cut).await;
}
