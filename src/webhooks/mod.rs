//! Outgoing webhooks, as Standard Webhooks describes them (<https://www.standardwebhooks.com>):
//! one signed HTTP POST an event. Order, retries and leases are the outbox's business; this says
//! only what came of one attempt. Never logs what it sends.

mod payload;
mod verdict;

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client, Response, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use secrecy::ExposeSecret;
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer,
};

use crate::{
    engine::{BoxFuture, Clock, Destination, OutboxEvent, OutboxItem, SendError},
    settings::{WebhookEvent, WebhookSettings},
};

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// How much of an answer is read, so that its connection can be used again.
const ANSWER_BYTES: usize = 64 * 1024;

/// Why the webhooks of the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The secret is no Standard Webhooks secret.
    #[error(
        "the secret of the webhook `{name}` is not valid: write `whsec_` and 24 to 64 bytes in base64"
    )]
    Secret {
        /// Which webhook.
        name: String,
    },
    /// The HTTP client cannot be built; TLS says why.
    #[error("webhooks cannot be sent: {0}")]
    Client(#[from] reqwest::Error),
}

/// The destinations that the settings name.
///
/// # Errors
/// When a secret is not valid or TLS cannot be used.
pub fn destinations(
    settings: &[WebhookSettings],
    clock: &Clock,
) -> Result<Vec<Arc<dyn Destination>>, WebhookError> {
    if settings.is_empty() {
        return Ok(Vec::new());
    }
    let client = Client::builder()
        .user_agent(concat!("ringback/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_WITHIN)
        .build()?;
    let webhook = |settings: &WebhookSettings| {
        let webhook = Webhook::new(settings, client.clone(), clock.clone())?;
        Ok(Arc::new(webhook) as Arc<dyn Destination>)
    };
    settings.iter().map(webhook).collect()
}

/// One receiver.
struct Webhook {
    name: String,
    url: Url,
    events: Vec<WebhookEvent>,
    include_text: bool,
    timeout: Duration,
    concurrency: usize,
    signer: Signer,
    client: Client,
    clock: Clock,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The URL may hold a secret of the receiver's.
        f.debug_struct("Webhook")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Webhook {
    fn new(settings: &WebhookSettings, client: Client, clock: Clock) -> Result<Self, WebhookError> {
        let signer = Signer::new(settings.secret.expose_secret());
        Ok(Self {
            name: settings.name.clone(),
            url: settings.url.clone(),
            events: settings.events.clone(),
            include_text: settings.include_text,
            timeout: settings.timeout.as_std(),
            concurrency: usize::try_from(settings.concurrency).unwrap_or(usize::MAX),
            signer: signer.map_err(|_| WebhookError::Secret {
                name: settings.name.clone(),
            })?,
            client,
            clock,
        })
    }

    async fn attempt(&self, item: &OutboxItem) -> Result<(), SendError> {
        let permanent = |reason: &str| SendError::Permanent {
            reason: reason.to_owned(),
        };
        let body = payload::of(item).map_err(|_| permanent("cannot be written as JSON"))?;
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

impl Destination for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        let kind = match event {
            OutboxEvent::Decision(decision) if decision.record.actions.is_empty() => {
                WebhookEvent::QuietDecision
            }
            OutboxEvent::Decision(_) => WebhookEvent::Decision,
            OutboxEvent::Callback(_) => WebhookEvent::Callback,
            OutboxEvent::Notice(_) => WebhookEvent::Notice,
            OutboxEvent::Form(_) => WebhookEvent::Form,
            OutboxEvent::Erased(_) => WebhookEvent::Erased,
            OutboxEvent::Audit(_) => WebhookEvent::Audit,
            OutboxEvent::Desk(_) => WebhookEvent::Desk,
            // For whoever was told of the message.
            OutboxEvent::Changed(_) => {
                let told = [WebhookEvent::Decision, WebhookEvent::QuietDecision];
                return self.events.iter().any(|event| told.contains(event));
            }
        };
        self.events.contains(&kind)
    }

    fn wants_text(&self) -> bool {
        self.include_text
    }

    fn concurrency(&self) -> usize {
        self.concurrency
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn has_idempotency_key(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, item: &'a OutboxItem) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(self.attempt(item))
    }
}
