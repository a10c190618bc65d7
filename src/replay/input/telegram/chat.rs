//! One chat of the export: whose thread each message is in, by the rules that hold live. A personal chat
//! is one thread; in a group each customer has their own (`domain::group`). A name behind an `@` finds
//! nobody here: the export does not say who goes by it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Agents, BadLine, Body,
    message::{at, content, from, is_message, person, text_at},
};
use crate::domain::{
    group::{
        Answered, InTopic, Lead, Mention, Named, Said, Whose, Writer, author, each_once, thread_id,
    },
    ids::{Author, ChannelName, MessageId, PersonId, PostId, ThreadId, ThreadKey},
    message::{MAX_TEXT_BYTES, Message, Party, Visibility},
    private::Private,
};

/// The channels' names, as they are where the settings name none.
const PRIVATE: &str = "telegram";
const GROUP: &str = "telegram_group";
/// So many of a group's newest messages can be answered.
const REMEMBERED: usize = 50_000;

/// A chat whose messages are somebody's who may be served.
pub(super) struct Chat {
    channel: ChannelName,
    /// As the Bot API numbers it.
    id: String,
    kind: Kind,
}

enum Kind {
    /// With one person, who is the customer.
    Personal {
        /// As the author of messages.
        customer: String,
    },
    Group(Box<Group>),
}

/// What is known of a group so far.
struct Group {
    /// Who writes in the group's own name.
    anonymous: String,
    /// Whose account exported it.
    owner: Option<String>,
    messages: BTreeMap<i64, Known>,
    /// Who opened each topic.
    topics: BTreeMap<i64, Option<PersonId>>,
    /// The customers who have written in each topic.
    in_topics: BTreeMap<i64, BTreeSet<PersonId>>,
    has_staff: bool,
    has_messages: bool,
}

/// A message that others may answer.
#[derive(Clone)]
struct Known {
    by: Writer,
    customers: Vec<PersonId>,
    topic: Option<i64>,
}

impl Chat {
    /// A chat of that type and number; `None` for one where nobody is served.
    pub(super) fn new(kind: Option<&str>, id: Option<i64>, owner: Option<&str>) -> Option<Self> {
        let id = id?;
        let (channel, as_bots_see_it, is_group) = match kind? {
            "personal_chat" => (PRIVATE, id.to_string(), false),
            "private_group" => (GROUP, format!("-{id}"), true),
            "private_supergroup" | "public_supergroup" => (GROUP, format!("-100{id}"), true),
            _ => return None,
        };
        let group = || Group {
            anonymous: format!("channel{id}"),
            owner: owner.map(str::to_owned),
            messages: BTreeMap::new(),
            topics: BTreeMap::new(),
            in_topics: BTreeMap::new(),
            has_staff: false,
            has_messages: false,
        };
        Some(Self {
            channel: ChannelName::parse(channel).ok()?,
            id: as_bots_see_it,
            kind: if is_group {
                Kind::Group(Box::new(group()))
            } else {
                Kind::Personal {
                    customer: format!("user{id}"),
                }
            },
        })
    }

    /// Whether customers wrote in it, and nobody who is known to be ours.
    pub(super) fn lacks_staff(&self) -> bool {
        match &self.kind {
            Kind::Personal { .. } => false,
            Kind::Group(group) => group.has_messages && !group.has_staff,
        }
    }

    /// The messages that one of the export's is: none, one, or one in each of several threads.
    pub(super) fn take(&mut self, value: &Value, agents: &Agents) -> Vec<Body> {
        if !is_message(value) {
            if let Kind::Group(group) = &mut self.kind {
                group.hear(value, agents);
            }
            return Vec::new();
        }
        match self.read(value, agents) {
            Ok(messages) => {
                let messages = messages.into_iter();
                messages
                    .map(|message| Body::Message(Box::new(message)))
                    .collect()
            }
            Err(bad) => vec![Body::Bad(bad)],
        }
    }

    fn read(&mut self, value: &Value, agents: &Agents) -> Result<Vec<Message>, BadLine> {
        let number = value.get("id").and_then(Value::as_i64);
        let number = number.ok_or(BadLine::NotInExport("id"))?;
        let (at, by) = (at(value)?, from(value)?);
        let Some(content) = content(value)? else {
            return Ok(Vec::new());
        };
        if content.text.len() > MAX_TEXT_BYTES {
            return Err(BadLine::TooLong);
        }
        let (from, author, threads) = match &mut self.kind {
            Kind::Personal { customer } => {
                let from = if by == *customer {
                    Party::Customer
                } else {
                    Party::Agent
                };
                let author = Author::parse(&by).ok();
                (from, author, vec![ThreadId::parse(&self.id).ok()])
            }
            Kind::Group(_) if content.is_command => return Ok(Vec::new()),
            Kind::Group(group) => {
                let writer = group.writer(&by, text_at(value, "from"), agents);
                let from = match &writer {
                    Writer::Customer(_) => Party::Customer,
                    Writer::Staff => Party::Agent,
                    Writer::Bot | Writer::Nobody => Party::Bot,
                };
                let topic = group.topic_of(value);
                let customers = group.customers(value, writer, &content.mentions, topic, number);
                let topic = topic.map(|topic| topic.to_string());
                let thread = |who: PersonId| thread_id(&self.id, &who, topic.as_deref()).ok();
                let author = person(&by).as_ref().and_then(author);
                (from, author, customers.into_iter().map(thread).collect())
            }
        };
        let is_group = matches!(self.kind, Kind::Group(_));
        let id = MessageId::parse(&number.to_string()).map_err(|_| BadLine::NotInExport("id"))?;
        let message = |thread: ThreadId| Message {
            thread: ThreadKey {
                channel: self.channel.clone(),
                thread,
            },
            id: id.clone(),
            from,
            author: author.clone(),
            text: Private::new(content.text.clone()),
            at,
            visibility: if is_group {
                Visibility::Public
            } else {
                Visibility::Private
            },
            language: None,
            tags: Vec::new(),
            attachment: content.attachment,
        };
        Ok(threads.into_iter().flatten().map(message).collect())
    }
}

