//! Data that only several messages of one turn together show: a card whose digits are split, a word
//! ("my PIN is") in one message and its value in the next. Pure; keeps nothing, and knows neither
//! the store nor the rules.
//!
//! Built on what finds data in one text: the texts are joined and looked at as one. Only what
//! crosses from one text into another counts, and only where the halves touch: messages that merely
//! stand beside each other (an order number, then a price) must stay apart.

use std::ops::Range;

use crate::domain::{
    message::Party,
    reading::{SensitiveSpan, SpanKind},
    time::{Length, Timestamp, more_than},
};

use super::{
    Reader,
    spans::{self, seam},
};

/// How many of a thread's newest messages a new one may go on with. A datum may be split over one
/// more.
pub const LOOKED_BACK: usize = 4;
/// So much of a text is looked at, in scalar values, at the end that touches the next.
pub const LOOKED_AT: usize = 600;
/// How far from the edge of its text a value stands whose word is in the other, in scalar values.
const NEAR_EDGE: usize = 40;

/// A message that was said, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Who said it.
    pub from: Party,
    /// When.
    pub at: Timestamp,
    /// Its text; masked, if it is an earlier one.
    pub text: &'a str,
}

/// What a new message and earlier ones show together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joint {
    /// What of it stands in the new text, in order.
    pub new: Vec<SensitiveSpan>,
    /// What of it stands in earlier texts: their places in the list that was given, with the spans.
    pub earlier: Vec<(usize, Vec<SensitiveSpan>)>,
}

impl Reader {
    /// Whether what comes next may go on with what this text ends with. `known` is what is found in
    /// it already.
    pub(super) fn trails(text: &str, known: &[SensitiveSpan]) -> bool {
        seam::trails(text, known)
    }

    /// What a new message shows together with the messages of its turn: those of the same party
    /// beside it in time, each at most `merge_within` from the next, in which one stops where the
    /// other goes on. `earlier` are the newest [`LOOKED_BACK`] counted messages in order of arrival.
    /// `None` if there is nothing.
    #[must_use]
    pub fn across(
        &self,
        earlier: &[Said<'_>],
        new: Said<'_>,
        merge_within: Length,
    ) -> Option<Joint> {
        let turn = turn_of(self, earlier, new, merge_within);
        if turn.lines.len() < 2 {
            return None;
        }
        let joint = JOINTS
            .iter()
            .map(|joint| self.joined(&turn, *joint))
            .find(|found| !found.is_empty())?;
        let mut result = Joint::default();
        for (line, span) in joint {
            let line = turn.lines.get(line)?;
            let span = SensitiveSpan {
                start: span.start + line.skipped,
                end: span.end + line.skipped,
                ..span
            };
            match line.place {
                None => result.new.push(span),
                Some(place) => match result.earlier.iter_mut().find(|(known, _)| *known == place) {
                    Some((_, spans)) => spans.push(span),
                    None => result.earlier.push((place, vec![span])),
                },
            }
        }
        result.new.sort_unstable_by_key(|span| span.start);
        Some(result)
    }

    /// What the lines show when they are joined so: each line's part of it.
    fn joined(&self, turn: &Turn<'_>, joint: Gap) -> Vec<(usize, SensitiveSpan)> {
        let mut text = String::new();
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for line in &turn.lines {
            if !stretches.is_empty() {
                text.push_str(joint.between);
            }
            let start = stretches
                .last()
                .map_or(0, |last: &Range<usize>| last.end + joint.between.len());
            text.push_str(&line.text);
            stretches.push(start..start + line.text.chars().count());
        }
        let found = spans::find(&text, &self.patterns);
        found
            .into_iter()
            .filter(|span| span.kind.is_masked())
            .flat_map(|span| self.parts(turn, &stretches, joint, span))
            .collect()
    }

    /// The parts of a datum, if it is one that only the lines together show.
    fn parts(
        &self,
        turn: &Turn<'_>,
        stretches: &[Range<usize>],
        joint: Gap,
        span: SensitiveSpan,
    ) -> Vec<(usize, SensitiveSpan)> {
        let parts: Vec<(usize, SensitiveSpan)> = stretches
            .iter()
            .enumerate()
            .filter(|(_, stretch)| span.start < stretch.end && stretch.start < span.end)
            .map(|(line, stretch)| {
                let part = SensitiveSpan {
                    kind: span.kind,
                    start: span.start.max(stretch.start) - stretch.start,
                    end: span.end.min(stretch.end) - stretch.start,
                };
                (line, part)
            })
            .collect();
        let holds = match parts.as_slice() {
            [(line, part)] => joint.words_count && self.is_announced(turn, *line, *part),
            [(first, head), .., (last, tail)] => {
                (joint.words_count || has_own_check(span.kind))
                    && (*first..=*last).contains(&turn.new)
                    && turn
                        .text(*first)
                        .is_some_and(|text| seam::is_no_record(text, head.start))
                    && turn.text(*last).is_some_and(|text| {
                        seam::is_unmeasured(text, tail.end, tail.end - tail.start)
                    })
            }
            [] => false,
        };
        if holds { parts } else { Vec::new() }
    }

    /// Whether a value in one line is announced by the other beside it, and by nothing in its own.
    fn is_announced(&self, turn: &Turn<'_>, line: usize, part: SensitiveSpan) -> bool {
        let Some(text) = turn.text(line) else {
            return false;
        };
        let own = spans::find(text, &self.patterns);
        let is_known = |own: &SensitiveSpan| own.start < part.end && part.start < own.end;
        if own.iter().filter(|own| own.kind.is_masked()).any(is_known) {
            return false;
        }
        let length = part.end - part.start;
        let behind = text.chars().count().saturating_sub(part.end);
        // Behind its word, or before it.
        let goes_on = line > 0
            && (line == turn.new || line == turn.new + 1)
            && part.start <= NEAR_EDGE
            && seam::is_unmeasured(text, part.end, length);
        let is_named = (line == turn.new || line + 1 == turn.new)
            && line + 1 < turn.lines.len()
            && behind <= NEAR_EDGE
            && seam::is_no_record(text, part.start);
        let value: String = text.chars().skip(part.start).take(length).collect();
        // A mere word is one only if it is all that was said.
        let is_value = value.chars().any(char::is_numeric)
            || seam::is_alone(text, part.start, part.end) && !is_courtesy(&value);
        (goes_on || is_named) && is_value
    }
}

/// How lines are joined.
#[derive(Debug, Clone, Copy)]
struct Gap {
    between: &'static str,
    /// Words count as what announces a value. Where texts are joined without a space, new words
    /// come about.
    words_count: bool,
}

const JOINTS: &[Gap] = &[
    Gap {
        between: " ",
        words_count: true,
    },
    Gap {
        between: "",
        words_count: false,
    },
];

/// The lines of one turn that may belong together, in order of time.
struct Turn<'a> {
    lines: Vec<Line<'a>>,
    /// Which one is new.
    new: usize,
}

