//! Finds phrases word by word. It knows words only, not what they mean.

use std::{borrow::Cow, ops::Range};

use super::tables::{Number, Tables, Word, Woven};
use crate::reading::fold::Folded;

/// Phrases, ready to be found.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    numbers: Cow<'static, [Number]>,
    letters: Cow<'static, str>,
}

impl From<Woven> for Matcher {
    fn from(woven: Woven) -> Self {
        Self {
            numbers: Cow::Owned(woven.numbers),
            letters: Cow::Owned(woven.letters),
        }
    }
}

impl Matcher {
    /// Finds the phrases of tables that are in the binary.
    pub(super) fn shipped(numbers: &'static [u8], letters: &'static str) -> Self {
        Self {
            numbers: Cow::Borrowed(numbers.as_chunks().0),
            letters: Cow::Borrowed(letters),
        }
    }

    /// Calls `found` with the meaning and the words of every phrase in a text; with some twice.
    pub(super) fn find(&self, text: &Folded, mut found: impl FnMut(usize, Range<usize>)) {
        let Some(tables) = Tables::of(&self.numbers, &self.letters) else {
            return;
        };
        let words: Vec<Option<Word>> = (0..text.words.len())
            .map(|place| tables.word(text.word(place)))
            .collect();
        let mut rest = words.as_slice();
        let mut start = 0;
        while let [word, after @ ..] = rest {
            let mut node = word.and_then(|word| tables.first(word));
            let mut end = start + 1;
            let mut after_phrase = after.iter();
            while let Some(at) = node {
                for meaning in tables.meanings(at) {
                    found(meaning, start..end);
                }
                let next = after_phrase.next().copied().flatten();
                node = next.and_then(|word| tables.next(at, word));
                end += 1;
            }
            rest = after;
            start += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, ops::Range};

    use proptest::{collection::vec, prelude::*, sample::select};

    use super::Matcher;
    use crate::reading::{
        fold::{fold, fold_phrase},
        lexicon::weave::Loom,
    };

    /// A template with its choices as they are written.
    type Template<'a> = &'a [&'a [&'a str]];

    /// Where the templates stand in a text, each by its place, in the order of the text.
    fn found_of(templates: &[Template<'_>], text: &str) -> Vec<(usize, Range<usize>)> {
        let mut loom = Loom::default();
        for (meaning, template) in (0..).zip(templates) {
            let folded = |choices: &&[&str]| choices.iter().map(|c| fold_phrase(c)).collect();
            let slots: Vec<Vec<String>> = template.iter().map(folded).collect();
            loom.add(&slots, meaning);
        }
        let mut found = Vec::new();
        Matcher::from(loom.finish()).find(&fold(text), |meaning, words| {
            found.push((meaning, words));
        });
        found
    }

    fn found(template: Template<'_>, text: &str) -> Vec<Range<usize>> {
        let found = found_of(&[template], text).into_iter();
        found.map(|(_, words)| words).collect()
    }

    #[test]
    fn a_template_is_found_in_each_of_its_choices() {
        let template: Template<'_> = &[&["", "please"], &["call", "give a ring"], &["", "back"]];
        assert_eq!(found(template, "Call! Call now."), [0..1, 2..3]);
        assert_eq!(found(template, "please give a ring"), [0..4, 1..4]);
        assert_eq!(found(template, "call back"), [0..1, 0..2]);
        let template: Template<'_> = &[&["call", "ring"], &["", "me"], &["back"]];
        assert_eq!(
            found(template, "call back, ring me back, call me"),
            [0..2, 2..5]
        );
    }

    #[test]
    fn choices_that_begin_alike_are_told_apart() {
        let template: Template<'_> = &[&["", "so"], &["well", "well well"], &["", "then", "now"]];
        assert_eq!(found(template, "well. Well"), [0..1, 2..3]);
        assert_eq!(found(template, "well strange well"), [0..1, 2..3]);
        assert_eq!(
            found(template, "so well well now"),
            [0..2, 0..3, 0..4, 1..2, 1..3, 1..4, 2..3, 2..4]
        );
        assert!(found(template, "so strange").is_empty());
    }

    #[test]
    fn templates_that_share_words_keep_their_meanings() {
        let call: Template<'_> = &[&["call", "ring"], &["me"], &["", "back"]];
        let refuse: Template<'_> = &[&["", "don't"], &["call", "ring"], &["me"]];
        let ring: Template<'_> = &[&["ring"]];
        assert_eq!(
            found_of(&[call, refuse, ring], "don't ring me back"),
            [(1, 0..3), (2, 1..2), (0, 1..3), (1, 1..3), (0, 1..4)]
        );
    }

    #[test]
    fn a_template_may_be_left_out_as_a_whole() {
        assert_eq!(
            found(&[&["", "please"], &["", "now"]], "now please"),
            [0..1, 1..2]
        );
        assert!(found(&[&[""]], "now").is_empty());
        assert!(found_of(&[], "now").is_empty());
    }

    #[test]
    fn whole_words_in_one_sentence_are_found() {
        assert!(found(&[&["ring"]], "bring strings").is_empty());
        assert!(found(&[&["thank you"]], "thank. You").is_empty());
        assert_eq!(found(&[&["CAFÉ"]], "cafe, Café"), [0..1, 1..2]);
    }

    /// Every phrase of a template, by its words.
    fn spelled_out(template: &[Vec<Vec<&'static str>>]) -> BTreeSet<Vec<&'static str>> {
        let nothing = BTreeSet::from([Vec::new()]);
        template.iter().fold(nothing, |phrases, choices| {
            let longer = |phrase: Vec<_>| {
                let choices = choices.iter();
                choices.map(move |choice| [phrase.as_slice(), choice].concat())
            };
            phrases.into_iter().flat_map(longer).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_spelling_all_choices_out_would_find(
            templates in vec(vec(vec(vec(select(&["a", "b", "c"]), 0..3), 1..4), 1..4), 1..5),
            text in vec(select(&["a", "b", "c", "d"]), 0..12),
        ) {
            let mut loom = Loom::default();
            let mut expected = BTreeSet::new();
            for (meaning, template) in templates.iter().enumerate() {
                let choices = |choices: &Vec<Vec<_>>| choices.iter().map(|c| c.join(" ")).collect();
                let slots: Vec<Vec<String>> = template.iter().map(choices).collect();
                loom.add(&slots, u32::try_from(meaning).expect("a few templates"));
                for phrase in spelled_out(template).iter().filter(|phrase| !phrase.is_empty()) {
                    let places = text.windows(phrase.len()).enumerate();
                    let here = places.filter(|(_, words)| words == phrase);
                    expected.extend(here.map(|(at, _)| (meaning, at, at + phrase.len())));
                }
            }
            let mut found = BTreeSet::new();
            Matcher::from(loom.finish()).find(&fold(&text.join(" ")), |meaning, words| {
                found.insert((meaning, words.start, words.end));
            });
            prop_assert_eq!(found, expected);
        }
    }
}
