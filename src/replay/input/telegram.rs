//! Telegram Desktop's JSON export (`result.json`): one chat, or all of an account's under `chats.list`.
//! It is read as a stream, message by message, however large it is; what a message means is `chat`'s.
//! The keys stand in the order in which Telegram Desktop writes them: a chat's before its messages.

mod chat;
mod message;

use std::{
    fmt,
    io::{BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{BUFFER_BYTES, BadLine, Body, Piece};
use chat::Chat;

/// How many messages may wait to be taken.
const QUEUE: usize = 1024;

/// Who is known to be ours in an export: as `user123` or by the name that the export shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agents(Vec<String>);

impl Agents {
    /// These: a number with or without `user`, or a name.
    #[must_use]
    pub fn new(agents: Vec<String>) -> Self {
        Self(agents)
    }

    /// Whether somebody is one of them.
    fn are(&self, id: &str, name: Option<&str>) -> bool {
        self.0.iter().any(|agent| {
            let number = id.strip_prefix("user").unwrap_or(id);
            agent == id || agent == number || Some(agent.as_str()) == name
        })
    }
}

/// How many groups had messages and nobody in them who is known to be ours.
#[derive(Debug, Clone, Default)]
pub struct WithoutStaff(Arc<AtomicU64>);

impl WithoutStaff {
    /// How many so far.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The messages of one export, as they are read.
pub(super) struct Export(Receiver<Piece>);

impl Export {
    /// Reads it on a thread of its own, which ends with the export or with whoever takes its messages.
    pub(super) fn new(
        reader: Box<dyn Read + Send>,
        agents: Agents,
        without_staff: WithoutStaff,
    ) -> Self {
        let (sender, receiver) = sync_channel(QUEUE);
        thread::spawn(move || {
            let mut walk = Walk {
                sender,
                agents,
                without_staff,
                owner: None,
                last: 0,
                has_chats: false,
                is_disordered: false,
            };
            let reader = BufReader::with_capacity(BUFFER_BYTES, reader);
            let mut json = serde_json::Deserializer::from_reader(reader);
            let read = Keys::of_all(&mut walk).deserialize(&mut json);
            let bad = match read {
                Err(error) => BadLine::BrokenExport {
                    line: error.line(),
                    column: error.column(),
                },
                Ok(()) if walk.is_disordered || !walk.has_chats => BadLine::NoExport,
                Ok(()) => return,
            };
            let line = walk.last;
            // Nobody may take it any more.
            drop(walk.sender.send(Piece {
                line,
                body: Body::Bad(bad),
            }));
        });
        Self(receiver)
    }

    pub(super) fn next_piece(&self) -> Option<Piece> {
        self.0.recv().ok()
    }
}

/// A walk through an export.
struct Walk {
    sender: SyncSender<Piece>,
    agents: Agents,
    without_staff: WithoutStaff,
    /// Whose account it is, where the export says so.
    owner: Option<String>,
    /// The newest message's number.
    last: u64,
    /// It has chats.
    has_chats: bool,
    /// A chat's messages stood before what kind it is.
    is_disordered: bool,
}

/// An object of the export: the whole, or one chat.
struct Keys<'w> {
    walk: &'w mut Walk,
    kind: Option<String>,
    id: Option<i64>,
}

impl<'w> Keys<'w> {
    const fn of_all(walk: &'w mut Walk) -> Self {
        Self {
            walk,
            kind: None,
            id: None,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "personal_information" => {
                    let information: Value = map.next_value()?;
                    let id = information.get("user_id").and_then(Value::as_i64);
                    self.walk.owner = id.map(|id| format!("user{id}"));
                }
                "chats" | "left_chats" => map.next_value_seed(Chats(self.walk))?,
                "type" => self.kind = map.next_value::<Value>()?.as_str().map(str::to_owned),
                "id" => self.id = map.next_value::<Value>()?.as_i64(),
                "messages" => {
                    let chat = Chat::new(self.kind.as_deref(), self.id, self.walk.owner.as_deref());
                    self.walk.has_chats = true;
                    self.walk.is_disordered |= self.kind.is_none() || self.id.is_none();
                    let walk = &mut *self.walk;
                    map.next_value_seed(Messages { walk, chat })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// `{"about": …, "list": [chat, …]}`.
struct Chats<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Chats<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Chats<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "list" => map.next_value_seed(List(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

struct List<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of chats")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        // An export with no chats chosen is one all the same.
        self.0.has_chats = true;
        while list.next_element_seed(Keys::of_all(self.0))?.is_some() {}
        Ok(())
    }
}

/// The messages of a chat.
struct Messages<'w> {
    walk: &'w mut Walk,
    chat: Option<Chat>,
}

impl<'de> DeserializeSeed<'de> for Messages<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Messages<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { walk, chat } = self;
        // Saved messages, bots, channels: nobody is served there.
        let Some(mut chat) = chat else {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        while let Some(value) = list.next_element::<Value>()? {
            walk.last = value.get("id").and_then(Value::as_u64).unwrap_or(walk.last);
            for body in chat.take(&value, &walk.agents) {
                let line = walk.last;
                let sent = walk.sender.send(Piece { line, body });
                sent.map_err(|_| A::Error::custom("nobody takes the messages any more"))?;
            }
        }
        if chat.lacks_staff() {
            walk.without_staff.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
