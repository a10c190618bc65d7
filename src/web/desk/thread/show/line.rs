//! One message with all that stands beside it.

use super::{
    count::{Count, Walk},
    masked::{Piece, pieces},
};
use crate::{
    domain::{
        decision::Action,
        ids::AccountName,
        message::{Message, Party, Visibility},
        reading::{Correction, Language},
        record::ClosingName,
        time::Timestamp,
    },
    store::rows::{
        MessageRow,
        chat::{Carried, CarriedState},
        desk::{CorrectionRow, DeskLine},
    },
    web::desk::{
        judged::{Judgement, judgements},
        words,
    },
};

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web::desk::thread) struct Line {
    /// Its id within the thread.
    pub(in crate::web::desk::thread) id: String,
    /// Its place on the page, which never changes: only letters, digits and `-`.
    pub(in crate::web::desk::thread) anchor: String,
    /// Who wrote it.
    pub(in crate::web::desk::thread) from: Party,
    /// Their handle or name; where none is known, what they are.
    pub(in crate::web::desk::thread) who: String,
    /// When it was written.
    pub(in crate::web::desk::thread) at: Timestamp,
    /// Everybody can see it.
    pub(in crate::web::desk::thread) public: bool,
    /// It came later than newer ones.
    pub(in crate::web::desk::thread) late: bool,
    /// When its author changed it.
    pub(in crate::web::desk::thread) edited_at: Option<Timestamp>,
    /// What was written, masked.
    pub(in crate::web::desk::thread) text: Vec<Piece>,
    /// What came with it, where the text does not say so.
    pub(in crate::web::desk::thread) attachment: Option<&'static str>,
    /// How far it has come, until it has arrived.
    pub(in crate::web::desk::thread) journey: Option<Journey>,
    /// Its place in the count.
    pub(in crate::web::desk::thread) count: Count,
    /// What else was done, each in a few words.
    pub(in crate::web::desk::thread) also: Vec<&'static str>,
    /// One of us asks for identity data in it, where such data has no place.
    pub(in crate::web::desk::thread) asked_for_identity: bool,
    /// What was understood; none of a bot's message.
    pub(in crate::web::desk::thread) reading: Vec<Judgement>,
    /// The language that it is in, for whoever shows or speaks it.
    pub(in crate::web::desk::thread) tag: Option<Language>,
    /// The language that it was read in, in words.
    pub(in crate::web::desk::thread) language: Option<String>,
    /// What was decided.
    pub(in crate::web::desk::thread) decided: Decided,
    /// The newest correction.
    pub(in crate::web::desk::thread) corrected: Option<Corrected>,
    /// The corrections that make sense now.
    pub(in crate::web::desk::thread) offers: Vec<Offer>,
}

impl Line {
    /// Whether its writer may have it sent again.
    pub(in crate::web::desk::thread) const fn may_go_again(&self) -> bool {
        matches!(self.journey, Some(Journey::Failed(_) | Journey::Unknown))
    }

    /// The class of its party.
    pub(in crate::web::desk::thread) const fn party(&self) -> &'static str {
        party(self.from)
    }
}

/// How far a message of ours has come that has not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) enum Journey {
    /// Nothing is wrong.
    OnItsWay,
    /// It will not arrive; why, in words.
    Failed(String),
    /// Nobody knows.
    Unknown,
}

/// What was decided of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Decided {
    /// The rule, in words.
    pub(in crate::web::desk::thread) rule: String,
    /// The actions, in words.
    pub(in crate::web::desk::thread) actions: String,
    /// Why.
    pub(in crate::web::desk::thread) reason: String,
    /// The case and the exchange.
    pub(in crate::web::desk::thread) place: String,
    /// How sure it was thanks, such as `2 %`; only of a customer's message.
    pub(in crate::web::desk::thread) thanks: Option<String>,
    /// The rules file that decided.
    pub(in crate::web::desk::thread) version: String,
}

/// A correction and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Corrected {
    /// What the agent said.
    pub(in crate::web::desk::thread) said: &'static str,
    /// Who.
    pub(in crate::web::desk::thread) by: AccountName,
    /// When.
    pub(in crate::web::desk::thread) at: Timestamp,
    /// What was done then, in words.
    pub(in crate::web::desk::thread) came: String,
}

/// A correction that an agent can make with one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::desk::thread) struct Offer {
    /// The form's word for it.
    pub(in crate::web::desk::thread) value: &'static str,
    /// What the button says.
    pub(in crate::web::desk::thread) label: &'static str,
}

/// The place on the page of the message of that id.
pub(in crate::web::desk) fn anchor(id: &str) -> String {
    format!("m-{}", hex::encode(id))
}

