//! The rules as sentences, for an admin who wants to see what a file really says. Reads [`Rules`]
//! alone, so it cannot say what does not hold.

mod desks;
mod heard;
mod policy;

pub use desks::opening_hours;

use std::fmt::{self, Write};

use super::{AdminRule, DeskHours, Rules, Then, When};
use crate::domain::{
    message::Visibility,
    reading::{IdentityLevel, SpanKind},
    vocabulary::{PhraseList, Thresholds, Vocabulary},
};

/// One headed list of sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What the sentences are about.
    pub head: String,
    /// The sentences.
    pub sentences: Vec<String>,
    /// They are tried in this order.
    pub is_ordered: bool,
}

impl Part {
    fn list(head: impl Into<String>, sentences: Vec<String>) -> Self {
        Self {
            head: head.into(),
            sentences,
            is_ordered: false,
        }
    }
}

/// The rules as plain sentences, for a terminal.
#[must_use]
pub fn explain(rules: &Rules) -> String {
    let desks = rules.desks.iter();
    let desks = desks.flat_map(|(name, own)| desks::desk(name, own));
    let mut text: String = what_holds(rules)
        .iter()
        .chain(&[Part::list("Desks", desks.collect())])
        .chain(&heard(rules))
        .chain(&words(rules))
        .chain(&[kept(rules)])
        .map(|part| format!("{part}\n"))
        .collect();
    let tests = match rules.tests.len() {
        0 => "The file has no tests of its own.".to_owned(),
        1 => "The file has 1 test of its own.".to_owned(),
        tests => format!("The file has {tests} tests of its own."),
    };
    // Writing to a string cannot fail.
    let _written: std::fmt::Result = writeln!(text, "{tests} Version {}.", rules.version);
    text
}

/// What holds on every channel, on which channels something else does, and in which order the
/// rules are tried.
#[must_use]
pub fn what_holds(rules: &Rules) -> Vec<Part> {
    let general = policy::policy(&rules.defaults);
    let mut parts = vec![Part::list("On every channel", general.clone())];
    for (name, own) in &rules.channels {
        let own = policy::policy(own);
        let different: Vec<String> = own
            .into_iter()
            .filter(|sentence| !general.contains(sentence))
            .collect();
        if !different.is_empty() {
            let head = format!("On channel {name}, instead");
            parts.push(Part::list(head, different));
        }
    }
    parts.push(Part {
        head: "A customer's message: the first that matches decides".to_owned(),
        sentences: in_order(rules),
        is_ordered: true,
    });
    parts
}

/// What customers hear from Ringback itself, and which forms they fill in.
#[must_use]
pub fn heard(rules: &Rules) -> [Part; 2] {
    [heard::messages(rules), heard::forms(rules)]
}

/// What the admin changed of the words that the reader looks for, if anything.
#[must_use]
pub fn words(rules: &Rules) -> Option<Part> {
    let words = vocabulary(&rules.vocabulary);
    (!words.is_empty()).then(|| Part::list("Words", words))
}

/// How long what is kept is kept.
#[must_use]
pub fn kept(rules: &Rules) -> Part {
    Part::list("What is kept", rules.retention.sentences())
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.head)?;
        for (number, sentence) in (1..).zip(&self.sentences) {
            if self.is_ordered {
                writeln!(f, "{number}. {sentence}")?;
            } else {
                writeln!(f, "- {sentence}")?;
            }
        }
        Ok(())
    }
}

/// The rules in the order they are tried, the admin's in their place.
fn in_order(rules: &Rules) -> Vec<String> {
    const BEFORE: [&str; 5] = [
        "wants_call: the customer asks to be rung: callback.",
        "urgent: an urgent word: callback at the head of the queue; a supervisor in text if the \
         customer stays in text.",
        "thanks: the case is solved; after a promise of ours the customer waits instead.",
        "wants_text: the customer stays in text: no callback.",
        "waiting: the customer settles to wait: nothing now.",
    ];
    const AFTER: [&str; 4] = [
        "callback_open: a callback is open already: the message goes to its card.",
        "held: the customer stays in text: no callback.",
        "rule_of_three: the exchange is reached: callback.",
        "none: nothing.",
    ];
    let own = rules.rules.iter().map(|rule| admin_rule(rule, rules));
    let before = BEFORE.into_iter().map(str::to_owned);
    before
        .chain(own)
        .chain(AFTER.into_iter().map(str::to_owned))
        .collect()
}

