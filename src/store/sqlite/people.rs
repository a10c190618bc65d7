//! One person on many channels: links between customers, and who is one person by them. What each
//! customer said stays with that customer, so that a link can be undone as if it had never been.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};

use super::{
    desk::channels,
    numbers::profile_of,
    reads::{CASE, Reads, all, case_row, first, thread_row},
    threads::{StoredThread, customer_state},
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, ThreadKey},
        number::PhoneNumber,
        private::Private,
        thread::{CustomerState, Hold},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            desk::Sight,
            people::{Elsewhere, OtherThread, People},
        },
    },
};

/// The customers with whom `?1` is one person.
const OTHERS: &str = "SELECT o.id FROM customers c JOIN customers o ON o.person = c.person
     WHERE c.id = ?1 AND o.id <> c.id ORDER BY o.id";

/// The customers beside `?1` along the links in force.
const BESIDE: &str = "SELECT other AS id FROM links WHERE customer = ?1 AND is_one AND same_brand
     UNION SELECT customer FROM links WHERE other = ?1 AND is_one AND same_brand";

/// Everything of the threads `t` that a list shows of them, by the customers `c`.
macro_rules! other_threads {
    ($is_own:literal, $which:literal) => {
        concat!(
            "SELECT t.*, c.author, c.text_always IS NOT NULL AS held_for_good, w.due_at AS wake_at, ",
            $is_own,
            " AS is_own FROM customers c JOIN threads t ON t.customer_id = c.id
             LEFT JOIN timers w ON w.thread_id = t.id
             WHERE t.id <> ?1 AND t.channel IN (SELECT value FROM json_each(?3)) AND c.id IN (",
            $which,
            ") ORDER BY t.changed_at DESC, t.id DESC LIMIT 10"
        )
    };
}

/// Threads of the customer `?2`, and of whoever is one person with them, but for the thread `?1`.
const LINKED: &str = other_threads!(
    "c.id = ?2",
    "SELECT ?2 UNION ALL SELECT o.id FROM customers me JOIN customers o ON o.person = me.person
     WHERE me.id = ?2"
);

/// Threads of customers with a number or an e-mail address of the customer `?2`, of whom nobody has
/// said whether they are one person with them.
const SUGGESTED: &str = other_threads!(
    "0",
    "SELECT like.customer_id FROM threads mine
         JOIN numbers n ON n.thread_id = mine.id AND n.wrong_at IS NULL
         JOIN numbers same ON same.number = n.number AND same.wrong_at IS NULL
         JOIN threads like ON like.id = same.thread_id WHERE mine.customer_id = ?2
     UNION SELECT like.customer_id FROM threads mine
         JOIN profiles p ON p.thread_id = mine.id
         JOIN profiles same ON same.email = p.email
         JOIN threads like ON like.id = same.thread_id WHERE mine.customer_id = ?2
     EXCEPT SELECT ?2
     EXCEPT SELECT o.id FROM customers me JOIN customers o ON o.person = me.person WHERE me.id = ?2
     EXCEPT SELECT customer FROM links WHERE other = ?2 AND NOT is_one
     EXCEPT SELECT other FROM links WHERE customer = ?2 AND NOT is_one"
);

/// So many cases are shown of another thread.
const CASES: &str = " WHERE c.thread_id = ?1 ORDER BY c.number DESC LIMIT 3";

/// What the newest messages of a case are about, the newest first.
const TOPIC: &str = "SELECT json_extract(d.reading, '$.topic') AS topic
     FROM (SELECT id FROM messages WHERE thread_id = ?1 ORDER BY id DESC LIMIT 50) page
     CROSS JOIN decisions d ON d.message_id = page.id
     WHERE d.case_number = ?2 AND topic IS NOT NULL ORDER BY page.id DESC LIMIT 1";

/// What others asked for who are one person with the customer `?1`.
const THEIRS: &str = "SELECT o.text_always, o.do_not_call, o.muted_until, 0 AS number_known,
         NULL AS whereabouts
     FROM customers c JOIN customers o ON o.person = c.person
     WHERE c.id = ?1 AND o.id <> c.id ORDER BY o.id";

impl Reads {
    /// Who else is the customer of a thread, or may be, as far as `sight` reaches. Whether those who
    /// may be write to the same brand, the caller sees to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(&self, key: ThreadKey, sight: Sight) -> Result<Option<People>, StoreError> {
        self.query(move |db| people(db, &key, &sight)).await
    }
}

