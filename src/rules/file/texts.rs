//! What the texts mean that customers read: in which language, under which name. Each reads alone;
//! whether it fits the rest of the file is `validate_texts`' business.

use schemars::{Schema, json_schema};

use super::{
    fields::{Keyed, Spot, Text, TextOr, Word},
    problem::{cannot_be, nearest},
};
use crate::domain::reading::Language;

/// The longest text that customers read, in characters.
const LONGEST: usize = 2_000;

/// A text for customers in the desk's language, or one per language.
pub(crate) type Texts = TextOr<ForCustomers, Keyed<OneLanguage, Spot<Text<ForCustomers>>>>;

/// A text that customers read; may have several lines, may be empty.
#[derive(Debug, Clone)]
pub(crate) struct ForCustomers(pub(crate) String);

impl Word for ForCustomers {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.chars().any(|c| c.is_control() && c != '\n') {
            Err("must have no control characters".to_owned())
        } else if text.chars().nth(LONGEST).is_some() {
            Err(format!("must be at most {LONGEST} characters long"))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "maxLength": LONGEST })
    }
}

/// A language by its code of two letters, so that a slip of the finger is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OneLanguage(pub(crate) Language);

impl Word for OneLanguage {
    fn read(text: &str) -> Result<Self, String> {
        let known = CODES.split(' ').any(|code| code == text);
        let language = Language::parse(text).filter(|_| known);
        language.map(Self).ok_or_else(|| {
            let help = by_name(text).unwrap_or_else(|| {
                "write a language's code of two letters, such as `en`".to_owned()
            });
            format!("is no language\n{help}")
        })
    }
    fn schema() -> Schema {
        let codes: Vec<&str> = CODES.split(' ').collect();
        json_schema!({ "enum": codes })
    }
}

/// What to write for a language whose name was written, or a code as it is commonly mistaken.
fn by_name(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let (_, code) = NAMES.iter().find(|(names, _)| {
        let mut names = names.split(' ');
        names.any(|name| name == text)
    })?;
    Some(format!("did you mean `{code}`?"))
}

/// The languages that Ringback itself speaks, by their names and by what is mistaken for their codes.
const NAMES: [(&str, &str); 6] = [
    ("english eng en-us en-gb uk us gb", "en"),
    ("spanish español espanol spa es-es es-mx sp mx", "es"),
    ("german deutsch deu ger de-de de-at de-ch at ch", "de"),
    ("french français francais fra fre fr-fr fr-ca", "fr"),
    ("portuguese português portugues por pt-br pt-pt br", "pt"),
    ("italian italiano ita it-it", "it"),
];

/// The codes of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co \
                     cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl \
                     gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg \
                     ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk \
                     ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps \
                     pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta \
                     te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za \
                     zh zu";

/// The name of a field or of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlainName(pub(crate) String);

impl Word for PlainName {
    fn read(text: &str) -> Result<Self, String> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(is_plain) {
            return Ok(Self(text.to_owned()));
        }
        let plain = text.trim().to_lowercase().replace([' ', '-', '.'], "_");
        let help = if !plain.is_empty() && plain.len() <= 64 && plain.chars().all(is_plain) {
            format!("write `{plain}`")
        } else {
            "use at most 64 lower-case letters, digits and `_`".to_owned()
        };
        Err(cannot_be(text, &help))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9_]{1,64}$" })
    }
}

/// A format that needs no more than its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedFormat {
    /// Any text.
    Text,
    /// A date.
    Date,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

impl NamedFormat {
    const ALL: [(&'static str, Self); 4] = [
        ("text", Self::Text),
        ("date", Self::Date),
        ("email", Self::Email),
        ("phone", Self::Phone),
    ];
}

impl Word for NamedFormat {
    const WANTED: &'static str = "\"text\", \"date\", \"email\", \"phone\", or a table such as \
                                  { digits = 6 }";

    fn read(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.iter().map(|(name, _)| *name);
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, format)| *format).ok_or_else(|| {
            let help = match text {
                "digits" => Some("write { digits = 6 }, or { digits = [4, 8] }".to_owned()),
                "choice" => Some("write { choice = { yes = \"Yes\", no = \"No\" } }".to_owned()),
                _ => nearest(text, names()),
            };
            cannot_be(text, &help.unwrap_or_default())
        })
    }
    fn schema() -> Schema {
        let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
        json_schema!({ "enum": names })
    }
}
