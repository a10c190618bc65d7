//! Numbers of customers, where each came from, and what the channel knows of a customer. Which number
//! is rung, and where the customer may be, is chosen anew whenever one of those changes, and stands
//! with the customer.

use rusqlite::{Connection, Row, params};

use super::{
    do_not_call,
    reads::{all, first},
    words::{Columns, Word, json, micros},
    writer::Writer,
};
use crate::{
    callbacks::places,
    domain::{
        form::FormRequestId,
        hours::Zone,
        ids::AccountName,
        number::{KnownNumber, NumberSource, PhoneNumber, to_ring},
        private::Private,
        thread::{CustomerState, Whereabouts},
        time::Timestamp,
    },
    store::{StoreError, rows::people::Profile, sqlite::threads::StoredThread},
};

/// Every number of a customer, those of all their threads, in the order in which they came.
pub(super) const OF_CUSTOMER: &str =
    "SELECT n.number, n.source, n.at, n.wrong_at, n.zone FROM threads t
     JOIN numbers n ON n.thread_id = t.id WHERE t.customer_id = ?1 ORDER BY n.at, n.id";

/// What the channel knows, as it was told last in any of the customer's threads.
pub(super) const PROFILE: &str =
    "SELECT p.name, p.company, p.email, p.zone, p.link, p.at FROM threads t
     JOIN profiles p ON p.thread_id = t.id WHERE t.customer_id = ?1 ORDER BY p.at DESC LIMIT 1";

/// A number that somebody gave, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct NewNumber<'a> {
    /// The number.
    pub(crate) number: &'a PhoneNumber,
    /// Where it comes from.
    pub(crate) from: NumberFrom<'a>,
    /// When it was given.
    pub(crate) at: Timestamp,
    /// The zone that the customer says they are in.
    pub(crate) zone: Option<&'a Zone>,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NumberFrom<'a> {
    /// The channel, or the program behind it.
    Channel,
    /// A private message, by its row.
    Message(i64),
    /// A details form.
    Form(FormRequestId),
    /// An agent.
    Agent(&'a AccountName),
}

impl NumberFrom<'_> {
    const fn source(self) -> NumberSource {
        match self {
            Self::Channel => NumberSource::Channel,
            Self::Message(_) => NumberSource::Message,
            Self::Form(_) => NumberSource::Form,
            Self::Agent(_) => NumberSource::Agent,
        }
    }
}

impl Writer {
    /// Keeps a number of a thread's customer. One that was wrong is right again if the customer or an
    /// agent gives it again; the channel may not know better, and says nothing new by saying the same
    /// again. `choose_number` is to follow.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn learn_number(&self, thread: i64, new: &NewNumber<'_>) -> Result<(), StoreError> {
        let (message, request, account) = match new.from {
            NumberFrom::Channel => (None, None, None),
            NumberFrom::Message(row) => (Some(row), None, None),
            NumberFrom::Form(request) => (None, Some(request.0), None),
            NumberFrom::Agent(account) => (None, None, Some(account.as_str())),
        };
        self.run(
            "INSERT INTO numbers (thread_id, number, source, message_id, request_id, account, zone, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (thread_id, number, source) DO UPDATE SET
                 message_id = excluded.message_id, request_id = excluded.request_id,
                 account = excluded.account, zone = coalesce(excluded.zone, zone),
                 at = CASE source WHEN 'channel' THEN at ELSE max(at, excluded.at) END",
            params![
                thread,
                new.number.reveal(),
                new.from.source().word(),
                message,
                request,
                account,
                new.zone.map(Zone::name),
                micros(new.at)
            ],
        )?;
        if !matches!(new.from, NumberFrom::Channel) {
            self.run(
                "UPDATE numbers SET wrong_at = NULL
                 WHERE number = ?2 AND wrong_at < ?3 AND thread_id IN
                     (SELECT o.id FROM threads t JOIN threads o ON o.customer_id = t.customer_id
                      WHERE t.id = ?1)",
                (thread, new.number.reveal(), micros(new.at)),
            )?;
        }
        Ok(())
    }

    /// The channel knows no number any more.
    pub(crate) fn forget_channel_numbers(
        &self,
        thread: i64,
        but: Option<&PhoneNumber>,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM numbers WHERE thread_id = ?1 AND source = 'channel' AND number IS NOT ?2",
            (thread, but.map(PhoneNumber::reveal)),
        )?;
        Ok(())
    }

    /// The number to ring is not the customer's: another one that is known is, or none. The thread
    /// knows it then.
    pub(crate) fn number_was_wrong(
        &self,
        thread: &mut StoredThread,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let customer = thread.customer;
        self.run(
            "UPDATE numbers SET wrong_at = ?2
             WHERE number = (SELECT number FROM customers WHERE id = ?1) AND wrong_at IS NULL
                 AND thread_id IN (SELECT id FROM threads WHERE customer_id = ?1)",
            (customer, micros(now)),
        )?;
        self.choose_number(thread)
    }

    /// Keeps what the channel knows of a thread's customer; nothing, if it knows nothing any more.
    pub(crate) fn save_profile(&self, thread: i64, profile: &Profile) -> Result<(), StoreError> {
        if profile.is_empty() {
            self.run("DELETE FROM profiles WHERE thread_id = ?1", [thread])?;
            return Ok(());
        }
        let text = |text: &Option<Private<String>>| text.as_ref().map(|text| text.reveal().clone());
        self.run(
            "INSERT INTO profiles (thread_id, name, company, email, zone, link, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (thread_id) DO UPDATE SET name = excluded.name,
                 company = excluded.company, email = excluded.email, zone = excluded.zone,
                 link = excluded.link, at = excluded.at, by_network = 0",
            (
                thread,
                text(&profile.name),
                text(&profile.company),
                text(&profile.email),
                profile.zone.as_ref().map(Zone::name),
                text(&profile.link),
                micros(profile.at),
            ),
        )?;
        Ok(())
    }

    /// Keeps what a network shows of a thread's customer, unless a program has said who they are: it
    /// knows better.
    pub(crate) fn save_shown(
        &self,
        thread: i64,
        name: Option<&str>,
        link: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO profiles (thread_id, name, link, at, by_network)
             SELECT ?1, ?2, ?3, ?4, 1 WHERE coalesce(?2, ?3) IS NOT NULL
             ON CONFLICT (thread_id) DO UPDATE SET name = excluded.name, link = excluded.link,
                 at = excluded.at
             WHERE by_network = 1 AND (name IS NOT excluded.name OR link IS NOT excluded.link)",
            (thread, name, link, micros(now)),
        )?;
        Ok(())
    }

    /// Every number of a customer, in the order in which they came.
    pub(crate) fn numbers_of(&self, customer: i64) -> Result<Vec<KnownNumber>, StoreError> {
        numbers_of(&self.connection, customer)
    }

    /// The number to ring.
    pub(crate) fn number_of(&self, customer: i64) -> Result<Option<PhoneNumber>, StoreError> {
        number_of(&self.connection, customer)
    }

    /// Chooses the number to ring, where the customer may be and whether they may be rung at all, and
    /// keeps it with them. `thread` is one of theirs, and knows it then.
    pub(crate) fn choose_number(&self, thread: &mut StoredThread) -> Result<Changed, StoreError> {
        let before = self.number_of(thread.customer)?;
        let could_be_rung = !thread.state.customer.do_not_call;
        let chosen = choose(&self.connection, thread.customer)?;
        let changed = Changed {
            number: before != chosen.number,
            forbidden: could_be_rung && chosen.do_not_call,
        };
        chosen.put_into(&mut thread.own);
        self.unite(thread)?;
        Ok(changed)
    }
}

