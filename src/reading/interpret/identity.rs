//! Identity data: asked for by us, given by a customer, or needed for what they want.

use crate::domain::{
    reading::{Context, IdentityLevel, SpanKind, SpanKinds},
    vocabulary::{PhraseList, Vocabulary},
};

use super::{
    super::{
        clues::Sentence,
        fold::{Word, WordKind},
    },
    Clues, Lexicon, Sign, Words,
};

/// The signs that name data, with the kind whose level the admin may have changed.
const DATA: &[(Sign, Option<SpanKind>, IdentityLevel)] = &[
    (
        Sign::Card,
        Some(SpanKind::PaymentCard),
        IdentityLevel::Confidential,
    ),
    (
        Sign::Bank,
        Some(SpanKind::BankAccount),
        IdentityLevel::Confidential,
    ),
    (
        Sign::NationalId,
        Some(SpanKind::NationalId),
        IdentityLevel::Confidential,
    ),
    (
        Sign::Passport,
        Some(SpanKind::Passport),
        IdentityLevel::Confidential,
    ),
    (
        Sign::Birth,
        Some(SpanKind::BirthDate),
        IdentityLevel::Confidential,
    ),
    (
        Sign::Password,
        Some(SpanKind::Password),
        IdentityLevel::Confidential,
    ),
    (Sign::Pin, Some(SpanKind::Pin), IdentityLevel::Confidential),
    (
        Sign::OneTimeCode,
        Some(SpanKind::OneTimeCode),
        IdentityLevel::Confidential,
    ),
    (Sign::Secret, None, IdentityLevel::Confidential),
    (
        Sign::EmailAddress,
        Some(SpanKind::Email),
        IdentityLevel::Identifying,
    ),
    (
        Sign::PhoneNumber,
        Some(SpanKind::Phone),
        IdentityLevel::Identifying,
    ),
    (Sign::Record, None, IdentityLevel::Identifying),
    (Sign::Postal, None, IdentityLevel::Identifying),
];

fn level(vocabulary: &Vocabulary, kind: Option<SpanKind>, shipped: IdentityLevel) -> IdentityLevel {
    kind.map_or(shipped, |kind| vocabulary.level(kind))
}

/// What a message of ours asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The level of the most confidential.
    pub(super) level: IdentityLevel,
    /// What of it are kinds of span.
    pub(super) kinds: SpanKinds,
    /// The words that ask for the most confidential.
    pub(super) words: Words,
}

/// The data that a message of ours asks for, if it does.
pub(super) fn asked(vocabulary: &Vocabulary, clues: &Clues<'_>) -> Option<Asked> {
    clues
        .sentences()
        .iter()
        .filter_map(|sentence| asked_in(vocabulary, clues, sentence))
        .reduce(|one, other| {
            let kinds = one.kinds.union(other.kinds);
            let most = if one.level > other.level { one } else { other };
            Asked { kinds, ..most }
        })
}

/// Data that a sentence names.
struct Named {
    kind: Option<SpanKind>,
    level: IdentityLevel,
    words: Words,
}

fn asked_in(vocabulary: &Vocabulary, clues: &Clues<'_>, sentence: &Sentence) -> Option<Asked> {
    if clues.in_sentence(Sign::NotAsksFor, sentence) {
        return None;
    }
    let named: Vec<Named> = DATA
        .iter()
        .filter_map(|(sign, kind, shipped)| {
            Some(Named {
                kind: *kind,
                level: level(vocabulary, *kind, *shipped),
                words: clues.first_in(*sign, sentence)?,
            })
        })
        .collect();
    let first = named.iter().map(|named| named.words.start).min()?;
    let last = named.iter().map(|named| named.words.end).max()?;
    let length = sentence.words.len();
    let asks = clues
        .first_in(Sign::AsksFor, sentence)
        .or_else(|| clues.pair_in(Sign::AskOpener, Sign::Give, 2, sentence))
        .is_some_and(|cue| cue.start <= last)
        || sentence.question && length <= 8
        || clues.in_sentence(Sign::Please, sentence) && length <= 8
        || named.len() >= 2 && first <= sentence.words.start + 1 && length <= 16;
    let level = named.iter().map(|named| named.level).max()?;
    asks.then(|| Asked {
        level,
        kinds: named.iter().filter_map(|named| named.kind).collect(),
        words: sentence.words.clone(),
    })
}

/// The data a customer gives or offers, with the words where it is no span.
pub(super) fn offered(
    vocabulary: &Vocabulary,
    clues: &Clues<'_>,
    context: &Context,
) -> Option<(IdentityLevel, Option<Words>)> {
    let spans = clues
        .scan
        .sensitive
        .iter()
        .map(|span| (vocabulary.level(span.kind), None))
        .max_by_key(|(level, _)| *level);
    let said = offers(vocabulary, clues).map(|(level, words)| (level, Some(words)));
    let record = record(clues, context)
        .or_else(|| postal(clues))
        .map(|words| (IdentityLevel::Identifying, Some(words)));
    [spans, said, record]
        .into_iter()
        .flatten()
        .max_by_key(|(level, _)| *level)
}

