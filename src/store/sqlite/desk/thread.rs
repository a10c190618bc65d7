//! One thread with everything that stands beside its messages.

use rusqlite::{Connection, Row};

use crate::{
    domain::{
        ids::{RulesVersion, ThreadKey},
        message::Party,
        thread::ThreadState,
    },
    store::{
        StoreError,
        rows::{
            Cursor, Page,
            desk::{DeskLine, DeskThread},
            numbers::Contact,
            people::Elsewhere,
        },
        sqlite::{
            callbacks::{CALLBACK, callback_row},
            calls::calls_of,
            chat::carried::carried,
            consents::contact,
            corrections::{CORRECTION, correction_row},
            dialled::dial_of,
            held::{STANDING, held_row},
            messages::decision_record,
            notes::{NOTES, note_row},
            notices::{NOTICE, notice_row},
            people::elsewhere,
            reads::{CASE, all, case_row, first, thread_row},
            transcript::message_row,
            words::Columns,
        },
    },
};

/// The thread of an address, with its customer's wishes.
pub(super) const WHOLE: &str = "SELECT t.*, c.author, c.text_always, c.do_not_call, c.muted_until,
         c.text_always IS NOT NULL AS held_for_good, w.due_at AS wake_at
     FROM threads t
     JOIN customers c ON c.id = t.customer_id LEFT JOIN timers w ON w.thread_id = t.id
     WHERE t.channel = ?1 AND t.thread = ?2";

/// The newest messages of one thread before `?2`, in order of arrival.
pub(super) const LINES: &str = "SELECT m.*, t.channel, t.thread, d.*
     FROM (SELECT id FROM messages WHERE thread_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3) page
     CROSS JOIN messages m ON m.id = page.id
     JOIN threads t ON t.id = m.thread_id JOIN decisions d ON d.message_id = m.id
     ORDER BY page.id";

/// How many notices are shown at once; the next move up as these are seen to. An admin's rule may
/// flag every message of somebody who writes thousands.
const NOTICES: u32 = 50;

/// What its row alone tells, and its customer's.
struct Whole {
    id: i64,
    customer: i64,
    thread: DeskThread,
}

pub(super) fn desk_thread(
    db: &Connection,
    key: &ThreadKey,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Option<DeskThread>, StoreError> {
    // One transaction, so that all parts show the same moment.
    let snapshot = db.unchecked_transaction()?;
    let address = (key.channel.as_str(), key.thread.as_str());
    let Some(Whole {
        id,
        customer,
        mut thread,
    }) = first(&snapshot, WHOLE, address, whole)?
    else {
        return Ok(None);
    };
    let limit = limit.clamp(1, Page::MOST);
    (thread.lines, thread.older) = lines(&snapshot, id, before, limit)?;
    let cases = format!("{CASE} WHERE c.thread_id = ?1 ORDER BY c.number");
    thread.cases = all(&snapshot, &cases, [id], case_row)?;
    let callbacks = format!("{CALLBACK} WHERE k.thread_id = ?1 ORDER BY k.number");
    thread.callbacks = all(&snapshot, &callbacks, [id], callback_row)?;
    thread.calls = calls_of(&snapshot, id)?;
    if let Some(newest) = thread.callbacks.last() {
        thread.dialled = dial_of(&snapshot, newest.id)?;
    }
    thread.notes = all(&snapshot, NOTES, [id], note_row)?;
    let notices = format!(
        "{NOTICE} WHERE n.thread_id = ?1 AND n.ended_at IS NULL ORDER BY n.id LIMIT {NOTICES}"
    );
    thread.notices = all(&snapshot, &notices, [id], notice_row)?;
    thread.contact = contact(&snapshot, customer, None)?;
    thread.elsewhere = elsewhere(&snapshot, customer)?;
    thread.held = all(&snapshot, STANDING, [id], held_row)?;
    Ok(Some(thread))
}

fn whole(row: &Row<'_>) -> Result<Whole, StoreError> {
    let state: ThreadState = row.json("state")?;
    let thread = DeskThread {
        thread: thread_row(row)?,
        language: state.context.language,
        text_always: row.json_if_any("text_always")?,
        hold: state.case.and_then(|case| case.hold),
        do_not_call: row.get("do_not_call")?,
        elsewhere: Elsewhere::default(),
        contact: Contact::default(),
        muted_until: row.time_if_any("muted_until")?,
        cases: Vec::new(),
        callbacks: Vec::new(),
        calls: Vec::new(),
        dialled: None,
        lines: Vec::new(),
        older: None,
        notes: Vec::new(),
        notices: Vec::new(),
        held: Vec::new(),
    };
    Ok(Whole {
        id: row.get("id")?,
        customer: row.get("customer_id")?,
        thread,
    })
}

/// A page of messages, and where those before it end. One more is read, to know whether there are
/// any.
fn lines(
    db: &Connection,
    thread: i64,
    before: Option<Cursor>,
    limit: u32,
) -> Result<(Vec<DeskLine>, Option<Cursor>), StoreError> {
    let before = before.map_or(i64::MAX, |cursor| cursor.0);
    let values = (thread, before, limit.saturating_add(1));
    let mut lines = all(db, LINES, values, |row| {
        Ok((row.get::<_, i64>("id")?, line(row)?))
    })?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let older = (lines.len() > limit).then(|| lines.remove(0));
    let older = older.and_then(|_| lines.first().map(|(id, _)| Cursor(*id)));
    for (id, line) in &mut lines {
        line.correction = first(db, CORRECTION, [*id], correction_row)?;
        if line.message.from != Party::Customer {
            line.carried = carried(db, *id)?;
        }
    }
    Ok((lines.into_iter().map(|(_, line)| line).collect(), older))
}

fn line(row: &Row<'_>) -> Result<DeskLine, StoreError> {
    let message = message_row(row)?;
    let (channel, thread) = (message.channel.clone(), message.thread.clone());
    Ok(DeskLine {
        message,
        decision: decision_record(row, channel, thread)?,
        evidence: row.json("evidence")?,
        rules_version: RulesVersion(row.get::<_, String>("rules_version")?.into()),
        correction: None,
        carried: None,
    })
}
