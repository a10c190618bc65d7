//! `ringback eval`: opens labelled files, has the reader measured on them, prints the figures. What
//! is counted and how it is shown is `evaluate`'s business.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{BAD_INPUT, FINE, Files, complain, complain_at_length, rules_of, unless_nobody_reads};
use crate::{
    domain::ids::InvalidId,
    evaluate::{
        figures::Figures,
        floor::fallen,
        labelled::Labelled,
        measure::{Measure, Mistake},
        show::{show, show_fallen},
    },
    reading::{Reader, Weights},
    rules::Rules,
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  How good is the reader on these messages, and what does it get wrong?
    ringback eval labelled.jsonl

  Would other weights be better? Other thresholds?
    ringback eval --weights new.bin labelled.jsonl
    ringback eval --rules draft.toml labelled.jsonl

  Keep the figures, and later make sure that none of them fell
    ringback eval --format json labelled.jsonl > figures.json
    ringback eval --floor figures.json labelled.jsonl

A message is one line of JSON; `prev` is what the other side said before it:
  {\"party\":\"customer\",\"lang\":\"en\",\"prev\":\"Is it back?\",\"text\":\"Yes, cheers!\",\"labels\":{\"closing\":\"thanks\"}}
Labels: closing (thanks, waiting, null), wants_call, wants_text (case, always, null), unsolved,
answers, identity. A label that is missing is not measured; a line with \"borderline\":true is
left out. Behind each figure stands its 95 % interval. A bad line is reported and skipped.

Exit codes: 0 fine, 1 a line is bad or a figure fell below --floor.")]
pub(super) struct Args {
    /// Files of labelled messages; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Measure these weights instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// How many of the surest mistakes to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    errors: usize,
    /// Print the figures for other programs
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Fail if precision or recall fell below these figures, made with --format json
    #[arg(long, value_name = "FIGURES")]
    floor: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Json,
}

/// Why it ends early.
enum Stop {
    /// Something is bad, which the user has been told.
    Told,
    /// Something inside failed.
    Inside(anyhow::Error),
}

impl From<InvalidId> for Stop {
    fn from(error: InvalidId) -> Self {
        Self::Inside(error.into())
    }
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    match measure(files, args) {
        Ok(true) => Ok(ExitCode::from(FINE)),
        Ok(false) | Err(Stop::Told) => Ok(ExitCode::from(BAD_INPUT)),
        Err(Stop::Inside(error)) => Err(error),
    }
}

/// Whether all lines were good and no figure fell.
fn measure(files: &Files, args: &Args) -> Result<bool, Stop> {
    let rules = rules_of(files).ok_or(Stop::Told)?;
    let reader = reader(&rules, args.weights.as_deref())?;
    let floor = args.floor.as_deref().map(committed).transpose()?;
    let mut measure = Measure::new(&rules, &reader);
    let mut all_good = true;
    for input in &args.inputs {
        all_good &= add(&mut measure, input)?;
    }
    let figures = measure.figures();
    let mut mistakes = measure.mistakes();
    mistakes.truncate(args.errors);
    print(args.format, &figures, &mistakes).map_err(Stop::Inside)?;
    let fell = floor.map_or(Vec::new(), |floor| fallen(&floor, &figures));
    if !fell.is_empty() {
        complain_at_length(&show_fallen(&fell));
    }
    Ok(all_good && fell.is_empty())
}

fn reader(rules: &Rules, weights: Option<&Path>) -> Result<Reader, Stop> {
    let made = match weights {
        None => Reader::new(&rules.vocabulary),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
            let weights = Weights::read(bytes)
                .map_err(|error| told(&format!("{}: {error}", path.display())))?;
            Reader::with_weights(&rules.vocabulary, weights)
        }
    };
    made.map_err(|error| told(&error.to_string()))
}

/// The figures to hold ours against.
fn committed(path: &Path) -> Result<Figures, Stop> {
    let text = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
    serde_json::from_slice(&text).map_err(|error| {
        told(&format!(
            "{}: these are no figures ({error}): write them with `ringback eval --format json`",
            path.display()
        ))
    })
}

/// Measures a file. Whether all its lines were good.
fn add(measure: &mut Measure<'_>, input: &Path) -> Result<bool, Stop> {
    let (name, mut lines): (_, Box<dyn BufRead>) = if input == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let file = File::open(input).map_err(|error| cannot_read(input, &error))?;
        (input.display().to_string(), Box::new(BufReader::new(file)))
    };
    let mut all_good = true;
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        let read = lines.read_until(b'\n', &mut bytes);
        if read.map_err(|error| cannot_read(input, &error))? == 0 {
            break;
        }
        let place = format!("{name}:{number}");
        let Ok(line) = std::str::from_utf8(&bytes) else {
            complain(&format!("{place}: this is not UTF-8; skipped"));
            all_good = false;
            continue;
        };
        if line.trim().is_empty() {
            continue;
        }
        match Labelled::parse(line) {
            Ok(labelled) => measure.add(&place, &labelled)?,
            Err(bad) => {
                complain(&format!("{place}: {bad}; skipped"));
                all_good = false;
            }
        }
    }
    Ok(all_good)
}

fn print(format: Option<Format>, figures: &Figures, mistakes: &[Mistake]) -> anyhow::Result<()> {
    let text = match format {
        None => show(figures, mistakes),
        Some(Format::Json) => {
            let json = serde_json::to_string_pretty(figures);
            json.context("the figures cannot be written")? + "\n"
        }
    };
    unless_nobody_reads(io::stdout().lock().write_all(text.as_bytes()))
}

fn cannot_read(path: &Path, error: &io::Error) -> Stop {
    told(&format!("cannot read {}: {error}", path.display()))
}

fn told(complaint: &str) -> Stop {
    complain(complaint);
    Stop::Told
}
