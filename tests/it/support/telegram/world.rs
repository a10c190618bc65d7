//! Telegram's side of things: who there is, what stands in each chat, and which updates wait for the
//! bot. Knows nothing of HTTP.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
    time::Duration,
};

use serde_json::{Map, Value, json};

use super::{
    commands::Commands,
    faults::Faults,
    flood::Flood,
    html::{Formatted, plain},
    record::Record,
    webhook::Webhook,
};

/// The bot's number, the first part of its token.
pub(crate) const BOT: i64 = 7_000_001;
/// The bot's user name.
pub(crate) const BOT_NAME: &str = "ringback_test_bot";
/// How long Telegram keeps updates.
const KEPT: i64 = 24 * 60 * 60;
/// What is not told unless it is asked for.
const ONLY_IF_ASKED: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Somebody.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) username: Option<String>,
    /// Whether they have ever written to the bot, so that it may write to them.
    pub(crate) has_started: bool,
    pub(crate) blocks_bot: bool,
    pub(crate) is_gone: bool,
}

/// Where messages stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The chat of this number.
    Chat(i64),
    /// The chat of a Business account's owner with a customer.
    Business { owner: i64, customer: i64 },
}

/// Which kind of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup { is_forum: bool },
}

/// What somebody is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Creator,
    Administrator,
    Member,
    Left,
    Kicked,
}

impl Status {
    pub(crate) const fn is_in(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator | Self::Member)
    }

    pub(crate) const fn is_admin(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator)
    }
}

/// A topic of a forum.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) is_closed: bool,
}

/// A message as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    /// The Bot API's `Message`.
    pub(crate) json: Value,
    pub(crate) is_silent: bool,
    pub(crate) reactions: BTreeMap<i64, Vec<Value>>,
}

/// A chat.
#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) posts: BTreeMap<i64, Post>,
    newest: i64,
    pub(crate) topics: BTreeMap<i64, Topic>,
    pub(crate) members: BTreeMap<i64, Status>,
    pub(crate) pinned: BTreeSet<i64>,
    /// The supergroup that it became.
    pub(crate) moved_to: Option<i64>,
}

/// A Business account that the bot is connected to.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) owner: i64,
    pub(crate) since: i64,
    pub(crate) is_enabled: bool,
    pub(crate) rights: Value,
}

/// A press on a button, to be answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) answer: Option<QueryAnswer>,
}

/// How the bot answered a press.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryAnswer {
    pub(crate) text: Option<String>,
    pub(crate) is_alert: bool,
    pub(crate) url: Option<String>,
}

/// A request that was made.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) parameters: Value,
}

/// What a new message says beside its content.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub(crate) is_silent: bool,
    pub(crate) topic: Option<i64>,
    pub(crate) reply_to: Option<i64>,
    pub(crate) markup: Option<Value>,
    /// Sent by the bot over this connection, in its owner's name.
    pub(crate) connection: Option<String>,
}

/// Telegram.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) token: String,
    pub(crate) has_privacy: bool,
    pub(crate) users: BTreeMap<i64, User>,
    pub(crate) chats: BTreeMap<Place, Chat>,
    pub(crate) connections: BTreeMap<String, Connection>,
    pub(crate) queries: BTreeMap<String, Query>,
    /// Kinds of the files that there are, by their id.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) queue: VecDeque<(i64, Value)>,
    next_update: i64,
    pub(crate) wanted: Option<Vec<String>>,
    /// Which request for updates is the newest.
    pub(crate) poll: u64,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) commands: Commands,
    pub(crate) faults: Faults,
    pub(crate) flood: Flood,
    pub(crate) record: Record,
    pub(crate) requests: Vec<Request>,
    pub(crate) violations: Vec<String>,
    /// How far its clock is ahead of ours.
    pub(crate) ahead: Duration,
    next_id: i64,
}

