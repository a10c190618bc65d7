//! A message as a test holds it, and what came of a press on one of its buttons.

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::{
    Shared, picture,
    world::{Place, QueryAnswer, World},
};

/// A message as it stood when it was looked at.
#[derive(Clone)]
pub(crate) struct Message {
    pub(super) shared: Arc<Shared>,
    pub(super) place: Place,
    /// The Bot API's `Message`.
    pub(crate) json: Value,
    /// Whether it came without a sound.
    pub(crate) is_silent: bool,
    pub(crate) is_pinned: bool,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.json)
    }
}

impl Message {
    pub(super) fn at(shared: &Arc<Shared>, world: &World, place: Place, id: i64) -> Option<Self> {
        let post = world.post(place, id)?;
        Some(Self {
            shared: Arc::clone(shared),
            place,
            json: post.json.clone(),
            is_silent: post.is_silent,
            is_pinned: world.chats[&place].pinned.contains(&id),
        })
    }

    /// What stands in a chat, in its order.
    pub(super) fn all(
        shared: &Arc<Shared>,
        world: &World,
        place: Place,
    ) -> impl DoubleEndedIterator<Item = Self> {
        let chat = world.chats.get(&place);
        let ids = chat.into_iter().flat_map(|chat| chat.posts.keys());
        ids.filter_map(move |id| Self::at(shared, world, place, *id))
    }

    pub(crate) fn id(&self) -> i64 {
        self.json["message_id"].as_i64().expect("a number")
    }

    /// What it says; of a picture or file, what stands beside it.
    pub(crate) fn text(&self) -> &str {
        let text = self.json["text"].as_str();
        text.or_else(|| self.json["caption"].as_str())
            .unwrap_or_default()
    }

    /// Whether the bot wrote it.
    pub(crate) fn is_bots(&self) -> bool {
        self.json["from"]["is_bot"] == true || self.json.get("sender_business_bot").is_some()
    }

    /// The topic that it stands in.
    pub(crate) fn topic(&self) -> Option<i64> {
        picture::topic_of(&self.json)
    }

    /// Its entities of a kind, as the text that they cover.
    pub(crate) fn entities(&self, kind: &str) -> Vec<String> {
        let entities = self
            .json
            .get("entities")
            .or_else(|| self.json.get("caption_entities"));
        let entities = entities.and_then(Value::as_array).into_iter().flatten();
        let units: Vec<u16> = self.text().encode_utf16().collect();
        let number = |entity: &Value, name: &str| {
            usize::try_from(entity[name].as_u64().expect("a number")).expect("small")
        };
        entities
            .filter(|entity| entity["type"] == kind)
            .map(|entity| {
                let from = number(entity, "offset");
                String::from_utf16_lossy(&units[from..from + number(entity, "length")])
            })
            .collect()
    }

    /// What its buttons say.
    pub(crate) fn buttons(&self) -> Vec<String> {
        let rows = self.json["reply_markup"]["inline_keyboard"].as_array();
        let rows = rows.into_iter().flatten().filter_map(Value::as_array);
        rows.flatten()
            .filter_map(|button| button["text"].as_str().map(str::to_owned))
            .collect()
    }

    /// A button of its, by what it says or begins with.
    pub(crate) fn button(&self, says: &str) -> Option<Value> {
        let rows = self.json["reply_markup"]["inline_keyboard"].as_array();
        let rows = rows.into_iter().flatten().filter_map(Value::as_array);
        let text = |button: &&Value| {
            let text = button["text"].as_str().unwrap_or_default();
            text == says || text.contains(says)
        };
        rows.flatten().find(text).cloned()
    }

    /// As it stands now; `None`: it was deleted.
    pub(crate) fn now(&self) -> Option<Self> {
        self.shared
            .look(|world| Self::at(&self.shared, world, self.place, self.id()))
    }

    /// Waits until it stands like this.
    pub(crate) async fn becomes(&self, is_it: impl Fn(&Self) -> bool) -> Self {
        let look = |world: &World| {
            Self::at(&self.shared, world, self.place, self.id()).filter(|message| is_it(message))
        };
        self.shared.until("the message as expected", look).await
    }

    /// Waits until it is gone.
    pub(crate) async fn disappears(&self) {
        let look = |world: &World| world.post(self.place, self.id()).is_none().then_some(());
        self.shared.until("the message's end", look).await;
    }

    /// Somebody deletes it by hand. Bots are not told.
    pub(crate) fn is_deleted_by_hand(&self) {
        let id = self.id();
        self.shared.act(|world| {
            let chat = world.chats.get_mut(&self.place).expect("a chat");
            chat.posts.remove(&id);
            chat.pinned.remove(&id);
        });
    }

    /// The message and its buttons as text.
    pub(crate) fn as_text(&self) -> String {
        let id = self.id();
        self.shared.look(|world| {
            let post = world.post(self.place, id);
            post.map(|post| picture::message(post, world.chats[&self.place].pinned.contains(&id)))
                .unwrap_or_default()
                .trim_end()
                .to_owned()
        })
    }
}

/// A press on a button.
#[derive(Debug, Clone)]
pub(crate) struct Press {
    pub(super) shared: Arc<Shared>,
    pub(super) query: String,
}

impl Press {
    /// Waits until the bot answers it; gives what the presser is told.
    pub(crate) async fn answer(&self) -> String {
        self.whole_answer().await.text.unwrap_or_default()
    }

    /// Waits until the bot answers it with a box that must be closed.
    pub(crate) async fn alert(&self) -> String {
        let answer = self.whole_answer().await;
        assert!(answer.is_alert, "{answer:?}");
        answer.text.unwrap_or_default()
    }

    /// Waits until the bot answers it.
    pub(crate) async fn whole_answer(&self) -> QueryAnswer {
        let look = |world: &World| world.queries.get(&self.query)?.answer.clone();
        self.shared.until("an answer to the press", look).await
    }
}
