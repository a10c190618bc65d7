//! What the model looks at: the words and letters of a message, the signs its phrases are, what
//! the judges of `interpret` found, and what was said before it. Each feature is a hash, so that
//! no vocabulary is kept and nothing grows with one. The same code runs in training; any change
//! here changes [`super::FEATURES_VERSION`].

use std::ops::Range;

use crate::domain::reading::{Context, Marks};

use super::super::{
    FeatureHashes,
    clues::{Clues, Words},
    fold::{Word, WordKind},
    lexicon::{Meaning, Sign},
};

/// One thing found in a message.
#[derive(Debug, Clone, Copy)]
pub(in crate::reading) struct Feature {
    /// What it is. Weights are looked up by its highest bits.
    pub(in crate::reading) hash: u32,
    from: u32,
    to: u32,
}

impl Feature {
    /// The words that it was found in; none for what holds of the whole message.
    pub(super) fn words(&self) -> Range<usize> {
        let place = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        place(self.from)..place(self.to)
    }
}

/// Everything found in a message.
#[derive(Debug, Default)]
pub(in crate::reading) struct Features {
    /// What holds of the message: signs, marks, judgements, counts. Each counts fully.
    pub(in crate::reading) structure: Vec<Feature>,
    /// Words and parts of words. The more there are, the less each counts.
    pub(in crate::reading) spelling: Vec<Feature>,
    /// Of the structure what stands alone, crossed with nothing, and how large it is: what the trees ask for.
    pub(in crate::reading) plain: Vec<(u32, u8)>,
}

/// The most words whose spelling is gathered: a long message is judged by its beginning and its end, so that the time it takes is bounded.
const MOST_WORDS: usize = 160;

/// The shortest word that is looked at in parts, in letters.
const SHORTEST_PARTED: usize = 4;
/// The longest part of a word that is looked at, from its beginning.
const LONGEST_PARTED: usize = 24;

impl Features {
    /// What one feature of spelling counts for.
    pub(super) fn share(&self) -> f32 {
        let count = u16::try_from(self.spelling.len()).unwrap_or(u16::MAX);
        9.0 / f32::from(count.max(1)).sqrt()
    }

    /// The features as training reads them.
    pub(in crate::reading) fn hashes(&self) -> FeatureHashes {
        let hashes = |features: &[Feature]| features.iter().map(|feature| feature.hash).collect();
        FeatureHashes {
            structure: hashes(&self.structure),
            spelling: hashes(&self.spelling),
            share: self.share(),
            plain: self.plain.clone(),
        }
    }
}

/// Gathers the features of one message.
pub(in crate::reading) struct Gatherer<'a> {
    clues: &'a Clues<'a>,
    features: Features,
    /// What we did last, as hashes: crossed with what the message says.
    ours: Vec<u32>,
}

/// Kinds of features, so that equal words of different kinds differ.
#[derive(Clone, Copy)]
enum Kind {
    Fact = 1,
    Sign,
    SignAfter,
    SignThenSign,
    FirstSign,
    LastSign,
    Word,
    Pair,
    Triple,
    Part,
    First,
    Last,
    Contrast,
    Whole,
    Question,
}

impl<'a> Gatherer<'a> {
    /// Begins with what every message has: its words, its signs, its shape.
    pub(in crate::reading) fn new(clues: &'a Clues<'a>, context: &Context) -> Self {
        let mut gatherer = Self {
            clues,
            features: Features {
                structure: Vec::with_capacity(128),
                spelling: Vec::with_capacity(clues.words().len().min(MOST_WORDS) * 12),
                plain: Vec::with_capacity(64),
            },
            ours: ours(context),
        };
        gatherer.said_before(context);
        gatherer.signs();
        gatherer.shape();
        gatherer.spelling();
        gatherer
    }

    /// Adds something that holds of the whole message.
    pub(in crate::reading) fn fact(&mut self, name: &str) {
        self.push_plain(hash(Kind::Fact, name.as_bytes()), 0..0);
    }

    /// Adds something that holds of the whole message if it does, alone and with what we did
    /// last.
    pub(in crate::reading) fn fact_if(&mut self, holds: bool, name: &str) {
        if holds {
            self.fact(name);
            self.push_after_ours(hash(Kind::Fact, name.as_bytes()), &(0..0));
        }
    }

    /// Adds a count, by how large it is.
    pub(in crate::reading) fn count(&mut self, name: &str, count: usize) {
        let size = match count {
            0 => 0,
            1 => 1,
            2 => 2,
            3..=4 => 3,
            5..=7 => 4,
            8..=12 => 5,
            13..=20 => 6,
            21..=35 => 7,
            _ => 8,
        };
        self.size(name, size);
    }

