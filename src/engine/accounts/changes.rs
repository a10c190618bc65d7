//! What is changed about other people's accounts, each change with its trace in the audit. The
//! running bot does these as jobs for the writer, the command line in a transaction of its own.

use super::{FIRST_LINK_LIVES, LINK_LIVES};
use crate::{
    domain::{
        account::{Role, is_reserved},
        ids::{AccountName, ShownName},
        time::{Timestamp, after},
    },
    store::{
        StoreError,
        accounts::Book,
        rows::{
            TokenHash,
            account::AccountChange,
            audit::{AuditEntry, Verb},
        },
    },
    vault::PublicKey,
};

/// Who changes the accounts, and when.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The accounts.
    pub book: Book<'a>,
    /// Who.
    pub by: AccountName,
    /// When.
    pub now: Timestamp,
}

impl Change<'_> {
    /// Adds an account that signs in by `link` first. False if the name is taken, be it by a disabled
    /// account.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub fn add(
        &self,
        name: &AccountName,
        shown: &ShownName,
        role: Role,
        link: TokenHash,
    ) -> Result<bool, StoreError> {
        if is_reserved(name) || !self.book.add(name, shown, role, self.now)? {
            return Ok(false);
        }
        let expires = after(self.now, LINK_LIVES);
        self.book.add_link(name, link, false, self.now, expires)?;
        self.record(Verb::AddedAccount, name)?;
        Ok(true)
    }

    /// Makes a sign-in link. False if there is no such account or it is disabled.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn make_link(&self, name: &AccountName, link: TokenHash) -> Result<bool, StoreError> {
        let expires = after(self.now, LINK_LIVES);
        let made = self.book.add_link(name, link, false, self.now, expires)?;
        if made {
            self.record(Verb::MadeLink, name)?;
        }
        Ok(made)
    }

    /// Gives an account another role.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn set_role(&self, name: &AccountName, role: Role) -> Result<AccountChange, StoreError> {
        let change = self.book.set_role(name, role)?;
        self.recorded(change, Verb::ChangedAccount, name)
    }

    /// Disables an account, which ends its sessions and links.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn disable(&self, name: &AccountName) -> Result<AccountChange, StoreError> {
        let change = self.book.disable(name, self.now)?;
        self.recorded(change, Verb::ChangedAccount, name)
    }

    /// Lets a disabled account in again.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn enable(&self, name: &AccountName) -> Result<AccountChange, StoreError> {
        let change = self.book.enable(name)?;
        self.recorded(change, Verb::ChangedAccount, name)
    }

    /// Lets an account check identities, or no longer, which holds at once.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn set_checks(
        &self,
        name: &AccountName,
        checks: bool,
    ) -> Result<AccountChange, StoreError> {
        let change = self.book.set_checks(name, checks)?;
        self.recorded(change, Verb::ChangedAccount, name)
    }

    /// Sets the public key of an account that opens submissions on its own machine, or takes it away.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn set_recipient(
        &self,
        name: &AccountName,
        recipient: Option<&PublicKey>,
    ) -> Result<AccountChange, StoreError> {
        let recipient = recipient.map(PublicKey::to_string);
        let change = self.book.set_recipient(name, recipient.as_deref())?;
        self.recorded(change, Verb::ChangedAccount, name)
    }

    /// Asks an account for no second factor any more: the phone that had it is lost.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn drop_second_factor(&self, name: &AccountName) -> Result<(), StoreError> {
        self.book.set_second_factor(name, None)?;
        self.record(Verb::ChangedSecondFactor, name)
    }

    /// Lets somebody in where nobody has ever been: makes the admin `name` if there is no account at
    /// all, and a link for it as long as nobody has signed in. False where there is no need.
    ///
    /// # Errors
    /// See [`Change::add`].
    pub fn open_the_door(
        &self,
        name: &AccountName,
        shown: &ShownName,
        link: TokenHash,
    ) -> Result<bool, StoreError> {
        let book = self.book;
        if book.is_empty()? {
            book.add(name, shown, Role::Admin, self.now)?;
            book.set_checks(name, true)?;
            self.record(Verb::AddedAccount, name)?;
        } else if book.has_been_used()? {
            return Ok(false);
        }
        let admin = book.find(name)?;
        if admin.is_none_or(|account| account.role != Role::Admin) {
            return Ok(false);
        }
        // One of an earlier start would be one too many.
        book.end_links(name)?;
        let expires = after(self.now, FIRST_LINK_LIVES);
        book.add_link(name, link, false, self.now, expires)
    }

    fn recorded(
        &self,
        change: AccountChange,
        verb: Verb,
        name: &AccountName,
    ) -> Result<AccountChange, StoreError> {
        if change == AccountChange::Done {
            self.record(verb, name)?;
        }
        Ok(change)
    }

    fn record(&self, verb: Verb, about: &AccountName) -> Result<(), StoreError> {
        let entry = AuditEntry {
            about: Some(about.clone()),
            ..AuditEntry::new(self.by.clone(), verb)
        };
        self.book.record(&entry, self.now)
    }
}
