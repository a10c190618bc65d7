//! What agents press, command and answer in Telegram, and what they are told: also when it is too late,
//! somebody else's, made up, or cut off.

use std::time::Duration;

use crate::support::telegram::{Fault, Message, Person, Topic};

use super::team::Team;

/// A colleague whom Kim, an admin, makes an agent.
pub(super) async fn colleague(team: &Team, name: &str) -> Person {
    let colleague = team.care.member(name);
    let hello = colleague.writes_in(&team.care, "Hello");
    team.kim.replies(&hello, "/agent");
    let is_question = |message: &Message| message.button("Yes").is_some();
    let question = team
        .care
        .waits_for_message("who is to be an agent", is_question)
        .await;
    team.kim.presses(&question, "Yes").whole_answer().await;
    question
        .becomes(|question| question.buttons().is_empty())
        .await;
    colleague
}

/// A customer who comes back unhappy, with their topic and their card.
pub(super) async fn card(team: &Team, name: &str) -> (Person, Topic, Message) {
    let shown = new_card(team, name).await;
    team.settled().await;
    shown
}

/// The same, as soon as the chat shows the card.
async fn new_card(team: &Team, name: &str) -> (Person, Topic, Message) {
    let customer = team.telegram.customer(name);
    customer.writes("Hi, my bill for December is wrong");
    let topic = team.care.topic(name).await;
    topic.waits_for("bill for December").await;
    team.kim
        .writes_in(&topic, "You can find every bill under Account, Invoices.");
    customer.receives("every bill").await;
    customer.writes("That's not what I asked. I have one subscription, so why do you bill two?");
    let is_card =
        |message: &Message| message.button("Claim").is_some() && message.text().contains(name);
    let card = team.care.waits_for_message("a card", is_card).await;
    (customer, topic, card)
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_wins_and_the_other_is_told_who() {
    let team = Team::start().await;
    let ana = colleague(&team, "Ana").await;
    let (_, _, card) = card(&team, "Rosa").await;
    let (first, second) = (
        team.kim.presses(&card, "Claim"),
        ana.presses(&card, "Claim"),
    );
    assert_eq!(first.answer().await, "It is yours.");
    assert_eq!(second.alert().await, "Admin has it.");
    let claimed = card.becomes(|card| card.button("Done").is_some()).await;
    for button in ["Done", "No answer", "Later", "Keep typing"] {
        let told = ana.presses(&claimed, button).alert().await;
        assert_eq!(told, "Admin has it.", "{button}");
    }
    assert_eq!(
        team.kim.presses(&claimed, "Release").answer().await,
        "It is back in the queue."
    );
    let free = card.becomes(|card| card.button("Claim").is_some()).await;
    let opens = ana.presses(&free, "Claim").whole_answer().await;
    let url = opens.url.expect("a chat opens, since Ana has none yet");
    assert!(url.starts_with("https://t.me/"), "{url}");
}

#[tokio::test]
async fn going_on_in_text_asks_why_under_the_card_and_a_stale_button_says_what_happened() {
    let team = Team::start().await;
    let ana = colleague(&team, "Ana").await;
    let (_, _, card) = card(&team, "Rosa").await;
    team.kim.presses(&card, "Keep typing").answer().await;
    let asked = card.becomes(|card| card.button("Thanks").is_some()).await;
    assert!(
        asked.button("Claim").is_some(),
        "colleagues still have theirs"
    );
    assert_eq!(
        ana.presses(&asked, "Thanks").alert().await,
        "That question is for a colleague."
    );
    team.kim.presses(&asked, "Cancel").answer().await;
    let left = card.becomes(|card| card.button("Thanks").is_none()).await;
    assert_eq!(left.buttons(), card.buttons());
    assert_eq!(
        team.kim.presses(&asked, "Thanks").alert().await,
        "That question is over. Press the button again to start anew."
    );
    team.kim.presses(&card, "Keep typing").answer().await;
    let asked = card.becomes(|card| card.button("Thanks").is_some()).await;
    assert_eq!(
        team.kim.presses(&asked, "Thanks").answer().await,
        "Kept typing: it was a thank-you."
    );
    card.becomes(|card| card.buttons().is_empty()).await;
    let told = ana.presses(&card, "Claim").alert().await;
    assert!(
        told.starts_with("Callback 1 · kept typing: it was a thank-you by Admin · "),
        "{told}"
    );
}

#[tokio::test]
async fn a_time_is_chosen_or_written_and_said_back() {
    let mut team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    team.kim.presses(&card, "Later").answer().await;
    let asked = card
        .becomes(|card| card.button("Write a time").is_some())
        .await;
    team.kim.presses(&asked, "Write a time").answer().await;
    let question = team.care.waits_for("When shall we ring?").await;
    team.kim.replies(&question, "soon");
    team.care.waits_for("I do not read that as a time.").await;
    team.kill();
    team.kim.replies(&question, "tomorrow 9");
    team.start_again();
    team.care.waits_for("To be rung tomorrow 09:00.").await;
    card.becomes(|card| card.text().contains("Promised for"))
        .await;
    question.disappears().await;
    let card = card.now().expect("the card");
    team.kim.presses(&card, "Later").answer().await;
    let asked = card
        .becomes(|card| card.button("Write a time").is_some())
        .await;
    let soonest = asked.buttons().swap_remove(0);
    let told = team.kim.presses(&asked, &soonest).answer().await;
    assert_eq!(told, format!("To be rung {soonest}."));
}

#[tokio::test]
async fn a_call_that_nobody_answers_and_one_that_leads_to_another_are_kept() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    assert_eq!(
        team.kim.presses(&card, "Claim").answer().await,
        "It is yours."
    );
    let claimed = card
        .becomes(|card| card.button("No answer").is_some())
        .await;
    assert_eq!(
        team.kim.presses(&claimed, "No answer").answer().await,
        "Kept: no answer. The card says what happens next."
    );
    let again = card.becomes(|card| card.button("Ring now").is_some()).await;
    team.kim.presses(&again, "Ring now").answer().await;
    let claimed = card.becomes(|card| card.button("Done").is_some()).await;
    assert_eq!(
        team.kim.presses(&claimed, "Done").answer().await,
        "I have asked you in private."
    );
    let outcome = team.asks("How did the call go?").await;
    team.kim.presses(&outcome, "Follow-up").answer().await;
    let when = team.asks("When shall we ring again?").await;
    team.kim.writes("tomorrow 14:00");
    let note = team.asks("What was said?").await;
    when.disappears().await;
    team.kim.presses(&note, "Skip").answer().await;
    let line = team.asks("A line for the customer?").await;
    team.kim.presses(&line, "Skip").answer().await;
    let kept = team.asks("Kept: more to follow.").await;
    assert!(
        kept.text().contains("To be rung again tomorrow 14:00."),
        "{kept:?}"
    );
}

