//! Labelled messages and threads: one line of JSON becomes what is to be read and what is true of
//! it. Takes the labels of our own corpus and those of public sets. A message about a bad line
//! never repeats what stands in it.

use serde_json::{Map, Value};

use crate::domain::{message::Party, private::Private, reading::Head};

/// The heads that are measured, in the order in which they are shown, with their names in files.
pub const HEADS: [(Head, &str); 7] = [
    (Head::Thanks, "thanks"),
    (Head::Waiting, "waiting"),
    (Head::WantsCall, "wants_call"),
    (Head::WantsText, "wants_text"),
    (Head::Unsolved, "unsolved"),
    (Head::Answers, "answers"),
    (Head::Identity, "identity"),
];

/// What `closing` can be, in the order in which it is shown.
pub const CLOSINGS: [&str; 3] = ["thanks", "waiting", "none"];

/// What a line holds.
#[derive(Debug)]
pub enum Labelled {
    /// One message, with what the other side said before it.
    Message(Example),
    /// A thread, of which some of the customer's turns are labelled.
    Thread(Thread),
    /// People could disagree about it (`borderline`), so it is not measured.
    LeftOut,
}

/// A labelled message.
#[derive(Debug)]
pub struct Example {
    /// Who wrote it.
    pub party: Party,
    /// The text.
    pub text: Private<String>,
    /// What the other side said before it.
    pub before: Option<Private<String>>,
    /// What is true of it.
    pub truth: Truth,
    /// Where it is counted.
    pub group: Group,
}

/// A labelled thread.
#[derive(Debug)]
pub struct Thread {
    /// Who wrote what, in order.
    pub messages: Vec<(Party, Private<String>)>,
    /// The customer's turns that have labels: which one (the second is 2) and what is true of it.
    pub turns: Vec<(usize, Truth)>,
    /// Where it is counted.
    pub group: Group,
}

/// What a message is counted under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its language's tag; `und` where the line gives none.
    pub language: String,
    /// Its `slice`, else its `source`.
    pub slice: Option<String>,
}

/// What is true of a message. What is not told is not measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// The heads that are told.
    pub heads: Vec<(Head, bool)>,
    /// Which of [`CLOSINGS`] it is.
    pub closing: Option<&'static str>,
}

/// Why a line cannot be used, and how to mend it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadLine {
    /// It is no JSON.
    #[error("this is not JSON (column {0}): write one object a line")]
    NotJson(usize),
    /// It is JSON, but no object.
    #[error("this is no object: write {{\"party\":…,\"text\":…,\"labels\":{{…}}}}")]
    NotAnObject,
    /// A key that is needed is not there.
    #[error("`{0}` is missing: give {1}")]
    Missing(&'static str, &'static str),
    /// A key's value is none that it can have.
    #[error("`{0}` must be {1}")]
    Wrong(&'static str, &'static str),
}

type Object = Map<String, Value>;

impl Labelled {
    /// Reads one line.
    ///
    /// # Errors
    /// When it is not in one of the two forms.
    pub fn parse(line: &str) -> Result<Self, BadLine> {
        let value: Value =
            serde_json::from_str(line).map_err(|error| BadLine::NotJson(error.column()))?;
        let row = value.as_object().ok_or(BadLine::NotAnObject)?;
        if row.contains_key("turns") {
            return thread(row);
        }
        let labels = row.get("labels").ok_or(BadLine::Missing(
            "labels",
            "an object of labels, such as {\"closing\":\"thanks\"}",
        ))?;
        let labels = labels
            .as_object()
            .ok_or(BadLine::Wrong("labels", "an object"))?;
        let (party, text) = said(row)?;
        let before = text_of(row, "prev")?.map(|text| Private::new(text.to_owned()));
        let group = Group::of(row)?;
        if flag(labels, "borderline")? == Some(true) {
            return Ok(Self::LeftOut);
        }
        Ok(Self::Message(Example {
            party,
            text,
            before,
            truth: Truth::of(party, labels)?,
            group,
        }))
    }
}

