//! Folds a text so that one spelling stands for many: lower case, no accents, no stretched
//! letters, one kind of apostrophe, look-alike letters made plain; handles, links and agents'
//! signatures left out. Scripts that put no spaces between words have one word a letter. Phrases
//! and messages go through the same folding. It must not judge what words mean.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

use super::alphabet::{is_letter, is_letter_or_digit, is_plain_letter};
use super::letters::{
    emoticon, is_accent, is_apostrophe, is_emoji, is_greek_or_cyrillic, is_invisible, is_mixed,
    is_sign_of_a_letter, is_unspaced, look_alike, twin,
};

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Letters, or letters and digits in lower case.
    Plain,
    /// Has a digit, or is written in capitals as record codes are.
    Code,
    /// A symbol that stands for itself: 👍.
    Emoji,
    /// The end of a sentence.
    Stop,
}

/// One word of a folded text.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// What it is.
    pub(super) kind: WordKind,
    /// Where it stands in [`Folded::line`], without the spaces around it.
    pub(super) folded: Range<usize>,
    /// Where it stands in the text as received, in bytes.
    pub(super) source: Range<usize>,
    /// A comma, colon or dash stands before it: a new clause begins.
    pub(super) opens_clause: bool,
    /// Its sentence, counted from 0.
    pub(super) sentence: usize,
}

/// A text, folded.
#[derive(Clone, Default)]
pub(super) struct Folded {
    /// The words, a space before and after each; a sentence ends with the word `.`.
    pub(super) line: String,
    /// The words in order.
    pub(super) words: Vec<Word>,
    /// Per sentence, whether it ends with a question mark.
    pub(super) questions: Vec<bool>,
}

impl Folded {
    /// The folded form of a word.
    pub(super) fn word(&self, index: usize) -> &str {
        self.words
            .get(index)
            .and_then(|word| self.line.get(word.folded.clone()))
            .unwrap_or_default()
    }

    /// Words as they stand in [`Folded::line`].
    pub(super) fn words_line(&self, words: &Range<usize>) -> &str {
        let first = self.words.get(words.start).map(|word| word.folded.start);
        let end = words
            .end
            .checked_sub(1)
            .and_then(|last| self.words.get(last))
            .map(|word| word.folded.end);
        first
            .zip(end)
            .and_then(|(start, end)| self.line.get(start..end))
            .unwrap_or_default()
    }
}

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded {
    let mut folder = Folder {
        folded: Folded {
            line: String::with_capacity(text.len() + 2),
            words: Vec::with_capacity(text.len() / 4),
            ..Folded::default()
        },
        opens_clause: false,
        last: None,
        run: 0,
    };
    folder.folded.line.push(' ');
    for (start, chunk) in chunks(text) {
        folder.chunk(start, chunk);
    }
    folder.stop(text.len()..text.len(), false);
    folder.folded
}

/// A phrase as it stands in a folded line, without the end of its sentence.
pub(super) fn fold_phrase(phrase: &str) -> String {
    let mut line = fold(phrase).line;
    let end = line.trim().trim_end_matches('.').trim_end().len();
    line.drain(..line.len() - line.trim_start().len());
    line.truncate(end);
    line
}

/// The stretches between white space, each with the byte it starts at. A line break is a stretch
/// of its own, because it ends a sentence.
fn chunks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace)
        .flat_map(move |piece| {
            let start = at;
            at += piece.len();
            let word = piece.trim_end();
            let broken = piece.ends_with('\n').then_some((start + word.len(), "\n"));
            [(!word.is_empty()).then_some((start, word)), broken]
        })
        .flatten()
}

struct Folder {
    folded: Folded,
    opens_clause: bool,
    /// The last letter pushed and how often it stood in a row, to shorten stretched words.
    last: Option<char>,
    run: usize,
}

