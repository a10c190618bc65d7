//! What customers hear from Ringback itself: the texts of `[messages]`, per language. An unknown
//! variable is an error when the file is checked, never when a text is said.

use crate::domain::{decision::Utterance, reading::Language};

/// What a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variables<'a> {
    /// The desk's brand.
    pub brand: &'a str,
    /// A form comes with the words.
    pub form: bool,
}

/// All texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages;

impl Messages {
    /// A text in exactly that language; `None` if there is none. Never another language's.
    #[must_use]
    pub fn text(
        &self,
        utterance: Utterance,
        language: Language,
        variables: Variables<'_>,
    ) -> Option<String> {
        let Variables { brand, form } = variables;
        let _nothing_yet = (utterance, language, brand, form);
        None
    }
}
