//! The words of what a desk is told of a thread, at every desk the same.

use crate::domain::decision::{Notice, Utterance};

/// What is told of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What, in a few words.
    pub title: String,
    /// What to do.
    pub advice: &'static str,
    /// How much it presses.
    pub weight: Weight,
}

/// How much something presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// To be looked at.
    Note,
    /// To be done soon.
    Warm,
    /// To be done now.
    Urgent,
}

/// What is told of a notice. `is_own`: it is about what whoever reads it did.
#[must_use]
pub fn told(notice: &Notice, is_own: bool) -> Told {
    let (title, advice, weight) = match notice {
        Notice::AnswerDue => (
            "Waits for our answer",
            "Nobody has answered yet. Please do.",
            Weight::Warm,
        ),
        Notice::AnswerOverdue => (
            "Still waits for our answer",
            "The desk was reminded and nobody answered: a supervisor should see to it.",
            Weight::Urgent,
        ),
        Notice::CheckBack => (
            "Check back",
            "They settled to wait. See whether it is done, and tell them.",
            Weight::Note,
        ),
        Notice::HidePost => (
            "Hide the post",
            "Confidential data stands in public. Hide or delete it on the network.",
            Weight::Urgent,
        ),
        Notice::AskedForIdentity { .. } => (
            if is_own {
                "You asked for identity data"
            } else {
                "An agent asked for identity data"
            },
            "A chat is no place for it. Send the secure form, or ring instead.",
            Weight::Urgent,
        ),
        Notice::SayYourself { utterance } => (
            "Please tell the customer yourself",
            say_yourself(*utterance),
            Weight::Warm,
        ),
        Notice::FormSubmitted { .. } => (
            "A form has been filled in",
            "Look at what the customer sent.",
            Weight::Note,
        ),
        Notice::CheckExpired { .. } => (
            "An identity check is overdue",
            "Nobody checked in time what the customer sent, so it is deleted. Say so, and ask again.",
            Weight::Urgent,
        ),
        Notice::ReplyReturned => (
            "Your answer was not sent",
            "It was held, and you did not decide in time. It is back in your box.",
            Weight::Urgent,
        ),
        Notice::DoNotCall => (
            "Must not be rung",
            "A call was asked for or due, but they are on the do-not-call list. Answer in text.",
            Weight::Warm,
        ),
        Notice::SupervisorInText => (
            "A supervisor should join in text",
            "They hold to text, and it is urgent or goes on for long.",
            Weight::Warm,
        ),
        Notice::CallUnclaimed => (
            "Nobody has claimed this call",
            "It has been due for a while. Please claim it.",
            Weight::Warm,
        ),
        Notice::CallOverdue => (
            "Still nobody has claimed this call",
            "The desk was reminded and nobody took it: a supervisor should see to it.",
            Weight::Urgent,
        ),
        Notice::UrgentOnCall => (
            "Urgent, and the desk is closed",
            "You are on call: please ring them.",
            Weight::Urgent,
        ),
        Notice::ClaimSilent { .. } => (
            "Are you still on this call?",
            "Nothing has happened for a while. Say that you are, or it goes back to the queue.",
            Weight::Warm,
        ),
        Notice::ClaimReleased { .. } => (
            "A silent claim went back to the queue",
            "Its agent did not say that they were still on it.",
            Weight::Warm,
        ),
        Notice::CallExhausted => (
            "Could not be reached by phone",
            "Nobody answered, as often as we try. They were told; a supervisor should decide.",
            Weight::Urgent,
        ),
        Notice::Dissatisfied => (
            "The call did not help",
            "They said so when asked. See what is still open.",
            Weight::Urgent,
        ),
        Notice::NotDelivered { certain: true, .. } => (
            "A message did not arrive",
            "The thread says which one, and why. Send it again, or ring instead.",
            Weight::Urgent,
        ),
        Notice::NotDelivered { certain: false, .. } => (
            "A message may not have arrived",
            "It was cut off on its way. Look whether they have it, or send it again.",
            Weight::Warm,
        ),
        Notice::Blocked => (
            "Has blocked the bot",
            "Nothing that you write reaches them there. Ring them, or find another way.",
            Weight::Warm,
        ),
        Notice::Flagged { rule } => {
            return Told {
                title: format!("Flagged by the rule {rule}"),
                advice: "One of your own rules wants you to look.",
                weight: Weight::Note,
            };
        }
    };
    Told {
        title: title.to_owned(),
        advice,
        weight,
    }
}

/// What to tell a customer in Ringback's place: in private, and nothing of the data itself.
const fn say_yourself(utterance: Utterance) -> &'static str {
    match utterance {
        Utterance::DataHidden => {
            "Part of what they wrote was confidential and is hidden. Ask them kindly to send no more \
             of it here."
        }
        Utterance::IdentityNeeded => {
            "What they ask for needs an identity check. Offer them a call or the secure form, in \
             private."
        }
        Utterance::DetailsAsked => "Ask them which number to ring and when, in private.",
        Utterance::FormSubmitted => "Their form has arrived: thank them.",
        Utterance::IdentityVerified => "Their identity check went well: tell them, and go on.",
        Utterance::CallComing => {
            "Tell them that you are about to ring, on which number, and the two words that you will \
             say first."
        }
        Utterance::CallWaits => "Tell them when they will be rung.",
        Utterance::CallScheduled => "Tell them for when the call is promised.",
        Utterance::CallLate => {
            "Tell them that the call takes longer, and that it is not forgotten."
        }
        Utterance::NoAnswer => "Tell them that you rang, and ask for a better time.",
        Utterance::WrongNumber => "The number was not theirs: ask for another, in private.",
        Utterance::CallExhausted => "Tell them that you could not reach them, and how to go on.",
        Utterance::IncidentStatus => "Tell them how the disturbance stands.",
        Utterance::VideoOffered => "Offer them a video call.",
        Utterance::SatisfactionAsked => "Ask them whether the call helped.",
    }
}
