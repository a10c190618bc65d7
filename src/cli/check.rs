//! `ringback check`: both files and the rules' own tests, before they go live. Prints; finds
//! nothing out itself.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{BAD_INPUT, FINE, Files};
use crate::{
    reading::Reader,
    replay::rules_tests,
    rules::{Rules, explain::explain, schema::schema},
    settings::{DEFAULT_FILE, DEFAULT_RULES, Settings, rules_file},
};

/// What it can be told.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  ringback check                                check config/ringback.toml and the rules it names
  ringback check --rules new-rules.toml         check rules before they replace the live ones
  ringback check --explain                      print the rules as sentences
  ringback check --schema > rules.schema.json   print a JSON Schema of rules.toml for editors

Exit codes: 0 all is well, 1 something is wrong with a file or a test failed.")]
pub(super) struct Args {
    /// Print the rules as sentences instead of the settings
    #[arg(long)]
    explain: bool,
    /// Print the JSON Schema of rules.toml and check nothing
    #[arg(long, conflicts_with = "explain")]
    schema: bool,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    if args.schema {
        print(&format!("{:#}\n", schema()))?;
        return Ok(ExitCode::from(FINE));
    }
    let mut report = Report::default();
    let settings = report.settings(files);
    let rules = report.rules(files, settings.as_ref());
    match (&settings, &rules) {
        (_, Some(rules)) if args.explain => report.result(&explain(rules)),
        (Some(settings), _) if !args.explain => report.result(&settings.effective()),
        _ => {}
    }
    eprint_all(&report.errors)?;
    print(&format!("{}{}", report.results, report.verdicts))?;
    Ok(ExitCode::from(if report.bad { BAD_INPUT } else { FINE }))
}

/// What is found, to be printed at the end.
#[derive(Default)]
struct Report {
    errors: String,
    results: String,
    verdicts: String,
    bad: bool,
}

impl Report {
    fn result(&mut self, result: &str) {
        self.results.push_str(result);
        self.results.push('\n');
    }

    /// One line of the verdict. Writing to a string cannot fail.
    fn verdict(&mut self, what: &str, verdict: &str) {
        let _written: std::fmt::Result = writeln!(self.verdicts, "{what:<10}{verdict}");
    }

    fn settings(&mut self, files: &Files) -> Option<Settings> {
        let named = files.config.clone();
        let name = named.or_else(|| default_file(DEFAULT_FILE));
        let name = name.map_or("built-in".to_owned(), |path| path.display().to_string());
        match Settings::load(files.config.as_deref(), files.rules.as_deref()) {
            Ok(settings) => {
                self.verdict("settings", &format!("fine: {name}"));
                if let Some(why) = settings.closed_to_others(settings.listen) {
                    self.verdict("warning", &why);
                }
                Some(settings)
            }
            Err(errors) => {
                self.not_usable("settings", &name, &errors.report());
                None
            }
        }
    }

    /// The rules that the settings name, or without settings those that they would likely name.
    fn rules(&mut self, files: &Files, settings: Option<&Settings>) -> Option<Rules> {
        let path = match settings {
            Some(settings) => settings.rules.clone(),
            None => files.rules.clone().or_else(|| default_file(DEFAULT_RULES)),
        };
        let name = path
            .as_deref()
            .map_or("built-in".to_owned(), |path| path.display().to_string());
        let channels: Option<BTreeSet<_>> =
            settings.map(|settings| settings.channels.keys().cloned().collect());
        match rules_file::read(path.as_deref(), channels.as_ref()) {
            Ok(rules) => {
                self.tests(&name, &rules);
                Some(rules)
            }
            Err(errors) => {
                self.not_usable("rules", &name, &errors.report());
                None
            }
        }
    }

    fn tests(&mut self, name: &str, rules: &Rules) {
        let outcomes = match Reader::new(&rules.vocabulary) {
            Ok(reader) => rules_tests::run(rules, &reader),
            Err(too_large) => return self.not_usable("rules", name, &format!("{too_large}\n")),
        };
        self.errors.push_str(&rules_file::failures(&outcomes));
        let version = &rules.version;
        self.verdict("rules", &format!("fine: {name}, version {version}"));
        let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some());
        let failed = failed.count();
        let passed = outcomes.len() - failed;
        self.bad |= failed > 0;
        self.verdict("tests", &format!("{passed} passed, {failed} failed"));
    }

    fn not_usable(&mut self, what: &str, name: &str, errors: &str) {
        self.bad = true;
        self.errors.push_str(errors);
        self.verdict(what, &format!("not usable: {name}"));
    }
}

fn default_file(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    path.exists().then(|| path.to_owned())
}

/// Prints; a reader that has seen enough (`| head`) is fine.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

fn eprint_all(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(text.as_bytes())
}
