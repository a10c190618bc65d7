//! The trained model: one logistic regression a judgement over hashed features of the message, of
//! what its phrases say and of what was said before it; small trees put its word together with what
//! is not there. Its weights stand in `models/reader.bin`;
//! `models/README.md` says how they came about. It weighs; what comes of it is for `interpret`.

mod features;
mod head;
mod trees;
mod weights;

use super::clues::Words;

pub(in crate::reading) use features::{Features, Gatherer};
pub(in crate::reading) use head::{CustomerHead, OurHead};
pub use weights::{Weights, WeightsError};

use weights::Table;

/// Changes whenever what [`Features`] gathers does: weights that were trained on other features
/// would read nonsense, and are refused.
pub const FEATURES_VERSION: u32 = 2;

/// What the model makes of one message: a probability a head.
pub(in crate::reading) struct Verdicts<'a, const HEADS: usize> {
    table: &'a Table<HEADS>,
    features: &'a Features,
    probabilities: [f32; HEADS],
}

impl<'a, const HEADS: usize> Verdicts<'a, HEADS> {
    /// Weighs the features of a message.
    pub(in crate::reading) fn new(table: &'a Table<HEADS>, features: &'a Features) -> Self {
        Self {
            probabilities: table.probabilities(features),
            table,
            features,
        }
    }

    /// The probability, 0 to 1, of the head at this place.
    pub(in crate::reading) fn of(&self, head: usize) -> f32 {
        self.probabilities.get(head).copied().unwrap_or_default()
    }

    /// The words that speak most for a head, or most against it: at most two stretches, in order.
    pub(in crate::reading) fn words(&self, head: usize, side: Side, length: usize) -> Vec<Words> {
        let mut worth = vec![0.0_f32; length];
        for (feature, weight) in self.table.weights(self.features, head) {
            let weight = match side {
                Side::For => weight,
                Side::Against => -weight,
            };
            let words = feature.words();
            // A feature of many words says little of each.
            let share = weight / f32::from(u16::try_from(words.len().max(1)).unwrap_or(u16::MAX));
            for place in words {
                if let Some(worth) = worth.get_mut(place) {
                    *worth += share;
                }
            }
        }
        most_telling(&worth)
    }
}

/// Which way words speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Side {
    /// For what is judged.
    For,
    /// Against it.
    Against,
}

/// The stretches of words that carry most: those with at least half of the most telling word's
/// worth, neighbours joined, the two best of them in order.
fn most_telling(worth: &[f32]) -> Vec<Words> {
    let most = worth.iter().copied().fold(0.0_f32, f32::max);
    if most <= 0.0 {
        return Vec::new();
    }
    let mut stretches: Vec<(f32, Words)> = Vec::new();
    for (place, worth) in worth.iter().copied().enumerate() {
        if worth < most / 2.0 {
            continue;
        }
        match stretches.last_mut() {
            Some((sum, words)) if words.end == place => {
                *sum += worth;
                words.end = place + 1;
            }
            _ => stretches.push((worth, place..place + 1)),
        }
    }
    stretches.sort_by(|left, right| right.0.total_cmp(&left.0));
    stretches.truncate(2);
    let mut best: Vec<Words> = stretches.into_iter().map(|(_, words)| words).collect();
    best.sort_by_key(|words| words.start);
    best
}
