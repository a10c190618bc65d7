//! What agents are asked of a call: every step of it, with a restart in the middle of each; and what
//! waits for whoever opens their chat with the bot late.

use crate::support::telegram::{Message, Person};

use super::{
    presses::{card, colleague},
    team::Team,
};

/// Claims a card and asks for what there is to say of the call.
async fn rung(team: &Team, card: &Message) -> Message {
    assert_eq!(
        team.kim.presses(card, "Claim").answer().await,
        "It is yours."
    );
    let claimed = card.becomes(|card| card.button("Done").is_some()).await;
    team.settled().await;
    team.kim.presses(&claimed, "Done").answer().await;
    team.asks("How did the call go?").await
}

#[tokio::test]
async fn a_call_is_done_with_every_step_and_a_kill_before_each() {
    let mut team = Team::start().await;
    let (rosa, _, card) = card(&team, "Rosa").await;
    let outcome = rung(&team, &card).await;
    let again = |team: &mut Team, answers: &dyn Fn(&Person)| {
        team.kill();
        answers(&team.kim);
        team.start_again();
    };
    again(&mut team, &|kim| drop(kim.presses(&outcome, "Solved")));
    let note = team.asks("What was said?").await;
    again(&mut team, &|kim| {
        drop(kim.replies(&note, "Two accounts, merged; refund on Friday"));
    });
    let line = team.asks("A line for the customer?").await;
    again(&mut team, &|kim| {
        drop(kim.replies(&line, "We have mergd them."))
    });
    let shown = team.asks("We have mergd them.").await;
    again(&mut team, &|kim| drop(kim.presses(&shown, "Change")));
    let line = team.asks("A line for the customer?").await;
    again(&mut team, &|kim| {
        drop(kim.replies(&line, "We have merged them."))
    });
    let shown = team.asks("We have merged them.").await;
    again(&mut team, &|kim| drop(kim.presses(&shown, "Send")));
    rosa.receives("We have merged them.").await;
    card.becomes(|card| card.text().contains("solved")).await;
    let hers = rosa.as_text();
    assert!(!hers.contains("refund"), "a note is for us alone: {hers}");
    assert!(!hers.contains("mergd"), "{hers}");
}

#[tokio::test]
async fn a_question_that_is_left_changes_nothing() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    let outcome = rung(&team, &card).await;
    assert_eq!(
        team.kim.presses(&outcome, "Cancel").answer().await,
        "Cancelled: nothing was changed."
    );
    let told = team.kim.presses(&outcome, "Solved").alert().await;
    assert!(told.starts_with("That question is over."), "{told}");
    assert!(card.now().expect("the card").button("Done").is_some());
}

#[tokio::test]
async fn who_opens_the_chat_after_claiming_is_shown_the_rest_then() {
    let team = Team::start().await;
    let ana = colleague(&team, "Ana").await;
    let (_, _, card) = card(&team, "Rosa").await;
    let opens = ana.presses(&card, "Claim").whole_answer().await;
    let url = opens.url.expect("a chat opens, since Ana has none yet");
    team.settled().await;
    ana.opens(&url);
    let private = ana.receives("Say first").await;
    assert!(private.button("Done").is_some(), "{private:?}");
}
