//! What the chat page sends: a new chat, a message, that its customer is typing.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use serde::{Deserialize, Serialize};

use super::{
    access::{Chat, ChatChannel},
    lines::{Line, message_id},
    restraint::Restraint,
};
use crate::{
    domain::{
        ids::{MessageId, ThreadId, ThreadKey},
        message::{MAX_TYPED, Message, Party, Visibility},
        private::Private,
    },
    engine::{Receipt, SubmitError},
    store::{StoreError, rows::webchat::ChatHash},
    web::{Parts, api::problem::Problem, caller::Caller, token::Token},
};

/// The header that names a message before it has an id.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A new chat.
#[derive(Debug, Serialize)]
pub(super) struct Started {
    /// Opens it. Shown once; only its hash is kept.
    token: String,
}

/// Starts a chat.
pub(super) async fn start(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    caller: Caller,
    ChatChannel(channel): ChatChannel,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Started>), Problem> {
    wants_json(&headers)?;
    restraint.start(caller)?;
    let failed =
        || Problem::of_status(StatusCode::SERVICE_UNAVAILABLE).detail("no chat can be started now");
    let token = Token::generate().map_err(|_| failed())?;
    // Beside the token, so that who sees the thread's id cannot open the chat.
    let thread = ThreadId::parse(&format!("{:032x}", rand::random::<u128>()));
    let thread = ThreadKey {
        channel,
        thread: thread.map_err(|_| failed())?,
    };
    let hash = ChatHash(token.sha256());
    let kept = parts.engine.start_chat(hash, thread).await;
    kept?;
    let token = token.reveal().to_owned();
    Ok((StatusCode::CREATED, Json(Started { token })))
}

/// A message as the page sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    text: Private<String>,
}

/// Takes a message of the customer in, and answers with the line as it is kept.
pub(super) async fn message(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    Chat(chat): Chat,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Line>, Problem> {
    restraint.message(chat.id)?;
    wants_json(&headers)?;
    let id = id_of(&headers)?;
    let text = text_of(&body)?;
    let message = Message {
        thread: chat.thread.clone(),
        id: id.clone(),
        from: Party::Customer,
        author: None,
        text,
        at: parts.clock.arrival(),
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    };
    let receipts = parts.engine.submit(vec![message]).await.map_err(refusal)?;
    if let Some(Receipt::Rejected(reason)) = receipts.first() {
        let title = "Not processed";
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "failed", title);
        return Err(problem.detail(reason.to_string()));
    }
    let line = parts.engine.store().chat_line(chat.thread, id).await;
    line.and_then(|line| line.ok_or(StoreError::Corrupt("messages")))
        .map(|line| Json(line.into()))
        .map_err(|error| Problem::storage(&error))
}

/// Tells the desk that the customer is typing.
pub(super) async fn typing(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    Chat(chat): Chat,
) -> StatusCode {
    if restraint.may_tell_typing(chat.id) {
        parts.engine.typing(&chat.thread, Party::Customer);
    }
    StatusCode::NO_CONTENT
}

/// Anything but JSON could be sent by a foreign page's form.
pub(super) fn wants_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    });
    if is_json {
        Ok(())
    } else {
        Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .detail("send Content-Type: application/json"))
    }
}

fn id_of(headers: &HeaderMap) -> Result<MessageId, Problem> {
    let key = headers.get(IDEMPOTENCY_KEY);
    key.and_then(|key| key.to_str().ok())
        .and_then(|key| message_id(key).ok())
        .ok_or_else(|| {
            Problem::of_status(StatusCode::BAD_REQUEST).detail(
                "send Idempotency-Key: 1 to 64 letters, digits, `-` and `_`, other ones for each message",
            )
        })
}

fn text_of(body: &[u8]) -> Result<Private<String>, Problem> {
    // What was sent may be what a customer wrote, so the parser's words are not passed on.
    let sent: Sent = serde_json::from_slice(body).map_err(|_| {
        Problem::of_status(StatusCode::BAD_REQUEST).detail("send {\"text\": \"…\"}")
    })?;
    let wrong = |kind, title, detail: String| {
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, kind, title)
            .detail(detail)
            .field("text"))
    };
    let text = sent.text.reveal();
    if text.trim().is_empty() {
        wrong("empty", "Nothing in it", "`text` is empty".to_owned())
    } else if text.chars().count() > MAX_TYPED {
        let detail = format!("`text` must be at most {MAX_TYPED} characters long");
        wrong("too-long", "Too long", detail)
    } else {
        Ok(sent.text)
    }
}

fn refusal(error: SubmitError) -> Problem {
    match error {
        SubmitError::Busy { retry_after } => {
            Problem::busy("too many messages wait to be written; send this one again later")
                .retry_after(retry_after)
        }
        // Only an answer from the desk wants a thread that is there.
        SubmitError::Stopping => Problem::stopping(),
        SubmitError::Storage(error) => Problem::storage(&error),
    }
}
