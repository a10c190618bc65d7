//! What agents said a reading got wrong: labelled examples, kept for good, each with the reading
//! that it corrects and what was decided then.

use rusqlite::Row;

use super::{
    messages::decision_record,
    transcript::message_row,
    words::{Columns, Word, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::MessageId,
        reading::Evidence,
        record::{DecisionRecord, ReadingRecord},
    },
    store::{
        StoreError,
        rows::{MessageRow, desk::CorrectionRow},
    },
};

/// A message as it is kept, with what was decided of it first.
#[derive(Debug)]
pub(crate) struct KeptMessage {
    /// Its row.
    pub(crate) id: i64,
    /// The message, masked.
    pub(crate) message: MessageRow,
    /// What was decided of it when it arrived.
    pub(crate) decision: DecisionRecord,
    /// The words that decided, masked.
    pub(crate) evidence: Vec<Evidence>,
    /// The newest correction of its reading.
    pub(crate) correction: Option<CorrectionRow>,
}

impl Writer {
    /// A message of a thread.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn kept_message(
        &self,
        thread: i64,
        message: &MessageId,
    ) -> Result<Option<KeptMessage>, StoreError> {
        let kept = self.first(
            "SELECT m.*, t.channel, t.thread, d.* FROM messages m
             JOIN threads t ON t.id = m.thread_id JOIN decisions d ON d.message_id = m.id
             WHERE m.thread_id = ?1 AND m.message = ?2",
            (thread, message.as_str()),
            |row| {
                let message = message_row(row)?;
                let (channel, thread) = (message.channel.clone(), message.thread.clone());
                Ok(KeptMessage {
                    id: row.get("id")?,
                    message,
                    decision: decision_record(row, channel, thread)?,
                    evidence: row.json("evidence")?,
                    correction: None,
                })
            },
        )?;
        let Some(mut kept) = kept else {
            return Ok(None);
        };
        kept.correction = self.first(CORRECTION, [kept.id], correction_row)?;
        Ok(Some(kept))
    }

    /// Keeps a correction of a message's reading, for good.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_correction(
        &self,
        message: i64,
        correction: &CorrectionRow,
        wrong: &ReadingRecord,
        rules_version: &str,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO corrections (message_id, correction, account, at, reading, decision,
                 rules_version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                message,
                correction.correction.word(),
                correction.by.as_str(),
                micros(correction.at),
                json(wrong, "corrections.reading")?,
                json(&correction.decision, "corrections.decision")?,
                rules_version,
            ),
        )?;
        Ok(())
    }
}

/// The newest correction of a message's reading.
pub(super) const CORRECTION: &str =
    "SELECT * FROM corrections WHERE message_id = ?1 ORDER BY id DESC LIMIT 1";

pub(super) fn correction_row(row: &Row<'_>) -> Result<CorrectionRow, StoreError> {
    Ok(CorrectionRow {
        correction: row.word("correction")?,
        by: row.id("account")?,
        at: row.time("at")?,
        decision: row.json("decision")?,
    })
}
