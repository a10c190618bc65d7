//! The desk's wording: every value of the vocabulary in the words that agents read. Knows no page and
//! no thread.

pub(super) use crate::desk::wording::sentence;
use crate::{
    domain::{
        decision::{Action, RuleName},
        form::FormState,
        message::Attachment,
        reading::{
            Correction, Head, Identity, IdentityKind, IdentityLevel, SensitiveSpan, SpanKind,
        },
    },
    store::rows::{CaseState, Triage},
};

/// What came with a message.
pub(super) const fn attachment(kind: Attachment) -> &'static str {
    match kind {
        Attachment::Photo => "photo",
        Attachment::Video => "video",
        Attachment::Voice => "voice message",
        Attachment::Audio => "recording",
        Attachment::Document => "file",
        Attachment::Sticker => "sticker",
        Attachment::Location => "place",
        Attachment::Contact => "contact",
        Attachment::Other => "something that only the chat can show",
    }
}

/// A kind of sensitive data.
pub(super) const fn span_kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::PaymentCard => "payment card",
        SpanKind::Iban => "IBAN",
        SpanKind::BankAccount => "bank account",
        SpanKind::NationalId => "national ID number",
        SpanKind::Passport => "passport number",
        SpanKind::BirthDate => "birth date",
        SpanKind::Password => "password",
        SpanKind::Pin => "PIN",
        SpanKind::OneTimeCode => "one-time code",
        SpanKind::Custom => "data that your own pattern finds",
        SpanKind::Phone => "phone number",
        SpanKind::Email => "e-mail address",
    }
}

/// An action, as what was done.
pub(super) const fn action(action: Action) -> &'static str {
    match action {
        Action::Mask => "confidential data hidden",
        Action::WarnIdentity => "identity check needed",
        Action::FlagIdentity => "identity data in the chat",
        Action::HoldText => "held to text",
        Action::WithdrawCallback => "callback withdrawn",
        Action::Reopen => "case reopened",
        Action::Resolve => "case solved",
        Action::Wait => "wait",
        Action::Callback => "callback",
    }
}

/// The actions in a row: `case reopened, callback`; `nothing`.
pub(super) fn actions(actions: &[Action]) -> String {
    if actions.is_empty() {
        return "nothing".to_owned();
    }
    let words: Vec<&str> = actions.iter().copied().map(action).collect();
    words.join(", ")
}

/// The rule that decided.
pub(super) fn rule(rule: &RuleName) -> String {
    let words = match rule {
        RuleName::WantsCall => "asks to be rung",
        RuleName::Urgent => "urgent words",
        RuleName::Thanks => "thanks",
        RuleName::WantsText => "wants to stay in text",
        RuleName::Waiting => "settles to wait",
        RuleName::CallbackOpen => "a callback is open",
        RuleName::Held => "held to text",
        RuleName::RuleOfThree => "rule of three",
        RuleName::Agent => "an agent chose to ring",
        RuleName::FollowUp => "a call led to another one",
        RuleName::Late => "came late",
        RuleName::Duplicate => "received before",
        RuleName::None => "none matched",
        RuleName::Admin(name) => return format!("your rule “{name}”"),
    };
    words.to_owned()
}

/// Identity data in a message, with the kinds that were found.
pub(super) fn identity(identity: Identity, spans: &[SensitiveSpan]) -> String {
    let level = match identity.level {
        IdentityLevel::Confidential => "confidential",
        IdentityLevel::Identifying => "identifying",
    };
    let what = match identity.kind {
        IdentityKind::Asked => "asks for identity data",
        IdentityKind::Offered => "offers identity data",
        IdentityKind::Needed => "needs an identity check",
    };
    let mut kinds: Vec<&str> = Vec::new();
    for span in spans {
        let kind = span_kind(span.kind);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() || identity.kind != IdentityKind::Offered {
        format!("{what} ({level})")
    } else {
        format!("{what} ({level}: {})", kinds.join(", "))
    }
}

/// What a judgement is about, where its words stand alone.
pub(super) const fn head(head: Head) -> &'static str {
    match head {
        Head::Thanks => "thanks",
        Head::NotThanks => "thanks, but",
        Head::Waiting => "waiting",
        Head::WantsCall => "wants a call",
        Head::WantsText => "wants to stay in text",
        Head::Unsolved => "not solved",
        Head::Answers => "answers us",
        Head::Identity => "identity data",
        Head::Urgent => "urgent",
        Head::Topic => "topic",
    }
}

/// What a correction says, after "said: ".
pub(super) const fn correction(correction: Correction) -> &'static str {
    match correction {
        Correction::NotThanks => "not thanks",
        Correction::Thanks => "this was thanks",
        Correction::NotSecret => "not secret",
    }
}

/// How far a form has come, with the tone of its badge.
pub(super) const fn form_state(state: FormState) -> (&'static str, &'static str) {
    match state {
        FormState::Sent => ("", "not opened yet"),
        FormState::Opened => ("badge-note", "opened"),
        FormState::Submitted => ("badge-accent", "filled in"),
        FormState::Verified => ("badge-good", "verified"),
        FormState::Failed => ("badge-urgent", "not verified"),
        FormState::Expired => ("", "expired"),
        FormState::Withdrawn => ("", "taken back"),
    }
}

/// How far an identity check has come, on a card, before the time: with the tone of its badge.
pub(super) const fn identity_check(state: FormState) -> (&'static str, &'static str) {
    match state {
        FormState::Sent => ("", "Secure form sent"),
        FormState::Opened => ("badge-note", "Secure form opened, sent"),
        FormState::Submitted => ("badge-accent", "Secure form filled in"),
        FormState::Verified => ("badge-good", "Identity verified"),
        FormState::Failed => ("badge-urgent", "Identity not verified"),
        FormState::Expired => ("", "Secure form expired"),
        FormState::Withdrawn => ("", "Secure form taken back"),
    }
}

/// How a case stands.
pub(super) const fn case(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "open",
        CaseState::Resolved => "solved",
        CaseState::Lapsed => "the customer fell silent",
    }
}

/// Where a thread stands.
pub(super) const fn triage(triage: Triage) -> &'static str {
    match triage {
        Triage::Quiet => "no customer has written yet",
        Triage::Solved => "solved",
        Triage::WaitingOnCustomer => "waiting on the customer",
        Triage::WaitingOnUs => "waiting on us",
        Triage::NeedsCall => "needs a call",
    }
}

/// A language's name where we know it, else its code.
pub(super) fn language(code: &str) -> &str {
    match code {
        "en" => "English",
        "es" => "Spanish",
        "de" => "German",
        "fr" => "French",
        "pt" => "Portuguese",
        "it" => "Italian",
        other => other,
    }
}
