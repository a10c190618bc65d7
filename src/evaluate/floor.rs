//! Holds figures against committed ones: which of them fell.

use super::figures::{ByHead, Figures, Share};

/// How much lower a figure may be and still count as the same: half of the last place that
/// figures are told with.
const MARGIN: f64 = 0.0005;

/// A figure that fell.
#[derive(Debug, Clone, PartialEq)]
pub struct Fallen {
    /// The language; `None` over all.
    pub language: Option<String>,
    /// The head.
    pub head: String,
    /// `precision` or `recall`.
    pub figure: &'static str,
    /// What it was.
    pub was: f64,
    /// What it is; `None` if there is nothing left that it could be measured by.
    pub is: Option<f64>,
}

/// Every head's precision and recall that fell, over all and in a language.
#[must_use]
pub fn fallen(floor: &Figures, now: &Figures) -> Vec<Fallen> {
    let nothing = ByHead::new();
    let mut fallen = fallen_in(None, &floor.heads, &now.heads);
    for (language, heads) in &floor.languages {
        let now = now.languages.get(language).unwrap_or(&nothing);
        fallen.extend(fallen_in(Some(language), heads, now));
    }
    fallen
}

fn fallen_in(language: Option<&str>, floor: &ByHead, now: &ByHead) -> Vec<Fallen> {
    let mut fallen = Vec::new();
    for (head, was) in floor {
        let is = now.get(head);
        let pairs = [
            ("precision", was.precision, is.and_then(|is| is.precision)),
            ("recall", was.recall, is.and_then(|is| is.recall)),
        ];
        for (figure, was, is) in pairs {
            let Some(Share { value: was, .. }) = was else {
                continue;
            };
            let is = is.map(|share| share.value);
            if is.is_none_or(|is| is < was - MARGIN) {
                fallen.push(Fallen {
                    language: language.map(str::to_owned),
                    head: head.clone(),
                    figure,
                    was,
                    is,
                });
            }
        }
    }
    fallen
}

#[cfg(test)]
mod tests;
