//! What agents were asked in a chat and have not answered yet.

use rusqlite::Row;

use crate::{
    domain::{
        chat::Network,
        ids::{ButtonToken, ChatId, PersonId, PostId, ThreadKey},
        private::Private,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::chat::DialogueRow,
        sqlite::{
            reads::{Reads, first},
            words::{Columns, Word, micros},
            writer::Writer,
        },
    },
};

/// Every column that [`dialogue_row`] wants of the dialogues `d`.
macro_rules! dialogue {
    ($where:literal) => {
        concat!(
            "SELECT d.*, t.channel, t.thread FROM dialogues d
             LEFT JOIN threads t ON t.id = d.thread_id ",
            $where
        )
    };
}

impl Reads {
    /// The dialogue whose buttons say so; also one whose time is over.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn dialogue(&self, token: ButtonToken) -> Result<Option<DialogueRow>, StoreError> {
        self.query(move |db| {
            first(
                db,
                dialogue!("WHERE d.token = ?1"),
                [token.as_str()],
                dialogue_row,
            )
        })
        .await
    }

    /// The dialogue that a message of a chat asked.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn dialogue_at(
        &self,
        network: Network,
        chat: ChatId,
        post: PostId,
    ) -> Result<Option<DialogueRow>, StoreError> {
        self.query(move |db| {
            let sql = dialogue!("WHERE d.network = ?1 AND d.chat = ?2 AND d.message = ?3");
            first(
                db,
                sql,
                (network.word(), chat.as_str(), post.as_str()),
                dialogue_row,
            )
        })
        .await
    }

    /// The newest dialogue of one person in a chat.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn dialogue_of(
        &self,
        network: Network,
        chat: ChatId,
        person: PersonId,
    ) -> Result<Option<DialogueRow>, StoreError> {
        self.query(move |db| {
            let sql = dialogue!(
                "WHERE d.network = ?1 AND d.chat = ?2 AND d.person = ?3
                 ORDER BY d.until DESC LIMIT 1"
            );
            first(
                db,
                sql,
                (network.word(), chat.as_str(), person.as_str()),
                dialogue_row,
            )
        })
        .await
    }
}

impl Writer {
    /// Keeps a dialogue as it stands now, in the place of what it was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_dialogue(&self, dialogue: &DialogueRow) -> Result<(), StoreError> {
        let thread = dialogue.thread.as_ref();
        self.run(
            "INSERT OR REPLACE INTO dialogues (token, network, chat, person, message, thread_id,
                 step, until)
             VALUES (?1, ?2, ?3, ?4, ?5,
                 (SELECT id FROM threads WHERE channel = ?6 AND thread = ?7), ?8, ?9)",
            (
                dialogue.token.as_str(),
                dialogue.network.word(),
                dialogue.chat.as_str(),
                dialogue.person.as_ref().map(PersonId::as_str),
                dialogue.post.as_ref().map(PostId::as_str),
                thread.map(|thread| thread.channel.as_str()),
                thread.map(|thread| thread.thread.as_str()),
                dialogue.step.reveal(),
                micros(dialogue.until),
            ),
        )?;
        Ok(())
    }

    /// Ends a dialogue. False if it had ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_dialogue(&self, token: &ButtonToken) -> Result<bool, StoreError> {
        Ok(self.run("DELETE FROM dialogues WHERE token = ?1", [token.as_str()])? > 0)
    }

    /// Forgets up to `most` dialogues whose time was over before `before`. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_dialogues(
        &self,
        before: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM dialogues WHERE token IN
                 (SELECT token FROM dialogues WHERE until < ?1 LIMIT ?2)",
            (micros(before), most),
        )
    }
}

fn dialogue_row(row: &Row<'_>) -> Result<DialogueRow, StoreError> {
    let channel = row.id_if_any("channel")?;
    let thread = row.id_if_any("thread")?;
    Ok(DialogueRow {
        token: row.id("token")?,
        network: row.word("network")?,
        chat: row.id("chat")?,
        person: row.id_if_any("person")?,
        post: row.id_if_any("message")?,
        thread: channel
            .zip(thread)
            .map(|(channel, thread)| ThreadKey { channel, thread }),
        step: Private::new(row.get("step")?),
        until: row.time("until")?,
    })
}
