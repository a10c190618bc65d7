//! What others wrote, made harmless for a card: on one line, of bounded length, without characters that
//! move or hide what stands beside it. Escaping is left to whoever draws the card.

use std::fmt;

use crate::domain::cut;

/// One line of what somebody wrote or is called. Draw it isolated (`<bdi>`, or between U+2068 and
/// U+2069): it may be written in either direction.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(String);

/// How many marks may stand on one letter. Some languages need two or three, and none needs a tower.
const MARKS: usize = 3;

impl Plain {
    /// The longest name that is shown, in characters.
    pub const NAME: usize = 80;

    /// The longest quotation, in characters.
    pub const QUOTE: usize = 280;

    /// Of a text, cut to so many characters.
    #[must_use]
    pub fn new(text: &str, longest: usize) -> Self {
        let mut line = String::new();
        let (mut length, mut marks, mut is_gap) = (0, 0, false);
        for letter in text.chars() {
            if letter.is_whitespace() || letter.is_control() {
                is_gap = !line.is_empty();
                continue;
            }
            if is_invisible(letter) {
                continue;
            }
            marks = if is_mark(letter) { marks + 1 } else { 0 };
            if marks > MARKS {
                continue;
            }
            if length > longest + cut::LONGEST_LETTER {
                break;
            }
            if std::mem::take(&mut is_gap) {
                line.push(' ');
                length += 1;
            }
            // Our own quotation marks stand around it.
            line.push(match letter {
                '“' | '”' | '„' | '‟' => '"',
                other => other,
            });
            length += 1;
        }
        Self(cut::shortened(&line, longest))
    }

    /// A name.
    #[must_use]
    pub fn name(text: &str) -> Self {
        Self::new(text, Self::NAME)
    }

    /// What somebody wrote.
    #[must_use]
    pub fn quote(text: &str) -> Self {
        Self::new(text, Self::QUOTE)
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing of it can be seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What customers wrote must not reach a log.
impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

/// One line of a text as it is, but for what nobody sees and what breaks it: for a desk that shows whole
/// messages and keeps their spaces.
#[must_use]
pub fn visible(line: &str) -> String {
    let is_seen =
        |letter: &char| *letter == '\t' || !(letter.is_control() || is_invisible(*letter));
    line.chars().filter(is_seen).collect()
}

/// Characters that nobody sees but that turn the direction of others, break lines, or carry hidden
/// text (Unicode 16, "default ignorable"), but for the joiners that scripts and emoji need.
const fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Marks that stand on the letter before (Unicode, the blocks of combining diacritical marks).
const fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Plain;

    fn plain(text: &str) -> String {
        Plain::new(text, 20).as_str().to_owned()
    }

    #[test]
    fn a_name_stays_on_its_line_and_in_its_direction() {
        assert_eq!(plain("  Kim\r\n\tDoe\u{2028}!  "), "Kim Doe !");
        assert_eq!(plain("Kim\u{202e}eoD\u{2066}\u{2069}"), "KimeoD");
        assert_eq!(plain("\u{200b}\u{feff}\u{3164}"), "");
        assert_eq!(plain("Ki\u{0}m\u{1b}[31m"), "Ki m [31m");
    }

    #[test]
    fn a_name_in_any_script_stays_as_it_is() {
        for name in ["Łukasz Żółć", "محمد", "李小龍", "👩\u{200d}🚒 🇩🇪", "नमस्ते"]
        {
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        assert_eq!(plain(&"x".repeat(20)), "x".repeat(20));
        assert_eq!(plain(&"x".repeat(10_000)), format!("{}…", "x".repeat(20)));
        assert_eq!(plain(&"x ".repeat(20)).chars().count(), 20);
    }

    #[test]
    fn no_letter_is_cut_in_two() {
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(plain(&family.repeat(5)), format!("{}…", family.repeat(4)));
        let ends = |letter: &str| plain(&format!("{}{letter}!", "x".repeat(19)));
        for letter in ["🇩🇪", "क्षि", "👍🏽"] {
            assert_eq!(ends(letter), format!("{}…", "x".repeat(19)));
        }
    }

    #[test]
    fn no_tower_of_marks_reaches_into_other_lines() {
        let tower = format!("Z{}", "\u{0301}".repeat(50));
        assert_eq!(plain(&tower).chars().count(), 4);
    }

    #[test]
    fn nothing_closes_our_quotation_marks() {
        assert_eq!(plain("no” · Claimed by “boss"), "no\" · Claimed by \"bo…");
    }

    proptest! {
        #[test]
        fn whatever_is_written_becomes_one_bounded_line(text in "\\PC*|.*", longest in 1..40_usize) {
            let plain = Plain::new(&text, longest);
            let line = plain.as_str();
            prop_assert!(line.chars().count() <= longest + 1);
            prop_assert!(!line.chars().any(|letter| letter.is_control()));
            prop_assert_eq!(line.trim(), line);
            let forbidden = ['\u{202e}', '\u{2066}', '\n', '\u{2028}'];
            prop_assert!(!line.contains(forbidden));
        }
    }
}
