//! Figures against values worked out by hand, intervals against published ones.

use super::*;

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 0.00005, "{found} is not {wanted}");
}

#[test]
fn intervals_are_wilsons() {
    // Newcombe 1998, table I, method 3: the four examples.
    for (part, whole, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        let share = Share::of(part, whole).expect("a share");
        near(share.low, low);
        near(share.high, high);
    }
}

#[test]
fn of_nothing_there_is_no_share() {
    assert_eq!(Share::of(0, 0), None);
    let figures = Counts::default().figures();
    assert_eq!(
        (figures.precision, figures.recall, figures.f1),
        (None, None, None)
    );
}

#[test]
fn counts_become_precision_recall_and_f1() {
    let mut counts = Counts::default();
    for (is, found, times) in [
        (true, true, 6),
        (false, true, 2),
        (true, false, 4),
        (false, false, 9),
    ] {
        for _ in 0..times {
            counts.add(is, found);
        }
    }
    let figures = counts.figures();
    assert_eq!((figures.tp, figures.fp, figures.missed), (6, 2, 4));
    near(figures.precision.expect("a share").value, 0.75);
    near(figures.recall.expect("a share").value, 0.6);
    let f1 = figures.f1.expect("a share");
    near(f1.value, 0.6667);
    assert!(f1.low < f1.value && f1.value < f1.high);
}
