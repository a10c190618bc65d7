//! Web chats: which token opens which thread, and what its customer may read there. A thread's
//! readings, decisions and notes are none of the customer's business and are not asked for here.

use rusqlite::Row;

use super::{
    reads::{Reads, all, first},
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        form::FormRequestId,
        ids::{MessageId, ThreadKey},
        reading::Language,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            forms::OfferedForm,
            webchat::{ChatHash, ChatId, ChatLine, ChatRow, HelpedQuestion},
        },
    },
};

impl Writer {
    /// Keeps a new chat.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_chat(
        &self,
        hash: ChatHash,
        thread: &ThreadKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO chats (hash, channel, thread, made_at, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?4)",
            (
                hash.0,
                thread.channel.as_str(),
                thread.thread.as_str(),
                micros(now),
            ),
        )?;
        Ok(())
    }

    /// Keeps that a chat's page has connected.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn chat_seen(&self, id: ChatId, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE chats SET seen_at = ?2 WHERE id = ?1",
            (id.0, micros(now)),
        )?;
        Ok(())
    }
}

impl Reads {
    /// The chat that a token opens.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn chat(&self, hash: ChatHash) -> Result<Option<ChatRow>, StoreError> {
        self.query(move |db| {
            first(
                db,
                "SELECT * FROM chats WHERE hash = ?1",
                [hash.0],
                chat_row,
            )
        })
        .await
    }

    /// What the customer of a thread sees, in order of arrival: at most `limit` lines after the one
    /// of that number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn chat_lines(
        &self,
        key: ThreadKey,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ChatLine>, StoreError> {
        self.query(move |db| {
            let (channel, thread) = (key.channel.as_str(), key.thread.as_str());
            all(db, LINES, (channel, thread, after, limit), chat_line)
        })
        .await
    }

    /// Those of the lines up to `line` that have changed since the change of that number, in order
    /// of their changes: at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changed_chat_lines(
        &self,
        key: ThreadKey,
        since: i64,
        line: i64,
        limit: u32,
    ) -> Result<Vec<ChatLine>, StoreError> {
        self.query(move |db| {
            let (channel, thread) = (key.channel.as_str(), key.thread.as_str());
            all(
                db,
                CHANGED,
                (channel, thread, since, line, limit),
                chat_line,
            )
        })
        .await
    }

    /// One message as the customer of its thread sees it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn chat_line(
        &self,
        key: ThreadKey,
        message: MessageId,
    ) -> Result<Option<ChatLine>, StoreError> {
        self.query(move |db| {
            let (channel, thread) = (key.channel.as_str(), key.thread.as_str());
            first(db, LINE, (channel, thread, message.as_str()), chat_line)
        })
        .await
    }
}

/// What [`chat_line`] wants of the messages `m`, and where to look for them.
macro_rules! line {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT m.id, m.message, m.party, m.text, m.at, m.edited_at, m.change, a.shown_as,
                 f.id AS form_id, f.purpose AS form_kind, f.state AS form_state, q.callback_id AS asks_of, q.helped,
                 d.reading -> '$.language' AS language
             FROM ",
            $from,
            " LEFT JOIN accounts a ON m.party = 'agent' AND a.name = m.author
             LEFT JOIN decisions d ON d.message_id = m.id
             LEFT JOIN form_requests f ON f.message_id = m.id
             LEFT JOIN satisfaction q ON q.message_id = m.id ",
            $where
        )
    };
}

/// The page is found in the index of the thread's messages alone, however long the table is.
const LINES: &str = line!(
    "(SELECT m.id FROM threads t JOIN messages m ON m.thread_id = t.id
      WHERE t.channel = ?1 AND t.thread = ?2 AND m.id > ?3 ORDER BY m.id LIMIT ?4) page
     CROSS JOIN messages m ON m.id = page.id",
    "ORDER BY page.id"
);

const CHANGED: &str = line!(
    "threads t JOIN messages m ON m.thread_id = t.id",
    "WHERE t.channel = ?1 AND t.thread = ?2 AND m.change > ?3 AND m.id <= ?4
     ORDER BY m.change LIMIT ?5"
);

const LINE: &str = line!(
    "threads t JOIN messages m ON m.thread_id = t.id",
    "WHERE t.channel = ?1 AND t.thread = ?2 AND m.message = ?3"
);

fn chat_row(row: &Row<'_>) -> Result<ChatRow, StoreError> {
    Ok(ChatRow {
        id: ChatId(row.get("id")?),
        thread: ThreadKey {
            channel: row.id("channel")?,
            thread: row.id("thread")?,
        },
        seen_at: row.time("seen_at")?,
    })
}

fn chat_line(row: &Row<'_>) -> Result<ChatLine, StoreError> {
    Ok(ChatLine {
        id: row.get("id")?,
        message: row.id("message")?,
        from: row.word("party")?,
        name: row.id_if_any("shown_as")?,
        text: row.get::<_, String>("text")?.into(),
        language: row.json_if_any::<Option<Language>>("language")?.flatten(),
        at: row.time("at")?,
        edited_at: row.time_if_any("edited_at")?,
        form: offered_form(row)?,
        question: helped_question(row)?,
        change: row.get::<_, Option<i64>>("change")?.unwrap_or_default(),
    })
}

fn offered_form(row: &Row<'_>) -> Result<Option<OfferedForm>, StoreError> {
    let id: Option<i64> = row.get("form_id")?;
    let form = id.map(|id| {
        Ok(OfferedForm {
            id: FormRequestId(id),
            kind: row.word("form_kind")?,
            state: row.word("form_state")?,
        })
    });
    form.transpose()
}

fn helped_question(row: &Row<'_>) -> Result<Option<HelpedQuestion>, StoreError> {
    let asks: Option<i64> = row.get("asks_of")?;
    Ok(match asks {
        Some(_) => Some(HelpedQuestion {
            helped: row.get("helped")?,
        }),
        None => None,
    })
}
