//! Groups: who is in them, their topics, and what stands there.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, json};

use super::{
    Shared, add_user,
    message::Message,
    methods,
    person::{Person, Spot},
    picture,
    world::{About, BOT, Kind, Place, Status, World},
};

/// How long much may take to come.
const MUCH: Duration = Duration::from_secs(300);

/// A group. Its founder is in it from the start.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    shared: Arc<Shared>,
    id: i64,
    founder: i64,
}

/// A topic of a forum.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    group: Group,
    id: i64,
}

impl From<&Group> for Spot {
    fn from(group: &Group) -> Self {
        Self {
            place: group.place(),
            topic: None,
        }
    }
}

impl From<&Topic> for Spot {
    fn from(topic: &Topic) -> Self {
        Self {
            place: topic.group.place(),
            topic: Some(topic.id),
        }
    }
}

impl Group {
    pub(super) fn found(shared: &Arc<Shared>, title: &str, kind: Kind) -> Self {
        let (id, founder) = shared.act(|world| {
            let founder = add_user(world, "Founder", None);
            let number = world.number();
            let id = match kind {
                Kind::Supergroup { .. } => -1_001_000_000_000 - number,
                Kind::Group | Kind::Private => -4_000_000 - number,
            };
            let chat = world.open(Place::Chat(id), kind, title);
            chat.members.insert(founder, Status::Creator);
            (id, founder)
        });
        Self {
            shared: Arc::clone(shared),
            id,
            founder,
        }
    }

    const fn place(&self) -> Place {
        Place::Chat(self.id)
    }

    /// Its number at Telegram.
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// Who founded it.
    pub(crate) fn founder(&self) -> Person {
        Person::new(&self.shared, self.founder)
    }

    fn becomes(&self, user: i64, status: Status) {
        self.shared
            .act(|world| world.change_member(self.place(), self.founder, user, status));
    }

    /// Its founder adds the bot as a member.
    pub(crate) fn adds_bot(&self) {
        self.becomes(BOT, Status::Member);
    }

    /// Its founder adds the bot and makes it an administrator with every right that it may want.
    pub(crate) fn adds_bot_as_admin(&self) {
        self.adds_bot();
        self.promotes_bot();
    }

    /// Somebody adds the bot and makes it an administrator.
    pub(crate) fn gets_bot_from(&self, person: &Person) {
        for status in [Status::Member, Status::Administrator] {
            let by = person.id();
            self.shared
                .act(|world| world.change_member(self.place(), by, BOT, status));
        }
    }

    /// The bot becomes an administrator.
    pub(crate) fn promotes_bot(&self) {
        self.becomes(BOT, Status::Administrator);
    }

    /// The bot is no administrator any more.
    pub(crate) fn demotes_bot(&self) {
        self.becomes(BOT, Status::Member);
    }

    /// The bot is removed.
    pub(crate) fn removes_bot(&self) {
        self.becomes(BOT, Status::Kicked);
    }

    /// Somebody new, who is in it.
    pub(crate) fn member(&self, name: &str) -> Person {
        let id = self.shared.act(|world| add_user(world, name, None));
        let person = Person::new(&self.shared, id);
        self.joined_by(&person);
        person
    }

    /// Somebody joins.
    pub(crate) fn joined_by(&self, person: &Person) {
        self.becomes(person.id(), Status::Member);
    }

    /// Somebody becomes an administrator.
    pub(crate) fn promotes(&self, person: &Person) {
        self.becomes(person.id(), Status::Administrator);
    }

    /// Somebody leaves.
    pub(crate) fn left_by(&self, person: &Person) {
        self.becomes(person.id(), Status::Left);
    }

    /// Its title changes.
    pub(crate) fn is_called(&self, title: &str) {
        self.shared.act(|world| {
            let chat = world.chats.get_mut(&self.place()).expect("a chat");
            title.clone_into(&mut chat.title);
            let content = Map::from_iter([("new_chat_title".to_owned(), json!(title))]);
            let message = world.put(self.place(), self.founder, content, &About::default());
            world.tell_message(self.place(), "message", message);
        });
    }

