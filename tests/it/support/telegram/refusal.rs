//! What the Bot API says when it does not do what it is asked, in its own words
//! (<https://core.telegram.org/bots/api#making-requests>).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A request that was not done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) description: String,
    pub(crate) parameters: Option<Value>,
}

/// What a method gives.
pub(crate) type Done = Result<Value, Refusal>;

impl Refusal {
    fn of(code: u16, description: String) -> Self {
        Self {
            code,
            description,
            parameters: None,
        }
    }

    pub(crate) fn bad(what: &str) -> Self {
        Self::of(400, format!("Bad Request: {what}"))
    }

    pub(crate) fn forbidden(what: &str) -> Self {
        Self::of(403, format!("Forbidden: {what}"))
    }

    pub(crate) fn conflict(what: &str) -> Self {
        Self::of(409, format!("Conflict: {what}"))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::of(401, "Unauthorized".to_owned())
    }

    pub(crate) fn not_found() -> Self {
        Self::of(404, "Not Found".to_owned())
    }

    pub(crate) fn too_large() -> Self {
        Self::of(413, "Request Entity Too Large".to_owned())
    }

    pub(crate) fn internal(code: u16) -> Self {
        let words = if code == 502 {
            "Bad Gateway"
        } else {
            "Internal Server Error"
        };
        Self::of(code, words.to_owned())
    }

    pub(crate) fn too_many(after: u64) -> Self {
        Self {
            parameters: Some(json!({ "retry_after": after })),
            ..Self::of(429, format!("Too Many Requests: retry after {after}"))
        }
    }

    pub(crate) fn moved(to: i64) -> Self {
        Self {
            parameters: Some(json!({ "migrate_to_chat_id": to })),
            ..Self::bad("group chat was upgraded to a supergroup chat")
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "ok": false, "error_code": self.code, "description": self.description,
        });
        if let Some(parameters) = &self.parameters {
            body["parameters"] = parameters.clone();
        }
        body
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).expect("a status");
        (status, axum::Json(self.body())).into_response()
    }
}
