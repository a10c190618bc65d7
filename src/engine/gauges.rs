//! Metrics: what they mean, and the gauges that are read from the database at a scrape. Labels are
//! names of ours (channels, rules, destinations), never anything of a customer's.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};

use super::Receipt;
use crate::{
    domain::{ids::ChannelName, time::Timestamp},
    store::rows::{CallbackState, Counts, Waiting},
};

/// Explains the metrics to whoever scrapes them.
pub(super) fn describe() {
    describe_counter!(
        "ringback_messages_total",
        "Messages taken in, by channel and result"
    );
    describe_counter!(
        "ringback_decisions_total",
        "Decisions, by action (or none) and rule"
    );
    describe_histogram!(
        "ringback_intake_seconds",
        Unit::Seconds,
        "From a request to its commit"
    );
    describe_counter!(
        "ringback_outbox_deliveries_total",
        "Attempts to deliver, by destination and result"
    );
    describe_counter!(
        "ringback_telegram_skipped_total",
        "Updates of customers' chats with nothing to take in them, by why"
    );
    describe_gauge!(
        "ringback_outbox_depth",
        "What is still to be delivered, by destination"
    );
    describe_gauge!(
        "ringback_outbox_oldest_seconds",
        Unit::Seconds,
        "How long the oldest of it waits"
    );
    describe_gauge!(
        "ringback_outbox_dead",
        "Deliveries that were given up, by destination"
    );
    describe_gauge!(
        "ringback_outbox_silent",
        "1 while a destination takes nothing and is only tried from time to time"
    );
    describe_gauge!("ringback_callbacks", "Open callbacks, by state");
    describe_gauge!(
        "ringback_callbacks_oldest_seconds",
        Unit::Seconds,
        "How long the oldest of them is due"
    );
    describe_counter!(
        "ringback_rules_reloads_total",
        "Attempts to load the rules file, by result"
    );
    describe_gauge!(
        "ringback_rules_reload_failed",
        "1 while the rules file on disk is not the one in force"
    );
    describe_gauge!(
        "ringback_trouble",
        "1 while something hinders Ringback from outside, by trouble"
    );
    describe_counter!(
        "ringback_telegram_updates_total",
        "Telegram's updates, by what came of each"
    );
}

/// Counts what came of messages, once they are committed.
pub(super) fn count(channels: &[ChannelName], receipts: &[Receipt], took: Duration) {
    metrics::histogram!("ringback_intake_seconds").record(took.as_secs_f64());
    for (channel, receipt) in channels.iter().zip(receipts) {
        let result = match receipt {
            Receipt::Decided(_) => "decided",
            Receipt::Repeated(_) => "repeated",
            Receipt::Rejected(_) => "rejected",
        };
        let channel = channel.as_str().to_owned();
        counter!("ringback_messages_total", "channel" => channel, "result" => result).increment(1);
        let Receipt::Decided(record) = receipt else {
            continue;
        };
        let count = |action: &'static str| {
            let rule = record.rule.as_str().to_owned();
            counter!("ringback_decisions_total", "action" => action, "rule" => rule).increment(1);
        };
        if record.actions.is_empty() {
            count("none");
        }
        record
            .actions
            .iter()
            .for_each(|action| count(action.as_str()));
    }
}

/// Sets the gauges. `destinations` are those configured: one with an empty outbox shows 0.
pub(super) fn set(counts: &Counts, destinations: &[&str], now: Timestamp, reload_failed: bool) {
    gauge!("ringback_rules_reload_failed").set(if reload_failed { 1.0 } else { 0.0 });
    for name in destinations {
        let found = counts.outbox.iter().find(|(of, _)| of == name);
        waiting(
            ["ringback_outbox_depth", "ringback_outbox_oldest_seconds"],
            "destination",
            name,
            found.map(|(_, waiting)| waiting),
            now,
        );
        let dead = counts.dead.iter().find(|(of, _)| of == name);
        let dead = dead.map_or(0, |(_, count)| *count);
        gauge!("ringback_outbox_dead", "destination" => (*name).to_owned()).set(float(dead));
    }
    for (state, name) in [
        (CallbackState::Due, "due"),
        (CallbackState::Claimed, "claimed"),
        (CallbackState::NoAnswer, "no_answer"),
        (CallbackState::Scheduled, "scheduled"),
    ] {
        let found = counts.callbacks.iter().find(|(of, _)| *of == state);
        waiting(
            ["ringback_callbacks", "ringback_callbacks_oldest_seconds"],
            "state",
            name,
            found.map(|(_, waiting)| waiting),
            now,
        );
    }
}

fn waiting(
    [how_many, how_long]: [&'static str; 2],
    label: &'static str,
    name: &str,
    found: Option<&Waiting>,
    now: Timestamp,
) {
    let age = found.map_or(0.0, |found| {
        now.duration_since(found.oldest).as_secs_f64().max(0.0)
    });
    gauge!(how_many, label => name.to_owned()).set(float(found.map_or(0, |found| found.count)));
    gauge!(how_long, label => name.to_owned()).set(age);
}

/// A count as Prometheus wants it; cut at 2^32, which is enough for a gauge.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
