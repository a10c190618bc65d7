//! What counts as fallen.

use std::collections::BTreeMap;

use super::*;
use crate::evaluate::figures::HeadFigures;

/// Figures in which thanks has these in English and over all.
fn figures(precision: Option<f64>, recall: f64) -> Figures {
    let share = |value| Share {
        value,
        low: 0.0,
        high: 1.0,
    };
    let thanks = HeadFigures {
        tp: 1,
        fp: 1,
        missed: 1,
        precision: precision.map(share),
        recall: Some(share(recall)),
        f1: None,
    };
    let heads = ByHead::from([("thanks".to_owned(), thanks)]);
    Figures {
        messages: 3,
        left_out: 0,
        heads: heads.clone(),
        languages: BTreeMap::from([("en".to_owned(), heads)]),
        slices: BTreeMap::new(),
        confusion: BTreeMap::new(),
    }
}

#[test]
fn the_same_figures_and_better_ones_have_not_fallen() {
    let floor = figures(Some(0.9), 0.8);
    assert_eq!(fallen(&floor, &floor), []);
    assert_eq!(fallen(&floor, &figures(Some(0.95), 0.9)), []);
}

#[test]
fn what_rounding_does_is_no_fall_and_more_is_one() {
    let floor = figures(Some(0.9), 0.8);
    assert_eq!(fallen(&floor, &figures(Some(0.8996), 0.7996)), []);
    let fell = fallen(&floor, &figures(Some(0.8994), 0.8));
    let told: Vec<_> = fell
        .iter()
        .map(|fall| (fall.language.as_deref(), fall.head.as_str(), fall.figure))
        .collect();
    assert_eq!(
        told,
        [
            (None, "thanks", "precision"),
            (Some("en"), "thanks", "precision")
        ]
    );
}

#[test]
fn what_is_measured_no_longer_has_fallen() {
    let floor = figures(Some(0.9), 0.8);
    let fell = fallen(&floor, &figures(None, 0.8));
    assert_eq!(fell.len(), 2);
    assert!(fell.iter().all(|fall| fall.is.is_none()));
    let mut without_english = floor.clone();
    without_english.languages.clear();
    assert_eq!(fallen(&floor, &without_english).len(), 2);
}
