//! What was understood of a message, and what the desk would be told of it, in plain words.

use crate::domain::{
    callback::CallbackEnd,
    decision::{CardChange, Effect, Notice},
    private::Private,
    reading::{Evidence, Head, Identity, IdentityKind, IdentityLevel, TextWish},
    record::{ClosingName, ReadingRecord},
};

/// One thing that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// What.
    pub(super) what: String,
    /// The words that decided it, where they can be shown.
    pub(super) words: Option<Private<String>>,
}

/// What was understood of a message. Words that do not stand in `text` any more, because they are
/// masked, are left out.
pub(super) fn heard(reading: &ReadingRecord, evidence: &[Evidence], text: &str) -> Vec<Heard> {
    let found = [
        reading.closing.map(|closing| match closing {
            ClosingName::Thanks => (Head::Thanks, "thanks".to_owned()),
            ClosingName::Waiting => (Head::Waiting, "waiting".to_owned()),
        }),
        reading
            .wants_call
            .then(|| (Head::WantsCall, "wants a call".to_owned())),
        reading.wants_text.map(|wish| {
            let wish = match wish {
                TextWish::Case => "wants to stay in text",
                TextWish::Always => "never wants a call",
            };
            (Head::WantsText, wish.to_owned())
        }),
        reading
            .unsolved
            .then(|| (Head::Unsolved, "not solved".to_owned())),
        reading
            .answers
            .then(|| (Head::Answers, "only answers us".to_owned())),
        reading
            .identity
            .map(|found| (Head::Identity, identity(found))),
        reading.urgent.then(|| (Head::Urgent, "urgent".to_owned())),
        reading
            .topic
            .as_ref()
            .map(|topic| (Head::Topic, format!("topic {topic}"))),
    ];
    let found = found.into_iter().flatten();
    found
        .map(|(head, what)| Heard {
            what,
            words: words_for(head, evidence, text),
        })
        .collect()
}

fn words_for(head: Head, evidence: &[Evidence], text: &str) -> Option<Private<String>> {
    let found = evidence.iter().find(|evidence| evidence.head == head)?;
    let words = found.words.reveal().as_str();
    (!words.is_empty() && text.contains(words)).then(|| found.words.clone())
}

fn identity(Identity { kind, level }: Identity) -> String {
    let level = match level {
        IdentityLevel::Identifying => "identifying",
        IdentityLevel::Confidential => "confidential",
    };
    match kind {
        IdentityKind::Asked => format!("asks for {level} data"),
        IdentityKind::Offered => format!("gives {level} data"),
        IdentityKind::Needed => "needs an identity check".to_owned(),
    }
}

/// What the desk is told.
pub(super) fn told(effect: &Effect) -> String {
    match effect {
        Effect::PromptDesk { desk, .. } => format!("A callback appears on desk {desk}."),
        Effect::UpdateCard { change, .. } => card(*change).to_owned(),
        Effect::CloseCard { end, .. } => match end {
            CallbackEnd::Withdrawn => "The callback is withdrawn.".to_owned(),
            CallbackEnd::Done { .. } | CallbackEnd::KeptTyping { .. } => {
                "The callback has ended.".to_owned()
            }
        },
        Effect::TellDesk { notice, desk } => {
            format!("Desk {desk} is told: {}.", notice_words(notice))
        }
    }
}

const fn card(change: CardChange) -> &'static str {
    match change {
        CardChange::MessageAdded => "The message is added to the callback's card.",
        CardChange::TurnedLoud => "The soft callback turns loud.",
        CardChange::Asked => "The card says that the customer asks for the call.",
        CardChange::TurnedUrgent => "The callback moves to the head of the queue.",
        CardChange::Claimed => "The card says who has the callback.",
        CardChange::Released => "The callback is due again: its claim was given up.",
        CardChange::Scheduled => "The card says for when the call is promised.",
        CardChange::DueAgain => "The callback is due again: its time has come.",
        CardChange::Thanked => "The card says that the customer thanked us.",
        CardChange::WantsText => "The card says that the customer wants to stay in text.",
    }
}

fn notice_words(notice: &Notice) -> String {
    match notice {
        Notice::DoNotCall => {
            "the customer asks for a call but is on the do-not-call list".to_owned()
        }
        Notice::SupervisorInText => "a supervisor should join in text".to_owned(),
        Notice::Flagged { rule } => format!("your rule {rule} matches"),
        Notice::HidePost => "confidential data stands in public, hide the post".to_owned(),
        Notice::AnswerDue => "the customer waits for our answer".to_owned(),
        Notice::AnswerOverdue => "the customer still waits, for a supervisor".to_owned(),
        Notice::CheckBack => "look whether it is done".to_owned(),
    }
}
