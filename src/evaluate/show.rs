//! Figures as a person reads them. The text of a message is shown only with the mistakes, which are
//! for whoever measures files of their own.

use std::fmt::Write as _;

use super::{
    figures::{ByHead, Figures, Share},
    floor::Fallen,
    labelled::{CLOSINGS, HEADS},
    measure::Mistake,
};
use crate::domain::cut;

/// The longest quotation of a message, in Unicode scalar values.
const LONGEST: usize = 160;

/// The figures, and the surest mistakes.
#[must_use]
pub fn show(figures: &Figures, mistakes: &[Mistake]) -> String {
    let mut out = format!(
        "{} messages measured, {} left out because people could disagree\n\n",
        figures.messages, figures.left_out
    );
    table(&mut out, "all", &figures.heads);
    for (language, heads) in &figures.languages {
        table(&mut out, language, heads);
    }
    for (slice, heads) in &figures.slices {
        table(&mut out, &slice_name(slice), heads);
    }
    confusion(&mut out, figures);
    if !mistakes.is_empty() {
        line(&mut out, "surest mistakes");
    }
    for mistake in mistakes {
        show_mistake(&mut out, mistake);
    }
    out
}

/// What fell below the committed figures.
#[must_use]
pub fn show_fallen(fallen: &[Fallen]) -> String {
    let mut out = String::new();
    line(&mut out, "below the committed figures:");
    let head = ["language", "head", "figure", "was", "is"];
    fallen_row(&mut out, head);
    for fall in fallen {
        let is = fall.is.map_or("nothing left".to_owned(), places);
        let language = fall.language.as_deref().unwrap_or("all");
        let was = places(fall.was);
        fallen_row(&mut out, [language, &fall.head, fall.figure, &was, &is]);
    }
    out
}

fn fallen_row(out: &mut String, [language, head, figure, was, is]: [&str; 5]) {
    let row = format!("  {language:<10}{head:<12}{figure:<11}{was:<7}{is}");
    line(out, row.trim_end());
}

/// Files may call a slice whatever they like; a terminal shall not be told anything by it.
fn slice_name(slice: &str) -> String {
    quoted(slice, 60)
}

fn table(out: &mut String, name: &str, heads: &ByHead) {
    line(
        out,
        &format!(
            "{name:<28}{:>7}{:>7}{:>8}  {:<20}{:<20}F1",
            "right", "wrong", "missed", "precision", "recall"
        ),
    );
    for (_, head) in HEADS {
        let Some(figures) = heads.get(head) else {
            continue;
        };
        let row = format!(
            "  {head:<26}{:>7}{:>7}{:>8}  {:<20}{:<20}{}",
            figures.tp,
            figures.fp,
            figures.missed,
            share(figures.precision),
            share(figures.recall),
            share(figures.f1)
        );
        line(out, row.trim_end());
    }
    line(out, "");
}

fn confusion(out: &mut String, figures: &Figures) {
    line(
        out,
        &format!(
            "{:<28}{:>8}{:>9}{:>7}",
            "closing is, and is read as", "thanks", "waiting", "none"
        ),
    );
    for is in CLOSINGS {
        let row = figures.confusion.get(is);
        let count = |found: &str| {
            let count = row.and_then(|row| row.get(found));
            count.copied().unwrap_or_default()
        };
        let [thanks, waiting, none] = CLOSINGS.map(count);
        line(out, &format!("  {is:<26}{thanks:>8}{waiting:>9}{none:>7}"));
    }
    line(out, "");
}

fn show_mistake(out: &mut String, mistake: &Mistake) {
    let head = HEADS.iter().find(|(head, _)| *head == mistake.head);
    let head = head.map_or("", |(_, name)| *name);
    let what = if mistake.found {
        format!("{head} found, and is not so")
    } else {
        format!("{head} missed")
    };
    line(
        out,
        &format!("  {}: {what} (sure: {:.2})", mistake.place, mistake.sure),
    );
    line(
        out,
        &format!("    {}", quoted(mistake.text.reveal(), LONGEST)),
    );
    if !mistake.words.is_empty() {
        let words = mistake.words.iter().map(|words| quoted(words.reveal(), 60));
        let words: Vec<String> = words.collect();
        line(out, &format!("    decided by: {}", words.join(" … ")));
    }
}

/// On one line, cut, and without characters that steer a terminal.
fn quoted(text: &str, longest: usize) -> String {
    let steers = |char: char| {
        char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    cut::shortened(&text.replace(steers, " "), longest)
}

fn share(share: Option<Share>) -> String {
    share.map_or("-".to_owned(), |share| {
        let Share { value, low, high } = share;
        format!("{} ({}-{})", places(value), places(low), places(high))
    })
}

/// Three places, without the 0 before the point.
fn places(share: f64) -> String {
    let shown = format!("{share:.3}");
    shown.strip_prefix('0').map_or(shown.clone(), str::to_owned)
}

/// Writing to a string cannot fail.
fn line(out: &mut String, text: &str) {
    let _written: std::fmt::Result = writeln!(out, "{text}");
}
