//! Whether the settings make sense as a whole, and the [`Settings`] that they mean. The built-in
//! settings stand here and nowhere else; `config/ringback.toml` shows the same.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    ops::{Range, RangeInclusive},
    path::{Component, Path, PathBuf},
};

use secrecy::SecretString;

use super::{
    ChannelKind, ChannelSettings, DEFAULT_RULES, DiallingSettings, FormsSettings, Limits,
    LogSettings, Sealing, Settings, TelegramSettings, TlsSettings, Transport, WebchatSettings,
    WebhookEvent, WebhookSettings,
    layers::{Sources, read_bytes},
    raw::{
        RawDialling, RawForms, RawLimits, RawSettings, RawTelegram, RawTls, RawWebchat, RawWebhook,
    },
    tls::TlsFile,
    words::{BotToken, KINDS, Secret},
};
use crate::{
    domain::{ids::ChannelName, time::Length},
    rules::file::{
        Problem,
        fields::{Field, Text, Word},
    },
};

/// The outbox knows the program that rings by this name, so no webhook can have it.
const DIALLING: &str = "dialling";

/// The longest that one delivery or a shutdown may take.
const LONGEST_WAIT: Length = Length::minutes(10);

/// Where Telegram brings updates.
const WEBHOOK_PORTS: [u16; 4] = [443, 80, 88, 8443];

/// Makes settings of what is merged.
///
/// # Errors
/// Everything that makes no sense; never an empty list.
pub(super) fn validate(raw: &RawSettings, sources: &Sources) -> Result<Settings, Vec<Problem>> {
    let mut check = Check {
        sources,
        problems: Vec::new(),
    };
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let webhooks = raw.webhooks.0.iter();
    let database = raw.database.meaning().cloned();
    let database = database.unwrap_or_else(|| "data/ringback.db".into());
    check.webhook_transport(raw);
    check.webhook_address(raw);
    let settings = Settings {
        listen: raw.listen.meaning().copied().unwrap_or(loopback),
        public_url: raw.public_url.meaning().map(|url| url.0.clone()),
        tls: check.tls(&raw.tls),
        trusted_proxies: raw
            .trusted_proxies
            .items()
            .iter()
            .map(|proxy| proxy.value.0)
            .collect(),
        rules: raw.rules.meaning().cloned().or_else(default_rules),
        channels: check.channels(raw),
        webchat: check.webchat(&raw.webchat),
        forms: check.forms(&raw.forms, &database),
        dialling: check.dialling(&raw.dialling),
        telegram: check.telegram(&raw.telegram),
        webhooks: webhooks
            .filter_map(|(name, raw)| check.webhook(&name.value.0, raw))
            .collect(),
        limits: check.limits(&raw.limits),
        log: LogSettings {
            filter: match raw.log.filter.meaning() {
                Some(filter) => filter.0.clone(),
                None => "info".to_owned(),
            },
            format: raw.log.format.meaning().copied(),
        },
        shutdown_within: check.wait("shutdown_within", &raw.shutdown_within),
        database,
    };
    if check.problems.is_empty() {
        Ok(settings)
    } else {
        Err(check.problems)
    }
}

fn default_rules() -> Option<PathBuf> {
    let path = Path::new(DEFAULT_RULES);
    path.exists().then(|| path.to_owned())
}

/// Whether messages of a channel come in through the Telegram bot.
const fn is_telegrams(kind: ChannelKind) -> bool {
    match kind {
        ChannelKind::Api | ChannelKind::Webchat => false,
        ChannelKind::Telegram | ChannelKind::TelegramGroup | ChannelKind::TelegramBusiness => true,
    }
}

