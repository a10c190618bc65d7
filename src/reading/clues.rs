//! A scanned message as the judges of `interpret` see it: which signs it has, which stand near
//! which, and which words nothing explains. It asks and counts; it decides nothing.

use std::ops::Range;

use crate::domain::{reading::Language, vocabulary::PhraseList};

use super::{
    Scan,
    fold::{Word, WordKind},
    lexicon::{Hit, Meaning, Sign},
};

/// A stretch of words, as places in the folded text.
pub(super) type Words = Range<usize>;

/// What can be asked of a scanned message.
pub(super) struct Clues<'a> {
    /// The message.
    pub(super) scan: &'a Scan,
    hits: Vec<&'a Hit>,
    /// Where signs stand: sign by sign, each in order.
    places: Vec<Words>,
    /// Per sign, where its part of `places` ends.
    ends: [usize; Sign::COUNT],
}

impl<'a> Clues<'a> {
    /// Takes the hits that count in this language, where one is known.
    pub(super) fn new(scan: &'a Scan, language: Option<Language>) -> Self {
        let hits: Vec<&Hit> = scan
            .hits
            .iter()
            .filter(|hit| hit.only_in.is_none() || language.is_none() || hit.only_in == language)
            .collect();
        let signs = hits.iter().filter_map(|hit| match hit.meaning {
            Meaning::Shipped(sign) => Some((sign, &hit.words)),
            Meaning::Added(_) | Meaning::Removed(_) | Meaning::Topic(_) | Meaning::WordList(_) => {
                None
            }
        });
        let mut ends = [0; Sign::COUNT];
        for (sign, _) in signs.clone() {
            if let Some(count) = ends.get_mut(sign as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            // Where the sign begins, for now; each of its hits moves it on.
            sum += std::mem::replace(end, sum);
        }
        let mut places = vec![0..0; sum];
        for (sign, words) in signs {
            let next = ends.get_mut(sign as usize);
            if let Some((next, place)) =
                next.and_then(|next| places.get_mut(*next).map(|place| (next, place)))
            {
                *place = words.clone();
                *next += 1;
            }
        }
        Self {
            scan,
            hits,
            places,
            ends,
        }
    }

    /// Where a sign stands, in order.
    pub(super) fn all(&self, sign: Sign) -> &[Words] {
        let number = sign as usize;
        let end = self.ends.get(number).copied().unwrap_or_default();
        let before = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default();
        self.places.get(start..end).unwrap_or_default()
    }

    /// Where a sign first stands.
    pub(super) fn first(&self, sign: Sign) -> Option<Words> {
        self.all(sign).first().cloned()
    }

    /// Where any of these signs first stands.
    pub(super) fn first_of(&self, signs: &[Sign]) -> Option<Words> {
        signs.iter().find_map(|sign| self.first(*sign))
    }

    /// Whether a sign stands anywhere.
    pub(super) fn has(&self, sign: Sign) -> bool {
        !self.all(sign).is_empty()
    }

    /// Whether any of these signs stands anywhere.
    pub(super) fn has_any(&self, signs: &[Sign]) -> bool {
        signs.iter().any(|sign| self.has(*sign))
    }

    /// Where a phrase of the admin's stands.
    pub(super) fn added(&self, list: PhraseList) -> Option<Words> {
        self.hits
            .iter()
            .find(|hit| hit.meaning == Meaning::Added(list))
            .map(|hit| hit.words.clone())
    }

    /// Whether a phrase stands here that the admin removed from a list.
    pub(super) fn is_removed(&self, list: PhraseList) -> bool {
        let removed = Meaning::Removed(list);
        self.hits.iter().any(|hit| hit.meaning == removed)
    }

    /// Everything found, shipped or the admin's.
    pub(super) fn hits(&self) -> &[&'a Hit] {
        &self.hits
    }

    /// The first hit of `second` that begins at most `gap` words after a hit of `first` in the
    /// same sentence; from the first word of the one to the last of the other.
    pub(super) fn pair(&self, first: Sign, second: Sign, gap: usize) -> Option<Words> {
        self.pairs(first, second, gap).next()
    }

    /// All such pairs, one a hit of `first`.
    pub(super) fn pairs(
        &self,
        first: Sign,
        second: Sign,
        gap: usize,
    ) -> impl Iterator<Item = Words> {
        let seconds = self.all(second);
        self.all(first).iter().filter_map(move |head| {
            let from = seconds.partition_point(|words| words.start < head.end);
            seconds
                .get(from)
                .filter(|tail| tail.start - head.end <= gap)
                .filter(|tail| self.sentence(tail.start) == self.sentence(head.start))
                .map(|tail| head.start..tail.end)
        })
    }

    /// Whether a hit of `sign` ends at most `gap` words before these words, within their clause.
    pub(super) fn before(&self, sign: Sign, words: &Words, gap: usize) -> bool {
        let all = self.all(sign);
        let after = all.partition_point(|hit| hit.start < words.start);
        all.iter()
            .take(after)
            .rev()
            // Hits overlap at most a few deep.
            .take(4)
            .any(|hit| {
                hit.end <= words.start
                    && words.start - hit.end <= gap
                    && self.in_one_clause(hit.end..words.start + 1)
            })
    }

    /// Whether a hit of `sign` begins within these words.
    pub(super) fn within(&self, sign: Sign, words: &Words) -> bool {
        let all = self.all(sign);
        let from = all.partition_point(|hit| hit.start < words.start);
        all.get(from).is_some_and(|hit| hit.start < words.end)
    }

    /// Whether these words belong to one clause.
    pub(super) fn is_one_clause(&self, words: &Words) -> bool {
        self.in_one_clause(words.start + 1..words.end)
    }

    /// Whether a hit of `sign` begins at most `gap` words after these words, in their clause.
    pub(super) fn after(&self, sign: Sign, words: &Words, gap: usize) -> bool {
        let all = self.all(sign);
        let from = all.partition_point(|hit| hit.start < words.end);
        all.get(from).is_some_and(|hit| {
            hit.start - words.end <= gap && self.in_one_clause(words.end..hit.start + 1)
        })
    }

    /// Whether a hit of `sign` touches this sentence.
    pub(super) fn in_sentence(&self, sign: Sign, sentence: &Sentence) -> bool {
        self.first_in(sign, sentence).is_some()
    }

    /// The first hit of `sign` in a sentence.
    pub(super) fn first_in(&self, sign: Sign, sentence: &Sentence) -> Option<Words> {
        let all = self.all(sign);
        let from = all.partition_point(|hit| hit.start < sentence.words.start);
        all.get(from)
            .filter(|hit| hit.start < sentence.words.end)
            .cloned()
    }

    /// The first pair of signs in a sentence, as in [`Self::pair`].
    pub(super) fn pair_in(
        &self,
        first: Sign,
        second: Sign,
        gap: usize,
        sentence: &Sentence,
    ) -> Option<Words> {
        let all = self.all(first);
        let from = all.partition_point(|hit| hit.start < sentence.words.start);
        let seconds = self.all(second);
        all.iter()
            .skip(from)
            .take_while(|hit| hit.start < sentence.words.end)
            .find_map(|head| {
                let at = seconds.partition_point(|words| words.start < head.end);
                seconds
                    .get(at)
                    .filter(|tail| tail.start - head.end <= gap && tail.start < sentence.words.end)
                    .map(|tail| head.start..tail.end)
            })
    }

    /// The sentences, in order.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        let mut sentences: Vec<Sentence> = Vec::new();
        for (place, word) in self.words().iter().enumerate() {
            if sentences.len() <= word.sentence {
                sentences.push(Sentence {
                    words: place..place,
                    question: self
                        .scan
                        .folded
                        .questions
                        .get(word.sentence)
                        .is_some_and(|question| *question),
                });
            }
            if let Some(sentence) = sentences.last_mut() {
                sentence.words.end = place + 1;
            }
        }
        sentences
    }

