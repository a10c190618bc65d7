//! `ringback.toml`: what needs a restart. Defaults < file < `RINGBACK__…` environment < flags are
//! merged, then checked as a whole, so that all errors come at once.

mod effective;
mod layers;
mod origin;
mod raw;
pub mod rules_file;
#[cfg(test)]
mod tests;
pub mod tls;
mod validate;
mod words;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
};

pub use origin::Origin;
use secrecy::SecretString;
pub use tls::TlsSettings;

use crate::{
    domain::{
        ids::{ChannelName, PersonId},
        message::Visibility,
        time::Length,
    },
    rules::file::FileErrors,
};

/// What is wrong with the settings.
pub type SettingsErrors = FileErrors;

/// The file that is read where no other is named, if it is there.
pub const DEFAULT_FILE: &str = "config/ringback.toml";

/// The rules file where the settings name none, if it is there.
pub const DEFAULT_RULES: &str = "config/rules.toml";

/// Everything that `ringback run` needs to know before it starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// Under which address people reach it, if not (only) under `listen` on this machine.
    pub public_url: Option<Origin>,
    /// The certificate to serve with; `None`: plain HTTP, for this machine or a trusted proxy.
    pub tls: Option<TlsSettings>,
    /// The proxies that are believed whom they speak for, and whether that came by TLS.
    pub trusted_proxies: Vec<IpAddr>,
    /// The SQLite file.
    pub database: PathBuf,
    /// The rules file; `None` for the built-in rules.
    pub rules: Option<PathBuf>,
    /// The channels that messages may come in on.
    pub channels: BTreeMap<ChannelName, ChannelSettings>,
    /// The web chat.
    pub webchat: WebchatSettings,
    /// How identity forms are sealed.
    pub forms: FormsSettings,
    /// The program that rings customers for agents; `None`: agents dial.
    pub dialling: Option<DiallingSettings>,
    /// The Telegram bot; `None`: there is none.
    pub telegram: Option<TelegramSettings>,
    /// Where decisions are sent.
    pub webhooks: Vec<WebhookSettings>,
    /// How much is taken in at once.
    pub limits: Limits,
    /// How it logs.
    pub log: LogSettings,
    /// How long a graceful shutdown may take.
    pub shutdown_within: Length,
}

impl Settings {
    /// Reads the settings: built-in ones, over them those of the file, over them those of the
    /// environment (`RINGBACK__LISTEN`), over them the flags `--config` and `--rules`.
    ///
    /// Without `config`, [`DEFAULT_FILE`] is read if it is there.
    ///
    /// # Errors
    /// Everything that is wrong, all at once; so is a `config` that is not there.
    pub fn load(config: Option<&Path>, rules: Option<&Path>) -> Result<Self, SettingsErrors> {
        layers::load(config, layers::environment(), rules)
    }

    /// The settings that a text gives as a file would, whatever the environment says.
    ///
    /// # Errors
    /// Everything that is wrong with it, all at once.
    pub fn of_text(text: &str) -> Result<Self, SettingsErrors> {
        layers::of_text(text)
    }

    /// A page's address for people, such as a sign-in link: under `public_url`, else where the
    /// server listens.
    #[must_use]
    pub fn url_of(&self, address: SocketAddr, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{}{path}", url.as_str()),
            None => format!("{}://{address}{path}", self.scheme()),
        }
    }

    /// A page's address for people who are anywhere; `None` if it has none.
    #[must_use]
    pub fn public_address(&self, path: &str) -> Option<reqwest::Url> {
        let origin = reqwest::Url::parse(self.public_url.as_ref()?.as_str());
        origin.ok()?.join(path).ok()
    }

    /// `https` where Ringback itself speaks TLS.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Why nobody beyond this machine will be shown a page by a server at that address, if so, and
    /// how to mend it. A server on loopback is meant for this machine, or has a proxy before it.
    #[must_use]
    pub fn closed_to_others(&self, address: SocketAddr) -> Option<String> {
        let speaks_tls = self.tls.is_some() || !self.trusted_proxies.is_empty();
        let help = match (speaks_tls, &self.public_url) {
            _ if address.ip().is_loopback() => return None,
            (true, Some(_)) => return None,
            (true, None) => "set `public_url` to the address that people open",
            (false, _) => {
                "set `[tls]` with a certificate, or name the proxy that speaks TLS in \
                 `trusted_proxies`"
            }
        };
        Some(format!(
            "pages, forms and sign-in are refused to everybody beyond this machine: {help}"
        ))
    }

    /// Whether Ringback itself carries messages to the customers of a channel.
    #[must_use]
    pub fn carries(&self, channel: &ChannelName) -> bool {
        let channel = self.channels.get(channel);
        channel.is_some_and(|channel| match channel.kind {
            ChannelKind::Api => false,
            ChannelKind::Webchat
            | ChannelKind::Telegram
            | ChannelKind::TelegramGroup
            | ChannelKind::TelegramBusiness => true,
        })
    }

    /// Whether a line of ours on a channel can offer a form: there are buttons, and what they open can
    /// be reached from where the customers are.
    #[must_use]
    pub fn offers_forms(&self, channel: &ChannelName) -> bool {
        let channel = self.channels.get(channel);
        channel.is_some_and(|channel| match channel.kind {
            ChannelKind::Webchat => true,
            // Telegram's app opens them, on the customer's own phone.
            ChannelKind::Telegram | ChannelKind::TelegramBusiness => {
                let address = self.public_url.as_ref().map(Origin::as_str);
                address.is_some_and(|address| address.starts_with("https://"))
            }
            ChannelKind::TelegramGroup | ChannelKind::Api => false,
        })
    }

    /// Who can see what Ringback carries to a channel's customers.
    #[must_use]
    pub fn visibility_of(&self, channel: &ChannelName) -> Visibility {
        match self.channels.get(channel).map(|channel| channel.kind) {
            Some(ChannelKind::TelegramGroup) => Visibility::Public,
            _ => Visibility::Private,
        }
    }

    /// Whether a channel's messages come in the order in which they were written.
    #[must_use]
    pub fn comes_in_order(&self, channel: &ChannelName) -> bool {
        let channel = self.channels.get(channel);
        channel.is_some_and(|channel| match channel.kind {
            ChannelKind::Api | ChannelKind::Webchat => false,
            ChannelKind::Telegram | ChannelKind::TelegramGroup | ChannelKind::TelegramBusiness => {
                true
            }
        })
    }

    /// The channel of a kind of which there is one at most.
    #[must_use]
    pub fn channel_of(&self, kind: ChannelKind) -> Option<&ChannelName> {
        let mut channels = self.channels.iter();
        channels.find_map(|(name, channel)| (channel.kind == kind).then_some(name))
    }

    /// The settings as a TOML file would give them, secrets hidden.
    #[must_use]
    pub fn effective(&self) -> String {
        effective::toml(self)
    }
}

