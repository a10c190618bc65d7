//! SIGKILL at random instants while everything goes on at once: programs hand messages in, customers
//! write on Telegram, agents press buttons and work callbacks, cards and webhooks go out.
//!
//! `KILLS=200 cargo test --release --test it at_random_instants -- --nocapture` does it ten times longer;
//! `SEED=…` draws the same instants again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::load::{Bots, Progress, are_kept, sends, works};
use crate::{
    support::{
        client::Client,
        receiver::{Hook, Receiver},
        telegram::{Group, Message, Person, Telegram},
    },
    telegram::team::Team,
};

/// How many kills there are, if nobody says otherwise.
const KILLS: u64 = 20;
/// Programs that hand messages in.
const SENDERS: usize = 3;
/// At most so many steps lie between two kills.
const STEPS: usize = 40;
/// So many customers come on Telegram between two kills.
const COME: usize = 3;
/// So much each of them writes.
const EACH: usize = 4;
/// What may be under way at once, to Telegram and to the webhook.
const UNDER_WAY: usize = 16;
const CONCURRENCY: usize = 4;
/// How long the last of it may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

const SETTINGS: &str = "messages_per_second = 100000\ngroup_messages_per_minute = 1000000\n";
const RULES: &str = "[desks.main]\nquiet_hours = \"never\"\ncards_open = 1000\n";

/// A number from the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "a longer run, or the same one again, is for whoever asks for it"
)]
fn number(name: &str) -> Option<u64> {
    let said = std::env::var(name).ok()?;
    Some(said.parse().expect("a number"))
}

/// Which callback a card is of.
fn callback(message: &Message) -> Option<String> {
    let head = message.text().lines().next()?;
    let (_, id) = head.rsplit_once("callback ")?;
    Some(id.to_owned())
}

/// Kim presses *Claim* wherever it stands, once a card.
async fn presses(kim: Person, care: Group, progress: Arc<Progress>) {
    let mut pressed = BTreeSet::new();
    while !progress.is_over() {
        for card in care.messages() {
            if card.button("Claim").is_some() && pressed.insert(card.id()) {
                kim.presses(&card, "Claim");
                progress.step();
            }
        }
        progress.goes_on().await;
    }
}

/// Lets some customers write.
fn come(team: &Team, customers: &mut Vec<Person>) {
    for _ in 0..COME {
        let customer = team
            .telegram
            .customer(&format!("Customer {}", customers.len()));
        for line in 0..EACH {
            customer.writes(&text(line));
        }
        customers.push(customer);
    }
}

/// What a customer on Telegram writes as their so-and-so-manieth message.
fn text(line: usize) -> String {
    match line {
        0 => "Please call me, line 0.".to_owned(),
        line => format!("My bill is wrong, line {line}."),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_instants_lose_nothing_and_double_nothing() {
    let kills = number("KILLS").unwrap_or(KILLS);
    let seed = number("SEED").unwrap_or_else(|| rand::random_range(0..1_000_000));
    println!("SEED={seed} KILLS={kills}");
    let mut instants = StdRng::seed_from_u64(seed);

    let receiver = Receiver::start().await;
    let hook = receiver.settings_for(&["decision", "decision.quiet", "callback"]);
    let settings = format!("{SETTINGS}{hook}concurrency = {CONCURRENCY}\n");
    let telegram = Telegram::start();
    let care = telegram.group("Care");
    let mut team = Team::start_in(telegram, care.clone(), &settings, RULES).await;
    team.home.user("lee", "agent");
    let token = team.home.token();
    let (tell, bots) = Bots::first(team.bot().client(&token));
    let progress = Arc::new(Progress::default());
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        senders.spawn(sends(sender, bots.clone(), Arc::clone(&progress)));
    }
    let lee = tokio::spawn(works("lee", bots, Arc::clone(&progress)));
    let kim = tokio::spawn(presses(team.kim.clone(), care, Arc::clone(&progress)));

    let mut customers = Vec::new();
    for _ in 0..kills {
        come(&team, &mut customers);
        let instant = progress.steps() + instants.random_range(0..STEPS);
        progress.reaches(instant).await;
        team.kill();
        team.start_again();
        tell.send_replace(team.bot().client(&token));
    }
    progress.end();
    let mut threads = Vec::new();
    while let Some(all) = senders.join_next().await {
        threads.extend(all.expect("a sender that ends well"));
    }
    let solved = lee.await.expect("an agent who ends well");
    kim.await.expect("an agent who ends well");

    team.telegram.has_been_read_but(0, PATIENCE).await;
    team.settled().await;
    let client = team.bot().client(&token);
    are_kept(&client, &threads).await;
    all_is_kept_once(&client, &customers).await;
    let callbacks = one_callback_each(&client, &threads, &customers).await;
    told_once(&receiver.hooks(), &callbacks);
    let open: BTreeSet<i64> = callbacks
        .iter()
        .copied()
        .filter(|id| !solved.contains(id))
        .collect();
    let again = cards_again(&team, &open);
    assert!(
        again <= usize::try_from(kills).expect("small") * UNDER_WAY,
        "{again} cards came again"
    );
    each_is_claimed_once(&team, &client, &solved).await;
    println!(
        "{} threads, {} customers on Telegram, {} callbacks, {} solved, {again} cards twice",
        threads.len(),
        customers.len(),
        callbacks.len(),
        solved.len()
    );
}

/// Each line is in the store, once, in its order.
async fn all_is_kept_once(client: &Client, customers: &[Person]) {
    for customer in customers {
        let path = format!("/api/v1/threads/telegram/{}?limit=500", customer.id());
        let kept = client.get(&path).await.json();
        let messages = kept["messages"].as_array().expect("messages").iter();
        let told: Vec<_> = messages
            .filter(|message| message["from"] == "customer")
            .filter_map(|message| message["text"].as_str())
            .collect();
        let sent: Vec<_> = (0..EACH).map(text).collect();
        assert_eq!(told, sent);
    }
}

/// Every thread has its callback, and no second one; their numbers.
async fn one_callback_each(
    client: &Client,
    threads: &[String],
    customers: &[Person],
) -> BTreeSet<i64> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    let mut next = None;
    loop {
        let after = next.map_or(String::new(), |next| format!("&after={next}"));
        let page = client
            .get(&format!("/api/v1/callbacks?limit=500{after}"))
            .await
            .json();
        for callback in page["callbacks"].as_array().expect("a list") {
            let thread = callback["thread"].as_str().expect("a thread").to_owned();
            *times.entry(thread).or_default() += 1;
            numbers.insert(callback["id"].as_i64().expect("a number"));
        }
        next = page["next"].as_i64();
        if next.is_none() {
            break;
        }
    }
    let ids = customers.iter().map(|customer| customer.id().to_string());
    let expected: BTreeMap<String, usize> = threads
        .iter()
        .cloned()
        .chain(ids)
        .map(|thread| (thread, 1))
        .collect();
    assert_eq!(times, expected, "one callback a thread");
    numbers
}

