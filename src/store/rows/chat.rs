//! Chat networks: who is who there, what stands where, what an agent was asked. Plain data; it knows
//! no SQL.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        callback::IncidentId,
        chat::{Network, Room, Spot},
        form::{FormKind, FormRequestId},
        ids::{
            AccountName, ButtonToken, ChatId, ConnectionId, DeskName, MessageId, PersonId, PostId,
            ShownName, ThreadKey, TopicId,
        },
        message::{Attachment, Party},
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    store::{
        CallbackId,
        rows::{account::AccountRow, desk::QueueRow},
    },
};

/// The SHA-256 of a pairing code. The code itself is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeHash(pub [u8; 32]);

/// Who is who, and which group is for what: small, and read whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The groups that have a role.
    pub groups: Vec<GroupRow>,
    /// The persons that are accounts.
    pub people: Vec<PersonRow>,
    /// The business accounts that the bot is or was connected to.
    pub connections: Vec<ConnectionRow>,
}

impl Directory {
    /// The group of that id.
    #[must_use]
    pub fn group(&self, network: Network, chat: &ChatId) -> Option<&GroupRow> {
        let is_it = |group: &&GroupRow| group.network == network && group.chat == *chat;
        self.groups.iter().find(is_it)
    }

    /// The group that a desk works in, also if the bot is not in it any more.
    #[must_use]
    pub fn group_of(&self, network: Network, desk: &DeskName) -> Option<&GroupRow> {
        let is_it =
            |group: &&GroupRow| group.network == network && group.desk.as_ref() == Some(desk);
        self.groups.iter().find(is_it)
    }

    /// The account that a person is.
    #[must_use]
    pub fn account(&self, network: Network, person: &PersonId) -> Option<&AccountName> {
        let is_it = |row: &&PersonRow| row.network == network && row.person == *person;
        self.people.iter().find(is_it).map(|row| &row.account)
    }

    /// A person of an account whom the bot may write to in private.
    #[must_use]
    pub fn writable(&self, network: Network, account: &AccountName) -> Option<&PersonRow> {
        let is_it =
            |row: &&PersonRow| row.network == network && row.account == *account && row.writable;
        self.people.iter().find(is_it)
    }

    /// The connection of that id.
    #[must_use]
    pub fn connection(
        &self,
        network: Network,
        connection: &ConnectionId,
    ) -> Option<&ConnectionRow> {
        let is_it = |row: &&ConnectionRow| row.network == network && row.connection == *connection;
        self.connections.iter().find(is_it)
    }
}

/// A group that has a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// The network.
    pub network: Network,
    /// The group.
    pub chat: ChatId,
    /// The desk that works in it; `None`: customers and staff talk there, and the bot watches.
    pub desk: Option<DeskName>,
    /// It has topics.
    pub forum: bool,
    /// Who gave it its role.
    pub by: AccountName,
    /// When.
    pub at: Timestamp,
    /// Since when the bot is not in it any more.
    pub lost_at: Option<Timestamp>,
}

/// A person of a network who is an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The network.
    pub network: Network,
    /// The person.
    pub person: PersonId,
    /// The account.
    pub account: AccountName,
    /// The bot may write to them in private.
    pub writable: bool,
    /// Since when they are linked.
    pub at: Timestamp,
}

/// A business account's connection to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    /// The network.
    pub network: Network,
    /// The connection.
    pub connection: ConnectionId,
    /// Whose account it is.
    pub person: PersonId,
    /// Where that person can be written to.
    pub chat: ChatId,
    /// Whether an admin has accepted it.
    pub state: ConnectionState,
    /// It stands.
    pub is_enabled: bool,
    /// The bot may write in its chats.
    pub may_reply: bool,
    /// When it last changed.
    pub at: Timestamp,
}

/// Whether an admin has accepted a connection. Anybody can connect a bot to their account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// Nobody has decided yet: what comes over it is not looked at.
    Pending,
    /// It is ours.
    Accepted,
    /// It is not ours.
    Refused,
}

/// What a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PostKind {
    /// A callback's card in the desk's group.
    Card,
    /// What only a callback's claimer may see, in private.
    ForClaimer,
    /// What rings for a callback again, under its card, until something happens to it.
    Nudge,
    /// A customer's message, or Ringback's own line, shown to agents.
    Relayed,
    /// The message that an agent answered with, in the desk's group.
    Answer,
    /// Our message in the customer's chat.
    Carried,
    /// What a desk was told of a thread.
    Notice,
    /// A desk's queue card.
    Queue,
    /// An incident's card.
    Incident,
    /// Anything else that is told of a desk as a whole.
    Desk,
    /// The question whether a message was thanks.
    Doubt,
}

/// Something that stands in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// Its row.
    pub id: i64,
    /// Where.
    pub spot: Spot,
    /// In which topic.
    pub topic: Option<TopicId>,
    /// What it is.
    pub kind: PostKind,
    /// What its buttons say.
    pub token: Option<ButtonToken>,
    /// The thread that it belongs to.
    pub thread: Option<ThreadKey>,
    /// The callback that it is about.
    pub callback: Option<CallbackId>,
    /// The message that it shows or is.
    pub message: Option<MessageId>,
    /// The desk that it is for.
    pub desk: Option<DeskName>,
    /// The incident that it is about.
    pub incident: Option<IncidentId>,
    /// The notice that it tells.
    pub notice: Option<i64>,
    /// A digest of what it says.
    pub shows: Option<String>,
    /// When it was posted.
    pub at: Timestamp,
}

