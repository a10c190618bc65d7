//! Runs a rules file's own `[[tests]]` through the same replayer as everything else.

use crate::{
    domain::{decision::Action, ids::InvalidId, record::DecisionRecord},
    reading::Reader,
    rules::{RuleTest, Rules},
};

use super::typed::Typed;

/// How one test went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The test's name.
    pub name: String,
    /// What was expected and what came instead; `None` when they agree.
    pub failure: Option<String>,
}

/// Runs the file's tests, in order. `reader` is built from these rules.
#[must_use]
pub fn run(rules: &Rules, reader: &Reader) -> Vec<Outcome> {
    let outcome = |test: &RuleTest| Outcome {
        name: test.name.clone(),
        failure: match last_decision(rules, reader, test) {
            Ok(Some(decided)) => failure(test, &decided),
            Ok(None) => Some("the thread has no line".to_owned()),
            Err(error) => Some(format!("the thread cannot be replayed: {error}")),
        },
    };
    rules.tests.iter().map(outcome).collect()
}

/// What the last line of a test leads to.
fn last_decision(
    rules: &Rules,
    reader: &Reader,
    test: &RuleTest,
) -> Result<Option<DecisionRecord>, InvalidId> {
    let typed = Typed {
        channel: &test.channel,
        visibility: test.visibility,
        tags: &test.tags,
        lines: &test.thread,
    };
    let last = typed.replay(rules, reader)?.pop();
    Ok(last.map(|replayed| replayed.record))
}

/// Says what was expected and what came, with the reason, so that an admin sees which to mend.
fn failure(test: &RuleTest, decided: &DecisionRecord) -> Option<String> {
    let mut expected = test.expect.clone();
    expected.sort_unstable();
    expected.dedup();
    let mut got = decided.actions.clone();
    got.sort_unstable();
    let mut differences = Vec::new();
    if expected != got {
        differences.push(format!(
            "expected {}, got {}",
            words(&expected),
            words(&got)
        ));
    }
    let loudness = |soft| if soft { "soft" } else { "loud" };
    if let Some(soft) = test.soft.filter(|soft| *soft != decided.soft) {
        differences.push(format!(
            "expected a {} callback, got a {} one",
            loudness(soft),
            loudness(decided.soft)
        ));
    }
    if let Some(rule) = &test.rule
        && rule != decided.rule.as_str()
    {
        differences.push(format!("expected the rule `{rule}`"));
    }
    (!differences.is_empty()).then(|| {
        format!(
            "{} (rule `{}`: {}; exchange {} of case {})",
            differences.join("; "),
            decided.rule,
            decided.reason,
            decided.exchange,
            decided.case
        )
    })
}

/// Actions as words: `mask, callback`, or `none`.
fn words(actions: &[Action]) -> String {
    if actions.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
