//! `ringback health`: asks a running bot whether it can work, for whatever watches it. Changes
//! nothing and reads no database.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use reqwest::{Client, StatusCode, Url};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, unless_nobody_reads};
use crate::app;

/// How long an answer may take. Whoever watches asks again soon.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Asks /readyz of the bot that these settings are for, on this machine. Exit code 0 if it takes
messages, 1 if it does not or does not answer: what a container's health check wants.

Examples:
  ringback health
  ringback health --url https://ringback.example.com")]
pub(super) struct Args {
    /// Where the bot is [default: this machine, at the port of `listen` in the settings]
    #[arg(long)]
    url: Option<Url>,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(address) = address(files, args.url.as_ref()) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the async runtime does not start")?;
    // On this machine it is ours that answers, whatever name its certificate has.
    let is_ours = args.url.is_none();
    match runtime.block_on(ask(&address, is_ours)) {
        Ok(StatusCode::OK) => {
            unless_nobody_reads(writeln!(std::io::stdout(), "ready"))?;
            Ok(ExitCode::from(FINE))
        }
        Ok(status) => {
            complain(&format!(
                "not ready: {address} answers {status}; the bot's log says why"
            ));
            Ok(ExitCode::from(BAD_INPUT))
        }
        Err(error) => {
            complain(&format!(
                "no answer: {error:#}; is Ringback running? `--url` asks another address"
            ));
            Ok(ExitCode::from(BAD_INPUT))
        }
    }
}

/// What to ask, or `None` when that cannot be known, which the user has been told.
fn address(files: &Files, url: Option<&Url>) -> Option<Url> {
    let base = match url {
        Some(url) => url.to_string(),
        None => {
            let settings = settings_of(files)?;
            let listen = settings.listen;
            if listen.port() == 0 {
                complain("`listen` is port 0, any that is free: say with --url where Ringback is");
                return None;
            }
            format!("{}://{}", settings.scheme(), local(listen))
        }
    };
    Url::parse(&base)
        .and_then(|base| base.join("/readyz"))
        .inspect_err(|error| complain(&format!("{base} cannot be asked: {error}")))
        .ok()
}

/// Where this machine itself reaches a bot that listens there.
fn local(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(address: &Url, is_ours: bool) -> anyhow::Result<StatusCode> {
    app::use_ring();
    let client = Client::builder()
        // It is this machine that is asked, or the very address that was given.
        .no_proxy()
        .tls_danger_accept_invalid_certs(is_ours)
        .timeout(ANSWER_WITHIN)
        .build()?;
    Ok(client.get(address.clone()).send().await?.status())
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_bot_that_listens_everywhere_is_asked_on_loopback() {
        let asked = |listen: &str| local(listen.parse().expect("an address")).to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:8080"), "[::1]:8080");
        assert_eq!(asked("192.0.2.7:80"), "192.0.2.7:80");
    }
}