/// What a choice changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Another number is to be rung, or one at last, or none.
    pub(crate) number: bool,
    /// The customer must not be rung any more.
    pub(crate) forbidden: bool,
}

impl Changed {
    /// What either of two choices changed.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            number: self.number || other.number,
            forbidden: self.forbidden || other.forbidden,
        }
    }
}

/// What was chosen of all that is known.
pub(super) struct Chosen {
    number: Option<PhoneNumber>,
    whereabouts: Whereabouts,
    do_not_call: bool,
}

impl Chosen {
    /// Lets `decide` know.
    pub(super) fn put_into(self, customer: &mut CustomerState) {
        customer.number_known = self.number.is_some();
        customer.whereabouts = self.whereabouts;
        customer.do_not_call = self.do_not_call;
    }
}

/// Chooses the number to ring and where the customer may be, and keeps it with them, and whether the
/// do-not-call list names them. Where they said that they are goes before what the channel knows, and
/// that before what the number tells.
pub(super) fn choose(db: &Connection, customer: i64) -> Result<Chosen, StoreError> {
    let known = numbers_of(db, customer)?;
    let best = to_ring(&known);
    let said = known.iter().rev().find_map(|known| known.zone.clone());
    let zone = match said {
        Some(said) => Some(said),
        None => profile_of(db, customer)?.and_then(|profile| profile.zone),
    };
    let whereabouts = match zone {
        Some(zone) => Whereabouts {
            zones: vec![zone],
            guessed: false,
        },
        None => best.map_or_else(Whereabouts::default, |best| {
            places::of_number(best.number.reveal(), best.at)
        }),
    };
    let column = match whereabouts.zones.is_empty() {
        true => None,
        false => Some(json(&whereabouts, "customers.whereabouts")?),
    };
    let number = best.map(|best| best.number.clone());
    let do_not_call = do_not_call::entry_of(db, customer)?.is_some();
    db.prepare_cached(
        "UPDATE customers SET number = ?2, whereabouts = ?3, do_not_call = ?4 WHERE id = ?1",
    )?
    .execute((
        customer,
        number.as_ref().map(PhoneNumber::reveal),
        column,
        do_not_call,
    ))?;
    Ok(Chosen {
        number,
        whereabouts,
        do_not_call,
    })
}

/// The number to ring.
pub(super) fn number_of(db: &Connection, customer: i64) -> Result<Option<PhoneNumber>, StoreError> {
    let sql = "SELECT number FROM customers WHERE id = ?1";
    Ok(first(db, sql, [customer], |row| row.id_if_any("number"))?.flatten())
}

/// Every number of a customer, in the order in which they came.
pub(super) fn numbers_of(db: &Connection, customer: i64) -> Result<Vec<KnownNumber>, StoreError> {
    all(db, OF_CUSTOMER, [customer], known_number)
}

/// What the channel knows of a customer.
pub(super) fn profile_of(db: &Connection, customer: i64) -> Result<Option<Profile>, StoreError> {
    first(db, PROFILE, [customer], profile)
}

fn known_number(row: &Row<'_>) -> Result<KnownNumber, StoreError> {
    Ok(KnownNumber {
        number: row.id("number")?,
        source: row.word("source")?,
        at: row.time("at")?,
        wrong_at: row.time_if_any("wrong_at")?,
        zone: row.id_if_any("zone")?,
    })
}

fn profile(row: &Row<'_>) -> Result<Profile, StoreError> {
    let text = |column: &str| -> Result<_, StoreError> {
        Ok(row.get::<_, Option<String>>(column)?.map(Private::new))
    };
    Ok(Profile {
        name: text("name")?,
        company: text("company")?,
        email: text("email")?,
        zone: row.id_if_any("zone")?,
        link: text("link")?,
        at: row.time("at")?,
    })
}
