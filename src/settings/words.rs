//! What each text in `ringback.toml` can mean: addresses, paths, URLs, secrets. A message here
//! never repeats what could be a secret.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use reqwest::Url;
use schemars::{Schema, json_schema};
use secrecy::SecretString;

use super::{ChannelKind, LogFormat, Origin, Sealing, Transport, WebhookEvent};
use crate::{
    domain::ids::{ChannelName, PersonId},
    rules::file::{fields::Word, problem::cannot_be, words::choose},
};

/// The schema of these is not printed: `check --schema` is about the rules file.
fn any_text() -> Schema {
    json_schema!({ "type": "string" })
}

impl Word for SocketAddr {
    const WANTED: &'static str = "an address and port in quotes, such as \"127.0.0.1:8080\"";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            let help =
                "write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"";
            cannot_be(text, help)
        })
    }
    fn schema() -> Schema {
        any_text()
    }
}

impl Word for IpAddr {
    const WANTED: &'static str = "an IP address in quotes, such as \"10.0.0.2\"";

    fn read(text: &str) -> Result<Self, String> {
        text.parse::<Self>()
            .map(|address| address.to_canonical())
            .map_err(|_| {
                let help = "write the one address of each proxy, such as \"10.0.0.2\" or \"127.0.0.1\"; no range and no name";
                cannot_be(text, help)
            })
    }
    fn schema() -> Schema {
        any_text()
    }
}

impl Word for PathBuf {
    const WANTED: &'static str = "a path in quotes";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.contains('\0') {
            return Err("must be a path, not empty".to_owned());
        }
        Ok(text.into())
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// A webhook's name: a plain name like a channel's.
#[derive(Debug, Clone)]
pub(super) struct WebhookName(pub(super) String);

impl Word for WebhookName {
    fn read(text: &str) -> Result<Self, String> {
        ChannelName::read(text).map(|name| Self(name.into()))
    }
    fn schema() -> Schema {
        any_text()
    }
}

impl Word for Url {
    const WANTED: &'static str = "a URL in quotes, such as \"https://example.com/ringback\"";

    fn read(text: &str) -> Result<Self, String> {
        let url = Self::parse(text)
            .map_err(|_| format!("must be a whole URL\nwrite {}", Self::WANTED))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "must not hold a user name or password\ndeliveries are signed with `secret` instead"
                    .to_owned(),
            );
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            _ => Err(
                "must begin with https://\nplain http is for this machine only, such as \"http://127.0.0.1:9000/\""
                    .to_owned(),
            ),
        }
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// Whether a URL stays on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// An origin as people write it: a port that goes without saying and a `/` at the end do no harm.
#[derive(Debug, Clone)]
pub(super) struct PublicUrl(pub(super) Origin);

impl Word for PublicUrl {
    const WANTED: &'static str = "an address in quotes, such as \"https://desk.example.com\"";

