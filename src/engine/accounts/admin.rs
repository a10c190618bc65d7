//! What admins change about accounts on their pages, as jobs for the writer.

use super::{
    super::{EngineError, Handle},
    changes::Change,
    proof::Proven,
};
use crate::{
    domain::{
        account::{Role, command_line},
        ids::{AccountName, ShownName},
    },
    store::{
        StoreError,
        rows::{TokenHash, account::AccountChange},
    },
    vault::PublicKey,
};

impl Handle {
    /// See [`Change::add`].
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
        self.change(by, move |change| change.add(&name, &shown, role, link))
            .await
    }

    /// See [`Change::make_link`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn make_link(
        &self,
        by: AccountName,
        name: AccountName,
        link: TokenHash,
    ) -> Result<bool, EngineError> {
        self.change(by, move |change| change.make_link(&name, link))
            .await
    }

    /// See [`Change::set_role`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn set_role(
        &self,
        by: AccountName,
        name: AccountName,
        role: Role,
    ) -> Result<AccountChange, EngineError> {
        self.change(by, move |change| change.set_role(&name, role))
            .await
    }

    /// See [`Change::disable`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn disable_account(
        &self,
        by: AccountName,
        name: AccountName,
    ) -> Result<AccountChange, EngineError> {
        self.change(by, move |change| change.disable(&name)).await
    }

    /// See [`Change::enable`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn enable_account(
        &self,
        by: AccountName,
        name: AccountName,
    ) -> Result<AccountChange, EngineError> {
        self.change(by, move |change| change.enable(&name)).await
    }

    /// See [`Change::set_checks`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn set_checks(
        &self,
        by: AccountName,
        name: AccountName,
        checks: bool,
    ) -> Result<AccountChange, EngineError> {
        self.change(by, move |change| change.set_checks(&name, checks))
            .await
    }

    /// See [`Change::set_recipient`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn set_recipient(
        &self,
        by: Proven,
        recipient: Option<PublicKey>,
    ) -> Result<AccountChange, EngineError> {
        let name = by.account().clone();
        self.change(name.clone(), move |change| {
            change.set_recipient(&name, recipient.as_ref())
        })
        .await
    }

    /// Makes an account if there is none of that name, with no way to sign in: that of the demo. It
    /// may check identities.
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn ensure_account(
        &self,
        name: AccountName,
        shown: ShownName,
        role: Role,
    ) -> Result<(), EngineError> {
        self.change_accounts(move |book, now| {
            book.add(&name, &shown, role, now)?;
            book.set_checks(&name, true).map(drop)
        })
        .await
    }

    /// See [`Change::open_the_door`].
    ///
    /// # Errors
    /// See [`Handle::add_account`].
    pub async fn open_the_door(
        &self,
        name: AccountName,
        shown: ShownName,
        link: TokenHash,
    ) -> Result<bool, EngineError> {
        self.change(command_line(), move |change| {
            change.open_the_door(&name, &shown, link)
        })
        .await
    }

    async fn change<T: Send + 'static>(
        &self,
        by: AccountName,
        change: impl FnOnce(Change<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        self.change_accounts(move |book, now| change(Change { book, by, now }))
            .await
    }
}
