//! Read-only queries, each on a connection of its own beside the writer's.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Params, Row, named_params};
use tokio::sync::Semaphore;

use super::{
    callbacks::{CALLBACK, callback_row},
    damage::Damage,
    messages::decision_record,
    open_for_reading,
    tokens::token_row,
    transcript::message_row,
    words::{Columns, Word},
};
use crate::{
    domain::{ids::ThreadKey, time::Timestamp},
    store::{
        CallbackId, StoreError,
        rows::{
            CallbackFilter, CallbackRow, CallbackState, CaseFilter, CaseRow, Counts, Cursor,
            DecidedMessage, Page, Paged, ThreadDetail, ThreadFilter, ThreadRow, TokenHash,
            TokenRow, Waiting,
        },
    },
};

/// How many queries run at once; more wait.
const CONNECTIONS: usize = 4;

/// Read-only queries on a few connections. Cheap to clone.
#[derive(Clone)]
pub struct Reads(Arc<Pool>);

struct Pool {
    path: PathBuf,
    damage: Damage,
    idle: Mutex<Vec<Connection>>,
    free: Semaphore,
}

impl fmt::Debug for Reads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reads").field(&self.0.path).finish()
    }
}

impl Reads {
    /// Queries on a database that the writer has opened already. What they meet of its `damage` is
    /// noted.
    pub(crate) fn new(path: &Path, damage: Damage) -> Self {
        Self(Arc::new(Pool {
            path: path.to_owned(),
            damage,
            idle: Mutex::new(Vec::new()),
            free: Semaphore::new(CONNECTIONS),
        }))
    }

    /// Threads, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn threads(
        &self,
        filter: ThreadFilter,
        page: Page,
    ) -> Result<Paged<ThreadRow>, StoreError> {
        self.query(move |db| {
            let channel = filter.channel.as_ref().map(|channel| channel.as_str());
            let triage = filter.triage.map(Word::word);
            let sql = format!(
                "{THREAD} WHERE t.id < :after {} {} ORDER BY t.id DESC LIMIT :limit",
                when(channel, "AND t.channel = :channel"),
                when(triage, "AND t.triage = :word"),
            );
            newest_first(db, &sql, channel, triage, page, thread_row)
        })
        .await
    }

    /// One thread with its cases, callbacks and a page of its messages in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread(
        &self,
        key: ThreadKey,
        page: Page,
    ) -> Result<Option<ThreadDetail>, StoreError> {
        self.query(move |db| thread_detail(db, &key, page)).await
    }

    /// Cases, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases(
        &self,
        filter: CaseFilter,
        page: Page,
    ) -> Result<Paged<CaseRow>, StoreError> {
        self.query(move |db| {
            let channel = filter.channel.as_ref().map(|channel| channel.as_str());
            let state = filter.state.map(Word::word);
            let sql = format!(
                "{CASE} WHERE c.id < :after {} {} ORDER BY c.id DESC LIMIT :limit",
                when(channel, "AND t.channel = :channel"),
                when(state, "AND c.state = :word"),
            );
            newest_first(db, &sql, channel, state, page, case_row)
        })
        .await
    }

    /// Callbacks, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn callbacks(
        &self,
        filter: CallbackFilter,
        page: Page,
    ) -> Result<Paged<CallbackRow>, StoreError> {
        self.query(move |db| {
            let channel = filter.channel.as_ref().map(|channel| channel.as_str());
            let state = filter.state.map(Word::word);
            let sql = format!(
                "{CALLBACK} WHERE k.id < :after {} {} ORDER BY k.id DESC LIMIT :limit",
                when(channel, "AND t.channel = :channel"),
                when(state, "AND k.state = :word"),
            );
            newest_first(db, &sql, channel, state, page, callback_row)
        })
        .await
    }

    /// One callback.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn callback(&self, id: CallbackId) -> Result<Option<CallbackRow>, StoreError> {
        self.query(move |db| {
            first(
                db,
                &format!("{CALLBACK} WHERE k.id = ?1"),
                [id.0],
                callback_row,
            )
        })
        .await
    }

    /// What the gauges show.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.query(|db| {
            Ok(Counts {
                outbox: all(db, UNFINISHED, [], |row| {
                    Ok((row.get("destination")?, waiting(row)?))
                })?,
                dead: all(db, DEAD, [], |row| {
                    Ok((row.get("destination")?, count(row)?))
                })?,
                callbacks: all(db, OPEN_CALLBACKS, [], |row| {
                    Ok((row.word::<CallbackState>("state")?, waiting(row)?))
                })?,
            })
        })
        .await
    }

    /// What is known of the database's damage.
    pub(crate) fn damage(&self) -> &Damage {
        &self.0.damage
    }

    /// The token with that hash, unless it was revoked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn token(&self, hash: TokenHash) -> Result<Option<TokenRow>, StoreError> {
        self.query(move |db| {
            first(
                db,
                "SELECT * FROM api_tokens WHERE hash = ?1 AND revoked_at IS NULL",
                [hash.0],
                token_row,
            )
        })
        .await
    }

    /// Runs a query where it may block, on an idle connection or a new one.
    pub(super) async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let free = self
            .0
            .free
            .acquire()
            .await
            .map_err(|_| StoreError::Closed)?;
        let pool = Arc::clone(&self.0);
        let result = tokio::task::spawn_blocking(move || {
            let connection = match pool.take() {
                Some(connection) => connection,
                None => open_for_reading(&pool.path)?,
            };
            let result = query(&connection);
            pool.damage.note(&result);
            pool.give_back(connection);
            result
        })
        .await;
        drop(free);
        result.map_err(|_| StoreError::Closed)?
    }
}

