//! Which chats there are. A chat is no thread state: its thread begins, like any other, with the
//! first message that is submitted. The writer keeps it all the same, as the only one who writes.

use super::{EngineError, Handle};
use crate::{
    domain::ids::ThreadKey,
    store::rows::webchat::{ChatHash, ChatId},
};

impl Handle {
    /// Keeps that the token of that hash opens a thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn start_chat(&self, hash: ChatHash, thread: ThreadKey) -> Result<(), EngineError> {
        self.with_rules(move |work, _| work.store.insert_chat(hash, &thread, work.now))
            .await
    }

    /// Keeps that a chat's page has connected.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn chat_seen(&self, id: ChatId) -> Result<(), EngineError> {
        self.with_rules(move |work, _| work.store.chat_seen(id, work.now))
            .await
    }
}
