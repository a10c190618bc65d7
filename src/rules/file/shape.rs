//! Fits a tree of values into typed structs and goes on after each misfit, so that all of them
//! come at once. Knows no file of ours: what they hold stands in the types that it fills.
//!
//! Serde stops at the first error, so the types whose values may be wrong are our own
//! (`fields`): they ask for their value under one of the names below, and what does not fit is
//! noted here and left out there. Of the crates that promise all errors at once, none tells
//! where a value stands, and without that there is no line to show.

use std::{cell::RefCell, fmt, ops::Range};

use serde::{
    Deserializer,
    de::{DeserializeOwned, Expected, Visitor},
    forward_to_deserialize_any,
};

use super::{
    access::{Entries, Fields, Items, Shared, Spotted},
    problem::{Problem, nearest, one_line},
    tree::{Key, Kind, Node, Path},
};

/// Asks for a value that may be missing or wrong.
pub(super) const FIELD: &str = "$field";
/// Asks for a value that may be wrong and must not be missing.
pub(super) const REQUIRED: &str = "$required";
/// Asks for a value with its place.
pub(super) const SPOT: &str = "$spot";
/// Asks for a list, which may be written as its only item.
pub(super) const MANY: &str = "$many";
/// Asks for a text or a table.
pub(super) const EITHER: &str = "$either";

/// A value that does not fit.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The value, as `rules[2].when`.
    pub(crate) path: String,
    pub(crate) span: Range<usize>,
    /// What is said of the value: "must be a list".
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        Self::new(format!("`{}` {}", misfit.path, misfit.message))
            .at(&misfit.span, None)
            .maybe_help(misfit.help)
    }
}

/// Fits the tree into a `T`.
///
/// # Errors
/// Everything that does not fit; never an empty list.
pub(crate) fn fit<T: DeserializeOwned>(tree: &Node) -> Result<T, Vec<Misfit>> {
    let misfits = RefCell::default();
    let place = Place {
        node: Some(tree),
        span: &tree.span,
        path: &Path::Root,
        misfits: &misfits,
        known: None,
    };
    let fitted = place.note(T::deserialize(place));
    match (fitted, misfits.into_inner()) {
        (Ok(fitted), misfits) if misfits.is_empty() => Ok(fitted),
        (_, misfits) => Err(misfits),
    }
}

/// What a visitor expects, in its own words.
struct Wanted<'a>(&'a dyn Expected);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a value does not fit.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It is noted already.
    Noted,
    /// A message, and after a line break how to mend it.
    Message(String),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noted => f.write_str("noted already"),
            Self::Message(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Message(message.to_string())
    }
}

/// What is said of a key that nobody knows.
pub(super) fn unknown_key<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    match nearest(name, known) {
        Some(help) => format!("is not a known key\n{help}"),
        None => "is not a known key".to_owned(),
    }
}

/// A value being read; without a node, one that the file leaves out.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) node: Option<&'a Node>,
    /// Where it stands; of one left out, the table it is left out of.
    pub(super) span: &'a Range<usize>,
    pub(super) path: &'a Path<'a>,
    misfits: &'a RefCell<Vec<Misfit>>,
    /// Where a struct that shares its table with others notes its keys.
    known: Option<&'a RefCell<Vec<&'static str>>>,
}

impl<'a> Place<'a> {
    /// A value inside this one.
    pub(super) fn inner(self, node: Option<&'a Node>, path: &'a Path<'a>) -> Self {
        Self {
            node,
            span: node.map_or(self.span, |node| &node.span),
            path,
            known: None,
            ..self
        }
    }

    /// Notes what does not fit here, if nobody has.
    fn note<T>(self, result: Result<T, Wrong>) -> Result<T, Wrong> {
        let Err(Wrong::Message(message)) = result else {
            return result;
        };
        Err(self.noted(&message))
    }

