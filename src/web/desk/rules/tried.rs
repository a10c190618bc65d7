//! A thread typed into the box, and what the rules make of each line. Pure; the same `scan`,
//! `interpret` and `decide` as for customers, through `replay`.

use serde::Deserialize;

use super::words;
use crate::{
    domain::{
        decision::{Action, Effect, RuleName, Utterance},
        ids::ChannelName,
        message::{Party, Visibility},
        private::Private,
        reading::Language,
        record::DecisionRecord,
    },
    engine::LoadedRules,
    reading::mask,
    replay::{replayer::Replayed, table, typed::Typed},
    rules::{Rules, Speak, TestLine, forms::form_for, messages::Variables},
    settings::Settings,
    web::desk::judged::{Judgement, judgements},
};

/// The most lines that are tried at once.
const MOST_LINES: usize = 200;
/// The longest text that is tried, in bytes.
const MOST_BYTES: usize = 64 * 1024;
/// So many wrong lines are told; more are likely another mistake.
const MOST_FAULTS: usize = 20;

/// What stands in the box at first.
const EXAMPLE: &str = "\
customer: My bill is wrong
agent+5m: You can see each item under Account, Bills.
customer+20m: That is not what I asked. Why am I charged twice?
agent+10m: I have corrected it, you will get the money back on Friday.
customer+30m: Great, that worked, many thanks!";

/// What is to be tried.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// On which channel.
    pub(super) channel: ChannelName,
    /// Who can see it.
    pub(super) visibility: Visibility,
    /// The lines, as `[[tests]]` has them.
    pub(super) thread: Private<String>,
}

/// What was tried and what came of it.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) asked: Asked,
    pub(super) came: Result<Vec<Line>, Vec<Fault>>,
}

/// One line with what the rules make of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `customer`, `agent` or `bot`.
    pub(super) who: &'static str,
    /// How long after the line before.
    pub(super) after: String,
    /// The text as it would be kept: masked.
    pub(super) text: Private<String>,
    /// The language that it was read in.
    pub(super) language: Option<Language>,
    /// Its place in the count, such as `2 of 3`.
    pub(super) turn: String,
    /// What is done.
    pub(super) actions: Vec<Done>,
    /// The rule that decided; `None` where there was nothing to decide.
    pub(super) rule: Option<String>,
    /// Why, in words.
    pub(super) reason: String,
    /// What was understood of it, with the words that decided.
    pub(super) heard: Vec<Judgement>,
    /// How sure it is of a thank-you, in percent; `None` where nobody asked.
    pub(super) thanks: Option<u8>,
    /// What the desk would be told.
    pub(super) told: Vec<String>,
    /// What the customer would hear from Ringback itself, where it carries messages to them.
    pub(super) hears: Vec<String>,
}

/// One action.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Done {
    /// Its name in words.
    pub(super) name: String,
    /// Its colour's name in the style sheet.
    pub(super) tone: &'static str,
}

/// What is wrong with what was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The line in the box, from 1; `None`: all of it.
    pub(super) line: Option<usize>,
    /// What is wrong, and how to mend it.
    pub(super) message: String,
}

impl Asked {
    /// A thread with both endings.
    pub(super) fn example(settings: &Settings) -> Self {
        Self {
            channel: settings
                .channels
                .keys()
                .next()
                .cloned()
                .unwrap_or_else(any_channel),
            visibility: Visibility::Private,
            thread: Private::new(EXAMPLE.to_owned()),
        }
    }
}

impl Tried {
    /// Tries a thread under the rules in force. What stands in the box afterwards is masked, and
    /// decides the same.
    pub(super) fn new(loaded: &LoadedRules, mut asked: Asked) -> Self {
        let came = lines(asked.thread.reveal()).and_then(|lines| came(loaded, &asked, &lines));
        asked.thread = masked(loaded, asked.thread.reveal());
        Self { asked, came }
    }
}

/// The channel of the example where the settings name none.
#[expect(clippy::expect_used, reason = "a constant that parses")]
fn any_channel() -> ChannelName {
    ChannelName::parse("test").expect("a valid name")
}

/// What was typed, as it would be kept.
fn masked(loaded: &LoadedRules, thread: &str) -> Private<String> {
    let line = |line: &str| {
        let found = loaded.reader.scan(line, None).sensitive;
        mask(line, &loaded.rules.vocabulary.to_mask(&found))
    };
    let lines: Vec<String> = thread.lines().map(line).collect();
    Private::new(lines.join("\n"))
}

fn came(loaded: &LoadedRules, asked: &Asked, lines: &[TestLine]) -> Result<Vec<Line>, Vec<Fault>> {
    let typed = Typed {
        channel: &asked.channel,
        visibility: asked.visibility,
        tags: &[],
        lines,
    };
    let replayed = typed
        .replay(&loaded.rules, &loaded.reader)
        .map_err(|error| {
            vec![Fault {
                line: None,
                message: format!("The thread cannot be tried: {error}."),
            }]
        })?;
    let both = lines.iter().zip(&replayed);
    Ok(both
        .map(|(line, replayed)| shown(&loaded.rules, line, replayed))
        .collect())
}

