//! The messages: many threads at once, customers and agents in turns, in several languages. Threads
//! begin and end all the time, as real ones do.

use serde_json::{Value, json};

/// How many threads are open at the same time.
const OPEN: usize = 1_000;

const LINES: [(&str, &str); 10] = [
    (
        "customer",
        "Hello, my last bill is too high, can you please check it?",
    ),
    ("agent", "Sorry about that! Which month is it about?"),
    ("customer", "March, and I told your colleague already."),
    (
        "agent",
        "We have corrected it, you will see it within two days.",
    ),
    (
        "customer",
        "It is still wrong, and now the app does not open any more!",
    ),
    (
        "customer",
        "Can somebody please call me? I can be reached after six.",
    ),
    (
        "agent",
        "Bitte starten Sie die App neu und melden Sie sich wieder an.",
    ),
    (
        "customer",
        "Das habe ich schon dreimal gemacht, es geht immer noch nicht.",
    ),
    ("agent", "Hemos encontrado el fallo y lo hemos resuelto."),
    ("customer", "Great, that worked. Thank you so much!"),
];

/// So many messages, of threads that nobody else has: the first lines of all open threads, then their
/// second ones, and so on, then those of the next threads.
pub(crate) fn messages(name: &str, count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            let generation = n / (OPEN * LINES.len());
            let thread = generation * OPEN + n % OPEN;
            let turn = n / OPEN % LINES.len();
            let (from, text) = LINES.get(turn).copied().unwrap_or_default();
            let minutes = i64::try_from(turn * 7).unwrap_or_default();
            let at = "2026-01-05T10:00:00Z"
                .parse::<jiff::Timestamp>()
                .expect("a time")
                + jiff::SignedDuration::from_mins(minutes);
            json!({
                "channel": "chat", "thread": format!("{name}-{thread}"), "id": n.to_string(),
                "from": from, "author": format!("@customer-{thread}"), "text": text,
                "at": at.to_string(),
            })
        })
        .collect()
}