impl Folder {
    fn chunk(&mut self, start: usize, chunk: &str) {
        // Most stretches are a word and nothing else.
        if chunk.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.push_word(start..start + chunk.len(), chunk);
            return;
        }
        if is_left_out(chunk) {
            // The question mark behind a handle still ends the sentence.
            if chunk.starts_with('@') && chunk.ends_with('?') {
                self.stop(start..start + chunk.len(), true);
            }
            return;
        }
        let mut word: Option<usize> = None;
        let mut letters = chunk.char_indices().peekable();
        while let Some((offset, letter)) = letters.next() {
            let at = start + offset;
            let next = letters.peek().map(|(_, next)| *next);
            if is_unspaced(letter) {
                self.close(&mut word, at, chunk, start);
                self.unspaced(at..at + letter.len_utf8(), letter);
                continue;
            }
            if is_letter_or_digit(letter) {
                word.get_or_insert(at);
                continue;
            }
            if !before_is_digit(chunk, offset)
                && let Some((end, emoji)) = chunk.get(offset..).and_then(emoticon)
            {
                self.close(&mut word, at, chunk, start);
                self.emoji(at..at + end, emoji);
                letters.nth(end - 2);
                continue;
            }
            let joined = word.is_some() && next.is_some_and(is_letter_or_digit);
            if is_accent(letter)
                || is_invisible(letter)
                || word.is_some() && is_sign_of_a_letter(letter)
                || joined && (is_apostrophe(letter) || matches!(letter, '.' | '_'))
            {
                continue;
            }
            self.close(&mut word, at, chunk, start);
            let end = at + letter.len_utf8();
            match letter {
                '?' | '？' | '؟' => self.stop(at..end, true),
                '.' | '!' | '…' | ';' | '\n' | '。' | '！' | '¡' | '।' | '؛' | '；' => {
                    self.stop(at..end, false);
                }
                '¿' => self.stop(at..at, false),
                ',' | ':' | '(' | ')' | '–' | '—' | '"' | '、' | '，' | '،' | '：' => {
                    self.opens_clause = true;
                }
                '-' if offset == 0 || next.is_none() => self.opens_clause = true,
                '&' => self.push_word(at..end, "&"),
                _ if is_emoji(letter) => self.emoji(at..end, letter),
                _ => {}
            }
        }
        self.close(&mut word, start + chunk.len(), chunk, start);
    }

    /// Ends the word that began at `word`, splitting a French or Italian elision off it.
    fn close(&mut self, word: &mut Option<usize>, end: usize, chunk: &str, chunk_start: usize) {
        let Some(mut start) = word.take() else { return };
        let written = |from: usize, to: usize| {
            chunk
                .get(from.saturating_sub(chunk_start)..to.saturating_sub(chunk_start))
                .unwrap_or_default()
        };
        while let Some(at) = written(start, end).find(is_apostrophe) {
            let split = start
                + at
                + written(start + at, end)
                    .chars()
                    .next()
                    .map_or(1, char::len_utf8);
            if is_english_ending(written(split, end)) {
                break;
            }
            self.push_word(start..split, written(start, split));
            start = split;
        }
        if start < end {
            self.push_word(start..end, written(start, end));
        }
    }

    fn push_word(&mut self, source: Range<usize>, written: &str) {
        let from = self.folded.line.len();
        self.last = None;
        if is_unstretched(written) {
            self.folded.line.push_str(written);
            if let Some(word) = self.folded.line.get_mut(from..) {
                word.make_ascii_lowercase();
            }
            self.push(word_kind(written), from, source);
            return;
        }
        let mixed = is_mixed(written);
        for letter in written.chars() {
            let deceives = mixed && is_greek_or_cyrillic(letter);
            let plain = deceives.then(|| look_alike(letter)).flatten();
            self.push_letter(plain.unwrap_or(letter));
        }
        if self.folded.line.len() == from {
            return;
        }
        self.push(word_kind(written), from, source);
    }

    fn push_letter(&mut self, letter: char) {
        if letter.is_ascii_alphanumeric() {
            self.push_folded(letter.to_ascii_lowercase());
            return;
        }
        if is_plain_letter(letter) {
            self.push_folded(twin(letter).unwrap_or(letter));
            return;
        }
        if is_apostrophe(letter) {
            self.folded.line.push('\'');
            self.last = None;
            return;
        }
        if is_invisible(letter) {
            return;
        }
        if letter.is_ascii() {
            self.push_folded(letter.to_ascii_lowercase());
            return;
        }
        decompose_compatible(letter, |part| {
            if is_accent(part) {
                return;
            }
            match part {
                'ß' | 'ẞ' => {
                    self.folded.line.push_str("ss");
                }
                'œ' | 'Œ' => self.folded.line.push_str("oe"),
                'æ' | 'Æ' => self.folded.line.push_str("ae"),
                _ => {
                    for lower in part.to_lowercase() {
                        if !is_accent(lower) {
                            self.push_folded(twin(lower).unwrap_or(lower));
                        }
                    }
                }
            }
        });
    }

    /// Pushes a letter; of three or more in a row ("thaaanks") one stays.
    fn push_folded(&mut self, letter: char) {
        if !is_letter(letter) || self.last != Some(letter) {
            self.last = Some(letter);
            self.run = 1;
            self.folded.line.push(letter);
            return;
        }
        self.run += 1;
        match self.run {
            2 => self.folded.line.push(letter),
            3 => {
                self.folded.line.pop();
            }
            _ => {}
        }
    }

    /// A letter that is a word of its own. Of one that is drawn out ("うううう") two stay.
    fn unspaced(&mut self, source: Range<usize>, letter: char) {
        let from = self.folded.line.len();
        self.last = None;
        self.push_letter(letter);
        let written = self.folded.line.get(from..).unwrap_or_default();
        let repeats = |word: &Word| self.folded.line.get(word.folded.clone()) == Some(written);
        if written.is_empty()
            || self
                .folded
                .words
                .iter()
                .rev()
                .take(2)
                .filter(|word| repeats(word))
                .count()
                == 2
        {
            self.folded.line.truncate(from);
            return;
        }
        self.push(WordKind::Plain, from, source);
    }

    /// An emoji once, however often it is repeated; its variants and skin tones are left out.
    fn emoji(&mut self, source: Range<usize>, letter: char) {
        let repeated = self.folded.words.last().is_some_and(|word| {
            word.kind == WordKind::Emoji
                && self.folded.line.get(word.folded.clone())
                    == Some(letter.encode_utf8(&mut [0; 4]))
        });
        if !repeated {
            let from = self.folded.line.len();
            self.folded.line.push(letter);
            self.push(WordKind::Emoji, from, source);
        }
    }

    fn push(&mut self, kind: WordKind, from: usize, source: Range<usize>) {
        let to = self.folded.line.len();
        self.folded.line.push(' ');
        self.folded.words.push(Word {
            kind,
            folded: from..to,
            source,
            opens_clause: std::mem::take(&mut self.opens_clause),
            sentence: self.folded.questions.len(),
        });
    }

    fn stop(&mut self, source: Range<usize>, question: bool) {
        let ended = self
            .folded
            .words
            .last()
            .is_none_or(|word| word.kind == WordKind::Stop);
        if ended {
            // "?!" and "..?" are still questions.
            if let Some(last) = self.folded.questions.last_mut() {
                *last |= question;
            }
            return;
        }
        let from = self.folded.line.len();
        self.folded.line.push('.');
        self.push(WordKind::Stop, from, source);
        self.opens_clause = false;
        self.folded.questions.push(question);
    }
}

