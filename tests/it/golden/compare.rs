//! What a thread led to, against what it must lead to.

use std::{collections::BTreeSet, fmt::Write};

use serde::Deserialize;

use super::format::{Expected, Line, Thread};

/// The order in which actions must stand.
const ORDER: [&str; 9] = [
    "mask",
    "warn_identity",
    "flag_identity",
    "hold_text",
    "withdraw_callback",
    "reopen",
    "resolve",
    "wait",
    "callback",
];

/// A decision of the real program.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Decided {
    pub(super) exchange: u32,
    pub(super) case: u32,
    pub(super) actions: Vec<String>,
    pub(super) soft: bool,
    pub(super) rule: String,
    pub(super) reading: Option<serde_json::Value>,
}

/// The thread as a table with expected and got, if any of its lines went another way.
pub(super) fn disagreement(thread: &Thread, decided: &[&Decided]) -> Option<String> {
    let agrees = thread.lines.len() == decided.len()
        && thread
            .lines
            .iter()
            .zip(decided)
            .all(|(line, decided)| agrees(&line.expected, decided));
    if agrees {
        return None;
    }
    let mut table = format!("== {}\n", thread.name);
    for (line, decided) in thread.lines.iter().zip(decided) {
        describe(line, decided, &mut table).expect("writing to a String cannot fail");
    }
    Some(table)
}

fn agrees(expected: &Expected, decided: &Decided) -> bool {
    let actions: BTreeSet<String> = decided.actions.iter().cloned().collect();
    let places: Vec<_> = decided
        .actions
        .iter()
        .map(|action| ORDER.iter().position(|known| known == action))
        .collect();
    actions == expected.actions
        && places.is_sorted_by(|before, after| before < after)
        && !places.contains(&None)
        && decided.soft == expected.soft
        && expected
            .numbers
            .is_none_or(|numbers| numbers == (decided.exchange, decided.case))
        && expected
            .rule
            .as_ref()
            .is_none_or(|rule| *rule == decided.rule)
}

fn describe(line: &Line, decided: &Decided, out: &mut String) -> std::fmt::Result {
    let agrees = agrees(&line.expected, decided);
    let mark = if agrees { " " } else { "✗" };
    writeln!(out, "{mark} {:<8} {}", line.from, line.text)?;
    if agrees {
        return Ok(());
    }
    let expected = &line.expected;
    let mut wanted: Vec<String> = expected.actions.iter().cloned().collect();
    wanted.extend(expected.soft.then(|| "soft".to_owned()));
    wanted.extend(
        expected
            .numbers
            .map(|(exchange, case)| format!("[{exchange}.{case}]")),
    );
    wanted.extend(expected.rule.as_ref().map(|rule| format!("{{{rule}}}")));
    let mut got = decided.actions.clone();
    got.extend(decided.soft.then(|| "soft".to_owned()));
    got.push(format!("[{}.{}]", decided.exchange, decided.case));
    got.push(format!("{{{}}}", decided.rule));
    writeln!(out, "    expected {}", wanted.join(" "))?;
    writeln!(out, "    got      {}", got.join(" "))?;
    if let Some(reading) = &decided.reading {
        writeln!(out, "    reading  {reading}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Decided, disagreement};
    use crate::golden::format::parse;

    fn decided(actions: &[&str], soft: bool) -> Decided {
        Decided {
            exchange: 3,
            case: 1,
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            soft,
            rule: "rule_of_three".to_owned(),
            reading: None,
        }
    }

    fn agrees(line: &str, decided: &Decided) -> bool {
        let threads = parse(&format!("== x\n{line}\n")).expect("a golden file");
        disagreement(&threads[0], &[decided]).is_none()
    }

    #[test]
    fn what_is_not_said_is_not_checked_but_actions_always_are() {
        assert!(agrees("c hi => callback", &decided(&["callback"], false)));
        assert!(agrees(
            "c hi => callback mask",
            &decided(&["mask", "callback"], false)
        ));
        assert!(!agrees("c hi", &decided(&["callback"], false)));
        assert!(!agrees("c hi => callback", &decided(&[], false)));
    }

    #[test]
    fn a_soft_callback_is_not_a_loud_one() {
        assert!(!agrees("c hi => callback", &decided(&["callback"], true)));
        assert!(!agrees(
            "c hi => callback soft",
            &decided(&["callback"], false)
        ));
        assert!(agrees(
            "c hi => callback soft",
            &decided(&["callback"], true)
        ));
    }

    #[test]
    fn numbers_rule_and_order_of_actions_are_checked() {
        assert!(agrees(
            "c hi => [3.1] {rule_of_three}",
            &decided(&[], false)
        ));
        assert!(!agrees("c hi => [3.2]", &decided(&[], false)));
        assert!(!agrees("c hi => {thanks}", &decided(&[], false)));
        assert!(!agrees(
            "c hi => callback mask",
            &decided(&["callback", "mask"], false)
        ));
        assert!(!agrees(
            "c hi => callback",
            &decided(&["callback", "callback"], false)
        ));
    }
}
