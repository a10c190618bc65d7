//! Reads labelled messages and counts how often the reader is right. A single message is read after
//! what the other side said before it; a thread goes turn by turn through the same `decide` as in
//! replay.

use std::collections::BTreeMap;

use crate::{
    domain::{
        ids::{ChannelName, InvalidId},
        message::{Party, Visibility},
        private::Private,
        reading::{Closing, Evidence, Head, Identity, IdentityKind, Reading},
        record::ClosingName,
        time::Length,
    },
    reading::Reader,
    replay::{replayer::Replayed, typed::Typed},
    rules::{Rules, TestLine},
};

use super::{
    context_after,
    figures::{Confusion, Figures, Table},
    labelled::{Example, Group, Labelled, Thread},
};

/// How long after one another the messages of a labelled thread were written: as in replay.
const STEP: Length = Length::minutes(1);

/// A labelled message that was read wrongly.
#[derive(Debug)]
pub struct Mistake {
    /// The file and line it stands in, as whoever opened the file calls them.
    pub place: String,
    /// Which head is wrong.
    pub head: Head,
    /// Whether the reader found it; it is the other way round.
    pub found: bool,
    /// How sure the reader was of what is wrong, 0 to 1. Only of thanks it says; else one half.
    pub sure: f64,
    /// The text.
    pub text: Private<String>,
    /// The words that decided this head, or what kept thanks from being thanks.
    pub words: Vec<Private<String>>,
}

/// Measures a reader.
#[derive(Debug)]
pub struct Measure<'r> {
    rules: &'r Rules,
    reader: &'r Reader,
    messages: u64,
    left_out: u64,
    all: Table,
    languages: BTreeMap<String, Table>,
    slices: BTreeMap<String, Table>,
    confusion: Confusion,
    mistakes: Vec<Mistake>,
}

/// What was read, as far as it is measured.
struct Found {
    closing: &'static str,
    thanks: f64,
    wants_call: bool,
    wants_text: bool,
    unsolved: bool,
    answers: bool,
    identity: bool,
    evidence: Vec<Evidence>,
}

impl<'r> Measure<'r> {
    /// Starts with nothing counted. `reader` is built from these rules.
    #[must_use]
    pub fn new(rules: &'r Rules, reader: &'r Reader) -> Self {
        Self {
            rules,
            reader,
            messages: 0,
            left_out: 0,
            all: Table::default(),
            languages: BTreeMap::new(),
            slices: BTreeMap::new(),
            confusion: Confusion::default(),
            mistakes: Vec::new(),
        }
    }

    /// Reads what a line holds and counts what came of it. `place` is where the line stands.
    ///
    /// # Errors
    /// Never: the ids that it gives to threads are valid.
    pub fn add(&mut self, place: &str, labelled: &Labelled) -> Result<(), InvalidId> {
        match labelled {
            Labelled::Message(example) => self.message(place, example),
            Labelled::Thread(thread) => self.thread(place, thread)?,
            Labelled::LeftOut => self.left_out += 1,
        }
        Ok(())
    }

    fn message(&mut self, place: &str, example: &Example) {
        let before = example.before.as_ref().map(|text| text.reveal().as_str());
        let context = context_after(self.reader, example.party, before);
        let scan = self.reader.scan(example.text.reveal(), None);
        let reading = self.reader.interpret(&scan, example.party, &context);
        let found = Found::from(reading);
        self.count(place, &example.group, &example.truth, &example.text, found);
    }

    /// Consecutive messages of a party are one turn; its last message is what is measured.
    fn thread(&mut self, place: &str, thread: &Thread) -> Result<(), InvalidId> {
        let lines: Vec<TestLine> = thread.messages.iter().map(line).collect();
        let typed = Typed {
            channel: &ChannelName::parse("labelled")?,
            visibility: Visibility::Private,
            tags: &[],
            lines: &lines,
        };
        let mut turns: Vec<Replayed> = Vec::new();
        for replayed in typed.replay(self.rules, self.reader)? {
            let goes_on = turns
                .last()
                .is_some_and(|last| last.message.from == replayed.message.from);
            if goes_on {
                turns.pop();
            }
            turns.push(replayed);
        }
        turns.retain(|turn| turn.message.from == Party::Customer);
        for (number, turn) in (1..).zip(turns) {
            let truth = thread
                .turns
                .iter()
                .find(|(labelled, _)| *labelled == number);
            let Some((_, truth)) = truth else {
                continue;
            };
            let text = turn.message.text.clone();
            let group = thread.group.of_turn(number);
            self.count(place, &group, truth, &text, Found::from(turn));
        }
        Ok(())
    }

