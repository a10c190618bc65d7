//! The summary that a person gets: what came of the threads, when callbacks were due, and why.
//! Fits 80 columns.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Weekday;

use crate::domain::decision::{Action, RuleName};

use super::tally::{Callbacks, Tally, Week};

/// What a bar of the week is drawn with, from few to many.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// How many topics and busiest hours are named.
const NAMED: usize = 5;
/// Fewer callbacks than this make no chart.
const ENOUGH_FOR_A_CHART: u64 = 10;

/// Shows a tally.
#[derive(Debug, Clone, Copy)]
pub struct Summary<'t>(pub &'t Tally);

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let tally = self.0;
        heading(tally, f)?;
        outcomes(tally, f)?;
        if tally.callbacks.opened() == 0 {
            return Ok(());
        }
        why(&tally.callbacks, f)?;
        when(&tally.callbacks, f)
    }
}

fn heading(tally: &Tally, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{}, {}, {}",
        counted(tally.threads, "thread"),
        counted(tally.outcomes.cases(), "case"),
        counted(tally.messages, "message"),
    )?;
    let Some((first, last)) = tally.span else {
        return writeln!(f);
    };
    let [first, last] = [first, last].map(|at| at.strftime("%Y-%m-%d").to_string());
    if first == last {
        writeln!(f, ", {first}")
    } else {
        writeln!(f, ", {first} to {last}")
    }
}

fn outcomes(tally: &Tally, f: &mut Formatter<'_>) -> fmt::Result {
    let outcomes = &tally.outcomes;
    let callbacks = &tally.callbacks;
    let rung = format!("{} loud, {} soft", callbacks.loud, callbacks.soft);
    let rows = [
        ("Solved in text", outcomes.solved, String::new()),
        ("Rung", outcomes.rung, rung),
        (
            "Waiting on us",
            outcomes.waiting_on_us,
            "the customer wrote last".to_owned(),
        ),
        (
            "Waiting on the customer",
            outcomes.waiting_on_customer,
            String::new(),
        ),
        (
            "Lapsed",
            outcomes.lapsed,
            "the customer fell silent; not solved".to_owned(),
        ),
    ];
    writeln!(f, "\nHow the cases went")?;
    for (name, count, note) in rows {
        row(f, name, count, outcomes.cases(), &note)?;
    }
    let action = |action| tally.actions.get(&action).copied().unwrap_or_default();
    let also = [
        ("held to text", tally.held),
        ("reopened", action(Action::Reopen)),
        ("soft that turned loud", callbacks.turned_loud),
        ("withdrawn before a call", callbacks.withdrawn),
        ("late answers of ours", tally.answers_late),
        ("messages masked", action(Action::Mask)),
        ("identity data flagged", action(Action::FlagIdentity)),
        ("identity checks announced", action(Action::WarnIdentity)),
    ];
    let also: Vec<String> = also
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if also.is_empty() {
        return Ok(());
    }
    wrapped(f, "  Also: ", &also)
}

fn why(callbacks: &Callbacks, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\nWhy callbacks opened")?;
    let mut rules: Vec<(&RuleName, u64)> = callbacks
        .by_rule
        .iter()
        .map(|(rule, count)| (rule, *count))
        .collect();
    rules.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (rule, count) in rules {
        row(f, rule.as_str(), count, callbacks.opened(), in_words(rule))?;
    }
    let mut topics: Vec<(&str, u64)> = callbacks
        .by_topic
        .iter()
        .filter_map(|(topic, count)| Some((topic.as_ref()?.as_str(), *count)))
        .collect();
    topics.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let topics: Vec<String> = topics
        .iter()
        .take(NAMED)
        .map(|(topic, count)| format!("{topic} {count}"))
        .collect();
    if topics.is_empty() {
        return Ok(());
    }
    wrapped(f, "  Topics: ", &topics)
}

/// What a built-in rule saw.
fn in_words(rule: &RuleName) -> &'static str {
    match rule {
        RuleName::WantsCall => "the customer asked for a call",
        RuleName::Urgent => "an urgent word",
        RuleName::RuleOfThree => "exchanges without a thank-you",
        RuleName::Admin(_) => "a rule of yours",
        RuleName::Thanks
        | RuleName::WantsText
        | RuleName::Waiting
        | RuleName::CallbackOpen
        | RuleName::Held
        | RuleName::Agent
        | RuleName::FollowUp
        | RuleName::Late
        | RuleName::Duplicate
        | RuleName::None => "",
    }
}

