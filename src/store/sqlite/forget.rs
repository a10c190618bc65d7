//! Lets a thread and all that is kept of it go, in small steps: for whoever erases a customer, and
//! for what is kept too long. What is deleted is overwritten (`secure_delete`), and is gone from the
//! write-ahead log once that was moved into the database.

use rusqlite::{Connection, params};

use super::{
    kept::{KEPT, Kept, LAST},
    numbers, people,
    reads::{all, first},
    words::{Columns, micros},
};
use crate::{
    domain::{
        chat::{Room, Spot},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            chat::{PostKind, Standing, StandingPost},
            rights::{Gone, LastWord},
        },
    },
};

/// Says to whom it is told what stands in chats of a thread that goes, and how.
pub(crate) type TakeDown<'a> = dyn Fn(&Standing) -> Result<Vec<LastWord>, StoreError> + 'a;

/// So many messages are taken down at once.
const TAKEN_DOWN: usize = 50;

/// Deletes at most `most` rows of what is kept of a thread, the thread itself not; what stands of it in
/// chats is to be `taken_down` there. True once nothing is left but the thread and what names it in the
/// audit. A part of a transaction.
pub(super) fn empty(
    db: &Connection,
    thread: i64,
    most: usize,
    taken_down: (&TakeDown<'_>, Timestamp),
    gone: &mut Gone,
) -> Result<bool, StoreError> {
    take_down(db, thread, most, taken_down)?;
    may_forget(db, thread)?;
    let mut left = most;
    for kept in KEPT {
        left = left.saturating_sub(delete(db, kept, thread, left, gone)?);
        if left == 0 {
            break;
        }
    }
    forgotten(db)?;
    Ok(left > 0)
}

/// Deletes an [emptied](empty) thread, what names it in the audit, and its customer if no other
/// thread is theirs; `keeps` says which customers stay all the same. A part of the same transaction.
pub(super) fn end(
    db: &Connection,
    thread: i64,
    keeps: Keeps,
    gone: &mut Gone,
) -> Result<(), StoreError> {
    let customer: i64 = db
        .prepare_cached("SELECT customer_id FROM threads WHERE id = ?1")?
        .query_row([thread], |row| row.get(0))?;
    let linked = people::one_with(db, customer)?;
    for kept in LAST {
        delete(db, kept, thread, usize::MAX, gone)?;
    }
    let now = match keeps {
        Keeps::Nothing => None,
        Keeps::WishesAt(now) => Some(now),
    };
    let deleted = db
        .prepare_cached(
            "DELETE FROM customers WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM threads WHERE customer_id = ?1)
             AND (?2 IS NULL OR (text_always IS NULL AND do_not_call = 0
                                 AND coalesce(muted_until, ?2) <= ?2))",
        )?
        .execute(params![customer, now])?;
    count(gone, "customers", deleted);
    people::regroup(db, &linked)?;
    if deleted == 0 {
        // What was known by this thread alone is known no more.
        numbers::choose(db, customer)?;
    }
    Ok(())
}

/// Which customers outlive their threads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keeps {
    /// None.
    Nothing,
    /// Those with a wish that holds at that moment (in microseconds): never to be phoned, or not
    /// to be taken for a customer.
    WishesAt(i64),
}

/// Has the messages taken down whose rows go in this step, and the topic. Our messages in the customer's
/// own chat are theirs.
fn take_down(
    db: &Connection,
    thread: i64,
    most: usize,
    (tell, now): (&TakeDown<'_>, Timestamp),
) -> Result<(), StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let topic = first(
        db,
        "SELECT * FROM topics WHERE thread_id = ?1",
        [thread],
        |row| {
            Ok(Room {
                network: row.word("network")?,
                chat: row.id("chat")?,
                topic: row.id_if_any("topic")?,
            })
        },
    )?;
    let posts: Vec<(PostKind, StandingPost)> = all(
        db,
        "SELECT * FROM posts WHERE thread_id = ?1 LIMIT ?2",
        [thread, most],
        |row| {
            let kind = row.word("kind")?;
            let spot = Spot {
                network: row.word("network")?,
                chat: row.id("chat")?,
                post: row.id("message")?,
            };
            let topic = row.id_if_any("topic")?;
            let ours = kind != PostKind::Answer;
            Ok((kind, StandingPost { spot, topic, ours }))
        },
    )?;
    let posts = posts.into_iter();
    let posts: Vec<StandingPost> = posts
        .filter(|(kind, _)| *kind != PostKind::Carried)
        .map(|(_, post)| post)
        .collect();
    let of_posts = posts.chunks(TAKEN_DOWN).map(|posts| Standing {
        posts: posts.to_vec(),
        topic: None,
    });
    let of_topic = topic.map(|topic| Standing {
        posts: Vec::new(),
        topic: Some(topic),
    });
    for standing in of_topic.into_iter().chain(of_posts) {
        for word in tell(&standing)? {
            queue(db, &word, now)?;
        }
    }
    Ok(())
}

/// Puts in the outbox what is told of a thread that goes: of no thread, so that it stays.
pub(super) fn queue(db: &Connection, word: &LastWord, now: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO outbox (key, destination, payload, state, created_at, due_at)
         VALUES (?1, ?2, ?3, 'queued', ?4, ?4)",
    )?
    .execute((&word.key, &word.destination, &word.payload, micros(now)))?;
    Ok(())
}

fn delete(
    db: &Connection,
    kept: &Kept,
    thread: i64,
    most: usize,
    gone: &mut Gone,
) -> Result<usize, StoreError> {
    let Kept {
        table,
        key,
        of_thread,
        ..
    } = kept;
    let sql = format!(
        "DELETE FROM {table} WHERE ({key}) IN
             (SELECT {key} FROM {table} WHERE {of_thread} LIMIT ?2)"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let deleted = db.prepare_cached(&sql)?.execute((thread, most))?;
    count(gone, table, deleted);
    Ok(deleted)
}

fn count(gone: &mut Gone, table: &'static str, deleted: usize) {
    if deleted > 0 {
        *gone.entry(table).or_default() += u64::try_from(deleted).unwrap_or(u64::MAX);
    }
}

/// Opens what is kept for good to this transaction; see migration 0009.
fn may_forget(db: &Connection, thread: i64) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO being_forgotten (thread_id) VALUES (?1)")?
        .execute([thread])?;
    Ok(())
}

fn forgotten(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM being_forgotten")?
        .execute([])?;
    Ok(())
}
