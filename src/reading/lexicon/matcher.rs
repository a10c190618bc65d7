//! Finds phrases word by word. A phrase is a template of slots, each with its choices; spelling
//! all choices out would make a hundred thousand phrases of some thousand templates. It knows
//! words only, not what they mean.

use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::folded_phrase;
use crate::reading::fold::Folded;

/// A word's place in [`Matcher::ends`]; equal words have equal ids.
type WordId = u32;

/// A word that no template has.
const UNKNOWN: WordId = WordId::MAX;

/// All templates. Their parts lie one behind the other in a few long lists: building them is most
/// of what a start costs.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    ids: FxHashMap<Box<str>, WordId>,
    /// The words of all choices.
    words: Vec<WordId>,
    /// Per choice, its words.
    choices: Vec<Part>,
    /// The slots of all templates.
    slots: Vec<Slot>,
    /// Per template, its slots.
    templates: Vec<Part>,
    /// What words may begin, word by word once all is added.
    entries: Vec<Entry>,
    /// Per word, where its entries end.
    ends: Vec<u32>,
}

/// A stretch of one of the lists.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: u32,
    end: u32,
}

/// One place of a template.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// What may stand here, sorted.
    choices: Part,
    /// Nothing may stand here, too.
    optional: bool,
}

/// A template that a word may begin.
#[derive(Debug, Clone, Copy)]
struct Entry {
    word: WordId,
    /// The words that may come second, each as one bit of [`bit`], so that most of the many
    /// templates that begin with a common word are passed over at a glance.
    seconds: u64,
    template: u32,
    /// The slot that the word stands in, as a place in [`Matcher::slots`].
    slot: u32,
}

/// In [`Entry::seconds`]: the word may be all.
const ALONE: u64 = 1 << 63;

/// The bit of a word in [`Entry::seconds`].
fn bit(word: WordId) -> u64 {
    1 << (word % 63)
}

impl Entry {
    /// Whether it says the same of the same word, but for what comes second.
    fn is_like(self, other: Self) -> bool {
        (self.word, self.template, self.slot) == (other.word, other.template, other.slot)
    }
}

impl Part {
    /// What of a list is this stretch.
    fn of<T>(self, list: &[T]) -> &[T] {
        list.get(place(self.start)..place(self.end))
            .unwrap_or_default()
    }
}

