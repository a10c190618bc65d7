//! What Ringback has said of a callback, what the desk was asked to say instead, and what only the
//! claimer and the customer know: the two words of the call, and where a video call takes place.

use rusqlite::Row;

use super::{
    reads::{Reads, first},
    words::{Columns, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        ids::AccountName,
        private::Private,
        time::Timestamp,
    },
    store::{CallbackId, StoreError, rows::said::CallSecrets},
};

impl Writer {
    /// Keeps what a line of ours says, by the message's row.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_said(
        &self,
        message: i64,
        thread: i64,
        case: u32,
        utterance: Utterance,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO said (message_id, thread_id, case_number, utterance)
             VALUES (?1, ?2, ?3, ?4)",
            (message, thread, case, utterance.as_str()),
        )?;
        Ok(())
    }

    /// Whether the last that we said in a case was just this.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn would_repeat(
        &self,
        thread: i64,
        case: u32,
        utterance: Utterance,
        text: &str,
    ) -> Result<bool, StoreError> {
        let last = self.first(LAST_SAID, (thread, case), |row| {
            Ok((row.get("utterance")?, row.get("text")?))
        })?;
        Ok(last.is_some_and(|(last, said): (String, String)| {
            last == utterance.as_str() && said == text
        }))
    }

    /// Ends what the desk was asked to say of a callback, as that is over, unless it is just this.
    /// True if this stands.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_unsaid(
        &self,
        thread: i64,
        but: Option<Utterance>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !self.has_notices(thread)? {
            return Ok(false);
        }
        let calls = Utterance::ALL.iter().filter(|it| it.is_about_call());
        let over: Vec<&str> = calls
            .filter(|utterance| but != Some(**utterance))
            .map(|utterance| utterance.as_str())
            .collect();
        let over = json(&over, "notices.notice")?;
        self.run(END_UNSAID, (thread, over, micros(now)))?;
        let Some(utterance) = but else {
            return Ok(false);
        };
        let notice = json(&Notice::SayYourself { utterance }, "notices.notice")?;
        let stands = self.first(UNSAID, (thread, notice), |_| Ok(()))?;
        Ok(stands.is_some())
    }

    /// What a notice asks the desk to say in a thread, while it stands.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn unsaid(&self, thread: i64, notice: i64) -> Result<Option<Utterance>, StoreError> {
        let sql = "SELECT notice FROM notices
             WHERE id = ?2 AND thread_id = ?1 AND ended_at IS NULL";
        let notice: Option<Notice> = self.first(sql, (thread, notice), |row| row.json("notice"))?;
        Ok(match notice {
            Some(Notice::SayYourself { utterance }) => Some(utterance),
            _ => None,
        })
    }

    /// Keeps the two words of a call; `None` forgets them, and where a video call would take place.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_call_words(
        &self,
        id: CallbackId,
        words: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE callbacks SET words = ?2, video = NULL WHERE id = ?1";
        self.run(sql, (id.0, words))?;
        Ok(())
    }

    /// Keeps where a video call takes place.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_video(&self, id: CallbackId, video: &str) -> Result<(), StoreError> {
        let sql = "UPDATE callbacks SET video = ?2 WHERE id = ?1";
        self.run(sql, (id.0, video))?;
        Ok(())
    }

    /// What only the claimer and the customer of a callback know.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn call_secrets(&self, id: CallbackId) -> Result<CallSecrets, StoreError> {
        let sql = "SELECT words, video FROM callbacks WHERE id = ?1";
        let found = self.first(sql, [id.0], secrets)?;
        Ok(found.unwrap_or_default())
    }
}

impl Reads {
    /// What only the claimer and the customer of a callback know; nothing for anybody but the
    /// account that has claimed it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn call_secrets(
        &self,
        id: CallbackId,
        by: AccountName,
    ) -> Result<CallSecrets, StoreError> {
        self.query(move |db| {
            let sql = "SELECT words, video FROM callbacks
                 WHERE id = ?1 AND state = 'claimed' AND claimed_by = ?2";
            let found = first(db, sql, (id.0, by.as_str()), secrets)?;
            Ok(found.unwrap_or_default())
        })
        .await
    }
}

fn secrets(row: &Row<'_>) -> Result<CallSecrets, StoreError> {
    Ok(CallSecrets {
        words: row.get::<_, Option<String>>("words")?.map(Private::new),
        video: row.get::<_, Option<String>>("video")?.map(Private::new),
    })
}

/// The newest line in which we said something of a callback.
pub(super) const LAST_SAID: &str = "SELECT s.utterance, m.text FROM said s
     JOIN messages m ON m.id = s.message_id
     WHERE s.thread_id = ?1 AND s.case_number = ?2 ORDER BY s.message_id DESC LIMIT 1";

const END_UNSAID: &str = "UPDATE notices SET ended_at = ?3
     WHERE thread_id = ?1 AND ended_at IS NULL
         AND json_extract(notice, '$.notice') = 'say_yourself'
         AND json_extract(notice, '$.utterance') IN (SELECT value FROM json_each(?2))";

const UNSAID: &str = "SELECT 1 FROM notices
     WHERE thread_id = ?1 AND ended_at IS NULL AND notice = ?2 LIMIT 1";