struct Check<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, path: &str, span: Option<&Range<usize>>, message: &str, help: &str) {
        let none = Range::default();
        let problem = self.sources.problem(path, span.unwrap_or(&none), message);
        self.problems.push(problem.help(help));
    }

    /// The channels; one of each kind, named like it, where none is named. There is one bot, so one
    /// channel of each of its kinds.
    fn channels(&mut self, raw: &RawSettings) -> BTreeMap<ChannelName, ChannelSettings> {
        let has_bot = raw.telegram.is_set();
        let mut channels = BTreeMap::new();
        for (name, channel) in raw.channels.0.iter() {
            let Some(kind) = channel.kind.meaning().copied() else {
                continue;
            };
            let path = format!("channels.{}.kind", name.value);
            let is_there = |known: &ChannelSettings| known.kind == kind;
            if is_telegrams(kind) && !has_bot {
                let help = "set `token_file` under `[telegram]`";
                self.problem(&path, channel.kind.span(), "needs a bot", help);
            } else if is_telegrams(kind) && channels.values().any(is_there) {
                let help = "leave one of the two out: there is one bot";
                self.problem(&path, channel.kind.span(), "is there twice", help);
            }
            channels.insert(name.value.clone(), ChannelSettings { kind });
        }
        if raw.channels.0.is_empty() {
            let built_in = KINDS
                .iter()
                .filter(|(_, kind)| has_bot || !is_telegrams(*kind));
            channels.extend(built_in.filter_map(|(name, kind)| {
                Some((
                    ChannelName::parse(name).ok()?,
                    ChannelSettings { kind: *kind },
                ))
            }));
        }
        channels
    }

    /// Telegram brings updates to an address that it can reach.
    fn webhook_transport(&mut self, raw: &RawSettings) {
        let transport = &raw.telegram.transport;
        let wants_address = transport.meaning() == Some(&Transport::Webhook);
        if wants_address && raw.public_url.given().is_none() {
            let help =
                "set `public_url`, or leave `transport` out to have Ringback ask for updates";
            let message = "cannot be \"webhook\" without an address that Telegram can reach";
            self.problem("telegram.transport", transport.span(), message, help);
        }
    }

    /// Telegram itself brings updates over https and to these ports only; a server of the Bot API of
    /// one's own, anywhere (<https://core.telegram.org/bots/api#setwebhook>).
    fn webhook_address(&mut self, raw: &RawSettings) {
        let transport = &raw.telegram.transport;
        let is_telegrams = raw.telegram.api_url.given().is_none();
        let url = raw.public_url.meaning().map(|url| url.0.as_str());
        let url = url.and_then(|url| reqwest::Url::parse(url).ok());
        let (Some(url), Some(Transport::Webhook), true) = (url, transport.meaning(), is_telegrams)
        else {
            return;
        };
        let port = url.port_or_known_default().unwrap_or_default();
        if url.scheme() != "https" || !WEBHOOK_PORTS.contains(&port) {
            let help = "have `public_url` begin with https:// and use port 443, 80, 88 or 8443, or \
                        leave `transport` out to have Ringback ask for updates";
            let message =
                "cannot be \"webhook\" with this `public_url`: Telegram does not go there";
            self.problem("telegram.transport", transport.span(), message, help);
        }
    }

    /// The bot, if one is set.
    fn telegram(&mut self, raw: &RawTelegram) -> Option<TelegramSettings> {
        if !raw.is_set() {
            let keys = [
                raw.api_url.span(),
                raw.transport.span(),
                raw.staff.span(),
                raw.messages_per_second.span(),
                raw.group_messages_per_minute.span(),
            ];
            if let Some(span) = keys.into_iter().flatten().next() {
                let help = "set `token_file` to a file that holds what BotFather gave";
                self.problem("telegram", Some(span), "has no token", help);
            }
            return None;
        }
        let file = raw.token_file.given();
        let token = match (raw.token.given(), file) {
            (Some(token), Some(_)) => {
                let help = "leave one of the two out";
                let message = "is given beside `token_file`";
                self.problem("telegram.token", Some(&token.span), message, help);
                None
            }
            (Some(token), None) => Some(token.value.0.0.clone()),
            (None, Some(file)) => match read_word::<BotToken>(&file.value.0) {
                Ok(token) => Some(token.0),
                Err((message, help)) => {
                    self.problem("telegram.token_file", Some(&file.span), &message, &help);
                    None
                }
            },
            (None, None) => None,
        };
        let fast = self.number(
            "telegram.messages_per_second",
            &raw.messages_per_second,
            30,
            1..=100_000,
        );
        let group = self.number(
            "telegram.group_messages_per_minute",
            &raw.group_messages_per_minute,
            20,
            1..=1_000_000,
        );
        let api_url = match raw.api_url.meaning() {
            Some(url) => url.clone(),
            None => "https://api.telegram.org".parse().ok()?,
        };
        let transport = raw.transport.meaning().copied();
        Some(TelegramSettings {
            token: token?,
            api_url,
            transport: transport.unwrap_or(Transport::Polling),
            staff: raw
                .staff
                .items()
                .iter()
                .map(|person| person.value.0.0.clone())
                .collect(),
            messages_per_second: NonZeroU32::new(fast)?,
            group_messages_per_minute: NonZeroU32::new(group)?,
        })
    }

    fn webhook(&mut self, name: &str, raw: &RawWebhook) -> Option<WebhookSettings> {
        let path = |key| format!("webhooks.{name}.{key}");
        if name == DIALLING {
            let help =
                "give the webhook another name; the program that rings is set in `[dialling]`";
            let table = format!("webhooks.{name}");
            self.problem(&table, raw.url.span(), "has a name that is taken", help);
        }
        let mut events: Vec<WebhookEvent> = match raw.events.given() {
            Some(events) => events.value.0.iter().map(|event| event.value.0).collect(),
            None => vec![
                WebhookEvent::Decision,
                WebhookEvent::Callback,
                WebhookEvent::Notice,
                WebhookEvent::Desk,
                WebhookEvent::Form,
                WebhookEvent::Erased,
            ],
        };
        if events.is_empty() {
            let help = "name an event, or leave `events` out for decision, callback, notice, desk, form and erased";
            self.problem(
                &path("events"),
                raw.events.span(),
                "must not be empty",
                help,
            );
        }
        events.sort_unstable();
        events.dedup();
        let timeout = self.wait(&path("timeout"), &raw.timeout);
        let concurrency = self.number(&path("concurrency"), &raw.concurrency, 4, 1..=64);
        let at = raw.url.span();
        let secret = self.secret(
            &format!("webhooks.{name}"),
            &raw.secret,
            &raw.secret_file,
            at,
        );
        Some(WebhookSettings {
            name: name.to_owned(),
            url: raw.url.meaning()?.clone(),
            secret: secret?,
            events,
            include_text: raw.include_text.value().copied().unwrap_or(false),
            timeout,
            concurrency,
        })
    }

    /// Nothing is dialled unless an address is given.
    fn dialling(&mut self, raw: &RawDialling) -> Option<DiallingSettings> {
        let Some(url) = raw.url.given() else {
            let others = [
                raw.secret.span(),
                raw.secret_file.span(),
                raw.timeout.span(),
            ];
            if let Some(given) = others.into_iter().flatten().next() {
                let help = "say where the program is that rings: `url = \"https://…\"`";
                self.problem("dialling.url", Some(given), "is missing", help);
            }
            return None;
        };
        let timeout = self.wait("dialling.timeout", &raw.timeout);
        let secret = self.secret("dialling", &raw.secret, &raw.secret_file, Some(&url.span));
        Some(DiallingSettings {
            url: url.value.0.clone(),
            secret: secret?,
            timeout,
        })
    }

    /// The secret of a table, given in it or in a file of its own.
    fn secret(
        &mut self,
        table: &str,
        secret: &Field<Text<Secret>>,
        file: &Field<Text<PathBuf>>,
        table_at: Option<&Range<usize>>,
    ) -> Option<SecretString> {
        let path = format!("{table}.secret");
        let file_path = format!("{path}_file");
        match (secret.meaning(), file.given()) {
            (Some(secret), None) => Some(secret.0.clone()),
            (None, Some(file)) => match read_secret(&file.value.0) {
                Ok(secret) => Some(secret),
                Err((message, help)) => {
                    self.problem(&file_path, Some(&file.span), &message, &help);
                    None
                }
            },
            (Some(_), Some(file)) => {
                let help = "give `secret` or `secret_file`, not both";
                self.problem(&file_path, Some(&file.span), "is a second secret", help);
                None
            }
            (None, None) => {
                let help = "give `secret` or, better, `secret_file`: deliveries are signed with it";
                self.problem(&path, table_at, "is missing", help);
                None
            }
        }
    }

    /// The certificate and its key, which must fit each other now.
    fn tls(&mut self, raw: &RawTls) -> Option<TlsSettings> {
        let (certificate, key) = (raw.certificate.given(), raw.key.given());
        let (certificate, key) = match (certificate, key) {
            (None, None) => return None,
            (Some(certificate), Some(key)) => (certificate, key),
            (Some(given), None) | (None, Some(given)) => {
                let missing = if key.is_none() {
                    "tls.key"
                } else {
                    "tls.certificate"
                };
                let help = "TLS needs both `certificate` and `key`";
                self.problem(missing, Some(&given.span.clone()), "is missing", help);
                return None;
            }
        };
        let settings = TlsSettings {
            certificate: certificate.value.0.clone(),
            key: key.value.0.clone(),
        };
        if let Err(problem) = settings.read().and_then(|pair| pair.to_server().map(drop)) {
            let span = match problem.file {
                TlsFile::Certificate => &certificate.span,
                TlsFile::Key => &key.span,
            };
            let path = problem.file.to_string();
            self.problem(&path, Some(span), &problem.why, problem.help);
        }
        Some(settings)
    }

    fn webchat(&mut self, raw: &RawWebchat) -> WebchatSettings {
        let origins = raw.allowed_origins.items().iter();
        let default = WebchatSettings::default().new_threads_per_hour;
        let threads = self.number(
            "webchat.new_threads_per_hour",
            &raw.new_threads_per_hour,
            default.get(),
            1..=100_000,
        );
        WebchatSettings {
            allowed_origins: origins.map(|origin| origin.value.0.clone()).collect(),
            // Zero is a problem that was told.
            new_threads_per_hour: NonZeroU32::new(threads).unwrap_or(default),
        }
    }

    fn forms(&mut self, raw: &RawForms, database: &Path) -> FormsSettings {
        let default = FormsSettings::default();
        let sealing = raw.sealing.meaning().copied();
        let key_file = raw.key_file.meaning().cloned();
        let settings = FormsSettings {
            sealing: sealing.unwrap_or(default.sealing),
            key_file: key_file.unwrap_or(default.key_file),
        };
        if settings.sealing == Sealing::ServerKey && is_beside(&settings.key_file, database) {
            let message = format!(
                "is {}, in the folder of the database: whoever copies that folder would have the \
                 key to what is sealed in it",
                settings.key_file.display()
            );
            let help = "put the key file and the database in two folders, such as \
                        \"keys/forms.key\" and \"data/ringback.db\", and leave the keys out of backups";
            self.problem("forms.key_file", raw.key_file.span(), &message, help);
        }
        settings
    }

    fn limits(&mut self, raw: &RawLimits) -> Limits {
        let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
        let (body, batch, queue) = (4 << 20, 1_000, 20_000);
        let most = 64 << 20;
        Limits {
            body_bytes: size(self.number("limits.body_bytes", &raw.body_bytes, body, 1_024..=most)),
            batch: size(self.number("limits.batch", &raw.batch, batch, 1..=1_000)),
            queue: size(self.number("limits.queue", &raw.queue, queue, 1..=1_000_000)),
        }
    }

    /// A number within bounds.
    fn number(
        &mut self,
        path: &str,
        field: &Field<u32>,
        default: u32,
        bounds: RangeInclusive<u32>,
    ) -> u32 {
        let Some(spot) = field.given() else {
            return default;
        };
        if !bounds.contains(&spot.value) {
            let help = format!("write a number from {} to {}", bounds.start(), bounds.end());
            let message = format!("cannot be {}", spot.value);
            self.problem(path, Some(&spot.span), &message, &help);
        }
        spot.value
    }

    /// How long something may take; ten seconds if nothing is said.
    fn wait(&mut self, path: &str, field: &Field<Text<Length>>) -> Length {
        let default = Length::milliseconds(10_000);
        let Some(spot) = field.given() else {
            return default;
        };
        let wait = spot.value.0;
        if wait == Length::minutes(0) || wait > LONGEST_WAIT {
            let help = format!("write a length of time up to \"{LONGEST_WAIT}\"");
            self.problem(path, Some(&spot.span), &format!("cannot be {wait}"), &help);
        }
        wait
    }
}

