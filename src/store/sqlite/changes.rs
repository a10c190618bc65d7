//! Messages that change after they arrived, and whatever else holds their words: decisions, and
//! what is still to be sent. Must not decide what is masked.

use super::{
    words::{Columns, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::MessageId,
        message::{Party, Visibility},
        private::Private,
        reading::Evidence,
        time::Timestamp,
    },
    store::StoreError,
};

/// A message that may change.
#[derive(Debug, Clone)]
pub(crate) struct KeptText {
    /// Its row, which grows in order of arrival.
    pub(crate) id: i64,
    /// Its id within the thread.
    pub(crate) message: MessageId,
    /// Who wrote it.
    pub(crate) from: Party,
    /// Its text, masked.
    pub(crate) text: Private<String>,
    /// When it was written.
    pub(crate) at: Timestamp,
    /// Who can see it.
    pub(crate) visibility: Visibility,
    /// When its author changed it.
    pub(crate) edited_at: Option<Timestamp>,
}

impl Writer {
    /// Up to `most` counted messages of a thread that arrived right before the one of that row, in
    /// order of arrival; without a row, the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn counted_before(
        &self,
        thread: i64,
        row: Option<i64>,
        most: usize,
    ) -> Result<Vec<KeptText>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut found = self.all(
            "SELECT * FROM messages WHERE thread_id = ?1 AND id < ?2 AND party <> 'bot'
             ORDER BY id DESC LIMIT ?3",
            (thread, row.unwrap_or(i64::MAX), most),
            kept_text,
        )?;
        found.reverse();
        Ok(found)
    }

    /// Up to `most` counted messages of a thread that arrived right after the one of that row.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn counted_after(
        &self,
        thread: i64,
        row: i64,
        most: usize,
    ) -> Result<Vec<KeptText>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all(
            "SELECT * FROM messages WHERE thread_id = ?1 AND id > ?2 AND party <> 'bot'
             ORDER BY id LIMIT ?3",
            (thread, row, most),
            kept_text,
        )
    }

    /// The message of that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn kept_text(
        &self,
        thread: i64,
        message: &MessageId,
    ) -> Result<Option<KeptText>, StoreError> {
        self.first(
            "SELECT * FROM messages WHERE thread_id = ?1 AND message = ?2",
            (thread, message.as_str()),
            kept_text,
        )
    }

    /// Replaces a message's text by another one, masked; `edited_at` is when its author changed it,
    /// if they did. Whoever has read the thread up to some change can ask for the later ones.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn change_text(
        &self,
        message: i64,
        text: &str,
        edited_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE messages SET text = ?2, edited_at = coalesce(?3, edited_at),
                 change = 1 + coalesce((SELECT max(other.change) FROM messages other
                     WHERE other.thread_id = messages.thread_id AND other.change IS NOT NULL), 0)
             WHERE id = ?1",
            (message, text, edited_at.map(micros)),
        )?;
        Ok(())
    }

    /// Lets something that is kept for good lose words, while `work` is done: the only way to do so.
    ///
    /// # Errors
    /// The work's own, or when the database cannot be written.
    pub(crate) fn forgetting<T>(
        &self,
        thread: i64,
        work: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run(
            "INSERT INTO being_forgotten (thread_id) VALUES (?1)",
            [thread],
        )?;
        let done = work(self)?;
        self.run("DELETE FROM being_forgotten", [])?;
        Ok(done)
    }

    /// The words that decided a message.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn evidence(&self, message: i64) -> Result<Vec<Evidence>, StoreError> {
        let evidence = self.first(
            "SELECT evidence FROM decisions WHERE message_id = ?1",
            [message],
            |row| row.json("evidence"),
        )?;
        Ok(evidence.unwrap_or_default())
    }

    /// Replaces the words that decided a message; only while [`Writer::forgetting`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn replace_evidence(
        &self,
        message: i64,
        evidence: &[Evidence],
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE decisions SET evidence = ?2 WHERE message_id = ?1",
            (message, json(&evidence, "decisions.evidence")?),
        )?;
        Ok(())
    }

    /// All that the outbox holds of a thread, sent or not, by row.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn payloads(&self, thread: i64) -> Result<Vec<(i64, String)>, StoreError> {
        self.all(
            "SELECT id, payload FROM outbox WHERE thread_id = ?1",
            [thread],
            |row| Ok((row.get("id")?, row.get("payload")?)),
        )
    }

    /// Replaces what the outbox tells.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn replace_payload(&self, effect: i64, payload: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET payload = ?2 WHERE id = ?1",
            (effect, payload),
        )?;
        Ok(())
    }

    /// Remembers an event of that source. False if it came before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn first_time(
        &self,
        source: &str,
        event: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let inserted = self.run(
            "INSERT INTO inbound_events (source, event, received_at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
            (source, event, micros(now)),
        )?;
        Ok(inserted > 0)
    }
}

fn kept_text(row: &rusqlite::Row<'_>) -> Result<KeptText, StoreError> {
    Ok(KeptText {
        id: row.get("id")?,
        message: row.id("message")?,
        from: row.word("party")?,
        text: Private::new(row.get("text")?),
        at: row.time("at")?,
        visibility: row.word("visibility")?,
        edited_at: row.time_if_any("edited_at")?,
    })
}
