//! What each text in `rules.toml` can mean: names, choices, lengths, phrases, lines of a test.
//! Each reads alone; whether it fits the rest of the file is `validate`'s business.

use schemars::{Schema, json_schema};

use super::{
    fields::Word,
    problem::{cannot_be, nearest, quoted},
};
use crate::{
    domain::{
        decision::{Action, Utterance},
        ids::{
            AccountName, AdminRuleName, ChannelName, DeskName, FormName, InvalidId, PatternName,
            Tag, Topic,
        },
        message::{Party, Visibility},
        reading::{IdentityLevel, Language, SpanKind},
        time::{InvalidLength, Length},
        vocabulary::{Pattern, PhraseList},
    },
    rules::{CardDetail, DeskHours, OnSoft, Speak, TestLine, Then},
};

/// The longest phrase, in characters: a phrase is a few words, not a message.
const LONGEST_PHRASE: usize = 200;

/// The pattern of plain names, as `domain::ids` checks them.
const NAME: &str = "^[a-z0-9._-]{1,64}$";

/// Plain names.
macro_rules! names {
    ($($name:ty),+) => {$(
        impl Word for $name {
            fn read(text: &str) -> Result<Self, String> {
                Self::parse(text).map_err(|wrong| match wrong {
                    InvalidId::NotPlain => match plain(text) {
                        Some(plain) => format!("{wrong}\nwrite `{plain}`"),
                        None => wrong.to_string(),
                    },
                    _ => wrong.to_string(),
                })
            }
            fn schema() -> Schema {
                json_schema!({ "type": "string", "pattern": NAME })
            }
        }
    )+};
}

names!(
    AccountName,
    AdminRuleName,
    ChannelName,
    DeskName,
    FormName,
    PatternName,
    Tag,
    Topic
);

/// The plain name nearest to a text: "VIP desk" is `vip-desk`.
fn plain(text: &str) -> Option<String> {
    let plain = text.trim().to_lowercase().replace(' ', "-");
    DeskName::parse(&plain).ok().map(|_| plain)
}

/// Reads one of a few words.
pub(crate) fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let chosen = choices.iter().find(|(name, _)| *name == text);
    chosen.map(|(_, choice)| *choice).ok_or_else(|| {
        let names = || choices.iter().map(|(name, _)| *name);
        let help = nearest(text, names()).unwrap_or_else(|| format!("valid: {}", quoted(names())));
        cannot_be(text, &help)
    })
}

/// Words of which each means one value.
macro_rules! choices {
    ($($type:ty => [$first:literal = $start:expr $(, $name:literal = $value:expr)* $(,)?]),+ $(,)?) => {$(
        impl Word for $type {
            const WANTED: &'static str = concat!("\"", $first, "\"" $(, " or \"", $name, "\"")*);

            fn read(text: &str) -> Result<Self, String> {
                choose(text, &[($first, $start) $(, ($name, $value))*])
            }
            fn schema() -> Schema {
                json_schema!({ "enum": [$first $(, $name)*] })
            }
        }
    )+};
}

choices! {
    OnSoft => ["quiet" = Self::Quiet, "ring" = Self::Ring, "one_more" = Self::OneMore],
    Speak => ["private" = Self::Private, "public" = Self::Public, "never" = Self::Never],
    Visibility => ["public" = Self::Public, "private" = Self::Private],
    CardDetail => ["claimer" = Self::Claimer, "group" = Self::Group],
    DeskHours => ["open" = Self::Open, "closed" = Self::Closed],
    IdentityLevel => ["identifying" = Self::Identifying, "confidential" = Self::Confidential],
    Then => ["callback" = Self::Callback, "wait" = Self::Wait, "flag" = Self::Flag, "none" = Self::None],
}

impl Word for Utterance {
    fn read(text: &str) -> Result<Self, String> {
        let choices: Vec<_> = Self::ALL
            .iter()
            .map(|utterance| (utterance.as_str(), *utterance))
            .collect();
        choose(text, &choices)
    }
    fn schema() -> Schema {
        json_schema!({ "enum": Self::choices() })
    }
    fn choices() -> Option<Vec<&'static str>> {
        Some(
            Self::ALL
                .iter()
                .map(|utterance| utterance.as_str())
                .collect(),
        )
    }
}

impl Word for SpanKind {
    fn read(text: &str) -> Result<Self, String> {
        let choices: Vec<_> = Self::ALL
            .iter()
            .map(|kind| (kind.as_str(), *kind))
            .collect();
        choose(text, &choices)
    }
    fn schema() -> Schema {
        json_schema!({ "enum": Self::choices() })
    }
    fn choices() -> Option<Vec<&'static str>> {
        Some(Self::ALL.iter().map(|kind| kind.as_str()).collect())
    }
}

impl Word for PhraseList {
    fn read(text: &str) -> Result<Self, String> {
        let choices: Vec<_> = Self::ALL
            .iter()
            .map(|(list, name)| (*name, *list))
            .collect();
        choose(text, &choices)
    }
    fn schema() -> Schema {
        json_schema!({ "enum": Self::choices() })
    }
    fn choices() -> Option<Vec<&'static str>> {
        Some(Self::ALL.iter().map(|(_, name)| *name).collect())
    }
}

