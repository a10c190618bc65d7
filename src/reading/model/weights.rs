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
    pub(in crate::reading) customer: Table,
    pub(in crate::reading) ours: Table,
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

/// Weights by bucket, one column a head.
#[derive(Debug, Clone)]
pub(in crate::reading) struct Table {
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

impl Table {
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

    /// Where a feature's weights stand, one a head.
    fn row(&self, hash: u32) -> &[u8] {
        let bucket = usize::try_from(hash >> (32 - self.bits.clamp(1, 32))).unwrap_or_default();
        let start = bucket * self.heads.len();
        self.weights
            .get(start..start + self.heads.len())
            .unwrap_or_default()
    }

    /// The probability of each head.
    pub(super) fn probabilities(&self, features: &Features) -> Vec<f32> {
        let mut sums = vec![0_i32; self.heads.len()];
        let mut spelled = sums.clone();
        for feature in &features.structure {
            add(&mut sums, self.row(feature.hash));
        }
        for feature in &features.spelling {
            add(&mut spelled, self.row(feature.hash));
        }
        let share = features.share();
        let weighed = self.heads.iter().zip(sums.iter().zip(&spelled));
        let mut odds: Vec<f32> = weighed
            .map(|(head, (sum, spelled))| {
                head.bias + head.step * (to_f32(*sum) + share * to_f32(*spelled))
            })
            .collect();
        self.trees.settle(&mut odds, features);
        for odds in &mut odds {
            *odds = 1.0 / (1.0 + (-*odds).exp());
        }
        odds
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
                let byte = self.row(feature.hash).get(head).copied().unwrap_or(0);
                (feature, f32::from(byte.cast_signed()) * step * share)
            })
    }
}

/// Adds a row of signed bytes.
fn add(sums: &mut [i32], row: &[u8]) {
    for (sum, byte) in sums.iter_mut().zip(row) {
        *sum += i32::from(byte.cast_signed());
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum of at most some ten thousand bytes, which f32 holds exactly"
)]
const fn to_f32(sum: i32) -> f32 {
    sum as f32
}
