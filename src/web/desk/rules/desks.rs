//! The desks as the Rules page shows them.

use crate::{
    domain::ids::{AccountName, ChannelName, DeskName},
    rules::{Desk, Rules, explain::opening_hours},
    store::rows::account::AccountRow,
};

/// One desk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DeskShown {
    /// Its name.
    pub(super) name: String,
    /// Whose name customers read.
    pub(super) brand: String,
    /// The language it speaks where the customer's is not known.
    pub(super) language: String,
    /// When it works, in words.
    pub(super) hours: String,
    /// The channels whose callbacks it works.
    pub(super) channels: Vec<String>,
    /// Who works it; empty: everybody.
    pub(super) members: Vec<Member>,
}

/// Somebody whom the rules name as a member of a desk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The account's name.
    pub(super) name: String,
    /// Why they cannot work it; `None` if they can.
    pub(super) but: Option<&'static str>,
}

impl Member {
    fn new(name: &AccountName, accounts: &[AccountRow]) -> Self {
        let account = accounts.iter().find(|account| account.name == *name);
        Self {
            name: name.to_string(),
            but: match account {
                None => Some("no account"),
                Some(account) if account.disabled_at.is_some() => Some("disabled"),
                Some(_) => None,
            },
        }
    }
}

/// All desks of the rules, by name. `channels` are those of the settings.
pub(super) fn desks(
    rules: &Rules,
    channels: &[ChannelName],
    accounts: &[AccountRow],
) -> Vec<DeskShown> {
    let shown = |(name, desk): (&DeskName, &Desk)| DeskShown {
        name: name.to_string(),
        brand: desk.brand.clone(),
        language: desk.language.to_string(),
        hours: opening_hours(&desk.hours),
        channels: channels
            .iter()
            .filter(|channel| rules.policy(channel).desk == *name)
            .map(ToString::to_string)
            .collect(),
        members: desk
            .members
            .iter()
            .map(|name| Member::new(name, accounts))
            .collect(),
    };
    rules.desks.iter().map(shown).collect()
}
