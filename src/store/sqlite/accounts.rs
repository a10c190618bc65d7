//! Accounts, sessions and sign-in links. For the writer, and for the command line, which works on
//! the database beside a running bot. Keeps hashes of tokens only, never a token.

mod checks;

use std::path::Path;

use rusqlite::{Connection, Params, Row, TransactionBehavior};
use secrecy::{ExposeSecret, SecretString};

use super::{
    audit, open_for_writing,
    reads::Reads,
    words::{Columns, Word, micros},
    writer::Writer,
};
use crate::{
    domain::{
        account::Role,
        ids::{AccountName, ShownName},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            TokenHash,
            account::{AccountChange, AccountRow, Credentials, LinkRow, SecondFactor, SessionRow},
            audit::AuditEntry,
        },
    },
};

/// The accounts of one database, for the command line.
#[derive(Debug)]
pub struct Accounts {
    connection: Connection,
}

impl Accounts {
    /// Opens the database, making it if there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_writing(path)?,
        })
    }

    /// Changes accounts in one transaction; nothing of it is kept if it fails.
    ///
    /// # Errors
    /// The change's own, or when the database cannot be written.
    pub fn change<T>(
        &mut self,
        change: impl FnOnce(Book<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = change(Book(&transaction))?;
        transaction.commit()?;
        Ok(result)
    }

    /// All accounts by name, disabled ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<AccountRow>, StoreError> {
        list(&self.connection)
    }
}

impl Writer {
    /// The accounts, as a part of the transaction.
    pub(crate) fn accounts(&self) -> Book<'_> {
        Book(&self.connection)
    }
}

impl Reads {
    /// All accounts by name, disabled ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        self.query(list).await
    }

    /// One account, disabled or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account(&self, name: AccountName) -> Result<Option<AccountRow>, StoreError> {
        self.query(move |db| Book(db).find(&name)).await
    }

    /// What an account that is not disabled proves itself with.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn credentials(&self, name: AccountName) -> Result<Option<Credentials>, StoreError> {
        self.query(move |db| Book(db).credentials(&name)).await
    }

    /// A session of an account that is not disabled. Whether it has expired is for the caller.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, hash: TokenHash) -> Result<Option<SessionRow>, StoreError> {
        self.query(move |db| Book(db).session(hash)).await
    }

    /// A sign-in link that can be used at `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn link(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<LinkRow>, StoreError> {
        self.query(move |db| Book(db).link(hash, now)).await
    }
}

/// The accounts within a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a>(pub(super) &'a Connection);

