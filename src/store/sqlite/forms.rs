//! Forms asked of customers: the requests, how far each has come, and the details of a call. The ways
//! to a form are in `links`; what was sealed is in `submissions`.

use rusqlite::{Connection, Row, named_params};

use super::{
    reads::{Reads, all, first},
    words::{Columns, Word, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        form::{CallDetails, FormKind, FormRequestId, FormState, Purpose},
        hours::Zone,
        ids::{AccountName, DeskName, FormName, ThreadKey},
        message::Visibility,
        private::Private,
        reading::Language,
        thread::Whereabouts,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{Page, desk::Sight, forms::FormRequestRow},
    },
};

/// Everything that [`form_row`] wants, with what ends the time it has, and where to look for it.
macro_rules! form {
    ($where:literal) => {
        form!("r.until", "", $where)
    };
    ($until:literal, $join:literal, $where:expr) => {
        concat!(
            "SELECT r.id, r.thread_id, r.case_number, r.desk, r.purpose, r.form, r.language, r.state,
                 r.asked_by, r.asked_at, r.submitted_at, r.checked_at, r.checked_by, t.channel,
                 t.thread, d.number, d.best_time, d.ring_at, d.zone, d.consent_version, d.stays_in_text, ",
            $until,
            " AS until FROM form_requests r JOIN threads t ON t.id = r.thread_id
             LEFT JOIN call_details d ON d.request_id = r.id ",
            $join,
            " ",
            $where
        )
    };
}

mod links;

const TO_CHECK: &str = "SELECT count(*) AS n FROM form_requests r
     JOIN threads t ON t.id = r.thread_id
     WHERE r.state = 'submitted' AND r.purpose = 'identity'
         AND (?1 IS NULL OR t.channel IN (SELECT value FROM json_each(?1)))";

/// The message that offers a form is the thread's newest change.
const CHANGE_OFFER: &str = "UPDATE messages SET
         change = 1 + coalesce((SELECT max(other.change) FROM messages other
             WHERE other.thread_id = messages.thread_id AND other.change IS NOT NULL), 0)
     WHERE id = (SELECT message_id FROM form_requests WHERE id = ?1)";

/// Found from the end of the thread's messages.
const NEWEST: &str = "SELECT coalesce(
         (SELECT visibility FROM messages WHERE thread_id = ?1 AND party = 'customer'
          ORDER BY id DESC LIMIT 1),
         (SELECT visibility FROM messages WHERE thread_id = ?1 AND party = 'agent'
          ORDER BY id DESC LIMIT 1)) AS visibility";

/// A form to ask of a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewForm<'a> {
    /// The thread's row.
    pub(crate) thread: i64,
    /// The customer's row: nobody else's form.
    pub(crate) customer: i64,
    /// The case.
    pub(crate) case: u32,
    /// The desk that asks.
    pub(crate) desk: &'a DeskName,
    /// What it is for.
    pub(crate) purpose: &'a Purpose,
    /// The language it is shown in at first.
    pub(crate) language: Language,
    /// Who asks; `None`: the rules.
    pub(crate) asked_by: Option<&'a AccountName>,
    /// Until when a link can be asked for.
    pub(crate) until: Timestamp,
}

/// A form with the row of its thread.
#[derive(Debug, Clone)]
pub(crate) struct StoredForm {
    /// The thread's row.
    pub(crate) thread: i64,
    /// The form.
    pub(crate) form: FormRequestRow,
}

