//! Tables of what is sensitive and what is not, one file a family of kinds, and what holds for
//! any text. In the tables `<` and `>` stand around what must be found, and nothing else may be.

mod accounts;
mod any_text;
mod births;
mod cards;
mod contacts;
mod ids;
mod patterns;
mod secrets;

use super::Patterns;
use crate::domain::reading::{SensitiveSpan, SpanKind};

fn find(text: &str) -> Vec<SensitiveSpan> {
    super::find(text, &Patterns::default())
}

/// Checks that exactly the marked stretches are found, all of one kind.
fn assert_found(kind: SpanKind, marked: &[&str]) {
    let wrong: Vec<String> = marked
        .iter()
        .filter_map(|line| {
            let (text, wanted) = unmark(kind, line);
            let found = find(&text);
            (found != wanted).then(|| format!("{line}\n   found {}", shown(&text, &found)))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        marked.len(),
        wrong.join("\n")
    );
}

/// Checks that nothing at all is found.
fn assert_nothing(texts: &[&str]) {
    assert!(
        texts.iter().all(|text| !text.contains('<')),
        "marks in a table of nothing"
    );
    assert_found(SpanKind::PaymentCard, texts);
}

fn unmark(kind: SpanKind, line: &str) -> (String, Vec<SensitiveSpan>) {
    let mut spans = Vec::new();
    let mut text = String::new();
    let mut start = None;
    let mut at = 0;
    for char in line.chars() {
        match char {
            '<' => start = Some(at),
            '>' => spans.extend(start.take().map(|start| SensitiveSpan {
                kind,
                start,
                end: at,
            })),
            _ => {
                text.push(char);
                at += 1;
            }
        }
    }
    (text, spans)
}

fn shown(text: &str, spans: &[SensitiveSpan]) -> String {
    let stretch = |span: &SensitiveSpan| -> String {
        text.chars()
            .skip(span.start)
            .take(span.end - span.start)
            .collect()
    };
    let one = |span: &SensitiveSpan| format!("{} “{}”", span.kind, stretch(span));
    spans.iter().map(one).collect::<Vec<_>>().join(", ")
}
