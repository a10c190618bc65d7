//! The report as rows: one figure a row, for spreadsheets and programs. The names of the figures are
//! a contract.

use std::io;

use super::{
    Report,
    figures::{Figures, OUTCOMES, REASONS, Solved},
};

/// The columns. An empty `channel` means all of the desk's channels together.
const COLUMNS: [&str; 5] = ["desk", "channel", "figure", "value", "unit"];

/// Writes it.
pub(super) fn write(report: &Report<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for (name, desk) in &report.desks {
        let channels = desk.channels.iter();
        let channels = channels.map(|(channel, figures)| (channel.as_str(), figures));
        for (channel, figures) in [("", &desk.all)].into_iter().chain(channels) {
            for (figure, value, unit) in named(figures) {
                let value = value.to_string();
                rows.write_record([name.as_str(), channel, &figure, &value, unit])?;
            }
        }
    }
    rows.flush()
}

/// Every figure with its name and unit.
fn named(figures: &Figures) -> Vec<(String, i64, &'static str)> {
    let endings = &figures.endings;
    let cases = [
        ("cases_opened", endings.cases()),
        ("solved_in_text_within_three", endings.within_three),
        ("solved_in_text_later", endings.later),
        ("solved_after_a_call", endings.after_call),
        ("lapsed", endings.lapsed),
        ("still_open", endings.open),
        ("rung", figures.rung),
        ("held", figures.held),
        ("waited_too_long", figures.waited),
        ("exhausted", figures.exhausted),
        ("reached_three", figures.reached_three),
    ];
    let cases = cases.map(|(name, count)| (name.to_owned(), number(count), "cases"));
    let topics = figures.topics.iter().map(|(topic, count)| {
        let name = format!("reached_three:{topic}");
        (name, number(*count), "cases")
    });
    let calls = OUTCOMES.iter().zip(figures.calls).map(|(outcome, count)| {
        let name = format!("calls:{}", outcome.as_str());
        (name, number(count), "calls")
    });
    let reasons = REASONS.iter().zip(figures.kept_typing);
    let kept_typing = reasons.map(|(reason, count)| {
        let name = format!("kept_typing:{}", reason.as_str());
        (name, number(count), "callbacks")
    });
    let said = &figures.satisfaction;
    let satisfaction = [
        ("satisfaction:asked", said.asked),
        ("satisfaction:helped", said.helped),
        ("satisfaction:did_not_help", said.did_not),
    ];
    let satisfaction =
        satisfaction.map(|(name, count)| (name.to_owned(), number(count), "callbacks"));
    cases
        .into_iter()
        .chain(topics)
        .chain(calls)
        .chain(kept_typing)
        .chain(satisfaction)
        .chain(took("rung", &figures.solved_rung))
        .chain(took("in_text", &figures.solved_in_text))
        .collect()
}

/// What solving took; without a solved case there is nothing to say of that.
fn took(how: &str, solved: &Solved) -> Vec<(String, i64, &'static str)> {
    let counts = [
        ("solved", Some(number(solved.cases())), "cases"),
        ("back_within_7_days", Some(number(solved.back)), "cases"),
        ("time_to_solved_median", solved.seconds(50), "seconds"),
        ("time_to_solved_p90", solved.seconds(90), "seconds"),
        ("messages_to_solved_median", solved.messages(50), "messages"),
        ("messages_to_solved_p90", solved.messages(90), "messages"),
    ];
    let named = counts.into_iter();
    named
        .filter_map(|(name, value, unit)| Some((format!("{name}:{how}"), value?, unit)))
        .collect()
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