    /// Notes a message that may have a help after a line break.
    fn noted(self, message: &str) -> Wrong {
        let (message, help) = match message.split_once('\n') {
            Some((message, help)) => (message, Some(help.to_owned())),
            None => (message, None),
        };
        self.misfits.borrow_mut().push(Misfit {
            path: one_line(&self.path.to_string()),
            span: self.span.clone(),
            message: message.to_owned(),
            help,
        });
        Wrong::Noted
    }

    fn must_be<T>(self, wanted: &str) -> Result<T, Wrong> {
        let found = self.node.map_or("nothing", |node| node.kind.noun());
        Err(self.noted(&format!("must be {wanted}, not {found}")))
    }

    fn number(self) -> Result<i64, Wrong> {
        let number = match self.node.map(|node| &node.kind) {
            Some(Kind::Whole(number)) => Some(*number),
            Some(Kind::Loose(text)) => text.parse().ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(number),
            None => self.must_be("a whole number"),
        }
    }

    /// A number that the type can hold.
    fn fitting<N: TryFrom<i64>>(self) -> Result<N, Wrong> {
        let number = self.number()?;
        let size = if number < 0 { "small" } else { "large" };
        let wrong = |_| Wrong::Message(format!("is too {size}"));
        self.note(N::try_from(number).map_err(wrong))
    }

    fn table(self) -> Result<&'a [(Key, Node)], Wrong> {
        match self.node.map(|node| &node.kind) {
            None => Ok(&[]),
            Some(Kind::Table(entries)) => Ok(entries),
            Some(_) => self.must_be("a table"),
        }
    }

    /// Notes the keys of this table that nobody knows.
    fn note_unknown(self, entries: &[(Key, Node)], known: &[&'static str]) {
        for (key, _) in entries {
            if !known.contains(&key.name.as_str()) {
                let path = Path::Key(self.path, &key.name);
                let place = Place {
                    span: &key.span,
                    path: &path,
                    ..self
                };
                let wrong = unknown_key(&key.name, known.iter().copied());
                place.noted(&wrong);
            }
        }
    }
}

impl<'de> Deserializer<'de> for Place<'_> {
    type Error = Wrong;

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Switch(switch)) => visitor.visit_bool(*switch),
            Some(Kind::Loose(text)) if text == "true" => visitor.visit_bool(true),
            Some(Kind::Loose(text)) if text == "false" => visitor.visit_bool(false),
            _ => self.must_be("true or false"),
        }
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_i32(self.fitting()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_u32(self.fitting()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Text(text) | Kind::Loose(text)) => self.note(visitor.visit_str(text)),
            _ => self.must_be(&Wanted(&visitor).to_string()),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match (name, self.node) {
            (MANY, _) => visitor.visit_seq(Items::new(self)),
            (SPOT, _) | (FIELD | REQUIRED, Some(_)) => visitor.visit_seq(Spotted::new(self)),
            (FIELD, None) => visitor.visit_none(),
            (REQUIRED, None) => {
                self.noted("is missing");
                visitor.visit_none()
            }
            (EITHER, Some(node)) if matches!(node.kind, Kind::Table(_)) => visitor.visit_some(self),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_map(Entries::new(self, self.table()?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let entries = self.table()?;
        match self.known {
            Some(known) => known.borrow_mut().extend(fields),
            None => self.note_unknown(entries, fields),
        }
        visitor.visit_map(Fields::new(self, entries, fields))
    }

    /// Structs that share one table.
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let entries = self.table()?;
        let known = RefCell::default();
        let shared = Place {
            known: Some(&known),
            ..self
        };
        let value = visitor.visit_seq(Shared(shared));
        self.note_unknown(entries, &known.borrow());
        value
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Wrong> {
        self.note(Err(Wrong::Message(
            "no file of ours holds such a value".to_owned(),
        )))
    }

    forward_to_deserialize_any! {
        i8 i16 i64 i128 u8 u16 u64 u128 f32 f64 char string bytes byte_buf option unit unit_struct
        seq tuple_struct enum identifier ignored_any
    }
}
