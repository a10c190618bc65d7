//! SPEC's replay format, a stable contract: a message as the world hands it in, and a decision as
//! the world sees it. One line of `replay`, one item of the API.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    decision::{Action, RuleName, Verdict},
    ids::{Author, ChannelName, InvalidId, MessageId, Tag, ThreadId, ThreadKey, Topic},
    message::{MAX_TEXT_BYTES, Message, Party, Visibility},
    private::Private,
    reading::{Closing, Identity, Language, Reading, SensitiveSpan, TextWish},
    time::Timestamp,
};

/// A message as the world hands it in, not yet checked. Unknown keys are ignored, null is absent.
///
/// The fields are loose on purpose: serde's own errors quote the value they choke on, and a
/// message's text must never reach an error.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = Message, description = "One message. Unknown keys are ignored, null is absent.")]
pub struct MessageRecord {
    /// One of the settings' channels.
    #[schema(value_type = String, required = true, example = "chat")]
    channel: Option<Private<Value>>,
    /// The conversation, at most 256 bytes.
    #[schema(value_type = String, required = true, example = "t1")]
    thread: Option<Private<Value>>,
    /// The message's own id within the thread, at most 256 bytes.
    #[schema(value_type = String, required = true, example = "m1")]
    id: Option<Private<Value>>,
    /// Who wrote it.
    #[schema(value_type = Party, required = true)]
    from: Option<Private<Value>>,
    /// The writer's handle.
    #[schema(value_type = String, required = false, example = "@kim")]
    author: Option<Private<Value>>,
    /// What was written.
    #[schema(value_type = String, required = true, example = "My bill is wrong")]
    text: Option<Private<Value>>,
    /// When it was written; when it arrived unless said.
    #[schema(value_type = String, format = DateTime, required = false)]
    at: Option<Private<Value>>,
    /// Who can see it; `private` unless said.
    #[schema(value_type = Visibility, required = false)]
    visibility: Option<Private<Value>>,
    /// Its language as BCP 47, detected unless said.
    #[schema(value_type = String, required = false, example = "en")]
    lang: Option<Private<Value>>,
    /// Marks that the rules can look for.
    #[schema(value_type = Vec<String>, required = false)]
    tags: Option<Private<Value>>,
}

