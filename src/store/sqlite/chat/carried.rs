//! How far messages have come that we carry to their customers, and what a bearer needs to know of one.

use rusqlite::{Connection, Row};

use super::posts::post_row;
use crate::{
    domain::{
        form::FormRequestId,
        ids::{MessageId, ThreadKey},
        reading::Language,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::chat::{Carried, CarriedState, FormOffer, LineToCarry},
        sqlite::{
            reads::{Reads, all, first},
            words::{Columns, Word, micros},
            writer::Writer,
        },
    },
};

impl Writer {
    /// Keeps how far a message has come, by its row.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_carried(
        &self,
        message: i64,
        thread: i64,
        state: CarriedState,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO carried (message_id, thread_id, state, reason, at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (message_id) DO UPDATE SET state = excluded.state,
                 reason = excluded.reason, at = excluded.at",
            (message, thread, state.word(), reason, micros(now)),
        )?;
        Ok(())
    }

    /// How far a message has come, by its row; `None` if it is not ours to carry.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn carried(&self, message: i64) -> Result<Option<CarriedState>, StoreError> {
        let sql = "SELECT state FROM carried WHERE message_id = ?1";
        self.first(sql, [message], |row| row.word("state"))
    }
}

/// How far a message has come, by its row, with why; `None` if it is not ours to carry.
pub(in crate::store::sqlite) fn carried(
    db: &Connection,
    message: i64,
) -> Result<Option<Carried>, StoreError> {
    let sql = "SELECT state, reason FROM carried WHERE message_id = ?1";
    first(db, sql, [message], |row| {
        Ok(Carried {
            state: row.word("state")?,
            reason: row.get("reason")?,
        })
    })
}

impl Reads {
    /// A message with all that its bearer needs to know; `None` if there is none.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn line_to_carry(
        &self,
        thread: ThreadKey,
        message: MessageId,
    ) -> Result<Option<LineToCarry>, StoreError> {
        self.query(move |db| {
            let of = (
                thread.channel.as_str(),
                thread.thread.as_str(),
                message.as_str(),
            );
            let found = first(db, LINE, of, |row| Ok((row.get("id")?, line(row)?)))?;
            let Some((id, mut line)) = found else {
                return Ok(None);
            };
            line.posts = posts(db, id)?;
            Ok(Some(line))
        })
        .await
    }
}

const LINE: &str = "SELECT m.id, m.party, m.text, m.attachment, m.at, a.shown_as,
         f.id AS form_id, f.purpose AS form_purpose,
         q.callback_id IS NOT NULL AND q.helped IS NULL AS asks_helped,
         t.state -> '$.context.language' AS language
     FROM threads t JOIN messages m ON m.thread_id = t.id
     LEFT JOIN accounts a ON m.party = 'agent' AND a.name = m.author
     LEFT JOIN form_requests f ON f.message_id = m.id AND f.state IN ('sent', 'opened')
     LEFT JOIN satisfaction q ON q.message_id = m.id
     WHERE t.channel = ?1 AND t.thread = ?2 AND m.message = ?3";

fn posts(
    db: &Connection,
    message: i64,
) -> Result<Vec<crate::store::rows::chat::PostRow>, StoreError> {
    let sql = "SELECT p.*, t.channel AS of_channel, t.thread AS of_thread, m.message AS message_id
         FROM posts p JOIN messages m ON m.id = p.of_message JOIN threads t ON t.id = m.thread_id
         WHERE p.of_message = ?1 ORDER BY p.id";
    all(db, sql, [message], post_row)
}

fn offer(row: &Row<'_>) -> Result<Option<FormOffer>, StoreError> {
    let Some(id) = row.get::<_, Option<i64>>("form_id")? else {
        return Ok(None);
    };
    Ok(Some(FormOffer {
        id: FormRequestId(id),
        kind: row.word("form_purpose")?,
    }))
}

fn line(row: &Row<'_>) -> Result<LineToCarry, StoreError> {
    Ok(LineToCarry {
        from: row.word("party")?,
        name: row.id_if_any("shown_as")?,
        text: row.get::<_, String>("text")?.into(),
        attachment: row.word_if_any("attachment")?,
        at: row.time("at")?,
        form: offer(row)?,
        asks_helped: row.get("asks_helped")?,
        language: row.json_if_any::<Option<Language>>("language")?.flatten(),
        posts: Vec::new(),
    })
}
