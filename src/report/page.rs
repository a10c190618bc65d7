//! The report as one page for people: what its template shows, in words.

use std::io;

use askama::Template;
use jiff::tz::TimeZone;

use super::{
    DeskMonth, Report, duration,
    figures::{Figures, OUTCOMES, REASONS, Solved},
};
use crate::{
    domain::{
        callback::{KeepTyping, Outcome},
        time::Timestamp,
    },
    replay::summary::{counted, share},
};

/// So many topics are named.
const TOPICS: usize = 10;

/// The page.
#[derive(Debug, Template)]
#[template(path = "report/page.html")]
struct Page {
    month: String,
    desks: Vec<Desk>,
    reminders_kept: String,
}

/// One desk's sheet of paper.
#[derive(Debug)]
struct Desk {
    name: String,
    brand: String,
    /// The first and the last day, the zone, and when it was counted.
    when: String,
    is_over: bool,
    has_cases: bool,
    /// How many cases were opened.
    opened: String,
    endings: Vec<Row>,
    along: Vec<Row>,
    solved: Vec<Compared>,
    calls: Vec<Row>,
    kept_typing: Vec<Row>,
    /// Empty where nobody was asked.
    satisfaction: Vec<Row>,
    topics: Vec<Row>,
    channels: Vec<Channel>,
}

/// A count with its share of the whole.
#[derive(Debug)]
struct Row {
    name: String,
    count: u64,
    share: String,
    /// The bar's length in per cent of the longest possible.
    bar: u64,
}

/// One figure of solved cases: those that we rang beside those that we did not.
#[derive(Debug)]
struct Compared {
    name: &'static str,
    rung: String,
    in_text: String,
}

/// The main figures of one channel.
#[derive(Debug)]
struct Channel {
    name: String,
    counts: [u64; 10],
}

/// Writes it.
pub(super) fn write(report: &Report<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let desks = report.desks.iter();
    let page = Page {
        month: report.month.to_string(),
        desks: desks
            .map(|(name, desk)| sheet(name.to_string(), desk, report.now))
            .collect(),
        reminders_kept: report.reminders_kept().to_string(),
    };
    page.write_into(out)
}

fn sheet(name: String, desk: &DeskMonth, now: Timestamp) -> Desk {
    let figures = &desk.all;
    let cases = figures.endings.cases();
    let channels = desk.channels.iter();
    let channels: Vec<Channel> = channels
        .map(|(channel, figures)| Channel {
            name: channel.to_string(),
            counts: main_counts(figures),
        })
        .collect();
    Desk {
        name,
        brand: desk.brand.clone(),
        when: when(desk, now),
        is_over: desk.span.to <= now,
        has_cases: cases > 0,
        opened: counted(cases, "case"),
        endings: endings(figures),
        along: along(figures),
        solved: solved(figures),
        calls: calls(figures),
        kept_typing: kept_typing(figures),
        satisfaction: satisfaction(figures),
        topics: topics(figures),
        channels,
    }
}

/// `1 to 30 November 2026, Europe/Berlin; counted on 3 December 2026 at 09:00`.
fn when(desk: &DeskMonth, now: Timestamp) -> String {
    let zone = &desk.zone;
    let local = |at: Timestamp, zone: &TimeZone| at.to_zoned(zone.clone());
    let [first, now] = [desk.span.from, now].map(|at| local(at, zone));
    let last = local(desk.span.to, zone)
        .yesterday()
        .unwrap_or_else(|_| first.clone());
    format!(
        "{} to {}, {}; counted on {}",
        first.strftime("%-d"),
        last.strftime("%-d %B %Y"),
        zone.iana_name().unwrap_or("UTC"),
        now.strftime("%-d %B %Y at %H:%M"),
    )
}

fn row(name: impl Into<String>, count: u64, all: u64) -> Row {
    Row {
        name: name.into(),
        count,
        share: share(count, all),
        bar: (count * 100).checked_div(all).unwrap_or_default(),
    }
}

