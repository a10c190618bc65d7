//! Takes down what stands of a thread that is gone: its topic, and what was posted of it elsewhere.

use teloxide::{
    payloads::DeleteForumTopic,
    types::{MessageId, ThreadId},
};

use super::{Telling, chat::number};
use crate::{domain::ids::TopicId, engine::SendError, store::rows::chat::Standing};

/// What stands where a message cannot be deleted any more.
const BARE: &str = "Deleted.";

pub(super) async fn take_down(
    telling: &mut Telling<'_>,
    standing: &Standing,
) -> Result<(), SendError> {
    if let Some(room) = &standing.topic
        && let Some(topic) = room.topic.as_ref().and_then(thread_id)
    {
        let delete = DeleteForumTopic::new(number(&room.chat)?, topic);
        telling.try_to(delete).await?;
    }
    for post in &standing.posts {
        telling
            .take_down(&post.spot, post.ours.then_some(BARE))
            .await?;
    }
    Ok(())
}

fn thread_id(topic: &TopicId) -> Option<ThreadId> {
    topic.as_str().parse().ok().map(MessageId).map(ThreadId)
}
