//! Outgoing webhooks, as Standard Webhooks describes them (<https://www.standardwebhooks.com>):
//! one signed HTTP POST an event. Order, retries and leases are the outbox's business; this says
//! only what came of one attempt. Never logs what it sends.

mod dialling;
mod payload;
mod sender;
mod verdict;

use std::{sync::Arc, time::Duration};

use dialling::Dialling;
pub use dialling::FromDialling;
use reqwest::{Client, redirect};
use sender::{Sender, signer};

use crate::{
    engine::{Attempt, BoxFuture, Clock, DIALLING, Destination, Handle, OutboxEvent, OutboxItem},
    settings::{Settings, WebhookEvent, WebhookSettings},
};

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

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

/// The destinations that the settings name: the webhooks and the program that rings, if there is one.
/// `ended` is what an address of ours begins with that is told how a call ended.
///
/// # Errors
/// When a secret is not valid or TLS cannot be used.
pub fn destinations(
    settings: &Settings,
    clock: &Clock,
    ended: String,
) -> Result<Vec<Arc<dyn Destination>>, WebhookError> {
    if settings.webhooks.is_empty() && settings.dialling.is_none() {
        return Ok(Vec::new());
    }
    let client = Client::builder()
        .user_agent(concat!("ringback/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_WITHIN)
        .build()?;
    let mut destinations: Vec<Arc<dyn Destination>> = Vec::new();
    for webhook in &settings.webhooks {
        let webhook = Webhook::new(webhook, client.clone(), clock.clone())?;
        destinations.push(Arc::new(webhook));
    }
    if let Some(dialling) = &settings.dialling {
        let sender = Sender {
            url: dialling.url.clone(),
            timeout: dialling.timeout.as_std(),
            signer: signer(DIALLING, &dialling.secret)?,
            client,
            clock: clock.clone(),
        };
        destinations.push(Arc::new(Dialling::new(sender, ended)));
    }
    Ok(destinations)
}

/// One receiver.
struct Webhook {
    name: String,
    events: Vec<WebhookEvent>,
    include_text: bool,
    concurrency: usize,
    sender: Sender,
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
        Ok(Self {
            name: settings.name.clone(),
            events: settings.events.clone(),
            include_text: settings.include_text,
            concurrency: usize::try_from(settings.concurrency).unwrap_or(usize::MAX),
            sender: Sender {
                url: settings.url.clone(),
                timeout: settings.timeout.as_std(),
                signer: signer(&settings.name, &settings.secret)?,
                client,
                clock,
            },
        })
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
            // Only the program that rings is told a number, and only a network's bearer what to carry.
            OutboxEvent::Dial(_) | OutboxEvent::Carry(_) => return false,
            // They are about what stands in chats.
            OutboxEvent::Card(_)
            | OutboxEvent::NoticesOver(_)
            | OutboxEvent::Doubt(_)
            | OutboxEvent::TakeDown(_) => return false,
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
        self.sender.timeout
    }

    fn may_repeat(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, _: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move { self.sender.post(item, payload::of(item)).await.into() })
    }
}
