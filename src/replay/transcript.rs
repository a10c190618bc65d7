//! A stored message in the replay format, so that what was kept can be replayed. The keys stand
//! in the order of SPEC's example.

use serde::Serialize;

use crate::domain::{
    ids::{Author, ChannelName, MessageId, Tag, ThreadId},
    message::{Party, Visibility},
    private::Private,
    reading::Language,
    time::Timestamp,
};

/// One line of a transcript.
#[derive(Debug, Clone, Serialize)]
pub struct TranscriptLine {
    /// Its channel.
    pub channel: ChannelName,
    /// Its thread.
    pub thread: ThreadId,
    /// Its id within the thread.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Party,
    /// The writer's handle, which tells whose threads belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The text, masked.
    pub text: Private<String>,
    /// When it was written.
    pub at: Timestamp,
    /// Who can see it.
    pub visibility: Visibility,
    /// The language, where the network gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Language>,
    /// What it was marked with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}
