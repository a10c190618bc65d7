//! The settings as they hold, in TOML, for `ringback check`. Secrets do not come out.

use std::{collections::BTreeMap, net::IpAddr};

use serde::Serialize;

use super::{
    LogFormat, Origin, Settings,
    words::{EVENTS, KINDS, SEALINGS, TRANSPORTS},
};
use crate::domain::{
    ids::{ChannelName, PersonId},
    time::Length,
};

/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

#[derive(Serialize)]
struct Effective<'a> {
    listen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trusted_proxies: Vec<IpAddr>,
    database: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<String>,
    shutdown_within: Length,
    limits: Limits,
    log: Log<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls>,
    channels: BTreeMap<&'a ChannelName, Channel>,
    webchat: Webchat<'a>,
    forms: Forms,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialling: Option<Dialling<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    telegram: Option<Telegram<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    webhooks: BTreeMap<&'a str, Webhook<'a>>,
}

#[derive(Serialize)]
struct Limits {
    body_bytes: usize,
    batch: usize,
    queue: usize,
}

#[derive(Serialize)]
struct Log<'a> {
    filter: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
}

#[derive(Serialize)]
struct Tls {
    certificate: String,
    key: String,
}

#[derive(Serialize)]
struct Channel {
    kind: &'static str,
}

#[derive(Serialize)]
struct Webchat<'a> {
    allowed_origins: Vec<&'a str>,
    new_threads_per_hour: u32,
}

#[derive(Serialize)]
struct Forms {
    sealing: &'static str,
    key_file: String,
}

#[derive(Serialize)]
struct Dialling<'a> {
    url: &'a str,
    secret: &'static str,
    timeout: Length,
}

#[derive(Serialize)]
struct Telegram<'a> {
    token: &'static str,
    api_url: &'a str,
    transport: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    staff: Vec<&'a str>,
    messages_per_second: u32,
    group_messages_per_minute: u32,
}

#[derive(Serialize)]
struct Webhook<'a> {
    url: &'a str,
    secret: &'static str,
    events: Vec<&'static str>,
    include_text: bool,
    timeout: Length,
    concurrency: u32,
}

/// The settings in TOML, secrets hidden.
pub(super) fn toml(settings: &Settings) -> String {
    let webhooks = settings.webhooks.iter().map(|webhook| {
        let shown = Webhook {
            url: webhook.url.as_str(),
            secret: HIDDEN,
            events: webhook
                .events
                .iter()
                .map(|event| name(EVENTS, event))
                .collect(),
            include_text: webhook.include_text,
            timeout: webhook.timeout,
            concurrency: webhook.concurrency,
        };
        (webhook.name.as_str(), shown)
    });
    let channels = settings.channels.iter().map(|(channel, settings)| {
        let kind = name(KINDS, &settings.kind);
        (channel, Channel { kind })
    });
    let origins = settings.webchat.allowed_origins.iter();
    let effective = Effective {
        listen: settings.listen.to_string(),
        public_url: settings.public_url.as_ref().map(Origin::as_str),
        trusted_proxies: settings.trusted_proxies.clone(),
        database: settings.database.display().to_string(),
        rules: settings
            .rules
            .as_ref()
            .map(|path| path.display().to_string()),
        shutdown_within: settings.shutdown_within,
        limits: Limits {
            body_bytes: settings.limits.body_bytes,
            batch: settings.limits.batch,
            queue: settings.limits.queue,
        },
        log: Log {
            filter: &settings.log.filter,
            format: settings.log.format.map(|format| match format {
                LogFormat::Human => "human",
                LogFormat::Json => "json",
            }),
        },
        tls: settings.tls.as_ref().map(|tls| Tls {
            certificate: tls.certificate.display().to_string(),
            key: tls.key.display().to_string(),
        }),
        channels: channels.collect(),
        webchat: Webchat {
            allowed_origins: origins.map(Origin::as_str).collect(),
            new_threads_per_hour: settings.webchat.new_threads_per_hour.get(),
        },
        forms: Forms {
            sealing: name(SEALINGS, &settings.forms.sealing),
            key_file: settings.forms.key_file.display().to_string(),
        },
        dialling: settings.dialling.as_ref().map(|dialling| Dialling {
            url: dialling.url.as_str(),
            secret: HIDDEN,
            timeout: dialling.timeout,
        }),
        telegram: settings.telegram.as_ref().map(|telegram| Telegram {
            token: HIDDEN,
            api_url: telegram.api_url.as_str(),
            transport: name(TRANSPORTS, &telegram.transport),
            staff: telegram.staff.iter().map(PersonId::as_str).collect(),
            messages_per_second: telegram.messages_per_second.get(),
            group_messages_per_minute: telegram.group_messages_per_minute.get(),
        }),
        webhooks: webhooks.collect(),
    };
    // Strings, numbers and tables always have a place in TOML.
    ::toml::to_string(&effective).unwrap_or_default()
}

/// What one of a few values is called in the file.
fn name<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    let mut names = names.iter();
    names
        .find_map(|(name, other)| (other == value).then_some(*name))
        .unwrap_or_default()
}
