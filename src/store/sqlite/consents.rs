//! What customers agreed to, with the very words, and how they can be reached: what a card needs to
//! know before somebody rings.

use rusqlite::{Connection, Row};

use super::{
    do_not_call,
    numbers::{number_of, numbers_of, profile_of},
    people::elsewhere,
    reads::first,
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        form::{AgreedWords, FormRequestId},
        number::{KnownNumber, NumberSource, PhoneNumber},
        reading::Language,
        thread::Whereabouts,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            card::AskedWords,
            numbers::{Consent, Contact, Ground},
        },
    },
};

/// The newest consent of a customer's to be rung on a number.
pub(super) const IN_FORCE: &str = "SELECT c.version, c.language, c.number, c.at, t.channel, w.words
     FROM threads t JOIN consents c ON c.thread_id = t.id
     LEFT JOIN consent_words w ON w.version = c.version
     WHERE t.customer_id = ?1 AND c.number = ?2 AND c.withdrawn_at IS NULL
     ORDER BY c.at DESC LIMIT 1";

impl Writer {
    /// Keeps that a customer agreed to be rung on a number, and to which words.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub(crate) fn keep_consent(
        &self,
        request: FormRequestId,
        thread: i64,
        agreed: &AgreedWords,
        number: &PhoneNumber,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO consent_words (version, language, words, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (version) DO NOTHING",
            (
                &agreed.version,
                agreed.language.as_str(),
                &agreed.words,
                micros(now),
            ),
        )?;
        self.run(
            "INSERT INTO consents (request_id, thread_id, version, language, number, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                request.0,
                thread,
                &agreed.version,
                agreed.language.as_str(),
                number.reveal(),
                micros(now),
            ),
        )?;
        Ok(())
    }

    /// The customer takes back whatever they agreed to: they stay in text.
    pub(crate) fn withdraw_consents(
        &self,
        customer: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE consents SET withdrawn_at = ?2 WHERE withdrawn_at IS NULL
                 AND thread_id IN (SELECT id FROM threads WHERE customer_id = ?1)",
            (customer, micros(now)),
        )?;
        Ok(())
    }
}

/// How a customer can be reached. `asked`: with what they asked for the call that is open.
pub(super) fn contact(
    db: &Connection,
    customer: i64,
    asked: Option<&AskedWords>,
) -> Result<Contact, StoreError> {
    let best = number_of(db, customer)?;
    let (mut to_ring, others): (Vec<KnownNumber>, Vec<KnownNumber>) = numbers_of(db, customer)?
        .into_iter()
        .partition(|known| known.wrong_at.is_none() && Some(&known.number) == best.as_ref());
    let ground = ground(db, customer, asked, &to_ring)?;
    Ok(Contact {
        number: to_ring.pop(),
        others,
        whereabouts: whereabouts(db, customer)?,
        profile: profile_of(db, customer)?,
        ground,
    })
}

/// The first ground that holds. `to_ring` is the number to ring, as often as it was given.
fn ground(
    db: &Connection,
    customer: i64,
    asked: Option<&AskedWords>,
    to_ring: &[KnownNumber],
) -> Result<Ground, StoreError> {
    if let Some((reason, since)) = do_not_call::entry_of(db, customer)? {
        return Ok(Ground::Forbidden { reason, since });
    }
    if elsewhere(db, customer)?.do_not_call {
        return Ok(Ground::ForbiddenElsewhere);
    }
    if let Some(AskedWords { text, at, .. }) = asked {
        let (text, at) = (text.clone(), *at);
        return Ok(Ground::Asked { text, at });
    }
    let Some(newest) = to_ring.last() else {
        return Ok(Ground::NotYet);
    };
    let values = (customer, newest.number.reveal());
    if let Some(consent) = first(db, IN_FORCE, values, consent)? {
        return Ok(Ground::Consented(consent));
    }
    let given = to_ring
        .iter()
        .rev()
        .find(|known| matches!(known.source, NumberSource::Message | NumberSource::Form));
    Ok(given.map_or(Ground::NotYet, |given| Ground::Given {
        source: given.source,
        at: given.at,
    }))
}

fn consent(row: &Row<'_>) -> Result<Consent, StoreError> {
    let language: String = row.get("language")?;
    Ok(Consent {
        words: row.get("words")?,
        version: row.get("version")?,
        language: Language::parse(&language).ok_or(StoreError::Corrupt("consents.language"))?,
        channel: row.id("channel")?,
        number: row.id("number")?,
        at: row.time("at")?,
    })
}

fn whereabouts(db: &Connection, customer: i64) -> Result<Whereabouts, StoreError> {
    let sql = "SELECT whereabouts FROM customers WHERE id = ?1";
    let found = first(db, sql, [customer], |row| row.json_if_any("whereabouts"))?;
    Ok(found.flatten().unwrap_or_default())
}
