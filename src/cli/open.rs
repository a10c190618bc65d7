//! `ringback open`: what a customer submitted, on the machine of whoever checks it. Asks no server
//! and writes no file.

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{BAD_INPUT, FINE, complain, core_dumps, unless_nobody_reads};
use crate::{
    domain::private::Private,
    vault::{Answers, KeyFile, Sealed, VaultError, open_with},
};

/// No submission is larger, in bytes: a form's answers, and a stanza for each key.
const LARGEST: u64 = 1024 * 1024;

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback open check-12.age --key ~/ringback.key

Delete the file afterwards. Exit codes: 0 opened, 1 the file or the key is not right.")]
pub(super) struct Args {
    /// What you have downloaded from the desk
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file with your key, as `ringback keys new` made it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// Does it.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    core_dumps::off()?;
    let answers = match opened(args) {
        Ok(answers) => answers,
        Err(why) => {
            complain(&why);
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let mut out = std::io::stdout().lock();
    unless_nobody_reads(out.write_all(shown(&answers).as_bytes()))?;
    Ok(ExitCode::from(FINE))
}

fn opened(args: &Args) -> Result<Answers, String> {
    let keys = KeyFile::new(args.key.clone()).read();
    let keys = keys.map_err(|error| error.to_string())?;
    let name = args.file.display();
    let sealed = read(&args.file).map_err(|error| {
        format!("{name} cannot be read: {error}; check the path and who may read it")
    })?;
    open_with(&sealed, &keys).map_err(|error| match error {
        VaultError::NoKey => format!(
            "{name} was not sealed for your key: it may have been submitted before your account \
             had it; ask somebody else who checks identities"
        ),
        _ => format!(
            "{name} is no whole submission: download it again, and open it as it is, unchanged"
        ),
    })
}

fn read(file: &Path) -> std::io::Result<Sealed> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)?
        .take(LARGEST)
        .read_to_end(&mut bytes)?;
    Ok(Sealed(bytes))
}

/// The answers as a terminal shows them, one a line. Whoever wrote them cannot steer the terminal.
fn shown(answers: &Answers) -> String {
    let line = |(field, typed): &(String, Private<String>)| {
        format!("{}: {}\n", harmless(field), harmless(typed.reveal()))
    };
    answers.0.iter().map(line).collect()
}

/// A text whose control and direction characters are spelt out.
fn harmless(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let spelt = |c: char| match steers(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    text.chars().map(spelt).collect()
}

#[cfg(test)]
mod tests {
    use super::{Answers, shown};

    #[test]
    fn answers_stand_a_line_each_and_cannot_steer_the_terminal() {
        let answers = Answers(vec![
            ("birth_date".to_owned(), "1980-02-29".to_owned().into()),
            (
                "name".to_owned(),
                "Zoë\u{1b}[2J\nx\u{202E}".to_owned().into(),
            ),
        ]);
        assert_eq!(
            shown(&answers),
            "birth_date: 1980-02-29\nname: Zoë\\u{1b}[2J\\u{a}x\\u{202e}\n"
        );
    }
}
