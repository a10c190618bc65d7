//! What the command line changes about who is who, beside a running bot, each with its trace in the
//! audit. The bot notices within a minute; codes hold at once.

use super::directory::CODE_LASTS;
use crate::{
    domain::{
        chat::Network,
        ids::{AccountName, ChatId, DeskName, PersonId},
        time::{Timestamp, after},
    },
    engine::accounts::Change,
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            chat::CodeHash,
        },
    },
};

impl Change<'_> {
    /// Keeps a pairing code, as [`Handle::make_code`](crate::engine::Handle::make_code) does. Until when
    /// it can be used; `None`: the account is not let in.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub fn make_code(
        &self,
        code: CodeHash,
        account: &AccountName,
        desk: Option<&DeskName>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let found = self.book.find(account)?;
        if found.is_none_or(|found| found.disabled_at.is_some()) {
            return Ok(None);
        }
        let until = after(self.now, CODE_LASTS);
        self.book.keep_code(code, account, desk, until, self.now)?;
        Ok(Some(until))
    }

    /// Takes a person's link to their account away. False if there was none.
    ///
    /// # Errors
    /// See [`Change::make_code`].
    pub fn unlink_person(&self, network: Network, person: &PersonId) -> Result<bool, StoreError> {
        let directory = self.book.chat_directory()?;
        let Some(account) = directory.account(network, person) else {
            return Ok(false);
        };
        let entry = AuditEntry {
            about: Some(account.clone()),
            ..AuditEntry::new(self.by.clone(), Verb::UnlinkedChat)
        };
        self.book.record(&entry, self.now)?;
        self.book.drop_person(network, person)
    }

    /// Takes a group's role away. False if it had none.
    ///
    /// # Errors
    /// See [`Change::make_code`].
    pub fn drop_group(&self, network: Network, chat: &ChatId) -> Result<bool, StoreError> {
        let was = self.book.drop_group(network, chat)?;
        if was {
            let entry = AuditEntry::new(self.by.clone(), Verb::UnpairedGroup);
            self.book.record(&entry, self.now)?;
        }
        Ok(was)
    }
}