fn thread(row: &Object) -> Result<Labelled, BadLine> {
    let turns = row.get("turns").and_then(Value::as_array);
    let turns = turns.ok_or(BadLine::Wrong(
        "turns",
        "a list of {\"party\":…,\"text\":…}",
    ))?;
    let messages = turns.iter().map(|turn| {
        let turn = turn.as_object();
        said(turn.ok_or(BadLine::Wrong("turns", "a list of objects"))?)
    });
    let messages = messages.collect::<Result<_, _>>()?;
    let gold = row.get("gold").ok_or(BadLine::Missing(
        "gold",
        "an object of labels, such as {\"third_closing_thanks\":true}",
    ))?;
    let gold = gold
        .as_object()
        .ok_or(BadLine::Wrong("gold", "an object"))?;
    let group = Group::of(row)?;
    if flag(gold, "borderline")? == Some(true) {
        return Ok(Labelled::LeftOut);
    }
    let named = [
        (2, "second_closing_thanks", "second_fine"),
        (3, "third_closing_thanks", "third_fine"),
    ];
    let mut labelled = Vec::new();
    for (turn, thanks, fine) in named {
        let mut truth = Truth::default();
        truth.public_closing(flag(gold, thanks)?, fine_of(gold, fine)?);
        labelled.push((turn, truth));
    }
    labelled.retain(|(_, truth)| !truth.heads.is_empty());
    Ok(Labelled::Thread(Thread {
        messages,
        turns: labelled,
        group,
    }))
}

impl Group {
    fn of(row: &Object) -> Result<Self, BadLine> {
        let slice = match text_of(row, "slice")? {
            None => text_of(row, "source")?,
            slice => slice,
        };
        Ok(Self {
            language: text_of(row, "lang")?.unwrap_or("und").to_owned(),
            slice: slice.map(str::to_owned),
        })
    }
}

impl Truth {
    /// What the labels tell. A customer's wishes are not looked for in what an agent writes.
    fn of(party: Party, labels: &Object) -> Result<Self, BadLine> {
        let mut truth = Self::default();
        if party == Party::Customer {
            truth.own_closing(labels)?;
            truth.public_closing(flag(labels, "closing_thanks")?, fine_of(labels, "fine")?);
            truth.wishes(labels)?;
        }
        truth.identity(labels)?;
        Ok(truth)
    }

    fn tell(&mut self, head: Head, holds: Option<bool>) {
        self.heads.extend(holds.map(|holds| (head, holds)));
    }

    /// `closing`: here null is an answer, and only a missing label is unknown.
    fn own_closing(&mut self, labels: &Object) -> Result<(), BadLine> {
        let closing = match labels.get("closing") {
            None => return Ok(()),
            Some(Value::Null) => "none",
            Some(value) => match value.as_str() {
                Some("thanks") => "thanks",
                Some("waiting") => "waiting",
                _ => {
                    return Err(BadLine::Wrong("closing", "\"thanks\", \"waiting\" or null"));
                }
            },
        };
        self.closing = Some(closing);
        self.tell(Head::Thanks, Some(closing == "thanks"));
        self.tell(Head::Waiting, Some(closing == "waiting"));
        Ok(())
    }

    /// The public sets' `closing_thanks` and `fine`. Their other kinds of `fine` do not say
    /// whether somebody settles to wait.
    fn public_closing(&mut self, thanks: Option<bool>, fine: Option<&str>) {
        let thanks = thanks.or(fine.map(|fine| fine == "closing_thanks"));
        let closing = match (thanks, fine) {
            (Some(true), _) => Some("thanks"),
            (_, Some("thanks_pending")) => Some("waiting"),
            (_, Some("thanks_request" | "thanks_complaint")) => Some("none"),
            _ => None,
        };
        self.tell(Head::Thanks, thanks);
        self.tell(Head::Waiting, closing.map(|closing| closing == "waiting"));
        self.closing = self.closing.or(closing);
    }