impl Turn<'_> {
    fn text(&self, line: usize) -> Option<&str> {
        self.lines.get(line).map(|line| line.text.as_ref())
    }
}

/// One of them.
struct Line<'a> {
    /// Its place in the list that was given; `None` for the new one.
    place: Option<usize>,
    /// The stretch that is looked at.
    text: std::borrow::Cow<'a, str>,
    /// How many scalar values of the whole text come before it.
    skipped: usize,
}

fn turn_of<'a>(
    reader: &Reader,
    earlier: &[Said<'a>],
    new: Said<'a>,
    merge_within: Length,
) -> Turn<'a> {
    let mut order: Vec<(Option<usize>, Said<'a>)> = earlier
        .iter()
        .enumerate()
        .map(|(place, said)| (Some(place), *said))
        .collect();
    // Stable: of equal times, the order of arrival.
    order.sort_by_key(|(_, said)| said.at);
    let at = order.partition_point(|(_, said)| said.at <= new.at);
    order.insert(at, (None, new));
    let goes_on = |left: &Said<'_>, right: &Said<'_>| {
        left.from == new.from
            && right.from == new.from
            && !more_than(merge_within, left.at, right.at)
            && stops_short(reader, left.text)
    };
    let pair = |left: usize| Some((&order.get(left)?.1, &order.get(left + 1)?.1));
    let mut first = at;
    while first > 0 && pair(first - 1).is_some_and(|(left, right)| goes_on(left, right)) {
        first -= 1;
    }
    let mut last = at;
    while pair(last).is_some_and(|(left, right)| goes_on(left, right)) {
        last += 1;
    }
    let lines = order
        .get(first..=last)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(index, (place, said))| {
            let line_at = first + index;
            let seam_is_behind = line_at < at || line_at == at && at == first;
            line(*place, said.text, seam_is_behind)
        })
        .collect();
    Turn {
        lines,
        new: at - first,
    }
}

fn stops_short(reader: &Reader, text: &str) -> bool {
    let end = line(None, text, true).text;
    seam::trails(&end, &spans::find(&end, &reader.patterns))
}

/// What is looked at of a text: its end if the seam is there, else its start.
fn line(place: Option<usize>, text: &str, at_its_end: bool) -> Line<'_> {
    let length = text.chars().count();
    if length <= LOOKED_AT {
        return Line {
            place,
            text: text.into(),
            skipped: 0,
        };
    }
    let skipped = if at_its_end { length - LOOKED_AT } else { 0 };
    let text: String = text.chars().skip(skipped).take(LOOKED_AT).collect();
    Line {
        place,
        text: text.into(),
        skipped,
    }
}

/// Whether a kind is known by its own check, so that no word is needed.
const fn has_own_check(kind: SpanKind) -> bool {
    matches!(
        kind,
        SpanKind::PaymentCard | SpanKind::Iban | SpanKind::NationalId
    )
}

/// Whether a word is what people say when they begin or end, not a password.
fn is_courtesy(word: &str) -> bool {
    let bare = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    COURTESIES.contains(&bare.as_str())
}

const COURTESIES: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "thanks",
    "thank",
    "thx",
    "cheers",
    "sorry",
    "wait",
    "anyone",
    "pls",
    "ok",
    "okay",
    "yes",
    "no",
    "hallo",
    "danke",
    "sorry",
    "bitte",
    "moment",
    "warte",
    "hola",
    "gracias",
    "perdon",
    "perdón",
    "espera",
    "bonjour",
    "salut",
    "merci",
    "pardon",
    "attends",
    "attendez",
    "ola",
    "olá",
    "obrigado",
    "obrigada",
    "desculpe",
    "espere",
    "ciao",
    "grazie",
    "scusi",
    "scusa",
    "aspetti",
    "aspetta",
    "salve",
    "buongiorno",
    "help",
    "hilfe",
    "ayuda",
    "aide",
    "ajuda",
    "aiuto",
];

#[cfg(test)]
mod tests;
