//! Tells a message's language where it can be told, and only there: a wrong language is worse
//! than the thread's.
//!
//! Short social text has too little for statistics, so the little words of six languages that
//! Ringback reads (and of their neighbours, which give way to them) vote first. Other
//! scripts tell by themselves or nearly; longer text is also shown to `whatlang`. Handles, links,
//! hashtags and masks do not count.

mod words;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use whatlang::{Detector, Lang, Script};

use crate::{domain::reading::Language, reading::alphabet::is_letter};

use words::{LISTS, SIX};

/// The language of a text, if the text alone tells it.
#[must_use]
pub(super) fn detect(text: &str) -> Option<Language> {
    let tokens = tokens(text);
    let (letters, latin) = count_letters(&tokens);
    if letters > latin * 2 {
        return by_script(&tokens.join(" "));
    }
    let votes = Votes::count(&tokens);
    if let Some(language) = votes.winner() {
        return Some(language);
    }
    let is_long = letters >= LONG;
    let leader = votes.leader().filter(|_| letters >= SHORT);
    if leader.is_none() && !is_long {
        // Whatever the statistics say, it would not suffice, and asking costs most of a scan.
        return None;
    }
    let info = DETECTOR.detect(&tokens.join(" "))?;
    let guess = language(info.lang())?;
    let agreed = leader == Some(guess) && info.confidence() > 0.3;
    (agreed || info.is_reliable() && is_long && votes.is_open_to(guess)).then_some(guess)
}

/// From so many letters on, statistics count where the little words agree.
const SHORT: usize = 12;
/// From so many on, they count by themselves.
const LONG: usize = 40;

/// The most bytes looked at: a language shows long before that.
const LONGEST: usize = 4096;

/// The words of a text that people spoke: no handles, hashtags, links, addresses and masks.
fn tokens(text: &str) -> Vec<&str> {
    let end = text.floor_char_boundary(LONGEST);
    text.get(..end)
        .unwrap_or_default()
        .split_whitespace()
        .filter(|token| {
            !token.starts_with(['@', '#', '⟦'])
                && !token.contains("://")
                && !token.starts_with("www.")
                && !token.contains('@')
        })
        .collect()
}

/// The languages that `whatlang` may answer, with their tags: the six, those they are most often
/// mistaken for, and those that share another script.
const ANSWERS: &[(Lang, &str)] = &[
    (Lang::Eng, "en"),
    (Lang::Spa, "es"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Por, "pt"),
    (Lang::Ita, "it"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Tur, "tr"),
    (Lang::Swe, "sv"),
    (Lang::Dan, "da"),
    (Lang::Nob, "nb"),
    (Lang::Cat, "ca"),
    (Lang::Ron, "ro"),
    (Lang::Ces, "cs"),
    (Lang::Hun, "hu"),
    (Lang::Fin, "fi"),
    (Lang::Ind, "id"),
    (Lang::Vie, "vi"),
    (Lang::Rus, "ru"),
    (Lang::Ukr, "uk"),
    (Lang::Bul, "bg"),
    (Lang::Ara, "ar"),
    (Lang::Pes, "fa"),
    (Lang::Urd, "ur"),
    (Lang::Hin, "hi"),
    (Lang::Mar, "mr"),
    (Lang::Heb, "he"),
    (Lang::Cmn, "zh"),
    (Lang::Jpn, "ja"),
];

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_allowlist(ANSWERS.iter().map(|(lang, _)| *lang).collect()));

/// How many letters there are, and how many of them are Latin.
fn count_letters(tokens: &[&str]) -> (usize, usize) {
    let mut letters = 0;
    let mut latin = 0;
    for char in tokens.iter().flat_map(|token| token.chars()) {
        if is_letter(char) {
            letters += 1;
            latin += usize::from(char < '\u{250}');
        }
    }
    (letters, latin)
}

/// Decides by the script, where most letters are not Latin.
fn by_script(spoken: &str) -> Option<Language> {
    let script = whatlang::detect_script(spoken)?;
    match script {
        Script::Hiragana | Script::Katakana => Language::parse("ja"),
        Script::Hangul => Language::parse("ko"),
        Script::Greek => Language::parse("el"),
        Script::Thai => Language::parse("th"),
        Script::Mandarin => of_han(spoken),
        Script::Cyrillic => of_cyrillic(spoken),
        Script::Arabic => of_arabic(spoken),
        Script::Devanagari => Language::parse("hi"),
        Script::Hebrew => Language::parse("he"),
        _ => whatlang::detect(spoken)
            .filter(whatlang::Info::is_reliable)
            .and_then(|info| language(info.lang())),
    }
}

/// Japanese if there is any kana among the ideographs, else Chinese.
fn of_han(text: &str) -> Option<Language> {
    let has_kana = text
        .chars()
        .any(|char| matches!(char, '\u{3041}'..='\u{30fa}'));
    Language::parse(if has_kana { "ja" } else { "zh" })
}

/// Ukrainian by its own letters, Bulgarian and others by `whatlang` on longer text, else Russian.
fn of_cyrillic(text: &str) -> Option<Language> {
    if text.contains(['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є']) {
        return Language::parse("uk");
    }
    if text.contains(['ы', 'э', 'ё', 'Ы', 'Э', 'Ё']) {
        return Language::parse("ru");
    }
    match DETECTOR.detect(text) {
        Some(info) if info.is_reliable() => language(info.lang()),
        _ => Language::parse("ru"),
    }
}

