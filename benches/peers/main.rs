//! Ringback beside small bots of the kind that teams write, in aiogram, grammY, telegraf and plain
//! teloxide: the same job, the same stand-in of Telegram, one run. `README.md` says what is fair about
//! it and how to repeat it. Prints; asserts nothing about time.
//!
//! The stand-in is in this process, on the same machine, and takes its share of the cores. So do other
//! programs, which is why the rounds alternate, why the best of each bot counts, and why the processor
//! time that a bot itself took stands beside its rate.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for the terminal that fails by panicking"
)]

mod bots;
mod crash;
mod load;
mod process;
mod run;
mod standin;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

use bots::Bot;
use run::{Outcome, Run};
use standin::StandIn;

/// The same job by several bots, against one stand-in of Telegram.
#[derive(Debug, Parser)]
struct Args {
    /// Which bots; all that are installed if none is named
    bots: Vec<String>,
    /// How many updates, five a thread
    #[arg(long, default_value_t = 50_000)]
    updates: usize,
    /// How late the stand-in answers a message, in milliseconds
    #[arg(long, default_value_t = 0)]
    late: u64,
    /// How often each bot has its turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// So many updates a second come, instead of all of them waiting
    #[arg(long)]
    steady: Option<u32>,
    /// Kill each bot in the middle and start it again; count what is lost
    #[arg(long)]
    crash: bool,
    /// Another build of Ringback
    #[arg(long, default_value = env!("CARGO_BIN_EXE_ringback"))]
    ringback: PathBuf,
    /// Leave the last run's folder, with its database, and say where it is
    #[arg(long)]
    keep: bool,
    /// As `cargo bench` calls its programs.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    let bots = bots::chosen(&args.bots, &args.ringback);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let standin = StandIn::start().await;
        if args.crash {
            for bot in &bots {
                for _ in 0..args.rounds {
                    crash::run(&standin, bot, args.updates).await;
                }
            }
            return;
        }
        compare(&standin, &bots, &args).await;
    });
}

/// Every bot has its turn, then every bot again; the best of each is printed.
async fn compare(standin: &StandIn, bots: &[Bot], args: &Args) {
    let run = Run {
        updates: args.updates,
        late: Duration::from_millis(args.late),
        steady: args.steady,
        keep: args.keep,
    };
    let mut best: Vec<Option<Outcome>> = bots.iter().map(|_| None).collect();
    println!("{}", Outcome::HEAD);
    for _ in 0..args.rounds {
        for (bot, best) in bots.iter().zip(&mut best) {
            let outcome = run::run(standin, bot, &run).await;
            println!("{outcome}");
            let is_better = best
                .as_ref()
                .is_none_or(|best| outcome.rate() > best.rate());
            if is_better {
                *best = Some(outcome);
            }
        }
    }
    println!("\nThe best of {} rounds:\n{}", args.rounds, Outcome::HEAD);
    for outcome in best.iter().flatten() {
        println!("{outcome}");
    }
}
