//! A file as a tree of values that know where they stand, whatever it was read from.
//! Knows nothing of what the file should hold: that is `shape`'s business.

use std::{fmt, ops::Range};

use toml::de::{DeTable, DeValue};

use super::problem::Problem;

/// A value and where it stands in the file, in bytes. Not `Debug`: it may hold a secret.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
}

/// What a value is.
#[derive(Clone)]
pub(crate) enum Kind {
    /// Text in quotes.
    Text(String),
    /// Text that may stand for a number, a switch or a list, as from an environment variable.
    Loose(String),
    /// A whole number.
    Whole(i64),
    /// `true` or `false`.
    Switch(bool),
    /// A list.
    List(Vec<Node>),
    /// A table, with its keys in file order.
    Table(Vec<(Key, Node)>),
    /// What no file of ours holds, by its name.
    Foreign(&'static str),
}

/// A key of a table.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
}

impl Kind {
    /// What it is, in words that follow "found".
    pub(crate) const fn noun(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Loose(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::Switch(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Foreign(noun) => noun,
        }
    }
}

/// Reads TOML.
///
/// # Errors
/// Every syntax error: the parser goes on after each.
pub(crate) fn parse(source: &str) -> Result<Node, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        return Ok(Node {
            span: 0..0,
            kind: table_kind(table.get_ref()),
        });
    }
    let problem = |error: &toml::de::Error| {
        let problem = Problem::new(format!("not valid TOML: {}", error.message()));
        match error.span() {
            Some(span) => problem.at(&span, None),
            None => problem,
        }
    };
    Err(errors.iter().map(problem).collect())
}

fn node(value: &toml::Spanned<DeValue<'_>>) -> Node {
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Kind::Whole(number),
            Err(_) => Kind::Foreign("a number that is too large"),
        },
        DeValue::Float(_) => Kind::Foreign("a number with a point"),
        DeValue::Boolean(switch) => Kind::Switch(*switch),
        DeValue::Datetime(_) => Kind::Foreign("a date or time without quotes"),
        DeValue::Array(list) => Kind::List(list.iter().map(node).collect()),
        DeValue::Table(table) => table_kind(table),
    };
    Node {
        kind,
        span: value.span(),
    }
}

fn table_kind(table: &DeTable<'_>) -> Kind {
    let mut entries: Vec<(Key, Node)> = table
        .iter()
        .map(|(key, value)| {
            let name = key.get_ref().to_string();
            let span = key.span();
            (Key { name, span }, node(value))
        })
        .collect();
    // The parser sorts by name; an admin thinks in the order of the file.
    entries.sort_by_key(|(key, _)| key.span.start);
    Kind::Table(entries)
}

/// Where in a tree we are: `rules[2].when.channels`.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Self::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
