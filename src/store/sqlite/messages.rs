//! What the writer keeps of a message: its masked text, and for good what was decided of it.

use rusqlite::Row;

use super::{
    words::{Columns, Word, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{Author, ChannelName, MessageId, ThreadId, ThreadKey},
        message::Message,
        reading::Evidence,
        record::{Confidence, DecisionRecord},
        time::Timestamp,
    },
    store::StoreError,
};

impl Writer {
    /// Keeps a message; `text` is its masked text. `None` if the thread has one of that id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_message(
        &self,
        thread: i64,
        message: &Message,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let tags = (!message.tags.is_empty())
            .then(|| json(&message.tags, "messages.tags"))
            .transpose()?;
        let inserted = self.run(
            "INSERT INTO messages (thread_id, message, party, author, text, at, visibility,
                 language, tags, received_at, attachment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (thread_id, message) DO NOTHING",
            (
                thread,
                message.id.as_str(),
                message.from.word(),
                message.author.as_ref().map(Author::reveal),
                text,
                micros(message.at),
                message.visibility.word(),
                message.language.as_ref().map(|language| language.as_str()),
                tags,
                micros(now),
                message.attachment.map(Word::word),
            ),
        )?;
        Ok((inserted > 0).then(|| self.connection.last_insert_rowid()))
    }

    /// Who wrote a message of a thread, as far as it says.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn author_of(
        &self,
        thread: i64,
        message: &MessageId,
    ) -> Result<Option<Author>, StoreError> {
        let author = self.first(
            "SELECT author FROM messages WHERE thread_id = ?1 AND message = ?2",
            (thread, message.as_str()),
            |row| row.id_if_any("author"),
        )?;
        Ok(author.flatten())
    }

    /// The customer's newest message of a thread, else the newest of anybody's, and when it was
    /// written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn newest_message(
        &self,
        thread: i64,
    ) -> Result<Option<(MessageId, Timestamp)>, StoreError> {
        let newest = |sql| {
            self.first(sql, [thread], |row| {
                Ok((row.id("message")?, row.time("at")?))
            })
        };
        let customers = newest(
            "SELECT message, at FROM messages WHERE thread_id = ?1 AND party = 'customer'
             ORDER BY id DESC LIMIT 1",
        )?;
        match customers {
            Some(newest) => Ok(Some(newest)),
            None => newest(
                "SELECT message, at FROM messages WHERE thread_id = ?1 ORDER BY id DESC LIMIT 1",
            ),
        }
    }

    /// Keeps what was decided of a message, for good.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_decision(
        &self,
        message: i64,
        record: &DecisionRecord,
        evidence: &[Evidence],
        rules_version: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let reading = record
            .reading
            .as_ref()
            .map(|reading| json(reading, "decisions.reading"))
            .transpose()?;
        self.run(
            "INSERT INTO decisions (message_id, exchange, case_number, actions, soft, rule, reason,
                 reading, confidence, evidence, rules_version, decided_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            (
                message,
                record.exchange,
                record.case,
                json(&record.actions, "decisions.actions")?,
                record.soft,
                record.rule.as_str(),
                &record.reason,
                reading,
                record.confidence.closing,
                json(&evidence, "decisions.evidence")?,
                rules_version,
                micros(now),
            ),
        )?;
        Ok(())
    }

    /// What was decided of a message when it first arrived.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn first_decision(
        &self,
        key: &ThreadKey,
        thread: i64,
        message: &MessageId,
    ) -> Result<Option<DecisionRecord>, StoreError> {
        self.first(
            "SELECT d.*, m.message FROM messages m JOIN decisions d ON d.message_id = m.id
             WHERE m.thread_id = ?1 AND m.message = ?2",
            (thread, message.as_str()),
            |row| decision_record(row, key.channel.clone(), key.thread.clone()),
        )
    }
}

/// A decision of a row that has the decision's columns and `message`.
pub(super) fn decision_record(
    row: &Row<'_>,
    channel: ChannelName,
    thread: ThreadId,
) -> Result<DecisionRecord, StoreError> {
    Ok(DecisionRecord {
        channel,
        thread,
        id: row.id("message")?,
        exchange: row.get("exchange")?,
        case: row.get("case_number")?,
        actions: row.json("actions")?,
        soft: row.get("soft")?,
        rule: super::callbacks::rule(row)?,
        reason: row.get("reason")?,
        reading: row.json_if_any("reading")?,
        confidence: Confidence {
            closing: row.get("confidence")?,
        },
    })
}
