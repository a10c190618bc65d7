//! `ringback demo`: the product on one page, with nothing to set up and nothing left behind.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::{BAD_INPUT, FINE, Files, complain, core_dumps, run, unless_nobody_reads};
use crate::{
    app::{App, Parts, StartError},
    settings::{FormsSettings, Settings},
    web::server::{BindError, Bound},
};

/// The ports that are tried where none is named: one of them is likely free.
const PORTS: RangeInclusive<u16> = 8080..=8099;

/// All that the demo sets otherwise than the built-in settings do, but for what [`settings`] adds.
const SETTINGS: &str = r#"
channels.webchat.kind = "webchat"
log.filter = "error"
"#;

/// What it can be told.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  ringback demo                          open the address that it prints
  ringback demo --port 9000              on another port; 0 takes any that is free
  ringback demo --rules my-rules.toml    with your own rules, loaded anew when the file changes

Exit codes: 0 stopped by Ctrl-C, 1 the port or the rules file cannot be used.")]
pub(super) struct Args {
    /// The port on 127.0.0.1 [default: the first free one from 8080 to 8099]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    core_dumps::off()?;
    let folder = tempfile::Builder::new()
        .prefix("ringback-demo-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let Some(parts) = run::parts(settings(files, args, folder.path())?, true)? else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let ended = run::block_on(run_until_told(parts));
    folder
        .close()
        .context("the demo's temporary folder cannot be removed")?;
    ended
}

async fn run_until_told(parts: Parts) -> anyhow::Result<ExitCode> {
    let stop = stop().context("cannot listen to signals")?;
    let app = match App::start(parts).await {
        Ok(app) => app,
        Err(StartError::Telemetry(error)) => return Err(error.into()),
        Err(error) => {
            complain(&told(&error));
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let mut out = std::io::stdout().lock();
    let welcome = welcome(app.address());
    unless_nobody_reads(out.write_all(welcome.as_bytes()).and_then(|()| out.flush()))?;
    drop(out);
    app.run_until(stop).await?;
    Ok(ExitCode::from(FINE))
}

/// Resolves when the demo is to end. A terminal that is closed ends it too, so that nothing stays
/// behind.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}

/// The settings' own advice is of no use here.
fn told(error: &StartError) -> String {
    match error {
        StartError::Bind(BindError::InUse { address }) => format!(
            "{address} is in use already; take another with --port, or leave it out to take a free one"
        ),
        other => other.to_string(),
    }
}

fn welcome(address: SocketAddr) -> String {
    format!(
        "\
Ringback's demo runs. Open

  http://{address}/demo

Play a story there, or write yourself: as the customer on the left, as an agent on the right.
Ctrl-C stops it and throws everything away.
"
    )
}

fn settings(files: &Files, args: &Args, folder: &Path) -> anyhow::Result<Settings> {
    let settings = Settings::of_text(SETTINGS).map_err(|errors| anyhow::anyhow!("{errors}"))?;
    let port = args.port.unwrap_or_else(|| free_port(PORTS));
    Ok(Settings {
        listen: (Ipv4Addr::LOCALHOST, port).into(),
        database: folder.join("ringback.db"),
        forms: FormsSettings {
            key_file: folder.join("keys/forms.key"),
            ..FormsSettings::default()
        },
        rules: files.rules.clone(),
        ..settings
    })
}

/// The first port that nobody uses; any free one (0) if all are taken.
fn free_port(mut ports: RangeInclusive<u16>) -> u16 {
    let is_free = |port: &u16| Bound::bind((Ipv4Addr::LOCALHOST, *port).into()).is_ok();
    ports.find(is_free).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{Args, Bound, Files, free_port, settings};

    #[test]
    fn the_demo_keeps_to_this_machine_and_to_its_own_folder() {
        let files = Files {
            config: None,
            rules: None,
        };
        let folder = tempfile::tempdir().expect("a folder");
        let args = Args { port: Some(0) };
        let settings = settings(&files, &args, folder.path()).expect("settings");
        assert!(settings.listen.ip().is_loopback());
        assert!(settings.database.starts_with(folder.path()));
        assert!(settings.forms.key_file.starts_with(folder.path()));
        assert_eq!(settings.rules, None);
        assert!(settings.webhooks.is_empty());
        let channels: Vec<&str> = settings.channels.keys().map(|name| name.as_str()).collect();
        assert_eq!(channels, ["webchat"]);
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let taken = Bound::bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        let port = taken.address().port();
        assert_eq!(free_port(port..=port), 0);
        drop(taken);
        assert_eq!(free_port(port..=port), port);
    }
}