fn when(callbacks: &Callbacks, f: &mut Formatter<'_>) -> fmt::Result {
    let timed: u64 = callbacks.when.iter().flatten().sum();
    if timed == 0 {
        return writeln!(
            f,
            "\nWhen they opened is not known: no message gives its `at`."
        );
    }
    let zones: Vec<&str> = callbacks.zones.keys().map(String::as_str).collect();
    writeln!(f, "\nWhen they opened ({})", zones.join(", "))?;
    if timed >= ENOUGH_FOR_A_CHART {
        chart(&callbacks.when, f)?;
    }
    let busiest: Vec<String> = busiest(&callbacks.when)
        .into_iter()
        .map(|(day, hour, count)| format!("{day} {hour:02}:00 ({count})"))
        .collect();
    wrapped(f, "  Busiest: ", &busiest)
}

/// A row a weekday, a bar an hour, and the day's sum.
fn chart(week: &Week, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "       ")?;
    for hour in (0..24).step_by(3) {
        write!(f, "{hour:<6}")?;
    }
    writeln!(f, "{:>6}", "sum")?;
    let most = week.iter().flatten().copied().max().unwrap_or(0);
    for (day, hours) in days().zip(week) {
        write!(f, "  {day:<4} ")?;
        for count in hours {
            write!(f, "{} ", bar(*count, most))?;
        }
        writeln!(f, "{:>6}", hours.iter().sum::<u64>())?;
    }
    Ok(())
}

fn days() -> impl Iterator<Item = &'static str> {
    Weekday::Monday
        .cycle_forward()
        .take(7)
        .map(|day| match day {
            Weekday::Monday => "Mon",
            Weekday::Tuesday => "Tue",
            Weekday::Wednesday => "Wed",
            Weekday::Thursday => "Thu",
            Weekday::Friday => "Fri",
            Weekday::Saturday => "Sat",
            Weekday::Sunday => "Sun",
        })
}

/// A bar as high as the count's share of the most; a dot for none.
fn bar(count: u64, most: u64) -> char {
    if count == 0 || most == 0 {
        return '·';
    }
    let step = (count * BARS.len() as u64).div_ceil(most).saturating_sub(1);
    usize::try_from(step)
        .ok()
        .and_then(|step| BARS.get(step))
        .copied()
        .unwrap_or('█')
}

/// The hours with most callbacks, most first.
fn busiest(week: &Week) -> Vec<(&'static str, usize, u64)> {
    let mut hours: Vec<(&str, usize, u64)> = days()
        .zip(week)
        .flat_map(|(day, hours)| {
            let named = move |(hour, count): (usize, &u64)| (day, hour, *count);
            hours.iter().enumerate().map(named)
        })
        .filter(|(_, _, count)| *count > 0)
        .collect();
    hours.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    hours.truncate(NAMED);
    hours
}

fn row(f: &mut Formatter<'_>, name: &str, count: u64, all: u64, note: &str) -> fmt::Result {
    let line = format!("  {name:<25}{count:>8}  {:>5}  {note}", share(count, all));
    writeln!(f, "{}", line.trim_end())
}

/// A share in whole per cent, `<1 %` where there is some but little, nothing where there is none.
#[must_use]
pub fn share(count: u64, all: u64) -> String {
    if count == 0 || all == 0 {
        return String::new();
    }
    match (count * 200 + all) / (all * 2) {
        0 => "<1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// `1 thread`, `2 threads`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A comma-separated list behind a label, broken before 80 columns.
fn wrapped(f: &mut Formatter<'_>, label: &str, items: &[String]) -> fmt::Result {
    let mut line = label.to_owned();
    for (place, item) in items.iter().enumerate() {
        let comma = if place + 1 < items.len() { ", " } else { "" };
        if line.chars().count() + item.chars().count() + comma.len() > 80 {
            writeln!(f, "{}", line.trim_end())?;
            line = " ".repeat(label.chars().count());
        }
        line.push_str(item);
        line.push_str(comma);
    }
    writeln!(f, "{}", line.trim_end())
}

#[cfg(test)]
mod tests;
