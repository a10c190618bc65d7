//! Finds sensitive data in a text: SPEC's span kinds, each with its check.
//!
//! Pure and linear: one folding pass, one pass for words that announce a value, then hand-written
//! scanners that look at most a fixed stretch ahead or back. A text with no digit, no `@` and no
//! such word leaves after the first two. Must not know languages, parties or what was said before.

mod answers;
mod bank;
mod beside;
mod cards;
mod checksums;
mod compact;
mod contact;
mod cues;
mod dates;
mod fillers;
mod folded;
mod national;
mod numbering;
mod numbers;
mod passwords;
mod patterns;
pub(super) mod seam;
mod secrets;
mod tokens;

#[cfg(test)]
mod tests;

use crate::domain::reading::{SensitiveSpan, SpanKind};

pub(super) use answers::with_answers;
use cues::Sign;
use folded::Folded;
use numbers::Group;
pub(super) use patterns::Patterns;
pub(super) use tokens::{CLOSE, OPEN};

/// The most rounds of looking. A datum found is hidden and the rest looked at again, so that what
/// is found does not depend on whether its neighbour is masked already.
const ROUNDS: usize = 4;

/// The sensitive data of a text, in order, not overlapping, in Unicode scalar values of the text
/// as received. A `⟦kind⟧` token is a span of that kind. `patterns` are the admin's.
#[must_use]
pub(super) fn find(text: &str, patterns: &Patterns) -> Vec<SensitiveSpan> {
    let mut known = tokens::find(text);
    for round in 1..=ROUNDS {
        let folded = Folded::new(text, &known);
        let more = patterns.find(text, &known);
        let signs = cues::find(&folded);
        let runs = numbers::runs(&folded);
        let mut found = search(&folded, &signs, &runs);
        let is_masked = |span: &SensitiveSpan| span.kind.is_masked();
        // Phone numbers give way to everything else, so they are looked for only where their turn is
        // or a pattern may reach into one.
        if round == ROUNDS || !more.is_empty() || !found.iter().any(is_masked) {
            found.extend(phones(&folded, &signs, &runs));
        }
        let found = patterns::join(settle(found), more);
        let is_last = round == ROUNDS || !found.iter().any(is_masked);
        // What is not masked stays in sight of the next round.
        known.extend(found.into_iter().filter(|span| is_last || is_masked(span)));
        known.sort_unstable_by_key(|span| span.start);
        if is_last {
            break;
        }
    }
    known
}

/// What one look finds but for phone numbers.
fn search(folded: &Folded, signs: &[Sign], runs: &[Vec<Group>]) -> Vec<SensitiveSpan> {
    let mut found = secrets::find(folded, signs);
    if folded.has_digit {
        for (index, run) in runs.iter().enumerate() {
            found.extend(cards::find(folded, signs, run));
            found.extend(cards::over_lines(folded, runs, index));
            found.extend(national::in_run(folded, signs, run));
        }
        at_words(folded, signs, &mut found);
        found.extend(national::last_fours(folded, signs));
        found.extend(bank::accounts(folded, signs));
        found.extend(dates::births(folded, signs));
    }
    if folded.has_at {
        let ats = folded.text().match_indices('@');
        found.extend(ats.filter_map(|(at, _)| contact::email_at(folded, at)));
    }
    found
}

/// The phone numbers, of which none overlaps another.
fn phones(folded: &Folded, signs: &[Sign], runs: &[Vec<Group>]) -> Vec<SensitiveSpan> {
    let mut found = Vec::new();
    let mut next = 0;
    for index in 0..runs.len() {
        if index >= next
            && let Some((phone, used)) = contact::phone(folded, signs, runs, index)
        {
            found.push(phone);
            next = index + used;
        }
    }
    found
}

/// What may start wherever a word does.
fn at_words(folded: &Folded, signs: &[Sign], found: &mut Vec<SensitiveSpan>) {
    let mut at = 0;
    while at < folded.len() {
        if folded.at(at).is_ascii_alphanumeric() && folded.is_free_before(at) {
            found.extend(bank::iban_at(folded, at));
            found.extend(national::with_letters_at(folded, signs, at));
        }
        at = folded.word_end(at).max(at + 1);
    }
}

/// Of overlapping spans, keeps the one whose kind is the surest, then the longer one.
fn settle(mut found: Vec<SensitiveSpan>) -> Vec<SensitiveSpan> {
    found.sort_unstable_by_key(|span| (span.start, sureness(span.kind), usize::MAX - span.end));
    let mut settled: Vec<SensitiveSpan> = Vec::with_capacity(found.len());
    for span in found {
        match settled.last() {
            Some(last) if span.start < last.end => {
                let rank = |span: &SensitiveSpan| {
                    (sureness(span.kind), usize::MAX - (span.end - span.start))
                };
                if rank(&span) < rank(last) {
                    settled.pop();
                    settled.push(span);
                }
            }
            _ => settled.push(span),
        }
    }
    settled
}

/// The order in which kinds win a stretch: a check outweighs a word, a word outweighs a form, and
/// what is masked outweighs what is not.
fn sureness(kind: SpanKind) -> u8 {
    match kind {
        SpanKind::PaymentCard => 0,
        SpanKind::Iban => 1,
        SpanKind::NationalId => 2,
        SpanKind::Password => 3,
        SpanKind::Pin => 4,
        SpanKind::OneTimeCode => 5,
        SpanKind::Passport => 6,
        SpanKind::BankAccount => 7,
        SpanKind::BirthDate => 8,
        SpanKind::Custom => 9,
        SpanKind::Email => 10,
        SpanKind::Phone => 11,
    }
}
