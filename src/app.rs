//! The composition root: the only place that wires engine, webhooks and web together, and takes
//! them apart again in order. Decides nothing itself.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{sync::Notify, task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::{
    channels::telegram::{self, Bot, BotError, Deliver, Hook, Source},
    desk::telegram::{Incoming, Outgoing, Relayed},
    domain::{
        account::{Role, demo_account},
        time::{Length, Timestamp},
    },
    engine::{
        self, Clock, Engine, Handle, LoadRules, Options, Running, clock::Stopwatch, inbox::Inbox,
    },
    reading::Reader,
    rules::Rules,
    settings::{Settings, Transport, tls::TlsProblem},
    telemetry::{self, TelemetryError},
    vault::{Vault, VaultError},
    web::{
        self,
        certificates::Certificates,
        server::{BindError, Bound},
    },
    webhooks::{self, WebhookError},
};

/// How often measured times are sorted into their buckets; until then they take memory.
const METRICS_UPKEEP: Duration = Duration::from_secs(10);

/// How often to look for keys that nothing needs any more.
const KEYS_UPKEEP: Length = Length::minutes(10);

/// What the bot is built from.
pub struct Parts {
    /// What needs a restart.
    pub settings: Arc<Settings>,
    /// The rules to start with.
    pub rules: Rules,
    /// The reader built from them.
    pub reader: Reader,
    /// Loads them again, and the file to watch. `None`: the rules never change.
    pub reload: Option<(PathBuf, LoadRules)>,
    /// Tells the time.
    pub clock: Clock,
    /// Everybody who comes is signed in already: `ringback demo`.
    pub is_demo: bool,
}