fn people(db: &Connection, key: &ThreadKey, sight: &Sight) -> Result<Option<People>, StoreError> {
    // One transaction, so that all parts show the same moment.
    let snapshot = db.unchecked_transaction()?;
    let address = (key.channel.as_str(), key.thread.as_str());
    let sql = "SELECT id, customer_id FROM threads WHERE channel = ?1 AND thread = ?2";
    let found = first(&snapshot, sql, address, |row| {
        Ok((row.get::<_, i64>("id")?, row.get::<_, i64>("customer_id")?))
    })?;
    let Some((thread, customer)) = found else {
        return Ok(None);
    };
    let channels = channels(&snapshot, sight)?;
    let threads = |sql| {
        let threads = all(&snapshot, sql, (thread, customer, &channels), |row| {
            let rows: (i64, i64) = (row.get("id")?, row.get("customer_id")?);
            Ok((rows, other_thread(row)?))
        })?;
        let with_cases = threads.into_iter().map(|((id, customer), mut other)| {
            other.profile = profile_of(&snapshot, customer)?;
            other.cases = all(&snapshot, &format!("{CASE}{CASES}"), [id], case_row)?;
            let newest = (id, other.thread.case);
            let topic = first(&snapshot, TOPIC, newest, |row| row.id_if_any("topic"))?;
            other.topic = topic.flatten();
            Ok(other)
        });
        with_cases.collect::<Result<Vec<OtherThread>, StoreError>>()
    };
    Ok(Some(People {
        linked: threads(LINKED)?,
        suggested: threads(SUGGESTED)?,
    }))
}

fn other_thread(row: &Row<'_>) -> Result<OtherThread, StoreError> {
    Ok(OtherThread {
        thread: thread_row(row)?,
        profile: None,
        is_own: row.get("is_own")?,
        cases: Vec::new(),
        topic: None,
    })
}

/// What binds a customer because it binds somebody who is one person with them.
pub(super) fn elsewhere(db: &Connection, customer: i64) -> Result<Elsewhere, StoreError> {
    let mut wishes = CustomerState::default();
    add_elsewhere(db, customer, &mut wishes)?;
    Ok(Elsewhere {
        text_always: wishes.text_always.map(|hold| hold.since),
        do_not_call: wishes.do_not_call,
        muted_until: wishes.muted_until,
    })
}

/// Adds to a customer's wishes what binds them because it binds somebody who is one person with them,
/// without the words that it was said in.
pub(super) fn add_elsewhere(
    db: &Connection,
    customer: i64,
    wishes: &mut CustomerState,
) -> Result<(), StoreError> {
    for theirs in all(db, THEIRS, [customer], |row| customer_state(row))? {
        let wordless = |hold: Hold| Hold {
            words: Private::new(String::new()),
            ..hold
        };
        let theirs_always = theirs.text_always.map(wordless);
        wishes.text_always = wishes.text_always.take().or(theirs_always);
        wishes.do_not_call |= theirs.do_not_call;
        wishes.muted_until = wishes.muted_until.max(theirs.muted_until);
    }
    Ok(())
}

