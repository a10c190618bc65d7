//! What stands behind a callback's card: what led to it, what came before, what is known of its
//! customer. Costs the same however long the thread is.

use rusqlite::{Connection, Row};

use crate::{
    domain::{
        callback::Outcome,
        ids::Topic,
        message::Party,
        private::Private,
        thread::{CustomerState, ThreadState},
    },
    store::{
        StoreError,
        rows::{
            CallbackRow, CaseState,
            card::{AskedWords, Background, EarlierCase},
            desk::{Eyes, NoticeRow},
        },
        sqlite::{
            consents::contact,
            notices::{NOTICE, notice_row},
            people::add_elsewhere,
            reads::{all, first},
            words::Columns,
        },
    },
};

/// The thread's memory, its customer, and what only the claimer may know.
pub(super) const KNOWN: &str =
    "SELECT t.state, t.customer_id, c.text_always, c.do_not_call, c.muted_until, c.number,
         c.whereabouts, k.words, k.video, k.due_at > k.opened_at AS was_promised, s.opened_at
     FROM callbacks k JOIN threads t ON t.id = k.thread_id JOIN customers c ON c.id = t.customer_id
     LEFT JOIN cases s ON s.thread_id = k.thread_id AND s.number = k.case_number
     WHERE k.id = ?1";

/// The customer's messages among the thread's newest two hundred that name a topic or ask for a call,
/// oldest first.
pub(super) const TELLING: &str = "SELECT m.text, m.at, m.visibility, d.case_number, d.evidence,
         json_extract(d.reading, '$.topic') AS topic,
         coalesce(json_extract(d.reading, '$.wants_call'), 0) AS wants_call
     FROM (SELECT id FROM messages WHERE thread_id = ?1 ORDER BY id DESC LIMIT 200) page
     CROSS JOIN messages m ON m.id = page.id JOIN decisions d ON d.message_id = m.id
     WHERE m.party = 'customer' AND (topic IS NOT NULL OR wants_call)
     ORDER BY page.id";

/// The cases before one, newest first, with what came of the last callback of each.
pub(super) const EARLIER: &str = "SELECT s.number, s.opened_at, s.state,
         (SELECT k.outcome FROM callbacks k
          WHERE k.thread_id = s.thread_id AND k.case_number = s.number AND k.state = 'done'
          ORDER BY k.number DESC LIMIT 1) AS outcome
     FROM cases s WHERE s.thread_id = ?1 AND s.number < ?2 ORDER BY s.number DESC LIMIT ?3";

/// What stands in a thread, as far as anybody wants to see it beside a call.
const NOTICES: u32 = 50;

/// What a message tells of its case.
struct Telling {
    case: u32,
    topic: Option<Topic>,
    asked: Option<AskedWords>,
}

/// The background of a callback in the thread of that row, for these eyes.
pub(super) fn background(
    db: &Connection,
    thread: i64,
    callback: &CallbackRow,
    eyes: Option<&Eyes>,
) -> Result<Background, StoreError> {
    let found = first(db, KNOWN, [callback.id.0], |row| {
        Ok((row.get("customer_id")?, known(row, callback)?))
    })?;
    let (customer, mut known): (i64, Background) =
        found.ok_or(StoreError::Corrupt("callbacks.thread_id"))?;
    add_elsewhere(db, customer, &mut known.customer)?;
    let telling = all(db, TELLING, [thread], telling)?;
    let topic_of = |case: u32| {
        let of_case = telling.iter().filter(|telling| telling.case == case);
        of_case.filter_map(|telling| telling.topic.clone()).next()
    };
    let earlier = (thread, callback.case, Background::EARLIER);
    let mut earlier = all(db, EARLIER, earlier, earlier_case)?;
    for case in &mut earlier {
        case.topic = topic_of(case.number);
    }
    let topic = topic_of(callback.case).or_else(|| callback.topic.clone());
    let of_case = telling
        .into_iter()
        .filter(|telling| telling.case == callback.case);
    let asked = of_case.filter_map(|telling| telling.asked).next_back();
    Ok(Background {
        topic,
        contact: contact(db, customer, asked.as_ref().filter(|_| callback.asked))?,
        asked,
        earlier,
        notices: notices(db, thread, eyes)?,
        ..known
    })
}

fn known(row: &Row<'_>, callback: &CallbackRow) -> Result<Background, StoreError> {
    let state: ThreadState = row.json("state")?;
    let ours = state
        .exchanges
        .iter()
        .filter(|exchange| exchange.case == callback.case && exchange.party == Party::Agent);
    let hold = state.case.and_then(|case| case.hold);
    let private = |column| -> Result<Option<Private<String>>, StoreError> {
        Ok(row.get::<_, Option<String>>(column)?.map(Private::new))
    };
    let number = private("number")?;
    Ok(Background {
        was_promised: row.get("was_promised")?,
        opened_at: row.time_if_any("opened_at")?,
        language: state.context.language,
        answers: u32::try_from(ours.count()).unwrap_or(u32::MAX),
        customer: CustomerState {
            text_always: row.json_if_any("text_always")?,
            do_not_call: row.get("do_not_call")?,
            muted_until: row.time_if_any("muted_until")?,
            number_known: number.is_some(),
            whereabouts: row.json_if_any("whereabouts")?.unwrap_or_default(),
        },
        hold,
        number,
        words: private("words")?,
        video: private("video")?,
        ..Background::default()
    })
}

fn telling(row: &Row<'_>) -> Result<Telling, StoreError> {
    let wants_call: bool = row.get("wants_call")?;
    let asked = match wants_call {
        true => Some(AskedWords {
            text: Private::new(row.get("text")?),
            evidence: row.json("evidence")?,
            at: row.time("at")?,
            visibility: row.word("visibility")?,
        }),
        false => None,
    };
    Ok(Telling {
        case: row.get("case_number")?,
        topic: row.id_if_any("topic")?,
        asked,
    })
}

fn earlier_case(row: &Row<'_>) -> Result<EarlierCase, StoreError> {
    Ok(EarlierCase {
        number: row.get("number")?,
        opened_at: row.time("opened_at")?,
        topic: None,
        state: row.word::<CaseState>("state")?,
        rung: row.word_if_any::<Outcome>("outcome")?,
    })
}

/// What the thread's desk was told about the call and nobody has seen to.
fn notices(
    db: &Connection,
    thread: i64,
    eyes: Option<&Eyes>,
) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = format!(
        "{NOTICE} WHERE n.thread_id = ?1 AND n.ended_at IS NULL ORDER BY n.id LIMIT {NOTICES}"
    );
    let mut notices = all(db, &sql, [thread], notice_row)?;
    notices.retain(|row| row.is_about_call() && eyes.is_none_or(|eyes| eyes.see(row)));
    Ok(notices)
}