/// Whether a file is in the database's folder or below it, as far as their paths tell.
fn is_beside(file: &Path, database: &Path) -> bool {
    let whole = |path: &Path| -> PathBuf {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.components().fold(PathBuf::new(), |mut path, part| {
            match part {
                Component::ParentDir => drop(path.pop()),
                Component::CurDir => {}
                part => path.push(part),
            }
            path
        })
    };
    let database = whole(database);
    database
        .parent()
        .is_some_and(|folder| whole(file).starts_with(folder))
}

/// Reads a secret from its file; a line break at the end does not belong to it.
fn read_secret(path: &Path) -> Result<SecretString, (String, String)> {
    read_word::<Secret>(path).map(|secret| secret.0)
}

/// Reads what a file holds, whose words may be secret.
fn read_word<T: Word>(path: &Path) -> Result<T, (String, String)> {
    let bytes = read_bytes(path).map_err(|error| {
        let help = "check the path and who may read the file".to_owned();
        (format!("cannot be read: {error}"), help)
    })?;
    let text = String::from_utf8_lossy(&bytes);
    match T::read(text.trim()) {
        Ok(word) => Ok(word),
        Err(wrong) => {
            let (message, help) = wrong.split_once('\n').unwrap_or((wrong.as_str(), ""));
            Err((
                format!("names a file whose content {message}"),
                help.to_owned(),
            ))
        }
    }
}
