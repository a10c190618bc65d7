//! `ringback.toml` as it is written, environment and flags merged in. `validate` makes
//! [`super::Settings`] of it; `config/ringback.toml` explains each key.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use reqwest::Url;
use serde::Deserialize;

use super::{
    ChannelKind, LogFormat, Origin, Sealing, Transport, WebhookEvent,
    words::{BotToken, Filter, PublicUrl, Secret, StaffId, WebhookName},
};
use crate::{
    domain::{ids::ChannelName, time::Length},
    rules::file::fields::{Field, Keyed, Many, Required, Text},
};

#[derive(Debug, Deserialize)]
pub(super) struct RawSettings {
    pub(super) listen: Field<Text<SocketAddr>>,
    pub(super) public_url: Field<Text<PublicUrl>>,
    pub(super) tls: RawTls,
    pub(super) trusted_proxies: Field<Many<Text<IpAddr>>>,
    pub(super) database: Field<Text<PathBuf>>,
    pub(super) rules: Field<Text<PathBuf>>,
    pub(super) shutdown_within: Field<Text<Length>>,
    pub(super) channels: Keyed<ChannelName, RawChannel>,
    pub(super) webchat: RawWebchat,
    pub(super) forms: RawForms,
    pub(super) dialling: RawDialling,
    pub(super) telegram: RawTelegram,
    pub(super) webhooks: Keyed<WebhookName, RawWebhook>,
    pub(super) limits: RawLimits,
    pub(super) log: RawLog,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawTls {
    pub(super) certificate: Field<Text<PathBuf>>,
    pub(super) key: Field<Text<PathBuf>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawChannel {
    pub(super) kind: Required<Text<ChannelKind>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawWebchat {
    pub(super) allowed_origins: Field<Many<Text<Origin>>>,
    pub(super) new_threads_per_hour: Field<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawForms {
    pub(super) sealing: Field<Text<Sealing>>,
    pub(super) key_file: Field<Text<PathBuf>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawDialling {
    pub(super) url: Field<Text<Url>>,
    pub(super) secret: Field<Text<Secret>>,
    pub(super) secret_file: Field<Text<PathBuf>>,
    pub(super) timeout: Field<Text<Length>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawTelegram {
    pub(super) token: Field<Text<BotToken>>,
    pub(super) token_file: Field<Text<PathBuf>>,
    pub(super) api_url: Field<Text<Url>>,
    pub(super) transport: Field<Text<Transport>>,
    pub(super) staff: Field<Many<Text<StaffId>>>,
    pub(super) messages_per_second: Field<u32>,
    pub(super) group_messages_per_minute: Field<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawWebhook {
    pub(super) url: Required<Text<Url>>,
    pub(super) secret: Field<Text<Secret>>,
    pub(super) secret_file: Field<Text<PathBuf>>,
    pub(super) events: Field<Many<Text<WebhookEvent>>>,
    pub(super) include_text: Field<bool>,
    pub(super) timeout: Field<Text<Length>>,
    pub(super) concurrency: Field<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawLimits {
    pub(super) body_bytes: Field<u32>,
    pub(super) batch: Field<u32>,
    pub(super) queue: Field<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawLog {
    pub(super) filter: Field<Text<Filter>>,
    pub(super) format: Field<Text<LogFormat>>,
}

impl RawTelegram {
    /// Whether there is a bot.
    pub(super) const fn is_set(&self) -> bool {
        self.token.given().is_some() || self.token_file.given().is_some()
    }
}