impl Pool {
    fn take(&self) -> Option<Connection> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn give_back(&self, connection: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}

const THREAD: &str = "SELECT t.*, c.author, c.text_always IS NOT NULL AS held_for_good,
         w.due_at AS wake_at
     FROM threads t
     JOIN customers c ON c.id = t.customer_id LEFT JOIN timers w ON w.thread_id = t.id";

pub(super) const CASE: &str =
    "SELECT c.*, t.channel, t.thread FROM cases c JOIN threads t ON t.id = c.thread_id";

/// A page of one thread's messages. The page is found in the index of the messages' ids alone; only
/// its own rows are read and sorted, however long the thread and the table are.
const MESSAGES: &str = "SELECT m.*, t.channel, t.thread, d.*
     FROM (SELECT id FROM messages WHERE thread_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3) page
     CROSS JOIN messages m ON m.id = page.id
     JOIN threads t ON t.id = m.thread_id JOIN decisions d ON d.message_id = m.id
     ORDER BY page.id";

const UNFINISHED: &str = "SELECT destination, n, (SELECT created_at FROM outbox WHERE id = first)
         AS oldest
     FROM (SELECT destination, count(*) AS n, min(id) AS first FROM outbox
           WHERE state IN ('waiting', 'queued', 'sending') GROUP BY destination)";

const DEAD: &str =
    "SELECT destination, count(*) AS n FROM outbox WHERE reason IS NOT NULL GROUP BY destination";

const OPEN_CALLBACKS: &str = "SELECT state, count(*) AS n,
         min(coalesce(scheduled_at, due_at)) AS oldest FROM callbacks
     WHERE state IN ('due', 'claimed', 'no_answer', 'scheduled') GROUP BY state";

fn thread_detail(
    db: &Connection,
    key: &ThreadKey,
    page: Page,
) -> Result<Option<ThreadDetail>, StoreError> {
    // One transaction, so that all parts show the same moment.
    let snapshot = db.unchecked_transaction()?;
    let address = (key.channel.as_str(), key.thread.as_str());
    let sql = format!("{THREAD} WHERE t.channel = ?1 AND t.thread = ?2");
    let found = first(&snapshot, &sql, address, |row| {
        Ok((row.get::<_, i64>("id")?, thread_row(row)?))
    })?;
    let Some((id, thread)) = found else {
        return Ok(None);
    };
    let cases = format!("{CASE} WHERE c.thread_id = ?1 ORDER BY c.number");
    let callbacks = format!("{CALLBACK} WHERE k.thread_id = ?1 ORDER BY k.number");
    let limit = page.limit.clamp(1, Page::MOST);
    let after = page.after.map_or(0, |cursor| cursor.0);
    let messages = all(&snapshot, MESSAGES, (id, after, limit), |row| {
        let message = message_row(row)?;
        let (channel, thread) = (message.channel.clone(), message.thread.clone());
        let decision = decision_record(row, channel, thread)?;
        Ok((row.get("id")?, DecidedMessage { message, decision }))
    })?;
    Ok(Some(ThreadDetail {
        thread,
        cases: all(&snapshot, &cases, [id], case_row)?,
        callbacks: all(&snapshot, &callbacks, [id], callback_row)?,
        messages: paged(messages, limit),
    }))
}

/// A condition, if there is a value for it.
fn when(value: Option<&str>, condition: &'static str) -> &'static str {
    if value.is_some() { condition } else { "" }
}

/// A page of a list whose query takes `:after`, `:limit` and, where given, `:channel` and `:word`.
fn newest_first<T>(
    db: &Connection,
    sql: &str,
    channel: Option<&str>,
    word: Option<&str>,
    page: Page,
    mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Paged<T>, StoreError> {
    let limit = page.limit.clamp(1, Page::MOST);
    let after = page.after.map_or(i64::MAX, |cursor| cursor.0);
    let mut values: Vec<(&str, &dyn rusqlite::ToSql)> =
        named_params! { ":after": after, ":limit": limit }.to_vec();
    if channel.is_some() {
        values.push((":channel", &channel));
    }
    if word.is_some() {
        values.push((":word", &word));
    }
    let rows = all(db, sql, values.as_slice(), |row| {
        Ok((row.get("id")?, map(row)?))
    })?;
    Ok(paged(rows, limit))
}

/// Rows with their ids as a page. A full one may have a next, which may be empty.
pub(super) fn paged<T>(rows: Vec<(i64, T)>, limit: u32) -> Paged<T> {
    let is_full = u32::try_from(rows.len()).unwrap_or(u32::MAX) >= limit;
    let next = rows.last().filter(|_| is_full).map(|(id, _)| Cursor(*id));
    Paged {
        items: rows.into_iter().map(|(_, row)| row).collect(),
        next,
    }
}

pub(super) fn first<T>(
    db: &Connection,
    sql: &str,
    values: impl Params,
    map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    db.prepare_cached(sql)?
        .query_and_then(values, map)?
        .next()
        .transpose()
}

pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    values: impl Params,
    map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    db.prepare_cached(sql)?
        .query_and_then(values, map)?
        .collect()
}

pub(super) fn thread_row(row: &Row<'_>) -> Result<ThreadRow, StoreError> {
    Ok(ThreadRow {
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        author: row.id_if_any("author")?,
        triage: row.word("triage")?,
        case: row.get("case_number")?,
        exchange: row.get("exchange")?,
        held: row.get("held")? || row.get("held_for_good")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        wake_at: row.time_if_any("wake_at")?,
    })
}

pub(super) fn case_row(row: &Row<'_>) -> Result<CaseRow, StoreError> {
    Ok(CaseRow {
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        number: row.get("number")?,
        opened_at: row.time("opened_at")?,
        state: row.word("state")?,
        resolved_at: row.time_if_any("resolved_at")?,
        hold: row.word_if_any("hold")?,
    })
}

fn waiting(row: &Row<'_>) -> Result<Waiting, StoreError> {
    let oldest: Timestamp = row.time("oldest")?;
    Ok(Waiting {
        count: count(row)?,
        oldest,
    })
}

pub(super) fn count(row: &Row<'_>) -> Result<u64, StoreError> {
    let count: i64 = row.get("n")?;
    Ok(u64::try_from(count).unwrap_or(0))
}