fn admin_rule(rule: &AdminRule, rules: &Rules) -> String {
    let then = match rule.then {
        Then::Callback => "callback",
        Then::Wait => "the customer waits",
        Then::Flag => "the desk is told",
        Then::None => "nothing",
    };
    let desk = match &rule.desk {
        Some(desk) => format!(" (desk {desk})"),
        None => String::new(),
    };
    let priority = match rule.priority {
        0 => String::new(),
        priority => format!(" (priority {priority})"),
    };
    let when = conditions(&rule.when, &rules.vocabulary).join(", and ");
    format!("{}, yours{priority}: if {when}: {then}{desk}.", rule.name)
}

fn conditions(when: &When, vocabulary: &Vocabulary) -> Vec<String> {
    let words = when.words.and_then(|list| vocabulary.word_lists.get(list));
    [
        when.exchange
            .map(|exchange| format!("the exchange is {exchange} or later")),
        one_of("the channel is", &when.channels),
        when.visibility.map(|visibility| {
            let seen = match visibility {
                Visibility::Public => "public",
                Visibility::Private => "private",
            };
            format!("the message is {seen}")
        }),
        one_of("the topic is", &when.topics),
        words.map(|words| format!("it says {}", said(words))),
        one_of("the language is", &when.languages),
        one_of("it is tagged", &when.tags),
        when.hours.map(|hours| match hours {
            DeskHours::Open => "the desk is open".to_owned(),
            DeskHours::Closed => "the desk is closed".to_owned(),
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// "the channel is x or y", if there is anything to choose from.
fn one_of<T: ToString>(what: &str, names: &[T]) -> Option<String> {
    let names: Vec<String> = names.iter().map(T::to_string).collect();
    (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")))
}

/// Phrases in quotes: `"refund" or "money back"`.
fn said(phrases: &[String]) -> String {
    let quoted: Vec<String> = phrases
        .iter()
        .map(|phrase| format!("\"{phrase}\""))
        .collect();
    quoted.join(" or ")
}

/// What the admin changed of what the reader looks for.
fn vocabulary(vocabulary: &Vocabulary) -> Vec<String> {
    let mut sentences = Vec::new();
    for (topic, words) in &vocabulary.topics {
        sentences.push(format!(
            "The topic is {topic} if a message says {}.",
            said(words)
        ));
    }
    for (list, changes) in &vocabulary.phrases {
        let mut names = PhraseList::ALL.iter();
        let name = names.find_map(|(other, name)| (other == list).then_some(*name));
        let name = name.unwrap_or_default();
        if !changes.add.is_empty() {
            sentences.push(format!("{} counts as {name}.", said(&changes.add)));
        }
        if !changes.remove.is_empty() {
            sentences.push(format!(
                "{} no longer counts as {name}.",
                said(&changes.remove)
            ));
        }
    }
    for pattern in &vocabulary.patterns {
        let (name, kind) = (&pattern.name, pattern.kind);
        sentences.push(match kind {
            SpanKind::Custom => format!("What the pattern {name} finds is data of your own."),
            kind => format!("What the pattern {name} finds is data of the kind {kind}."),
        });
    }
    for (kind, level) in &vocabulary.levels {
        let level = match level {
            IdentityLevel::Identifying => "identifying",
            IdentityLevel::Confidential => "confidential",
        };
        sentences.push(format!("Data of the kind {kind} is {level}."));
    }
    let shipped = Thresholds::default().all();
    for ((key, sure), (_, shipped)) in vocabulary.sure.all().into_iter().zip(shipped) {
        if sure != shipped {
            let key = key.replace('_', " ");
            sentences.push(format!(
                "The reader must be {sure} sure of “{key}” (shipped: {shipped})."
            ));
        }
    }
    sentences
}

#[cfg(test)]
mod tests;
