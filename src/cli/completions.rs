//! `ringback completions`: a shell's completion script.

use std::process::ExitCode;

use clap::CommandFactory;

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ringback completions bash > /etc/bash_completion.d/ringback")]
pub(super) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

/// Prints the script.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::Cli::command(),
        "ringback",
        &mut script,
    );
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(ExitCode::from(super::FINE))
}
