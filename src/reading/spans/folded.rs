//! A text folded so that a scanner needs to know only ASCII: digits of every script become
//! `0`-`9`, letters lose case and accents, dashes, spaces and quotes become one of each, and what
//! the eye does not see is left out. Every byte knows the scalar value it came from.
//!
//! Must not judge what anything means; it only makes looking cheap.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::{
    domain::reading::{SensitiveSpan, SpanKind},
    reading::alphabet::{is_letter, is_plain_letter},
};

/// Stands for a symbol or emoji.
pub(super) const SYMBOL: u8 = 0x1a;
/// Stands for a whole stretch that is known to be sensitive.
pub(super) const HIDDEN: u8 = 0x1f;

/// The folded text. Positions in it are byte offsets; a byte of 0x80 or more is part of a letter.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// For each byte of `text`, the scalar value of the received text that it came from.
    origin: Vec<usize>,
    /// Whether there is any digit.
    pub(super) has_digit: bool,
    /// Whether there is an `@`.
    pub(super) has_at: bool,
}

impl Folded {
    /// Folds a text; each of the `hidden` stretches (sorted, disjoint) becomes one [`HIDDEN`].
    pub(super) fn new(received: &str, hidden: &[SensitiveSpan]) -> Self {
        let mut folded = Self {
            text: String::with_capacity(received.len()),
            origin: Vec::with_capacity(received.len()),
            has_digit: false,
            has_at: false,
        };
        let mut hidden = hidden.iter().peekable();
        for (index, char) in received.chars().enumerate() {
            while hidden.next_if(|span| span.end <= index).is_some() {}
            match hidden.peek() {
                Some(span) if span.start == index => folded.push(char::from(HIDDEN), index),
                Some(span) if span.start < index => {}
                _ => folded.fold(char, index),
            }
        }
        folded
    }

    fn push(&mut self, char: char, index: usize) {
        self.has_digit |= char.is_ascii_digit();
        self.has_at |= char == '@';
        self.text.push(char);
        for _ in 0..char.len_utf8() {
            self.origin.push(index);
        }
    }

    /// Pushes an ASCII character that is neither a digit nor an `@`.
    fn push_plain(&mut self, char: char, index: usize) {
        self.text.push(char);
        self.origin.push(index);
    }

    fn fold(&mut self, char: char, index: usize) {
        match char {
            'a'..='z' | ' ' => self.push_plain(char, index),
            '\t' => self.push(' ', index),
            '\n' | '\r' => self.push('\n', index),
            '\0'..='\x1f' | '\x7f' => self.push(char::from(SYMBOL), index),
            _ if char.is_ascii() => self.push(char.to_ascii_lowercase(), index),
            _ if is_plain_letter(char) => self.push(char, index),
            _ if is_unseen(char) => {}
            _ if is_letter(char) => self.fold_letter(char, index),
            _ => self.push(plain(char), index),
        }
    }

    fn fold_letter(&mut self, char: char, index: usize) {
        if is_unspaced(char) {
            self.push(char, index);
            return;
        }
        decompose_compatible(char, |part| {
            if is_letter(part) && !is_combining_mark(part) {
                match part {
                    'ß' => {
                        self.push('s', index);
                        self.push('s', index);
                    }
                    'ø' | 'Ø' => self.push('o', index),
                    'ł' | 'Ł' => self.push('l', index),
                    _ => part
                        .to_lowercase()
                        .filter(|lower| is_letter(*lower))
                        .for_each(|lower| self.push(lower, index)),
                }
            }
        });
    }

    /// The folded text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The length in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The byte at a position; 0 beyond either end.
    pub(super) fn at(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The byte before a position; 0 at the start.
    pub(super) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.at(before))
    }

    /// A stretch; empty where it does not exist.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The digits of a stretch, separators left out.
    pub(super) fn digits(&self, start: usize, end: usize) -> Vec<u8> {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        self.slice(start, end).bytes().filter_map(digit).collect()
    }

    /// Whether no letter or digit touches the position from the left. A letter of a script that
    /// puts no spaces between words is no touch: there, a number always stands against letters.
    pub(super) fn is_free_before(&self, at: usize) -> bool {
        let before = self.before(at);
        match before {
            0x80.. => (self.text.get(..at)).is_none_or(|text| text.ends_with(is_unspaced)),
            _ => !before.is_ascii_alphanumeric(),
        }
    }

    /// Whether no letter or digit touches the position from the right.
    pub(super) fn is_free_after(&self, at: usize) -> bool {
        let after = self.at(at);
        match after {
            0x80.. => (self.text.get(at..)).is_none_or(|text| text.starts_with(is_unspaced)),
            _ => !after.is_ascii_alphanumeric(),
        }
    }

    /// Whether nothing touches the stretch on either side.
    pub(super) fn is_free(&self, start: usize, end: usize) -> bool {
        self.is_free_before(start) && self.is_free_after(end)
    }

    /// The first position from `at` on whose byte is not one of `skip`.
    pub(super) fn after(&self, mut at: usize, mut skip: impl FnMut(u8) -> bool) -> usize {
        while at < self.len() && skip(self.at(at)) {
            at += 1;
        }
        at
    }

    /// Where the letters and digits that start at a position end.
    pub(super) fn word_end(&self, at: usize) -> usize {
        self.after(at, is_word)
    }

    /// The span of a stretch in the text as received.
    pub(super) fn span(&self, kind: SpanKind, start: usize, end: usize) -> Option<SensitiveSpan> {
        let first = *self.origin.get(start)?;
        let last = *self.origin.get(end.checked_sub(1)?)?;
        (start < end).then_some(SensitiveSpan {
            kind,
            start: first,
            end: last + 1,
        })
    }
}

/// Whether a folded byte belongs to a letter or digit.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a character is invisible or only changes the one before it: zero-width characters,
/// direction marks, variation selectors, tags, accents.
fn is_unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
        || is_combining_mark(char)
}

/// Whether the letter's script writes words without spaces: Thai to Khmer, kana, Han, Hangul
/// (whose particles touch the number before them).
fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// The ASCII byte for a character that is neither ASCII nor a letter nor unseen.
fn plain(char: char) -> char {
    match char {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{58a}'
        | '\u{5be}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207b}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe58}'
        | '\u{fe63}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{22c5}' | '\u{30fb}' => '.',
        '\u{2018}'..='\u{201b}' | '\u{b4}' | '\u{2032}' | '\u{2039}' | '\u{203a}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{300c}' | '\u{300d}' => '"',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{60c}' | '\u{3001}' => ',',
        '\u{3002}' | '\u{964}' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0)
            .map_or(char::from(SYMBOL), |ascii| ascii.to_ascii_lowercase()),
        _ => decimal(char).unwrap_or(char::from(SYMBOL)),
    }
}

/// The ASCII digit of a decimal digit of any script.
fn decimal(char: char) -> Option<char> {
    let code = u32::from(char);
    let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = code - ZEROS.get(zero)?;
    char::from_digit(value, 10)
}

/// The zeros of the decimal digits beyond ASCII (general category `Nd`, Unicode 16); each is
/// followed by its nine sisters.
const ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];
