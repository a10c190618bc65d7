//! One signed request to one address: Standard Webhooks' headers, a timeout, and what the answer means.
//! Never logs what it sends, nor to where: the address may hold a secret of the receiver's.

use std::time::Duration;

use reqwest::{
    Client, Response, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer,
};

use super::{WebhookError, verdict};
use crate::engine::{Clock, OutboxItem, SendError};

/// How much of an answer is read, so that its connection can be used again.
const ANSWER_BYTES: usize = 64 * 1024;

/// Signs and posts.
pub(super) struct Sender {
    pub(super) url: Url,
    pub(super) timeout: Duration,
    pub(super) signer: Signer,
    pub(super) client: Client,
    pub(super) clock: Clock,
}

/// Signs with a secret of the settings, of the receiver of that name.
pub(super) fn signer(name: &str, secret: &SecretString) -> Result<Signer, WebhookError> {
    Signer::new(secret.expose_secret()).map_err(|_| WebhookError::Secret {
        name: name.to_owned(),
    })
}

impl Sender {
    /// Sends the body of an item, once.
    pub(super) async fn post(
        &self,
        item: &OutboxItem,
        body: serde_json::Result<Vec<u8>>,
    ) -> Result<(), SendError> {
        let permanent = |reason: &str| SendError::Permanent {
            reason: reason.to_owned(),
        };
        let body = body.map_err(|_| permanent("cannot be written as JSON"))?;
        // The time of the attempt, not of the event: receivers refuse what is signed long ago.
        let now = self.clock.now();
        let signature = self
            .signer
            .sign(&item.id, now.as_second(), &body)
            .map_err(|_| permanent("cannot be signed"))?;
        let sent = self
            .client
            .post(self.url.clone())
            .timeout(self.timeout)
            .header(CONTENT_TYPE, "application/json")
            .header(HEADER_WEBHOOK_ID, &item.id)
            .header(HEADER_WEBHOOK_TIMESTAMP, now.as_second())
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .body(body)
            .send()
            .await;
        let response = sent.map_err(|error| verdict::of_error(&error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        read_a_little(response).await;
        verdict::of_answer(status, retry_after.as_ref(), now)
    }
}

/// An answer that was read to its end leaves its connection open for the next event.
async fn read_a_little(mut response: Response) {
    let mut left = ANSWER_BYTES;
    while let Ok(Some(chunk)) = response.chunk().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            break;
        }
    }
}
