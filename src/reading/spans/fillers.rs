//! The small words that may stand between a word such as "PIN" and its value: "my PIN for the card
//! is 4711", "4711 is my PIN". Must not judge the value.

use std::{collections::HashSet, sync::LazyLock};

use super::folded::{Folded, HIDDEN, SYMBOL, is_word};

/// Where the small words after a cue end, and whether one of them was "is", a colon or their like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Landing {
    pub(super) at: usize,
    pub(super) linked: bool,
}

/// The most small words that may stand between a cue and its value.
const MOST_FILLERS: usize = 6;

/// Steps over the small words from `at` on.
pub(super) fn after_fillers(folded: &Folded, mut at: usize) -> Landing {
    let mut linked = false;
    let mut abbreviation = ends_abbreviated(folded, at);
    for _ in 0..=MOST_FILLERS {
        at = folded.after(at, |byte| {
            linked |= matches!(byte, b':' | b'=');
            abbreviation &= byte == b'.';
            abbreviation || byte == SYMBOL || b" \n:=#-\"'(*>".contains(&byte)
        });
        if let Some(next) = after_alternative(folded, at) {
            at = next;
            continue;
        }
        let end = folded.word_end(at);
        let word = folded.slice(at, end);
        if is_link(word) {
            linked = true;
        } else if !FILLERS.contains(word) || word.is_empty() {
            break;
        }
        at = end;
        abbreviation = ends_abbreviated(folded, at);
    }
    Landing { at, linked }
}

/// Steps over a value found before and the "or" behind it ("my PIN is 4711 or 4712").
fn after_alternative(folded: &Folded, at: usize) -> Option<usize> {
    let word_start = folded.after(at + 1, |byte| byte == b' ');
    let word_end = folded.word_end(word_start);
    let is_or = matches!(
        folded.slice(word_start, word_end),
        "or" | "and" | "to" | "oder" | "und" | "o" | "y" | "ou" | "et" | "e"
    );
    (folded.at(at) == HIDDEN && is_or).then_some(word_end)
}

/// Where the value ends that stands before a cue ("4711 is my PIN"), if a link leads to it.
pub(super) fn before_fillers(folded: &Folded, mut at: usize) -> Option<usize> {
    let mut linked = false;
    for _ in 0..=MOST_FILLERS {
        while matches!(folded.before(at), b' ' | b'\'' | b'"' | b':' | b'=') {
            at -= 1;
        }
        let end = at;
        while is_word(folded.before(at)) && end - at < 16 {
            at -= 1;
        }
        let word = folded.slice(at, end);
        if is_link(word) || matches!(word, "as" | "como" | "come" | "comme" | "als") {
            linked = true;
        } else if word.is_empty() || !FILLERS.contains(word) {
            at = end;
            break;
        }
    }
    (linked && folded.before(at) != HIDDEN).then_some(at)
}

/// Whether a word says that what follows is the value.
pub(super) fn is_link(word: &str) -> bool {
    LINKS.contains(word)
}

static LINKS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "eh is heisst hiess are was s equals ist war lautet lautete es era son est etait e sono sou",
    )
});

/// Where the value may start in "the PIN for my card is 4711": behind the "is" of a phrase that
/// begins right after the cue.
pub(super) fn after_phrase(folded: &Folded, cue_end: usize) -> Option<usize> {
    let mut at = folded.after(cue_end, |byte| matches!(byte, b' ' | b','));
    if !LEADING.contains(folded.slice(at, folded.word_end(at))) {
        return None;
    }
    for _ in 0..=MOST_FILLERS {
        at = folded.word_end(at);
        at = folded.after(at, |byte| matches!(byte, b' ' | b'\'' | b','));
        let between = folded.slice(cue_end, at).bytes();
        if !{ between }.all(|byte| is_word(byte) || matches!(byte, b' ' | b'\'' | b',')) {
            return None;
        }
        let end = folded.word_end(at);
        let colon = folded.after(end, |byte| byte == b' ');
        if is_link(folded.slice(at, end)) || matches!(folded.at(colon), b':' | b'=') {
            return Some(after_fillers(folded, end).at);
        }
    }
    None
}

/// Whether only words and single spaces lie between two positions.
pub(super) fn is_phrase(folded: &Folded, start: usize, end: usize) -> bool {
    folded
        .slice(start, end)
        .bytes()
        .all(|byte| is_word(byte) || matches!(byte, b' ' | b'\''))
}

/// Words that begin a phrase between a word and its "is".
pub(super) static LEADING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "for on of to at i we number that which here fur von zu de del para que pour du mon mi \
         do da per di della ist actual hint again c auf der den die das che recu received got sent vom zum \
         dello dell nel \
         you",
    )
});

/// Whether a full stop here closes a word, not a sentence.
fn ends_abbreviated(folded: &Folded, at: usize) -> bool {
    let alone = folded.before(at) == b'n' && !is_word(folded.before(at - 1));
    alone
        || ["no", "nr", "num", "nbr", "geb", "tel"]
            .iter()
            .any(|word| folded.slice(at.saturating_sub(word.len()), at) == *word)
}

/// The small words themselves, of six languages.
static FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "un c either might be should could number no nr num nbr n numero nummer date datum fecha \
         data code codigo codice the my our your his her their a it its this here following on \
         to from currently as follows i use used sent got received mein meine meiner dein ihr \
         ihre der die das am den vom mi tu su el la lo le les mon ma votre ton meu minha seu \
         sua o em dia il mio mia tuo tua giorno de di do da del della for fur numbers und con",
    )
});

/// The words of a list written with spaces between them.
pub(super) fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}
