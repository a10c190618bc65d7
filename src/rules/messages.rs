//! What customers hear from Ringback itself: the texts of `[messages]`, per language. An unknown
//! variable is an error when the file is checked, never when a text is said.

pub mod when;

use std::collections::BTreeMap;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, context};

use super::file::shipped;
use crate::domain::{decision::Utterance, reading::Language};

/// What a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variables<'a> {
    /// The desk's brand.
    pub brand: &'a str,
    /// A form comes with the words.
    pub form: bool,
}

impl Variables<'_> {
    /// Their names in a text.
    pub(super) const NAMES: &'static [&'static str] = &["brand", "form"];
}

/// All texts, each checked with the brand of every desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages(pub(super) BTreeMap<(Utterance, Language), String>);

impl Default for Messages {
    /// The shipped texts.
    fn default() -> Self {
        shipped::messages().clone()
    }
}

impl Messages {
    /// No text at all.
    pub(super) const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// A text in exactly that language, never another language's. `None` if there is none: a person
    /// of ours should say it then. An empty one if nothing is to be said.
    #[must_use]
    pub fn text(
        &self,
        utterance: Utterance,
        language: Language,
        variables: Variables<'_>,
    ) -> Option<String> {
        let source = self.0.get(&(utterance, language))?;
        // It was rendered with every brand when the file was checked.
        render(source, variables).ok()
    }

    /// The languages in which something is said.
    pub fn languages(&self, utterance: Utterance) -> impl Iterator<Item = Language> {
        let texts = self.0.iter();
        texts.filter_map(move |((of, language), text)| {
            (*of == utterance && !text.is_empty()).then_some(*language)
        })
    }
}

/// The text of a template: plain, without escapes.
///
/// # Errors
/// Where it is broken or names what is not there.
pub(super) fn render(source: &str, variables: Variables<'_>) -> Result<String, Error> {
    let Variables { brand, form } = variables;
    let environment = environment();
    let text = environment
        .template_from_str(source)?
        .render(context! { brand, form })?;
    Ok(text.trim().to_owned())
}

/// The variables that a template names and that are not there, in order.
///
/// # Errors
/// Where it is broken.
pub(super) fn unknown_variables(source: &str) -> Result<Vec<String>, Error> {
    let environment = environment();
    let template = environment.template_from_str(source)?;
    let named = template.undeclared_variables(false).into_iter();
    let mut unknown: Vec<String> = named
        .filter(|name| !Variables::NAMES.contains(&name.as_str()))
        .collect();
    unknown.sort_unstable();
    Ok(unknown)
}

/// Without filters, functions or other templates: a text chooses and names, and does nothing else.
fn environment<'source>() -> Environment<'source> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment
}