impl Word for Length {
    const WANTED: &'static str = "a length of time in quotes, such as \"10m\"";

    fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|help: InvalidLength| cannot_be(text, &help.to_string()))
    }
    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "description": "A length of time with its unit, such as \"90s\", \"10m\", \"24h\" or \"30d\"",
            "examples": ["90s", "10m", "24h", "30d"]
        })
    }
}

impl Word for Language {
    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
            .ok_or_else(|| cannot_be(text, "write a language's code, such as `en` or `pt`"))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "examples": ["en", "es", "de", "fr", "pt", "it"] })
    }
}

/// A word or a few words to look for in messages.
#[derive(Debug, Clone)]
pub(crate) struct Phrase(pub(crate) String);

impl Word for Phrase {
    fn read(text: &str) -> Result<Self, String> {
        let phrase = text.trim();
        if phrase.is_ascii() && !phrase.chars().any(char::is_alphanumeric) {
            Err("must have a letter, a digit or an emoji to look for".to_owned())
        } else if phrase.chars().count() > LONGEST_PHRASE {
            Err(format!("must be at most {LONGEST_PHRASE} characters long"))
        } else {
            Ok(Self(phrase.to_owned()))
        }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": LONGEST_PHRASE })
    }
}

/// A regular expression of the admin's, ready to be tried.
#[derive(Debug, Clone)]
pub(crate) struct Expression(pub(crate) regex::Regex);

impl Word for Expression {
    const WANTED: &'static str = "a regular expression in quotes";

    fn read(text: &str) -> Result<Self, String> {
        let expression = Pattern::compile(text).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                "is too large\nshorten it, or make its `{…}` repetitions smaller".to_owned()
            }
            // The crate draws a picture; its last line says what is wrong.
            error => {
                let drawn = error.to_string();
                let said = drawn.lines().last().unwrap_or_default();
                let said = said.trim().trim_start_matches("error: ");
                format!(
                    "is no regular expression: {said}\nthe syntax is that of Rust's `regex`; put it \
                     in single quotes, so that `\\d` stays as it is"
                )
            }
        })?;
        if expression.is_match("") {
            return Err(
                "matches where there is nothing\nlet it ask for at least one character: `\\d+`, \
                 not `\\d*`"
                    .to_owned(),
            );
        }
        Ok(Self(expression))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "examples": ["\\bM\\d{8}\\b"] })
    }
}

/// What a test expects: one action, or `none` for no action at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expected(pub(crate) Option<Action>);

impl Expected {
    fn names() -> Vec<(&'static str, Self)> {
        let actions = Action::ALL
            .iter()
            .map(|action| (action.as_str(), Self(Some(*action))));
        actions.chain([("none", Self(None))]).collect()
    }
}

impl Word for Expected {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, &Self::names())
    }
    fn schema() -> Schema {
        let names: Vec<_> = Self::names().into_iter().map(|(name, _)| name).collect();
        json_schema!({ "enum": names })
    }
}

impl Word for TestLine {
    fn read(text: &str) -> Result<Self, String> {
        const HELP: &str = "write who writes, a colon and the text: \"customer: My bill is wrong\"";
        let Some((head, said)) = text.split_once(':') else {
            return Err(format!("must say who writes\n{HELP}"));
        };
        let (party, after) = match head.split_once('+') {
            Some((party, after)) => (party, Length::read(after.trim())?),
            None => (head, Length::minutes(1)),
        };
        let from = choose(
            party.trim(),
            &[
                ("customer", Party::Customer),
                ("agent", Party::Agent),
                ("bot", Party::Bot),
            ],
        )?;
        let said = said.trim();
        if said.is_empty() {
            return Err(format!("must have a text after the colon\n{HELP}"));
        }
        Ok(Self {
            from,
            after,
            text: said.to_owned(),
        })
    }
    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^\\s*(customer|agent|bot)\\s*(\\+[^:]*)?:",
            "examples": ["customer: My bill is wrong", "agent+2h: Which month?"]
        })
    }
}

/// Any text of the admin's own, such as the name of a test.
#[derive(Debug, Clone)]
pub(crate) struct Free(pub(crate) String);

impl Word for Free {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || text.chars().any(char::is_control) {
            Err("must be one line of text, not empty".to_owned())
        } else {
            Ok(Self(text.to_owned()))
        }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

/// What marks a note among agents in a chat: short, no word of its own, and no command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotePrefix(pub(crate) String);

impl Word for NotePrefix {
    fn read(text: &str) -> Result<Self, String> {
        let is_short = (1..=8).contains(&text.chars().count());
        let is_word = text.chars().all(char::is_alphanumeric);
        let is_command = text.starts_with('/') && !text.starts_with("//");
        if !is_short || is_word || is_command || text.chars().any(char::is_whitespace) {
            let help = "write 1 to 8 characters without a space that are no word and no command, such \
                        as \"//\"";
            return Err(cannot_be(text, help));
        }
        Ok(Self(text.to_owned()))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^(?:[^/\\s]\\S{0,7}|//\\S{0,6})$" })
    }
}