/// Handles, links, addresses and signatures ("^AB", "*TJN", "/CG") say nothing that we read here.
fn is_left_out(chunk: &str) -> bool {
    let mut letters = chunk.chars();
    let first = letters.next();
    let rest = letters.as_str();
    let initials = |longest: usize| {
        (2..=longest).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase())
    };
    let has_inner_at = chunk.find('@').is_some_and(|at| at > 0) && chunk.contains('.');
    match first {
        Some('@') => rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'),
        Some('^') => true,
        Some('*') => initials(4),
        Some('/') => initials(3),
        Some('⟦') => true,
        _ => {
            chunk.starts_with("http://")
                || chunk.starts_with("https://")
                || chunk.starts_with("www.")
                || chunk.starts_with("<url>")
                || has_inner_at
        }
    }
}

/// Plain letters and digits, no three of them alike in a row: only its case is folded.
fn is_unstretched(written: &str) -> bool {
    let bytes = written.as_bytes();
    let alike = |three: &[u8]| match three {
        [one, two, three] => one.eq_ignore_ascii_case(two) && one.eq_ignore_ascii_case(three),
        _ => false,
    };
    bytes.iter().all(u8::is_ascii_alphanumeric) && !bytes.windows(3).any(alike)
}

fn word_kind(written: &str) -> WordKind {
    let has_digit = if written.is_ascii() {
        written.bytes().any(|byte| byte.is_ascii_digit())
    } else {
        let mut others = written.chars().filter(|letter| !is_plain_letter(*letter));
        others.any(char::is_numeric)
    };
    let is_capital = |letter: char| letter.is_uppercase();
    let all_capitals = || written.chars().all(is_capital) && written.chars().count() >= 5;
    if has_digit || all_capitals() {
        WordKind::Code
    } else {
        WordKind::Plain
    }
}

/// Whether a digit stands right before this place: "1:3" holds no smile.
fn before_is_digit(chunk: &str, offset: usize) -> bool {
    let before = offset
        .checked_sub(1)
        .and_then(|at| chunk.as_bytes().get(at));
    before.is_some_and(u8::is_ascii_digit)
}

fn is_english_ending(ending: &str) -> bool {
    ["t", "s", "re", "ve", "ll", "d", "m", "clock", "all", ""]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