#[tokio::test]
async fn commands_list_what_there_is_and_hand_it_over() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    team.kim.writes_in(&team.care, "/queue");
    let queue = team.care.waits_for("Due: 1").await;
    assert!(queue.text().contains("Rosa"), "{queue:?}");
    assert!(!queue.text().contains("subscription"), "{queue:?}");
    team.kim.presses(&card, "Claim").answer().await;
    team.kim.writes("/mine");
    team.kim.receives("Yours: 1").await;
    team.kim.writes("/rules");
    team.kim.receives("Nothing is wrong with the file.").await;
    team.kim.writes("/help");
    team.kim.receives("/handover").await;
    team.kim.writes("/dance");
    team.kim.receives("I do not know that command").await;
    team.kim.writes("/cancel");
    team.kim.receives("There is nothing to cancel.").await;
    team.kim.writes("/handover");
    team.kim.receives("Going home?").await;
    team.kim.writes("/cancel");
    team.kim.receives("Cancelled: nothing was changed.").await;
    team.kim.writes("/handover");
    team.kim.receives("Going home?").await;
    team.kim.writes("She wants to hear of her refund");
    team.kim.receives("One callback is handed over.").await;
    card.becomes(|card| card.button("Claim").is_some()).await;
    team.kim.writes_in(&team.care, "/queue@another_bot");
    team.telegram.has_been_read().await;
    let offered = team.telegram.commands();
    for commands in [
        "/queue /mine /handover /link /agent /cancel /help",
        "/queue /mine /handover /rules /link /cancel /help",
    ] {
        assert!(offered.contains(commands), "{offered}");
    }
}