/// A message in its place.
pub(super) fn line<'a>(walk: &mut Walk<'a>, line: &'a DeskLine) -> Line {
    let message = &line.message;
    let decided = &line.decision;
    let (count, late) = walk.next(line);
    let reading = decided.reading.as_ref();
    Line {
        id: message.id.to_string(),
        anchor: anchor(message.id.as_str()),
        from: message.from,
        who: who(message),
        at: message.at,
        public: message.visibility == Visibility::Public,
        late,
        edited_at: message.edited_at,
        text: pieces(message.text.reveal()),
        attachment: attachment(message),
        journey: line.carried.as_ref().and_then(journey),
        count,
        also: decided.actions.iter().copied().filter_map(also).collect(),
        asked_for_identity: message.from == Party::Agent
            && decided.actions.contains(&Action::FlagIdentity),
        reading: reading.map_or_else(Vec::new, |read| judgements(read, &line.evidence)),
        tag: reading.map(|read| read.language).or(message.language),
        language: reading.map(|read| words::language(read.language.as_str()).to_owned()),
        decided: told(line),
        corrected: line.correction.as_ref().map(corrected),
        offers: offers(line),
    }
}

fn attachment(message: &MessageRow) -> Option<&'static str> {
    let kind = message.attachment?;
    (message.text.reveal() != kind.in_brackets()).then(|| words::attachment(kind))
}

fn journey(carried: &Carried) -> Option<Journey> {
    match carried.state {
        CarriedState::Arrived => None,
        CarriedState::Waiting => Some(Journey::OnItsWay),
        CarriedState::Failed => {
            let why = carried.reason.as_deref();
            Some(Journey::Failed(words::sentence(
                why.unwrap_or("nobody knows why"),
            )))
        }
        CarriedState::Unknown => Some(Journey::Unknown),
    }
}

/// The class of a party.
pub(super) const fn party(party: Party) -> &'static str {
    match party {
        Party::Customer => "customer",
        Party::Agent => "agent",
        Party::Bot => "bot",
    }
}

fn who(message: &MessageRow) -> String {
    let what = match message.from {
        Party::Customer => "Customer",
        Party::Agent => "Agent",
        Party::Bot if message.id.as_str().starts_with(Message::OF_RINGBACK) => "Ringback",
        Party::Bot => "Automatic message",
    };
    let author = message.author.as_ref();
    author.map_or_else(|| what.to_owned(), |author| author.reveal().to_owned())
}

/// What an agent should see at once besides the count.
const fn also(action: Action) -> Option<&'static str> {
    match action {
        Action::WarnIdentity => Some("identity check needed: say so up front"),
        Action::Mask | Action::FlagIdentity | Action::WithdrawCallback | Action::Reopen => {
            Some(words::action(action))
        }
        // The count says these.
        Action::HoldText | Action::Resolve | Action::Wait | Action::Callback => None,
    }
}

fn told(line: &DeskLine) -> Decided {
    let decided = &line.decision;
    let mut actions = words::actions(&decided.actions);
    if decided.soft {
        actions.push_str(" (soft)");
    }
    let percent = (decided.confidence.closing * 100.0).round();
    Decided {
        rule: words::rule(&decided.rule),
        actions,
        reason: words::sentence(&decided.reason),
        place: match decided.case {
            0 => "before any case".to_owned(),
            case => format!("case {case}, exchange {}", decided.exchange),
        },
        thanks: (line.message.from == Party::Customer).then(|| format!("{percent} %")),
        version: line.rules_version.to_string(),
    }
}

fn corrected(row: &CorrectionRow) -> Corrected {
    let decided = &row.decision;
    let came = match row.correction {
        Correction::NotSecret => "Kept as an example.".to_owned(),
        _ if decided.actions.is_empty() => words::sentence(&decided.reason),
        _ => words::sentence(&words::actions(&decided.actions)),
    };
    Corrected {
        said: words::correction(row.correction),
        by: row.by.clone(),
        at: row.at,
        came,
    }
}

/// Only a customer's message can be corrected; what it is read as by now tells how.
fn offers(line: &DeskLine) -> Vec<Offer> {
    if line.message.from != Party::Customer {
        return Vec::new();
    }
    let corrected = line.correction.as_ref();
    let newest = corrected.map_or(&line.decision, |row| &row.decision);
    let Some(reading) = &newest.reading else {
        return Vec::new();
    };
    let thanks = if reading.closing == Some(ClosingName::Thanks) {
        Offer {
            value: "not_thanks",
            label: "Not thanks",
        }
    } else {
        Offer {
            value: "thanks",
            label: "This was thanks",
        }
    };
    let masked = line.decision.actions.contains(&Action::Mask)
        && corrected.is_none_or(|row| row.correction != Correction::NotSecret);
    let secret = masked.then_some(Offer {
        value: "not_secret",
        label: "Not secret",
    });
    std::iter::once(thanks).chain(secret).collect()
}