impl Writer {
    /// Keeps that two customers of one brand are one person. Without an account it follows from what
    /// they filled in, and does not prevail over what somebody said of them, or of others who would
    /// become one through them. True if it is so only now.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn link(
        &self,
        one: i64,
        other: i64,
        by: Option<&AccountName>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if one == other || by.is_none() && self.would_unite_parted(one, other)? {
            return Ok(false);
        }
        let changed = self.run(
            "INSERT INTO links (customer, other, is_one, same_brand, account, at)
             VALUES (min(?1, ?2), max(?1, ?2), 1, 1, ?3, ?4)
             ON CONFLICT (customer, other) DO UPDATE SET is_one = 1, same_brand = 1,
                 account = excluded.account, at = excluded.at
             WHERE NOT is_one AND excluded.account IS NOT NULL OR is_one AND NOT same_brand",
            (one, other, by.map(AccountName::as_str), micros(now)),
        )?;
        regroup(&self.connection, &[one, other])?;
        Ok(changed > 0)
    }

    /// Whether somebody said of two who would become one by a link that they are not one person.
    fn would_unite_parted(&self, one: i64, other: i64) -> Result<bool, StoreError> {
        let found = self.first(
            "WITH ours AS (SELECT ?1 AS id UNION SELECT o.id FROM customers c
                     JOIN customers o ON o.person = c.person WHERE c.id = ?1),
                 theirs AS (SELECT ?2 AS id UNION SELECT o.id FROM customers c
                     JOIN customers o ON o.person = c.person WHERE c.id = ?2)
             SELECT 1 FROM ours JOIN theirs JOIN links l ON NOT l.is_one
                 AND l.customer = min(ours.id, theirs.id) AND l.other = max(ours.id, theirs.id)
             LIMIT 1",
            (one, other),
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Keeps that two customers are not one person, and that the second is none either with whoever is
    /// one with the first.
    pub(crate) fn unlink(
        &self,
        one: i64,
        other: i64,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut apart: BTreeSet<i64> = BTreeSet::from([one]);
        let others = self.one_with(other)?;
        if others.contains(&one) {
            apart.extend(others);
        }
        apart.remove(&other);
        for one in &apart {
            self.run(
                "INSERT INTO links (customer, other, is_one, same_brand, account, at)
                 VALUES (min(?1, ?2), max(?1, ?2), 0, 1, ?3, ?4)
                 ON CONFLICT (customer, other) DO UPDATE SET is_one = 0, account = excluded.account,
                     at = excluded.at",
                (one, other, by.as_str(), micros(now)),
            )?;
        }
        let mut touched: Vec<i64> = apart.into_iter().collect();
        touched.push(other);
        regroup(&self.connection, &touched)
    }

    /// The customers with whom this one is one person.
    pub(crate) fn one_with(&self, customer: i64) -> Result<Vec<i64>, StoreError> {
        one_with(&self.connection, customer)
    }

    /// Customers who gave this number in a form, each with their channel, but for one.
    pub(crate) fn gave_in_form(
        &self,
        number: &PhoneNumber,
        but: i64,
    ) -> Result<Vec<(i64, ChannelName)>, StoreError> {
        self.all(
            "SELECT DISTINCT c.id, c.channel FROM numbers n JOIN threads t ON t.id = n.thread_id
             JOIN customers c ON c.id = t.customer_id
             WHERE n.number = ?1 AND n.source = 'form' AND n.wrong_at IS NULL AND c.id <> ?2
             ORDER BY c.id",
            (number.reveal(), but),
            |row| Ok((row.get("id")?, row.id("channel")?)),
        )
    }

    /// Holds every link against the brands that the rules at hand give to channels: one within one
    /// brand is in force, and no other.
    pub(crate) fn keep_links_within(
        &self,
        is_one_brand: impl Fn(&ChannelName, &ChannelName) -> bool,
    ) -> Result<(), StoreError> {
        let links = self.all(
            "SELECT l.customer, l.other, l.same_brand, c.channel, o.channel AS other_channel
             FROM links l JOIN customers c ON c.id = l.customer JOIN customers o ON o.id = l.other",
            [],
            |row| {
                let ends: (i64, i64) = (row.get("customer")?, row.get("other")?);
                let is_in_force: bool = row.get("same_brand")?;
                let channels = (row.id("channel")?, row.id("other_channel")?);
                Ok((ends, is_in_force, channels))
            },
        )?;
        for ((one, other), was, (channel, other_channel)) in links {
            let is = is_one_brand(&channel, &other_channel);
            if is != was {
                self.run(
                    "UPDATE links SET same_brand = ?3 WHERE customer = ?1 AND other = ?2",
                    (one, other, is),
                )?;
                regroup(&self.connection, &[one, other])?;
            }
        }
        Ok(())
    }

    /// Gives a customer's links to another one, whom they turned out to be.
    pub(super) fn give_links(&self, from: i64, to: i64) -> Result<(), StoreError> {
        let others = self.one_with(from)?;
        self.run(
            "INSERT OR IGNORE INTO links (customer, other, is_one, same_brand, account, at)
             SELECT min(?2, their), max(?2, their), is_one, same_brand, account, at FROM (
                 SELECT other AS their, is_one, same_brand, account, at FROM links
                     WHERE customer = ?1
                 UNION ALL SELECT customer, is_one, same_brand, account, at FROM links
                     WHERE other = ?1)
             WHERE their <> ?2",
            (from, to),
        )?;
        self.run(
            "DELETE FROM links WHERE customer = ?1 OR other = ?1",
            [from],
        )?;
        let mut touched = others;
        touched.extend([from, to]);
        regroup(&self.connection, &touched)
    }

    /// Lets `decide` see what binds a thread's customer: their own wishes, and those of whoever is one
    /// person with them.
    pub(crate) fn unite(&self, thread: &mut StoredThread) -> Result<(), StoreError> {
        let mut united = thread.own.clone();
        if thread.is_linked {
            for theirs in self.all(THEIRS, [thread.customer], |row| customer_state(row))? {
                united.text_always = united.text_always.or(theirs.text_always);
                united.do_not_call |= theirs.do_not_call;
                united.muted_until = united.muted_until.max(theirs.muted_until);
            }
        }
        thread.state.customer = united;
        Ok(())
    }

    /// Saves what has changed of a customer's wishes since `old`. What they said anew stands with them
    /// alone; what has ended has ended for the whole person.
    pub(crate) fn save_wishes(
        &self,
        thread: &mut StoredThread,
        old: &CustomerState,
    ) -> Result<(), StoreError> {
        let (new, own) = (&thread.state.customer, &mut thread.own);
        if new.text_always != old.text_always {
            own.text_always.clone_from(&new.text_always);
        }
        if new.muted_until != old.muted_until {
            own.muted_until = new.muted_until;
        }
        if new.do_not_call != old.do_not_call {
            own.do_not_call = new.do_not_call;
        }
        self.save_customer(thread.customer, own)?;
        if thread.is_linked {
            let ended = |was: bool, is: bool| was && !is;
            let hold = ended(old.text_always.is_some(), new.text_always.is_some());
            let mute = ended(old.muted_until.is_some(), new.muted_until.is_some());
            self.run(
                "UPDATE customers SET text_always = iif(?2, NULL, text_always),
                     muted_until = iif(?3, NULL, muted_until)
                 WHERE person = (SELECT person FROM customers WHERE id = ?1) AND (?2 OR ?3)",
                (thread.customer, hold, mute),
            )?;
        }
        Ok(())
    }
}

/// The customers with whom this one is one person.
pub(super) fn one_with(db: &Connection, customer: i64) -> Result<Vec<i64>, StoreError> {
    all(db, OTHERS, [customer], |row| Ok(row.get("id")?))
}

/// Finds out anew who is one person with each of these, along the links in force. Everybody whose
/// links were changed is to be among them, and whoever was one with them.
pub(super) fn regroup(db: &Connection, customers: &[i64]) -> Result<(), StoreError> {
    let mut left: BTreeSet<i64> = customers.iter().copied().collect();
    while let Some(start) = left.pop_first() {
        let mut group = BTreeSet::new();
        let mut found = vec![start];
        while let Some(next) = found.pop() {
            if group.insert(next) {
                found.extend(all(db, BESIDE, [next], |row| Ok(row.get::<_, i64>("id")?))?);
            }
        }
        let person = group.first().filter(|_| group.len() > 1);
        for customer in &group {
            left.remove(customer);
            db.prepare_cached("UPDATE customers SET person = ?2 WHERE id = ?1")?
                .execute((customer, person))?;
        }
    }
    Ok(())
}
