//! `ringback check`.

use std::process::ExitCode;

use super::Files;

/// What it can be told.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {}

/// Does it.
pub(super) fn run(_files: &Files, _args: &Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
