//! Where settings come from: the file, over it the environment. Knows of each value which
//! it is from, so that a problem is told where it can be mended.

use std::{collections::BTreeSet, ops::Range, path::Path, sync::Arc};

use config::{Config, Environment, File, FileFormat, Map, Source, Value, ValueKind};

use super::{DEFAULT_FILE, Settings, SettingsErrors, raw::RawSettings, validate};
use crate::rules::file::{
    FileErrors, MAX_BYTES, Problem, shape, text,
    tree::{self, Key, Kind, Node},
};

/// The prefix of environment variables that are settings.
const PREFIX: &str = "RINGBACK";

/// What the `config` crate calls the environment.
const FROM_ENVIRONMENT: &str = "the environment";

/// Settings from the environment: `RINGBACK__LOG__FORMAT` is `log.format`.
pub(super) fn environment() -> Environment {
    Environment::with_prefix(PREFIX).separator("__")
}

/// [`Settings::load`] with an environment of the caller's.
pub(super) fn load(
    config: Option<&Path>,
    environment: Environment,
    rules: Option<&Path>,
) -> Result<Settings, SettingsErrors> {
    let settings = settle(SettingsFile::read(config)?, environment)?;
    Ok(match rules {
        Some(flag) => Settings {
            rules: Some(flag.to_owned()),
            ..settings
        },
        None => settings,
    })
}

/// [`Settings::of_text`].
pub(super) fn of_text(text: &str) -> Result<Settings, SettingsErrors> {
    let nothing = environment().source(Some(Map::new()));
    settle(SettingsFile::parse("settings", text.as_bytes())?, nothing)
}

fn settle(file: SettingsFile, environment: Environment) -> Result<Settings, SettingsErrors> {
    let merged = merge(&file, environment)?;
    let mut foreign = Foreign::default();
    let tree = foreign.node("", &merged, Some(&file.tree));
    let source = Sources { file, foreign };
    let raw: RawSettings = shape::fit(&tree).map_err(|misfits| {
        let problem = |misfit: shape::Misfit| {
            source
                .problem(&misfit.path, &misfit.span, &misfit.message)
                .maybe_help(misfit.help)
        };
        source
            .file
            .errors(misfits.into_iter().map(problem).collect())
    })?;
    validate::validate(&raw, &source).map_err(|problems| source.file.errors(problems))
}

/// The settings file; an empty one where there is none.
pub(super) struct SettingsFile {
    name: String,
    text: Arc<str>,
    tree: Node,
}

impl SettingsFile {
    fn read(config: Option<&Path>) -> Result<Self, FileErrors> {
        let default = Path::new(DEFAULT_FILE);
        let path = match config {
            Some(path) => path,
            None if default.exists() => default,
            None => return Self::parse("settings", &[]),
        };
        let name = path.display().to_string();
        match read_bytes(path) {
            Ok(bytes) => Self::parse(&name, &bytes),
            Err(error) => Err(FileErrors::new(
                &name,
                None,
                vec![
                    Problem::new(format!("cannot read the settings file {name}: {error}"))
                        .help("check the path; without --config the built-in settings will do"),
                ],
            )),
        }
    }

    fn parse(name: &str, bytes: &[u8]) -> Result<Self, FileErrors> {
        let text = text(bytes, name)?;
        // A file that cannot be parsed could show a secret, so only places are told of it.
        let tree = tree::parse(&text)
            .map_err(|problems| FileErrors::new(name, Some(&text), problems).without_lines())?;
        Ok(Self {
            name: name.to_owned(),
            text,
            tree,
        })
    }

    /// The errors of this file, shown with their lines, secrets blotted out.
    fn errors(&self, problems: Vec<Problem>) -> FileErrors {
        let mut shown = self.text.as_bytes().to_vec();
        blot_secrets("", &self.tree, &mut shown);
        let shown = String::from_utf8_lossy(&shown);
        FileErrors::new(&self.name, Some(&shown.into()), problems)
    }
}

/// Reads a file that people write, up to a little more than such a file may be.
pub(super) fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    std::fs::File::open(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts stars over every secret: by its key, or by its look if the key is misspelt.
fn blot_secrets(key: &str, node: &Node, shown: &mut [u8]) {
    match &node.kind {
        Kind::Text(text) if key == "secret" || text.contains("whsec_") => {
            if let Some(bytes) = shown.get_mut(node.span.clone()) {
                bytes.fill(b'*');
            }
        }
        Kind::List(items) => items.iter().for_each(|item| blot_secrets(key, item, shown)),
        Kind::Table(entries) => entries
            .iter()
            .for_each(|(key, node)| blot_secrets(&key.name, node, shown)),
        _ => {}
    }
}

fn merge(
    file: &SettingsFile,
    environment: Environment,
) -> Result<Map<String, Value>, SettingsErrors> {
    let merged = Config::builder()
        .add_source(File::from_str(&file.text, FileFormat::Toml))
        .add_source(environment)
        .build()
        .and_then(|merged| merged.collect());
    // The cause that `config` gives may hold a value, so it is not passed on.
    merged.map_err(|_| {
        let problem = Problem::new(format!(
            "an environment variable that begins with {PREFIX}__ cannot be read"
        ));
        file.errors(vec![
            problem.help("its name must be a setting's and its value UTF-8 text"),
        ])
    })
}

/// The paths of the values that are from the environment.
#[derive(Default)]
struct Foreign(BTreeSet<String>);

impl Foreign {
    /// A merged table as a tree with the file's places.
    fn node(&mut self, path: &str, table: &Map<String, Value>, file: Option<&Node>) -> Node {
        let mut entries = Vec::new();
        for (name, value) in table {
            let path = match path {
                "" => name.clone(),
                _ => format!("{path}.{name}"),
            };
            let (span, in_file) = match file.and_then(|file| entry(file, name)) {
                Some((key, node)) => (key.span.clone(), Some(node)),
                None => (Range::default(), None),
            };
            let key = Key {
                name: name.clone(),
                span,
            };
            entries.push((key, self.value(&path, value, in_file)));
        }
        // The map has no order of its own.
        entries.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        Node {
            kind: Kind::Table(entries),
            span: file.map(|file| file.span.clone()).unwrap_or_default(),
        }
    }

    fn value(&mut self, path: &str, value: &Value, file: Option<&Node>) -> Node {
        let is_foreign = value.origin() == Some(FROM_ENVIRONMENT);
        if is_foreign || file.is_none() {
            self.0.insert(path.to_owned());
        }
        match (&value.kind, file) {
            (ValueKind::Table(table), _) => self.node(path, table, file),
            (_, Some(file)) if !is_foreign => file.clone(),
            _ => Node {
                kind: Kind::Loose(value.to_string()),
                span: Range::default(),
            },
        }
    }
}

fn entry<'n>(table: &'n Node, name: &str) -> Option<&'n (Key, Node)> {
    match &table.kind {
        Kind::Table(entries) => entries.iter().find(|(key, _)| key.name == name),
        _ => None,
    }
}

/// The file and what came over it.
pub(super) struct Sources {
    file: SettingsFile,
    foreign: Foreign,
}

impl Sources {
    /// A problem with the value at `path`, told where that value is from.
    pub(super) fn problem(&self, path: &str, span: &Range<usize>, message: &str) -> Problem {
        if self.foreign.0.contains(path) {
            let variable = path.to_uppercase().replace('.', "__");
            return Problem::new(format!("{PREFIX}__{variable} {message}"));
        }
        let problem = Problem::new(format!("`{path}` {message}"));
        if span.is_empty() {
            problem
        } else {
            problem.at(span, None)
        }
    }
}
