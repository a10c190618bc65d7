//! Incidents: which are open, what they hold back, and what customers are told meanwhile.

use rusqlite::{Connection, Row, named_params};

use super::{
    desk::{desks, seen_desk},
    reads::{Reads, all, first},
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        callback::IncidentId,
        ids::{AccountName, DeskName, Topic},
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    store::{
        CallbackId, StoreError,
        rows::{
            desk::Sight,
            shift::{IncidentRow, StatusText, Tally},
        },
    },
};

/// What an incident is still to hold back of what came before it did.
#[derive(Debug)]
pub(crate) struct Older {
    /// Which incident.
    pub(crate) incident: IncidentId,
    /// The next callbacks, with their threads' rows; none: it is through.
    pub(crate) callbacks: Vec<(CallbackId, i64)>,
}

/// An incident with its tally; add a condition.
macro_rules! incidents {
    ($condition:expr) => {
        concat!(
            "SELECT i.*,
                 (SELECT count(*) FROM callbacks k
                  WHERE k.rule = 'rule_of_three' AND k.topic IS NOT NULL
                      AND k.desk = i.desk AND k.topic = i.topic
                      AND k.opened_at >= i.counts_from
                      AND (i.ended_at IS NULL OR k.opened_at <= i.ended_at)) AS came,
                 (SELECT count(*) FROM callbacks k
                  WHERE k.incident_id IS NOT NULL AND k.incident_id = i.id) AS held
             FROM incidents i WHERE ",
            $condition
        )
    };
}