/// "I can send you my passport number."
fn offers(vocabulary: &Vocabulary, clues: &Clues<'_>) -> Option<(IdentityLevel, Words)> {
    DATA.iter()
        .filter_map(|(sign, kind, shipped)| {
            let words = clues.pair(Sign::OffersData, *sign, 4)?;
            Some((level(vocabulary, *kind, *shipped), words))
        })
        .max_by_key(|(level, _)| *level)
}

/// A record's code next to its word, or in reply to our asking for one.
fn record(clues: &Clues<'_>, context: &Context) -> Option<Words> {
    let codes: Vec<usize> = (0..clues.words().len())
        .filter(|place| is_record_code(clues, *place))
        .collect();
    let named = |code: usize| {
        let near = code.saturating_sub(5)..(code + 4).min(clues.words().len());
        let names = clues.all(Sign::Record);
        let from = names.partition_point(|words| words.start < near.start);
        let name = names
            .get(from)
            .filter(|words| words.start < near.end)
            .filter(|words| {
                let between = words.end.min(code)..words.start.max(code);
                !between.clone().any(|place| {
                    clues
                        .words()
                        .get(place)
                        .is_some_and(|word| word.kind == WordKind::Stop)
                })
            })?;
        // The nearest name decides: "order number 4711" is no record's.
        let harmless = clues.before(Sign::Harmless, &(code..code + 1), 2);
        (!harmless).then(|| name.start.min(code)..name.end.max(code + 1))
    };
    let asked = context.ours.is_some_and(|ours| ours.asks_identity);
    if asked && codes.is_empty() {
        return split_code(clues);
    }
    codes.iter().find_map(|code| {
        named(*code).or_else(|| {
            let harmless = clues.before(Sign::Harmless, &(*code..code + 1), 2);
            (asked && !harmless).then_some(*code..code + 1)
        })
    })
}

/// A code written in parts ("AB1 2CD") where we asked for one and hardly a word is said.
fn split_code(clues: &Clues<'_>) -> Option<Words> {
    let words = clues.words();
    let is_code = |word: &Word| word.kind == WordKind::Code && !word.source.is_empty();
    let first = words.iter().position(is_code)?;
    let length: usize = words
        .iter()
        .skip(first)
        .take_while(|word| is_code(word))
        .map(|word| word.source.len())
        .sum();
    let parts = words
        .iter()
        .skip(first)
        .take_while(|word| is_code(word))
        .count();
    (length >= 5 && words.len() <= parts + 3).then_some(first..first + parts)
}

/// Looks like a booking, case or customer number: letters with digits, many digits, or a word
/// in capitals. A flight number ("BA 123", "LH1234"), a date and a price do not.
fn is_record_code(clues: &Clues<'_>, place: usize) -> bool {
    let Some(word) = clues.words().get(place) else {
        return false;
    };
    if word.kind != WordKind::Code {
        return false;
    }
    // As written: folding shortens stretched letters, and codes may have them.
    let code = clues.written(&(place..place + 1));
    let letters = code.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let leading = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    match (letters, digits) {
        (0, digits) => digits >= 6,
        // Letters alone: six capitals is what booking systems use.
        (letters, 0) => (5..=8).contains(&letters),
        (letters, digits) => {
            let flight = letters == 2 && leading == 2 && digits <= 4;
            let ordinal = leading == 0 && letters <= 2 && digits <= 3;
            !flight && !ordinal && letters + digits >= 5
        }
    }
}

/// A street with a house number.
fn postal(clues: &Clues<'_>) -> Option<Words> {
    let has_number = |places: Words| {
        places.into_iter().find(|place| {
            let word = clues.scan.folded.word(*place);
            word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 5
        })
    };
    let end = clues.words().len();
    clues
        .all(Sign::Street)
        .iter()
        .find_map(|street| {
            let before = has_number(street.start.saturating_sub(3)..street.start);
            let after = || has_number(street.end..(street.end + 4).min(end));
            let number = before.or_else(after)?;
            Some(street.start.min(number)..street.end.max(number + 1))
        })
        .or_else(|| {
            // German writes the street's word and its name in one.
            (0..end).find_map(|place| {
                let word = clues.scan.folded.word(place);
                let is_street = word.ends_with("strasse") && word.len() > 9;
                let number = has_number(place + 1..(place + 2).min(end))?;
                is_street.then_some(place..number + 1)
            })
        })
}

/// An enquiry that needs an identity check: on the admin's list, or changing or closing what
/// only the holder may.
pub(super) fn needed(lexicon: &Lexicon, clues: &Clues<'_>) -> Option<Words> {
    const PAIRS: &[(Sign, Sign, usize)] = &[
        (Sign::Change, Sign::Changeable, 3),
        (Sign::Changeable, Sign::ChangeAfter, 4),
        (Sign::Close, Sign::Account, 3),
        (Sign::Account, Sign::CloseAfter, 3),
    ];
    clues
        .added(PhraseList::IdentityNeeded)
        .or_else(|| clues.first(Sign::NeedsCheck))
        .or_else(|| {
            PAIRS.iter().find_map(|(first, second, gap)| {
                clues.pairs(*first, *second, *gap).find(|words| {
                    let ends = [words.start, words.end.saturating_sub(1)]
                        .map(|place| clues.scan.folded.word(place));
                    !lexicon.is_removed(PhraseList::IdentityNeeded, ends)
                })
            })
        })
}
