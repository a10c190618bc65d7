//! A desk's callbacks as one queue: how many there are, and whether one card stands for all of them.

use rusqlite::{Connection, Row, named_params};

use super::{
    desk::{as_worked, desks, seen_desk},
    reads::{Reads, all, first},
    words::{Columns, json},
    writer::Writer,
};
use crate::{
    domain::ids::{AccountName, ChannelName, DeskName},
    store::{
        CallbackId, StoreError,
        rows::{desk::Sight, shift::QueueCount},
    },
};

/// What was last told of a desk's queue card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct QueueCard {
    /// It stands for all cards.
    pub(crate) is_pinned: bool,
    /// How many callbacks it shows.
    pub(crate) told_due: u64,
}

/// The callbacks that nobody has on the desk `?1`, but for those on the channels `?2`.
macro_rules! due_on {
    () => {
        "FROM callbacks k WHERE k.state = 'due' AND k.incident_id IS NULL AND k.desk = ?1
             AND (?2 IS NULL OR (SELECT channel FROM threads WHERE id = k.thread_id)
                  NOT IN (SELECT value FROM json_each(?2)))"
    };
}

impl Writer {
    /// How many callbacks nobody has on a desk, and how many of them are urgent; those on `watched`
    /// channels, of which nothing is told, are not counted.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn due_on(
        &self,
        desk: &DeskName,
        watched: &[ChannelName],
    ) -> Result<(u64, u64), StoreError> {
        let watched = (!watched.is_empty()).then(|| json(&watched, "a list of names"));
        let due = self.first(
            concat!(
                "SELECT count(*) AS due, coalesce(sum(k.urgent), 0) AS urgent ",
                due_on!()
            ),
            (desk.as_str(), watched.transpose()?),
            |row| Ok((number(row, "due")?, number(row, "urgent")?)),
        )?;
        Ok(due.unwrap_or_default())
    }

    /// Whether more than `many` of a desk's callbacks are nobody's, as [`Writer::due_on`] counts them.
    /// Looks at so many, however many there are.
    pub(crate) fn more_due_than(
        &self,
        desk: &DeskName,
        watched: &[ChannelName],
        many: u64,
    ) -> Result<bool, StoreError> {
        let watched = (!watched.is_empty()).then(|| json(&watched, "a list of names"));
        let many = i64::try_from(many).unwrap_or(i64::MAX);
        let one_more = self.first(
            concat!("SELECT 1 ", due_on!(), " LIMIT 1 OFFSET ?3"),
            (desk.as_str(), watched.transpose()?, many),
            |_| Ok(()),
        )?;
        Ok(one_more.is_some())
    }

    /// The desk of a thread's newest callback.
    pub(crate) fn desk_of_newest_callback(
        &self,
        thread: i64,
    ) -> Result<Option<DeskName>, StoreError> {
        self.first(
            "SELECT desk FROM callbacks WHERE thread_id = ?1 ORDER BY number DESC LIMIT 1",
            [thread],
            |row| row.id("desk"),
        )
    }

    /// What was last told of a desk's queue card.
    pub(crate) fn queue_card(&self, desk: &DeskName) -> Result<QueueCard, StoreError> {
        let card = self.first(
            "SELECT is_pinned, told_due FROM desk_queues WHERE desk = ?1",
            [desk.as_str()],
            |row| {
                Ok(QueueCard {
                    is_pinned: row.get("is_pinned")?,
                    told_due: number(row, "told_due")?,
                })
            },
        )?;
        Ok(card.unwrap_or_default())
    }

    /// Keeps what is told of a desk's queue card.
    pub(crate) fn keep_queue_card(
        &self,
        desk: &DeskName,
        card: QueueCard,
    ) -> Result<(), StoreError> {
        let told_due = i64::try_from(card.told_due).unwrap_or(i64::MAX);
        self.run(
            "INSERT INTO desk_queues (desk, is_pinned, told_due) VALUES (?1, ?2, ?3)
             ON CONFLICT (desk) DO UPDATE SET is_pinned = excluded.is_pinned,
                 told_due = excluded.told_due",
            (desk.as_str(), card.is_pinned, told_due),
        )?;
        Ok(())
    }

    /// The desks for whose cards one stands.
    pub(crate) fn pinned_queues(&self) -> Result<Vec<DeskName>, StoreError> {
        self.all("SELECT desk FROM desk_queues WHERE is_pinned", [], |row| {
            row.id("desk")
        })
    }

    /// A desk's open callbacks, but for those that an incident holds back, as they are to be worked; with
    /// their threads' rows and channels.
    pub(crate) fn open_on(
        &self,
        desk: &DeskName,
    ) -> Result<Vec<(CallbackId, i64, ChannelName)>, StoreError> {
        self.all(
            concat!(
                "SELECT k.id, k.thread_id, t.channel FROM callbacks k JOIN threads t ON t.id = k.thread_id
                 WHERE k.state IN ('due', 'claimed', 'scheduled', 'no_answer')
                     AND k.incident_id IS NULL AND k.desk = ?1
                 ORDER BY ",
                as_worked!()
            ),
            [desk.as_str()],
            |row| {
                Ok((
                    CallbackId(row.get("id")?),
                    row.get("thread_id")?,
                    row.id("channel")?,
                ))
            },
        )
    }

    /// The head of a desk's queue, with their threads' rows: at most `most` callbacks that nobody has
    /// and that are not shown to somebody else first.
    pub(crate) fn head_of_queue(
        &self,
        desk: &DeskName,
        by: &AccountName,
        most: u32,
    ) -> Result<Vec<(CallbackId, i64)>, StoreError> {
        self.all(
            concat!(
                "SELECT k.id, k.thread_id FROM callbacks k
                 WHERE k.state = 'due' AND k.incident_id IS NULL AND k.desk = ?1
                     AND (k.owner IS NULL OR k.owner = ?2)
                 ORDER BY ",
                as_worked!(),
                " LIMIT ?3"
            ),
            (desk.as_str(), by.as_str(), most),
            |row| Ok((CallbackId(row.get("id")?), row.get("thread_id")?)),
        )
    }
}

