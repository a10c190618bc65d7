//! What holds on a channel, as sentences.

use crate::{
    domain::time::Length,
    rules::{OnSoft, Policy, Speak},
};

/// What holds on a channel, one sentence a matter, so that two channels compare by sentence.
pub(super) fn policy(policy: &Policy) -> Vec<String> {
    let Policy {
        exchanges,
        merge_within,
        reopen_within,
        new_case_after,
        soft_wait,
        text_limit,
        answer_within,
        check_back_after,
        grace,
        mute_lasts,
        claim_within,
        claim_lease,
        attempts,
        retry_after,
        zone,
        country,
        video_url,
        ask_satisfaction,
        on_soft,
        watch,
        speak,
        desk,
    } = policy;
    vec![
        format!("A person rings the customer back at exchange {exchanges}, unless it is thanks."),
        match on_soft {
            OnSoft::Quiet => format!(
                "If the customer is merely answering us, the callback is soft: it turns loud at \
                 their next turn that is not thanks, or after {soft_wait} without our answer."
            ),
            OnSoft::Ring => {
                "It rings just as loud if the customer is merely answering us.".to_owned()
            }
            OnSoft::OneMore => "If the customer is merely answering us, it waits for their next \
                                turn that is not thanks."
                .to_owned(),
        },
        format!("Messages of one party at most {merge_within} apart are one exchange."),
        format!("A complaint within {reopen_within} of a solved case reopens it."),
        format!(
            "A customer who is silent for more than {new_case_after} after our last message \
             starts a new case."
        ),
        format!(
            "A customer who stays in text is not rung; at exchange {text_limit} a supervisor is \
             asked to join."
        ),
        format!(
            "The desk is reminded of a customer who has waited {answer_within} for our answer, \
             in its hours."
        ),
        format!("The desk looks again {check_back_after} after a customer settled to wait."),
        match grace {
            0 => "If an agent keeps typing, the count rings again at the next exchange.".to_owned(),
            1 => "If an agent keeps typing, 1 more exchange passes before the count rings again."
                .to_owned(),
            more => format!(
                "If an agent keeps typing, {more} more exchanges pass before the count rings again."
            ),
        },
        format!("An author who is no customer opens no callback for {mute_lasts}."),
        format!("Desk {desk} works the callbacks."),
        format!(
            "If nobody has claimed a callback for {claim_within}, the desk is reminded; after as \
             long again, a supervisor."
        ),
        format!(
            "An agent who has a callback and is silent for {claim_lease} is asked; after \
             {claim_within} more it is released."
        ),
        no_answer(*attempts, retry_after),
        match zone {
            Some(zone) => format!("Customers of whom nothing else is known are in {zone}."),
            None => "Customers of whom nothing else is known are where the desk is.".to_owned(),
        },
        match country {
            Some(country) => {
                format!("A phone number without a country code is one of {country}.")
            }
            None => "A phone number needs its country code.".to_owned(),
        },
        match video_url {
            Some(url) => format!("Instead of a phone call, a video call can be offered at {url}."),
            None => "No video call is offered.".to_owned(),
        },
        if *ask_satisfaction {
            "Customers are asked whether a call helped."
        } else {
            "Customers are not asked whether a call helped."
        }
        .to_owned(),
        if *watch {
            "Watch only: decisions are kept and reported, and nobody is told.".to_owned()
        } else {
            "The desk is told what is decided.".to_owned()
        },
        match speak {
            Speak::Private => "Ringback says something to customers by itself in private only.",
            Speak::Public => "Ringback says something to customers by itself, in public only what everybody may hear.",
            Speak::Never => "Ringback says nothing to customers by itself: the desk is asked to.",
        }
        .to_owned(),
    ]
}

fn no_answer(attempts: u32, retry_after: &[Length]) -> String {
    let times = match attempts {
        0 => {
            return "A call that nobody answers is not tried again: a supervisor has it."
                .to_owned();
        }
        1 => "once more".to_owned(),
        more => format!("{more} times more"),
    };
    let attempts = usize::try_from(attempts).unwrap_or(usize::MAX);
    let waits = retry_after.iter().take(attempts).map(Length::to_string);
    let after = waits.collect::<Vec<_>>().join(", ");
    let each = if attempts > retry_after.len() {
        " each"
    } else {
        ""
    };
    format!(
        "A call that nobody answers is tried {times}, after {after}{each}, at an hour at which \
         customers are rung; then a supervisor has it."
    )
}
