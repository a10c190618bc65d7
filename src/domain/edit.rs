//! An edit of a message by its author, as the world hands it in.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ids::{MessageId, ThreadKey},
    private::Private,
    record::{InvalidMessage, fail, message_text, required, thread_key, time},
    time::Timestamp,
};

/// A change of a message's text by its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The thread.
    pub thread: ThreadKey,
    /// The message.
    pub message: MessageId,
    /// The edit's own id within the thread: the same one again changes nothing.
    pub edit: MessageId,
    /// The new text, whole.
    pub text: Private<String>,
    /// When it was edited.
    pub at: Timestamp,
}

/// An edit as the world hands it in, not yet checked. Unknown keys are ignored, null is absent.
///
/// The fields are loose for the same reason as [`MessageRecord`](super::record::MessageRecord)'s.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = Edit, description = "One edit. Unknown keys are ignored, null is absent.")]
pub struct EditRecord {
    /// The message's channel.
    #[schema(value_type = String, required = true, example = "chat")]
    channel: Option<Private<Value>>,
    /// The message's thread.
    #[schema(value_type = String, required = true, example = "t1")]
    thread: Option<Private<Value>>,
    /// The message's id within the thread.
    #[schema(value_type = String, required = true, example = "m1")]
    id: Option<Private<Value>>,
    /// The edit's own id within the thread, at most 256 bytes.
    #[schema(value_type = String, required = true, example = "m1-a")]
    edit: Option<Private<Value>>,
    /// What stands there now, whole.
    #[schema(value_type = String, required = true, example = "My bill of May is wrong")]
    text: Option<Private<Value>>,
    /// When it was edited; when it arrived unless said.
    #[schema(value_type = String, format = DateTime, required = false)]
    at: Option<Private<Value>>,
}

impl EditRecord {
    /// Checks every field. Where `at` is absent it is `now`.
    ///
    /// # Errors
    /// The first field that is missing or wrong.
    pub fn into_edit(self, now: Timestamp) -> Result<Edit, InvalidMessage> {
        let thread = thread_key(self.channel, self.thread)?;
        let message_id = |value| required(value).and_then(|text| Ok(MessageId::parse(&text)?));
        let message = message_id(self.id).map_err(fail("id"))?;
        let edit = message_id(self.edit).map_err(fail("edit"))?;
        let text = message_text(self.text)?;
        let at = time(self.at)?.unwrap_or(now);
        Ok(Edit {
            thread,
            message,
            edit,
            text,
            at,
        })
    }
}
