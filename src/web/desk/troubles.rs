//! What hinders Ringback from outside, for whoever can have it mended: supervisors and admins.

use super::{Parts, SignedIn};
use crate::{
    domain::account::Role,
    engine::troubles::Standing,
    web::pages::times::{Shown, Times},
};

/// One trouble as its card tells it. `desk/trouble.html` shows it; it wants `trouble`.
#[derive(Debug)]
pub(in crate::web) struct TroubleCard {
    /// Its name, for the page's own use.
    pub(in crate::web) name: &'static str,
    /// What, in a few words.
    pub(in crate::web) title: &'static str,
    /// What comes of it, and what to do.
    pub(in crate::web) help: &'static str,
    /// Since when.
    pub(in crate::web) since: Shown,
}

impl TroubleCard {
    /// Of one that is there.
    pub(in crate::web) fn new(standing: Standing, times: &Times) -> Self {
        Self {
            name: standing.trouble.name(),
            title: standing.trouble.title(),
            help: standing.trouble.help(),
            since: times.ago(standing.since),
        }
    }
}

/// What an account is shown.
pub(in crate::web) fn shown(parts: &Parts, by: &SignedIn, times: &Times) -> Vec<TroubleCard> {
    if by.role < Role::Supervisor {
        return Vec::new();
    }
    let all = parts.engine.troubles().into_iter();
    all.map(|standing| TroubleCard::new(standing, times))
        .collect()
}
