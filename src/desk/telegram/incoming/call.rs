//! One callback as an agent's press finds it: by which clocks it goes, and what to say of it.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{Incoming, say::Told, when::Times};
use crate::{
    desk::{
        Ended, Plain,
        card::called,
        telegram::{draw::Html, wording},
    },
    domain::{
        ids::{AccountName, DeskName},
        time::Timestamp,
    },
    engine::{EngineError, Finish, LoadedRules},
    rules::Rules,
    store::{
        CallbackId,
        rows::{CallbackRow, desk::QueueRow},
    },
};

/// A callback with what led to it, and the rules it goes by.
pub(super) struct Call {
    row: QueueRow,
    rules: Arc<LoadedRules>,
}

impl Call {
    /// Its number.
    pub(super) const fn id(&self) -> CallbackId {
        self.row.callback.id
    }

    /// What its customer is called.
    pub(super) fn name(&self) -> Plain {
        let profile = self.row.background.contact.profile.as_ref();
        called(self.row.author.as_ref(), profile)
    }

    /// That moment, or the first after it at which the customer may be rung.
    pub(super) fn window(&self, at: Timestamp) -> Timestamp {
        let callback = &self.row.callback;
        let rules = &self.rules.rules;
        let policy = rules.policy(&callback.channel);
        let customer = &self.row.background.customer;
        rules.terms(policy, &callback.desk, customer).window(at)
    }

    /// The desk's clocks, with times at which the customer may be rung.
    pub(super) fn times(&self, now: Timestamp) -> Times {
        let zone = zone_of(&self.rules.rules, &self.row.callback.desk);
        Times::new(now, zone, |at| self.window(at))
    }
}

/// By which clocks a desk works.
pub(super) fn zone_of(rules: &Rules, desk: &DeskName) -> TimeZone {
    let desk = rules.desks.get(desk);
    desk.map_or(TimeZone::UTC, |desk| desk.hours.zone.clone())
}

impl Incoming {
    /// A callback, open or not.
    pub(super) async fn call(&self, id: CallbackId) -> Result<Option<Call>, EngineError> {
        let row = self.engine.store().card(id, None).await?;
        let rules = self.engine.rules();
        Ok(row.map(|row| Call { row, rules }))
    }

    /// How an account is shown.
    pub(super) async fn name(&self, account: &AccountName) -> Result<String, EngineError> {
        let row = self.engine.store().account(account.clone()).await?;
        Ok(row.map_or_else(|| account.to_string(), |row| row.shown.to_string()))
    }

    /// What an agent is told who pressed a button of a callback that is somebody else's or over: "Kim has
    /// it.", "Callback 12 · solved by Kim · 14:05".
    pub(super) async fn what_happened(&self, row: &CallbackRow) -> Result<String, EngineError> {
        let by = match (&row.ended_by, &row.claimed_by) {
            (Some(by), _) | (None, Some(by)) => self.name(by).await?,
            (None, None) => String::new(),
        };
        let names = |_: &AccountName| by.clone();
        if let Some(ended) = Ended::new(row, &names) {
            let rules = self.engine.rules();
            let zone = zone_of(&rules.rules, &row.desk);
            let times = Times::new(self.clock.now(), zone, |at| at);
            return Ok(plain(&ended, &times));
        }
        Ok(match by.is_empty() {
            true => wording::NOBODY_HAS_IT.to_owned(),
            false => format!("{by} {}", wording::HAS_IT),
        })
    }
}

fn plain(ended: &Ended, times: &Times) -> String {
    use crate::desk::Piece;
    let piece = |piece: &Piece| match piece {
        Piece::Ours(words) => words.clone(),
        Piece::Said(words) | Piece::Theirs(words) | Piece::Number(words) => words.to_string(),
        Piece::At(at) | Piece::Ago(at) => times.said(*at),
        Piece::Link(_) => String::new(),
    };
    ended.pieces.iter().map(piece).collect()
}

/// What is told of something that was to be done to a callback. What was done when the same update came
/// before is told as done.
pub(super) async fn ended_or(
    desk: &Incoming,
    id: CallbackId,
    finish: Result<Finish, EngineError>,
    said: impl Into<String>,
) -> Result<Told, EngineError> {
    let said = said.into();
    Ok(match finish {
        Ok(Finish::Done(_)) => Told::note(said),
        Err(error) if error.is_repeated() => Told::note(said),
        Err(error) => return Err(error),
        Ok(Finish::HeldBy(by)) => {
            Told::alert(format!("{} {}", desk.name(&by).await?, wording::HAS_IT))
        }
        Ok(Finish::NotClaimed) => Told::alert(wording::CLAIM_FIRST),
        Ok(Finish::Ended) => match desk.engine.store().callback(id).await? {
            Some(row) => Told::alert(desk.what_happened(&row).await?),
            None => Told::alert(wording::GONE),
        },
        Ok(Finish::Unknown) => Told::alert(wording::GONE),
    })
}

/// Our own words as Telegram's HTML.
pub(super) fn html(words: &str) -> String {
    let mut html = Html::message();
    html.ours(words);
    html.finish()
}