    /// Adds which of some sizes something has.
    pub(in crate::reading) fn size(&mut self, name: &str, size: u8) {
        let own = hash(Kind::Fact, name.as_bytes());
        self.features.plain.push((own, size));
        self.push(mix(own, u32::from(size)), 0..0);
    }

    /// Everything gathered.
    pub(in crate::reading) fn finish(self) -> Features {
        self.features
    }

    fn push(&mut self, hash: u32, words: Words) {
        self.features.structure.push(feature(hash, words));
    }

    /// Adds something that is there or not.
    fn push_plain(&mut self, hash: u32, words: Words) {
        self.features.plain.push((hash, 1));
        self.push(hash, words);
    }

    /// Adds something together with each thing that we did last.
    fn push_after_ours(&mut self, hash: u32, words: &Words) {
        let ours = self.ours.iter();
        let crossed = ours.map(|ours| feature(mix(hash, *ours), words.clone()));
        self.features.structure.extend(crossed);
    }

    fn said_before(&mut self, context: &Context) {
        for ours in self.ours.clone() {
            self.push_plain(ours, 0..0);
        }
        self.fact_if(context.unanswered, "unanswered");
        self.fact_if(context.answered, "answered");
    }

    /// Every sign, alone, after what we did, and in its order among the others.
    fn signs(&mut self) {
        let clues = self.clues;
        let shipped = |meaning: Meaning| match meaning {
            Meaning::Shipped(sign) => Some(sign),
            Meaning::Added(_) | Meaning::Removed(_) | Meaning::Topic(_) | Meaning::WordList(_) => {
                None
            }
        };
        let hits: Vec<(Sign, Words)> = clues
            .hits()
            .iter()
            .filter_map(|hit| Some((shipped(hit.meaning)?, hit.words.clone())))
            .filter(|(sign, _)| sign.group().is_some())
            .take(MOST_WORDS)
            .collect();
        let mut before: Option<Sign> = None;
        let mut seen = [false; Sign::COUNT];
        for (sign, words) in &hits {
            let own = hash(Kind::Sign, sign.name().as_bytes());
            if let Some(seen) = seen.get_mut(*sign as usize)
                && !std::mem::replace(seen, true)
            {
                self.push_plain(own, words.clone());
                self.push_after_ours(own, words);
                if clues.in_question(words) {
                    self.push_plain(mix(own, Kind::Question as u32), words.clone());
                }
            }
            if let Some(before) = before.filter(|before| before != sign) {
                let first = hash(Kind::SignThenSign, before.name().as_bytes());
                self.push(mix(first, own), words.clone());
            }
            before = Some(*sign);
        }
        let ends = [
            (Kind::FirstSign, hits.first()),
            (Kind::LastSign, hits.last()),
        ];
        for (kind, hit) in ends {
            if let Some((sign, _)) = hit {
                self.push_plain(hash(kind, sign.name().as_bytes()), 0..0);
            }
        }
    }

    /// How long it is and how it ends.
    fn shape(&mut self) {
        let clues = self.clues;
        let words = clues.words();
        let spoken = words.iter().filter(|word| word.kind != WordKind::Stop);
        self.count("words", spoken.clone().count());
        self.count("sentences", clues.sentences().len());
        let codes = words.iter().filter(|word| word.kind == WordKind::Code);
        self.count("codes", codes.count());
        let questions = &clues.scan.folded.questions;
        let asked = questions.iter().filter(|question| **question).count();
        self.count("questions", asked);
        self.fact_if(
            questions.last().is_some_and(|question| *question),
            "ends with a question",
        );
        for span in &clues.scan.sensitive {
            self.push_plain(hash(Kind::Fact, span.kind.as_str().as_bytes()), 0..0);
        }
    }

    /// Words, their neighbours and their parts.
    fn spelling(&mut self) {
        let clues = self.clues;
        let sensitive = clues.sensitive();
        let words = clues.words();
        let hashes: Vec<u32> = words
            .iter()
            .zip(&sensitive)
            .enumerate()
            .map(|(place, (word, sensitive))| self.word(place, word, *sensitive))
            .collect();
        let contrast = clues.first(Sign::But).map(|words| words.end);
        let skipped = MOST_WORDS / 2..hashes.len().saturating_sub(MOST_WORDS / 2);
        for place in 0..hashes.len() {
            if skipped.contains(&place) {
                continue;
            }
            let Some([one, rest @ ..]) = hashes.get(place..) else {
                continue;
            };
            self.spell(mix(*one, Kind::Word as u32), place..place + 1);
            if let [two, rest @ ..] = rest {
                let pair = mix(mix(*one, *two), Kind::Pair as u32);
                self.spell(pair, place..place + 2);
                if let [three, ..] = rest {
                    self.spell(
                        mix(mix(pair, *three), Kind::Triple as u32),
                        place..place + 3,
                    );
                }
            }
            if contrast.is_some_and(|contrast| place >= contrast) {
                self.spell(mix(*one, Kind::Contrast as u32), place..place + 1);
            }
            let is_parted = words
                .get(place)
                .zip(sensitive.get(place))
                .is_some_and(|(word, sensitive)| word.kind == WordKind::Plain && !sensitive);
            if is_parted {
                self.parts(place);
            }
        }
        let spoken = || {
            let both = hashes.iter().zip(words).enumerate();
            both.filter(|(_, (_, word))| word.kind != WordKind::Stop)
        };
        for (place, (hash, _)) in spoken().take(2) {
            self.spell(mix(*hash, Kind::First as u32), place..place + 1);
        }
        for (place, (hash, _)) in spoken().rev().take(2) {
            self.spell(mix(*hash, Kind::Last as u32), place..place + 1);
        }
        let count = spoken().count();
        if count <= 4 {
            let whole = spoken().fold(Kind::Whole as u32, |whole, (_, (hash, _))| {
                mix(whole, *hash)
            });
            self.push(whole, 0..words.len());
            self.push_after_ours(whole, &(0..words.len()));
        }
    }

