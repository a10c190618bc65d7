//! The command line: parse, run, report the error, exit code.

use std::process::ExitCode;

use clap::Parser;
use ringback::cli::{Cli, INTERNAL};

#[expect(
    clippy::print_stderr,
    reason = "the one place where an internal error is told"
)]
fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ringback: {error:#}");
            ExitCode::from(INTERNAL)
        }
    }
}
