//! Requests that bring many items at once: each is checked by itself, the good ones are handed to the
//! engine together, and the answer has one result an item, in the order of the request.

use axum::{body::Body, http::HeaderMap};
use serde::de::DeserializeOwned;

use super::{
    Parts, body,
    items::{self, Format},
    messages::rejection,
    problem::Problem,
};
use crate::{domain::time::Timestamp, engine::RejectReason};

/// The items of one request.
pub(super) struct Batch<T> {
    /// Those that are good, in order.
    pub(super) good: Vec<T>,
    /// What came of each.
    pub(super) outcomes: Outcomes,
}

/// Of each item, in order, what is wrong with it; `None`: it is good.
pub(super) struct Outcomes(Vec<Option<Problem>>);

impl<T> Batch<T> {
    /// Reads them from a request.
    ///
    /// # Errors
    /// When the request as a whole cannot be understood.
    pub(super) async fn read<Record: DeserializeOwned>(
        parts: &Parts,
        headers: &HeaderMap,
        body: Body,
        check: impl Fn(Record, Timestamp) -> Result<T, Problem>,
    ) -> Result<Self, Problem> {
        let format = Format::of(headers)?;
        let limits = parts.settings.limits;
        let body = body::read(body, limits.body_bytes).await?;
        let items = items::parse(format, &body, limits.batch)?;
        drop(body);

        let now = parts.clock.arrival();
        let mut good = Vec::with_capacity(items.len());
        let faults = items.into_iter().map(|item| {
            let checked = item.and_then(|record| check(record, now));
            checked.map(|item| good.push(item)).err()
        });
        let outcomes = Outcomes(faults.collect());
        Ok(Self { good, outcomes })
    }
}

impl Outcomes {
    /// One result an item: the engine's receipts, one for each good one, stand between the faults.
    pub(super) fn with<Receipt, Of: From<Receipt> + From<Problem>>(
        self,
        receipts: Vec<Receipt>,
    ) -> Vec<Of> {
        let mut receipts = receipts.into_iter().map(Of::from);
        let result = |fault| match fault {
            Some(problem) => Of::from(problem),
            // The engine gives one receipt an item; a missing one would be a bug of ours.
            None => receipts
                .next()
                .unwrap_or_else(|| rejection(RejectReason::Failed).into()),
        };
        self.0.into_iter().map(result).collect()
    }
}
