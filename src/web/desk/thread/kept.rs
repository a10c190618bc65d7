//! "Keep as a test": a thread so far as a `[[tests]]` entry of the rules file. Pure.
//!
//! A test knows less than a thread does: no authors, one visibility, no corrections, nothing of
//! what happened before its case. So whoever shows one also runs it under the rules in force, and
//! says what came.

use std::fmt::Write;

use crate::{
    domain::{
        decision::{Action, RuleName},
        message::{Party, Visibility},
        record::DecisionRecord,
        time::{Length, Timestamp},
    },
    reading::Reader,
    replay::rules_tests,
    rules::{RuleTest, Rules, TestLine},
    store::rows::desk::{DeskLine, DeskThread},
};

/// So far apart two lines of a test are unless it says otherwise.
const DEFAULT_GAP: Length = Length::minutes(1);

/// Stands for a message without words, which a test cannot have.
const NO_WORDS: &str = "…";

/// Why a thread cannot be kept as a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoTest {
    /// No customer has written.
    #[error("No customer has written here yet, so there is nothing to expect.")]
    NoCustomer,
    /// The case began too long ago.
    #[error("This case has too many messages for a test. Keep a shorter one.")]
    TooLong,
}

/// The newest case of a thread, up to the customer's newest message and what was decided of it, as
/// corrected. `thread` must hold the newest messages.
pub(super) fn kept(thread: &DeskThread, rules: &Rules) -> Result<RuleTest, NoTest> {
    let case = thread.thread.case;
    let in_case = |line: &&DeskLine| line.decision.case == case && !is_stranger(thread, line);
    let mut lines: Vec<&DeskLine> = thread.lines.iter().filter(in_case).collect();
    // A test cannot go back in time: late messages stand where they belong.
    lines.sort_by_key(|line| line.message.at);
    let is_customers = |line: &&DeskLine| line.message.from == Party::Customer;
    let last = lines.iter().rposition(is_customers);
    let last = last.ok_or(NoTest::NoCustomer)?;
    lines.truncate(last.saturating_add(1));
    let begins_here = thread.older.is_none()
        || thread
            .lines
            .iter()
            .any(|line| (1..case).contains(&line.decision.case));
    if !begins_here {
        return Err(NoTest::TooLong);
    }
    let last = lines.last().ok_or(NoTest::NoCustomer)?;
    let decided = expected(last);
    Ok(RuleTest {
        name: decided.reason.clone(),
        channel: last.message.channel.clone(),
        visibility: last.message.visibility,
        tags: last.message.tags.clone(),
        thread: test_lines(&lines),
        expect: decided.actions.clone(),
        soft: decided
            .actions
            .contains(&Action::Callback)
            .then_some(decided.soft),
        rule: Some(decided.rule.as_str().to_owned()).filter(|_| can_be_expected(decided, rules)),
    })
}

/// What came of a message: what was decided anew if it was corrected.
fn expected(line: &DeskLine) -> &DecisionRecord {
    let corrected = line.correction.as_ref();
    corrected.map_or(&line.decision, |row| &row.decision)
}

fn is_stranger(thread: &DeskThread, line: &DeskLine) -> bool {
    let customer = &thread.thread.author;
    line.message.from == Party::Customer
        && line.message.author.is_some()
        && customer.is_some()
        && line.message.author != *customer
}

/// Whether a test may name the rule: `none` says nothing, and an admin's rule must still be there.
fn can_be_expected(decided: &DecisionRecord, rules: &Rules) -> bool {
    match &decided.rule {
        RuleName::None | RuleName::Late | RuleName::Duplicate => false,
        RuleName::Admin(name) => rules.rules.iter().any(|rule| rule.name == *name),
        _ => true,
    }
}

fn test_lines(lines: &[&DeskLine]) -> Vec<TestLine> {
    let mut before: Option<Timestamp> = None;
    let mut kept = Vec::new();
    for line in lines {
        let message = &line.message;
        let text = message.text.reveal().trim();
        kept.push(TestLine {
            from: message.from,
            after: before.map_or(DEFAULT_GAP, |before| gap(before, message.at)),
            text: if text.is_empty() { NO_WORDS } else { text }.to_owned(),
        });
        before = Some(message.at);
    }
    kept
}

/// The time between two messages in whole seconds, rounded up: what is longer than a limit in
/// seconds stays longer, and what is not stays so.
fn gap(before: Timestamp, at: Timestamp) -> Length {
    let gap = at.duration_since(before).as_millis();
    let seconds = u64::try_from(gap).unwrap_or_default().div_ceil(1_000);
    Length::milliseconds(seconds.saturating_mul(1_000))
}

/// What comes of the test under these rules: `None` if it passes.
pub(super) fn failure(test: &RuleTest, rules: &Rules, reader: &Reader) -> Option<String> {
    let only = Rules {
        tests: vec![test.clone()],
        ..rules.clone()
    };
    let mut outcomes = rules_tests::run(&only, reader);
    outcomes.pop().and_then(|outcome| outcome.failure)
}

/// The test as lines for the rules file. What does not matter under these rules is left out.
pub(super) fn toml(test: &RuleTest, rules: &Rules) -> String {
    let mut text = String::from("[[tests]]\n");
    let mut line = |key: &str, value: &str| {
        // Writing to a string cannot fail.
        let _written: std::fmt::Result = writeln!(text, "{key} = {value}");
    };
    line("name", &quoted(&test.name));
    let of_channel = rules.channels.contains_key(&test.channel)
        || rules
            .rules
            .iter()
            .any(|rule| rule.when.channels.contains(&test.channel));
    if of_channel {
        line("channel", &quoted(test.channel.as_str()));
    }
    if test.visibility == Visibility::Public {
        line("visibility", "\"public\"");
    }
    let tags: Vec<String> = test.tags.iter().map(|tag| quoted(tag.as_str())).collect();
    if !tags.is_empty() && rules.rules.iter().any(|rule| !rule.when.tags.is_empty()) {
        line("tags", &format!("[{}]", tags.join(", ")));
    }
    line("thread", &thread(&test.thread));
    line("expect", &expect(&test.expect));
    if let Some(soft) = test.soft {
        line("soft", if soft { "true" } else { "false" });
    }
    if let Some(rule) = &test.rule {
        line("rule", &quoted(rule));
    }
    text
}

fn thread(lines: &[TestLine]) -> String {
    let mut text = String::from("[\n");
    for line in lines {
        let party = match line.from {
            Party::Customer => "customer",
            Party::Agent => "agent",
            Party::Bot => "bot",
        };
        let after = if line.after == DEFAULT_GAP {
            String::new()
        } else {
            format!("+{}", line.after)
        };
        let said = quoted(&format!("{party}{after}: {}", line.text));
        text.push_str("    ");
        text.push_str(&said);
        text.push_str(",\n");
    }
    text.push(']');
    text
}

fn expect(actions: &[Action]) -> String {
    let names: Vec<String> = actions
        .iter()
        .map(|action| quoted(action.as_str()))
        .collect();
    match names.as_slice() {
        [] => quoted("none"),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

/// A TOML basic string. Control characters and those that turn the direction of writing are
/// escaped, so that a reader of the file sees what stands there.
/// Source: TOML 1.0.0, "String".
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() || turns_direction(letter) => {
                // Writing to a string cannot fail.
                let _written: std::fmt::Result = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

const fn turns_direction(letter: char) -> bool {
    matches!(
        letter,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests;