fn endings(figures: &Figures) -> Vec<Row> {
    let endings = &figures.endings;
    let rows = [
        (
            "Solved in text within three exchanges",
            endings.within_three,
        ),
        ("Solved in text later", endings.later),
        ("Solved after a call", endings.after_call),
        ("Lapsed: the customer fell silent", endings.lapsed),
        ("Still open", endings.open),
    ];
    rows.map(|(name, count)| row(name, count, endings.cases()))
        .into()
}

fn along(figures: &Figures) -> Vec<Row> {
    let rows = [
        ("Rung", figures.rung),
        ("Held: the customer asked to stay in text", figures.held),
        ("Waited on us too long", figures.waited),
        (
            "Nobody answered our calls, and we stopped",
            figures.exhausted,
        ),
        ("Reached three", figures.reached_three),
    ];
    rows.map(|(name, count)| row(name, count, figures.endings.cases()))
        .into()
}

fn solved(figures: &Figures) -> Vec<Compared> {
    let compared = |name, of: &dyn Fn(&Solved) -> String| Compared {
        name,
        rung: of(&figures.solved_rung),
        in_text: of(&figures.solved_in_text),
    };
    let time = |percent| {
        move |solved: &Solved| {
            let seconds = solved.seconds(percent);
            seconds.map_or_else(none, duration::in_words)
        }
    };
    let messages = |percent| {
        move |solved: &Solved| {
            let messages = solved.messages(percent);
            messages.map_or_else(none, |messages| messages.to_string())
        }
    };
    vec![
        compared("Cases solved", &|solved| solved.cases().to_string()),
        compared("Time to solved: half took at most", &time(50)),
        compared("Time to solved: nine in ten took at most", &time(90)),
        compared("Messages to solved: half took at most", &messages(50)),
        compared(
            "Messages to solved: nine in ten took at most",
            &messages(90),
        ),
        compared(
            "Customers back within 7 days",
            &|solved| match share(solved.back, solved.cases()) {
                share if share.is_empty() => solved.back.to_string(),
                share => format!("{} ({share})", solved.back),
            },
        ),
    ]
}

/// What stands where there is nothing to say.
fn none() -> String {
    "–".to_owned()
}

fn calls(figures: &Figures) -> Vec<Row> {
    let all = figures.calls.iter().sum();
    let rows = OUTCOMES.iter().zip(figures.calls);
    rows.map(|(outcome, count)| row(outcome_words(*outcome), count, all))
        .collect()
}

fn kept_typing(figures: &Figures) -> Vec<Row> {
    let all = figures.kept_typing.iter().sum();
    let rows = REASONS.iter().zip(figures.kept_typing);
    rows.map(|(reason, count)| row(reason_words(*reason), count, all))
        .collect()
}

fn satisfaction(figures: &Figures) -> Vec<Row> {
    let said = &figures.satisfaction;
    if said.asked == 0 {
        return Vec::new();
    }
    let rows = [
        ("It helped", said.helped),
        ("It did not", said.did_not),
        ("They have not said", said.silent()),
    ];
    rows.map(|(name, count)| row(name, count, said.asked))
        .into()
}

fn topics(figures: &Figures) -> Vec<Row> {
    let top = figures.top_topics(TOPICS).into_iter();
    top.map(|(topic, count)| row(topic.as_str(), count, figures.reached_three))
        .collect()
}

/// In the order of the template's columns.
const fn main_counts(figures: &Figures) -> [u64; 10] {
    let endings = &figures.endings;
    [
        endings.cases(),
        endings.within_three,
        endings.later,
        endings.after_call,
        endings.lapsed,
        endings.open,
        figures.rung,
        figures.held,
        figures.waited,
        figures.exhausted,
    ]
}

const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "Solved",
        Outcome::FollowUp => "Another call was promised",
        Outcome::Declined => "The customer would rather stay in text",
        Outcome::WrongNumber => "Wrong number",
        Outcome::NoAnswer => "Nobody answered",
    }
}

const fn reason_words(reason: KeepTyping) -> &'static str {
    match reason {
        KeepTyping::Answering => "The customer was merely answering",
        KeepTyping::Thanks => "It was a thank-you",
        KeepTyping::BeingHandled => "Somebody handled it already",
        KeepTyping::NotACustomer => "The author was no customer",
    }
}