/// Why a message cannot be taken. Names the field, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {problem}")]
pub struct InvalidMessage {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It must be there.
    #[error("is missing")]
    Missing,
    /// It must be a string.
    #[error("must be a string")]
    NotText,
    /// It must be a list of strings.
    #[error("must be a list of strings")]
    NotTexts,
    /// It is none of the words allowed.
    #[error("must be {0}")]
    NotOneOf(&'static str),
    /// It is not a valid id.
    #[error("{0}")]
    Id(#[from] InvalidId),
    /// It is not a point in time.
    #[error("must be a time such as 2026-01-05T10:00:00Z")]
    NotTime,
    /// It is not a language.
    #[error("must be a language tag such as en or pt-BR")]
    NotLanguage,
    /// It is too long.
    #[error("must be at most {MAX_TEXT_BYTES} bytes long")]
    TooLong,
    /// It lies ahead of the clock.
    #[error("must not be more than {minutes} minutes ahead of now")]
    Ahead {
        /// How far ahead is allowed.
        minutes: u32,
    },
    /// The settings know no such channel.
    #[error("names no channel of the settings")]
    UnknownChannel,
}

impl MessageRecord {
    /// Builds a record from texts that are not JSON, such as a CSV row; empty is absent. `tags`
    /// are separated by spaces.
    #[must_use]
    pub fn from_texts<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut record = Self::default();
        for (name, text) in fields.filter(|(_, text)| !text.is_empty()) {
            let value = Some(Private::new(Value::String(text.to_owned())));
            match name {
                "channel" => record.channel = value,
                "thread" => record.thread = value,
                "id" => record.id = value,
                "from" => record.from = value,
                "author" => record.author = value,
                "text" => record.text = value,
                "at" => record.at = value,
                "visibility" => record.visibility = value,
                "lang" => record.lang = value,
                "tags" => {
                    let tags = text.split_whitespace().map(Value::from).collect();
                    record.tags = Some(Private::new(Value::Array(tags)));
                }
                _ => {}
            }
        }
        record
    }

    /// Checks every field. `id` and `at` give the values of absent ones.
    ///
    /// # Errors
    /// The first field that is missing or wrong.
    pub fn into_message(
        self,
        id: impl FnOnce() -> Option<MessageId>,
        at: impl FnOnce(&ThreadKey) -> Timestamp,
    ) -> Result<Message, InvalidMessage> {
        let thread = thread_key(self.channel, self.thread)?;
        let given = text_of(self.id).map_err(fail("id"))?;
        let id = match given {
            Some(text) => MessageId::parse(&text)
                .map_err(Problem::Id)
                .map_err(fail("id"))?,
            None => id().ok_or(Problem::Missing).map_err(fail("id"))?,
        };
        let from = required(self.from)
            .and_then(|text| party(&text))
            .map_err(fail("from"))?;
        let author = text_of(self.author)
            .and_then(|text| Ok(text.map(|text| Author::parse(&text)).transpose()?))
            .map_err(fail("author"))?;
        let text = message_text(self.text)?;
        let at = time(self.at)?.unwrap_or_else(|| at(&thread));
        let visibility = text_of(self.visibility)
            .and_then(|text| text.map_or(Ok(Visibility::Private), |text| visibility(&text)))
            .map_err(fail("visibility"))?;
        let language = text_of(self.lang)
            .and_then(|text| {
                text.map(|text| Language::parse(&text).ok_or(Problem::NotLanguage))
                    .transpose()
            })
            .map_err(fail("lang"))?;
        let tags = tags_of(self.tags).map_err(fail("tags"))?;
        Ok(Message {
            thread,
            id,
            from,
            author,
            text,
            at,
            visibility,
            language,
            tags,
            attachment: None,
        })
    }
}

/// The thread that `channel` and `thread` name.
pub(super) fn thread_key(
    channel: Option<Private<Value>>,
    thread: Option<Private<Value>>,
) -> Result<ThreadKey, InvalidMessage> {
    let channel = required(channel)
        .and_then(|text| Ok(ChannelName::parse(&text)?))
        .map_err(fail("channel"))?;
    let thread = required(thread)
        .and_then(|text| Ok(ThreadId::parse(&text)?))
        .map_err(fail("thread"))?;
    Ok(ThreadKey { channel, thread })
}

/// What `text` says.
pub(super) fn message_text(
    text: Option<Private<Value>>,
) -> Result<Private<String>, InvalidMessage> {
    let text = required(text).map_err(fail("text"))?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(fail("text")(Problem::TooLong));
    }
    Ok(Private::new(text))
}

/// When `at` is, if it is given.
pub(super) fn time(at: Option<Private<Value>>) -> Result<Option<Timestamp>, InvalidMessage> {
    text_of(at)
        .and_then(|text| {
            text.map(|text| text.parse().map_err(|_| Problem::NotTime))
                .transpose()
        })
        .map_err(fail("at"))
}

pub(super) fn fail(field: &'static str) -> impl Fn(Problem) -> InvalidMessage {
    move |problem| InvalidMessage { field, problem }
}

fn text_of(value: Option<Private<Value>>) -> Result<Option<String>, Problem> {
    match value.map(Private::into_revealed) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::NotText),
    }
}

pub(super) fn required(value: Option<Private<Value>>) -> Result<String, Problem> {
    text_of(value)?.ok_or(Problem::Missing)
}

fn tags_of(value: Option<Private<Value>>) -> Result<Vec<Tag>, Problem> {
    match value.map(Private::into_revealed) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(tags)) => tags
            .into_iter()
            .map(|tag| match tag {
                Value::String(tag) => Ok(Tag::parse(&tag)?),
                _ => Err(Problem::NotTexts),
            })
            .collect(),
        Some(_) => Err(Problem::NotTexts),
    }
}

fn party(text: &str) -> Result<Party, Problem> {
    match text {
        "customer" => Ok(Party::Customer),
        "agent" => Ok(Party::Agent),
        "bot" => Ok(Party::Bot),
        _ => Err(Problem::NotOneOf("`customer`, `agent` or `bot`")),
    }
}

