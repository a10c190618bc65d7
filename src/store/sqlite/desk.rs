//! What the desk's pages read. No query here may cost more because there is more history: lists
//! come from an index in their own order, counts count only what is open.

mod card;
mod queue;
mod thread;
mod threads;

#[cfg(test)]
mod tests;

use rusqlite::{Connection, named_params};
use serde::Serialize;

use super::{
    notices::{NOTICE, notice_row},
    reads::{Reads, all, count, first},
    words::{Columns, json, micros},
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        ids::{AccountName, ThreadKey},
    },
    store::{
        CallbackId, StoreError,
        rows::{
            Cursor, Page, Paged,
            desk::{
                DeskCounts, DeskThread, Eyes, ListedThread, NoticeRow, Queue, QueueRow, QueueView,
                Sight, ThreadList, Undelivered,
            },
        },
    },
};

/// One callback as the queue would show it, with all that there is, in the caller's transaction.
pub(super) fn callback(db: &Connection, id: CallbackId) -> Result<Option<QueueRow>, StoreError> {
    queue::one(db, id, None)
}

impl Reads {
    /// Callbacks in the order in which they are to be worked, at most `limit` of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queue(
        &self,
        view: QueueView,
        sight: Sight,
        limit: u32,
    ) -> Result<Queue, StoreError> {
        self.query(move |db| queue::queue(db, &view, &sight, limit))
            .await
    }

    /// One callback as the queue would show it, open or not, with what these eyes may see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn card(
        &self,
        id: CallbackId,
        eyes: Option<Eyes>,
    ) -> Result<Option<QueueRow>, StoreError> {
        self.query(move |db| queue::one(&*db.unchecked_transaction()?, id, eyes.as_ref()))
            .await
    }

    /// Threads as a team sorts its day. A page starts where the thread that the page before ended
    /// with stands now: if that one has moved meanwhile, threads show again, but none is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_threads(
        &self,
        list: ThreadList,
        sight: Sight,
        page: Page,
    ) -> Result<Paged<ListedThread>, StoreError> {
        self.query(move |db| threads::listed(db, list, &sight, page))
            .await
    }

    /// One thread with its newest messages, at most `limit`, those before `before` if given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_thread(
        &self,
        key: ThreadKey,
        before: Option<Cursor>,
        limit: u32,
    ) -> Result<Option<DeskThread>, StoreError> {
        self.query(move |db| thread::desk_thread(db, &key, before, limit))
            .await
    }

    /// How much there is to do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_counts(
        &self,
        account: AccountName,
        sight: Sight,
    ) -> Result<DeskCounts, StoreError> {
        self.query(move |db| counts(db, &account, &sight)).await
    }

    /// What desks were told and nobody has seen to, but for what stands on a callback's card; oldest
    /// first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices(&self, sight: Sight, limit: u32) -> Result<Vec<NoticeRow>, StoreError> {
        self.query(move |db| {
            let sql = format!(
                "{NOTICE} WHERE n.ended_at IS NULL AND {} AND {} AND {} ORDER BY n.id LIMIT :limit",
                seen_desk!("n.desk"),
                seen_eyes!(),
                off_card!(),
            );
            let values = named_params! {
                ":desks": desks(&sight)?, ":viewer": viewer(&sight),
                ":others_until": others_until(&sight), ":on_card": on_card()?, ":limit": limit.clamp(1, Page::MOST),
            };
            all(db, &sql, values, notice_row)
        })
        .await
    }

    /// One notice that nobody has seen to, to find out who may see to it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice(&self, id: i64) -> Result<Option<NoticeRow>, StoreError> {
        self.query(move |db| {
            let sql = format!("{NOTICE} WHERE n.id = ?1 AND n.ended_at IS NULL");
            first(db, &sql, [id], notice_row)
        })
        .await
    }

    /// The newest notice of a thread that says so and that nobody has seen to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice_saying(
        &self,
        thread: ThreadKey,
        notice: Notice,
    ) -> Result<Option<NoticeRow>, StoreError> {
        self.query(move |db| {
            let sql = format!(
                "{NOTICE} WHERE t.channel = ?1 AND t.thread = ?2 AND n.notice = ?3
                     AND n.ended_at IS NULL ORDER BY n.id DESC LIMIT 1"
            );
            let says = json(&notice, "notices.notice")?;
            let of = (thread.channel.as_str(), thread.thread.as_str(), says);
            first(db, &sql, of, notice_row)
        })
        .await
    }

    /// What destinations were not told, one row for each that missed something.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn undelivered(&self) -> Result<Vec<Undelivered>, StoreError> {
        self.query(|db| {
            all(db, UNDELIVERED, [], |row| {
                Ok(Undelivered {
                    destination: row.get("destination")?,
                    count: count(row)?,
                    reason: row.get("reason")?,
                    at: row.time("finished_at")?,
                })
            })
        })
        .await
    }
}

/// Whether a row's desk may be seen: `:desks` is a JSON list, or null for every desk.
macro_rules! seen_desk {
    ($column:literal) => {
        concat!(
            "(:desks IS NULL OR ",
            $column,
            " IN (SELECT value FROM json_each(:desks)))"
        )
    };
}
pub(super) use queue::as_worked;
pub(super) use seen_desk;

