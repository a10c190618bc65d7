//! Business accounts: chats of their owner that the connected bot sees both sides of
//! (<https://core.telegram.org/bots/features#business-bots>).

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Shared,
    message::Message,
    methods,
    person::{Person, Spot},
    picture,
    world::{Connection, Kind, Place, World},
};

/// The bot's connection to a Business account.
#[derive(Debug, Clone)]
pub(crate) struct Business {
    shared: Arc<Shared>,
    id: String,
    owner: i64,
}

impl Business {
    pub(super) fn connect(shared: &Arc<Shared>, owner: i64) -> Self {
        let id = shared.act(|world| {
            let id = format!("bizCONNECTION{}", world.number());
            let connection = Connection {
                owner,
                since: world.now(),
                is_enabled: true,
                rights: json!({ "can_reply": true, "can_read_messages": true }),
            };
            world.connections.insert(id.clone(), connection);
            tell(world, &id);
            id
        });
        Self {
            shared: Arc::clone(shared),
            id,
            owner,
        }
    }

    /// The connection's id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn change(&self, change: impl FnOnce(&mut Connection)) {
        self.shared.act(|world| {
            change(world.connections.get_mut(&self.id).expect("a connection"));
            tell(world, &self.id);
        });
    }

    /// The owner removes the bot.
    pub(crate) fn disconnects(&self) {
        self.change(|connection| connection.is_enabled = false);
    }

    /// The owner lets the bot in again.
    pub(crate) fn connects_again(&self) {
        self.change(|connection| connection.is_enabled = true);
    }

    /// The owner takes or gives the right to answer.
    pub(crate) fn lets_answer(&self, may: bool) {
        self.change(|connection| {
            connection.rights = match may {
                true => json!({ "can_reply": true, "can_read_messages": true }),
                false => json!({ "can_read_messages": true }),
            };
        });
    }

    /// Somebody's chat with the owner.
    pub(crate) fn chat(&self, customer: &Person) -> Spot {
        let place = Place::Business {
            owner: self.owner,
            customer: customer.id(),
        };
        self.shared.act(|world| {
            world.open(place, Kind::Private, "");
        });
        Spot { place, topic: None }
    }

    /// Somebody writes to the owner.
    pub(crate) fn hears(&self, customer: &Person, text: &str) -> Message {
        customer.writes_in(self.chat(customer), text)
    }

    /// The owner writes to somebody, from their own app.
    pub(crate) fn writes(&self, customer: &Person, text: &str) -> Message {
        let owner = Person::new(&self.shared, self.owner);
        owner.writes_in(self.chat(customer), text)
    }

    /// Messages are deleted; the bot is told their numbers.
    pub(crate) fn deletes(&self, messages: &[&Message]) {
        let Some(first) = messages.first() else {
            return;
        };
        let ids: Vec<i64> = messages.iter().map(|message| message.id()).collect();
        self.shared.act(|world| {
            let chat = world.chats.get_mut(&first.place).expect("a chat");
            for id in &ids {
                chat.posts.remove(id);
            }
            let what = json!({
                "business_connection_id": self.id, "chat": world.chat(first.place),
                "message_ids": ids,
            });
            world.tell("deleted_business_messages", what);
        });
    }

    /// Waits for a message of the bot to somebody that holds these words.
    pub(crate) async fn waits_for(&self, customer: &Person, words: &str) -> Message {
        let place = self.chat(customer).place;
        let look = |world: &World| {
            let all = Message::all(&self.shared, world, place);
            all.rev()
                .find(|message| message.is_bots() && message.text().contains(words))
        };
        self.shared.until(words, look).await
    }

    /// Somebody's chat with the owner as text.
    pub(crate) fn as_text(&self, customer: &Person) -> String {
        let place = self.chat(customer).place;
        self.shared.look(|world| picture::chat(world, place))
    }
}

fn tell(world: &mut World, id: &str) {
    let connection: Value = methods::describe_connection(world, id, &world.connections[id]);
    world.tell("business_connection", connection);
}
