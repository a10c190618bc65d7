//! The weights' file: one line of JSON that says what they are for, then for each of its tables
//! one signed byte a bucket and head. Reads and checks it; knows nothing of messages.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    CustomerHead, FEATURES_VERSION, OurHead,
    features::{Feature, Features},
    trees::{Trees, TreesHeader},
};

/// The shipped weights.
const SHIPPED: &[u8] = include_bytes!("../../../models/reader.bin");

/// Why weights cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WeightsError {
    /// They are not in the form that `models/train` writes.
    #[error("these are no weights of Ringback's reader: {0}")]
    Malformed(String),
    /// They were trained on features that this reader does not gather.
    #[error(
        "these weights are for features of version {found}, this reader's are of version {ours}: \
         train them again with `models/train`"
    )]
    OtherFeatures {
        /// What the weights say.
        found: u32,
        /// What this reader gathers.
        ours: u32,
    },
}

/// All weights of a reader.
#[derive(Debug, Clone)]
pub struct Weights {
    pub(in crate::reading) customer: Table<{ CustomerHead::COUNT }>,
    pub(in crate::reading) ours: Table<{ OurHead::COUNT }>,
}

/// The first line.
#[derive(Debug, Deserialize)]
struct Header {
    features: u32,
    customer: TableHeader,
    ours: TableHeader,
}

/// Of one table: how many bits a bucket's number has, and its heads.
#[derive(Debug, Deserialize)]
struct TableHeader {
    bits: u32,
    heads: Vec<Head>,
    #[serde(default)]
    trees: TreesHeader,
}

/// One column of a table.
#[derive(Debug, Clone, Deserialize)]
struct Head {
    name: String,
    /// What one step of a weight is worth, in log odds.
    step: f32,
    /// The log odds where nothing speaks.
    bias: f32,
}

/// Weights by bucket, one column a head. How many heads there are is known when this is built, so
/// that a row is added up at once: that is most of what the model costs.
#[derive(Debug, Clone)]
pub(in crate::reading) struct Table<const HEADS: usize> {
    bits: u32,
    heads: Vec<Head>,
    /// Bucket by bucket, a signed byte a head.
    weights: Cow<'static, [u8]>,
    trees: Trees,
}

impl Weights {
    /// The weights in the binary.
    ///
    /// # Errors
    /// When they do not fit this reader's features, which only a wrong build brings about.
    pub fn shipped() -> Result<Self, WeightsError> {
        Self::parse(Cow::Borrowed(SHIPPED))
    }

    /// Weights from a file's bytes.
    ///
    /// # Errors
    /// When they are none, or do not fit this reader's features.
    pub fn read(bytes: Vec<u8>) -> Result<Self, WeightsError> {
        Self::parse(Cow::Owned(bytes))
    }

    fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, WeightsError> {
        let malformed = |why: &str| WeightsError::Malformed(why.to_owned());
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let line = end.and_then(|end| bytes.get(..end));
        let line = line.ok_or_else(|| malformed("there is no first line"))?;
        let header: Header = serde_json::from_slice(line)
            .map_err(|error| WeightsError::Malformed(error.to_string()))?;
        if header.features != FEATURES_VERSION {
            return Err(WeightsError::OtherFeatures {
                found: header.features,
                ours: FEATURES_VERSION,
            });
        }
        let start = line.len() + 1;
        let middle = start.saturating_add(header.customer.size());
        let end = middle.saturating_add(header.ours.size());
        if bytes.len() != end {
            return Err(malformed("the file is cut short or too long"));
        }
        let part = |range: std::ops::Range<usize>| match &bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(range).unwrap_or_default()),
            Cow::Owned(bytes) => Cow::Owned(bytes.get(range).unwrap_or_default().to_vec()),
        };
        Ok(Self {
            customer: Table::new(header.customer, CustomerHead::NAMES, part(start..middle))?,
            ours: Table::new(header.ours, OurHead::NAMES, part(middle..end))?,
        })
    }
}

impl TableHeader {
    /// How many bytes its weights take. Saturates, so that no number in a file can overflow it.
    fn size(&self) -> usize {
        let buckets = 1_usize.checked_shl(self.bits).unwrap_or(usize::MAX / 2);
        buckets.saturating_mul(self.heads.len())
    }
}

impl<const HEADS: usize> Table<HEADS> {
    fn new(
        header: TableHeader,
        names: &[&str],
        weights: Cow<'static, [u8]>,
    ) -> Result<Self, WeightsError> {
        let found = header.heads.iter().map(|head| head.name.as_str());
        if !found.eq(names.iter().copied()) {
            return Err(WeightsError::Malformed(format!(
                "the heads are not {}",
                names.join(", ")
            )));
        }
        let trees = Trees::new(header.trees, names).ok_or_else(|| {
            WeightsError::Malformed("a tree leads nowhere or is of no head".to_owned())
        })?;
        Ok(Self {
            bits: header.bits,
            heads: header.heads,
            weights,
            trees,
        })
    }

    /// A feature's weights, one a head.
    fn row(&self, hash: u32) -> Option<&[u8; HEADS]> {
        let bucket = usize::try_from(hash >> (32 - self.bits.clamp(1, 32))).unwrap_or_default();
        let (rows, _) = self.weights.as_chunks();
        rows.get(bucket)
    }

    /// What some features are worth together, head by head, in steps.
    fn sums(&self, features: &[Feature]) -> [i32; HEADS] {
        let mut sums = [0; HEADS];
        for row in features.iter().filter_map(|feature| self.row(feature.hash)) {
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += i32::from(byte.cast_signed());
            }
        }
        sums
    }

    /// The probability of each head.
    pub(super) fn probabilities(&self, features: &Features) -> [f32; HEADS] {
        let structure = self.sums(&features.structure);
        let spelling = self.sums(&features.spelling);
        let share = features.share();
        let mut odds = [0.0; HEADS];
        let sums = structure.into_iter().zip(spelling);
        for (odds, (head, (sum, spelled))) in odds.iter_mut().zip(self.heads.iter().zip(sums)) {
            *odds = head.bias + head.step * (to_f32(sum) + share * to_f32(spelled));
        }
        self.trees.settle(&mut odds, features);
        odds.map(|odds| 1.0 / (1.0 + (-odds).exp()))
    }

    /// What each feature that stands in the text is worth for a head, in log odds.
    pub(super) fn weights<'a>(
        &'a self,
        features: &'a Features,
        head: usize,
    ) -> impl Iterator<Item = (&'a Feature, f32)> {
        let step = self.heads.get(head).map_or(0.0, |head| head.step);
        let structure = features.structure.iter().map(|feature| (feature, 1.0));
        let share = features.share();
        let spelling = features
            .spelling
            .iter()
            .map(move |feature| (feature, share));
        structure
            .chain(spelling)
            .filter(|(feature, _)| !feature.words().is_empty())
            .map(move |(feature, share)| {
                let row = self.row(feature.hash);
                let byte = row.and_then(|row| row.get(head)).copied().unwrap_or(0);
                (feature, f32::from(byte.cast_signed()) * step * share)
            })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum of at most some ten thousand bytes, which f32 holds exactly"
)]
const fn to_f32(sum: i32) -> f32 {
    sum as f32
}
