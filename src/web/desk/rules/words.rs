//! What the desk would be told of a message, in plain words.

use crate::domain::{
    callback::CallbackEnd,
    decision::{CardChange, Effect, Notice, Utterance},
};

/// What the desk is told; `None` of what the customer is told.
pub(super) fn told(effect: &Effect) -> Option<String> {
    let told = match effect {
        Effect::PromptDesk { desk, .. } => format!("A callback appears on desk {desk}."),
        Effect::UpdateCard { change, .. } => card(*change).to_owned(),
        Effect::CloseCard { end, .. } => match end {
            CallbackEnd::Withdrawn => "The callback is withdrawn.".to_owned(),
            CallbackEnd::Exhausted => "The callback is exhausted.".to_owned(),
            CallbackEnd::Done { .. } | CallbackEnd::KeptTyping { .. } => {
                "The callback has ended.".to_owned()
            }
        },
        Effect::Speak(_) => return None,
        Effect::TellDesk { notice, desk } => {
            format!("Desk {desk} is told: {}.", notice_words(notice))
        }
    };
    Some(told)
}

/// What the desk is told where Ringback has no words of its own.
pub(super) fn say_yourself(utterance: Utterance) -> String {
    let notice = Notice::SayYourself { utterance };
    format!("The desk is told: {}.", notice_words(&notice))
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
        CardChange::TimeChosen => "The card says when the customer wants to be rung.",
        CardChange::Reminded => "The desk is reminded of the callback.",
        CardChange::Renewed => "The card says that its agent is still on it.",
        CardChange::HandedOver => "The callback is the next shift's.",
        CardChange::NoAnswer => "The card says that nobody answered.",
        CardChange::WrongNumber => "The card says that the number was wrong.",
        CardChange::NumberFound => "The card shows the number to ring.",
        CardChange::DoNotCall => "The card says that the customer must not be rung.",
        CardChange::Parked => "An incident holds the callback back.",
        CardChange::Unparked => "The callback is held back no more.",
    }
}

fn notice_words(notice: &Notice) -> String {
    match notice {
        Notice::DoNotCall => {
            "a call is asked for or due, but the customer is on the do-not-call list".to_owned()
        }
        Notice::SupervisorInText => "a supervisor should join in text".to_owned(),
        Notice::Flagged { rule } => format!("your rule {rule} matches"),
        Notice::HidePost => "confidential data stands in public, hide the post".to_owned(),
        Notice::AnswerDue => "the customer waits for our answer".to_owned(),
        Notice::AnswerOverdue => "the customer still waits, for a supervisor".to_owned(),
        Notice::AskedForIdentity { .. } => {
            "you asked for identity data, which has no place in a chat".to_owned()
        }
        Notice::SayYourself { utterance } => {
            format!("please tell the customer: {}", utterance_words(*utterance))
        }
        Notice::FormSubmitted { .. } => "the customer has filled a form in".to_owned(),
        Notice::CheckExpired { .. } => {
            "nobody checked in time what the customer filled in; it is deleted".to_owned()
        }
        Notice::ReplyReturned => "an answer that was held went back to its agent".to_owned(),
        Notice::CheckBack => "look whether it is done".to_owned(),
        Notice::CallUnclaimed => "nobody has claimed the callback".to_owned(),
        Notice::CallOverdue => "still nobody has claimed the callback, for a supervisor".to_owned(),
        Notice::UrgentOnCall => "an urgent callback while the desk is closed".to_owned(),
        Notice::ClaimSilent { .. } => "is its agent still on the callback?".to_owned(),
        Notice::ClaimReleased { .. } => "a silent claim was taken back".to_owned(),
        Notice::CallExhausted => "nobody answered, a supervisor has it".to_owned(),
        Notice::Dissatisfied => "the call did not help".to_owned(),
        Notice::NotDelivered { certain: true, .. } => "a message did not arrive".to_owned(),
        Notice::NotDelivered { certain: false, .. } => "a message may not have arrived".to_owned(),
        Notice::Blocked => "the customer has blocked the bot".to_owned(),
    }
}

const fn utterance_words(utterance: Utterance) -> &'static str {
    match utterance {
        Utterance::DataHidden => "what was confidential is hidden",
        Utterance::IdentityNeeded => "this needs an identity check",
        Utterance::DetailsAsked => "which number and time suit for a call",
        Utterance::FormSubmitted => "the form has arrived",
        Utterance::IdentityVerified => "the identity check is done",
        Utterance::CallComing => "somebody is about to ring",
        Utterance::CallWaits => "we ring later, and when",
        Utterance::CallScheduled => "we ring at the promised time",
        Utterance::CallLate => "the call takes longer",
        Utterance::NoAnswer => "we rang and nobody answered",
        Utterance::WrongNumber => "the number was not theirs",
        Utterance::CallExhausted => "we could not reach them",
        Utterance::IncidentStatus => "how the disturbance stands",
        Utterance::VideoOffered => "a video call instead",
        Utterance::SatisfactionAsked => "whether the call helped",
    }
}