/// One channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelSettings {
    /// What brings its messages in.
    pub kind: ChannelKind,
}

/// What brings a channel's messages in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelKind {
    /// `POST /api/v1/messages`.
    Api,
    /// The chat page and its widget.
    Webchat,
    /// Customers write to the Telegram bot.
    Telegram,
    /// Customers and staff talk in Telegram groups that the bot is in.
    TelegramGroup,
    /// Customers write to a Telegram Business account that the bot is connected to.
    TelegramBusiness,
}

/// The Telegram bot.
#[derive(Debug, Clone)]
pub struct TelegramSettings {
    /// What BotFather gave.
    pub token: SecretString,
    /// Where the Bot API is; `https`, or `http` on loopback.
    pub api_url: reqwest::Url,
    /// How updates come.
    pub transport: Transport,
    /// Who is staff in watched groups, by Telegram's numbers; empty: a group's administrators.
    pub staff: Vec<PersonId>,
    /// How many messages the bot may send in a second.
    pub messages_per_second: NonZeroU32,
    /// How many of them may go to one group in a minute.
    pub group_messages_per_minute: NonZeroU32,
}

/// How Telegram's updates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Ringback asks for them.
    Polling,
    /// Telegram brings them to `public_url`.
    Webhook,
}

/// The web chat of all channels of that kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebchatSettings {
    /// The sites that may show the chat in a frame, beside Ringback's own pages.
    pub allowed_origins: Vec<Origin>,
    /// How many chats one address may start in an hour.
    pub new_threads_per_hour: NonZeroU32,
}

impl Default for WebchatSettings {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            new_threads_per_hour: NonZeroU32::MIN.saturating_add(19),
        }
    }
}

/// How identity forms are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormsSettings {
    /// For whose key.
    pub sealing: Sealing,
    /// Where the server's own keys are, outside the database's folder.
    pub key_file: PathBuf,
}

impl Default for FormsSettings {
    fn default() -> Self {
        Self {
            sealing: Sealing::ServerKey,
            key_file: "keys/forms.key".into(),
        }
    }
}

/// Whose key opens what customers submit in an identity form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sealing {
    /// The server's.
    ServerKey,
    /// Those of the accounts that check identities. The server cannot open it.
    Recipients,
}

/// One outgoing webhook.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// Its name in logs and metrics.
    pub name: String,
    /// Where it is sent; `https`, or `http` on loopback.
    pub url: reqwest::Url,
    /// The Standard Webhooks secret, `whsec_…`.
    pub secret: SecretString,
    /// What is sent.
    pub events: Vec<WebhookEvent>,
    /// Send the (masked) message text too.
    pub include_text: bool,
    /// How long one delivery may take.
    pub timeout: Length,
    /// How many deliveries may be under way at once; those of one thread go one by one.
    pub concurrency: u32,
}

/// The program that rings customers for agents.
#[derive(Debug, Clone)]
pub struct DiallingSettings {
    /// Where it is asked to; `https`, or `http` on loopback.
    pub url: reqwest::Url,
    /// The Standard Webhooks secret that signs both ways, `whsec_…`.
    pub secret: SecretString,
    /// How long asking may take.
    pub timeout: Length,
}

/// What a webhook can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WebhookEvent {
    /// `decision`: a message led to at least one action.
    Decision,
    /// `decision.quiet`: a message led to none.
    QuietDecision,
    /// `callback`: a callback opened, changed or ended.
    Callback,
    /// `notice`: something the desk must know.
    Notice,
    /// `desk`: a desk as a whole: it opens, its queue is long, an incident, a hand-over.
    Desk,
    /// `form`: a form that a customer was asked to fill in came further.
    Form,
    /// `erased`: a customer's thread was erased.
    Erased,
    /// `audit`: the day's checkpoint of the audit.
    Audit,
}

/// Bounds on what is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// The most messages in one request.
    pub batch: usize,
    /// The most messages that wait for the writer; more are refused with 429.
    pub queue: usize,
}

/// How it logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// A tracing filter such as `info` or `ringback=debug`.
    pub filter: String,
    /// `human`, `json`, or `None`: human on a terminal.
    pub format: Option<LogFormat>,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// For people.
    Human,
    /// For machines.
    Json,
}