/// Whether a notice `n` is for these eyes: what `Eyes::see` says, with `:viewer` null for all eyes.
macro_rules! seen_eyes {
    () => {
        "(:viewer IS NULL OR n.account IS NULL OR n.account = :viewer
          OR n.alone_until <= :others_until)"
    };
}
use seen_eyes;

/// Whether a notice `n` does not stand on an open callback's card alone, with `:on_card` what is said
/// while one is open: beside the queue there would be one for every card. What an incident holds back
/// has no card there.
macro_rules! off_card {
    () => {
        "NOT (json_extract(n.notice, '$.notice') = 'say_yourself'
              AND json_extract(n.notice, '$.utterance') IN (SELECT value FROM json_each(:on_card))
              AND EXISTS (SELECT 1 FROM callbacks k WHERE k.thread_id = n.thread_id
                  AND k.state IN ('due', 'claimed', 'no_answer', 'scheduled')
                  AND k.incident_id IS NULL))"
    };
}
use off_card;

/// The newest of each destination is found by its id, which the index has too.
const UNDELIVERED: &str = "SELECT o.destination, dead.n, o.reason, o.finished_at
     FROM (SELECT count(*) AS n, max(id) AS newest FROM outbox WHERE reason IS NOT NULL
           GROUP BY destination) dead
     CROSS JOIN outbox o ON o.id = dead.newest
     ORDER BY o.destination";

const COUNTS: &str = concat!(
    "SELECT
         (SELECT count(*) FROM callbacks k WHERE ",
    queue::of_view!(due),
    ") AS due,
         (SELECT count(*) FROM callbacks k WHERE ",
    queue::of_view!(mine),
    ") AS mine,
         (SELECT count(*) FROM callbacks k WHERE ",
    queue::of_view!(scheduled),
    ") AS scheduled,
         (SELECT count(*) FROM json_each(:channels) seen
          CROSS JOIN threads t ON t.channel = seen.value
          WHERE t.triage = 'waiting_on_us') AS waiting_on_us,
         (SELECT count(*) FROM notices n WHERE n.ended_at IS NULL AND ",
    seen_desk!("n.desk"),
    " AND ",
    seen_eyes!(),
    " AND ",
    off_card!(),
    ") AS notices"
);

/// Every channel that has a thread, one jump in the index for each.
const EVERY_CHANNEL: &str = "WITH RECURSIVE every (channel) AS (
         SELECT min(channel) FROM threads
         UNION ALL
         SELECT (SELECT min(t.channel) FROM threads t WHERE t.channel > every.channel)
         FROM every WHERE every.channel IS NOT NULL)
     SELECT json_group_array(channel) AS channels FROM every WHERE channel IS NOT NULL";

fn counts(db: &Connection, account: &AccountName, sight: &Sight) -> Result<DeskCounts, StoreError> {
    let values = named_params! {
        ":account": account.as_str(), ":desks": desks(sight)?, ":channels": channels(db, sight)?,
        ":viewer": viewer(sight), ":others_until": others_until(sight), ":on_card": on_card()?,
    };
    let counts = first(db, COUNTS, values, |row| {
        let count = |column| -> Result<u64, StoreError> {
            let count: i64 = row.get(column)?;
            Ok(u64::try_from(count).unwrap_or(0))
        };
        Ok(DeskCounts {
            due: count("due")?,
            mine: count("mine")?,
            scheduled: count("scheduled")?,
            waiting_on_us: count("waiting_on_us")?,
            notices: count("notices")?,
        })
    })?;
    Ok(counts.unwrap_or_default())
}

/// The desks that may be seen, as [`seen_desk`] wants them.
pub(super) fn desks(sight: &Sight) -> Result<Option<String>, StoreError> {
    sight.desks.as_ref().map(list).transpose()
}

/// Whose eyes, as [`seen_eyes`] wants them.
fn viewer(sight: &Sight) -> Option<&str> {
    sight.eyes.as_ref().map(|eyes| eyes.account.as_str())
}

fn others_until(sight: &Sight) -> Option<i64> {
    let eyes = sight.eyes.as_ref();
    eyes.and_then(|eyes| eyes.others_until).map(micros)
}

/// What stands on a card alone, as [`off_card`] wants it.
fn on_card() -> Result<String, StoreError> {
    let of_open = |utterance: &&Utterance| utterance.is_of_open_callback();
    let names = Utterance::ALL.iter().filter(of_open);
    list(&names.map(|utterance| utterance.as_str()).collect())
}

/// The channels that may be seen as a JSON list: all that there are, where the sight has no bounds.
pub(super) fn channels(db: &Connection, sight: &Sight) -> Result<String, StoreError> {
    match &sight.channels {
        Some(channels) => list(channels),
        None => first(db, EVERY_CHANNEL, [], |row| Ok(row.get("channels")?))?
            .ok_or(StoreError::Corrupt("threads.channel")),
    }
}

fn list<T: Serialize>(names: &Vec<T>) -> Result<String, StoreError> {
    json(names, "a list of names")
}
