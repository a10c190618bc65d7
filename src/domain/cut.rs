//! Cuts a text short between letters as a reader sees them (the grapheme clusters of UAX #29): never
//! within a family of emoji, a flag or a conjunct. It does not say where something was left out, and
//! hides nothing.

use unicode_segmentation::UnicodeSegmentation;

/// How many characters a letter may have. The longest that anybody writes, a family of four with its
/// colours of skin, has eleven; what is longer is a tower of marks.
pub const LONGEST_LETTER: usize = 32;

/// The start of a text that is at most `most` long, where each character is as long as `length` says:
/// `|_| 1` counts characters, [`char::len_utf16`] what Telegram counts. Only what is longer than
/// [`LONGEST_LETTER`] is cut between its characters.
#[must_use]
pub fn head(text: &str, most: usize, length: impl Fn(char) -> usize) -> &str {
    let mut left = most;
    let mut end = 0;
    for (at, letter) in text.grapheme_indices(true) {
        let long = letter.chars().map(&length).sum();
        let Some(after) = left.checked_sub(long) else {
            if letter.chars().nth(LONGEST_LETTER).is_some() {
                end = at + characters(letter, left, &length);
            }
            break;
        };
        left = after;
        end = at + letter.len();
    }
    text.get(..end).unwrap_or(text)
}

/// How many bytes of a letter that is too long have room.
fn characters(letter: &str, most: usize, length: impl Fn(char) -> usize) -> usize {
    let mut taken = 0;
    let is_over = |(_, character): &(usize, char)| {
        taken += length(*character);
        taken > most
    };
    let over = letter.char_indices().find(is_over);
    over.map_or(letter.len(), |(at, _)| at)
}

/// The start of a text, of at most so many characters, and a sign if something was left out.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let head = head(text, most, |_| 1);
    if head.len() == text.len() {
        return text.to_owned();
    }
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{head, shortened};

    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";

    fn characters(text: &str, most: usize) -> &str {
        head(text, most, |_| 1)
    }

    #[test]
    fn what_a_reader_sees_as_one_letter_is_kept_whole_or_left_out() {
        for letter in [FAMILY, "🇩🇪", "क्षि", "e\u{301}", "👍🏽", "1\u{fe0f}\u{20e3}"]
        {
            let text = format!("ab{letter}cd");
            let whole = 2 + letter.chars().count();
            for most in 2..whole {
                assert_eq!(characters(&text, most), "ab", "{letter} at {most}");
            }
            assert_eq!(characters(&text, whole), format!("ab{letter}"));
        }
    }

    #[test]
    fn flags_are_told_apart_by_where_they_begin() {
        assert_eq!(characters("🇩🇪🇫🇷🇮🇹", 5), "🇩🇪🇫🇷");
    }

    #[test]
    fn telegram_counts_in_units_of_its_own() {
        assert_eq!(head("😀😀", 3, char::len_utf16), "😀");
        assert_eq!(head(&format!("a{FAMILY}"), 8, char::len_utf16), "a");
    }

    #[test]
    fn a_tower_of_marks_is_cut_all_the_same() {
        let tower = format!("Z{}", "\u{301}".repeat(100_000));
        assert_eq!(characters(&tower, 4).chars().count(), 4);
    }

    #[test]
    fn whoever_reads_a_part_sees_that_it_is_one() {
        assert_eq!(shortened("Hello", 5), "Hello");
        assert_eq!(shortened("Hello!", 5), "Hello…");
        assert_eq!(shortened("Hello you", 6), "Hello…");
        assert_eq!(shortened("", 0), "");
    }

    proptest! {
        #[test]
        fn a_head_is_a_head_and_no_longer_than_it_may_be(text in "\\PC{0,40}", most in 0..50_usize) {
            let head = head(&text, most, char::len_utf16);
            prop_assert!(text.starts_with(head));
            prop_assert!(head.chars().map(char::len_utf16).sum::<usize>() <= most);
        }
    }
}
