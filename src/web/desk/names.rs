//! How colleagues know each other: by the names that their accounts are shown as.

use std::collections::BTreeMap;

use crate::{
    domain::ids::{AccountName, ShownName},
    web::{Parts, pages::PageError},
};

/// The shown names of accounts.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Names(BTreeMap<AccountName, ShownName>);

impl Names {
    /// Those of all accounts, if any of `wanted` is there to be named: most pages name nobody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::web) async fn read<'a>(
        parts: &Parts,
        mut wanted: impl Iterator<Item = &'a AccountName>,
    ) -> Result<Self, PageError> {
        if wanted.next().is_none() {
            return Ok(Self::default());
        }
        let accounts = parts.engine.store().accounts().await?;
        let names = accounts.into_iter().map(|row| (row.name, row.shown));
        Ok(Self(names.collect()))
    }

    /// How an account is shown; by its name where that is not known.
    pub(in crate::web) fn of(&self, account: &AccountName) -> String {
        match self.0.get(account) {
            Some(shown) => shown.to_string(),
            None => account.to_string(),
        }
    }
}

#[cfg(test)]
impl FromIterator<(AccountName, &'static str)> for Names {
    fn from_iter<I: IntoIterator<Item = (AccountName, &'static str)>>(names: I) -> Self {
        let shown = |text| ShownName::parse(text).expect("a name");
        Self(
            names
                .into_iter()
                .map(|(name, text)| (name, shown(text)))
                .collect(),
        )
    }
}