    /// A word's hash. Sensitive data and codes stand for their shape, so that no weight knows a
    /// number.
    fn word(&self, place: usize, word: &Word, is_sensitive: bool) -> u32 {
        let folded = self.clues.scan.folded.word(place);
        if is_sensitive {
            return hash(Kind::Fact, b"sensitive");
        }
        match word.kind {
            WordKind::Plain | WordKind::Emoji => hash(Kind::Word, folded.as_bytes()),
            WordKind::Code => hash(Kind::Fact, &shape_of(folded)),
            WordKind::Stop if self.clues.in_question(&(place..place + 1)) => hash(Kind::Fact, b"?"),
            WordKind::Stop => hash(Kind::Fact, b"."),
        }
    }

    fn spell(&mut self, hash: u32, words: Words) {
        self.features.spelling.push(feature(hash, words));
    }

    /// Three and four letters in a row of a word, its ends marked.
    fn parts(&mut self, place: usize) {
        let folded = self.clues.scan.folded.word(place);
        let mut starts = [0_usize; LONGEST_PARTED + 1];
        let mut letters = 0;
        for (slot, (start, _)) in starts.iter_mut().zip(folded.char_indices()) {
            *slot = start;
            letters += 1;
        }
        if letters < SHORTEST_PARTED {
            return;
        }
        if letters <= LONGEST_PARTED
            && let Some(end) = starts.get_mut(letters)
        {
            *end = folded.len();
        } else {
            letters = LONGEST_PARTED;
        }
        let bytes = folded.as_bytes();
        for from in 0..letters {
            for length in [3, 4] {
                let to = from + length;
                let part = starts
                    .get(from)
                    .zip(starts.get(to).filter(|_| to <= letters))
                    .and_then(|(from, to)| bytes.get(*from..*to));
                if let Some(part) = part {
                    let ends = u32::from(from == 0) | u32::from(to == letters) << 1;
                    let part = mix(hash(Kind::Part, part), ends);
                    self.spell(part, place..place + 1);
                }
            }
        }
    }
}

/// What we did last, as hashes of its names.
fn ours(context: &Context) -> Vec<u32> {
    let hashed = |name: &str| hash(Kind::SignAfter, name.as_bytes());
    let Some(marks) = context.ours else {
        return vec![hashed("we said nothing")];
    };
    let Marks {
        asks,
        asks_identity,
        asked_for: _,
        offers_call,
        promises,
        instructs,
        reports,
        asks_anything_else,
    } = marks;
    let names = [
        (asks, "we asked"),
        (asks_identity, "we asked for identity"),
        (offers_call, "we offered a call"),
        (promises, "we promised"),
        (instructs, "we instructed"),
        (reports, "we reported"),
        (asks_anything_else, "anything else"),
    ];
    let mut said: Vec<_> = names
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, name)| hashed(name))
        .collect();
    if said.is_empty() {
        said.push(hashed("we were polite"));
    }
    said
}

fn feature(hash: u32, words: Words) -> Feature {
    let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    Feature {
        hash,
        from: place(words.start),
        to: place(words.end),
    }
}

/// A code with every digit a 0 and every letter an a, repeats left out: "rx204455" is "a0".
fn shape_of(code: &str) -> Vec<u8> {
    let mut shape: Vec<u8> = code
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { b'a' })
        .collect();
    shape.dedup();
    shape
}

/// FNV-1a, 32 bits, with its bits spread by the end of MurmurHash3.
fn hash(kind: Kind, bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32 ^ (kind as u32);
    for byte in bytes {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    spread(hash)
}

fn mix(first: u32, second: u32) -> u32 {
    spread(first.rotate_left(5) ^ second.wrapping_mul(0x9e37_79b1))
}

const fn spread(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
