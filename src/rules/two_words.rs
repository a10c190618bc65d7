//! The words that tell a genuine call: whoever rings says two of them first, and the customer has
//! read the same two in the chat. One list a language, of plain, friendly things that nobody needs to
//! spell and no two of which sound alike: two of 256 or more leave one chance in 65,000 to whoever
//! guesses. Our own lists, because those that are published for wallets have words that no customer
//! should hear, and none in German. Picks nothing: that takes chance, and chance is the engine's.

use std::sync::LazyLock;

use crate::domain::reading::Language;

/// A list's language and its words.
type List = (&'static str, Vec<&'static str>);

static LISTS: LazyLock<[List; 6]> = LazyLock::new(|| {
    [
        ("en", include_str!("two_words/en.txt")),
        ("es", include_str!("two_words/es.txt")),
        ("de", include_str!("two_words/de.txt")),
        ("fr", include_str!("two_words/fr.txt")),
        ("pt", include_str!("two_words/pt.txt")),
        ("it", include_str!("two_words/it.txt")),
    ]
    .map(|(language, words)| (language, words.lines().collect()))
});

/// The words of the first of these languages that has a list; those in English if none has.
#[must_use]
pub fn words_of(languages: &[Language]) -> &'static [&'static str] {
    let list = |language: &Language| {
        let mut lists = LISTS.iter();
        lists.find(|(of, _)| *of == language.as_str())
    };
    languages
        .iter()
        .find_map(list)
        .or(LISTS.first())
        .map_or(&[], |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LISTS, words_of};
    use crate::domain::reading::Language;

    /// Whether one letter more, less or changed makes one word of the other.
    fn nearly_same(one: &str, other: &str) -> bool {
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        let same_start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let ends = one.iter().rev().zip(other.iter().rev());
        let same_end = ends.take_while(|(a, b)| a == b).count();
        one.len().abs_diff(other.len()) <= 1
            && same_start + same_end + 1 >= one.len().max(other.len())
    }

    #[test]
    fn every_list_has_enough_words_and_no_two_of_them_are_alike() {
        for (language, words) in LISTS.iter() {
            assert!(words.len() >= 256, "{language}: {}", words.len());
            let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
            assert_eq!(lower.iter().collect::<BTreeSet<_>>().len(), words.len());
            for (place, word) in lower.iter().enumerate() {
                assert!(word.chars().all(char::is_alphabetic), "{language}: {word}");
                assert!(
                    (3..=11).contains(&word.chars().count()),
                    "{language}: {word}"
                );
                for other in lower.iter().skip(place + 1) {
                    assert!(!nearly_same(word, other), "{language}: {word}, {other}");
                }
            }
        }
    }

    #[test]
    fn the_first_language_with_a_list_is_taken_and_english_where_none_has() {
        let [dutch, german] = ["nl", "de"].map(|code| Language::parse(code).expect("a language"));
        assert!(words_of(&[dutch, german]).contains(&"Apfel"));
        assert!(words_of(&[dutch]).contains(&"amber"));
        assert!(!words_of(&[german]).contains(&"amber"));
    }
}
