//! What is told of a desk as a whole: its queue, its incidents, its morning, its change of shift. Never of
//! any one customer.

use super::{Calendar, Html};
use crate::{
    desk::Plain,
    domain::ids::DeskName,
    store::rows::shift::{DigestCounts, IncidentRow, QueueCount},
};

/// The card that stands for a desk's cards when there are too many.
pub(in crate::desk::telegram) fn queue(count: &QueueCount, calendar: &Calendar) -> String {
    let mut html = Html::message();
    html.ours("☎️ ");
    html.bold(&format!("{} callbacks are due", count.due));
    of_desk(&mut html, &count.desk);
    let kinds = [
        (count.urgent, "urgent"),
        (count.asked, "asked for"),
        (count.soft, "soft"),
    ];
    let kinds: Vec<String> = kinds
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
    if !kinds.is_empty() {
        html.line().ours(&kinds.join(" · "));
    }
    html.line().ours(&format!(
        "The longest waiting one since {}.",
        calendar.at(count.oldest)
    ));
    html.line()
        .ours("There are too many for a card each: only urgent and claimed ones have one.");
    html.finish()
}

/// The card of an incident that goes on.
pub(in crate::desk::telegram) fn incident(
    row: &IncidentRow,
    names: &dyn Fn(&crate::domain::ids::AccountName) -> String,
    calendar: &Calendar,
) -> String {
    let mut html = Html::message();
    html.ours("⚠️ ").bold(&about(row));
    of_desk(&mut html, &row.desk);
    html.line().ours(&format!(
        "{} callbacks since {}.",
        row.tally.came,
        calendar.at(row.counts_from)
    ));
    match &row.held {
        Some((at, by)) => {
            html.line()
                .ours(&format!("{} of them are held back, by ", row.tally.held));
            html.theirs(&Plain::name(&names(by)));
            html.ours(&format!(
                ", since {}. All are released at its end.",
                calendar.at(*at)
            ));
        }
        None => {
            html.line().ours(
                "Nothing is held back. A supervisor may do that and tell all of them at once.",
            );
        }
    }
    html.finish()
}

/// What is left of an incident's card.
pub(in crate::desk::telegram) fn incident_over(row: &IncidentRow, calendar: &Calendar) -> String {
    let mut html = Html::message();
    html.ours(&about(row));
    match &row.ended {
        Some((at, _)) => html.ours(&format!(": over since {}", calendar.at(*at))),
        None => html.ours(": over"),
    };
    html.ours(&format!(" · {} callbacks", row.tally.came));
    html.finish()
}

fn about(row: &IncidentRow) -> String {
    format!("Many write about {}", row.topic.as_str().replace('_', " "))
}

/// What there is when a desk opens.
pub(in crate::desk::telegram) fn digest(desk: &DeskName, counts: &DigestCounts) -> String {
    let mut html = Html::message();
    html.ours("☀️ ").bold("Good morning: this is what there is");
    of_desk(&mut html, desk);
    let lines = [
        (counts.came, "came while the desk was closed and are due"),
        (counts.urgent, "of them are urgent"),
        (counts.promised, "calls are promised for today"),
        (counts.waiting, "customers wait for an answer"),
        (
            counts.left_claimed,
            "are claimed by whoever went home with them",
        ),
        (counts.handed_over, "were left by the shift before"),
        (counts.held, "are held back by incidents"),
        (
            counts.unsure,
            "thank-yous may have been none: is it solved?",
        ),
    ];
    for (count, words) in lines.into_iter().filter(|(count, _)| *count > 0) {
        html.line().ours(&format!("{count} {words}"));
    }
    html.finish()
}

/// What one shift left to the next.
pub(in crate::desk::telegram) fn handed_over(by: &Plain, desk: &DeskName, count: usize) -> String {
    let mut html = Html::message();
    html.ours("🔁 ").theirs(by);
    html.ours(&match count {
        1 => " went home and left a callback to the desk".to_owned(),
        count => format!(" went home and left {count} callbacks to the desk"),
    });
    of_desk(&mut html, desk);
    html.finish()
}

fn of_desk(html: &mut Html, desk: &DeskName) {
    if *desk != crate::rules::Desk::default_name() {
        html.ours(&format!(" · desk {desk}"));
    }
}
