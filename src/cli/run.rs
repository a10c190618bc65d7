//! `ringback run`: the bot, until a signal stops it.

use std::{
    collections::BTreeSet, io::IsTerminal, net::SocketAddr, path::PathBuf, process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::Notify,
};

use super::{BAD_INPUT, FINE, Files, complain, complain_at_length, core_dumps, settings_of, tell};
use crate::{
    app::{App, Parts, StartError},
    domain::{
        account::{Role, first_account},
        ids::ChannelName,
    },
    engine::{Clock, Handle, LoadRules, chat::PairingCode},
    settings::{ChannelKind, Settings, rules_file},
    store::rows::TokenHash,
    telemetry,
    web::token::Token,
};

/// What it can be told.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  ringback run
  ringback run --config /etc/ringback/ringback.toml

Signals:
  SIGTERM, SIGINT   finish what is under way and stop
  SIGHUP            load the rules file and the certificate again")]
pub(super) struct Args {}

/// Does it.
pub(super) fn run(files: &Files, _args: &Args) -> anyhow::Result<ExitCode> {
    core_dumps::off()?;
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    match parts(settings, false)? {
        Some(parts) => block_on(run_until_told(parts)),
        None => Ok(ExitCode::from(BAD_INPUT)),
    }
}

async fn run_until_told(parts: Parts) -> anyhow::Result<ExitCode> {
    let settings = Arc::clone(&parts.settings);
    let signals = Signals::listen().context("cannot listen to signals")?;
    let app = match App::start(parts).await {
        Ok(app) => app,
        Err(StartError::Telemetry(error)) => return Err(error.into()),
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    if let Some(link) = first_link(&app).await? {
        tell(&format!(
            "Nobody has signed in yet. Sign in as the first admin within an hour:\n\n  {link}\n"
        ));
    }
    if let Some(code) = desk_code(&app).await? {
        tell(&code);
    }
    if std::io::stderr().is_terminal() {
        tell(&welcome(app.address(), &settings));
    }
    let (engine, renewal) = (app.engine().clone(), app.renewal());
    app.run_until(signals.until_stop(engine, renewal)).await?;
    Ok(ExitCode::from(FINE))
}

/// A link that signs the first admin in, as long as nobody has signed in.
async fn first_link(app: &App) -> anyhow::Result<Option<String>> {
    let token = Token::generate().context("the operating system gives no random bits")?;
    let (name, shown) = first_account();
    let hash = TokenHash(token.sha256());
    let made = app.engine().open_the_door(name, shown, hash).await?;
    Ok(made.then(|| app.url(&format!("/sign-in/link/{}", token.reveal()))))
}

/// How a Telegram group becomes a desk, as long as none is.
async fn desk_code(app: &App) -> anyhow::Result<Option<String>> {
    let engine = app.engine();
    let is_paired = engine
        .directory()
        .groups
        .iter()
        .any(|group| group.desk.is_some());
    if is_paired || !app.has_telegram() {
        return Ok(None);
    }
    let accounts = engine.store().accounts().await?;
    let mut admins = accounts.into_iter();
    let admin = admins.find(|one| one.role == Role::Admin && one.disabled_at.is_none());
    let Some(admin) = admin else {
        return Ok(None);
    };
    let code = PairingCode::generate().context("the operating system gives no random bits")?;
    let desk = engine.rules().rules.defaults.desk.clone();
    engine
        .make_code(code.hash(), admin.name, Some(desk))
        .await?;
    Ok(Some(pairing(app.telegram_name().await.as_deref(), &code)))
}

/// What to do with a code. `bot`: its name, where it is known.
fn pairing(bot: Option<&str>, code: &PairingCode) -> String {
    let code = code.reveal();
    let (whom, link) = match bot {
        Some(bot) => (
            format!("@{bot}"),
            format!("or open  https://t.me/{bot}?startgroup={code}\n"),
        ),
        None => ("your bot".to_owned(), String::new()),
    };
    format!(
        "To make a Telegram group your desk, add {whom} to it and write there within an hour:\n\n  \
         /start {code}\n\n{link}"
    )
}

/// The signals that a service is steered with.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Loads rules and certificate again at each SIGHUP; resolves at SIGTERM or SIGINT, also while
    /// it loads.
    async fn until_stop(mut self, engine: Handle, renewal: Arc<Notify>) {
        let reloads = async {
            while self.hang_up.recv().await.is_some() {
                renewal.notify_one();
                engine.reload().await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = reloads => {}
        }
    }
}

/// What to open, for whoever has just started it.
fn welcome(address: SocketAddr, settings: &Settings) -> String {
    let of = |kind| {
        let mut channels = settings.channels.iter();
        channels.find_map(|(name, channel)| (channel.kind == kind).then_some(name))
    };
    let mut said = format!(
        "Ringback is running. Ctrl-C stops it.\n\n  Work the desk    {}\n",
        settings.url_of(address, "/desk")
    );
    let api = format!("{}://{address}", settings.scheme());
    if of(ChannelKind::Webchat).is_some() {
        said.push_str(&format!(
            "  Be a customer    {}\n",
            settings.url_of(address, "/chat")
        ));
    }
    if let Some(channel) = of(ChannelKind::Api) {
        let message = format!(
            r#"{{"channel":"{channel}","thread":"t1","id":"m1","from":"customer","text":"Hello?"}}"#
        );
        said.push_str(&format!(
            "  Make a token     ringback token add my-helpdesk --scope messages --scope read\n  \
             Send a message   curl {api}/api/v1/messages -H \"Authorization: Bearer $TOKEN\" \\\n{:19}--json '{message}'\n",
            ""
        ));
    }
    said.push_str(&format!(
        "  Look around      {api}/api/openapi.json  /readyz  /metrics\n"
    ));
    said
}

/// What the app starts with; `None` if the rules file is no good, which the user has been told.
pub(super) fn parts(settings: Settings, is_demo: bool) -> anyhow::Result<Option<Parts>> {
    let settings = Arc::new(settings);
    let channels: BTreeSet<ChannelName> = settings.channels.keys().cloned().collect();
    let (rules, reader) = match rules_file::load(settings.rules.as_deref(), &channels) {
        Ok(loaded) => loaded,
        Err(error) => {
            complain_at_length(&error.report());
            return Ok(None);
        }
    };
    telemetry::start_logging(&settings.log)?;
    Ok(Some(Parts {
        reload: reload(&settings),
        settings,
        rules,
        reader,
        clock: Clock::system(),
        is_demo,
    }))
}

/// Runs the app to its end.
pub(super) fn block_on(
    until_told: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async runtime does not start")?;
    let ended = runtime.block_on(until_told);
    // Everything had its time to end; a query that hangs on a broken disk must not hold us.
    runtime.shutdown_background();
    ended
}

/// How to load the rules file again, if the settings name one.
fn reload(settings: &Settings) -> Option<(PathBuf, LoadRules)> {
    let path = settings.rules.clone()?;
    let channels: BTreeSet<ChannelName> = settings.channels.keys().cloned().collect();
    let file = path.clone();
    let load: LoadRules = Arc::new(move || {
        rules_file::load(Some(&file), &channels).map_err(|error| error.to_string())
    });
    Some((path, load))
}

#[cfg(test)]
mod tests {
    use super::{PairingCode, Settings, pairing, welcome};

    #[test]
    fn whoever_has_a_bot_and_no_desk_there_is_told_how_to_get_one() {
        let code = PairingCode::read("A01B2C3D").expect("a code");
        let said = pairing(Some("care_bot"), &code);
        assert!(said.contains("add @care_bot to it"), "{said}");
        assert!(said.contains("\n  /start A01B2C3D\n"), "{said}");
        assert!(
            said.contains("https://t.me/care_bot?startgroup=A01B2C3D"),
            "{said}"
        );
        let said = pairing(None, &code);
        assert!(said.contains("add your bot to it"), "{said}");
        assert!(!said.contains("t.me"), "{said}");
    }

    #[test]
    fn whoever_starts_it_is_told_what_to_open() {
        let settings = Settings::load(None, None).expect("the shipped settings");
        let said = welcome(settings.listen, &settings);
        for shown in [
            "http://127.0.0.1:8080/desk",
            "http://127.0.0.1:8080/chat\n",
            "curl http://127.0.0.1:8080/api/v1/messages",
            r#""channel":"api""#,
        ] {
            assert!(said.contains(shown), "{shown} in {said}");
        }
    }
}