fn place(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// A place as the lists keep it. `MOST_PHRASES` keeps them far below its end.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Matcher {
    /// An empty matcher with room for the phrases of a text of that many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            ids: FxHashMap::with_capacity_and_hasher(bytes / 16, FxBuildHasher),
            words: Vec::with_capacity(bytes / 4),
            choices: Vec::with_capacity(bytes / 8),
            slots: Vec::with_capacity(bytes / 16),
            templates: Vec::with_capacity(bytes / 32),
            entries: Vec::with_capacity(bytes / 8),
            ends: Vec::new(),
        }
    }

    /// How many templates there are.
    pub(super) fn len(&self) -> usize {
        self.templates.len()
    }

    /// Adds a template: slot by slot its choices; an empty one leaves the slot out. Tells whether
    /// the template has a word at all; only then it has a number, counted from 0.
    pub(super) fn add<S: AsRef<str>>(&mut self, template: &[Vec<S>]) -> bool {
        let first = self.slots.len();
        for choices in template {
            self.add_slot(choices);
        }
        let end = self.slots.len();
        if first == end {
            return false;
        }
        for slot in first..end {
            self.add_entries(slot, end);
            if !self.slots.get(slot).is_some_and(|slot| slot.optional) {
                break;
            }
        }
        self.templates.push(Part {
            start: short(first),
            end: short(end),
        });
        true
    }

    /// Adds one slot, if any of its choices has a word.
    fn add_slot<S: AsRef<str>>(&mut self, choices: &[S]) {
        let first = self.choices.len();
        let mut optional = false;
        for choice in choices {
            let start = short(self.words.len());
            let choice = choice.as_ref();
            // Folding the thousands of plain choices would be most of the work of start-up.
            if is_folded(choice) {
                self.add_words(choice);
            } else {
                self.add_words(&folded_phrase(choice));
            }
            let end = short(self.words.len());
            if start == end {
                optional = true;
            } else {
                self.choices.push(Part { start, end });
            }
        }
        let words = &self.words;
        let Some(added) = self.choices.get_mut(first..).filter(|a| !a.is_empty()) else {
            return;
        };
        added.sort_unstable_by(|left, right| left.of(words).cmp(right.of(words)));
        self.slots.push(Slot {
            choices: Part {
                start: short(first),
                end: short(self.choices.len()),
            },
            optional,
        });
    }

    fn add_words(&mut self, folded: &str) {
        for word in folded.split_ascii_whitespace() {
            let id = match self.ids.get(word) {
                Some(id) => *id,
                None => {
                    let id = short(self.ids.len());
                    self.ids.insert(word.into(), id);
                    id
                }
            };
            self.words.push(id);
        }
    }

    /// Notes for each word of a slot that it may begin the newest template, whose slots end at
    /// `end`.
    fn add_entries(&mut self, slot: usize, end: usize) {
        let Some(choices) = self.slots.get(slot).map(|slot| slot.choices) else {
            return;
        };
        let next = self.firsts(self.slots.get(slot + 1..end).unwrap_or_default());
        for choice in choices.of(&self.choices) {
            let (word, seconds) = match choice.of(&self.words) {
                [first] => (*first, next),
                [first, second, ..] => (*first, bit(*second)),
                [] => continue,
            };
            let entry = Entry {
                word,
                seconds,
                template: short(self.templates.len()),
                slot: short(slot),
            };
            match self.entries.last_mut() {
                // Choices that begin alike stand together.
                Some(last) if last.is_like(entry) => last.seconds |= seconds,
                _ => self.entries.push(entry),
            }
        }
    }

    /// Puts the entries in order, once all templates are added.
    pub(super) fn finish(&mut self) {
        let mut ends = vec![0_u32; self.ids.len()];
        for entry in &self.entries {
            if let Some(count) = ends.get_mut(place(entry.word)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        self.entries.sort_unstable_by_key(|entry| entry.word);
        self.ends = ends;
    }

    /// What a word may begin.
    fn begun_by(&self, word: WordId) -> &[Entry] {
        let before = word
            .checked_sub(1)
            .and_then(|before| self.ends.get(place(before)));
        let part = self.ends.get(place(word)).map(|end| Part {
            start: before.copied().unwrap_or_default(),
            end: *end,
        });
        part.map_or(&[], |part| part.of(&self.entries))
    }

    /// The words that may come first in these slots, as bits; [`ALONE`] where none need to.
    fn firsts(&self, slots: &[Slot]) -> u64 {
        let mut bits = 0;
        for slot in slots {
            for choice in slot.choices.of(&self.choices) {
                bits |= choice.of(&self.words).first().map_or(0, |word| bit(*word));
            }
            if !slot.optional {
                return bits;
            }
        }
        bits | ALONE
    }

    /// Calls `found` with the template's number and the words of every occurrence; with some
    /// twice.
    pub(super) fn find(&self, text: &Folded, mut found: impl FnMut(usize, Range<usize>)) {
        if self.templates.is_empty() {
            return;
        }
        let ids: Vec<WordId> = (0..text.words.len())
            .map(|place| self.ids.get(text.word(place)).copied().unwrap_or(UNKNOWN))
            .collect();
        let mut rest = ids.as_slice();
        let mut start = 0;
        while let [word, after @ ..] = rest {
            let next = after.first().map_or(0, |next| match *next {
                UNKNOWN => 0,
                next => bit(next),
            });
            for entry in self.begun_by(*word) {
                if entry.seconds & (next | ALONE) == 0 {
                    continue;
                }
                let end = self.templates.get(place(entry.template)).map(|t| t.end);
                let slots = end.and_then(|end| self.slots.get(place(entry.slot)..place(end)));
                if let Some([first, others @ ..]) = slots {
                    self.follow_choices(first, others, rest, start, &mut |end| {
                        found(place(entry.template), start..end);
                    });
                }
            }
            rest = after;
            start += 1;
        }
    }

    /// Follows slots from a place of the text on, and tells each place where they may end. As deep
    /// as a template has slots.
    fn follow(&self, slots: &[Slot], text: &[WordId], at: usize, ends: &mut dyn FnMut(usize)) {
        let Some((slot, rest)) = slots.split_first() else {
            ends(at);
            return;
        };
        self.follow_choices(slot, rest, text, at, ends);
        if slot.optional {
            self.follow(rest, text, at, ends);
        }
    }

    fn follow_choices(
        &self,
        slot: &Slot,
        rest: &[Slot],
        text: &[WordId],
        at: usize,
        ends: &mut dyn FnMut(usize),
    ) {
        let Some(next) = text.first() else { return };
        let choices = slot.choices.of(&self.choices);
        let from = choices.partition_point(|choice| choice.of(&self.words).first() < Some(next));
        for choice in choices.iter().skip(from) {
            let words = choice.of(&self.words);
            if words.first() != Some(next) {
                break;
            }
            if let Some(after) = text.strip_prefix(words) {
                self.follow(rest, after, at + words.len(), ends);
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

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::reading::fold::fold;

    fn found(template: &[&[&str]], text: &str) -> Vec<std::ops::Range<usize>> {
        let mut matcher = Matcher::default();
        let template: Vec<Vec<&str>> = template.iter().map(|choices| choices.to_vec()).collect();
        assert!(matcher.add(&template));
        matcher.finish();
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
    fn a_template_is_passed_over_only_where_it_cannot_stand() {
        let template: &[&[&str]] = &[&["", "so"], &["well", "well well"], &["", "then", "now"]];
        assert_eq!(found(template, "well. Well"), [0..1, 2..3]);
        assert_eq!(found(template, "well strange well"), [0..1, 2..3]);
        assert_eq!(
            found(template, "so well well now"),
            [0..2, 0..4, 0..3, 1..2, 1..4, 1..3, 2..4, 2..3]
        );
        assert!(found(template, "so strange").is_empty());
        let template: &[&[&str]] = &[&["call", "ring"], &["", "me"], &["back"]];
        assert_eq!(
            found(template, "call back, ring me back, call me"),
            [0..2, 2..5]
        );
    }

    #[test]
    fn whole_words_in_one_sentence_are_found() {
        assert!(found(&[&["ring"]], "bring strings").is_empty());
        assert!(found(&[&["thank you"]], "thank. You").is_empty());
        assert_eq!(found(&[&["CAFÉ"]], "cafe, Café"), [0..1, 1..2]);
    }
}
