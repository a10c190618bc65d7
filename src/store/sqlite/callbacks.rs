//! What the writer loads and saves of cases and callbacks.

use rusqlite::{Row, params};

use super::{
    words::{Columns, InOrder, Word, micros},
    writer::Writer,
};
use crate::{
    domain::{
        callback::{Callback, CallbackEnd, CallbackStatus, IncidentId, Soft},
        decision::RuleName,
        ids::{AccountName, Topic},
        thread::{Case, CaseStatus},
        time::Timestamp,
    },
    store::{
        CallbackId, StoreError,
        rows::{CallbackRow, CallbackState, CaseState},
    },
};

impl Writer {
    /// Keeps a callback that opened.
    ///
    /// # Errors
    /// When the database cannot be written, or the thread has an open callback already.
    pub(crate) fn insert_callback(
        &self,
        thread: i64,
        callback: &Callback,
    ) -> Result<CallbackId, StoreError> {
        let (state, claimed_at, soft_until) = stored(callback);
        self.run(
            "INSERT INTO callbacks (thread_id, number, case_number, exchange, message, message_at,
                 topic, opened_at, rule, desk, state, urgent, asked, soft, soft_until, due_at,
                 claimed_by, claimed_at, scheduled_at, owner, since, reminded, told_late, attempts,
                 incident_id, wake_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?8, ?16,
                 ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
            params![
                thread,
                callback.number,
                callback.case,
                callback.exchange,
                callback.message.as_str(),
                micros(callback.message_at),
                callback.topic.as_ref().map(Topic::as_str),
                micros(callback.due_at),
                callback.rule.as_str(),
                callback.desk.as_str(),
                state.word(),
                callback.urgent,
                callback.asked,
                callback.soft.is_some(),
                soft_until.map(micros),
                callback.holder().map(AccountName::as_str),
                claimed_at.map(micros),
                callback.promised_for().map(micros),
                callback.owner.as_ref().map(AccountName::as_str),
                micros(callback.since),
                callback.reminded.word(),
                callback.told_late,
                callback.attempts,
                callback.incident.map(|incident| incident.0),
                micros(callback.wake_at),
            ],
        )?;
        Ok(CallbackId(self.connection.last_insert_rowid()))
    }

    /// Saves what may change while a callback is open.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn save_callback(
        &self,
        id: CallbackId,
        callback: &Callback,
    ) -> Result<(), StoreError> {
        let (state, claimed_at, soft_until) = stored(callback);
        self.run(
            "UPDATE callbacks SET rule = ?2, desk = ?3, state = ?4, urgent = ?5, asked = ?6,
                 soft = ?7, soft_until = ?8, due_at = ?9, claimed_by = ?10, claimed_at = ?11,
                 scheduled_at = ?12, owner = ?13, since = ?14, reminded = ?15, told_late = ?16,
                 attempts = ?17, incident_id = ?18, wake_at = ?19
             WHERE id = ?1",
            params![
                id.0,
                callback.rule.as_str(),
                callback.desk.as_str(),
                state.word(),
                callback.urgent,
                callback.asked,
                callback.soft.is_some(),
                soft_until.map(micros),
                micros(callback.due_at),
                callback.holder().map(AccountName::as_str),
                claimed_at.map(micros),
                callback.promised_for().map(micros),
                callback.owner.as_ref().map(AccountName::as_str),
                micros(callback.since),
                callback.reminded.word(),
                callback.told_late,
                callback.attempts,
                callback.incident.map(|incident| incident.0),
                micros(callback.wake_at),
            ],
        )?;
        Ok(())
    }

    /// Keeps how a callback ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_callback(
        &self,
        id: CallbackId,
        end: &CallbackEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (state, by, outcome, why) = match end {
            CallbackEnd::Done { by, outcome } => {
                (CallbackState::Done, Some(by), Some(outcome.word()), None)
            }
            CallbackEnd::Withdrawn => (CallbackState::Withdrawn, None, None, None),
            CallbackEnd::KeptTyping { by, why } => {
                (CallbackState::Withdrawn, Some(by), None, Some(why.word()))
            }
            CallbackEnd::Exhausted => (CallbackState::Exhausted, None, None, None),
        };
        self.run(
            "UPDATE callbacks SET state = ?2, ended_at = ?3, ended_by = ?4, outcome = ?5, why = ?6,
                 incident_id = NULL, words = NULL
             WHERE id = ?1",
            (
                id.0,
                state.word(),
                micros(now),
                by.map(AccountName::as_str),
                outcome,
                why,
            ),
        )?;
        Ok(())
    }

    /// A callback and the row of its thread.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn callback(
        &self,
        id: CallbackId,
    ) -> Result<Option<(i64, CallbackRow)>, StoreError> {
        self.first(&format!("{CALLBACK} WHERE k.id = ?1"), [id.0], |row| {
            Ok((row.get("thread_id")?, callback_row(row)?))
        })
    }

    /// Keeps how a thread's newest case stands.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn save_case(&self, thread: i64, case: &Case) -> Result<(), StoreError> {
        let (state, resolved_at) = match &case.status {
            CaseStatus::Open => (CaseState::Open, None),
            CaseStatus::Resolved { at, .. } => (CaseState::Resolved, Some(micros(*at))),
        };
        self.run(
            "INSERT INTO cases (thread_id, number, state, opened_at, resolved_at, hold)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (thread_id, number) DO UPDATE SET state = excluded.state,
                 opened_at = excluded.opened_at, resolved_at = excluded.resolved_at,
                 hold = excluded.hold",
            (
                thread,
                case.number,
                state.word(),
                micros(case.opened_at),
                resolved_at,
                case.hold.as_ref().map(|hold| hold.wish.word()),
            ),
        )?;
        Ok(())
    }

    /// Keeps that a case ended because its customer fell silent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn lapse_case(&self, thread: i64, number: u32) -> Result<(), StoreError> {
        self.run(
            "UPDATE cases SET state = ?3 WHERE thread_id = ?1 AND number = ?2",
            (thread, number, CaseState::Lapsed.word()),
        )?;
        Ok(())
    }
}