impl Writer {
    /// Which incident is open for a topic on a desk, and whether it holds further callbacks back.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn open_incident(
        &self,
        desk: &DeskName,
        topic: &Topic,
    ) -> Result<Option<(IncidentId, bool)>, StoreError> {
        self.first(
            "SELECT id, held_at FROM incidents
             WHERE desk = ?1 AND topic = ?2 AND ended_at IS NULL",
            (desk.as_str(), topic.as_str()),
            |row| {
                let held: Option<i64> = row.get("held_at")?;
                Ok((IncidentId(row.get("id")?), held.is_some()))
            },
        )
    }

    /// How many callbacks the count has opened for a topic on a desk since `since`, or since its last
    /// incident ended, and since when that is. Counts to `enough` at most.
    pub(crate) fn counted_since(
        &self,
        desk: &DeskName,
        topic: &Topic,
        since: Timestamp,
        enough: u32,
    ) -> Result<(u32, Timestamp), StoreError> {
        let ended = self.first(
            "SELECT max(ended_at) AS ended_at FROM incidents
             WHERE desk = ?1 AND topic = ?2 AND ended_at IS NOT NULL",
            (desk.as_str(), topic.as_str()),
            |row| row.time_if_any("ended_at"),
        )?;
        let since = ended.flatten().map_or(since, |ended| ended.max(since));
        let counted = self.first(
            "SELECT count(*) AS n FROM (SELECT 1 FROM callbacks
                 WHERE rule = 'rule_of_three' AND topic IS NOT NULL
                     AND desk = ?1 AND topic = ?2 AND opened_at > ?3 LIMIT ?4)",
            (desk.as_str(), topic.as_str(), micros(since), enough),
            |row| Ok(row.get("n")?),
        )?;
        Ok((counted.unwrap_or(0), since))
    }

    /// Keeps that there is an incident.
    pub(crate) fn begin_incident(
        &self,
        desk: &DeskName,
        topic: &Topic,
        counts_from: Timestamp,
        now: Timestamp,
    ) -> Result<IncidentId, StoreError> {
        self.run(
            "INSERT INTO incidents (desk, topic, opened_at, counts_from, reminded_at)
             VALUES (?1, ?2, ?3, ?4, ?3)",
            (
                desk.as_str(),
                topic.as_str(),
                micros(now),
                micros(counts_from),
            ),
        )?;
        Ok(IncidentId(self.connection.last_insert_rowid()))
    }

    /// One incident.
    pub(crate) fn incident(&self, id: IncidentId) -> Result<Option<IncidentRow>, StoreError> {
        self.first(incidents!("i.id = ?1"), [id.0], incident_row)
    }

    /// Those that are not over.
    pub(crate) fn open_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.all(
            incidents!("i.ended_at IS NULL ORDER BY i.id"),
            [],
            incident_row,
        )
    }

    /// Keeps that an incident holds further callbacks back, and the older ones too if `older`.
    pub(crate) fn hold_incident(
        &self,
        id: IncidentId,
        by: &AccountName,
        older: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE incidents SET held_at = coalesce(held_at, ?2), held_by = ?3,
                 holds_older = max(holds_older, ?4) WHERE id = ?1",
            (id.0, micros(now), by.as_str(), older),
        )?;
        Ok(())
    }

    /// Keeps how an incident stands, for customers, in one language.
    pub(crate) fn keep_status(
        &self,
        id: IncidentId,
        language: Language,
        text: &str,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO incident_texts (incident_id, language, text) VALUES (?1, ?2, ?3)
             ON CONFLICT (incident_id, language) DO UPDATE SET text = excluded.text",
            (id.0, language.as_str(), text),
        )?;
        Ok(())
    }

    /// How an incident stands, in exactly that language.
    pub(crate) fn incident_status(
        &self,
        id: IncidentId,
        language: Language,
    ) -> Result<Option<String>, StoreError> {
        self.first(
            "SELECT text FROM incident_texts WHERE incident_id = ?1 AND language = ?2",
            (id.0, language.as_str()),
            |row| Ok(row.get("text")?),
        )
    }

    /// An incident whose older callbacks are still to be held back, if there is one.
    pub(crate) fn older_to_hold(&self, most: u32) -> Result<Option<Older>, StoreError> {
        let incident = self.first(
            "SELECT id, desk, topic, counts_from FROM incidents
             WHERE holds_older AND ended_at IS NULL ORDER BY id LIMIT 1",
            [],
            |row| {
                let (desk, topic): (String, String) = (row.get("desk")?, row.get("topic")?);
                let from: i64 = row.get("counts_from")?;
                Ok((IncidentId(row.get("id")?), desk, topic, from))
            },
        )?;
        let Some((id, desk, topic, from)) = incident else {
            return Ok(None);
        };
        let callbacks = self.all(
            "SELECT id, thread_id FROM callbacks
             WHERE rule = 'rule_of_three' AND topic IS NOT NULL
                 AND desk = ?1 AND topic = ?2 AND opened_at >= ?3
                 AND state IN ('due', 'no_answer') AND incident_id IS NULL
                 AND NOT urgent AND NOT asked
             ORDER BY id LIMIT ?4",
            (desk, topic, from, most),
            |row| Ok((CallbackId(row.get("id")?), row.get("thread_id")?)),
        )?;
        Ok(Some(Older {
            incident: id,
            callbacks,
        }))
    }

    /// Keeps that the older callbacks of an incident are held back.
    pub(crate) fn older_are_held(&self, id: IncidentId) -> Result<(), StoreError> {
        self.run("UPDATE incidents SET holds_older = 0 WHERE id = ?1", [id.0])?;
        Ok(())
    }

    /// Keeps that an incident is over. False if it was before.
    pub(crate) fn end_incident(
        &self,
        id: IncidentId,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = self.run(
            "UPDATE incidents SET ended_at = ?3, ended_by = ?2, holds_older = 0
             WHERE id = ?1 AND ended_at IS NULL",
            (id.0, by.as_str(), micros(now)),
        )?;
        Ok(ended > 0)
    }

    /// Callbacks that are held back by incidents that are over, in the order they opened, with their
    /// threads' rows.
    pub(crate) fn still_held(&self, most: u32) -> Result<Vec<(CallbackId, i64)>, StoreError> {
        self.all(
            "SELECT k.id, k.thread_id FROM callbacks k
             WHERE k.incident_id IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM incidents i
                                 WHERE i.id = k.incident_id AND i.ended_at IS NULL)
             ORDER BY k.incident_id, k.id LIMIT ?1",
            [most],
            |row| Ok((CallbackId(row.get("id")?), row.get("thread_id")?)),
        )
    }

    /// Takes a callback out of its incident whose thread cannot be read: it is in the queue then.
    pub(crate) fn let_go(&self, id: CallbackId) -> Result<(), StoreError> {
        self.run(
            "UPDATE callbacks SET incident_id = NULL WHERE id = ?1",
            [id.0],
        )?;
        Ok(())
    }

    /// Keeps the tally of an incident as it is told.
    pub(crate) fn keep_told_tally(&self, id: IncidentId, tally: Tally) -> Result<(), StoreError> {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        self.run(
            "UPDATE incidents SET told_came = ?2, told_held = ?3 WHERE id = ?1",
            (id.0, number(tally.came), number(tally.held)),
        )?;
        Ok(())
    }

    /// Keeps that supervisors were reminded of an incident.
    pub(crate) fn incident_reminded(
        &self,
        id: IncidentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE incidents SET reminded_at = ?2 WHERE id = ?1",
            (id.0, micros(now)),
        )?;
        Ok(())
    }

    /// Keeps that it was told how long somebody has been held back.
    pub(crate) fn incident_told_long(
        &self,
        id: IncidentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE incidents SET told_long_at = ?2 WHERE id = ?1",
            (id.0, micros(now)),
        )?;
        Ok(())
    }

    /// When the first of those that an incident holds back opened.
    pub(crate) fn held_since(&self, id: IncidentId) -> Result<Option<Timestamp>, StoreError> {
        let since = self.first(
            "SELECT min(opened_at) AS since FROM callbacks
             WHERE incident_id IS NOT NULL AND incident_id = ?1",
            [id.0],
            |row| row.time_if_any("since"),
        )?;
        Ok(since.flatten())
    }
}