impl World {
    pub(crate) fn new(token: String, record: Record) -> Self {
        Self {
            token,
            has_privacy: true,
            users: BTreeMap::new(),
            chats: BTreeMap::new(),
            connections: BTreeMap::new(),
            queries: BTreeMap::new(),
            files: BTreeMap::new(),
            queue: VecDeque::new(),
            next_update: 500_000_001,
            wanted: None,
            poll: 0,
            webhook: None,
            commands: Commands::default(),
            faults: Faults::default(),
            flood: Flood::default(),
            record,
            requests: Vec::new(),
            violations: Vec::new(),
            ahead: Duration::ZERO,
            next_id: 0,
        }
    }

    /// A number that nothing else has.
    pub(crate) fn number(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the stand-in has a clock of its own"
        )]
        let now = jiff::Timestamp::now().as_second();
        now + i64::try_from(self.ahead.as_secs()).expect("small")
    }

    /// `User` (<https://core.telegram.org/bots/api#user>).
    pub(crate) fn user(&self, id: i64) -> Value {
        if id == BOT {
            return json!({
                "id": BOT, "is_bot": true, "first_name": "Ringback", "username": BOT_NAME,
            });
        }
        let user = &self.users[&id];
        let mut json = json!({ "id": id, "is_bot": false, "first_name": user.first_name });
        if let Some(username) = &user.username {
            json["username"] = json!(username);
        }
        json
    }

    /// `Chat` (<https://core.telegram.org/bots/api#chat>).
    pub(crate) fn chat(&self, place: Place) -> Value {
        match place {
            Place::Chat(id) if id < 0 => {
                let chat = &self.chats[&place];
                let mut json = json!({ "id": id, "title": chat.title });
                json["type"] = match chat.kind {
                    Kind::Supergroup { .. } => json!("supergroup"),
                    Kind::Group | Kind::Private => json!("group"),
                };
                if chat.kind == (Kind::Supergroup { is_forum: true }) {
                    json["is_forum"] = json!(true);
                }
                json
            }
            Place::Chat(user) | Place::Business { customer: user, .. } => {
                let mut json = self.user(user);
                json.as_object_mut().expect("an object").remove("is_bot");
                json["type"] = json!("private");
                json
            }
        }
    }

    /// Opens a chat if there is none yet.
    pub(crate) fn open(&mut self, place: Place, kind: Kind, title: &str) -> &mut Chat {
        self.chats.entry(place).or_insert_with(|| Chat {
            kind,
            title: title.to_owned(),
            posts: BTreeMap::new(),
            newest: 0,
            topics: BTreeMap::new(),
            members: BTreeMap::new(),
            pinned: BTreeSet::new(),
            moved_to: None,
        })
    }

    pub(crate) fn private(&mut self, user: i64) -> Place {
        let place = Place::Chat(user);
        let name = self.users[&user].first_name.clone();
        self.open(place, Kind::Private, &name);
        place
    }

    pub(crate) fn post(&self, place: Place, id: i64) -> Option<&Post> {
        self.chats.get(&place)?.posts.get(&id)
    }

    /// Puts a message into a chat and gives it as the Bot API does. Tells nobody.
    pub(crate) fn put(
        &mut self,
        place: Place,
        from: i64,
        content: Map<String, Value>,
        about: &About,
    ) -> Value {
        let mut message = json!({
            "date": self.now(), "chat": self.chat(place), "from": self.user(from),
        });
        let object = message.as_object_mut().expect("an object");
        object.extend(content);
        self.place_reply(place, &mut message, about);
        if let Some(markup) = &about.markup
            && markup.get("inline_keyboard").is_some()
        {
            message["reply_markup"] = markup.clone();
        }
        if let Some(connection) = &about.connection {
            message["sender_business_bot"] = self.user(BOT);
            message["business_connection_id"] = json!(connection);
        }
        self.mend_mentions(&mut message);
        let chat = self.chats.get_mut(&place).expect("a chat");
        chat.newest += 1;
        message["message_id"] = json!(chat.newest);
        let post = Post {
            json: message.clone(),
            is_silent: about.is_silent,
            reactions: BTreeMap::new(),
        };
        chat.posts.insert(chat.newest, post);
        message
    }

    /// In a topic, what is no reply is shown as one to the topic's beginning; in another supergroup, a
    /// reply makes a thread that looks like a topic but for `is_topic_message`.
    fn place_reply(&self, place: Place, message: &mut Value, about: &About) {
        let chat = &self.chats[&place];
        let without_reply = |id: i64| {
            let mut json = chat.posts.get(&id)?.json.clone();
            json.as_object_mut()?.remove("reply_to_message");
            Some(json)
        };
        let replied = about.reply_to.and_then(without_reply);
        if let Some(topic) = about.topic {
            message["message_thread_id"] = json!(topic);
            message["is_topic_message"] = json!(true);
            if let Some(replied) = replied.or_else(|| without_reply(topic)) {
                message["reply_to_message"] = replied;
            }
        } else if let Some(replied) = replied {
            if let Kind::Supergroup { is_forum: false } = chat.kind {
                let root = replied.get("message_thread_id");
                message["message_thread_id"] = root.unwrap_or(&replied["message_id"]).clone();
            }
            message["reply_to_message"] = replied;
        }
    }

    /// A mention by number tells who it is; of somebody whom Telegram does not know it is none.
    pub(crate) fn mend_mentions(&self, message: &mut Value) {
        for member in ["entities", "caption_entities"] {
            let Some(entities) = message.get_mut(member).and_then(Value::as_array_mut) else {
                continue;
            };
            entities.retain_mut(|entity| match entity["user"]["id"].as_i64() {
                Some(id) if entity["type"] == "text_mention" => {
                    let is_known = id == BOT || self.users.contains_key(&id);
                    if is_known {
                        entity["user"] = self.user(id);
                    }
                    is_known
                }
                _ => true,
            });
        }
    }

    /// Lets an update wait for the bot, if it wants to hear of such.
    pub(crate) fn tell(&mut self, kind: &str, what: Value) {
        let is_wanted = match &self.wanted {
            Some(wanted) if !wanted.is_empty() => wanted.iter().any(|wanted| wanted == kind),
            _ => !ONLY_IF_ASKED.contains(&kind),
        };
        if !is_wanted {
            return;
        }
        let id = self.next_update;
        self.next_update += 1;
        let mut update = json!({ "update_id": id });
        update[kind] = what;
        self.record.update(&update);
        let now = self.now();
        self.queue.push_back((now, update));
    }

    /// Forgets updates that waited too long.
    pub(crate) fn forget_old(&mut self) {
        let now = self.now();
        self.queue.retain(|(at, _)| now - at < KEPT);
    }

    /// Something of somebody's stands in a chat now: the bot hears of it if it sees such messages.
    pub(crate) fn tell_message(&mut self, place: Place, kind: &str, message: Value) {
        match place {
            Place::Chat(id) if id < 0 => {
                if self.bot_sees(place, &message) {
                    self.tell(kind, message);
                }
            }
            Place::Chat(_) => self.tell(kind, message),
            Place::Business { owner, .. } => {
                let connection = self.connection_of(owner);
                if let Some((id, _)) = connection.filter(|(_, of)| of.is_enabled) {
                    let mut message = message;
                    message["business_connection_id"] = json!(id);
                    let kind = match kind {
                        "message" => "business_message",
                        _ => "edited_business_message",
                    };
                    self.tell(kind, message);
                }
            }
        }
    }

    pub(crate) fn connection_of(&self, owner: i64) -> Option<(String, &Connection)> {
        let mut of = self.connections.iter();
        of.find(|(_, connection)| connection.owner == owner)
            .map(|(id, connection)| (id.clone(), connection))
    }

    /// What the bot is in a group.
    pub(crate) fn bot_status(&self, place: Place) -> Option<Status> {
        self.chats.get(&place)?.members.get(&BOT).copied()
    }

    /// Privacy mode (<https://core.telegram.org/bots/features#privacy-mode>): a bot that is no
    /// administrator sees commands, replies to it, mentions of it and what Telegram itself says.
    fn bot_sees(&self, place: Place, message: &Value) -> bool {
        let Some(status) = self.bot_status(place).filter(|status| status.is_in()) else {
            return false;
        };
        if status.is_admin() || !self.has_privacy {
            return true;
        }
        let text = message.get("text").or_else(|| message.get("caption"));
        let Some(text) = text.and_then(Value::as_str) else {
            let is_content = [
                "photo", "document", "voice", "location", "contact", "sticker",
            ]
            .iter()
            .any(|member| message.get(*member).is_some());
            return !is_content || message["reply_to_message"]["from"]["id"] == BOT;
        };
        let first = text.split_whitespace().next().unwrap_or_default();
        let is_command = match first.split_once('@') {
            Some((command, bot)) => command.starts_with('/') && bot == BOT_NAME,
            None => first.starts_with('/'),
        };
        is_command
            || text.contains(&format!("@{BOT_NAME}"))
            || message["reply_to_message"]["from"]["id"] == BOT
    }

    /// Somebody's standing in a group changes: told as Telegram does.
    pub(crate) fn change_member(&mut self, place: Place, by: i64, user: i64, to: Status) {
        let old = self.chats[&place]
            .members
            .get(&user)
            .copied()
            .unwrap_or(Status::Left);
        let change = json!({
            "chat": self.chat(place), "from": self.user(by), "date": self.now(),
            "old_chat_member": self.member(place, user, old),
            "new_chat_member": self.member(place, user, to),
        });
        let chat = self.chats.get_mut(&place).expect("a chat");
        chat.members.insert(user, to);
        if user == BOT {
            self.tell("my_chat_member", change);
        } else if self.bot_status(place).is_some_and(Status::is_admin) {
            self.tell("chat_member", change);
        }
        let service = match (old.is_in(), to.is_in()) {
            (false, true) => "new_chat_members",
            (true, false) => "left_chat_member",
            _ => return,
        };
        let who = self.user(user);
        let who = if to.is_in() { json!([who]) } else { who };
        let mut content = Map::new();
        content.insert(service.to_owned(), who);
        let message = self.put(place, by, content, &About::default());
        self.tell_message(place, "message", message);
    }

    /// `ChatMember` (<https://core.telegram.org/bots/api#chatmember>).
    pub(crate) fn member(&self, _: Place, user: i64, status: Status) -> Value {
        let user = self.user(user);
        match status {
            Status::Creator => {
                json!({ "status": "creator", "user": user, "is_anonymous": false })
            }
            Status::Administrator => json!({
                "status": "administrator", "user": user, "can_be_edited": false,
                "is_anonymous": false, "can_manage_chat": true, "can_delete_messages": true,
                "can_manage_video_chats": false, "can_restrict_members": false,
                "can_promote_members": false, "can_change_info": false,
                "can_invite_users": true, "can_post_stories": false, "can_edit_stories": false,
                "can_delete_stories": false, "can_pin_messages": true, "can_manage_topics": true,
                "can_send_welcome_messages": false,
            }),
            Status::Member => json!({ "status": "member", "user": user }),
            Status::Left => json!({ "status": "left", "user": user }),
            Status::Kicked => json!({ "status": "kicked", "user": user, "until_date": 0 }),
        }
    }

    /// Something is not as Telegram's documents say; the test fails for it at its end.
    pub(crate) fn violation(&mut self, what: String) {
        self.violations.push(what);
    }

    /// Everything that stands, for a test that waited in vain.
    pub(crate) fn dump(&self) -> String {
        let mut dump = String::new();
        for place in self.chats.keys() {
            let text = super::picture::chat(self, *place);
            writeln!(dump, "--- {place:?}\n{text}").expect("written");
        }
        writeln!(dump, "--- {} updates wait", self.queue.len()).expect("written");
        let newest = self.requests.iter().rev().take(15);
        for request in newest.filter(|request| request.method != "getUpdates") {
            writeln!(dump, "{} {}", request.method, request.parameters).expect("written");
        }
        dump
    }
}

/// What a text message holds.
pub(crate) fn text_content(text: &str) -> Map<String, Value> {
    content("text", "entities", plain(text))
}

/// A text and its entities, under these names.
pub(crate) fn content(text: &str, entities: &str, formatted: Formatted) -> Map<String, Value> {
    let mut content = Map::new();
    content.insert(text.to_owned(), json!(formatted.text));
    if !formatted.entities.is_empty() {
        content.insert(entities.to_owned(), json!(formatted.entities));
    }
    content
}
