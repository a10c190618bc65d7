//! How well sensitive data is found: precision and recall per kind on the lines of
//! `tests/masking`, through the public reader.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use ringback::{
    domain::{
        message::Party,
        reading::{Context, SensitiveSpan, SpanKind},
        vocabulary::Vocabulary,
    },
    reading::Reader,
};

/// The languages that every kind must be shown in.
const LANGUAGES: [&str; 6] = ["de", "en", "es", "fr", "it", "pt"];

/// One line of the set.
struct Line {
    place: String,
    language: String,
    text: String,
    ours: Option<String>,
    wanted: Vec<SensitiveSpan>,
}

/// What came of all lines for one kind.
#[derive(Default)]
struct Score {
    right: usize,
    missed: usize,
    wrong: usize,
}

impl Score {
    fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(right: usize, not: usize) -> f64 {
    if right + not == 0 {
        1.0
    } else {
        right as f64 / (right + not) as f64
    }
}

#[test]
fn sensitive_data_is_found_and_what_resembles_it_is_left() {
    let reader = Reader::new(&Vocabulary::default()).unwrap();
    let lines = lines();
    let mut scores: BTreeMap<SpanKind, Score> = BTreeMap::new();
    let mut told = String::new();
    for line in &lines {
        let found = found(&reader, line);
        for span in &line.wanted {
            let score = scores.entry(span.kind).or_default();
            if found.contains(span) {
                score.right += 1;
            } else {
                score.missed += 1;
                writeln!(told, "missed {}: {}", span.kind, shown(line, span)).unwrap();
            }
        }
        for span in found.iter().filter(|span| !line.wanted.contains(span)) {
            scores.entry(span.kind).or_default().wrong += 1;
            writeln!(told, "wrong {}: {}", span.kind, shown(line, span)).unwrap();
        }
    }
    println!("{}\n{told}", table(&lines, &scores));
    for kind in [
        SpanKind::PaymentCard,
        SpanKind::Iban,
        SpanKind::NationalId,
        SpanKind::Password,
    ] {
        assert!(scores[&kind].missed == 0, "{kind} is missed:\n{told}");
    }
    let all = |count: fn(&Score) -> usize| scores.values().map(count).sum();
    let precision = share(all(|score| score.right), all(|score| score.wrong));
    let recall = share(all(|score| score.right), all(|score| score.missed));
    assert!(precision >= 0.98, "precision {precision:.3}:\n{told}");
    assert!(recall >= 0.98, "recall {recall:.3}:\n{told}");
}

#[test]
fn the_set_shows_every_kind_in_every_language_and_as_much_that_is_none() {
    let lines = lines();
    assert!(lines.len() >= 600, "{} lines", lines.len());
    let plain = lines.iter().filter(|line| line.wanted.is_empty()).count();
    assert!(plain * 2 >= lines.len(), "{plain} hard negatives");
    let shown: BTreeSet<(SpanKind, &str)> = lines
        .iter()
        .flat_map(|line| {
            line.wanted
                .iter()
                .map(|span| (span.kind, line.language.as_str()))
        })
        .collect();
    for kind in SpanKind::ALL
        .iter()
        .filter(|kind| **kind != SpanKind::Custom)
    {
        for language in LANGUAGES {
            assert!(
                shown.contains(&(*kind, language)),
                "no {kind} in {language}"
            );
        }
    }
}

/// What the reader finds in a line, after what we said before it.
fn found(reader: &Reader, line: &Line) -> Vec<SensitiveSpan> {
    let context = Context {
        ours: line.ours.as_ref().map(|ours| {
            let scan = reader.scan(ours, None);
            reader
                .interpret(&scan, Party::Agent, &Context::default())
                .marks
        }),
        ours_is_last: line.ours.is_some(),
        ..Context::default()
    };
    let scan = reader.scan(&line.text, None);
    reader.interpret(&scan, Party::Customer, &context).sensitive
}

fn table(lines: &[Line], scores: &BTreeMap<SpanKind, Score>) -> String {
    let mut table = format!(
        "{} lines, {} without anything to find\n{:<14} {:>6} {:>6} {:>6} {:>10} {:>7}\n",
        lines.len(),
        lines.iter().filter(|line| line.wanted.is_empty()).count(),
        "kind",
        "right",
        "missed",
        "wrong",
        "precision",
        "recall"
    );
    for (kind, score) in scores {
        let (right, missed, wrong) = (score.right, score.missed, score.wrong);
        let (precision, recall) = (score.precision(), score.recall());
        let name = kind.as_str();
        writeln!(
            table,
            "{name:<14} {right:>6} {missed:>6} {wrong:>6} {precision:>10.3} {recall:>7.3}"
        )
        .expect("a string takes it");
    }
    table
}

fn shown(line: &Line, span: &SensitiveSpan) -> String {
    let stretch: String = line
        .text
        .chars()
        .skip(span.start)
        .take(span.end - span.start)
        .collect();
    format!("“{stretch}” in {}: {}", line.place, line.text)
}

fn lines() -> Vec<Line> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/masking");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the set")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for path in files {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let file = fs::read_to_string(&path).expect("UTF-8");
        for (number, line) in (1..).zip(file.lines()) {
            if !line.starts_with('#') {
                lines.push(read(format!("{name}:{number}"), line));
            }
        }
    }
    lines
}

/// Reads a line of the set.
fn read(place: String, line: &str) -> Line {
    let mut columns = line.split('\t');
    let language = columns.next().expect("a language").to_owned();
    let marked = columns
        .next()
        .unwrap_or_else(|| panic!("{place} has no text"));
    let ours = columns.next().map(str::to_owned);
    assert!(columns.next().is_none(), "{place} has too many columns");
    let marked = unescaped(marked);
    let mut text = String::new();
    let mut wanted = Vec::new();
    let mut rest = marked.as_str();
    while let Some((before, marked)) = rest.split_once('{') {
        let (inside, after) = marked.split_once('}').expect("a closing brace");
        let (kind, value) = inside.split_once(':').expect("a kind");
        text.push_str(before);
        let start = text.chars().count();
        text.push_str(value);
        wanted.push(SensitiveSpan {
            kind: SpanKind::parse(kind).unwrap_or_else(|| panic!("{place}: no kind {kind}")),
            start,
            end: text.chars().count(),
        });
        rest = after;
    }
    text.push_str(rest);
    Line {
        place,
        language,
        text,
        ours,
        wanted,
    }
}

/// `\n` and `\u{…}` as what they stand for.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split("\\u{");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_once('}').expect("a closing brace");
        let number = u32::from_str_radix(number, 16).expect("hexadecimal");
        plain.push(char::from_u32(number).expect("a character"));
        plain.push_str(rest);
    }
    plain.replace("\\n", "\n")
}
