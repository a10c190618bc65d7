//! Finds phrases word by word. A phrase is a template of slots, each with its choices; spelling
//! all choices out would make a hundred thousand phrases of some thousand templates. It knows
//! words only, not what they mean.

use std::{collections::HashMap, ops::Range};

use super::{ReaderError, folded_phrase};
use crate::reading::fold::Folded;

/// A word's place in [`Matcher::words`]; equal words have equal ids.
type WordId = u32;

/// A word that no template has.
const UNKNOWN: WordId = WordId::MAX;

/// The most templates a matcher takes, the shipped ones included.
const MOST_TEMPLATES: usize = 200_000;

/// One place of a template.
#[derive(Debug, Default, PartialEq)]
struct Slot {
    /// What may stand here, sorted.
    choices: Vec<Vec<WordId>>,
    /// Nothing may stand here, too.
    optional: bool,
}

/// All templates.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    words: HashMap<String, WordId>,
    templates: Vec<Vec<Slot>>,
    /// Per word, the templates and slots that it may begin.
    entries: Vec<Vec<(usize, usize)>>,
}

impl Matcher {
    /// Adds a template: slot by slot its choices; an empty one leaves the slot out. Tells whether
    /// the template has a word at all; only then it has a number, counted from 0.
    ///
    /// # Errors
    /// When there are too many.
    pub(super) fn add(&mut self, template: &[Vec<String>]) -> Result<bool, ReaderError> {
        if self.templates.len() >= MOST_TEMPLATES {
            return Err(ReaderError::TooLarge(format!(
                "more than {MOST_TEMPLATES} phrases"
            )));
        }
        let mut slots: Vec<Slot> = template.iter().map(|choices| self.slot(choices)).collect();
        slots.retain(|slot| !slot.choices.is_empty());
        if slots.is_empty() {
            return Ok(false);
        }
        let number = self.templates.len();
        for (place, slot) in slots.iter().enumerate() {
            for choice in &slot.choices {
                let entry = choice
                    .first()
                    .and_then(|word| usize::try_from(*word).ok())
                    .and_then(|word| self.entries.get_mut(word));
                if let Some(entry) = entry
                    && entry.last() != Some(&(number, place))
                {
                    entry.push((number, place));
                }
            }
            if !slot.optional {
                break;
            }
        }
        self.templates.push(slots);
        Ok(true)
    }

    fn slot(&mut self, choices: &[String]) -> Slot {
        let mut slot = Slot::default();
        for choice in choices {
            // Folding the thousands of plain choices would be most of the work of start-up.
            let words: Vec<WordId> = if is_folded(choice) {
                choice
                    .split_ascii_whitespace()
                    .map(|w| self.intern(w))
                    .collect()
            } else {
                let line = folded_phrase(choice);
                line.split_whitespace().map(|w| self.intern(w)).collect()
            };
            if words.is_empty() {
                slot.optional = true;
            } else {
                slot.choices.push(words);
            }
        }
        slot.choices.sort_unstable();
        slot.choices.dedup();
        slot
    }

    fn intern(&mut self, word: &str) -> WordId {
        if let Some(id) = self.words.get(word) {
            return *id;
        }
        let id = WordId::try_from(self.words.len()).unwrap_or(UNKNOWN);
        self.words.insert(word.to_owned(), id);
        self.entries.push(Vec::new());
        id
    }

    /// Calls `found` with the template's number and the words of every occurrence.
    pub(super) fn find(&self, text: &Folded, mut found: impl FnMut(usize, Range<usize>)) {
        let ids: Vec<WordId> = (0..text.words.len())
            .map(|place| self.words.get(text.word(place)).copied().unwrap_or(UNKNOWN))
            .collect();
        for (start, word) in ids.iter().enumerate() {
            let entries = usize::try_from(*word)
                .ok()
                .and_then(|word| self.entries.get(word));
            for (number, place) in entries.into_iter().flatten() {
                let slots = self.templates.get(*number).and_then(|t| t.get(*place..));
                if let Some(([first, rest @ ..], text)) = slots.zip(ids.get(start..)) {
                    follow_choices(first, rest, text, start, &mut |end| {
                        found(*number, start..end);
                    });
                }
            }
        }
    }
}

/// Whether folding would leave this text as it is: plain small letters, none stretched.
fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|b| b.is_ascii_lowercase() || *b == b' ')
        && !bytes
            .windows(3)
            .any(|three| three.iter().all(|b| Some(b) == three.first()))
}

/// Follows slots from a place of the text on, and tells each place where they may end. As deep
/// as a template has slots.
fn follow(slots: &[Slot], text: &[WordId], at: usize, ends: &mut dyn FnMut(usize)) {
    let Some((slot, rest)) = slots.split_first() else {
        ends(at);
        return;
    };
    follow_choices(slot, rest, text, at, ends);
    if slot.optional {
        follow(rest, text, at, ends);
    }
}

fn follow_choices(
    slot: &Slot,
    rest: &[Slot],
    text: &[WordId],
    at: usize,
    ends: &mut dyn FnMut(usize),
) {
    let Some(next) = text.first() else { return };
    let from = slot
        .choices
        .partition_point(|choice| choice.first() < Some(next));
    for choice in slot.choices.iter().skip(from) {
        if choice.first() != Some(next) {
            break;
        }
        if let Some(after) = text.strip_prefix(choice.as_slice()) {
            follow(rest, after, at + choice.len(), ends);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::reading::fold::fold;

    fn found(template: &[&[&str]], text: &str) -> Vec<std::ops::Range<usize>> {
        let mut matcher = Matcher::default();
        let template: Vec<Vec<String>> = template
            .iter()
            .map(|choices| choices.iter().map(|c| (*c).to_owned()).collect())
            .collect();
        assert!(matcher.add(&template).expect("few"));
        let mut found = Vec::new();
        matcher.find(&fold(text), |_, words| found.push(words));
        found
    }

    #[test]
    fn a_template_is_found_in_each_of_its_choices() {
        let template: &[&[&str]] = &[&["", "please"], &["call", "give a ring"], &["", "back"]];
        assert_eq!(found(template, "Call! Call now."), [0..1, 2..3]);
        assert_eq!(found(template, "please give a ring"), [0..4, 1..4]);
        assert_eq!(found(template, "call back"), [0..2, 0..1]);
    }

    #[test]
    fn whole_words_in_one_sentence_are_found() {
        assert!(found(&[&["ring"]], "bring strings").is_empty());
        assert!(found(&[&["thank you"]], "thank. You").is_empty());
        assert_eq!(found(&[&["CAFÉ"]], "cafe, Café"), [0..1, 1..2]);
    }
}
