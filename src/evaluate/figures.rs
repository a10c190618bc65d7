//! Counts and the figures that come of them, with their intervals. Knows no message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::labelled::{CLOSINGS, HEADS};
use crate::domain::reading::Head;

/// The quantile of the normal distribution that 95 % lie within on both sides.
const Z: f64 = 1.959_964;

/// What came of one head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found, and true.
    pub tp: u32,
    /// Found, and not true.
    pub fp: u32,
    /// True, and not found.
    pub missed: u32,
}

/// A share between 0 and 1 with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The figures of one head. A share of nothing is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeadFigures {
    /// Found, and true.
    pub tp: u32,
    /// Found, and not true.
    pub fp: u32,
    /// True, and not found.
    #[serde(rename = "fn")]
    pub missed: u32,
    /// Of what was found, how much is true.
    pub precision: Option<Share>,
    /// Of what is true, how much was found.
    pub recall: Option<Share>,
    /// The harmonic mean of both.
    pub f1: Option<Share>,
}

/// Figures by the name of the head.
pub type ByHead = BTreeMap<String, HeadFigures>;

/// All figures: what `ringback eval --format json` prints. A stable form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Messages that were measured: single ones and turns of threads.
    pub messages: u64,
    /// Lines that were left out because people could disagree about them.
    pub left_out: u64,
    /// Over all.
    pub heads: ByHead,
    /// In each language.
    pub languages: BTreeMap<String, ByHead>,
    /// In each slice or source.
    pub slices: BTreeMap<String, ByHead>,
    /// What `closing` is, by what was read: `confusion["waiting"]["thanks"]` messages are waiting
    /// and were read as thanks.
    pub confusion: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Share {
    /// `part` of `whole` with Wilson's score interval (Wilson 1927, without continuity
    /// correction). `None` of nothing.
    #[must_use]
    pub fn of(part: u32, whole: u32) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let (n, share) = (f64::from(whole), f64::from(part) / f64::from(whole));
        let scale = 1.0 + Z * Z / n;
        let middle = (share + Z * Z / (2.0 * n)) / scale;
        let reach = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(Self {
            value: share,
            low: (middle - reach).max(0.0),
            high: (middle + reach).min(1.0),
        })
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self {
            value: change(self.value),
            low: change(self.low),
            high: change(self.high),
        }
    }

    /// To four places, so that a file of figures can be read and compared.
    fn rounded(self) -> Self {
        self.map(|share| (share * 10_000.0).round() / 10_000.0)
    }
}

impl Counts {
    /// Counts one message.
    pub const fn add(&mut self, is: bool, found: bool) {
        match (is, found) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// F1 is 2J / (1 + J), where J is the share of the true among all that are true or were found.
    /// It grows with J, so J's interval gives that of F1.
    fn f1(self) -> Option<Share> {
        let overlap = Share::of(self.tp, self.tp + self.fp + self.missed)?;
        Some(overlap.map(|share| 2.0 * share / (1.0 + share)))
    }

    /// The figures.
    #[must_use]
    pub fn figures(self) -> HeadFigures {
        HeadFigures {
            tp: self.tp,
            fp: self.fp,
            missed: self.missed,
            precision: Share::of(self.tp, self.tp + self.fp).map(Share::rounded),
            recall: Share::of(self.tp, self.tp + self.missed).map(Share::rounded),
            f1: self.f1().map(Share::rounded),
        }
    }
}

/// Counts by head, only of heads that were measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Table(BTreeMap<Head, Counts>);

impl Table {
    pub(super) fn add(&mut self, head: Head, is: bool, found: bool) {
        self.0.entry(head).or_default().add(is, found);
    }

    pub(super) fn figures(&self) -> ByHead {
        let named = HEADS.iter().filter_map(|(head, name)| {
            let counts = self.0.get(head)?;
            Some(((*name).to_owned(), counts.figures()))
        });
        named.collect()
    }
}

/// How often each closing was read as each.
#[derive(Debug, Clone, Default)]
pub(super) struct Confusion(BTreeMap<(&'static str, &'static str), u32>);

impl Confusion {
    pub(super) fn add(&mut self, is: &'static str, found: &'static str) {
        *self.0.entry((is, found)).or_default() += 1;
    }

    pub(super) fn figures(&self) -> BTreeMap<String, BTreeMap<String, u32>> {
        let count = |is, found| self.0.get(&(is, found)).copied().unwrap_or_default();
        let row = |is: &'static str| {
            let cells = CLOSINGS.map(|found| (found.to_owned(), count(is, found)));
            (is.to_owned(), BTreeMap::from(cells))
        };
        CLOSINGS.map(row).into()
    }
}

#[cfg(test)]
mod tests;
