//! What customers hear from Ringback itself: the texts of `[messages]`, per language. An unknown
//! variable is an error when the file is checked, never when a text is said.

pub mod when;

use std::collections::BTreeMap;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};

use super::file::shipped;
use crate::domain::{decision::Utterance, reading::Language};

/// What a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variables<'a> {
    /// The desk's brand.
    pub brand: &'a str,
    /// A form, or buttons, come with the words.
    pub form: bool,
    /// The last two digits of the number that we ring.
    pub number_end: Option<&'a str>,
    /// The two words that whoever rings says first.
    pub words: Option<&'a str>,
    /// When we ring, in words, in the text's language.
    pub when: Option<&'a str>,
    /// Where a video call takes place: a URL.
    pub video: Option<&'a str>,
    /// How a disturbance stands, as a supervisor wrote it.
    pub status: Option<&'a str>,
}

/// Variables by their names; what is not known is not there.
pub(super) type Known = BTreeMap<&'static str, Value>;

impl Variables<'_> {
    /// Each by its name in brackets, to show or try a text with.
    pub const NAMES: Variables<'static> = Variables {
        brand: "⟨brand⟩",
        form: true,
        number_end: Some("⟨number_end⟩"),
        words: Some("⟨words⟩"),
        when: Some("⟨when⟩"),
        video: Some("⟨video⟩"),
        status: Some("⟨status⟩"),
    };

    /// Those that a text for an utterance may name.
    pub(super) fn known(&self, utterance: Utterance) -> Known {
        let texts = [
            ("brand", Some(self.brand)),
            ("number_end", self.number_end),
            ("words", self.words),
            ("when", self.when),
            ("video", self.video),
            ("status", self.status),
        ];
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, Value::from(text?))))
            .chain([("form", Value::from(self.form))])
            .filter(|(name, _)| named(utterance).any(|may| may == *name))
            .collect()
    }
}

/// What a text for an utterance may name.
pub(super) fn named(utterance: Utterance) -> impl Iterator<Item = &'static str> {
    let Named { always, sometimes } = Named::by(utterance);
    always.iter().chain(sometimes).copied()
}

/// What texts may name.
pub(super) struct Named {
    /// What is there whenever one is said.
    pub(super) always: &'static [&'static str],
    /// What a text asks for before it names it: `{% if when %}{{ when }}{% endif %}`.
    pub(super) sometimes: &'static [&'static str],
}

impl Named {
    /// The texts for one utterance.
    pub(super) const fn by(utterance: Utterance) -> Self {
        let (always, sometimes): (&'static [_], &'static [_]) = match utterance {
            Utterance::DataHidden
            | Utterance::IdentityNeeded
            | Utterance::FormSubmitted
            | Utterance::IdentityVerified
            | Utterance::CallLate
            | Utterance::WrongNumber
            | Utterance::CallExhausted
            | Utterance::SatisfactionAsked => (&["brand", "form"], &[]),
            Utterance::DetailsAsked => (&["brand", "form"], &["when"]),
            Utterance::CallComing => (&["brand", "form", "words"], &["number_end"]),
            Utterance::CallWaits | Utterance::CallScheduled | Utterance::NoAnswer => {
                (&["brand", "form", "when"], &["number_end"])
            }
            Utterance::IncidentStatus => (&["brand", "form", "status"], &[]),
            Utterance::VideoOffered => (&["brand", "form", "video"], &["words"]),
        };
        Self { always, sometimes }
    }
}

/// All texts, each checked with the brand of every desk and without what may be missing.
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

    /// A text in exactly that language, never another language's. `None` if there is none, or if
    /// what it is about is not known: a person of ours should say it then. An empty one if nothing
    /// is to be said.
    #[must_use]
    pub fn text(
        &self,
        utterance: Utterance,
        language: Language,
        variables: Variables<'_>,
    ) -> Option<String> {
        let source = self.0.get(&(utterance, language))?;
        let known = variables.known(utterance);
        let mut always = Named::by(utterance).always.iter();
        if !always.all(|name| known.contains_key(name)) {
            return None;
        }
        // It was rendered with every brand when the file was checked.
        render(source, &known).ok()
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
pub(super) fn render(source: &str, known: &Known) -> Result<String, Error> {
    let environment = environment();
    let text = environment.template_from_str(source)?.render(known)?;
    Ok(text.trim().to_owned())
}

/// The variables that a template for an utterance names and never knows, in order.
///
/// # Errors
/// Where it is broken.
pub(super) fn unknown_variables(source: &str, utterance: Utterance) -> Result<Vec<String>, Error> {
    let environment = environment();
    let template = environment.template_from_str(source)?;
    let mentioned = template.undeclared_variables(false).into_iter();
    let mut unknown: Vec<String> = mentioned
        .filter(|name| !named(utterance).any(|may| may == name))
        .collect();
    unknown.sort_unstable();
    Ok(unknown)
}

/// Where a video call takes place: `video_url` with the room's name in its place.
#[must_use]
pub fn video_link(video_url: &str, room: &str) -> String {
    video_url.replace("{{ room }}", room)
}

/// Without filters, functions or other templates: a text chooses and names, and does nothing else. It
/// may ask whether something is there, and fails where it names what is not.
fn environment<'source>() -> Environment<'source> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment
}
