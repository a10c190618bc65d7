//! The do-not-call list: numbers, authors of channels, and customers of threads who have neither. A
//! customer's `do_not_call` follows from it. What the command line changes beside a running bot is in
//! force once the bot has come by; until then an entry that was taken off is still there, marked.

use std::path::Path;

use rusqlite::{Connection, Row};

use super::{
    open_for_writing,
    reads::{all, first},
    threads::StoredThread,
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, Author, ChannelName, ThreadId, ThreadKey},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::do_not_call::{Listed, ListedRow, Reason},
    },
};

/// The newest entry that names a customer: by a number of theirs that is not wrong, by their handle, or
/// by a thread of theirs.
pub(super) const ENTRY: &str = "SELECT reason, added_at FROM (
         SELECT l.reason, l.added_at FROM threads t
             JOIN numbers n ON n.thread_id = t.id AND n.wrong_at IS NULL
             JOIN do_not_call l ON l.number = n.number AND NOT l.removed
             WHERE t.customer_id = ?1
         UNION ALL SELECT l.reason, l.added_at FROM customers c
             JOIN do_not_call l ON l.channel = c.channel AND l.author = c.author AND NOT l.removed
             WHERE c.id = ?1
         UNION ALL SELECT l.reason, l.added_at FROM threads t
             JOIN do_not_call l ON l.channel = t.channel AND l.thread = t.thread AND NOT l.removed
             WHERE t.customer_id = ?1
     ) ORDER BY added_at DESC LIMIT 1";

/// The customers that one entry names, each with one thread of theirs.
const NAMED: &str = "SELECT t.customer_id, min(t.id) AS thread_id FROM (
         SELECT n.thread_id FROM do_not_call l JOIN numbers n ON n.number = l.number
             WHERE l.id = ?1
         UNION ALL SELECT t.id FROM do_not_call l
             JOIN customers c ON c.channel = l.channel AND c.author = l.author
             JOIN threads t ON t.customer_id = c.id WHERE l.id = ?1
         UNION ALL SELECT t.id FROM do_not_call l
             JOIN threads t ON t.channel = l.channel AND t.thread = l.thread WHERE l.id = ?1
     ) named JOIN threads t ON t.id = named.thread_id GROUP BY t.customer_id";

impl Writer {
    /// Puts somebody on the list; who is on it already stays so.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn forbid_calls(
        &self,
        listed: &Listed,
        reason: &Reason,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        put(&self.connection, listed, reason, Some(by), now)?;
        Ok(())
    }

    /// Takes off whatever names a customer. A number that is not theirs names somebody else.
    pub(crate) fn allow_calls(&self, customer: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE do_not_call SET removed = 1, in_force = 0 WHERE id IN (
                 SELECT l.id FROM threads t
                     JOIN numbers n ON n.thread_id = t.id AND n.wrong_at IS NULL
                     JOIN do_not_call l ON l.number = n.number WHERE t.customer_id = ?1
                 UNION ALL SELECT l.id FROM customers c
                     JOIN do_not_call l ON l.channel = c.channel AND l.author = c.author
                     WHERE c.id = ?1
                 UNION ALL SELECT l.id FROM threads t
                     JOIN do_not_call l ON l.channel = t.channel AND l.thread = t.thread
                     WHERE t.customer_id = ?1)",
            [customer],
        )?;
        Ok(())
    }

    /// Looks a thread's customer up, of whom nothing else has changed but who they are. The thread knows
    /// it then.
    pub(crate) fn look_up(&self, thread: &mut StoredThread) -> Result<(), StoreError> {
        let named = entry_of(&self.connection, thread.customer)?.is_some();
        if named != thread.own.do_not_call {
            self.run(
                "UPDATE customers SET do_not_call = ?2 WHERE id = ?1",
                (thread.customer, named),
            )?;
            thread.own.do_not_call = named;
        }
        self.unite(thread)
    }

    /// A customer's handle, if one is known.
    pub(crate) fn author_of_customer(&self, customer: i64) -> Result<Option<Author>, StoreError> {
        let sql = "SELECT author FROM customers WHERE id = ?1";
        Ok(self
            .first(sql, [customer], |row| row.id_if_any("author"))?
            .flatten())
    }

    /// Entries that were put on the list or taken off since the bot last came by.
    pub(crate) fn changed_entries(&self, most: u32) -> Result<Vec<i64>, StoreError> {
        self.all(
            "SELECT id FROM do_not_call WHERE NOT in_force ORDER BY id LIMIT ?1",
            [most],
            |row| Ok(row.get("id")?),
        )
    }

    /// Threads of the customers that an entry names, one of each.
    pub(crate) fn named_by(&self, entry: i64) -> Result<Vec<i64>, StoreError> {
        self.all(NAMED, [entry], |row| Ok(row.get("thread_id")?))
    }

    /// An entry is in force: whoever it names knows. One that was taken off goes.
    pub(crate) fn entry_in_force(&self, entry: i64) -> Result<(), StoreError> {
        self.run("DELETE FROM do_not_call WHERE id = ?1 AND removed", [entry])?;
        self.run("UPDATE do_not_call SET in_force = 1 WHERE id = ?1", [entry])?;
        Ok(())
    }
}

