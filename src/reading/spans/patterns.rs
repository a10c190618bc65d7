//! What the admin's `[[patterns]]` find, as the data that Ringback knows by itself. Must not look
//! inside what is known to be sensitive already: a masked text then reads as the received one did.

use std::ops::Range;

use regex::Regex;

use crate::domain::{
    reading::{SensitiveSpan, SpanKind},
    vocabulary::Pattern,
};

/// The admin's patterns, ready to run.
#[derive(Debug, Default)]
pub(in crate::reading) struct Patterns(Vec<(Regex, SpanKind)>);

impl Patterns {
    /// Makes patterns ready.
    ///
    /// # Errors
    /// The first that is no regular expression, or too large.
    pub(in crate::reading) fn new(patterns: &[Pattern]) -> Result<Self, (&Pattern, regex::Error)> {
        let ready = patterns.iter().map(|pattern| {
            let regex = Pattern::compile(&pattern.regex).map_err(|error| (pattern, error))?;
            Ok((regex, pattern.kind))
        });
        ready.collect::<Result<_, _>>().map(Self)
    }

    /// What they find outside of the `known` stretches (sorted, disjoint), pattern by pattern.
    /// What touches a known one is left: else a pattern such as `\b\d` would eat its way on with
    /// each look at what the last one left.
    pub(super) fn find(&self, text: &str, known: &[SensitiveSpan]) -> Vec<SensitiveSpan> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let hidden = Hidden::new(text, known);
        let matches = self.0.iter().flat_map(|(regex, kind)| {
            let found = regex.find_iter(&hidden.text);
            found.filter_map(|found| hidden.span(*kind, found.range()))
        });
        matches.collect()
    }
}

/// Stands for a whole known stretch.
const KNOWN: char = '\u{1f}';

/// A text in which each known stretch is one [`KNOWN`].
struct Hidden {
    text: String,
    /// For each character of `text`, its byte there and the scalar value of the received text
    /// that it came from.
    origin: Vec<(usize, usize)>,
}

impl Hidden {
    fn new(received: &str, known: &[SensitiveSpan]) -> Self {
        let mut hidden = Self {
            text: String::with_capacity(received.len()),
            origin: Vec::with_capacity(received.len()),
        };
        let mut known = known.iter().peekable();
        for (scalar, char) in received.chars().enumerate() {
            while known.next_if(|span| span.end <= scalar).is_some() {}
            let char = match known.peek() {
                Some(span) if span.start == scalar => KNOWN,
                Some(span) if span.start < scalar => continue,
                _ => char,
            };
            hidden.origin.push((hidden.text.len(), scalar));
            hidden.text.push(char);
        }
        hidden
    }

    /// The span of a match, unless it is empty or touches what is known.
    fn span(&self, kind: SpanKind, found: Range<usize>) -> Option<SensitiveSpan> {
        let (before, rest) = self.text.split_at_checked(found.start)?;
        let (inside, after) = rest.split_at_checked(found.len())?;
        let touches = before.ends_with(KNOWN) || inside.contains(KNOWN) || after.starts_with(KNOWN);
        if inside.is_empty() || touches {
            return None;
        }
        let place = |byte| self.origin.partition_point(|(start, _)| *start < byte);
        let start = self.origin.get(place(found.start))?.1;
        let last = self.origin.get(place(found.end).checked_sub(1)?)?.1;
        Some(SensitiveSpan {
            kind,
            start,
            end: last + 1,
        })
    }
}

/// Adds what patterns found to what Ringback found by itself (both sorted; the latter disjoint).
/// Where they overlap, all of it is one span of the surest kind that is masked: no part of either
/// may be left standing.
pub(super) fn join(found: Vec<SensitiveSpan>, more: Vec<SensitiveSpan>) -> Vec<SensitiveSpan> {
    if more.is_empty() {
        return found;
    }
    let mut all = [found, more].concat();
    all.sort_unstable_by_key(|span| (span.start, span.end));
    let mut joined: Vec<SensitiveSpan> = Vec::with_capacity(all.len());
    for span in all {
        match joined.last_mut() {
            Some(last) if span.start < last.end => {
                if super::sureness(span.kind) < super::sureness(last.kind) {
                    last.kind = span.kind;
                }
                last.end = last.end.max(span.end);
            }
            _ => joined.push(span),
        }
    }
    joined
}