    fn wishes(&mut self, labels: &Object) -> Result<(), BadLine> {
        let calls = flag(labels, "wants_call")?.or(flag(labels, "call_request")?);
        self.tell(Head::WantsCall, calls);
        let text = match labels.get("wants_text") {
            None => flag(labels, "stay_in_text")?,
            Some(Value::Null) => Some(false),
            Some(wish) => match wish.as_str() {
                Some("case" | "always") => Some(true),
                _ => {
                    return Err(BadLine::Wrong("wants_text", "\"case\", \"always\" or null"));
                }
            },
        };
        self.tell(Head::WantsText, text);
        self.tell(Head::Unsolved, flag(labels, "unsolved")?);
        self.tell(Head::Answers, flag(labels, "answers")?);
        Ok(())
    }

    /// Whether identity data is asked for or offered. An enquiry that only needs a check, or that
    /// asks what a check is for, does neither.
    fn identity(&mut self, labels: &Object) -> Result<(), BadLine> {
        let wrong = BadLine::Wrong(
            "identity",
            "null or an object whose `kind` is \"asked\", \"offered\" or \"needed\"",
        );
        let identity = match labels.get("identity") {
            None => return self.public_identity(labels),
            Some(Value::Null) => false,
            Some(identity) => match identity.get("kind").and_then(Value::as_str) {
                Some("asked" | "offered") => true,
                Some("needed") => false,
                _ => return Err(wrong),
            },
        };
        self.tell(Head::Identity, Some(identity));
        Ok(())
    }

    fn public_identity(&mut self, labels: &Object) -> Result<(), BadLine> {
        let told = match text_of(labels, "direction")? {
            Some("ask" | "offer") => Some(true),
            Some("none") => Some(false),
            Some("topic") => None,
            None => flag(labels, "verification")?,
            Some(_) => {
                return Err(BadLine::Wrong(
                    "direction",
                    "\"ask\", \"offer\", \"topic\" or \"none\"",
                ));
            }
        };
        self.tell(Head::Identity, told);
        Ok(())
    }
}

/// Who wrote what. Public sets do not always know; then it is read as a customer's.
fn said(row: &Object) -> Result<(Party, Private<String>), BadLine> {
    let wanted = "\"customer\" or \"agent\"";
    let party = match text_of(row, "party")? {
        Some("customer" | "unknown") => Party::Customer,
        Some("agent") => Party::Agent,
        Some(_) => return Err(BadLine::Wrong("party", wanted)),
        None => return Err(BadLine::Missing("party", wanted)),
    };
    let text = text_of(row, "text")?.ok_or(BadLine::Missing("text", "the message"))?;
    Ok((party, Private::new(text.to_owned())))
}

fn fine_of<'v>(labels: &'v Object, key: &'static str) -> Result<Option<&'v str>, BadLine> {
    match text_of(labels, key)? {
        Some(
            fine @ ("closing_thanks" | "thanks_pending" | "thanks_request" | "thanks_complaint"
            | "closing_no_thanks" | "other"),
        ) => Ok(Some(fine)),
        None => Ok(None),
        Some(_) => Err(BadLine::Wrong(
            key,
            "\"closing_thanks\", \"thanks_pending\", \"thanks_request\", \"thanks_complaint\", \
             \"closing_no_thanks\", \"other\" or null",
        )),
    }
}

/// A text; null is none.
fn text_of<'v>(row: &'v Object, key: &'static str) -> Result<Option<&'v str>, BadLine> {
    match row.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(BadLine::Wrong(key, "a text")),
    }
}

/// Yes or no; null is unknown.
fn flag(labels: &Object, key: &'static str) -> Result<Option<bool>, BadLine> {
    match labels.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(BadLine::Wrong(key, "true, false or null")),
    }
}

#[cfg(test)]
mod tests;
