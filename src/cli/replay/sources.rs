//! Opens what is to be replayed, with a progress bar for whoever watches.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Read},
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Args, InputFormat};
use crate::replay::input::{Format, Source};

/// As much of a file tells what it is.
const FIRST_LINE_BYTES: u64 = 16;
/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// A file that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open {path}: {error}; check the path")]
pub(super) struct CannotOpen {
    path: PathBuf,
    error: io::Error,
}

/// Opens every input before the first is read, so that a mistyped name costs no waiting.
pub(super) fn open(args: &Args) -> Result<(Vec<Source>, ProgressBar), CannotOpen> {
    let mut files = Vec::new();
    let mut bytes = Some(0);
    for path in &args.inputs {
        let (reader, length) = open_one(path)?;
        bytes = bytes.zip(length).map(|(sum, length)| sum + length);
        files.push((format(args, path), reader));
    }
    let progress = progress_bar(args, bytes);
    let sources = files
        .into_iter()
        .map(|(format, reader)| Source {
            format,
            reader: Box::new(progress.wrap_read(reader)),
        })
        .collect();
    Ok((sources, progress))
}

type Opened = (Box<dyn Read + Send>, Option<u64>);

/// The bytes, and how many where that is known.
fn open_one(path: &Path) -> Result<Opened, CannotOpen> {
    if path == Path::new(STANDARD_INPUT) {
        return Ok((Box::new(io::stdin()), None));
    }
    let fail = |error| CannotOpen {
        path: path.to_owned(),
        error,
    };
    let file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(fail(io::ErrorKind::IsADirectory.into()));
    }
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), length))
}

/// What a file holds: as it was said, else by its name. Both JSON Lines and Telegram Desktop's export may
/// be called `.json`; the export is laid out, so that its first line is a bracket and nothing else.
fn format(args: &Args, path: &Path) -> Format {
    match args.input {
        Some(InputFormat::Jsonl) => Format::Jsonl,
        Some(InputFormat::Csv) => Format::Csv,
        Some(InputFormat::Telegram) => Format::Telegram,
        None => {
            let extension = path.extension().map(OsStr::to_ascii_lowercase);
            match extension.as_deref().and_then(OsStr::to_str) {
                Some("csv") => Format::Csv,
                Some("json") if begins_with_a_bracket(path) => Format::Telegram,
                _ => Format::Jsonl,
            }
        }
    }
}

fn begins_with_a_bracket(path: &Path) -> bool {
    let mut first = String::new();
    let read = File::open(path)
        .and_then(|file| BufReader::new(file.take(FIRST_LINE_BYTES)).read_line(&mut first));
    read.is_ok() && first.trim_start_matches('\u{feff}').trim() == "{"
}

/// A bar where somebody sees it and it does not run into the output; else one that draws nothing.
fn progress_bar(args: &Args, bytes: Option<u64>) -> ProgressBar {
    let in_the_way = args.format.is_some() && io::stdout().is_terminal();
    if in_the_way || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (progress, template) = match bytes {
        Some(bytes) => (
            ProgressBar::new(bytes),
            "{bar:30} {percent:>3} %  {bytes} of {total_bytes}  {eta} left",
        ),
        None => (ProgressBar::no_length(), "{spinner} {bytes} read"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => progress.with_style(style),
        Err(_) => progress,
    }
}