impl Writer {
    /// Keeps a new request.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn insert_form(
        &self,
        new: NewForm<'_>,
        now: Timestamp,
    ) -> Result<FormRequestId, StoreError> {
        self.run(
            "INSERT INTO form_requests (thread_id, customer_id, case_number, desk, purpose, form,
                 language, asked_by, state, asked_at, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            (
                new.thread,
                new.customer,
                new.case,
                new.desk.as_str(),
                new.purpose.kind().word(),
                new.purpose.form().map(FormName::as_str),
                new.language.as_str(),
                new.asked_by.map(AccountName::as_str),
                FormState::Sent.word(),
                micros(now),
                micros(new.until),
            ),
        )?;
        Ok(FormRequestId(self.connection.last_insert_rowid()))
    }

    /// Keeps which message of the thread offers a form.
    pub(crate) fn offer_form(&self, id: FormRequestId, message: i64) -> Result<(), StoreError> {
        let sql = "UPDATE form_requests SET message_id = ?2 WHERE id = ?1";
        self.run(sql, (id.0, message))?;
        Ok(())
    }

    /// One form.
    pub(crate) fn form(&self, id: FormRequestId) -> Result<Option<StoredForm>, StoreError> {
        self.first(form!("WHERE r.id = ?1"), [id.0], stored_form)
    }

    /// One form, if its customer can still fill it in.
    pub(crate) fn fillable_form(
        &self,
        id: FormRequestId,
        now: Timestamp,
    ) -> Result<Option<StoredForm>, StoreError> {
        let sql = form!(
            "WHERE r.id = ?1 AND r.state IN ('sent', 'opened') AND r.until > ?2
             AND t.customer_id = r.customer_id"
        );
        self.first(sql, (id.0, micros(now)), stored_form)
    }

    /// The forms of a kind that a case's customer can still fill in; there is one at most.
    pub(crate) fn open_forms(
        &self,
        thread: i64,
        case: u32,
        kind: FormKind,
    ) -> Result<Vec<StoredForm>, StoreError> {
        let sql = form!(
            "WHERE r.thread_id = ?1 AND r.case_number = ?2 AND r.purpose = ?3
             AND r.state IN ('sent', 'opened')"
        );
        self.all(sql, (thread, case, kind.word()), stored_form)
    }

    /// Forms that nobody can ask a link to any more and nobody is filling in.
    pub(crate) fn overdue_forms(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredForm>, StoreError> {
        let sql = form!(
            "WHERE r.state IN ('sent', 'opened') AND r.until <= ?1 AND NOT EXISTS
                 (SELECT 1 FROM form_sessions s WHERE s.request_id = r.id AND s.expires_at > ?1)
             ORDER BY r.until LIMIT ?2"
        );
        self.all(sql, (micros(now), limit), stored_form)
    }

    /// Ends a form that cannot be filled in any more, with every way to it. The line that offers it
    /// has changed then.
    pub(crate) fn end_form(&self, id: FormRequestId, state: FormState) -> Result<(), StoreError> {
        self.run(CHANGE_OFFER, [id.0])?;
        self.run(
            "UPDATE form_requests SET state = ?2 WHERE id = ?1",
            (id.0, state.word()),
        )?;
        self.run("DELETE FROM form_links WHERE request_id = ?1", [id.0])?;
        self.run("DELETE FROM form_sessions WHERE request_id = ?1", [id.0])?;
        Ok(())
    }

    /// Gives what was asked of one customer to another: they have turned out to be the same.
    pub(super) fn give_forms(&self, from: i64, to: i64) -> Result<(), StoreError> {
        let sql = "UPDATE form_requests SET customer_id = ?2 WHERE customer_id = ?1";
        self.run(sql, (from, to))?;
        Ok(())
    }

    /// Whether the newest message of the thread's customer is public; before any of theirs, of ours.
    pub(crate) fn is_public(&self, thread: i64) -> Result<bool, StoreError> {
        is_public(&self.connection, thread)
    }

    /// Keeps that a form was filled in. No link opens it any more, and the line that offers it has
    /// changed.
    pub(crate) fn form_submitted(
        &self,
        id: FormRequestId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(CHANGE_OFFER, [id.0])?;
        self.run(
            "UPDATE form_requests SET state = ?2, submitted_at = ?3 WHERE id = ?1",
            (id.0, FormState::Submitted.word(), micros(now)),
        )?;
        self.run("DELETE FROM form_links WHERE request_id = ?1", [id.0])?;
        Ok(())
    }

    /// Keeps what was filled in in a details form; the customer's words are masked already.
    pub(crate) fn insert_call_details(
        &self,
        id: FormRequestId,
        details: &CallDetails,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let CallDetails::Ring {
            number,
            best_time,
            ring_at,
            zone,
            consent_version,
        } = details
        else {
            self.run(
                "INSERT INTO call_details (request_id, stays_in_text, at) VALUES (?1, 1, ?2)",
                (id.0, micros(now)),
            )?;
            return Ok(());
        };
        self.run(
            "INSERT INTO call_details (request_id, number, best_time, ring_at, zone, consent_version,
                 stays_in_text, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
            (
                id.0,
                number.reveal(),
                best_time.reveal(),
                ring_at.map(micros),
                zone.as_ref().map(Zone::name),
                consent_version,
                micros(now),
            ),
        )?;
        Ok(())
    }
}

impl Reads {
    /// One form.
    ///
    /// # Errors
    /// Here and below: when the database cannot be read.
    pub async fn form_request(
        &self,
        id: FormRequestId,
    ) -> Result<Option<FormRequestRow>, StoreError> {
        self.query(move |db| first(db, form!("WHERE r.id = ?1"), [id.0], form_row))
            .await
    }

    /// Where a thread's customer may be, as far as it is known.
    ///
    /// # Errors
    /// As above.
    pub async fn whereabouts(&self, thread: ThreadKey) -> Result<Whereabouts, StoreError> {
        self.query(move |db| {
            let sql = "SELECT c.whereabouts FROM threads t JOIN customers c ON c.id = t.customer_id
                       WHERE t.channel = ?1 AND t.thread = ?2";
            let address = (thread.channel.as_str(), thread.thread.as_str());
            let known = first(db, sql, address, |row| row.json_if_any("whereabouts"))?;
            Ok(known.flatten().unwrap_or_default())
        })
        .await
    }

