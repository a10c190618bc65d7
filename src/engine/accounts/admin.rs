//! What admins change about accounts, and the account that a first start makes.

use super::{
    super::{EngineError, Handle},
    FIRST_LINK_LIVES, LINK_LIVES,
};
use crate::{
    domain::{
        account::Role,
        ids::{AccountName, ShownName},
        time::after,
    },
    store::rows::{
        TokenHash,
        account::AccountChange,
        audit::{AuditEntry, Verb},
    },
};

impl Handle {
    /// Adds an account that signs in by `link` first. False if the name is taken, by a disabled
    /// account too.
    ///
    /// # Errors
    /// Here and below: when the engine stops or the database fails.
    pub async fn add_account(
        &self,
        by: AccountName,
        name: AccountName,
        shown: ShownName,
        role: Role,
        link: TokenHash,
    ) -> Result<bool, EngineError> {
        self.change_accounts(move |book, now| {
            if !book.add(&name, &shown, role, now)? {
                return Ok(false);
            }
            book.add_link(&name, link, false, now, after(now, LINK_LIVES))?;
            book.record(&about(by, Verb::AddedAccount, name), now)?;
            Ok(true)
        })
        .await
    }

    /// Makes a sign-in link. False if there is no such account or it is disabled.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn make_link(
        &self,
        by: AccountName,
        name: AccountName,
        link: TokenHash,
    ) -> Result<bool, EngineError> {
        self.change_accounts(move |book, now| {
            let made = book.add_link(&name, link, false, now, after(now, LINK_LIVES))?;
            if made {
                book.record(&about(by, Verb::MadeLink, name), now)?;
            }
            Ok(made)
        })
        .await
    }

    /// Gives an account another role.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn set_role(
        &self,
        by: AccountName,
        name: AccountName,
        role: Role,
    ) -> Result<AccountChange, EngineError> {
        self.change_accounts(move |book, now| {
            let change = book.set_role(&name, role)?;
            if change == AccountChange::Done {
                book.record(&about(by, Verb::ChangedAccount, name), now)?;
            }
            Ok(change)
        })
        .await
    }

    /// Disables an account, which ends its sessions and links, or lets it in again.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn set_disabled(
        &self,
        by: AccountName,
        name: AccountName,
        disabled: bool,
    ) -> Result<AccountChange, EngineError> {
        self.change_accounts(move |book, now| {
            let change = if disabled {
                book.disable(&name, now)?
            } else {
                book.enable(&name)?
            };
            if change == AccountChange::Done {
                book.record(&about(by, Verb::ChangedAccount, name), now)?;
            }
            Ok(change)
        })
        .await
    }

    /// Makes an account if there is none of that name, with no way to sign in: that of the demo.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn ensure_account(
        &self,
        name: AccountName,
        shown: ShownName,
        role: Role,
    ) -> Result<(), EngineError> {
        self.change_accounts(move |book, now| book.add(&name, &shown, role, now).map(drop))
            .await
    }

    /// Lets somebody in where nobody has ever been: makes the admin `name` if there is no account at
    /// all, and a link for it for as long as nobody has signed in. False where there is no need.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn open_the_door(
        &self,
        name: AccountName,
        shown: ShownName,
        link: TokenHash,
    ) -> Result<bool, EngineError> {
        self.change_accounts(move |book, now| {
            if book.is_empty()? {
                book.add(&name, &shown, Role::Admin, now)?;
                book.record(&about(name.clone(), Verb::AddedAccount, name.clone()), now)?;
            } else if book.has_been_used()? {
                return Ok(false);
            }
            let admin = book.find(&name)?;
            if admin.is_none_or(|account| account.role != Role::Admin) {
                return Ok(false);
            }
            // An older one of an earlier start would be one too many.
            book.end_links(&name)?;
            book.add_link(&name, link, false, now, after(now, FIRST_LINK_LIVES))
        })
        .await
    }
}

fn about(by: AccountName, verb: Verb, name: AccountName) -> AuditEntry {
    AuditEntry {
        about: Some(name),
        ..AuditEntry::new(by, verb)
    }
}
