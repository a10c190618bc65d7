//! How `shape` hands out what is inside a value: a struct's fields, a table's entries, a list's
//! items. Reads nothing itself.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::{
    shape::{Place, Wrong},
    tree::{Key, Kind, Node, Path},
};

/// A struct's fields in the struct's order, those that the file leaves out included.
pub(super) struct Fields<'a> {
    place: Place<'a>,
    entries: &'a [(Key, Node)],
    rest: &'static [&'static str],
    value: Option<&'static str>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(
        place: Place<'a>,
        entries: &'a [(Key, Node)],
        fields: &'static [&'static str],
    ) -> Self {
        Self {
            place,
            entries,
            rest: fields,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((name, rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        self.rest = rest;
        self.value = Some(name);
        seed.deserialize((*name).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let name = self.value.take().unwrap_or_default();
        let mut entries = self.entries.iter();
        let node = entries.find_map(|(key, node)| (key.name == name).then_some(node));
        let path = Path::Key(self.place.path, name);
        seed.deserialize(self.place.inner(node, &path))
    }
}

/// The entries of a table whose keys the admin chooses; one with a wrong key is left out.
pub(super) struct Entries<'a> {
    place: Place<'a>,
    rest: &'a [(Key, Node)],
    value: Option<&'a (Key, Node)>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(place: Place<'a>, entries: &'a [(Key, Node)]) -> Self {
        Self {
            place,
            rest: entries,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((entry, rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        self.rest = rest;
        self.value = Some(entry);
        let name = Node {
            kind: Kind::Text(entry.0.name.clone()),
            span: entry.0.span.clone(),
        };
        let path = Path::Key(self.place.path, &entry.0.name);
        seed.deserialize(self.place.inner(Some(&name), &path))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, node) = match self.value.take() {
            Some((key, node)) => (key.name.as_str(), Some(node)),
            None => ("", None),
        };
        let path = Path::Key(self.place.path, name);
        seed.deserialize(self.place.inner(node, &path))
    }
}

/// The items of a list; those that do not fit are left out.
pub(super) struct Items<'a> {
    place: Place<'a>,
    nodes: Cow<'a, [Node]>,
    next: usize,
}

impl<'a> Items<'a> {
    pub(super) fn new(place: Place<'a>) -> Self {
        let nodes = match place.node {
            None => Cow::default(),
            Some(node) => match &node.kind {
                Kind::List(nodes) => Cow::Borrowed(nodes.as_slice()),
                Kind::Loose(text) => {
                    let item = |text: &str| Node {
                        kind: Kind::Loose(text.trim().to_owned()),
                        span: node.span.clone(),
                    };
                    Cow::Owned(text.split(',').map(item).collect())
                }
                _ => Cow::Borrowed(std::slice::from_ref(node)),
            },
        };
        Self {
            place,
            nodes,
            next: 0,
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(node) = self.nodes.get(self.next) else {
            return Ok(None);
        };
        let path = Path::Item(self.place.path, self.next);
        self.next += 1;
        seed.deserialize(self.place.inner(Some(node), &path))
            .map(Some)
    }
}

/// A value after its place: start, end, value.
pub(super) struct Spotted<'a> {
    place: Place<'a>,
    next: usize,
}

impl<'a> Spotted<'a> {
    pub(super) fn new(place: Place<'a>) -> Self {
        Self { place, next: 0 }
    }
}

impl<'de> SeqAccess<'de> for Spotted<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(self.place.span.start.into_deserializer()),
            2 => seed.deserialize(self.place.span.end.into_deserializer()),
            _ => seed.deserialize(self.place),
        }
        .map(Some)
    }
}

/// Hands the same table to each struct that shares it.
pub(super) struct Shared<'a>(pub(super) Place<'a>);

impl<'de> SeqAccess<'de> for Shared<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        seed.deserialize(self.0).map(Some)
    }
}
