//! A network in a storm, between Ringback and whom it speaks to: afterwards everything has arrived, in
//! order, once for whoever goes by the keys.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    support::{
        bot::Home,
        chaos::Chaos,
        client::customer,
        receiver::{Hook, Receiver},
        telegram::{Message, Person, Telegram},
    },
    telegram::team::Team,
};

/// Threads, each with so many lines. Many threads, so that none has to try often.
const THREADS: usize = 12;
const LINES: usize = 3;
/// Each kind of fault twice.
const FAULTS: usize = 16;
/// On Telegram fewer suffer at once: who asks for updates waits longer after each.
const FEWER: usize = 5;

/// Decisions as they were first told, thread by thread, for whoever goes by the keys.
fn first_told(hooks: &[Hook]) -> BTreeMap<String, Vec<String>> {
    let mut keys = BTreeSet::new();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for hook in hooks.iter().filter(|hook| keys.insert(&hook.id)) {
        if hook.body["type"] == "decision.made" {
            let part = |name: &str| hook.body["data"][name].as_str().expect("text").to_owned();
            told.entry(part("thread")).or_default().push(part("id"));
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_arrive_through_a_storm_in_order_and_once_by_their_keys() {
    let receiver = Receiver::start().await;
    let chaos = Chaos::before(&receiver.url()).await;
    let settings = receiver.settings_for(&["decision", "decision.quiet"]);
    let settings = settings.replace(&receiver.url(), &chaos.url());
    let home = Home::new(&format!(
        "{settings}timeout = \"1s\"\nconcurrency = {THREADS}\n"
    ));
    let bot = home.start();
    let client = bot.client(&home.token());
    chaos.storm(FAULTS);
    let batch: Value = (0..LINES)
        .flat_map(|line| (0..THREADS).map(move |thread| (thread, line)))
        .map(|(thread, line)| customer(&format!("t{thread}"), &line.to_string(), "hello"))
        .collect();
    let results = client.messages(&batch).await.results();
    assert_eq!(results.len(), THREADS * LINES);
    chaos.is_over().await;
    let all = |hooks: &[Hook]| {
        let told = first_told(hooks);
        told.values().map(Vec::len).sum::<usize>() == THREADS * LINES
    };
    let hooks = receiver.until(all).await;
    let in_order: Vec<String> = (0..LINES).map(|line| line.to_string()).collect();
    for (thread, told) in first_told(&hooks) {
        assert_eq!(told, in_order, "{thread}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_through_a_storm_brings_each_message_once_and_shows_every_card() {
    let telegram = Telegram::start();
    let chaos = Chaos::before(&telegram.url()).await;
    let care = telegram.group("Care");
    let bots = telegram.settings().replace(&telegram.url(), &chaos.url());
    let settings = format!(
        "rules = \"rules.toml\"\n{bots}messages_per_second = 100000\ngroup_messages_per_minute = 1000000\n\
         [channels.telegram]\nkind = \"telegram\"\n"
    );
    let rules = "[desks.main]\nquiet_hours = \"never\"\ncards_open = 1000\n";
    let team = Team::start_with(telegram, care, &settings, rules).await;
    let mut customers: Vec<Person> = Vec::new();
    let texts = ["Please call me, line 0.", "My bill is wrong, line 1."];
    for storm in 0..3 {
        chaos.storm(FEWER);
        for n in 0..3 {
            let customer = team.telegram.customer(&format!("Customer {storm}-{n}"));
            for text in texts {
                customer.writes(text);
            }
            customers.push(customer);
        }
        chaos.is_over().await;
        team.telegram.has_been_read().await;
    }
    let is_card = |message: &&Message| message.button("Claim").is_some();
    let cards = |all: &[Message]| {
        let heads = all.iter().filter(is_card);
        let heads: BTreeSet<_> = heads
            .filter_map(|card| Some(card.text().lines().next()?.to_owned()))
            .collect();
        heads.len()
    };
    team.care
        .waits_until("every card", |all| cards(all) == customers.len())
        .await;
    let client = team.bot().client(&team.home.token());
    for customer in &customers {
        let path = format!("/api/v1/threads/telegram/{}?limit=500", customer.id());
        let thread = client.get(&path).await.json();
        let messages = thread["messages"].as_array().expect("messages").iter();
        let told: Vec<_> = messages
            .filter(|message| message["from"] == "customer")
            .filter_map(|message| message["text"].as_str())
            .collect();
        assert_eq!(told, texts, "each once, in its order");
    }
}
