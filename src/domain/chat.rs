//! Chat networks in which agents work and customers write: where something stands there. The ids are
//! the network's own, as text.

use serde::{Deserialize, Serialize};

use super::ids::{ChatId, PostId, TopicId};

/// A chat network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// Telegram.
    Telegram,
}

/// A chat, or one topic of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Room {
    /// The network.
    pub network: Network,
    /// The chat.
    pub chat: ChatId,
    /// The topic, in a forum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
}

/// Where somebody wrote something in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Written {
    /// The message.
    pub spot: Spot,
    /// Its topic, in a forum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
}

/// One message in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// The network.
    pub network: Network,
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub post: PostId,
}
