//! Letters and digits read across separators, for ids that people write with and without spaces.

use super::folded::{Folded, is_word};

/// Letters and digits from one position on, and where among them a word ends.
#[derive(Debug)]
pub(super) struct Compact {
    text: String,
    /// For each end of a word: how many characters of `text` come before it, and its position.
    ends: Vec<(usize, usize)>,
}

impl Compact {
    /// Reads at most `most` letters and digits; between them may stand one of `separators`.
    pub(super) fn read(folded: &Folded, at: usize, separators: &[u8], most: usize) -> Self {
        let mut compact = Self {
            text: String::with_capacity(most),
            ends: Vec::new(),
        };
        for (byte, end) in bytes(folded, at, separators).take(most) {
            compact.text.push(char::from(byte));
            if folded.is_free_after(end) {
                compact.ends.push((compact.text.len(), end));
            }
        }
        compact
    }

    /// The readings that end where a word ends, shortest first, each with its end.
    pub(super) fn ends(&self) -> impl Iterator<Item = (&str, usize)> {
        self.ends
            .iter()
            .filter_map(|(length, end)| Some((self.text.get(..*length)?, *end)))
    }

    /// The end of the reading that has exactly this many characters, if a word ends there.
    pub(super) fn of_length(&self, length: usize) -> Option<(&str, usize)> {
        self.ends().find(|(text, _)| text.len() == length)
    }
}

/// The letters and digits from a position on, each with where it ends; between them may stand one
/// of `separators`.
pub(super) fn bytes(
    folded: &Folded,
    mut at: usize,
    separators: &[u8],
) -> impl Iterator<Item = (u8, usize)> {
    std::iter::from_fn(move || {
        let byte = folded.at(at);
        let end = at + 1;
        let goes_on = separators.contains(&folded.at(end)) && is_word(folded.at(end + 1));
        at = if goes_on { end + 1 } else { end };
        byte.is_ascii_alphanumeric().then_some((byte, end))
    })
    .fuse()
}