/// Everything that [`callback_row`] wants, and the thread's row.
pub(super) const CALLBACK: &str = "SELECT k.*, t.channel, t.thread FROM callbacks k
     JOIN threads t ON t.id = k.thread_id";

pub(super) fn callback_row(row: &Row<'_>) -> Result<CallbackRow, StoreError> {
    Ok(CallbackRow {
        id: CallbackId(row.get("id")?),
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        number: row.get("number")?,
        case: row.get("case_number")?,
        exchange: row.get("exchange")?,
        rule: rule(row)?,
        message: row.id("message")?,
        desk: row.id("desk")?,
        topic: row.id_if_any("topic")?,
        state: row.word("state")?,
        urgent: row.get("urgent")?,
        asked: row.get("asked")?,
        soft: row.get("soft")?,
        due_at: row.time("due_at")?,
        owner: row.id_if_any("owner")?,
        attempts: row.get("attempts")?,
        incident: row.get::<_, Option<i64>>("incident_id")?.map(IncidentId),
        claimed_by: row.id_if_any("claimed_by")?,
        claimed_at: row.time_if_any("claimed_at")?,
        scheduled_at: row.time_if_any("scheduled_at")?,
        outcome: row.word_if_any("outcome")?,
        why: row.word_if_any("why")?,
        ended_at: row.time_if_any("ended_at")?,
        ended_by: row.id_if_any("ended_by")?,
    })
}

/// How an open callback stands, since when it is claimed, and until when it is soft.
fn stored(callback: &Callback) -> (CallbackState, Option<Timestamp>, Option<Timestamp>) {
    let (state, claimed_at) = match &callback.status {
        CallbackStatus::Due => (CallbackState::Due, None),
        CallbackStatus::Claimed { at, .. } => (CallbackState::Claimed, Some(*at)),
        CallbackStatus::NoAnswer { .. } => (CallbackState::NoAnswer, None),
        CallbackStatus::Scheduled { .. } => (CallbackState::Scheduled, None),
    };
    let soft_until = callback.soft.as_ref().and_then(|soft| soft.until);
    (state, claimed_at, soft_until)
}

/// What [`open_callback`] takes, in its order.
macro_rules! open_callback_columns {
    () => {
        "k.state AS callback_state, k.claimed_by, k.claimed_at, k.scheduled_at, k.soft,
         k.soft_until, k.number, k.case_number, k.rule, k.message, k.message_at,
         k.exchange AS opened_in, k.due_at, k.desk, k.topic, k.urgent, k.asked, k.owner, k.since,
         k.reminded, k.told_late, k.attempts, k.incident_id, k.wake_at AS callback_wake_at "
    };
}
pub(super) use open_callback_columns;

/// The open callback that was loaded together with its thread.
pub(super) fn open_callback(row: &InOrder<'_>) -> Result<Callback, StoreError> {
    let state: CallbackState = row.word("callback_state")?;
    let claimed_by: Option<AccountName> = row.id_if_any("claimed_by")?;
    let claimed_at = row.time_if_any("claimed_at")?;
    let scheduled_at = row.time_if_any("scheduled_at")?;
    let missing = StoreError::Corrupt(CallbackState::WHAT);
    let status = match (state, claimed_by, claimed_at, scheduled_at) {
        (CallbackState::Due, ..) => CallbackStatus::Due,
        (CallbackState::Claimed, Some(by), Some(at), _) => CallbackStatus::Claimed { by, at },
        (CallbackState::Scheduled, by, _, Some(at)) => CallbackStatus::Scheduled { by, at },
        (CallbackState::NoAnswer, .., Some(until)) => CallbackStatus::NoAnswer { until },
        (
            CallbackState::Claimed
            | CallbackState::Scheduled
            | CallbackState::NoAnswer
            | CallbackState::Done
            | CallbackState::Withdrawn
            | CallbackState::Exhausted,
            ..,
        ) => return Err(missing),
    };
    let is_soft: bool = row.plain("soft")?;
    let until = row.time_if_any("soft_until")?;
    Ok(Callback {
        soft: is_soft.then_some(Soft { until }),
        status,
        number: row.plain("number")?,
        case: row.plain("case_number")?,
        rule: rule(row)?,
        message: row.id("message")?,
        message_at: row.time("message_at")?,
        exchange: row.plain("opened_in")?,
        due_at: row.time("due_at")?,
        desk: row.id("desk")?,
        topic: row.id_if_any("topic")?,
        urgent: row.plain("urgent")?,
        asked: row.plain("asked")?,
        owner: row.id_if_any("owner")?,
        since: row.time("since")?,
        reminded: row.word("reminded")?,
        told_late: row.plain("told_late")?,
        attempts: row.plain("attempts")?,
        incident: row.plain::<Option<i64>>("incident_id")?.map(IncidentId),
        wake_at: row.time("callback_wake_at")?,
    })
}

/// The rule's name in the column `rule`.
pub(super) fn rule(row: &impl Columns) -> Result<RuleName, StoreError> {
    let name: String = row.plain("rule")?;
    RuleName::parse(&name).ok_or(StoreError::Corrupt("a rule's name"))
}