    fn read(text: &str) -> Result<Self, String> {
        let help = format!("write {}", Self::WANTED);
        let url = Url::parse(text).map_err(|_| cannot_be(text, &help))?;
        if !["https", "http"].contains(&url.scheme()) {
            return Err(cannot_be(text, &help));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(
                "must begin with https://\nplain http is for this machine only, such as \"http://localhost:8080\": pages and forms are refused over it"
                    .to_owned(),
            );
        }
        let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        if has_more || !url.username().is_empty() || url.password().is_some() {
            return Err(
                "must be no more than scheme, host and port\nRingback needs a host of its own, not a path of one"
                    .to_owned(),
            );
        }
        Origin::parse(&url.origin().ascii_serialization()).map(Self)
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// A Standard Webhooks secret.
#[derive(Debug, Clone)]
pub(super) struct Secret(pub(super) SecretString);

/// How a secret is made.
const SECRET_HELP: &str = "write `whsec_` and the base64 of 24 to 64 random bytes, as `openssl rand -base64 32` prints them";

impl Word for Secret {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("{what}\n{SECRET_HELP}"));
        let Some(base64) = text.strip_prefix("whsec_") else {
            return wrong("must begin with `whsec_`");
        };
        if standardwebhooks::Webhook::new(text).is_err() {
            return wrong("must be base64 after `whsec_`");
        }
        // Four characters stand for three bytes.
        let bytes = base64.trim_end_matches('=').len() * 3 / 4;
        if !(24..=64).contains(&bytes) {
            return wrong("must be 24 to 64 bytes long");
        }
        Ok(Self(text.to_owned().into()))
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// A bot's token, as BotFather gives it.
#[derive(Debug, Clone)]
pub(super) struct BotToken(pub(super) SecretString);

impl Word for BotToken {
    fn read(text: &str) -> Result<Self, String> {
        let is_secret = |secret: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            secret.len() >= 20 && secret.chars().all(plain)
        };
        match text.split_once(':') {
            Some((id, secret)) if id.parse::<u64>().is_ok() && is_secret(secret) => {
                Ok(Self(text.to_owned().into()))
            }
            _ => Err(
                "must be a bot's token\nwrite it as BotFather gives it: a number, `:` and letters"
                    .to_owned(),
            ),
        }
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// A person's number at Telegram.
#[derive(Debug, Clone)]
pub(super) struct StaffId(pub(super) PersonId);

impl Word for StaffId {
    const WANTED: &'static str = "a number in quotes, such as \"123456789\"";

    fn read(text: &str) -> Result<Self, String> {
        let number = text.parse::<u64>().ok().filter(|number| *number > 0);
        number
            .and_then(|number| PersonId::parse(&number.to_string()).ok())
            .map(Self)
            .ok_or_else(|| cannot_be(text, "write a person's number, such as \"123456789\""))
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// Each way in which updates come with its name in the file.
pub(super) const TRANSPORTS: &[(&str, Transport)] = &[
    ("polling", Transport::Polling),
    ("webhook", Transport::Webhook),
];

impl Word for Transport {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, TRANSPORTS)
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// A tracing filter.
#[derive(Debug, Clone)]
pub(super) struct Filter(pub(super) String);

impl Word for Filter {
    fn read(text: &str) -> Result<Self, String> {
        match tracing_subscriber::EnvFilter::builder().parse(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => {
                let help =
                    "write a level (error, warn, info, debug, trace) or \"info,ringback=debug\"";
                Err(cannot_be(text, help))
            }
        }
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// Each event with its name in the file.
pub(super) const EVENTS: &[(&str, WebhookEvent)] = &[
    ("decision", WebhookEvent::Decision),
    ("decision.quiet", WebhookEvent::QuietDecision),
    ("callback", WebhookEvent::Callback),
    ("notice", WebhookEvent::Notice),
    ("desk", WebhookEvent::Desk),
    ("form", WebhookEvent::Form),
    ("erased", WebhookEvent::Erased),
    ("audit", WebhookEvent::Audit),
];

impl Word for WebhookEvent {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, EVENTS)
    }
    fn schema() -> Schema {
        any_text()
    }
}

impl Word for Origin {
    const WANTED: &'static str = "an origin in quotes, such as \"https://shop.example\"";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// Each kind of channel with its name in the file.
pub(super) const KINDS: &[(&str, ChannelKind)] = &[
    ("api", ChannelKind::Api),
    ("webchat", ChannelKind::Webchat),
    ("telegram", ChannelKind::Telegram),
    ("telegram_group", ChannelKind::TelegramGroup),
    ("telegram_business", ChannelKind::TelegramBusiness),
];

impl Word for ChannelKind {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, KINDS)
    }
    fn schema() -> Schema {
        any_text()
    }
}

/// Each way of sealing with its name in the file.
pub(super) const SEALINGS: &[(&str, Sealing)] = &[
    ("server_key", Sealing::ServerKey),
    ("recipients", Sealing::Recipients),
];

impl Word for Sealing {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, SEALINGS)
    }
    fn schema() -> Schema {
        any_text()
    }
}

impl Word for LogFormat {
    fn read(text: &str) -> Result<Self, String> {
        choose(text, &[("human", Self::Human), ("json", Self::Json)])
    }
    fn schema() -> Schema {
        any_text()
    }
}