    fn count(
        &mut self,
        place: &str,
        group: &Group,
        truth: &super::labelled::Truth,
        text: &Private<String>,
        found: Found,
    ) {
        self.messages += 1;
        for (head, is) in &truth.heads {
            let (head, is) = (*head, *is);
            let says = found.holds(head);
            self.all.add(head, is, says);
            let language = self.languages.entry(group.language.clone()).or_default();
            language.add(head, is, says);
            if let Some(slice) = &group.slice {
                let slice = self.slices.entry(slice.clone()).or_default();
                slice.add(head, is, says);
            }
            if is != says {
                self.mistakes.push(Mistake {
                    place: place.to_owned(),
                    head,
                    found: says,
                    sure: found.sure(head),
                    text: text.clone(),
                    words: found.words(head),
                });
            }
        }
        if let Some(closing) = truth.closing {
            self.confusion.add(closing, found.closing);
        }
    }

    /// All figures so far.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let by = |tables: &BTreeMap<String, Table>| {
            let named = tables.iter();
            named
                .map(|(name, table)| (name.clone(), table.figures()))
                .collect()
        };
        Figures {
            messages: self.messages,
            left_out: self.left_out,
            heads: self.all.figures(),
            languages: by(&self.languages),
            slices: by(&self.slices),
            confusion: self.confusion.figures(),
        }
    }

    /// What was read wrongly, the surest first; among equals in the order of the files.
    #[must_use]
    pub fn mistakes(mut self) -> Vec<Mistake> {
        self.mistakes
            .sort_by(|one, other| other.sure.total_cmp(&one.sure));
        self.mistakes
    }
}

impl Group {
    /// Turns of threads are counted apart from single messages of the same source.
    fn of_turn(&self, number: usize) -> Self {
        let slice = self.slice.as_deref().unwrap_or("threads");
        Self {
            language: self.language.clone(),
            slice: Some(format!("{slice}, customer's turn {number}")),
        }
    }
}

fn line((from, text): &(Party, Private<String>)) -> TestLine {
    TestLine {
        from: *from,
        text: text.reveal().clone(),
        after: STEP,
    }
}

impl Found {
    const fn holds(&self, head: Head) -> bool {
        match head {
            Head::Thanks => matches!(self.closing.as_bytes(), b"thanks"),
            Head::Waiting => matches!(self.closing.as_bytes(), b"waiting"),
            Head::WantsCall => self.wants_call,
            Head::WantsText => self.wants_text,
            Head::Unsolved => self.unsolved,
            Head::Answers => self.answers,
            Head::Identity => self.identity,
            Head::NotThanks | Head::Urgent | Head::Topic => false,
        }
    }

    fn sure(&self, head: Head) -> f64 {
        match (head, self.holds(head)) {
            (Head::Thanks, true) => self.thanks,
            (Head::Thanks, false) => 1.0 - self.thanks,
            _ => 0.5,
        }
    }

    fn words(&self, head: Head) -> Vec<Private<String>> {
        let decided = self.evidence.iter().filter(|evidence| {
            evidence.head == head || (head == Head::Thanks && evidence.head == Head::NotThanks)
        });
        decided.map(|evidence| evidence.words.clone()).collect()
    }
}

fn is_asked_or_offered(identity: Option<Identity>) -> bool {
    identity.is_some_and(|identity| identity.kind != IdentityKind::Needed)
}

impl From<Reading> for Found {
    fn from(reading: Reading) -> Self {
        Self {
            closing: match reading.closing {
                Some(Closing::Thanks) => "thanks",
                Some(Closing::Waiting(_)) => "waiting",
                None => "none",
            },
            thanks: f64::from(reading.thanks_probability),
            wants_call: reading.wants_call,
            wants_text: reading.wants_text.is_some(),
            unsolved: reading.unsolved,
            answers: reading.answers,
            identity: is_asked_or_offered(reading.identity),
            evidence: reading.evidence,
        }
    }
}

impl From<Replayed> for Found {
    fn from(replayed: Replayed) -> Self {
        let reading = replayed.record.reading.as_ref();
        let closing = reading.and_then(|reading| reading.closing);
        Self {
            closing: match closing {
                Some(ClosingName::Thanks) => "thanks",
                Some(ClosingName::Waiting) => "waiting",
                None => "none",
            },
            thanks: replayed.record.confidence.closing,
            wants_call: reading.is_some_and(|reading| reading.wants_call),
            wants_text: reading.is_some_and(|reading| reading.wants_text.is_some()),
            unsolved: reading.is_some_and(|reading| reading.unsolved),
            answers: reading.is_some_and(|reading| reading.answers),
            identity: is_asked_or_offered(reading.and_then(|reading| reading.identity)),
            evidence: replayed.evidence,
        }
    }
}

#[cfg(test)]
mod tests;
