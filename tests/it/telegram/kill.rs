//! SIGKILL while thousands of updates wait: nothing is lost, nothing is taken twice, and what is sent
//! twice is at most what was under way.

use std::{collections::BTreeMap, time::Duration};

use crate::support::telegram::{Fault, Message, Person, Telegram};

use super::team::Team;

const CUSTOMERS: usize = 50;
const EACH: usize = 100;
const UPDATES: usize = CUSTOMERS * EACH;
/// How many cards there are: each customer asks to be rung.
const CALLS: usize = CUSTOMERS;
const KILLS: usize = 3;
/// How many things our destination at Telegram for the desk has under way at once.
const UNDER_WAY: usize = 16;
/// How long thousands of messages may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// As fast as it goes: at Telegram's own pace the relayed messages would take hours.
const FAST: &str = "messages_per_second = 100000\ngroup_messages_per_minute = 1000000\n";
/// A card for each callback, however many.
const RULES: &str = "[desks.main]\nquiet_hours = \"never\"\ncards_open = 1000\n";

/// What a customer writes as their so-and-so-manieth message.
fn text(message: usize) -> String {
    if message == 0 {
        return format!("Please call me, line {message}.");
    }
    format!("My bill is wrong, line {message}.")
}

/// Which callback a card is of.
fn callback(message: &Message) -> Option<String> {
    let head = message.text().lines().next()?;
    let (_, id) = head.rsplit_once("callback ")?;
    Some(id.to_owned())
}

/// The cards among what stands in the desk's group, by their callbacks.
fn cards(all: &[Message]) -> BTreeMap<String, Vec<Message>> {
    let mut cards: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    for message in all {
        if let Some(id) = callback(message) {
            cards.entry(id).or_default().push(message.clone());
        }
    }
    cards
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_waiting_updates_survive_kills() {
    let telegram = Telegram::start();
    let care = telegram.group("Care");
    let mut team = Team::start_in(telegram, care, FAST, RULES).await;
    team.stop();
    let customers: Vec<Person> = (0..CUSTOMERS)
        .map(|n| team.telegram.customer(&format!("Customer {n}")))
        .collect();
    for message in 0..EACH {
        for customer in &customers {
            customer.writes(&text(message));
        }
    }
    assert_eq!(team.telegram.waiting(), UPDATES);
    for kill in 1..=KILLS {
        team.start_again();
        let left = UPDATES - UPDATES * kill / (KILLS + 1);
        team.telegram.has_been_read_but(left, PATIENCE).await;
        team.kill();
    }
    team.start_again();
    team.telegram.has_been_read_but(0, PATIENCE).await;
    team.care
        .waits_until("every card", |all| cards(all).len() == CALLS)
        .await;
    let client = team.bot().client(&team.home.token());

    for customer in &customers {
        let path = format!("/api/v1/threads/telegram/{}?limit=500", customer.id());
        let thread = client.get(&path).await.json();
        let messages = thread["messages"].as_array().expect("messages").iter();
        let texts: Vec<&str> = messages
            .filter(|message| message["from"] == "customer")
            .filter_map(|message| message["text"].as_str())
            .collect();
        let wrote: Vec<String> = (0..EACH).map(text).collect();
        assert_eq!(texts, wrote, "each is in the store, once, in its order");
    }

    let all = team.care.messages();
    let cards = cards(&all);
    let repeated: Vec<&Vec<Message>> = cards.values().filter(|of| of.len() > 1).collect();
    let shown = all.iter().filter(|message| callback(message).is_none());
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for message in shown.filter(|message| message.text().contains(", line ")) {
        *times.entry(message.text()).or_default() += 1;
    }
    let sum = |times: &mut dyn Iterator<Item = usize>| times.map(|times| times - 1).sum::<usize>();
    let again = sum(&mut times.values().copied()) + sum(&mut cards.values().map(Vec::len));
    println!(
        "{KILLS} kills, {UPDATES} updates: {again} messages to the desk came again, {} of them cards",
        repeated.len()
    );
    assert!(again <= KILLS * UNDER_WAY, "{again} came again");
    for of in repeated {
        team.kim.presses(&of[0], "Claim").answer().await;
        of[0].disappears().await;
    }
}

#[tokio::test]
async fn a_card_that_was_sent_twice_is_folded_away_at_its_first_press() {
    let mut team = {
        let telegram = Telegram::start();
        let care = telegram.group("Care");
        Team::start_in(telegram, care, "", RULES).await
    };
    // It arrives, and its answer never does.
    team.telegram.fails_at("sendMessage", "Claim", &Fault::Hang);
    team.telegram.customer("Rosa").writes("Please call me.");
    let first = team.card().await;
    team.kill();
    team.start_again();
    let is_second = |message: &Message| message.id() > first.id() && callback(message).is_some();
    let second = team.care.waits_for_message("another card", is_second).await;
    assert_eq!(callback(&first), callback(&second));
    team.settled().await;

    let press = team.kim.presses(&first, "Claim");
    press.answer().await;
    first.disappears().await;
    second.becomes(|card| card.button("Done").is_some()).await;
}
