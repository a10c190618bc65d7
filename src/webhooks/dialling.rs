//! Click-to-call, as a Standard Webhook both ways: another program is asked to ring a number for an
//! agent, and signs with the same secret when it tells how the call ended. Knows nothing of pages.

use std::time::Duration;

use serde::Serialize;
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer,
};
use subtle::ConstantTimeEq;

use super::{
    WebhookError,
    sender::{Sender, signer},
};
use crate::{
    domain::{
        ids::AccountName,
        time::{Length, Timestamp, more_than},
    },
    engine::{BoxFuture, DIALLING, Destination, OutboxEvent, OutboxItem, SendError},
    settings::DiallingSettings,
    store::CallbackId,
};

/// An agent who waits at the phone longer than this has dialled.
const STALE_AFTER: Length = Length::minutes(1);

/// So many may be asked for at once.
const CONCURRENCY: usize = 4;

/// What is signed longer ago than this, or further ahead, may be sent by somebody who listened in. The
/// same as Standard Webhooks' own tolerance.
const TOLERANCE: Length = Length::minutes(5);

/// The program that rings.
pub(super) struct Dialling {
    sender: Sender,
    /// What an address of ours begins with that is told how a call ended.
    ended: String,
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    call: &'a str,
    callback: CallbackId,
    account: &'a AccountName,
    number: &'a str,
    ended_url: String,
}

impl Dialling {
    pub(super) const fn new(sender: Sender, ended: String) -> Self {
        Self { sender, ended }
    }

    fn body(&self, item: &OutboxItem) -> Option<serde_json::Result<Vec<u8>>> {
        let OutboxEvent::Dial(dial) = &item.event else {
            return None;
        };
        Some(serde_json::to_vec(&Payload {
            r#type: "call.wanted",
            timestamp: item.created_at,
            data: Data {
                call: &item.id,
                callback: dial.callback,
                account: &dial.account,
                number: dial.number.reveal(),
                ended_url: format!("{}{}/ended", self.ended, item.id),
            },
        }))
    }
}

impl std::fmt::Debug for Dialling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialling").finish_non_exhaustive()
    }
}

impl Destination for Dialling {
    fn name(&self) -> &'static str {
        DIALLING
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        matches!(event, OutboxEvent::Dial(_))
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        self.sender.timeout
    }

    fn has_idempotency_key(&self) -> bool {
        true
    }

    fn stale_after(&self) -> Option<Length> {
        Some(STALE_AFTER)
    }

    fn send<'a>(&'a self, item: &'a OutboxItem) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            match self.body(item) {
                Some(body) => self.sender.post(item, body).await,
                None => Err(SendError::Permanent {
                    reason: "is no call".to_owned(),
                }),
            }
        })
    }
}

/// Tells whether the program that rings has sent something.
pub struct FromDialling(Signer);

impl std::fmt::Debug for FromDialling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FromDialling")
    }
}

impl FromDialling {
    /// Knows the secret of the settings.
    ///
    /// # Errors
    /// When it is not valid.
    pub fn new(settings: &DiallingSettings) -> Result<Self, WebhookError> {
        signer(DIALLING, &settings.secret).map(Self)
    }

    /// Whether it signed this body, not long before or after `now`.
    #[must_use]
    pub fn has_signed(
        &self,
        header: impl Fn(&'static str) -> Option<String>,
        body: &[u8],
        now: Timestamp,
    ) -> bool {
        let signed = || {
            let id = header(HEADER_WEBHOOK_ID)?;
            let second: i64 = header(HEADER_WEBHOOK_TIMESTAMP)?.parse().ok()?;
            let at = Timestamp::from_second(second).ok()?;
            let is_fresh = !more_than(TOLERANCE, at, now) && !more_than(TOLERANCE, now, at);
            let right = self.0.sign(&id, second, body).ok()?;
            let given = header(HEADER_WEBHOOK_SIGNATURE)?;
            // It may sign with several keys while it changes them.
            let is_right = given.split(' ').fold(false, |found, one| {
                found | bool::from(one.as_bytes().ct_eq(right.as_bytes()))
            });
            Some(is_fresh && is_right)
        };
        signed().unwrap_or(false)
    }
}
