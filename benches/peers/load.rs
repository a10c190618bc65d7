//! What people write: customers and staff in the groups of fifty shops. Every thread has five messages in
//! three exchanges: the customer asks twice, staff answer twice, the customer comes back. One in five
//! comes back with thanks and falls silent; the others still have their problem, and an agent is to be
//! told. Threads begin one after the other and overlap, so that prompts are spread over the whole run.

use serde_json::{Value, json};

/// How many shops, each with a group where its customers write and one where its agents are told.
pub(crate) const SHOPS: usize = 50;
/// The most updates of one answer; Telegram gives no more.
pub(crate) const MOST: usize = 100;
/// How many messages a thread has.
pub(crate) const STEPS: usize = 5;
/// One thread in so many ends in thanks.
const THANKS_EVERY: usize = 5;
/// So many threads begin between two messages of one thread.
const GAP: usize = 100;
/// Between two messages of a thread, in seconds: two of one party are one exchange.
const APART: i64 = 30;
/// Who answers for the shops.
pub(crate) const STAFF: i64 = 7001;
/// The number of the first customer.
const CUSTOMERS: i64 = 1_000_000;

/// An update that waits for the bot.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// As Telegram brings it.
    pub(crate) update: String,
    /// The thread that is to be prompted because of it, if one is.
    pub(crate) prompts: Option<usize>,
}

/// A shop's group for customers, by the shop's number.
pub(crate) fn customers_group(shop: usize) -> i64 {
    -1_001_000_000_000 - number(shop)
}

/// A shop's group for agents. Bots know it by the other one.
pub(crate) fn agents_group(shop: usize) -> i64 {
    customers_group(shop) - 1_000_000_000
}

/// The name of a thread's customer, by which a prompt is known.
const NAME: &str = "Customer";

/// Which thread a prompt is about.
pub(crate) fn named_in(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once(NAME)?;
    let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

/// How many threads so many updates are.
pub(crate) const fn threads(updates: usize) -> usize {
    updates / STEPS
}

/// How many of so many threads end in thanks.
pub(crate) const fn thanked(threads: usize) -> usize {
    threads.div_ceil(THANKS_EVERY)
}

/// So many updates, the first of them with this number, as if written around this moment, in seconds
/// since 1970.
pub(crate) fn updates(count: usize, first: i64, now: i64) -> Vec<Written> {
    let threads = threads(count);
    let slots = threads + GAP * (STEPS - 1);
    let of_slot = |slot: usize| {
        let thread = move |step: usize| Some((slot.checked_sub(step * GAP)?, step));
        (0..STEPS)
            .rev()
            .filter_map(thread)
            .filter(move |(thread, _)| *thread < threads)
    };
    (0..slots)
        .flat_map(of_slot)
        .zip(first..)
        .map(|((thread, step), id)| written(thread, step, id, now))
        .collect()
}

fn written(thread: usize, step: usize, id: i64, now: i64) -> Written {
    let shop = thread % SHOPS;
    let name = format!("{NAME} {thread}");
    let customer = json!({"id": CUSTOMERS + number(thread), "is_bot": false, "first_name": name, "language_code": "en"});
    let group =
        json!({"id": customers_group(shop), "type": "supergroup", "title": format!("Shop {shop}")});
    let at = |step: usize| now - 300 + number(step) * APART;
    let message = |id: i64, from: &Value, step: usize| json!({"message_id": id, "date": at(step), "from": from, "chat": group, "text": text(thread, step)});
    let is_staff = step == 2 || step == 3;
    let said = if is_staff {
        let staff = json!({"id": STAFF, "is_bot": false, "first_name": "Sam"});
        let mut said = message(id, &staff, step);
        // Staff answer the customer's first message. Its number does not matter to anybody.
        let answered = message(1, &customer, 0);
        if let Some(said) = said.as_object_mut() {
            said.insert("reply_to_message".to_owned(), answered);
        }
        said
    } else {
        message(id, &customer, step)
    };
    Written {
        update: json!({"update_id": id, "message": said}).to_string(),
        prompts: (step == STEPS - 1 && !is_thankful(thread)).then_some(thread),
    }
}

const fn is_thankful(thread: usize) -> bool {
    thread.is_multiple_of(THANKS_EVERY)
}

fn text(thread: usize, step: usize) -> String {
    let (shop, order) = (thread % SHOPS, 400_000 + thread * 7);
    match (step, thread % 3) {
        (0, 0) => format!(
            "Hi, order {order} from shop {shop} should have been here on Monday and there is no sign of it"
        ),
        (0, 1) => format!(
            "The kettle I bought in shop {shop} (order {order}) leaks from the bottom, the whole counter was wet this morning"
        ),
        (0, _) => format!("I was charged twice for order {order} in shop {shop}, can you see why?"),
        (1, _) => "It is the second time that this happens to me".to_owned(),
        (2, _) => format!("Sorry to hear that, I am looking at order {order} in our system."),
        (3, 0) => "It left our warehouse and the tracking page shows where it is.".to_owned(),
        (3, 1) => "Unplug it, let it dry and tighten the ring under the base.".to_owned(),
        (3, _) => "One of the two was only a reservation by the bank.".to_owned(),
        (_, 0) if is_thankful(thread) => "It has just arrived. Thank you so much!".to_owned(),
        (_, _) if is_thankful(thread) => "Great, that worked, thank you so much!".to_owned(),
        (_, 0) => format!(
            "The tracking page has said the same for a week. It is still not here, shop {shop} does not get it done"
        ),
        (_, 1) => format!("I did all of that before I came to shop {shop} and it still leaks"),
        (_, _) => format!(
            "No, both were taken from my account and shop {shop} has still not given it back"
        ),
    }
}

fn number(of: usize) -> i64 {
    i64::try_from(of).expect("a small number")
}
