//! What the structs that mirror a file are made of: fields that may be missing or wrong, values
//! with their places, lists, tables with names of the admin's. Says nothing of any one file.

use std::{borrow::Cow, fmt, marker::PhantomData, ops::Range};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::shape;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Spot<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A value that the file may leave out.
#[derive(Debug)]
pub(crate) enum Field<T, const REQUIRED: bool = false> {
    /// Left out, or wrong and noted as such: then nobody looks further.
    Absent,
    /// Given.
    Given(Spot<T>),
}

/// A value that the file must not leave out.
pub(crate) type Required<T> = Field<T, true>;

/// A list, which may be written as its only item.
#[derive(Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<Spot<T>>);

/// A table whose keys are names or choices, in file order.
#[derive(Debug)]
pub(crate) struct Keyed<K, V>(pub(crate) Vec<(Spot<K>, V)>);

/// A text that means a `T`.
#[derive(Debug, Clone)]
pub(crate) struct Text<T>(pub(crate) T);

/// A text that means a `T`, or a table.
#[derive(Debug)]
pub(crate) enum TextOr<T, U> {
    /// The text.
    Text(Text<T>),
    /// The table.
    Table(U),
}

/// What a text in a file can mean.
pub(crate) trait Word: Sized {
    /// What to write, in words that follow "must be".
    const WANTED: &'static str = "text in quotes";

    /// What it means.
    ///
    /// # Errors
    /// What is wrong, and after a line break how to mend it.
    fn read(text: &str) -> Result<Self, String>;

    /// What an editor should accept.
    fn schema() -> Schema;

    /// The only texts there are, where there are few.
    fn choices() -> Option<Vec<&'static str>> {
        None
    }
}

impl<T, const REQUIRED: bool> Field<T, REQUIRED> {
    /// The value with its place, if it is given.
    pub(crate) const fn given(&self) -> Option<&Spot<T>> {
        match self {
            Self::Given(spot) => Some(spot),
            Self::Absent => None,
        }
    }

    /// The value, if it is given.
    pub(crate) fn value(&self) -> Option<&T> {
        self.given().map(|spot| &spot.value)
    }

    /// Where it stands, if it is given.
    pub(crate) fn span(&self) -> Option<&Range<usize>> {
        self.given().map(|spot| &spot.span)
    }
}

impl<T, const REQUIRED: bool> Field<Text<T>, REQUIRED> {
    /// What the text means, if it is given.
    pub(crate) fn meaning(&self) -> Option<&T> {
        self.value().map(|text| &text.0)
    }
}

impl<T, const REQUIRED: bool> Field<Many<T>, REQUIRED> {
    /// The items; none if it is left out.
    pub(crate) fn items(&self) -> &[Spot<T>] {
        self.value().map_or(&[], |many| many.0.as_slice())
    }
}

impl<'de, T: Deserialize<'de>, const REQUIRED: bool> Deserialize<'de> for Field<T, REQUIRED> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = if REQUIRED {
            shape::REQUIRED
        } else {
            shape::FIELD
        };
        deserializer.deserialize_newtype_struct(name, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T, const REQUIRED: bool>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const REQUIRED: bool> Visitor<'de> for FieldVisitor<T, REQUIRED> {
    type Value = Field<T, REQUIRED>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Field::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Ok(spot(seq).map_or(Field::Absent, Field::Given))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(shape::SPOT, SpotVisitor(PhantomData))
    }
}

struct SpotVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpotVisitor<T> {
    type Value = Spot<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        spot(seq)
    }
}

/// Takes start, end and value.
fn spot<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(mut seq: A) -> Result<Spot<T>, A::Error> {
    let mut bound = || {
        seq.next_element::<usize>()
            .map(|bound| bound.unwrap_or_default())
    };
    let span = bound()?..bound()?;
    match seq.next_element()? {
        Some(value) => Ok(Spot { value, span }),
        None => Err(A::Error::custom("must have a value")),
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(shape::MANY, ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        loop {
            match seq.next_element() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Many(items)),
                // Noted as wrong; the next one may be wrong too.
                Err(_) => {}
            }
        }
    }
}