    /// The newest forms asked of a thread's customer, at most [`Page::MOST`], newest first.
    ///
    /// # Errors
    /// As above.
    pub async fn form_requests_of(
        &self,
        thread: ThreadKey,
    ) -> Result<Vec<FormRequestRow>, StoreError> {
        self.query(move |db| {
            let address = (thread.channel.as_str(), thread.thread.as_str(), Page::MOST);
            all(
                db,
                form!("WHERE t.channel = ?1 AND t.thread = ?2 ORDER BY r.id DESC LIMIT ?3"),
                address,
                form_row,
            )
        })
        .await
    }

    /// Identity forms that were filled in and wait for a check, the longest waiting first.
    ///
    /// # Errors
    /// As above.
    pub async fn forms_to_check(
        &self,
        sight: Sight,
        limit: u32,
    ) -> Result<Vec<FormRequestRow>, StoreError> {
        self.query(move |db| {
            let sql = form!(
                "WHERE r.state = 'submitted' AND r.purpose = 'identity'
                 AND (:channels IS NULL OR t.channel IN (SELECT value FROM json_each(:channels)))
                 ORDER BY r.id LIMIT :limit"
            );
            let values = named_params! {
                ":channels": channels(&sight)?, ":limit": limit.clamp(1, Page::MOST),
            };
            all(db, sql, values, form_row)
        })
        .await
    }

    /// How many identity forms wait for a check.
    ///
    /// # Errors
    /// As above.
    pub async fn forms_to_check_count(&self, sight: Sight) -> Result<u64, StoreError> {
        self.query(move |db| {
            let count = first(db, TO_CHECK, [channels(&sight)?], super::reads::count)?;
            Ok(count.unwrap_or(0))
        })
        .await
    }

    /// Whether the newest message of a thread's customer is public, so that no link may be given out.
    ///
    /// # Errors
    /// As above.
    pub async fn is_public(&self, thread: ThreadKey) -> Result<bool, StoreError> {
        self.query(move |db| {
            let address = (thread.channel.as_str(), thread.thread.as_str());
            let sql = "SELECT id FROM threads WHERE channel = ?1 AND thread = ?2";
            match first(db, sql, address, |row| Ok(row.get("id")?))? {
                Some(thread) => is_public(db, thread),
                None => Ok(false),
            }
        })
        .await
    }
}

/// Whether the newest message of a thread's customer is public; before any of theirs, of ours.
fn is_public(db: &Connection, thread: i64) -> Result<bool, StoreError> {
    let newest = first(db, NEWEST, [thread], |row| row.word_if_any("visibility"))?;
    Ok(newest.flatten() == Some(Visibility::Public))
}

fn channels(sight: &Sight) -> Result<Option<String>, StoreError> {
    let list = |channels| json(channels, "a list of names");
    sight.channels.as_ref().map(list).transpose()
}

fn stored_form(row: &Row<'_>) -> Result<StoredForm, StoreError> {
    Ok(StoredForm {
        thread: row.get("thread_id")?,
        form: form_row(row)?,
    })
}

/// The newest forms of one case, newest first: what a callback's card shows.
pub(super) fn forms_of_case(
    db: &Connection,
    thread: i64,
    case: u32,
) -> Result<Vec<FormRequestRow>, StoreError> {
    all(db, OF_CASE, (thread, case), form_row)
}

/// See [`forms_of_case`].
pub(super) const OF_CASE: &str =
    form!("WHERE r.thread_id = ?1 AND r.case_number = ?2 ORDER BY r.id DESC LIMIT 10");

fn form_row(row: &Row<'_>) -> Result<FormRequestRow, StoreError> {
    let language: String = row.get("language")?;
    let purpose = match row.word("purpose")? {
        FormKind::Identity => Purpose::Identity(row.id("form")?),
        FormKind::Details => Purpose::Details,
    };
    Ok(FormRequestRow {
        id: FormRequestId(row.get("id")?),
        thread: ThreadKey {
            channel: row.id("channel")?,
            thread: row.id("thread")?,
        },
        case: row.get("case_number")?,
        desk: row.id("desk")?,
        purpose,
        language: Language::parse(&language)
            .ok_or(StoreError::Corrupt("form_requests.language"))?,
        state: row.word("state")?,
        asked_by: row.id_if_any("asked_by")?,
        asked_at: row.time("asked_at")?,
        until: row.time("until")?,
        submitted_at: row.time_if_any("submitted_at")?,
        checked_at: row.time_if_any("checked_at")?,
        checked_by: row.id_if_any("checked_by")?,
        details: call_details(row)?,
    })
}

fn call_details(row: &Row<'_>) -> Result<Option<CallDetails>, StoreError> {
    let Some(stays) = row.get::<_, Option<bool>>("stays_in_text")? else {
        return Ok(None);
    };
    if stays {
        return Ok(Some(CallDetails::StayInText));
    }
    let text = |column: &str| row.get::<_, Option<String>>(column);
    Ok(Some(CallDetails::Ring {
        number: Private::new(text("number")?.unwrap_or_default()),
        best_time: Private::new(text("best_time")?.unwrap_or_default()),
        ring_at: row.time_if_any("ring_at")?,
        zone: row.id_if_any("zone")?,
        consent_version: text("consent_version")?.unwrap_or_default(),
    }))
}