/// A callback is counted with the first kind that it is of.
const COUNTS: &str = concat!(
    "SELECT k.desk, count(*) AS due, sum(k.urgent) AS urgent,
         sum(NOT k.urgent AND k.asked) AS asked,
         sum(NOT k.urgent AND NOT k.asked AND k.soft) AS soft, min(k.due_at) AS oldest,
         coalesce((SELECT is_pinned FROM desk_queues q WHERE q.desk = k.desk), 0) AS is_pinned
     FROM callbacks k WHERE k.state = 'due' AND k.incident_id IS NULL AND ",
    seen_desk!("k.desk"),
    " GROUP BY k.desk"
);

/// Whether one card stands for all of a desk's.
const IS_PINNED: &str = "SELECT 1 FROM desk_queues WHERE desk = ?1 AND is_pinned";

/// Whether one card stands for all of a desk's.
pub(super) fn is_pinned(db: &Connection, desk: &DeskName) -> Result<bool, StoreError> {
    Ok(first(db, IS_PINNED, [desk.as_str()], |_| Ok(()))?.is_some())
}

impl Reads {
    /// The callbacks that nobody has, counted for each desk that has any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queue_counts(&self, sight: Sight) -> Result<Vec<QueueCount>, StoreError> {
        self.query(move |db| {
            let values = named_params! { ":desks": desks(&sight)? };
            all(db, COUNTS, values, |row| {
                Ok(QueueCount {
                    desk: row.id("desk")?,
                    due: number(row, "due")?,
                    urgent: number(row, "urgent")?,
                    asked: number(row, "asked")?,
                    soft: number(row, "soft")?,
                    oldest: row.time("oldest")?,
                    is_pinned: row.get("is_pinned")?,
                })
            })
        })
        .await
    }
}

fn number(row: &Row<'_>, column: &str) -> Result<u64, StoreError> {
    let number: i64 = row.get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}
