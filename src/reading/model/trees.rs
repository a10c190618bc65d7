//! Small trees that put a regression's word together with what the message has and has not: "thanks" with
//! nothing that speaks against it. A sum of weights knows no "nothing of all that". Each tree adds some log
//! odds; all of them together are the verdict.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::features::Features;

/// Where the regression is surer than this that something does not hold, in log odds (1 %), its word
/// stands: no tree is asked.
const HOPELESS: f32 = -4.6;

/// The trees of a table as they stand in the weights' first line.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TreesHeader {
    /// What the trees look at, as hashes of [`Features::plain`].
    inputs: Vec<u32>,
    /// The trees of each head that has some.
    heads: BTreeMap<String, Vec<Tree>>,
}

/// A tree: its first node is its root, and whatever follows a node stands behind it.
type Tree = Vec<Node>;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Node {
    /// Which input is asked, up to what it goes on at the first of two nodes, beyond that at the second.
    /// Input 0 is the regression's log odds; the others are the sizes of what the header names.
    Split(u16, f32, u16, u16),
    /// What the tree adds, in log odds.
    Leaf([f32; 1]),
}

/// The trees of a table.
#[derive(Debug, Clone)]
pub(super) struct Trees {
    /// The place of each input, by its hash.
    places: FxHashMap<u32, usize>,
    /// Of each head, in the order of the table.
    of: Vec<Vec<Tree>>,
}

impl Trees {
    /// Takes the trees of heads with these names. `None`: a tree would not come to an end, or asks for what
    /// is no input.
    pub(super) fn new(header: TreesHeader, names: &[&str]) -> Option<Self> {
        let inputs = header.inputs.len();
        let mut trees = header.heads;
        let is_known = |name: &String| names.contains(&name.as_str());
        let is_sound = |tree: &Tree| {
            !tree.is_empty()
                && tree.iter().enumerate().all(|(at, node)| match *node {
                    Node::Leaf(_) => true,
                    Node::Split(input, _, low, high) => {
                        let goes_on =
                            |to: u16| usize::from(to) > at && usize::from(to) < tree.len();
                        usize::from(input) <= inputs && goes_on(low) && goes_on(high)
                    }
                })
        };
        if !trees.keys().all(is_known) || !trees.values().flatten().all(is_sound) {
            return None;
        }
        Some(Self {
            places: header.inputs.into_iter().zip(1..).collect(),
            of: names
                .iter()
                .map(|name| trees.remove(*name).unwrap_or_default())
                .collect(),
        })
    }

    /// Puts the verdicts of the trees in the place of the regressions' log odds, one a head.
    pub(super) fn settle(&self, odds: &mut [f32], features: &Features) {
        let mut inputs = Vec::new();
        for (odds, trees) in odds.iter_mut().zip(&self.of) {
            if trees.is_empty() || *odds < HOPELESS {
                continue;
            }
            if inputs.is_empty() {
                inputs = self.inputs(features);
            }
            if let Some(first) = inputs.first_mut() {
                *first = *odds;
            }
            *odds = trees.iter().map(|tree| adds(tree, &inputs)).sum();
        }
    }

    /// The inputs but for the first.
    fn inputs(&self, features: &Features) -> Vec<f32> {
        let mut inputs = vec![0.0_f32; self.places.len() + 1];
        for (hash, size) in &features.plain {
            let place = self.places.get(hash);
            if let Some(input) = place.and_then(|place| inputs.get_mut(*place)) {
                *input = input.max(f32::from(*size));
            }
        }
        inputs
    }
}

/// What a tree adds.
fn adds(tree: &Tree, inputs: &[f32]) -> f32 {
    let mut at = 0;
    // It ends, for every way leads on to a later node.
    while let Some(node) = tree.get(at) {
        match *node {
            Node::Leaf([worth]) => return worth,
            Node::Split(input, most, low, high) => {
                let size = inputs.get(usize::from(input)).copied();
                let is_low = size.unwrap_or_default() <= most;
                at = usize::from(if is_low { low } else { high });
            }
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds 2 where the regression is sure and input 7 is not there, else takes 1.
    const TREE: &str = r#"{"inputs": [7], "heads": {"thanks":
        [[[0, 1.5, 3, 1], [1, 0.5, 2, 3], [2.0], [-1.0]]]}}"#;

    fn settled(odds: f32, plain: &[(u32, u8)]) -> f32 {
        let trees = Trees::new(serde_json::from_str(TREE).unwrap(), &["thanks"]).unwrap();
        let features = Features {
            plain: plain.to_vec(),
            ..Features::default()
        };
        let mut odds = [odds];
        trees.settle(&mut odds, &features);
        let [odds] = odds;
        odds
    }

    #[track_caller]
    fn assert_near(found: f32, wanted: f32) {
        assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
    }

    #[test]
    fn a_tree_asks_for_the_odds_and_for_what_is_there() {
        assert_near(settled(2.0, &[]), 2.0);
        assert_near(settled(2.0, &[(8, 3)]), 2.0);
        assert_near(settled(2.0, &[(7, 1)]), -1.0);
        assert_near(settled(1.0, &[]), -1.0);
    }

    #[test]
    fn where_the_regression_sees_no_hope_no_tree_is_asked() {
        assert_near(settled(-6.0, &[]), -6.0);
    }

    #[test]
    fn a_tree_that_would_not_end_or_asks_for_what_is_not_there_is_refused() {
        for tree in [
            "[[0, 1.5, 0, 1], [1.0]]",
            "[[0, 1.5, 1, 2], [1.0]]",
            "[[9, 1.5, 1, 1], [1.0]]",
            "[]",
        ] {
            let header = format!(r#"{{"inputs": [7], "heads": {{"thanks": [{tree}]}}}}"#);
            let header: TreesHeader = serde_json::from_str(&header).unwrap();
            assert!(Trees::new(header, &["thanks"]).is_none(), "{tree}");
        }
        let header: TreesHeader = serde_json::from_str(TREE).unwrap();
        assert!(Trees::new(header, &["waiting"]).is_none(), "another head");
    }
}
