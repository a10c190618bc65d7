//! What the admin tells the reader: phrases, topics, levels. The rules file fills it in; the
//! reader is built from it.

use std::{collections::BTreeMap, fmt, ops::RangeInclusive};

use super::{
    ids::{PatternName, Topic},
    reading::{IdentityLevel, SensitiveSpan, SpanKind},
};

/// A list of phrases that the admin may add to or remove from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PhraseList {
    /// Gratitude or satisfaction that closes.
    Thanks,
    /// The customer settles to wait or to act.
    Waiting,
    /// Asks for a call.
    WantsCall,
    /// Wants text for this case.
    WantsText,
    /// Wants text for good.
    WantsTextAlways,
    /// Not solved.
    Unsolved,
    /// Urgent words.
    Urgent,
    /// Enquiries that need an identity check.
    IdentityNeeded,
}

impl PhraseList {
    /// Every list with its name in the rules file.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Thanks, "thanks"),
        (Self::Waiting, "waiting"),
        (Self::WantsCall, "wants_call"),
        (Self::WantsText, "wants_text"),
        (Self::WantsTextAlways, "wants_text_always"),
        (Self::Unsolved, "unsolved"),
        (Self::Urgent, "urgent"),
        (Self::IdentityNeeded, "identity_needed"),
    ];
}

/// Changes to one shipped list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhraseChanges {
    /// Phrases that count from now on. They win over everything else the reader sees.
    pub add: Vec<String>,
    /// Shipped phrases that no longer count.
    pub remove: Vec<String>,
}

/// Data of a kind that only this team knows, such as its members' numbers, by its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Its name in the file; unique.
    pub name: PatternName,
    /// A regular expression that takes linear time, in the syntax of the crate `regex`.
    pub regex: String,
    /// What it finds.
    pub kind: SpanKind,
}

impl Pattern {
    /// The largest compiled pattern, in bytes: a few lines of text. The time that a
    /// pattern takes grows with its size and with the text, and no faster.
    const LARGEST: usize = 1024 * 1024;

    /// Makes a regular expression ready, within [`Self::LARGEST`].
    ///
    /// # Errors
    /// When it is none, or is too large.
    pub fn compile(regex: &str) -> Result<regex::Regex, regex::Error> {
        regex::RegexBuilder::new(regex)
            .size_limit(Self::LARGEST)
            .build()
    }
}

/// How sure the reader must be, in percent, from 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u8);

impl Threshold {
    /// As likely as not.
    pub const EVEN: Self = Self(50);

    /// What it can be.
    pub const RANGE: RangeInclusive<u32> = 1..=99;

    /// Takes a percentage within [`Self::RANGE`].
    #[must_use]
    pub fn parse(percent: u32) -> Option<Self> {
        let percent = Some(percent).filter(|percent| Self::RANGE.contains(percent))?;
        u8::try_from(percent).ok().map(Self)
    }

    /// Whether a probability is sure enough.
    #[must_use]
    pub fn is_reached(self, probability: f32) -> bool {
        probability * 100.0 >= f32::from(self.0)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// How sure the reader must be of each judgement before it reads so. The defaults come from
/// cross-validation on the training data (`models/README.md`); of `thanks` they favour precision,
/// because a wrong one silently drops a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thresholds {
    /// `closing`: thanks.
    pub thanks: Threshold,
    /// `closing`: waiting.
    pub waiting: Threshold,
    /// `wants_call`.
    pub wants_call: Threshold,
    /// `wants_text`.
    pub wants_text: Threshold,
    /// `unsolved`.
    pub unsolved: Threshold,
    /// `answers`.
    pub answers: Threshold,
    /// `identity`: asked or offered.
    pub identity: Threshold,
}

impl Thresholds {
    /// Every threshold with its key in the rules file.
    #[must_use]
    pub const fn all(&self) -> [(&'static str, Threshold); 7] {
        [
            ("thanks", self.thanks),
            ("waiting", self.waiting),
            ("wants_call", self.wants_call),
            ("wants_text", self.wants_text),
            ("unsolved", self.unsolved),
            ("answers", self.answers),
            ("identity", self.identity),
        ]
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            thanks: Threshold(90),
            waiting: Threshold(45),
            wants_call: Threshold(70),
            wants_text: Threshold(50),
            unsolved: Threshold(45),
            answers: Threshold(55),
            identity: Threshold(85),
        }
    }
}

/// Everything the admin tells the reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// Changes to the shipped phrases, per list.
    pub phrases: BTreeMap<PhraseList, PhraseChanges>,
    /// Topics with their words, in file order; the first with a word in the message is its topic.
    pub topics: Vec<(Topic, Vec<String>)>,
    /// Word lists that the admin's `[[rules]]` look for; a rule knows its list by its place here.
    pub word_lists: Vec<Vec<String>>,
    /// The admin's `[[patterns]]`, in file order.
    pub patterns: Vec<Pattern>,
    /// Levels that differ from [`SpanKind::default_level`].
    pub levels: BTreeMap<SpanKind, IdentityLevel>,
    /// How sure the reader must be.
    pub sure: Thresholds,
}

impl Vocabulary {
    /// The level of a kind of data.
    #[must_use]
    pub fn level(&self, kind: SpanKind) -> IdentityLevel {
        self.levels
            .get(&kind)
            .copied()
            .unwrap_or_else(|| kind.default_level())
    }

    /// Whether data of that kind is masked: what is confidential, but never phone and e-mail.
    #[must_use]
    pub fn masks(&self, kind: SpanKind) -> bool {
        kind.is_masked() && self.level(kind) == IdentityLevel::Confidential
    }

    /// Those of the spans that are masked.
    #[must_use]
    pub fn to_mask(&self, spans: &[SensitiveSpan]) -> Vec<SensitiveSpan> {
        spans
            .iter()
            .copied()
            .filter(|span| self.masks(span.kind))
            .collect()
    }
}