/// A callback with all that its chats need to know, as it stands at one moment.
#[derive(Debug)]
pub struct CallbackInChats {
    /// The callback.
    pub row: QueueRow,
    /// What stands of it, oldest first.
    pub posts: Vec<PostRow>,
    /// What tells its thread's notices that nobody need see to any more.
    pub over: Vec<PostRow>,
    /// The topic that its thread is relayed in.
    pub topic: Option<Room>,
    /// Whether one card stands for all of its desk's.
    pub is_pinned: bool,
    /// All accounts.
    pub accounts: Vec<AccountRow>,
}

/// Something that stands in a chat now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// Where.
    pub spot: Spot,
    /// In which topic.
    pub topic: Option<TopicId>,
    /// What it is.
    pub kind: PostKind,
    /// What its buttons say.
    pub token: Option<ButtonToken>,
    /// The thread that it belongs to.
    pub thread: Option<ThreadKey>,
    /// The callback that it is about.
    pub callback: Option<CallbackId>,
    /// The message that it shows or is.
    pub message: Option<MessageId>,
    /// The desk that it is for.
    pub desk: Option<DeskName>,
    /// The incident that it is about.
    pub incident: Option<IncidentId>,
    /// The notice that it tells.
    pub notice: Option<i64>,
    /// A digest of what it says.
    pub shows: Option<String>,
}

impl NewPost {
    /// A post that belongs to nothing yet.
    #[must_use]
    pub const fn new(spot: Spot, kind: PostKind) -> Self {
        Self {
            spot,
            topic: None,
            kind,
            token: None,
            thread: None,
            callback: None,
            message: None,
            desk: None,
            incident: None,
            notice: None,
            shows: None,
        }
    }
}

/// What stands in chats of a thread that goes: to be taken down there too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The messages.
    pub posts: Vec<StandingPost>,
    /// The topic that it was relayed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Room>,
}

/// One message that stands in a chat of a thread that goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingPost {
    /// Where.
    #[serde(flatten)]
    pub spot: Spot,
    /// In which topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
    /// We wrote it; else an agent did.
    pub ours: bool,
}

/// What came of speaking to a chat network, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// Something stands there now.
    Posted(NewPost),
    /// A post says something else now.
    Shows {
        /// Its row.
        post: i64,
        /// The digest of what it says.
        shows: String,
    },
    /// A post is there no more, or no longer of interest.
    Gone {
        /// Its row.
        post: i64,
    },
    /// A thread has a topic of its own.
    Topic {
        /// The thread.
        thread: ThreadKey,
        /// The topic.
        room: Room,
    },
    /// A thread's topic is there no more.
    TopicGone {
        /// The thread.
        thread: ThreadKey,
    },
    /// A group has another id now.
    GroupMoved {
        /// The network.
        network: Network,
        /// The id it had.
        from: ChatId,
        /// The id it has.
        to: ChatId,
    },
    /// The bot is not in a group any more.
    GroupLost {
        /// The network.
        network: Network,
        /// The group.
        chat: ChatId,
    },
    /// A person cannot be written to any more.
    PersonLost {
        /// The network.
        network: Network,
        /// The person.
        person: PersonId,
    },
}

/// What an agent was asked in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogueRow {
    /// What its buttons say.
    pub token: ButtonToken,
    /// Where it takes place.
    pub network: Network,
    /// In which chat.
    pub chat: ChatId,
    /// Who may answer; `None`: whoever may do it.
    pub person: Option<PersonId>,
    /// The question's message, once it stands.
    pub post: Option<PostId>,
    /// The thread that it is about.
    pub thread: Option<ThreadKey>,
    /// What is asked and what was answered so far: JSON of whoever asks.
    pub step: Private<String>,
    /// Until when it can be answered.
    pub until: Timestamp,
}

/// How far a message has come that we carry to its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarriedState {
    /// It is on its way.
    Waiting,
    /// It stands in the customer's chat.
    Arrived,
    /// It will not arrive.
    Failed,
    /// It was cut off in the middle: it may or may not have arrived.
    Unknown,
}

/// How far a message of ours has come, as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// How far.
    pub state: CarriedState,
    /// Why it did not arrive, without private text.
    pub reason: Option<String>,
}

/// A form that a message offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormOffer {
    /// The form.
    pub id: FormRequestId,
    /// What it is for.
    pub kind: FormKind,
}

/// A message with all that its bearer needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineToCarry {
    /// Who wrote it.
    pub from: Party,
    /// The writer's name, as customers know it: an agent's.
    pub name: Option<ShownName>,
    /// The text, masked.
    pub text: Private<String>,
    /// What came with it.
    pub attachment: Option<Attachment>,
    /// When it was written.
    pub at: Timestamp,
    /// The form that it offers, while it can be filled in.
    pub form: Option<FormOffer>,
    /// It asks whether a call helped, and nobody has said yet.
    pub asks_helped: bool,
    /// The thread's language, where it is known.
    pub language: Option<Language>,
    /// Where it stands already: as its writer wrote it, relayed, carried.
    pub posts: Vec<PostRow>,
}

/// Who a thread of a watched group is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The group, and the topic where it is a forum.
    pub room: Room,
    /// The person.
    pub person: PersonId,
    /// The name that a mention uses, in lower case and without `@`, where it is known.
    pub handle: Option<String>,
}

/// Where in a watched group something is said to the customer of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPlace {
    /// The group as it is now, and the topic.
    pub room: Room,
    /// The customer's newest message, to answer to.
    pub answers: Option<MessageId>,
}
