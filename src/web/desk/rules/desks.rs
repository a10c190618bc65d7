//! The desks as the Rules page shows them.

use crate::{
    domain::ids::{ChannelName, DeskName},
    rules::{Desk, Rules, explain::opening_hours},
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
    pub(super) members: Vec<String>,
}

/// All desks of the rules, by name. `channels` are those of the settings.
pub(super) fn desks(rules: &Rules, channels: &[ChannelName]) -> Vec<DeskShown> {
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
        members: desk.members.iter().map(ToString::to_string).collect(),
    };
    rules.desks.iter().map(shown).collect()
}