fn visibility(text: &str) -> Result<Visibility, Problem> {
    match text {
        "public" => Ok(Visibility::Public),
        "private" => Ok(Visibility::Private),
        _ => Err(Problem::NotOneOf("`public` or `private`")),
    }
}

/// One decision. The keys stand in the order of SPEC's example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionRecord {
    /// The channel.
    #[schema(value_type = String)]
    pub channel: ChannelName,
    /// The thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// The message.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// The exchange it falls in; 0 before the customer's first.
    pub exchange: u32,
    /// The case it falls in; 0 before any.
    pub case: u32,
    /// What is done, in SPEC's order.
    pub actions: Vec<Action>,
    /// The callback that opened is soft.
    pub soft: bool,
    /// The rule that decided.
    #[schema(value_type = String)]
    pub rule: RuleName,
    /// Why, in plain words.
    pub reason: String,
    /// What was understood; `None` for a bot's line.
    pub reading: Option<ReadingRecord>,
    /// How sure.
    pub confidence: Confidence,
}

/// A reading as the world sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Reading)]
pub struct ReadingRecord {
    /// `thanks`, `waiting` or null.
    pub closing: Option<ClosingName>,
    /// Asks for a call.
    pub wants_call: bool,
    /// Wishes to stay in text.
    pub wants_text: Option<TextWish>,
    /// Not solved.
    pub unsolved: bool,
    /// Only answers.
    pub answers: bool,
    /// Identity data.
    pub identity: Option<Identity>,
    /// Sensitive spans of the text as received.
    pub sensitive: Vec<SensitiveSpan>,
    /// Has an urgent word.
    pub urgent: bool,
    /// The contact reason.
    #[schema(value_type = Option<String>)]
    pub topic: Option<Topic>,
    /// The language.
    #[schema(value_type = String)]
    pub language: Language,
}

/// [`Closing`] without whom the customer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Closing)]
pub enum ClosingName {
    /// Thanks.
    Thanks,
    /// Waiting.
    Waiting,
}

/// Probabilities, 0 to 1, rounded to two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Confidence {
    /// Of `closing` being `thanks`.
    pub closing: f64,
}

impl DecisionRecord {
    /// The record of a message that was decided.
    #[must_use]
    pub fn new(message: &Message, reading: &Reading, verdict: Verdict) -> Self {
        let is_bot = message.from == Party::Bot;
        let closing = f64::from(if is_bot {
            0.0
        } else {
            reading.thanks_probability
        });
        Self {
            channel: message.thread.channel.clone(),
            thread: message.thread.thread.clone(),
            id: message.id.clone(),
            exchange: verdict.exchange,
            case: verdict.case,
            actions: verdict.actions,
            soft: verdict.soft,
            rule: verdict.rule,
            reason: verdict.reason,
            reading: (!is_bot).then(|| ReadingRecord::from(reading)),
            confidence: Confidence {
                closing: (closing * 100.0).round() / 100.0,
            },
        }
    }

    /// The record of a repetition: the first one's numbers, and nothing done.
    #[must_use]
    pub fn duplicate(message: &Message, reading: &Reading, exchange: u32, case: u32) -> Self {
        let verdict = Verdict {
            exchange,
            case,
            actions: Vec::new(),
            soft: false,
            rule: RuleName::Duplicate,
            reason: "this message was received before".to_owned(),
            lapsed: false,
        };
        Self::new(message, reading, verdict)
    }
}

impl From<&Reading> for ReadingRecord {
    fn from(reading: &Reading) -> Self {
        Self {
            closing: reading.closing.map(|closing| match closing {
                Closing::Thanks => ClosingName::Thanks,
                Closing::Waiting(_) => ClosingName::Waiting,
            }),
            wants_call: reading.wants_call,
            wants_text: reading.wants_text,
            unsolved: reading.unsolved,
            answers: reading.answers,
            identity: reading.identity,
            sensitive: reading.sensitive.clone(),
            urgent: reading.urgent,
            topic: reading.topic.clone(),
            language: reading.language,
        }
    }
}
