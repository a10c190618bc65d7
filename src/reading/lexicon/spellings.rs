//! How else a phrase may be written. This file is part of `build.rs` as well.

use std::borrow::Cow;

/// A phrase as written, without its apostrophes ("dont"), and with German digraphs ("fuer").
pub(super) fn spellings(phrase: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = vec![Cow::Borrowed(phrase)];
    if phrase.contains(['\'', '’']) {
        spellings.push(Cow::Owned(phrase.replace(['\'', '’'], "")));
    }
    if !phrase.is_ascii() && phrase.contains(['ä', 'ö', 'ü']) {
        let digraphs = phrase
            .replace('ä', "ae")
            .replace('ö', "oe")
            .replace('ü', "ue");
        spellings.push(Cow::Owned(digraphs));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn other_spellings_count() {
        assert_eq!(spellings("don't"), ["don't", "dont"]);
        assert_eq!(spellings("für"), ["für", "fuer"]);
    }
}