/// The list, for the command line: works on the database beside a running bot.
#[derive(Debug)]
pub struct DoNotCall {
    connection: Connection,
}

impl DoNotCall {
    /// Opens the database, making it if there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_writing(path)?,
        })
    }

    /// Puts everybody of these on the list, all or none. How many were not on it.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub fn add(
        &mut self,
        entries: &[(Listed, Reason)],
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut added = 0;
        for (listed, reason) in entries {
            added += usize::from(put(&transaction, listed, reason, None, now)?);
        }
        transaction.commit()?;
        Ok(added)
    }

    /// Takes somebody off. False if they are not on it.
    ///
    /// # Errors
    /// As above.
    pub fn remove(&mut self, listed: &Listed) -> Result<bool, StoreError> {
        let (number, channel, author, thread) = columns(listed);
        let removed = self.connection.execute(
            &format!(
                "UPDATE do_not_call SET removed = 1, in_force = 0 WHERE NOT removed AND {}",
                is(listed)
            ),
            (number, channel, author, thread),
        )?;
        Ok(removed > 0)
    }

    /// Everybody on the list, in the order in which they came.
    ///
    /// # Errors
    /// As above.
    pub fn entries(&self) -> Result<Vec<ListedRow>, StoreError> {
        all(
            &self.connection,
            "SELECT * FROM do_not_call WHERE NOT removed ORDER BY id",
            [],
            listed_row,
        )
    }

    /// One of them.
    ///
    /// # Errors
    /// As above.
    pub fn find(&self, listed: &Listed) -> Result<Option<ListedRow>, StoreError> {
        first(
            &self.connection,
            &format!(
                "SELECT * FROM do_not_call WHERE NOT removed AND {}",
                is(listed)
            ),
            columns(listed),
            listed_row,
        )
    }
}

/// Whether somebody was not on the list before.
fn put(
    db: &Connection,
    listed: &Listed,
    reason: &Reason,
    by: Option<&AccountName>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (number, channel, author, thread) = columns(listed);
    let put = db
        .prepare_cached(
            "INSERT INTO do_not_call (number, channel, author, thread, reason, added_at, added_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET removed = 0, in_force = 0, reason = excluded.reason,
                 added_at = excluded.added_at, added_by = excluded.added_by
             WHERE removed",
        )?
        .execute((
            number,
            channel,
            author,
            thread,
            reason.as_str(),
            micros(now),
            by.map(AccountName::as_str),
        ))?;
    Ok(put > 0)
}

/// What finds an entry by its [`columns`], in the index of its kind.
const fn is(listed: &Listed) -> &'static str {
    match listed {
        Listed::Number(_) => "number = ?1 AND ?2 IS NULL AND ?3 IS NULL AND ?4 IS NULL",
        Listed::Customer(..) => "channel = ?2 AND author = ?3 AND ?1 IS NULL AND ?4 IS NULL",
        Listed::Thread(_) => "channel = ?2 AND thread = ?4 AND ?1 IS NULL AND ?3 IS NULL",
    }
}

/// Number, channel, author and thread, as far as an entry has them.
fn columns(listed: &Listed) -> (Option<&str>, Option<&str>, Option<&str>, Option<&str>) {
    match listed {
        Listed::Number(number) => (Some(number.reveal()), None, None, None),
        Listed::Customer(channel, author) => {
            (None, Some(channel.as_str()), Some(author.reveal()), None)
        }
        Listed::Thread(key) => (
            None,
            Some(key.channel.as_str()),
            None,
            Some(key.thread.as_str()),
        ),
    }
}

/// Why the list names a customer, and since when; `None`: it does not.
pub(super) fn entry_of(
    db: &Connection,
    customer: i64,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    first(db, ENTRY, [customer], |row| {
        Ok((row.get("reason")?, row.time("added_at")?))
    })
}

fn listed_row(row: &Row<'_>) -> Result<ListedRow, StoreError> {
    let channel: Option<ChannelName> = row.id_if_any("channel")?;
    let author: Option<Author> = row.id_if_any("author")?;
    let thread: Option<ThreadId> = row.id_if_any("thread")?;
    let listed = match (row.id_if_any("number")?, channel, author, thread) {
        (Some(number), None, None, None) => Listed::Number(number),
        (None, Some(channel), Some(author), None) => Listed::Customer(channel, author),
        (None, Some(channel), None, Some(thread)) => Listed::Thread(ThreadKey { channel, thread }),
        _ => return Err(StoreError::Corrupt("do_not_call")),
    };
    Ok(ListedRow {
        listed,
        reason: row.id("reason")?,
        added_at: row.time("added_at")?,
        added_by: row.id_if_any("added_by")?,
    })
}
