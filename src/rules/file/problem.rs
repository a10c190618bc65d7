//! What is wrong with a file that people write, said so that they can mend it: where, what, how.
//! Serves `rules.toml` and `ringback.toml`. Prints nothing itself.

use std::{fmt, ops::Range, sync::Arc};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};

use crate::domain::cut;

/// The most problems that are told of one file; a file with more is likely not the right file.
const MOST: usize = 100;

/// One thing that is wrong.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct Problem {
    message: String,
    #[help]
    help: Option<String>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
    #[source_code]
    file: Option<NamedSource<Arc<str>>>,
    /// Line and column of the first label, from 1.
    place: Option<(usize, usize)>,
}

impl Problem {
    /// A problem with these words, so far without a place.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            labels: Vec::new(),
            file: None,
            place: None,
        }
    }

    /// Points at a stretch of the file, in bytes, with a word on it if it needs one.
    pub(crate) fn at<'l>(mut self, span: &Range<usize>, label: impl Into<Option<&'l str>>) -> Self {
        let label = label.into().map(str::to_owned);
        self.labels
            .push(LabeledSpan::new(label, span.start, span.len()));
        self
    }

    /// Says how to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// [`Self::help`], where there is one.
    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where its first label stands, for sorting; problems without a place come first.
    fn start(&self) -> Option<usize> {
        self.labels.first().map(LabeledSpan::offset)
    }
}

impl Problem {
    /// One line: place, message, help.
    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Everything that one stage of reading a file found wrong with it, in file order.
///
/// `Display` is one line for logs and answers; [`FileErrors::report`] is for people.
#[derive(Debug, Clone, Diagnostic)]
pub struct FileErrors {
    name: String,
    #[related]
    problems: Vec<Problem>,
    untold: usize,
}

impl FileErrors {
    /// Of the file `name` with the text `source`; `None` where there is no text to show.
    ///
    /// The lines that problems stand on are shown, so a source must not hold secrets.
    pub(crate) fn new(name: &str, source: Option<&Arc<str>>, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(Problem::start);
        let untold = problems.len().saturating_sub(MOST);
        problems.truncate(MOST);
        for problem in &mut problems {
            let (Some(source), Some(start)) = (source, problem.start()) else {
                continue;
            };
            problem.file = Some(NamedSource::new(name, Arc::clone(source)));
            problem.place = Some(line_and_column(source, start));
        }
        Self {
            name: name.to_owned(),
            problems,
            untold,
        }
    }

    /// Without the lines of the file, which may hold a secret: only their numbers.
    pub(crate) fn without_lines(mut self) -> Self {
        for problem in &mut self.problems {
            if let Some((line, column)) = problem.place.take() {
                problem.message = format!("line {line}, column {column}: {}", problem.message);
            }
            problem.labels.clear();
            problem.file = None;
        }
        self
    }

    /// The problems, in file order.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Every problem with the lines it stands on: in colour on a terminal, else in plain ASCII.
    #[must_use]
    pub fn report(&self) -> String {
        self.report_with(GraphicalTheme::default())
    }

    /// [`Self::report`] in plain ASCII wherever it goes.
    #[must_use]
    pub fn plain_report(&self) -> String {
        self.report_with(GraphicalTheme::none())
    }

    fn report_with(&self, theme: GraphicalTheme) -> String {
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(100)
            .without_syntax_highlighting();
        let mut report = String::new();
        for problem in &self.problems {
            // Rendering into a string fails only if miette does; then the plain words must do.
            if handler.render_report(&mut report, problem).is_err() {
                report.push_str(&problem.message);
                report.push('\n');
            }
            report.push('\n');
        }
        report.push_str(&self.headline());
        report.push('\n');
        report
    }

    fn headline(&self) -> String {
        let name = &self.name;
        match (self.problems.len(), self.untold) {
            (1, _) => format!("{name}: 1 error"),
            (told, 0) => format!("{name}: {told} errors"),
            (told, untold) => format!("{name}: {} errors, {told} of them shown", told + untold),
        }
    }
}

impl fmt::Display for FileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        for (index, problem) in self.problems.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { "; " })?;
            problem.line(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileErrors {}

/// The line and column of a byte of a text, from 1; columns count characters.
pub(crate) fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

/// Says that a text will not do, and what would. The text is cut if it is long.
pub(crate) fn cannot_be(written: &str, help: &str) -> String {
    const MOST: usize = 40;
    let shown = cut::shortened(&one_line(written), MOST);
    format!("cannot be `{shown}`\n{help}")
}

/// A text of the file's without what would break a line of a log.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A help that names the valid name nearest to what was written, or all of them.
pub(crate) fn nearest<'a>(
    written: &str,
    valid: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let valid: Vec<&str> = valid.into_iter().collect();
    let nearest = valid
        .iter()
        .map(|name| (likeness(written, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match (nearest, valid.len()) {
        (Some((_, name)), _) => Some(format!("did you mean `{name}`?")),
        (None, 0) => None,
        (None, 1..=20) => Some(format!("valid: {}", quoted(valid))),
        (None, _) => None,
    }
}

/// How alike two names are, 0 to 1, whatever their case.
fn likeness(one: &str, other: &str) -> f64 {
    strsim::jaro_winkler(&one.to_lowercase(), &other.to_lowercase())
}

/// Names in backticks, with commas.
pub(crate) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