impl Book<'_> {
    /// Keeps who did what.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub fn record(self, entry: &AuditEntry, now: Timestamp) -> Result<(), StoreError> {
        audit::record(self.0, entry, now)
    }

    /// One account, disabled or not.
    pub fn find(self, name: &AccountName) -> Result<Option<AccountRow>, StoreError> {
        let sql = "SELECT * FROM accounts WHERE name = ?1";
        self.first(sql, [name.as_str()], account_row)
    }

    /// Whether there is any account, disabled ones included.
    pub fn is_empty(self) -> Result<bool, StoreError> {
        let any: bool = self
            .0
            .query_row("SELECT EXISTS (SELECT 1 FROM accounts)", [], |row| {
                row.get(0)
            })?;
        Ok(!any)
    }

    /// Whether anybody has ever signed in.
    pub fn has_been_used(self) -> Result<bool, StoreError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM accounts WHERE signed_in_at IS NOT NULL)",
            [],
            |row| row.get(0),
        )?)
    }

    /// What an account that is not disabled proves itself with.
    pub fn credentials(self, name: &AccountName) -> Result<Option<Credentials>, StoreError> {
        let sql = "SELECT password, totp_key, totp_step FROM accounts
                   WHERE name = ?1 AND disabled_at IS NULL";
        self.first(sql, [name.as_str()], |row| {
            let password: Option<String> = row.get("password")?;
            let key: Option<Vec<u8>> = row.get("totp_key")?;
            let step: Option<i64> = row.get("totp_step")?;
            Ok(Credentials {
                password: password.map(SecretString::from),
                second_factor: key.map(|key| SecondFactor {
                    key,
                    used_step: step.and_then(|step| u64::try_from(step).ok()),
                }),
            })
        })
    }

    /// Adds an account. False if there is one of that name already, disabled ones included.
    pub fn add(
        self,
        name: &AccountName,
        shown: &ShownName,
        role: Role,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let added = self.run(
            "INSERT INTO accounts (name, shown_as, role, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO NOTHING",
            (name.as_str(), shown.as_str(), role.word(), micros(now)),
        )?;
        Ok(added > 0)
    }

    /// Gives an account another role. Its sessions have the new one from then on.
    pub fn set_role(self, name: &AccountName, role: Role) -> Result<AccountChange, StoreError> {
        self.unless_last_admin(name, role != Role::Admin, || {
            self.run(
                "UPDATE accounts SET role = ?2 WHERE name = ?1",
                (name.as_str(), role.word()),
            )
        })
    }

    /// Disables an account, which ends its sessions and links.
    pub fn disable(self, name: &AccountName, now: Timestamp) -> Result<AccountChange, StoreError> {
        self.unless_last_admin(name, true, || {
            self.end_sessions(name, None)?;
            self.end_links(name)?;
            self.run(
                "UPDATE accounts SET disabled_at = coalesce(disabled_at, ?2) WHERE name = ?1",
                (name.as_str(), micros(now)),
            )
        })
    }

    /// Lets a disabled account in again.
    pub fn enable(self, name: &AccountName) -> Result<AccountChange, StoreError> {
        let sql = "UPDATE accounts SET disabled_at = NULL WHERE name = ?1";
        Ok(match self.run(sql, [name.as_str()])? {
            0 => AccountChange::Unknown,
            _ => AccountChange::Done,
        })
    }

    /// Makes a change to an account; if it takes an admin away, then only while another is left.
    fn unless_last_admin(
        self,
        name: &AccountName,
        takes_admin: bool,
        change: impl FnOnce() -> Result<usize, StoreError>,
    ) -> Result<AccountChange, StoreError> {
        let Some(account) = self.find(name)? else {
            return Ok(AccountChange::Unknown);
        };
        let is_admin = account.role == Role::Admin && account.disabled_at.is_none();
        if takes_admin && is_admin {
            let others: bool = self.0.query_row(
                "SELECT EXISTS (SELECT 1 FROM accounts
                 WHERE role = ?1 AND disabled_at IS NULL AND name <> ?2)",
                (Role::Admin.word(), name.as_str()),
                |row| row.get(0),
            )?;
            if !others {
                return Ok(AccountChange::LastAdmin);
            }
        }
        change()?;
        Ok(AccountChange::Done)
    }

    /// Sets an account's password by its hash.
    pub fn set_password(self, name: &AccountName, hash: &SecretString) -> Result<(), StoreError> {
        self.run(
            "UPDATE accounts SET password = ?2 WHERE name = ?1",
            (name.as_str(), hash.expose_secret()),
        )?;
        Ok(())
    }

    /// Asks an account for a second factor from now on, or no longer. The step is that of the code
    /// that confirmed it.
    pub fn set_second_factor(
        self,
        name: &AccountName,
        factor: Option<&SecondFactor>,
    ) -> Result<(), StoreError> {
        let key = factor.map(|factor| factor.key.as_slice());
        let step = factor.and_then(|factor| factor.used_step);
        self.run(
            "UPDATE accounts SET totp_key = ?2, totp_step = ?3 WHERE name = ?1",
            (
                name.as_str(),
                key,
                step.and_then(|step| i64::try_from(step).ok()),
            ),
        )?;
        Ok(())
    }

    /// Uses a step's code up. False if it or a later one was used before.
    pub fn use_step(self, name: &AccountName, step: u64) -> Result<bool, StoreError> {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let used = self.run(
            "UPDATE accounts SET totp_step = ?2
             WHERE name = ?1 AND (totp_step IS NULL OR totp_step < ?2)",
            (name.as_str(), step),
        )?;
        Ok(used > 0)
    }

    /// Begins a session.
    pub fn start_session(
        self,
        name: &AccountName,
        hash: TokenHash,
        by_link: bool,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO sessions (hash, account_id, by_link, started_at, seen_at, expires_at)
             SELECT ?2, id, ?3, ?4, ?4, ?5 FROM accounts WHERE name = ?1",
            (name.as_str(), hash.0, by_link, micros(now), micros(expires)),
        )?;
        self.run(
            "UPDATE accounts SET signed_in_at = ?2 WHERE name = ?1",
            (name.as_str(), micros(now)),
        )?;
        Ok(())
    }

    /// A session of an account that is not disabled.
    pub fn session(self, hash: TokenHash) -> Result<Option<SessionRow>, StoreError> {
        let sql = "SELECT a.*, s.by_link, s.started_at, s.seen_at, s.expires_at
                   FROM sessions s JOIN accounts a ON a.id = s.account_id
                   WHERE s.hash = ?1 AND a.disabled_at IS NULL";
        self.first(sql, [hash.0], |row| {
            Ok(SessionRow {
                account: account_row(row)?,
                by_link: row.get("by_link")?,
                started_at: row.time("started_at")?,
                seen_at: row.time("seen_at")?,
                expires_at: row.time("expires_at")?,
            })
        })
    }

    /// Notes that a session was used.
    pub fn touch_session(self, hash: TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?2";
        self.run(sql, (hash.0, micros(now)))?;
        Ok(())
    }

    /// Gives a session another token.
    pub fn renew_session(self, old: TokenHash, new: TokenHash) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET hash = ?2, by_link = 0 WHERE hash = ?1";
        self.run(sql, (old.0, new.0))?;
        Ok(())
    }

    /// Ends one session.
    pub fn end_session(self, hash: TokenHash) -> Result<(), StoreError> {
        self.run("DELETE FROM sessions WHERE hash = ?1", [hash.0])?;
        Ok(())
    }

    /// Ends an account's sessions, but for `except`.
    pub fn end_sessions(
        self,
        name: &AccountName,
        except: Option<TokenHash>,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM sessions WHERE hash IS NOT ?2
             AND account_id = (SELECT id FROM accounts WHERE name = ?1)",
            (name.as_str(), except.map(|hash| hash.0)),
        )?;
        Ok(())
    }

    /// Adds a sign-in link. False if there is no such account or it is disabled.
    pub fn add_link(
        self,
        name: &AccountName,
        hash: TokenHash,
        after_password: bool,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        let added = self.run(
            "INSERT INTO sign_in_links (hash, account_id, after_password, made_at, expires_at)
             SELECT ?2, id, ?3, ?4, ?5 FROM accounts WHERE name = ?1 AND disabled_at IS NULL",
            (
                name.as_str(),
                hash.0,
                after_password,
                micros(now),
                micros(expires),
            ),
        )?;
        Ok(added > 0)
    }

    /// A sign-in link that can be used at `now`.
    pub fn link(self, hash: TokenHash, now: Timestamp) -> Result<Option<LinkRow>, StoreError> {
        let sql = "SELECT a.*, l.after_password, l.expires_at
                   FROM sign_in_links l JOIN accounts a ON a.id = l.account_id
                   WHERE l.hash = ?1 AND l.expires_at > ?2 AND a.disabled_at IS NULL";
        self.first(sql, (hash.0, micros(now)), |row| {
            Ok(LinkRow {
                account: account_row(row)?,
                after_password: row.get("after_password")?,
                expires_at: row.time("expires_at")?,
            })
        })
    }

    /// Uses a link up.
    pub fn end_link(self, hash: TokenHash) -> Result<(), StoreError> {
        self.run("DELETE FROM sign_in_links WHERE hash = ?1", [hash.0])?;
        Ok(())
    }

    /// Ends all links of an account.
    pub fn end_links(self, name: &AccountName) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM sign_in_links
             WHERE account_id = (SELECT id FROM accounts WHERE name = ?1)",
            [name.as_str()],
        )?;
        Ok(())
    }

    /// Forgets sessions and links that are over: those that end before `now`, and sessions not used
    /// since `idle_since`.
    pub fn forget_expired(self, now: Timestamp, idle_since: Timestamp) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM sessions WHERE expires_at <= ?1 OR seen_at <= ?2",
            (micros(now), micros(idle_since)),
        )?;
        self.run(
            "DELETE FROM sign_in_links WHERE expires_at <= ?1",
            [micros(now)],
        )?;
        Ok(())
    }

    pub(super) fn run(self, sql: &str, values: impl Params) -> Result<usize, StoreError> {
        Ok(self.0.prepare_cached(sql)?.execute(values)?)
    }

    fn first<T>(
        self,
        sql: &str,
        values: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.0
            .prepare_cached(sql)?
            .query_and_then(values, map)?
            .next()
            .transpose()
    }
}

pub(super) fn list(db: &Connection) -> Result<Vec<AccountRow>, StoreError> {
    db.prepare_cached("SELECT * FROM accounts ORDER BY name")?
        .query_and_then([], account_row)?
        .collect()
}

fn account_row(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    let password: Option<String> = row.get("password")?;
    let key: Option<Vec<u8>> = row.get("totp_key")?;
    Ok(AccountRow {
        name: row.id("name")?,
        shown: row.id("shown_as")?,
        role: row.word("role")?,
        has_password: password.is_some(),
        has_second_factor: key.is_some(),
        checks_identity: row.get("checks_identity")?,
        recipient: row.get("recipient")?,
        created_at: row.time("created_at")?,
        signed_in_at: row.time_if_any("signed_in_at")?,
        disabled_at: row.time_if_any("disabled_at")?,
    })
}
