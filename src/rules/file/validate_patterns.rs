//! The admin's `[[patterns]]`: whether they make sense and pass their own tests, and what they
//! mean. What a pattern finds in a message is the reader's business.

use std::collections::BTreeSet;

use super::{
    problem::Problem,
    raw::{RawPattern, RawSections},
    validate::Check,
};
use crate::domain::{reading::SpanKind, vocabulary::Pattern};

/// The most patterns: each looks at every message.
const MOST: usize = 64;

impl Check<'_> {
    /// The patterns, in file order.
    pub(super) fn patterns(&mut self, sections: &RawSections) -> Vec<Pattern> {
        let items = sections.patterns.items();
        if let Some(beyond) = items.get(MOST) {
            self.problem(
                Problem::new(format!("there are more than {MOST} patterns"))
                    .at(&beyond.span, "one too many")
                    .help("join some with `|`"),
            );
        }
        let mut names = BTreeSet::new();
        let mut patterns = Vec::new();
        for raw in items {
            let raw = &raw.value;
            self.pattern_name(raw, &mut names);
            self.pattern_tests(raw);
            if let (Some(name), Some(regex)) = (raw.name.meaning(), raw.regex.meaning()) {
                patterns.push(Pattern {
                    name: name.clone(),
                    regex: regex.0.as_str().to_owned(),
                    kind: raw.kind.meaning().copied().unwrap_or(SpanKind::Custom),
                });
            }
        }
        patterns
    }

    fn pattern_name<'r>(&mut self, raw: &'r RawPattern, names: &mut BTreeSet<&'r str>) {
        let Some(name) = raw.name.given() else {
            return;
        };
        let text = name.value.0.as_str();
        if !names.insert(text) {
            self.problem(
                Problem::new(format!("there are two patterns called `{text}`"))
                    .at(&name.span, "the second")
                    .help("give each pattern a name of its own"),
            );
        }
    }

    /// Its own tests.
    fn pattern_tests(&mut self, raw: &RawPattern) {
        let Some(regex) = raw.regex.meaning() else {
            return;
        };
        let name = raw.name.meaning().map_or("", |name| name.as_str());
        // What a pattern matches of no length hides nothing.
        let finds = |text: &str| regex.0.find_iter(text).any(|found| !found.is_empty());
        for text in self.list(&raw.finds) {
            if !finds(&text.value.0.0) {
                self.problem(
                    Problem::new(format!("the pattern `{name}` finds nothing here"))
                        .at(&text.span, "should be found")
                        .help("mend its `regex`, or leave this text out of `finds`"),
                );
            }
        }
        for text in self.list(&raw.leaves) {
            if finds(&text.value.0.0) {
                self.problem(
                    Problem::new(format!("the pattern `{name}` finds something here"))
                        .at(&text.span, "should be left")
                        .help("make its `regex` stricter, for instance with `\\b` around it"),
                );
            }
        }
    }
}
