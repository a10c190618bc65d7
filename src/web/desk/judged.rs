//! What was understood of a message, in words, with the words of the message that decided it. Shows
//! what a reading says; judges nothing anew.

use super::words;
use crate::domain::{
    private::Private,
    reading::{Evidence, Head, TextWish},
    record::{ClosingName, ReadingRecord},
};

/// One judgement of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    /// What was understood.
    pub(super) what: String,
    /// The words that decided it; empty where no words did.
    pub(super) words: Vec<Private<String>>,
}

/// The judgements of a reading, the weighty first.
pub(super) fn judgements(reading: &ReadingRecord, evidence: &[Evidence]) -> Vec<Judgement> {
    let closing = reading.closing.map(|closing| match closing {
        ClosingName::Thanks => Head::Thanks,
        ClosingName::Waiting => Head::Waiting,
    });
    let wants_text = reading.wants_text.map(|wish| match wish {
        TextWish::Case => words::head(Head::WantsText),
        TextWish::Always => "never wants to be rung",
    });
    let plain = |head| (head, words::head(head).to_owned());
    let is = |yes: bool, head| yes.then(|| plain(head));
    let identity = |found| words::identity(found, &reading.sensitive);
    [
        is(reading.wants_call, Head::WantsCall),
        is(reading.urgent, Head::Urgent),
        closing.map(plain),
        is(
            closing.is_none() && evidence.iter().any(|said| said.head == Head::NotThanks),
            Head::NotThanks,
        ),
        wants_text.map(|wish| (Head::WantsText, wish.to_owned())),
        is(reading.unsolved, Head::Unsolved),
        is(reading.answers, Head::Answers),
        reading
            .identity
            .map(|found| (Head::Identity, identity(found))),
        reading
            .topic
            .as_ref()
            .map(|topic| (Head::Topic, format!("topic: {topic}"))),
    ]
    .into_iter()
    .flatten()
    .map(|(head, what)| Judgement {
        what,
        words: said(evidence, head),
    })
    .collect()
}

fn said(evidence: &[Evidence], head: Head) -> Vec<Private<String>> {
    let of_head = evidence.iter().filter(|evidence| evidence.head == head);
    let words = of_head.map(|evidence| &evidence.words);
    words
        .filter(|words| !words.reveal().trim().is_empty())
        .cloned()
        .collect()
}
