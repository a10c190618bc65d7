//! What customers submitted in identity forms, sealed, from its receipt until its check or its time
//! is over. What is deleted here is overwritten in the file; the log is cut off after the commit.

use super::{
    forms::StoredForm,
    reads::{Reads, first},
    words::{Word, micros},
    writer::Writer,
};
use crate::{
    domain::{
        form::{FormRequestId, FormState},
        ids::AccountName,
        time::Timestamp,
    },
    store::StoreError,
    vault::Sealed,
};

impl Writer {
    /// Keeps what was filled in in an identity form, until it is checked or until then.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub(crate) fn insert_submission(
        &self,
        id: FormRequestId,
        sealed: &Sealed,
        now: Timestamp,
        delete_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO submissions (request_id, sealed, received_at, delete_at)
             VALUES (?1, ?2, ?3, ?4)",
            (id.0, &sealed.0, micros(now), micros(delete_at)),
        )?;
        Ok(())
    }

    /// What was submitted in a form and how often it was opened, if it is still there.
    pub(crate) fn submission(
        &self,
        id: FormRequestId,
        now: Timestamp,
    ) -> Result<Option<(Sealed, u32)>, StoreError> {
        self.first(
            "SELECT sealed, opened FROM submissions WHERE request_id = ?1 AND delete_at > ?2",
            (id.0, micros(now)),
            |row| Ok((Sealed(row.get("sealed")?), row.get("opened")?)),
        )
    }

    /// Counts that a submission is opened.
    pub(crate) fn count_opening(&self, id: FormRequestId) -> Result<(), StoreError> {
        let sql = "UPDATE submissions SET opened = opened + 1 WHERE request_id = ?1";
        self.run(sql, [id.0])?;
        Ok(())
    }

    /// Deletes what was submitted in a form. False if it was gone before.
    pub(crate) fn delete_submission(&self, id: FormRequestId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM submissions WHERE request_id = ?1";
        Ok(self.run(sql, [id.0])? > 0)
    }

    /// The forms whose submissions must not be kept any longer.
    pub(crate) fn overdue_submissions(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredForm>, StoreError> {
        let ids = self.all(
            "SELECT request_id FROM submissions WHERE delete_at <= ?1 ORDER BY delete_at LIMIT ?2",
            (micros(now), limit),
            |row| Ok(FormRequestId(row.get("request_id")?)),
        )?;
        let form = |id| self.form(id)?.ok_or(StoreError::Corrupt("submissions"));
        ids.into_iter().map(form).collect()
    }

    /// Keeps what came of the check of a form.
    pub(crate) fn form_checked(
        &self,
        id: FormRequestId,
        state: FormState,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE form_requests SET state = ?2, checked_by = ?3, checked_at = ?4 WHERE id = ?1",
            (id.0, state.word(), by.as_str(), micros(now)),
        )?;
        Ok(())
    }

    /// Ends the notice that a form was filled in.
    pub(crate) fn end_form_notice(
        &self,
        stored: &StoredForm,
        by: Option<&AccountName>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE notices SET ended_at = ?3, seen_by = ?4
             WHERE thread_id = ?1 AND ended_at IS NULL
               AND json_extract(notice, '$.notice') = 'form_submitted'
               AND json_extract(notice, '$.request') = ?2",
            (
                stored.thread,
                stored.form.id.0,
                micros(now),
                by.map(AccountName::as_str),
            ),
        )?;
        Ok(())
    }
}

impl Reads {
    /// How often what was submitted in a form was opened; 0 if it is not there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn times_opened(&self, id: FormRequestId) -> Result<u32, StoreError> {
        self.query(move |db| {
            let sql = "SELECT opened FROM submissions WHERE request_id = ?1";
            let opened = first(db, sql, [id.0], |row| Ok(row.get("opened")?))?;
            Ok(opened.unwrap_or(0))
        })
        .await
    }
}

/// Everything that was submitted and is kept, as tests want to see it.
#[cfg(test)]
pub(crate) fn submitted(path: &std::path::Path) -> Result<Vec<Vec<u8>>, StoreError> {
    let db = rusqlite::Connection::open(path)?;
    super::reads::all(
        &db,
        "SELECT sealed FROM submissions ORDER BY request_id",
        [],
        |row| Ok(row.get("sealed")?),
    )
}
