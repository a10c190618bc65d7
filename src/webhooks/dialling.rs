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
    engine::{
        Attempt, BoxFuture, DIALLING, Destination, Handle, OutboxEvent, OutboxItem, SendError,
    },
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

    fn may_repeat(&self) -> bool {
        true
    }

    fn stale_after(&self) -> Option<Length> {
        Some(STALE_AFTER)
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, _: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let sent = match self.body(item) {
                Some(body) => self.sender.post(item, body).await,
                None => Err(SendError::Permanent {
                    reason: "is no call".to_owned(),
                }),
            };
            sent.into()
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::settings::Settings;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"result":"busy"}"#;

    fn settings(secret: &str) -> DiallingSettings {
        let text = format!("[dialling]\nurl = \"https://pbx.example/ring\"\nsecret = \"{secret}\"");
        let settings = Settings::of_text(&text).expect("valid settings");
        settings.dialling.expect("it is set")
    }

    fn now() -> Timestamp {
        "2026-01-05T10:00:00Z".parse().expect("a time")
    }

    /// Whether it is taken for the other program's, if it was signed so long ago with this secret,
    /// and comes with this body.
    fn is_taken(secret: &str, seconds_ago: i64, body: &[u8]) -> bool {
        let second = now().as_second() - seconds_ago;
        let signature = signer(DIALLING, &settings(secret).secret)
            .expect("a secret")
            .sign("evt_1", second, BODY)
            .expect("signed");
        let header = |name| match name {
            HEADER_WEBHOOK_ID => Some("evt_1".to_owned()),
            HEADER_WEBHOOK_TIMESTAMP => Some(second.to_string()),
            _ => Some(format!("v1,bm90IHRoaXMgb25l {signature}")),
        };
        let from = FromDialling::new(&settings(SECRET)).expect("a secret");
        from.has_signed(header, body, now())
    }

    #[test]
    fn only_what_was_signed_just_now_with_the_secret_is_the_other_programs() {
        assert!(is_taken(SECRET, 0, BODY));
        assert!(is_taken(SECRET, 300, BODY));
        assert!(is_taken(SECRET, -300, BODY));
        assert!(!is_taken(SECRET, 301, BODY), "sent again by somebody");
        assert!(!is_taken(SECRET, -301, BODY));
        assert!(!is_taken(SECRET, 0, br#"{"result":"answered"}"#));
        let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(!is_taken(other, 0, BODY));
        let from = FromDialling::new(&settings(SECRET)).expect("a secret");
        assert!(!from.has_signed(|_| None, BODY, now()), "not signed at all");
    }

    #[test]
    fn the_other_program_is_told_whom_to_ring_for_whom_and_where_to_tell_how_it_ended() {
        let event = json!({
            "event": "dial", "callback": 7, "account": "kim", "number": "+442079460123",
        });
        let item = OutboxItem {
            id: "msg_1".to_owned(),
            created_at: now(),
            attempt: 1,
            event: serde_json::from_value(event).expect("an event"),
        };
        drop(rustls::crypto::ring::default_provider().install_default());
        let settings = settings(SECRET);
        let sender = Sender {
            url: settings.url,
            timeout: settings.timeout.as_std(),
            signer: signer(DIALLING, &settings.secret).expect("a secret"),
            client: reqwest::Client::new(),
            clock: crate::engine::Clock::manual(now()),
        };
        let dialling = Dialling::new(sender, "https://ours.example/dialled/".to_owned());
        assert!(dialling.wants(&item.event));
        let body = dialling.body(&item).expect("a call").expect("JSON");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            body,
            json!({
                "type": "call.wanted", "timestamp": "2026-01-05T10:00:00Z",
                "data": {
                    "call": "msg_1", "callback": 7, "account": "kim",
                    "number": "+442079460123",
                    "ended_url": "https://ours.example/dialled/msg_1/ended",
                },
            })
        );
    }
}