/// Persian and Urdu by the letters that Arabic does not have. Two of them come from keyboards, too,
/// and tell only where there are more of them than of Arabic's own.
fn of_arabic(text: &str) -> Option<Language> {
    let count = |letters: [char; 2]| text.matches(letters).count();
    let code = if text.contains(['ٹ', 'ڈ', 'ڑ', 'ں', 'ے']) {
        "ur"
    } else if text.contains(['پ', 'چ', 'ژ', 'گ']) || count(['ی', 'ک']) > count(['ي', 'ك']) + 1
    {
        "fa"
    } else {
        "ar"
    };
    Language::parse(code)
}

/// The tag of one of `whatlang`'s languages; its own codes have three letters.
fn language(lang: Lang) -> Option<Language> {
    let known = ANSWERS.iter().find(|(answer, _)| *answer == lang);
    Language::parse(known.map_or(lang.code(), |(_, code)| code))
}

/// What a word of a list is worth if no other language has it.
const TELLING: u32 = 3;
/// What a small word is worth if no other language has it; alone it does not suffice.
const SMALL: u32 = 2;
/// How many points make a winner, and how far it must be ahead.
const ENOUGH: u32 = 3;
const AHEAD: u32 = 2;

/// For each word, the points it gives to each language of [`LISTS`].
static POINTS: LazyLock<FxHashMap<&'static str, [u32; LISTS.len()]>> = LazyLock::new(|| {
    let mut points: FxHashMap<&str, [u32; LISTS.len()]> = FxHashMap::default();
    for (place, list) in LISTS.iter().enumerate() {
        for (words, worth) in [(list.telling, TELLING), (list.small, SMALL)] {
            for word in words.split_whitespace() {
                if let Some(slot) = points.entry(word).or_default().get_mut(place) {
                    *slot = worth.max(*slot);
                }
            }
        }
    }
    for shares in points.values_mut() {
        share_out(shares);
    }
    points
});

/// A word that two of the six languages share tells little, and nothing where three do. The
/// neighbours give way to the six.
fn share_out(shares: &mut [u32; LISTS.len()]) {
    let (six, neighbours) = shares.split_at_mut(SIX);
    let sharing = six.iter().filter(|share| **share > 0).count();
    let (most, most_of_neighbours) = match sharing {
        0 => (0, TELLING),
        1 => (TELLING, 1),
        2 => (1, 1),
        _ => (0, 0),
    };
    six.iter_mut().for_each(|share| *share = (*share).min(most));
    for share in neighbours {
        *share = (*share).min(most_of_neighbours);
    }
}

/// The points that each language of [`LISTS`] has.
#[derive(Debug, Default)]
struct Votes([u32; LISTS.len()]);

impl Votes {
    fn count(tokens: &[&str]) -> Self {
        let mut votes = Self::default();
        let mut lower = String::new();
        for token in tokens {
            lower.clear();
            if token.is_ascii() {
                lower.push_str(token);
                lower.make_ascii_lowercase();
            } else {
                lower.extend(
                    token
                        .chars()
                        .flat_map(char::to_lowercase)
                        .map(plain_apostrophe),
                );
                votes.add_letters(&lower);
            }
            let whole = lower.trim_matches(|char: char| !is_letter(char));
            if let Some(points) = POINTS.get(whole) {
                votes.add(points);
            } else {
                for points in split_words(whole).filter_map(|word| POINTS.get(word)) {
                    votes.add(points);
                }
            }
        }
        votes
    }

    /// Adds what letters tell that no other of the languages has.
    fn add_letters(&mut self, token: &str) {
        for char in token.chars().filter(|char| !char.is_ascii()) {
            for (vote, list) in self.0.iter_mut().zip(&LISTS) {
                if list.letters.contains(char) {
                    *vote += SMALL;
                }
            }
        }
    }

    fn add(&mut self, points: &[u32; LISTS.len()]) {
        for (vote, more) in self.0.iter_mut().zip(points) {
            *vote += more;
        }
    }

    /// The language that is ahead, with its points and those of the next.
    fn best(&self) -> (Option<Language>, u32, u32) {
        let mut ranked: Vec<(u32, &str)> = self
            .0
            .iter()
            .copied()
            .zip(LISTS.iter().map(|list| list.code))
            .collect();
        ranked.sort_unstable_by(|left, right| right.cmp(left));
        let mut ranked = ranked.into_iter();
        let (points, code) = ranked.next().unwrap_or_default();
        let (next, _) = ranked.next().unwrap_or_default();
        (Language::parse(code), points, next)
    }

    fn winner(&self) -> Option<Language> {
        let (language, points, next) = self.best();
        language.filter(|_| points >= ENOUGH && points >= next + AHEAD)
    }

    /// The language that is ahead, by however little.
    fn leader(&self) -> Option<Language> {
        let (language, points, next) = self.best();
        language.filter(|_| points > next)
    }

    /// Whether no other language is ahead of it.
    fn is_open_to(&self, guess: Language) -> bool {
        let (_, most, _) = self.best();
        let own = LISTS
            .iter()
            .zip(&self.0)
            .find(|(list, _)| Language::parse(list.code) == Some(guess));
        own.map_or(0, |(_, points)| *points) + SMALL >= most
    }
}

fn plain_apostrophe(char: char) -> char {
    if char == '’' { '\'' } else { char }
}

/// The words of a lower-case token, split behind apostrophes, so that "c'est" shows its "c'".
fn split_words(token: &str) -> impl Iterator<Item = &str> {
    token
        .split_inclusive('\'')
        .flat_map(|part| part.split(|char: char| !is_letter(char) && char != '\''))
        .filter(|word| !word.is_empty())
}
