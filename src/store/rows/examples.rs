//! Labelled examples: what people said or showed of a reading, and what they are asked of one. Plain
//! data; it knows no SQL.

use crate::{
    domain::{
        ids::{Author, ChannelName, DeskName, MessageId, ThreadId},
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    store::rows::people::Profile,
};

/// What showed whether a message was thanks, besides a correction of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExampleSource {
    /// It was taken for thanks, and the customer came back: it is not solved.
    CameBack,
    /// It was taken for thanks, and the customer says that we did not help.
    NotHelped,
    /// It was not taken for thanks, and the agent whom it rang says that it is.
    KeptTyping,
    /// It was taken for thanks, and an agent has looked: it is.
    Checked,
}

/// A message with what people said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleRow {
    /// Which of its source's it is.
    pub number: i64,
    /// What showed it; `None`: a correction.
    pub source: Option<ExampleSource>,
    /// Whether it is thanks.
    pub thanks: bool,
    /// When it was said.
    pub at: Timestamp,
    /// When the message was written.
    pub written_at: Timestamp,
    /// Its text, masked.
    pub text: Private<String>,
    /// Our newest message before it in its case, masked.
    pub previous: Option<Private<String>>,
    /// The language that it was read in.
    pub language: Option<String>,
    /// What its customer is called: handle and name.
    pub customer: Vec<Private<String>>,
    /// What the writer of our message before is called.
    pub agent: Vec<Private<String>>,
}

/// A message of which a desk is asked whether it was thanks.
#[derive(Debug, Clone, PartialEq)]
pub struct DoubtRow {
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The message.
    pub message: MessageId,
    /// The desk that is asked.
    pub desk: DeskName,
    /// The customer, once known.
    pub author: Option<Author>,
    /// What is known of them.
    pub profile: Option<Profile>,
    /// Its text, masked.
    pub text: Private<String>,
    /// The thread's language, once a message told it.
    pub language: Option<Language>,
    /// When it was written.
    pub at: Timestamp,
}