    /// Whether these words stand in a sentence that ends with a question mark.
    pub(super) fn in_question(&self, words: &Words) -> bool {
        self.sentence(words.start)
            .and_then(|sentence| self.scan.folded.questions.get(sentence))
            .is_some_and(|question| *question)
    }

    /// Whether these words begin their sentence.
    pub(super) fn begins_sentence(&self, words: &Words) -> bool {
        words.start == 0 || self.sentence(words.start - 1) != self.sentence(words.start)
    }

    /// Whether these words begin a clause: their sentence, or after a comma, or right after a
    /// greeting, thanks or an "ok".
    pub(super) fn begins_clause(&self, words: &Words) -> bool {
        self.begins_sentence(words)
            || self
                .words()
                .get(words.start)
                .is_some_and(|word| word.opens_clause)
            || [
                Sign::Thanks,
                Sign::ThanksFor,
                Sign::Ack,
                Sign::Greeting,
                Sign::Pleased,
            ]
            .iter()
            .any(|sign| self.before(*sign, words, 0))
    }

    /// The words, without emoji and ends of sentences, that no hit of these signs covers and
    /// that are no sensitive data.
    pub(super) fn unexplained(&self, signs: &[Sign]) -> Vec<usize> {
        let mut explained = self.sensitive();
        for words in signs.iter().flat_map(|sign| self.all(*sign)) {
            for place in words.clone() {
                if let Some(word) = explained.get_mut(place) {
                    *word = true;
                }
            }
        }
        self.words()
            .iter()
            .zip(explained)
            .enumerate()
            .filter(|(_, (word, explained))| {
                !explained && matches!(word.kind, WordKind::Plain | WordKind::Code)
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// Per word, whether it belongs to sensitive data.
    pub(super) fn sensitive(&self) -> Vec<bool> {
        let mut spans = self.scan.sensitive.iter().peekable();
        if spans.peek().is_none() {
            return vec![false; self.words().len()];
        }
        // Spans count letters, words count bytes; both stand in order.
        let mut letters = self.scan.text.reveal().char_indices().enumerate();
        let mut word_starts = Vec::with_capacity(self.words().len());
        for word in self.words() {
            let at = letters
                .by_ref()
                .find(|(_, (byte, _))| *byte >= word.source.start);
            let at = at.map_or(usize::MAX, |(letter, _)| letter);
            while spans.peek().is_some_and(|span| span.end <= at) {
                spans.next();
            }
            word_starts.push(spans.peek().is_some_and(|span| span.start <= at));
        }
        word_starts
    }

    /// The words of the folded text.
    pub(super) fn words(&self) -> &'a [Word] {
        &self.scan.folded.words
    }

    /// Words as their author wrote them.
    pub(super) fn written(&self, words: &Words) -> String {
        let all = self.words();
        let start = all.get(words.start).map(|word| word.source.start);
        let end = words
            .end
            .checked_sub(1)
            .and_then(|last| all.get(last))
            .map(|word| word.source.end);
        start
            .zip(end)
            .and_then(|(start, end)| self.scan.text.reveal().get(start..end))
            .unwrap_or_default()
            .to_owned()
    }

    fn sentence(&self, place: usize) -> Option<usize> {
        self.words().get(place).map(|word| word.sentence)
    }

    fn in_one_clause(&self, words: Words) -> bool {
        let mut between = words.filter_map(|place| self.words().get(place));
        !between
            .any(|word| word.opens_clause || matches!(word.kind, WordKind::Stop | WordKind::Emoji))
    }
}

/// One sentence.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    /// Its words, the end of the sentence included.
    pub(super) words: Words,
    /// It ends with a question mark.
    pub(super) question: bool,
}