/// Why the bot cannot start. All but the last two are for the admin to mend.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A demo asks nobody to sign in, so it is for this machine alone.
    #[error(
        "the demo asks nobody to sign in and is for this machine alone: it cannot listen on {0}"
    )]
    DemoForAll(SocketAddr),
    /// The database or the rules.
    #[error(transparent)]
    Engine(#[from] engine::StartError),
    /// The demo's account.
    #[error("the demo's account cannot be made: {0}")]
    Demo(String),
    /// The certificate.
    #[error("{0}; {help}", help = .0.help)]
    Tls(#[from] TlsProblem),
    /// The key file.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The Telegram bot.
    #[error(transparent)]
    Telegram(#[from] BotError),
    /// The secret that Telegram says with each delivery.
    #[error("the operating system gives no random bits")]
    NoRandom,
    /// Where Telegram brings updates.
    #[error("`public_url` makes no address that Telegram can be given")]
    NoAddress,
    /// A webhook's settings.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// The metrics.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
}

/// Why the bot ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A part of the engine ended by itself.
    #[error("a part of the engine has stopped; its log says why")]
    Engine,
    /// The HTTP server ended by itself.
    #[error("the HTTP server has stopped: {0}")]
    Server(String),
}

/// The running bot.
pub struct App {
    address: SocketAddr,
    settings: Arc<Settings>,
    engine: Handle,
    running: Running,
    bot: Option<Bot>,
    server: JoinSet<std::io::Result<()>>,
    chores: JoinSet<()>,
    channels: JoinSet<()>,
    renew: Arc<Notify>,
    stop_server: CancellationToken,
    stop_channels: CancellationToken,
    shutdown_within: Duration,
}

impl App {
    /// Takes the port, starts the engine and serves. The port first: it is the likeliest to fail,
    /// and nothing has happened yet then.
    ///
    /// # Errors
    /// When the port, the database, a webhook or the metrics cannot be used.
    pub async fn start(parts: Parts) -> Result<Self, StartError> {
        let Parts {
            settings,
            rules,
            reader,
            reload,
            clock,
            is_demo,
        } = parts;
        if is_demo && !settings.listen.ip().is_loopback() {
            return Err(StartError::DemoForAll(settings.listen));
        }
        use_ring();
        let metrics = telemetry::metrics()?;
        let certificates = settings.tls.clone().map(Certificates::load).transpose()?;
        let bound = Bound::bind(settings.listen)?;
        let vault = Arc::new(Vault::start(&settings.forms, clock.now())?);
        let ended = settings.url_of(bound.address(), web::DIALLED);
        let mut destinations = webhooks::destinations(&settings, &clock, ended)?;
        let telegram = settings.telegram.as_ref();
        let bot = telegram.map(|telegram| Bot::new(telegram, clock.clone()));
        let bot = bot.transpose()?;
        if let Some(bot) = &bot {
            let carries = Deliver::new(bot.clone(), Arc::clone(&settings));
            destinations.push(Arc::new(carries));
            let shows = Outgoing::new(bot.clone(), Arc::clone(&settings), clock.clone());
            let shows = Arc::new(shows);
            destinations.push(Arc::new(Relayed::new(Arc::clone(&shows))));
            destinations.push(shows);
        }
        let (engine, running) = Engine::start(Options {
            settings: Arc::clone(&settings),
            rules,
            reader,
            reload,
            clock: clock.clone(),
            destinations,
        })
        .await?;

        let address = bound.address();
        if is_demo {
            let (name, shown) = demo_account();
            let made = engine.ensure_account(name, shown, Role::Admin).await;
            made.map_err(|error| StartError::Demo(error.to_string()))?;
        }
        let shutdown_within = settings.shutdown_within.as_std();
        let (inbox, source) = transport(&settings, address)?;
        let stop_server = CancellationToken::new();
        let routes = web::routes(web::Parts {
            engine: engine.clone(),
            settings: Arc::clone(&settings),
            clock: clock.clone(),
            metrics: metrics.clone(),
            address,
            stopping: stop_server.clone(),
            vault: Arc::clone(&vault),
            inbox,
            is_demo,
        });
        let mut server = JoinSet::new();
        // The engine has what the server leaves of the time.
        let grace = shutdown_within / 2;
        let tls = certificates.as_ref().map(Certificates::serving);
        server.spawn(bound.serve(routes, tls, stop_server.clone(), grace));
        let mut chores = JoinSet::new();
        chores.spawn(keep_up(metrics));
        let renew = Arc::new(Notify::new());
        if let Some(certificates) = certificates {
            chores.spawn(certificates.keep_fresh(clock.clone(), Arc::clone(&renew)));
        }
        let stop_channels = CancellationToken::new();
        let mut channels = JoinSet::new();
        let own_bot = bot.clone();
        if let Some(bot) = bot {
            let agents = Incoming::new(bot.clone(), engine.clone(), clock.clone());
            let updates = telegram::Parts {
                bot,
                engine: engine.clone(),
                agents: Arc::new(agents),
                roster: telegram::Roster::default(),
                settings: Arc::clone(&settings),
                clock: clock.clone(),
            };
            channels.spawn(telegram::receive(updates, source, stop_channels.clone()));
        }
        chores.spawn(forget_keys(vault, engine.clone(), clock));
        tracing::info!(%address, "listening");
        Ok(Self {
            address,
            settings,
            engine,
            running,
            bot: own_bot,
            server,
            chores,
            channels,
            renew,
            stop_server,
            stop_channels,
            shutdown_within,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A page's address for people.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.settings.url_of(self.address, path)
    }

    /// Talks to its engine.
    #[must_use]
    pub const fn engine(&self) -> &Handle {
        &self.engine
    }

    /// Whether there is a Telegram bot.
    #[must_use]
    pub const fn has_telegram(&self) -> bool {
        self.bot.is_some()
    }

    /// The name of the Telegram bot; `None`: there is none, or Telegram does not say it soon.
    pub async fn telegram_name(&self) -> Option<String> {
        telegram::name(self.bot.as_ref()?).await
    }

    /// Asks for the certificate to be read again now.
    #[must_use]
    pub fn renewal(&self) -> Arc<Notify> {
        Arc::clone(&self.renew)
    }

    /// Runs until `stop` resolves or a part fails; then takes no more requests, answers those
    /// under way, and lets the engine finish, in bounded time.
    ///
    /// # Errors
    /// When a part failed.
    pub async fn run_until(mut self, stop: impl Future<Output = ()>) -> Result<(), Failure> {
        let ended = tokio::select! {
            () = stop => Ok(()),
            () = self.running.failed() => Err(Failure::Engine),
            served = self.server.join_next() => Err(Failure::Server(words(served))),
        };
        tracing::info!("shutting down");
        let stopwatch = Stopwatch::start();
        self.stop_server.cancel();
        self.stop_channels.cancel();
        while self.server.join_next().await.is_some() {}
        // What came is taken still while the engine runs; what is not comes again at the next start.
        let left = self.shutdown_within.saturating_sub(stopwatch.elapsed()) / 2;
        let channels_end = async { while self.channels.join_next().await.is_some() {} };
        if tokio::time::timeout(left, channels_end).await.is_err() {
            tracing::warn!("a channel is cut off: it took too long to end");
            self.channels.shutdown().await;
        }
        let left = self.shutdown_within.saturating_sub(stopwatch.elapsed());
        self.running.stop(left).await;
        self.chores.shutdown().await;
        tracing::info!("stopped");
        ended
    }
}

/// How Telegram's updates come, and where they are handed in if Telegram brings them.
fn transport(
    settings: &Settings,
    address: SocketAddr,
) -> Result<(Option<Inbox>, Source), StartError> {
    let transport = settings.telegram.as_ref().map(|bot| bot.transport);
    if transport != Some(Transport::Webhook) {
        return Ok((None, Source::Polling));
    }
    let (inbox, deliveries) = Inbox::open().map_err(|_| StartError::NoRandom)?;
    let address = settings.url_of(address, web::TELEGRAM);
    let hook = Hook {
        address: address.parse().map_err(|_| StartError::NoAddress)?,
        secret: inbox.secret().clone(),
        deliveries,
    };
    Ok((Some(inbox), Source::Webhook(hook)))
}

type Served = Result<std::io::Result<()>, tokio::task::JoinError>;

fn words(served: Option<Served>) -> String {
    match served {
        Some(Ok(Err(error))) => error.to_string(),
        Some(Err(error)) => error.to_string(),
        Some(Ok(Ok(()))) | None => "it ended by itself".to_owned(),
    }
}

/// TLS by ring, once a process. A second call finds it in place, which is as good.
pub(crate) fn use_ring() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Forgets retired keys once nothing is kept any more that they open.
async fn forget_keys(vault: Arc<Vault>, engine: Handle, clock: Clock) {
    loop {
        let now = clock.now();
        let kept_since = now.saturating_sub(engine.rules().rules.identity.keep_for.as_signed());
        let vault = Arc::clone(&vault);
        let forgotten = tokio::task::spawn_blocking(move || {
            vault.drop_retired(kept_since.unwrap_or(Timestamp::MIN))
        });
        match forgotten.await {
            Ok(Err(error)) => tracing::error!(%error, "retired keys could not be forgotten"),
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(keys)) => tracing::info!(keys, "retired keys are forgotten"),
        }
        clock.sleep(KEYS_UPKEEP).await;
    }
}

async fn keep_up(metrics: PrometheusHandle) {
    let mut often = tokio::time::interval(METRICS_UPKEEP);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        metrics.run_upkeep();
    }
}
