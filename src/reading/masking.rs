//! Stand-in for masking, until it is merged.

use crate::domain::reading::SensitiveSpan;

/// The text with every masked span replaced by `⟦kind⟧`. Masking a masked text changes nothing.
#[must_use]
pub fn mask(text: &str, _sensitive: &[SensitiveSpan]) -> String {
    text.to_owned()
}
