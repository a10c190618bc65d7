//! Where a thread's customer is written to: in private, through a Business account, or in a watched
//! group.

use teloxide::types::{
    BusinessConnectionId, ChatId, MessageId, Recipient, ReplyParameters, ThreadId,
};

use crate::{
    domain::{
        chat::Network,
        ids::{self, PersonId, PostId, ThreadKey, TopicId},
    },
    engine::{
        Handle, SendError,
        chat::rows::{ConnectionRow, ConnectionState, Directory, GroupPlace},
    },
    settings::ChannelKind,
};

/// A place to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::channels::telegram) struct Place {
    /// The chat.
    pub(in crate::channels::telegram) chat: ChatId,
    /// Over which Business account's connection.
    pub(in crate::channels::telegram) connection: Option<BusinessConnectionId>,
    /// In which topic.
    pub(in crate::channels::telegram) topic: Option<ThreadId>,
    /// In answer to which message.
    answers: Option<MessageId>,
}

impl Place {
    /// Where a thread's customer is, on a channel of that kind.
    ///
    /// # Errors
    /// When they cannot be written to now, and why in words for the desk.
    pub(in crate::channels::telegram) async fn of(
        kind: ChannelKind,
        thread: &ThreadKey,
        engine: &Handle,
    ) -> Result<Self, SendError> {
        match kind {
            ChannelKind::TelegramBusiness => in_business(thread, &engine.directory()),
            ChannelKind::TelegramGroup => {
                let place = engine.group_place(thread.clone()).await;
                let place = place.map_err(|_| SendError::Retry { after: None })?;
                place
                    .as_ref()
                    .and_then(in_group)
                    .ok_or_else(|| permanent("the group of this thread is not known any more"))
            }
            ChannelKind::Telegram | ChannelKind::Api | ChannelKind::Webchat => {
                let chat = thread.thread.as_str().parse().map(ChatId);
                let chat = chat.map_err(|_| permanent("this thread is no chat of Telegram's"))?;
                Ok(Self::private(chat, None))
            }
        }
    }

    const fn private(chat: ChatId, connection: Option<BusinessConnectionId>) -> Self {
        Self {
            chat,
            connection,
            topic: None,
            answers: None,
        }
    }

    /// The chat, as payloads want it.
    pub(in crate::channels::telegram) const fn recipient(&self) -> Recipient {
        Recipient::Id(self.chat)
    }

    /// What is answered. It may be gone by now; that is no reason not to answer.
    pub(in crate::channels::telegram) fn reply(&self) -> Option<ReplyParameters> {
        self.answers.map(|message_id| ReplyParameters {
            message_id,
            allow_sending_without_reply: Some(true),
            ..ReplyParameters::default()
        })
    }
}

/// What cannot be done.
pub(in crate::channels::telegram) fn permanent(reason: &str) -> SendError {
    SendError::Permanent {
        reason: reason.to_owned(),
    }
}

/// `b{owner}:{chat}`: that chat of that Business account's.
fn in_business(thread: &ThreadKey, directory: &Directory) -> Result<Place, SendError> {
    let (owner, chat) = business(thread)
        .ok_or_else(|| permanent("this thread is no chat of a Business account's"))?;
    let connection = connection_of(&owner, directory)
        .ok_or_else(|| permanent("the Business account is not connected to the bot any more"))?;
    if !connection.may_reply {
        return Err(permanent(
            "the bot may not write in this Business account's chats: allow it in Telegram's \
             settings, under Business, Chatbots",
        ));
    }
    let id = BusinessConnectionId(connection.connection.as_str().to_owned());
    Ok(Place::private(chat, Some(id)))
}

fn business(thread: &ThreadKey) -> Option<(PersonId, ChatId)> {
    let (owner, chat) = thread.thread.as_str().strip_prefix('b')?.split_once(':')?;
    Some((PersonId::parse(owner).ok()?, ChatId(chat.parse().ok()?)))
}

/// The newest connection of an account that is ours and stands.
fn connection_of<'a>(owner: &PersonId, directory: &'a Directory) -> Option<&'a ConnectionRow> {
    let stands = |row: &&ConnectionRow| {
        row.network == Network::Telegram
            && row.person == *owner
            && row.state == ConnectionState::Accepted
            && row.is_enabled
    };
    let all = directory.connections.iter().filter(stands);
    all.max_by_key(|row| (row.may_reply, row.at))
}

fn in_group(place: &GroupPlace) -> Option<Place> {
    let topic = place.room.topic.as_ref().map(TopicId::as_str);
    let answers = place.answers.as_ref().map(ids::MessageId::as_str);
    Some(Place {
        chat: ChatId(place.room.chat.as_str().parse().ok()?),
        connection: None,
        topic: topic.and_then(message).map(ThreadId),
        answers: answers.and_then(message),
    })
}

/// The private chat that a message of ours stands in; `None` if it is a group.
pub(in crate::channels::telegram) fn chat_of(thread: &ThreadKey) -> Option<ChatId> {
    let own = || thread.thread.as_str().parse().ok().map(ChatId);
    business(thread).map(|(_, chat)| chat).or_else(own)
}

/// A post's id as Telegram's.
pub(in crate::channels::telegram) fn post(id: &PostId) -> Option<MessageId> {
    message(id.as_str())
}

fn message(id: &str) -> Option<MessageId> {
    id.parse().ok().map(MessageId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{ChannelName, ConnectionId, ThreadId as Thread},
        time::Timestamp,
    };

    fn thread(id: &str) -> ThreadKey {
        ThreadKey {
            channel: ChannelName::parse("business").unwrap(),
            thread: Thread::parse(id).unwrap(),
        }
    }

    fn connected(state: ConnectionState, is_enabled: bool, may_reply: bool) -> Directory {
        let row = ConnectionRow {
            network: Network::Telegram,
            connection: ConnectionId::parse("conn").unwrap(),
            person: PersonId::parse("5").unwrap(),
            chat: ids::ChatId::parse("5").unwrap(),
            state,
            is_enabled,
            may_reply,
            at: Timestamp::UNIX_EPOCH,
        };
        Directory {
            connections: vec![row],
            ..Directory::default()
        }
    }

    #[test]
    fn a_business_chat_is_written_to_over_its_accounts_connection() {
        let directory = connected(ConnectionState::Accepted, true, true);
        let place = in_business(&thread("b5:77"), &directory).unwrap();
        assert_eq!(place.chat, ChatId(77));
        assert_eq!(
            place.connection,
            Some(BusinessConnectionId("conn".to_owned()))
        );
    }

    #[test]
    fn a_connection_that_does_not_stand_is_not_written_over() {
        use ConnectionState as S;
        for directory in [
            connected(S::Pending, true, true),
            connected(S::Refused, true, true),
            connected(S::Accepted, false, true),
            Directory::default(),
        ] {
            let refused = in_business(&thread("b5:77"), &directory).unwrap_err();
            assert!(refused.to_string().contains("not connected"), "{refused}");
        }
        let directory = connected(S::Accepted, true, false);
        let refused = in_business(&thread("b5:77"), &directory).unwrap_err();
        assert!(refused.to_string().contains("may not write"), "{refused}");
        let directory = connected(S::Accepted, true, true);
        assert!(in_business(&thread("b6:77"), &directory).is_err());
        assert!(in_business(&thread("77"), &directory).is_err());
    }
}
