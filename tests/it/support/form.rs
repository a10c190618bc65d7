//! A form for a customer, asked for behind the program's back: tests that look at the form's own pages
//! need no agent and no chat for it.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::bot::Home;

/// A form asked of the customer of the newest thread.
pub(crate) struct Asked {
    database: Connection,
    id: i64,
}

impl Asked {
    /// An identity check with the form that is shipped.
    pub(crate) fn identity(home: &Home) -> Self {
        Self::new(home, "identity", Some("identity"))
    }

    /// Number, time and consent for a call.
    pub(crate) fn details(home: &Home) -> Self {
        Self::new(home, "details", None)
    }

    fn new(home: &Home, purpose: &str, form: Option<&str>) -> Self {
        let database = Connection::open(home.path("ringback.db")).expect("opened");
        let asked = database.execute(
            "INSERT INTO form_requests (thread_id, customer_id, case_number, desk, purpose, form,
                 language, state, asked_at, until)
             SELECT id, customer_id, 1, 'main', ?1, ?2, 'en', 'sent', first_at, 4102444800000000
             FROM (SELECT t.id, t.customer_id, min(m.at) AS first_at
                   FROM threads t JOIN messages m ON m.thread_id = t.id
                   GROUP BY t.id ORDER BY t.id DESC LIMIT 1)",
            (purpose, form),
        );
        assert_eq!(asked, Ok(1));
        let id = database.last_insert_rowid();
        Self { database, id }
    }

    /// A link to it: its path.
    pub(crate) fn link(&self, token: &str) -> String {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let made = self.database.execute(
            "INSERT INTO form_links (hash, request_id, expires_at) VALUES (?1, ?2, 4102444800000000)",
            (hash, self.id),
        );
        assert_eq!(made, Ok(1));
        format!("/form/{token}")
    }

    /// Lets a link be too old.
    pub(crate) fn expire_link(&self, token: &str) {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let sql = "UPDATE form_links SET expires_at = 0 WHERE hash = ?1";
        assert_eq!(self.database.execute(sql, [hash]), Ok(1));
    }

    /// How far it has come.
    pub(crate) fn state(&self) -> String {
        let sql = "SELECT state FROM form_requests WHERE id = ?1";
        let state = self.database.query_row(sql, [self.id], |row| row.get(0));
        state.expect("a form")
    }
}