/// The lines of the box; empty ones part them and mean nothing.
fn lines(thread: &str) -> Result<Vec<TestLine>, Vec<Fault>> {
    let refuse = |message: String| {
        Err(vec![Fault {
            line: None,
            message,
        }])
    };
    if thread.len() > MOST_BYTES {
        return refuse(format!(
            "The thread is longer than {} KiB. Try a part of it.",
            MOST_BYTES / 1024
        ));
    }
    let written = (1..).zip(thread.lines().map(str::trim));
    let written: Vec<(usize, &str)> = written.filter(|(_, line)| !line.is_empty()).collect();
    if written.is_empty() {
        return refuse(
            "There is no line to try. Write one, such as: customer: My bill is wrong".to_owned(),
        );
    }
    if written.len() > MOST_LINES {
        return refuse(format!(
            "The thread has {} lines; {MOST_LINES} are the most. Leave the oldest out.",
            written.len()
        ));
    }
    let mut lines = Vec::with_capacity(written.len());
    let mut faults = Vec::new();
    for (number, line) in written {
        match TestLine::parse(line) {
            Ok(line) => lines.push(line),
            Err(wrong) => faults.push(fault(number, &wrong)),
        }
    }
    if faults.is_empty() {
        return Ok(lines);
    }
    faults.truncate(MOST_FAULTS);
    Err(faults)
}

fn fault(number: usize, wrong: &str) -> Fault {
    let message = match wrong.split_once('\n') {
        Some((wrong, help)) => format!("{wrong}: {help}"),
        None => wrong.to_owned(),
    };
    Fault {
        line: Some(number),
        message,
    }
}

fn shown(rules: &Rules, line: &TestLine, replayed: &Replayed) -> Line {
    let record = &replayed.record;
    let exchanges = rules.policy(&record.channel).exchanges;
    let hidden = rules.vocabulary.to_mask(&replayed.sensitive);
    let text = mask(&line.text, &hidden);
    let reading = record.reading.as_ref();
    let mut heard = reading.map_or_else(Vec::new, |read| judgements(read, &replayed.evidence));
    // Words that do not stand in the text any more are masked.
    for judgement in &mut heard {
        let stands = |words: &Private<String>| text.contains(words.reveal().as_str());
        judgement.words.retain(stands);
    }
    let decided = record.rule != RuleName::None;
    Line {
        who: table::who(line.from),
        after: line.after.to_string(),
        turn: table::turn(line.from, record, exchanges),
        actions: actions(record),
        rule: decided.then(|| record.rule.to_string()),
        reason: if decided {
            record.reason.clone()
        } else {
            String::new()
        },
        heard,
        language: reading.map(|read| read.language),
        thanks: (line.from == Party::Customer).then(|| percent(record.confidence.closing)),
        told: replayed.effects.iter().filter_map(words::told).collect(),
        hears: replayed
            .effects
            .iter()
            .filter_map(|effect| hears(rules, record, effect))
            .collect(),
        text: Private::new(text),
    }
}

/// The words that the customer would hear, or why there are none.
fn hears(rules: &Rules, record: &DecisionRecord, effect: &Effect) -> Option<String> {
    let Effect::Speak(utterance) = effect else {
        return None;
    };
    let policy = rules.policy(&record.channel);
    let desk = rules.desks.get(&policy.desk)?;
    let reading = record.reading.as_ref()?;
    let topic = reading.topic.as_ref();
    let no_form =
        *utterance == Utterance::IdentityNeeded && form_for(&rules.forms, topic).is_none();
    // Nothing is known of the customer, and the desk is open.
    let is_later = *utterance != Utterance::DetailsAsked;
    let variables = Variables {
        brand: &desk.brand,
        form: !no_form,
        number_end: None,
        when: Variables::NAMES.when.filter(|_| is_later),
        ..Variables::NAMES
    };
    let text = rules.messages.text(*utterance, reading.language, variables);
    match text.filter(|_| policy.speak != Speak::Never) {
        None => Some(words::say_yourself(*utterance)),
        Some(text) if text.is_empty() => None,
        Some(text) => Some(format!("The customer hears: {text}")),
    }
}

fn actions(record: &DecisionRecord) -> Vec<Done> {
    let done = |action: &Action| {
        let name = action.as_str().replace('_', " ");
        let is_soft = *action == Action::Callback && record.soft;
        Done {
            name: if is_soft {
                format!("soft {name}")
            } else {
                name
            },
            tone: match action {
                Action::Callback if record.soft => "cool",
                Action::Callback | Action::Reopen => "warm",
                Action::Resolve => "good",
                Action::Mask | Action::WarnIdentity | Action::FlagIdentity => "note",
                Action::HoldText | Action::WithdrawCallback | Action::Wait => "accent",
            },
        }
    };
    record.actions.iter().map(done).collect()
}

/// A probability in whole percent.
fn percent(probability: f64) -> u8 {
    (probability * 100.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests;