#[tokio::test]
async fn strangers_are_told_once_and_can_press_nothing() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    let stranger = team.care.member("Mallory");
    stranger.writes_in(&team.care, "/queue");
    stranger.writes_in(&team.care, "/mine");
    team.telegram.has_been_read().await;
    let refusals = team.care.messages();
    let refusals = refusals
        .iter()
        .filter(|message| message.text().contains("I only work for the team here"));
    assert_eq!(refusals.count(), 1);
    let told = stranger.presses(&card, "Claim").alert().await;
    assert!(
        told.starts_with("These buttons are for the team."),
        "{told}"
    );
    assert!(card.now().expect("the card").button("Claim").is_some());
}

#[tokio::test]
async fn a_card_may_be_pressed_before_we_hear_that_it_stands() {
    let team = Team::start().await;
    let late = Fault::SlowAfter(Duration::from_secs(1));
    team.telegram.fails_at("sendMessage", "Claim", &late);
    let (_, _, card) = new_card(&team, "Rosa").await;
    team.kim.presses(&card, "Claim").answer().await;
    card.becomes(|card| card.button("Done").is_some()).await;
}

#[tokio::test]
async fn a_payload_that_is_made_up_or_of_another_chat_does_nothing() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    let out_of_date = "This button is out of date. Look for the newest card, or send /queue.";
    for data in [
        "",
        "c",
        "msg_0.c",
        "card.X",
        "'; DROP TABLE posts; --",
        "1.claim",
    ] {
        let told = team.kim.presses_data(&card, data).alert().await;
        assert_eq!(told, out_of_date, "{data}");
    }
    let button = card.button("Claim").expect("a button");
    let real = button["callback_data"].as_str().expect("a payload");
    let elsewhere = team.kim.receives("").await;
    let told = team.kim.presses_data(&elsewhere, real).alert().await;
    assert_eq!(told, out_of_date);
    assert!(card.now().expect("the card").button("Claim").is_some());
}

#[tokio::test]
async fn a_question_that_does_not_get_there_changes_nothing_and_can_be_asked_again() {
    let team = Team::start().await;
    let (_, _, card) = card(&team, "Rosa").await;
    team.kim.presses(&card, "Claim").answer().await;
    let claimed = card.becomes(|card| card.button("Done").is_some()).await;
    team.telegram.has_been_read().await;
    for fault in [Fault::Status(502), Fault::CutBefore, Fault::Garbage(500)] {
        team.telegram.fails("sendMessage", 1, &fault);
        let told = team.kim.presses(&claimed, "Done").alert().await;
        assert!(
            told.starts_with("Telegram did not take my question"),
            "{told}"
        );
    }
    team.kim.presses(&claimed, "Done").answer().await;
    team.asks("How did the call go?").await;
}

#[tokio::test]
async fn a_thread_is_shown_in_private_and_a_form_is_sent() {
    let address = "public_url = \"https://help.example\"\ntrusted_proxies = [\"127.0.0.1\"]\n";
    let team = Team::start_at(address).await;
    let (rosa, _, card) = card(&team, "Rosa").await;
    assert_eq!(
        team.kim.presses(&card, "Show thread").answer().await,
        "I have sent it to you in private."
    );
    let shown = team.kim.receives("so why do you bill two?").await;
    assert!(shown.text().contains("my bill for December"), "{shown:?}");
    let told = team.kim.presses(&card, "Send details form").answer().await;
    assert_eq!(told, "They are asked to fill the form in.");
    rosa.waits_for_message("the form's link", |message| message.button("").is_some())
        .await;
}