impl Group {
    /// Who wrote something.
    fn writer(&mut self, id: &str, name: Option<&str>, agents: &Agents) -> Writer {
        let is_owner = self.owner.as_deref() == Some(id);
        if id == self.anonymous || is_owner || agents.are(id, name) {
            self.has_staff = true;
            return Writer::Staff;
        }
        self.has_messages = true;
        person(id).map_or(Writer::Nobody, Writer::Customer)
    }

    /// Hears what Telegram tells in a group: that a topic was opened.
    fn hear(&mut self, value: &Value, agents: &Agents) {
        let number = value.get("id").and_then(Value::as_i64);
        let (Some("topic_created"), Some(number)) = (text_at(value, "action"), number) else {
            return;
        };
        let (id, name) = (text_at(value, "actor_id"), text_at(value, "actor"));
        let opener = id.and_then(|id| match self.writer(id, name, agents) {
            Writer::Customer(person) => Some(person),
            Writer::Staff | Writer::Bot | Writer::Nobody => None,
        });
        self.topics.insert(number, opener);
    }

    /// The topic that a message is in: it answers the topic's first message, or one of the topic.
    fn topic_of(&self, value: &Value) -> Option<i64> {
        let answered = answered(value)?;
        if self.topics.contains_key(&answered) {
            return Some(answered);
        }
        self.messages.get(&answered)?.topic
    }

    /// The customers in whose threads a message is. Remembers it.
    fn customers(
        &mut self,
        value: &Value,
        by: Writer,
        mentions: &[Mention],
        topic: Option<i64>,
        number: i64,
    ) -> Vec<PersonId> {
        let answers = answered(value).and_then(|number| {
            Some(Answered {
                message: PostId::parse(&number.to_string()).ok()?,
                by: self.messages.get(&number)?.by.clone(),
            })
        });
        let said = Said {
            by: by.clone(),
            answers,
            mentions: mentions.to_vec(),
            topic: topic.map(|topic| InTopic {
                opener: self.topics.get(&topic).cloned().flatten(),
            }),
        };
        let customers = match said.whose() {
            Whose::Nobodys => Vec::new(),
            // Who goes by a name is not known here.
            Whose::Own(person) | Whose::OwnUnless(person, _) => vec![person],
            Whose::Led(leads) => {
                let led = leads.iter().map(|lead| self.follow(lead, topic));
                each_once(
                    led.into_iter()
                        .find(|led| !led.is_empty())
                        .unwrap_or_default(),
                )
            }
        };
        if let (Writer::Customer(_), Some(topic)) = (&by, topic) {
            let in_topic = self.in_topics.entry(topic).or_default();
            in_topic.extend(customers.iter().cloned());
        }
        let known = Known {
            by,
            customers: customers.clone(),
            topic,
        };
        self.messages.insert(number, known);
        if self.messages.len() > REMEMBERED {
            self.messages.pop_first();
        }
        customers
    }

    fn follow(&self, lead: &Lead, topic: Option<i64>) -> Vec<PersonId> {
        match lead {
            Lead::To(person) => vec![person.clone()],
            Lead::SameAs(post) => {
                let number = post.as_str().parse::<i64>().ok();
                let known = number.and_then(|number| self.messages.get(&number));
                known
                    .map(|known| known.customers.clone())
                    .unwrap_or_default()
            }
            Lead::Named(named) => named
                .iter()
                .filter_map(|whom| match whom {
                    Named::Customer(person) => Some(person.clone()),
                    Named::Ours | Named::Handle(_) => None,
                })
                .collect(),
            Lead::AloneInTopic => match topic.and_then(|topic| self.in_topics.get(&topic)) {
                Some(people) if people.len() == 1 => people.iter().cloned().collect(),
                _ => Vec::new(),
            },
        }
    }
}

/// The message that one answers.
fn answered(value: &Value) -> Option<i64> {
    value.get("reply_to_message_id").and_then(Value::as_i64)
}