/// A receiver that goes by the webhooks' ids hears of each callback once, and each repetition is the same.
fn told_once(hooks: &[Hook], callbacks: &BTreeSet<i64>) {
    let mut by_id: BTreeMap<&str, &Value> = BTreeMap::new();
    for hook in hooks {
        let body = by_id.entry(&hook.id).or_insert(&hook.body);
        assert_eq!(**body, hook.body, "a repetition is the same");
    }
    let mut opened: Vec<i64> = by_id
        .values()
        .filter(|body| body["type"] == "callback.opened")
        .map(|body| body["data"]["id"].as_i64().expect("a number"))
        .collect();
    opened.sort_unstable();
    let callbacks: Vec<i64> = callbacks.iter().copied().collect();
    assert_eq!(opened, callbacks, "each is told under one id");
    let decisions = by_id
        .values()
        .filter(|body| body["type"] == "decision.made");
    let decided: Vec<_> = decisions
        .map(|body| ["channel", "thread", "id"].map(|name| body["data"][name].clone()))
        .map(|parts| json!(parts).to_string())
        .collect();
    let once: BTreeSet<&String> = decided.iter().collect();
    assert_eq!(once.len(), decided.len(), "no decision has two ids");
}

/// Every open callback stands on the desk; how many cards are there that nobody needs.
fn cards_again(team: &Team, callbacks: &BTreeSet<i64>) -> usize {
    let cards: Vec<String> = team.care.messages().iter().filter_map(callback).collect();
    let shown: BTreeSet<&String> = cards.iter().collect();
    for id in callbacks {
        let is_shown = shown.contains(&id.to_string());
        assert!(is_shown, "callback {id} stands nowhere");
    }
    cards.len() - shown.len()
}

/// Who claimed what is in the audit once, and the audit and the file are whole.
async fn each_is_claimed_once(team: &Team, client: &Client, solved: &[i64]) {
    for id in solved {
        let callback = client.get(&format!("/api/v1/callbacks/{id}")).await.json();
        assert_eq!(callback["state"], "done", "{callback}");
    }
    let database = Connection::open(team.home.path("ringback.db")).expect("opened");
    let most = |verb: &str| {
        let sql = "SELECT coalesce(max(n), 0), count(*) FROM
                       (SELECT count(*) AS n FROM audit WHERE verb = ?1 GROUP BY item)";
        database
            .query_row(sql, [verb], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
            .expect("counted")
    };
    let (times, claimed) = most("claimed");
    assert_eq!(
        times, 1,
        "a claim is one entry, however often it was asked for"
    );
    assert!(claimed >= i64::try_from(solved.len()).expect("small"));
    for command in [&["audit", "verify"][..], &["backup", "copy.db"]] {
        let output = team.home.run(command);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{command:?}: {told}");
    }
}
