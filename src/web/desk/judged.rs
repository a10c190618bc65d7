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

#[cfg(test)]
mod tests {
    use super::{Head, judgements};
    use crate::domain::{
        private::Private,
        reading::{Closing, Evidence, Language, Reading},
        record::ReadingRecord,
    };

    fn shown(closing: Option<Closing>) -> Vec<(String, Vec<String>)> {
        let reading = Reading {
            closing,
            ..Reading::blank(Language::ENGLISH)
        };
        let said = |head, words: &str| Evidence {
            head,
            words: Private::new(words.to_owned()),
        };
        let evidence = [
            said(Head::NotThanks, "but"),
            said(Head::NotThanks, " "),
            said(Head::NotThanks, "still"),
            said(Head::Thanks, "thanks"),
        ];
        let judged = judgements(&ReadingRecord::from(&reading), &evidence);
        let words = |all: Vec<Private<String>>| all.into_iter().map(Private::into_revealed);
        let shown = judged.into_iter();
        shown
            .map(|judged| (judged.what, words(judged.words).collect()))
            .collect()
    }

    fn row(what: &str, words: &[&str]) -> (String, Vec<String>) {
        let words = words.iter().map(|words| (*words).to_owned());
        (what.to_owned(), words.collect())
    }

    #[test]
    fn what_kept_a_word_of_thanks_from_being_thanks_is_named() {
        assert_eq!(shown(None), [row("thanks, but", &["but", "still"])]);
    }

    #[test]
    fn what_was_thanks_all_the_same_has_no_but() {
        assert_eq!(shown(Some(Closing::Thanks)), [row("thanks", &["thanks"])]);
    }
}
