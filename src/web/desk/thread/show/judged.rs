//! What was understood of a message and what was decided, in words, with the words of the message
//! that decided it. Shows what is kept; judges nothing anew.

use super::super::words;
use crate::domain::{
    reading::{Evidence, Head, TextWish},
    record::{ClosingName, ReadingRecord},
};

/// One judgement of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Judgement {
    /// What was understood.
    pub(in crate::web::desk::thread) what: String,
    /// The words that decided it, masked; empty where no words did.
    pub(in crate::web::desk::thread) words: Vec<String>,
}

/// The judgements of a reading, the weighty first.
pub(super) fn judgements(reading: &ReadingRecord, evidence: &[Evidence]) -> Vec<Judgement> {
    let closing = reading.closing.map(|closing| match closing {
        ClosingName::Thanks => (Head::Thanks, "thanks"),
        ClosingName::Waiting => (Head::Waiting, "waiting"),
    });
    let wants_text = reading.wants_text.map(|wish| match wish {
        TextWish::Case => (Head::WantsText, "wants to stay in text"),
        TextWish::Always => (Head::WantsText, "never wants to be rung"),
    });
    let is = |yes: bool, head| yes.then(|| (head, words::head(head)));
    let plain = [
        is(reading.wants_call, Head::WantsCall),
        is(reading.urgent, Head::Urgent),
        closing,
        wants_text,
        is(reading.unsolved, Head::Unsolved),
        is(reading.answers, Head::Answers),
    ];
    let mut judgements: Vec<Judgement> = plain
        .into_iter()
        .flatten()
        .map(|(head, what)| judgement(what.to_owned(), said(evidence, head)))
        .collect();
    if let Some(identity) = reading.identity {
        let what = words::identity(identity, &reading.sensitive);
        judgements.push(judgement(what, said(evidence, Head::Identity)));
    }
    if let Some(topic) = &reading.topic {
        let what = format!("topic: {topic}");
        judgements.push(judgement(what, said(evidence, Head::Topic)));
    }
    let language = words::language(reading.language.as_str());
    judgements.push(judgement(format!("language: {language}"), Vec::new()));
    judgements
}

fn judgement(what: String, words: Vec<String>) -> Judgement {
    Judgement { what, words }
}

fn said(evidence: &[Evidence], head: Head) -> Vec<String> {
    let of_head = evidence.iter().filter(|evidence| evidence.head == head);
    of_head
        .map(|evidence| evidence.words.reveal().clone())
        .filter(|words| !words.trim().is_empty())
        .collect()
}