impl<'de, K: Word, V: Deserialize<'de>> Deserialize<'de> for Keyed<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KeyedVisitor(PhantomData))
    }
}

struct KeyedVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Word, V: Deserialize<'de>> Visitor<'de> for KeyedVisitor<K, V> {
    type Value = Keyed<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        loop {
            let key = match map.next_key::<Spot<Name<K>>>() {
                Ok(Some(key)) => Some(key),
                Ok(None) => return Ok(Keyed(entries)),
                Err(_) => None,
            };
            // What is wrong with either is noted; the value is looked at even if the key is wrong.
            if let (Ok(value), Some(Spot { value: key, span })) = (map.next_value(), key) {
                entries.push((Spot { value: key.0, span }, value));
            }
        }
    }
}

/// A key that means a `K`.
struct Name<K>(K);

impl<'de, K: Word> Deserialize<'de> for Name<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor(PhantomData))
    }
}

struct NameVisitor<K>(PhantomData<K>);

impl<K: Word> Visitor<'_> for NameVisitor<K> {
    type Value = Name<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let known = K::choices();
        match known.filter(|known| !known.contains(&name)) {
            Some(known) => Err(E::custom(shape::unknown_key(name, known))),
            None => K::read(name).map(Name).map_err(E::custom),
        }
    }
}

impl<'de, T: Word> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: Word> Visitor<'_> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WANTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::read(text).map(Text).map_err(E::custom)
    }
}

impl<'de, T: Word, U: Deserialize<'de>> Deserialize<'de> for TextOr<T, U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(shape::EITHER, TextOrVisitor(PhantomData))
    }
}

struct TextOrVisitor<T, U>(PhantomData<(T, U)>);

impl<'de, T: Word, U: Deserialize<'de>> Visitor<'de> for TextOrVisitor<T, U> {
    type Value = TextOr<T, U>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WANTED)
    }

    fn visit_some<D: Deserializer<'de>>(self, table: D) -> Result<Self::Value, D::Error> {
        U::deserialize(table).map(TextOr::Table)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, text: D) -> Result<Self::Value, D::Error> {
        Text::deserialize(text).map(TextOr::Text)
    }
}

/// The schema of a wrapper that does not show in the file is that of what it wraps.
macro_rules! transparent_schema {
    ($([$($generics:tt)*] $type:ty => $inner:ty),+ $(,)?) => {$(
        impl<$($generics)*> JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                <$inner>::schema_name()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                generator.subschema_for::<$inner>()
            }
        }
    )+};
}

transparent_schema! {
    [T: JsonSchema, const REQUIRED: bool] Field<T, REQUIRED> => T,
    [T: JsonSchema] Spot<T> => T,
}

impl<T: Word> JsonSchema for Text<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        match T::choices() {
            Some(choices) => schemars::json_schema!({ "enum": choices }),
            None => T::schema(),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Many".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [item, { "type": "array", "items": item }] })
    }
}

impl<T: Word, U: JsonSchema> JsonSchema for TextOr<T, U> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "TextOr".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Text<T>>();
        let table = generator.subschema_for::<U>();
        schemars::json_schema!({ "anyOf": [text, table] })
    }
}

impl<K: Word, V: JsonSchema> JsonSchema for Keyed<K, V> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Keyed".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<V>();
        let Some(choices) = K::choices() else {
            return schemars::json_schema!({
                "type": "object", "propertyNames": K::schema(), "additionalProperties": value
            });
        };
        let properties: serde_json::Map<_, _> = choices
            .into_iter()
            .map(|choice| (choice.to_owned(), value.clone().into()))
            .collect();
        schemars::json_schema!({
            "type": "object", "properties": properties, "additionalProperties": false
        })
    }
}