    /// It becomes a supergroup, with another number; gives that one.
    pub(crate) fn becomes_supergroup(&self, is_forum: bool) -> Self {
        let old = self.place();
        let id = self.shared.act(|world| {
            let id = -1_001_000_000_000 - world.number();
            let title = world.chats[&old].title.clone();
            let members = world.chats[&old].members.clone();
            let new = Place::Chat(id);
            world
                .open(new, Kind::Supergroup { is_forum }, &title)
                .members = members;
            let to = Map::from_iter([("migrate_to_chat_id".to_owned(), json!(id))]);
            let message = world.put(old, self.founder, to, &About::default());
            world.tell_message(old, "message", message);
            world.chats.get_mut(&old).expect("a chat").moved_to = Some(id);
            let from = Map::from_iter([("migrate_from_chat_id".to_owned(), json!(self.id))]);
            let message = world.put(new, self.founder, from, &About::default());
            world.tell_message(new, "message", message);
            id
        });
        Self { id, ..self.clone() }
    }

    /// Somebody begins a topic by hand.
    pub(crate) fn begins_topic(&self, name: &str) -> Topic {
        let id = self
            .shared
            .act(|world| methods::begin_topic(world, self.place(), self.founder, name));
        Topic {
            group: self.clone(),
            id,
        }
    }

    /// Waits for a topic whose name holds these words.
    pub(crate) async fn topic(&self, words: &str) -> Topic {
        let look = |world: &World| {
            let topics = &world.chats[&self.place()].topics;
            let named = topics.iter().rev();
            named
                .filter(|(_, topic)| topic.name.contains(words))
                .map(|(id, _)| *id)
                .next()
        };
        let id = self.shared.until(&format!("a topic {words}"), look).await;
        Topic {
            group: self.clone(),
            id,
        }
    }

    /// The names of its topics, in their order.
    pub(crate) fn topics(&self) -> Vec<String> {
        self.shared.look(|world| {
            let topics = world.chats[&self.place()].topics.values();
            topics.map(|topic| topic.name.clone()).collect()
        })
    }

    /// What stands in it, topics and all.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.shared
            .look(|world| Message::all(&self.shared, world, self.place()).collect())
    }

    /// Waits for a message of the bot that holds these words; gives the newest such.
    pub(crate) async fn waits_for(&self, words: &str) -> Message {
        self.waits_for_message(words, |message| message.text().contains(words))
            .await
    }

    /// Waits for such a message of the bot; gives the newest such.
    pub(crate) async fn waits_for_message(
        &self,
        what: &str,
        is_it: impl Fn(&Message) -> bool,
    ) -> Message {
        let look = |world: &World| {
            let all = Message::all(&self.shared, world, self.place());
            all.rev()
                .find(|message| message.is_bots() && is_it(message))
        };
        self.shared.until(what, look).await
    }

    /// Waits until so many messages of the bot stand in it, for so long at most.
    pub(crate) async fn fills(&self, with: usize, patience: Duration) {
        let look = |world: &World| {
            let posts = world.chats[&self.place()].posts.values();
            let bots = posts.filter(|post| post.json["from"]["id"] == BOT);
            (bots.count() >= with).then_some(())
        };
        let what = format!("{with} messages");
        self.shared.until_within(patience, &what, look).await;
    }

    /// Waits until what stands in it is like this.
    pub(crate) async fn waits_until(&self, what: &str, is_so: impl Fn(&[Message]) -> bool) {
        let look = |world: &World| {
            let all: Vec<_> = Message::all(&self.shared, world, self.place()).collect();
            is_so(&all).then_some(())
        };
        self.shared.until_within(MUCH, what, look).await;
    }

    /// What stands in it as text.
    pub(crate) fn as_text(&self) -> String {
        self.shared.look(|world| picture::chat(world, self.place()))
    }
}

impl Topic {
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// Whether it is there, and closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.group.shared.look(|world| {
            let topics = &world.chats[&self.group.place()].topics;
            topics.get(&self.id).is_some_and(|topic| topic.is_closed)
        })
    }

    /// Somebody deletes it by hand. Bots are not told.
    pub(crate) fn is_deleted_by_hand(&self) {
        self.group
            .shared
            .act(|world| methods::end_topic(world, self.group.place(), self.id));
    }

    /// Waits for a message of the bot in it that holds these words; gives the newest such.
    pub(crate) async fn waits_for(&self, words: &str) -> Message {
        let is_it =
            |message: &Message| message.topic() == Some(self.id) && message.text().contains(words);
        self.group.waits_for_message(words, is_it).await
    }
}