fn incident_row(row: &Row<'_>) -> Result<IncidentRow, StoreError> {
    let who = |at, by: &'static str| -> Result<Option<(Timestamp, AccountName)>, StoreError> {
        Ok(row.time_if_any(at)?.zip(row.id_if_any(by)?))
    };
    Ok(IncidentRow {
        id: IncidentId(row.get("id")?),
        desk: row.id("desk")?,
        topic: row.id("topic")?,
        opened_at: row.time("opened_at")?,
        counts_from: row.time("counts_from")?,
        held: who("held_at", "held_by")?,
        ended: who("ended_at", "ended_by")?,
        reminded_at: row.time("reminded_at")?,
        told_long_at: row.time_if_any("told_long_at")?,
        tally: tally(row, "came", "held")?,
        told: tally(row, "told_came", "told_held")?,
    })
}

fn tally(row: &Row<'_>, came: &str, held: &str) -> Result<Tally, StoreError> {
    let number = |column| -> Result<u64, StoreError> {
        let number: i64 = row.get(column)?;
        Ok(u64::try_from(number).unwrap_or(0))
    };
    Ok(Tally {
        came: number(came)?,
        held: number(held)?,
    })
}

const OPEN: &str = concat!(
    incidents!("i.ended_at IS NULL AND "),
    seen_desk!("i.desk"),
    " ORDER BY i.id"
);

impl Reads {
    /// The incidents that are not over, oldest first.
    ///
    /// # Errors
    /// Here and below: when the database cannot be read.
    pub async fn incidents(&self, sight: Sight) -> Result<Vec<IncidentRow>, StoreError> {
        self.query(move |db| {
            let values = named_params! { ":desks": desks(&sight)? };
            all(db, OPEN, values, incident_row)
        })
        .await
    }

    /// One incident, with what customers are told of it.
    pub async fn incident(
        &self,
        id: IncidentId,
    ) -> Result<Option<(IncidentRow, Vec<StatusText>)>, StoreError> {
        self.query(move |db| {
            let Some(row) = first(db, incidents!("i.id = ?1"), [id.0], incident_row)? else {
                return Ok(None);
            };
            Ok(Some((row, status_texts(db, id)?)))
        })
        .await
    }
}

fn status_texts(db: &Connection, id: IncidentId) -> Result<Vec<StatusText>, StoreError> {
    let sql = "SELECT language, text FROM incident_texts WHERE incident_id = ?1 ORDER BY language";
    all(db, sql, [id.0], |row| {
        let language: String = row.get("language")?;
        Ok(StatusText {
            language: Language::parse(&language)
                .ok_or(StoreError::Corrupt("incident_texts.language"))?,
            text: Private::new(row.get("text")?),
        })
    })
}
