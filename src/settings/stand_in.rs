//! Stand-in until branch `rules` is merged.
use std::{collections::BTreeMap, path::Path};

use config::{Config, File, FileFormat};
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    listen: Option<SocketAddr>,
    #[serde(default)]
    database: Option<PathBuf>,
    #[serde(default)]
    rules: Option<PathBuf>,
    #[serde(default)]
    channels: BTreeMap<ChannelName, serde_json::Value>,
    #[serde(default)]
    webhooks: Vec<RawHook>,
    #[serde(default)]
    limits: RawLimits,
    #[serde(default)]
    log: RawLog,
    #[serde(default)]
    shutdown_within: Option<Length>,
}
#[derive(Deserialize, Default)]
struct RawLog {
    filter: Option<String>,
}
#[derive(Deserialize, Default)]
struct RawLimits {
    body_bytes: Option<usize>,
    batch: Option<usize>,
    queue: Option<usize>,
}
#[derive(Deserialize)]
struct RawHook {
    name: String,
    url: String,
    secret: String,
    events: Vec<String>,
    #[serde(default)]
    include_text: bool,
    timeout: Option<Length>,
    concurrency: Option<u32>,
}

impl Settings {
    /// Stand-in.
    pub fn load(config: Option<&Path>) -> Result<Settings, String> {
        let mut builder = Config::builder();
        if let Some(path) = config {
            let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
            builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
        }
        let raw: Raw = builder
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|e| e.to_string())?;
        let hook = |h: RawHook| WebhookSettings {
            name: h.name,
            url: h.url.parse().unwrap(),
            secret: h.secret.into(),
            events: h
                .events
                .iter()
                .map(|e| match e.as_str() {
                    "decision" => WebhookEvent::Decision,
                    "decision.quiet" => WebhookEvent::QuietDecision,
                    "callback" => WebhookEvent::Callback,
                    _ => WebhookEvent::Notice,
                })
                .collect(),
            include_text: h.include_text,
            timeout: h.timeout.unwrap_or(Length::milliseconds(10_000)),
            concurrency: h.concurrency.unwrap_or(4),
        };
        Ok(Settings {
            listen: raw
                .listen
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            database: raw.database.unwrap_or("data/ringback.db".into()),
            rules: raw.rules,
            channels: raw
                .channels
                .into_keys()
                .map(|n| {
                    (
                        n,
                        ChannelSettings {
                            kind: ChannelKind::Api,
                        },
                    )
                })
                .collect(),
            webhooks: raw.webhooks.into_iter().map(hook).collect(),
            limits: Limits {
                body_bytes: raw.limits.body_bytes.unwrap_or(4 << 20),
                batch: raw.limits.batch.unwrap_or(1000),
                queue: raw.limits.queue.unwrap_or(20_000),
            },
            log: LogSettings {
                filter: raw.log.filter.unwrap_or("info".into()),
                format: None,
            },
            shutdown_within: raw.shutdown_within.unwrap_or(Length::milliseconds(10_000)),
        })
    }
}
