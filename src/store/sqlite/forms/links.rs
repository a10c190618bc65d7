//! The ways to a form: its one-time link, and the browser that opened one. Only hashes of tokens come
//! here. A link that is wrong, used, replaced or expired is looked for by the same statement and found
//! by none.

use super::{StoredForm, form_row, stored_form};
use crate::{
    domain::{
        form::{FormRequestId, FormState},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::forms::{FormRequestRow, FormSessionHash, LinkHash},
        sqlite::{
            reads::{Reads, first},
            words::{Word, micros},
            writer::Writer,
        },
    },
};

/// Whether a link opens its form now: it is in time, and the form is still that of the thread's
/// customer and can be filled in.
macro_rules! opens {
    ($link:literal) => {
        concat!(
            $link,
            ".hash = ?1 AND ",
            $link,
            ".expires_at > ?2 AND r.state IN ('sent', 'opened') AND t.customer_id = r.customer_id"
        )
    };
}

const LINK: &str = form!(
    "l.expires_at",
    "JOIN form_links l ON l.request_id = r.id WHERE",
    opens!("l")
);

const USE_LINK: &str = concat!(
    "DELETE FROM form_links WHERE hash = ?1 AND EXISTS
         (SELECT 1 FROM form_requests r JOIN threads t ON t.id = r.thread_id
          WHERE r.id = form_links.request_id AND ",
    opens!("form_links"),
    ") RETURNING request_id"
);

const SESSION: &str = form!(
    "s.expires_at",
    "JOIN form_sessions s ON s.request_id = r.id",
    "WHERE s.hash = ?1 AND s.expires_at > ?2 AND t.customer_id = r.customer_id
         AND r.state NOT IN ('expired', 'withdrawn')"
);

impl Writer {
    /// Keeps the only link to a form from now on.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn replace_form_link(
        &self,
        id: FormRequestId,
        link: LinkHash,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.run("DELETE FROM form_links WHERE request_id = ?1", [id.0])?;
        self.run(
            "INSERT INTO form_links (hash, request_id, expires_at) VALUES (?1, ?2, ?3)",
            (link.0, id.0, micros(expires)),
        )?;
        Ok(())
    }

    /// Uses a link up that opens a form now.
    pub(crate) fn use_form_link(
        &self,
        link: LinkHash,
        now: Timestamp,
    ) -> Result<Option<FormRequestId>, StoreError> {
        self.first(USE_LINK, (link.0, micros(now)), |row| {
            Ok(FormRequestId(row.get("request_id")?))
        })
    }

    /// Lets one browser, and no other any more, fill a form in; one that had another form open goes
    /// on with this one.
    pub(crate) fn start_form_session(
        &self,
        id: FormRequestId,
        session: FormSessionHash,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM form_sessions WHERE request_id = ?1 OR hash = ?2",
            (id.0, session.0),
        )?;
        self.run(
            "INSERT INTO form_sessions (hash, request_id, expires_at) VALUES (?1, ?2, ?3)",
            (session.0, id.0, micros(expires)),
        )?;
        self.run(
            "UPDATE form_requests SET state = ?2, opened_at = coalesce(opened_at, ?3)
             WHERE id = ?1",
            (id.0, FormState::Opened.word(), micros(now)),
        )?;
        Ok(())
    }

    /// The form that a browser may fill in, or has. Its `until` is the session's.
    pub(crate) fn form_of_session(
        &self,
        session: FormSessionHash,
        now: Timestamp,
    ) -> Result<Option<StoredForm>, StoreError> {
        self.first(SESSION, (session.0, micros(now)), stored_form)
    }

    /// Forgets links and sessions that are over, at most so many of each, and says how many it was.
    pub(crate) fn forget_form_links(&self, now: Timestamp, most: u32) -> Result<usize, StoreError> {
        let links = "DELETE FROM form_links WHERE hash IN
             (SELECT hash FROM form_links WHERE expires_at <= ?1 LIMIT ?2)";
        let sessions = "DELETE FROM form_sessions WHERE hash IN
             (SELECT hash FROM form_sessions WHERE expires_at <= ?1 LIMIT ?2)";
        let values = (micros(now), most);
        Ok(self.run(links, values)?.max(self.run(sessions, values)?))
    }
}

impl Reads {
    /// The form that a link would open now; `None` for a link that is wrong, used, replaced or
    /// expired. Its `until` is the link's. Uses nothing up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn form_link(
        &self,
        link: LinkHash,
        now: Timestamp,
    ) -> Result<Option<FormRequestRow>, StoreError> {
        self.query(move |db| first(db, LINK, (link.0, micros(now)), form_row))
            .await
    }

    /// The form that a browser may fill in or, if its state is no longer open, has filled in. Its
    /// `until` is the session's.
    ///
    /// # Errors
    /// As above.
    pub async fn form_session(
        &self,
        session: FormSessionHash,
        now: Timestamp,
    ) -> Result<Option<FormRequestRow>, StoreError> {
        self.query(move |db| first(db, SESSION, (session.0, micros(now)), form_row))
            .await
    }
}
