//! A stored message in the replay format, so that what was kept can be replayed. The keys stand
//! in the order of SPEC's example.

use serde::Serialize;

use crate::domain::{
    ids::{Author, ChannelName, MessageId, Tag, ThreadId},
    message::{Message, Party, Visibility},
    private::Private,
    reading::Language,
    time::Timestamp,
};

/// One line of a transcript. Whoever builds it has masked the text.
#[derive(Debug, Clone, Serialize)]
pub struct TranscriptLine<'m> {
    channel: &'m ChannelName,
    thread: &'m ThreadId,
    id: &'m MessageId,
    from: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'m Author>,
    text: &'m Private<String>,
    at: Timestamp,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<Language>,
    #[serde(skip_serializing_if = "<[Tag]>::is_empty")]
    tags: &'m [Tag],
}

impl<'m> From<&'m Message> for TranscriptLine<'m> {
    fn from(message: &'m Message) -> Self {
        Self {
            channel: &message.thread.channel,
            thread: &message.thread.thread,
            id: &message.id,
            from: message.from,
            author: message.author.as_ref(),
            text: &message.text,
            at: message.at,
            visibility: message.visibility,
            lang: message.language,
            tags: &message.tags,
        }
    }
}
