//! People: what they write, send, press and do.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{
    Shared,
    html::plain,
    message::{Message, Press},
    methods, picture,
    world::{About, BOT, Place, Query, Status, World, content, text_content},
};

/// Somebody at Telegram.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(super) shared: Arc<Shared>,
    id: i64,
}

/// Where something is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(super) place: Place,
    pub(super) topic: Option<i64>,
}

/// What is written or sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'a> {
    Text(&'a str),
    /// With what stands below it, perhaps nothing.
    Photo(&'a str),
    Document(&'a str),
    Voice,
    Sticker,
    Location,
    /// Somebody's number: the sender's own if so told.
    Contact {
        number: &'a str,
        is_own: bool,
    },
}

impl Person {
    pub(super) fn new(shared: &Arc<Shared>, id: i64) -> Self {
        Self {
            shared: Arc::clone(shared),
            id,
        }
    }

    /// Their number at Telegram.
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// Their own chat with the bot.
    pub(crate) const fn chat(&self) -> Spot {
        Spot {
            place: Place::Chat(self.id),
            topic: None,
        }
    }

    /// Presses Start.
    pub(crate) fn starts(&self) -> Message {
        self.writes("/start")
    }

    /// Opens a link to the bot, such as `https://t.me/bot?start=CODE`, and presses Start.
    pub(crate) fn opens(&self, link: &str) -> Message {
        match link.split_once("?start=") {
            Some((_, code)) => self.writes(&format!("/start {code}")),
            None => self.starts(),
        }
    }

    /// Writes to the bot.
    pub(crate) fn writes(&self, text: &str) -> Message {
        self.sends(Content::Text(text))
    }

    /// Sends something to the bot.
    pub(crate) fn sends(&self, what: Content<'_>) -> Message {
        self.sends_to(self.chat(), what)
    }

    /// Sends the bot a photo.
    pub(crate) fn sends_photo(&self, caption: &str) -> Message {
        self.sends(Content::Photo(caption))
    }

    /// Shares their number with the bot.
    pub(crate) fn shares_contact(&self, number: &str) -> Message {
        self.sends(Content::Contact {
            number,
            is_own: true,
        })
    }

    /// Writes in a group or topic.
    pub(crate) fn writes_in(&self, spot: impl Into<Spot>, text: &str) -> Message {
        self.sends_to(spot, Content::Text(text))
    }

    /// Sends something to a group or topic.
    pub(crate) fn sends_to(&self, spot: impl Into<Spot>, what: Content<'_>) -> Message {
        self.put(spot.into(), what, None)
    }

    /// Answers a message, where it stands.
    pub(crate) fn replies(&self, to: &Message, text: &str) -> Message {
        self.replies_with(to, Content::Text(text))
    }

    /// Answers a message with something, where it stands.
    pub(crate) fn replies_with(&self, to: &Message, what: Content<'_>) -> Message {
        let spot = Spot {
            place: to.place,
            topic: to.topic(),
        };
        self.put(spot, what, Some(to.id()))
    }

    fn put(&self, spot: Spot, what: Content<'_>, reply_to: Option<i64>) -> Message {
        self.shared.act(|world| {
            if spot.place == Place::Chat(self.id) {
                world.private(self.id);
                let user = world.users.get_mut(&self.id).expect("a user");
                user.has_started = true;
            }
            self.must_be_in(world, spot);
            let content = self.content(world, what);
            let about = About {
                topic: spot.topic,
                reply_to,
                ..About::default()
            };
            let message = world.put(spot.place, self.id, content, &about);
            let id = message["message_id"].as_i64().expect("a number");
            world.tell_message(spot.place, "message", message);
            Message::at(&self.shared, world, spot.place, id).expect("just put")
        })
    }

    fn must_be_in(&self, world: &World, spot: Spot) {
        let Place::Chat(id) = spot.place else { return };
        if id < 0 {
            let status = world.chats[&spot.place].members.get(&self.id);
            assert!(
                status.copied().is_some_and(Status::is_in),
                "they are not in the group"
            );
        }
        if let Some(topic) = spot.topic {
            let topics = &world.chats[&spot.place].topics;
            assert!(topics.contains_key(&topic), "there is no such topic");
        }
    }

    fn content(&self, world: &mut World, what: Content<'_>) -> Map<String, Value> {
        let mut file = |kind: &str, caption: &str| {
            let file = methods::new_file(world, kind, None);
            let mut content = match caption {
                "" => Map::new(),
                caption => content("caption", "caption_entities", plain(caption)),
            };
            content.insert(kind.to_owned(), file);
            content
        };
        match what {
            Content::Text(text) => text_content(text),
            Content::Photo(caption) => file("photo", caption),
            Content::Document(caption) => file("document", caption),
            Content::Voice => file("voice", ""),
            Content::Sticker => file("sticker", ""),
            Content::Location => {
                let location = json!({ "latitude": 48.2, "longitude": 16.37 });
                Map::from_iter([("location".to_owned(), location)])
            }
            Content::Contact { number, is_own } => {
                let name = world.users[&self.id].first_name.clone();
                let mut contact = json!({ "phone_number": number, "first_name": name });
                if is_own {
                    contact["user_id"] = json!(self.id);
                }
                Map::from_iter([("contact".to_owned(), contact)])
            }
        }
    }

    /// Says something else in a message of theirs.
    pub(crate) fn edits(&self, message: &Message, text: &str) -> Message {
        self.shared.act(|world| {
            let now = world.now();
            let id = message.id();
            let chat = world.chats.get_mut(&message.place).expect("a chat");
            let post = chat.posts.get_mut(&id).expect("a message");
            assert_eq!(post.json["from"]["id"], self.id, "it is somebody else's");
            let object = post.json.as_object_mut().expect("an object");
            let is_text = object.contains_key("text");
            let (text_name, entities) = match is_text {
                true => ("text", "entities"),
                false => ("caption", "caption_entities"),
            };
            object.remove(entities);
            object.extend(content(text_name, entities, plain(text)));
            object.insert("edit_date".to_owned(), json!(now));
            let json = post.json.clone();
            world.tell_message(message.place, "edited_message", json);
            Message::at(&self.shared, world, message.place, id).expect("a message")
        })
    }

    /// Presses the button that says so (or holds these words) on a message as it is shown to them; an
    /// old picture of it will do.
    pub(crate) fn presses(&self, message: &Message, says: &str) -> Press {
        let button = message.button(says);
        let button = button.unwrap_or_else(|| panic!("no button {says}: {:?}", message.buttons()));
        let data = button["callback_data"].as_str();
        let data = data.unwrap_or_else(|| panic!("{says} opens a link: {button}"));
        self.presses_data(message, data)
    }

    /// Presses a button with this payload, which a client may make up.
    pub(crate) fn presses_data(&self, message: &Message, data: &str) -> Press {
        let id = self.shared.act(|world| {
            let id = format!("{}", 4_000_000_000 + world.number());
            let shown = match world.post(message.place, message.id()) {
                Some(post) => post.json.clone(),
                None => json!({
                    "chat": world.chat(message.place), "message_id": message.id(), "date": 0,
                }),
            };
            let query = json!({
                "id": id, "from": world.user(self.id), "message": shown,
                "chat_instance": "-4242", "data": data,
            });
            world.queries.insert(id.clone(), Query::default());
            world.tell("callback_query", query);
            id
        });
        Press {
            shared: Arc::clone(&self.shared),
            query: id,
        }
    }

    /// Reacts to a message; an empty reaction takes it back. Bots hear of it in private, and in groups as
    /// administrators.
    pub(crate) fn reacts(&self, message: &Message, emoji: &str) {
        self.shared.act(|world| {
            let now = world.now();
            let chat = world.chats.get_mut(&message.place).expect("a chat");
            let post = chat.posts.get_mut(&message.id()).expect("a message");
            let new = match emoji {
                "" => Vec::new(),
                emoji => vec![json!({ "type": "emoji", "emoji": emoji })],
            };
            let old = post.reactions.insert(self.id, new.clone());
            let what = json!({
                "chat": world.chat(message.place), "message_id": message.id(),
                "user": world.user(self.id), "date": now,
                "old_reaction": old.unwrap_or_default(), "new_reaction": new,
            });
            let is_told = match message.place {
                Place::Chat(id) if id < 0 => world
                    .bot_status(message.place)
                    .is_some_and(Status::is_admin),
                Place::Chat(_) => true,
                Place::Business { .. } => false,
            };
            if is_told {
                world.tell("message_reaction", what);
            }
        });
    }

    /// Blocks the bot.
    pub(crate) fn blocks_the_bot(&self) {
        self.block(true);
    }

    /// Lets the bot write again.
    pub(crate) fn unblocks_the_bot(&self) {
        self.block(false);
    }

    fn block(&self, blocks: bool) {
        self.shared.act(|world| {
            let place = world.private(self.id);
            let user = world.users.get_mut(&self.id).expect("a user");
            user.blocks_bot = blocks;
            let (old, new) = match blocks {
                true => (Status::Member, Status::Kicked),
                false => (Status::Kicked, Status::Member),
            };
            let change = json!({
                "chat": world.chat(place), "from": world.user(self.id), "date": world.now(),
                "old_chat_member": world.member(place, BOT, old),
                "new_chat_member": world.member(place, BOT, new),
            });
            world.tell("my_chat_member", change);
        });
    }

    /// Deletes their account.
    pub(crate) fn leaves_telegram(&self) {
        self.shared.act(|world| {
            world.users.get_mut(&self.id).expect("a user").is_gone = true;
        });
    }

    /// Calls themselves something else.
    pub(crate) fn is_called(&self, name: &str) {
        self.shared.act(|world| {
            name.clone_into(&mut world.users.get_mut(&self.id).expect("a user").first_name);
        });
    }

    /// What stands in their chat with the bot.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.shared
            .look(|world| Message::all(&self.shared, world, Place::Chat(self.id)).collect())
    }

    /// Waits for a message of the bot that holds these words; gives the newest such.
    pub(crate) async fn receives(&self, words: &str) -> Message {
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
            let all = Message::all(&self.shared, world, Place::Chat(self.id));
            all.rev()
                .find(|message| message.is_bots() && is_it(message))
        };
        self.shared.until(what, look).await
    }

    /// Their chat with the bot as text.
    pub(crate) fn as_text(&self) -> String {
        self.shared
            .look(|world| picture::chat(world, Place::Chat(self.id)))
    }
}
