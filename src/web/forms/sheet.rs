//! What stands around a page, and texts of the admin's in it.

use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};

use super::wording::{LANGUAGES, Words};
use crate::rules::forms::Localised;

/// What stands around a page. Every page's template has it as `sheet`.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    /// The page's language.
    pub(super) words: &'static Words,
    /// Whose form it is.
    pub(super) brand: Option<&'a str>,
}

impl Sheet<'_> {
    /// All languages that the page can be read in.
    #[expect(clippy::unused_self, reason = "so that templates need no path")]
    pub(super) const fn languages(&self) -> &'static [&'static Words] {
        LANGUAGES
    }

    /// A text of ours with the brand filled in.
    pub(super) fn filled(&self, text: &str) -> String {
        text.replace("{brand}", self.brand.unwrap_or_default())
    }
}

/// A text of the admin's, which may be in another language than the page: a screen reader is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worded<'a> {
    text: &'a str,
    other_language: Option<&'a str>,
}

impl<'a> Worded<'a> {
    /// A text of ours, in the page's language.
    pub(super) const fn ours(text: &'a str) -> Self {
        Self {
            text,
            other_language: None,
        }
    }

    /// In the page's language, else in English, else in any.
    pub(super) fn of(text: &'a Localised, words: &Words) -> Self {
        let shown = text.in_language(words.spoken());
        let mut all = text.0.iter();
        let language = all.find(|(_, text)| text.as_str() == shown);
        let is_there = text.0.contains_key(&words.spoken());
        Self {
            text: shown,
            other_language: language
                .filter(|_| !is_there)
                .map(|(language, _)| language.as_str()),
        }
    }

    /// The text alone.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }
}

impl fmt::Display for Worded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = escape(self.text, Html).map_err(|_| fmt::Error)?;
        match self.other_language {
            Some(language) => write!(f, "<span lang=\"{language}\">{text}</span>"),
            None => write!(f, "{text}"),
        }
    }
}

impl HtmlSafe for Worded<'_> {}

#[cfg(test)]
mod tests {
    use super::{Localised, Worded, Words};
    use crate::domain::reading::Language;

    #[test]
    fn a_text_in_another_language_says_so_and_is_escaped() {
        let german = Language::parse("de").expect("a language");
        let of = |texts: &[(Language, &str)]| {
            let texts = texts.iter().map(|(tag, text)| (*tag, (*text).to_owned()));
            Localised(texts.collect())
        };
        let shown = |text: &Localised| Worded::of(text, Words::english()).to_string();
        assert_eq!(
            shown(&of(&[(german, "<Ort>")])),
            "<span lang=\"de\">&#60;Ort&#62;</span>"
        );
        assert_eq!(
            shown(&of(&[(german, "Ort"), (Language::ENGLISH, "Place")])),
            "Place"
        );
        // The same word in both.
        assert_eq!(
            shown(&of(&[(german, "Name"), (Language::ENGLISH, "Name")])),
            "Name"
        );
    }
}
