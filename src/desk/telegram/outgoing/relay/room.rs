//! Where a customer's messages stand in a desk's group: in a topic of their own, made when it is needed
//! and made anew when somebody deleted it, or among everything else.

use serde::{Serialize, de::DeserializeOwned};
use teloxide::{
    payloads::{CreateForumTopic, ReopenForumTopic},
    requests::Payload,
    types::{ChatId, MessageId, ThreadId},
};

use super::{Shown, unread, words};
use crate::{
    channels::telegram::{Failure, Lane, Turn},
    desk::telegram::outgoing::Outgoing,
    domain::{chat, ids::TopicId},
    engine::{
        Handle, OutboxItem, SendError,
        chat::rows::{GroupRow, Trace},
    },
    settings::ChannelKind,
};

/// How often a room is looked for again that is not as we thought.
const TRIES: u8 = 3;
/// When to try again in a group that has just got another id.
const MOVED_AFTER: std::time::Duration = std::time::Duration::from_secs(1);

/// A group, or one of its topics.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// The group.
    pub(super) chat: ChatId,
    /// The topic.
    pub(super) topic: Option<ThreadId>,
}

impl Room {
    /// It is this customer's alone: who writes need not be said.
    pub(super) const fn is_own(&self) -> bool {
        self.topic.is_some()
    }

    /// The topic as we keep it.
    pub(super) fn topic_id(&self) -> Option<TopicId> {
        let ThreadId(MessageId(topic)) = self.topic?;
        TopicId::parse(&topic.to_string()).ok()
    }
}

impl Outgoing {
    /// Posts what `draw` makes in a thread's room; `None`: the bot is not in the group any more.
    pub(super) async fn in_room<P>(
        &self,
        item: &OutboxItem,
        engine: &Handle,
        group: &GroupRow,
        shown: &Shown<'_>,
        traces: &mut Vec<Trace>,
        draw: impl Fn(&Room) -> P,
    ) -> Result<Option<(P::Output, Room)>, SendError>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let Ok(chat) = group.chat.as_str().parse().map(ChatId) else {
            return Ok(None);
        };
        let mut room = self.room(engine, group, chat, shown, traces).await?;
        for _ in 0..TRIES {
            let turn = Turn {
                chat,
                item: &item.id,
                lane: Lane::Behind,
            };
            match self.bot.send(turn, draw(&room)).await {
                Ok(sent) => return Ok(Some((sent, room))),
                Err(Failure::TopicGone) if room.topic.is_some() => {
                    room = self.new_room(engine, group, chat, shown, traces).await?;
                }
                Err(Failure::TopicClosed) if room.topic.is_some() => {
                    self.reopen(&mut room).await;
                }
                Err(failure) => return gone(failure, group, traces),
            }
        }
        Err(SendError::Retry { after: None })
    }

    async fn room(
        &self,
        engine: &Handle,
        group: &GroupRow,
        chat: ChatId,
        shown: &Shown<'_>,
        traces: &mut Vec<Trace>,
    ) -> Result<Room, SendError> {
        if !group.forum {
            return Ok(Room { chat, topic: None });
        }
        let known = engine.topic_of(shown.thread.clone());
        let known = known.await.map_err(unread)?;
        let known = known.filter(|room| room.chat == group.chat);
        let topic = known.and_then(|room| room.topic?.as_str().parse().ok());
        match topic {
            Some(topic) => Ok(Room {
                chat,
                topic: Some(ThreadId(MessageId(topic))),
            }),
            None => self.new_room(engine, group, chat, shown, traces).await,
        }
    }

    /// Makes a topic. Where the bot may not, the group as a whole has to do.
    async fn new_room(
        &self,
        engine: &Handle,
        group: &GroupRow,
        chat: ChatId,
        shown: &Shown<'_>,
        traces: &mut Vec<Trace>,
    ) -> Result<Room, SendError> {
        let mut name = words::topic(&words::name_of(engine, shown.thread).await?);
        if shown.kind == ChannelKind::TelegramBusiness {
            name.push_str(words::OF_BUSINESS);
        }
        let mut room = Room { chat, topic: None };
        match self.bot.ask(CreateForumTopic::new(chat, name)).await {
            Ok(topic) => room.topic = Some(topic.thread_id),
            Err(error @ (Failure::RightMissing | Failure::Refused(_) | Failure::TopicGone)) => {
                tracing::warn!(%error, "a customer has no topic in the desk's Telegram group");
                return Ok(room);
            }
            // A second empty topic is a lesser evil than a message that nobody sees.
            Err(Failure::Unknown) => return Err(SendError::Retry { after: None }),
            Err(failure) => {
                gone::<()>(failure, group, traces)?;
                return Ok(room);
            }
        }
        let made = Trace::Topic {
            thread: shown.thread.clone(),
            room: chat::Room {
                network: group.network,
                chat: group.chat.clone(),
                topic: room.topic_id(),
            },
        };
        // At once: after a kill an empty topic that is nobody's would be left, and a second one made.
        let kept = engine.keep_traces(vec![made]).await;
        kept.map_err(|_| SendError::Retry { after: None })?;
        Ok(room)
    }

    async fn reopen(&self, room: &mut Room) {
        let Some(topic) = room.topic else { return };
        let reopened = self.bot.ask(ReopenForumTopic::new(room.chat, topic)).await;
        if let Err(error) = reopened {
            tracing::warn!(%error, "a customer's topic is closed and cannot be opened again");
            room.topic = None;
        }
    }
}

/// What it means for the group that something could not be posted there.
fn gone<T>(
    failure: Failure,
    group: &GroupRow,
    traces: &mut Vec<Trace>,
) -> Result<Option<T>, SendError> {
    match failure {
        Failure::Moved(to) => {
            if let Ok(to) = crate::domain::ids::ChatId::parse(&to.to_string()) {
                traces.push(Trace::GroupMoved {
                    network: group.network,
                    from: group.chat.clone(),
                    to,
                });
            }
            Err(SendError::Later { after: MOVED_AFTER })
        }
        Failure::ChatGone => {
            traces.push(Trace::GroupLost {
                network: group.network,
                chat: group.chat.clone(),
            });
            Ok(None)
        }
        failure => Err(failure.into()),
    }
}
