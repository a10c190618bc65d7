//! Errors as the API tells them: problem+json (RFC 9457). Never quotes what was sent, because
//! that may be what a customer wrote.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{domain::ids::AccountName, engine::EngineError, store::StoreError};

/// When to come back where nobody knows when it will work again.
const COME_BACK_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

/// What went wrong, as RFC 9457 writes it, with a few members of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::web) struct Problem {
    /// Which kind of problem: `urn:ringback:problem:` and a name that stays the same.
    #[serde(rename = "type", serialize_with = "as_urn")]
    #[schema(example = "urn:ringback:problem:unknown-channel")]
    kind: &'static str,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong here, and how to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The field of the message that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// The line of the body, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    line: Option<u32>,
    /// The column in that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// Who holds the callback.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    held_by: Option<AccountName>,
    /// Seconds after which to try again; also in `Retry-After`.
    #[serde(skip)]
    retry_after: Option<u32>,
}

fn as_urn<S: Serializer>(kind: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("urn:ringback:problem:{kind}"))
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Stopping => Self::stopping(),
            EngineError::Storage(error) => Self::storage(&error),
        }
    }
}

impl Problem {
    /// A problem of the named kind.
    pub(in crate::web) const fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
    ) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: None,
            field: None,
            line: None,
            column: None,
            held_by: None,
            retry_after: None,
        }
    }

    /// A problem that its HTTP status tells all about.
    pub(in crate::web) fn of_status(status: StatusCode) -> Self {
        let kind = match status {
            StatusCode::BAD_REQUEST => "bad-request",
            StatusCode::UNAUTHORIZED => "unauthorized",
            StatusCode::FORBIDDEN => "forbidden",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
            StatusCode::REQUEST_TIMEOUT => "request-timeout",
            StatusCode::PAYLOAD_TOO_LARGE => "payload-too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            StatusCode::SERVICE_UNAVAILABLE => "service-unavailable",
            _ if status.is_client_error() => "bad-request",
            _ => "internal-error",
        };
        Self::new(status, kind, status.canonical_reason().unwrap_or("Problem"))
    }

    pub(in crate::web) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(in crate::web) fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub(in crate::web) fn at(mut self, line: usize, column: usize) -> Self {
        self.line = u32::try_from(line).ok();
        self.column = u32::try_from(column).ok();
        self
    }

    pub(in crate::web) fn held_by(mut self, account: AccountName) -> Self {
        self.held_by = Some(account);
        self
    }

    /// Rounded up to whole seconds, as the header wants them.
    pub(in crate::web) fn retry_after(mut self, after: std::time::Duration) -> Self {
        let rest = u64::from(after.subsec_nanos() > 0);
        let seconds = after.as_secs().saturating_add(rest).max(1);
        self.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// The store failed. What exactly is in the log, for it may name files of the machine.
    pub(in crate::web) fn storage(error: &StoreError) -> Self {
        tracing::error!(%error, "a request failed in the store");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "storage",
            "The store cannot be used now",
        )
        .detail("nothing of this request was kept; try again later")
        .retry_after(COME_BACK_AFTER)
    }

    /// More comes in than can be taken.
    pub(in crate::web) fn busy(detail: &'static str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", "Too much at once").detail(detail)
    }

    /// The engine is shutting down.
    pub(in crate::web) fn stopping() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            "Ringback is shutting down",
        )
        .detail("nothing of this request was kept; try again in a moment")
        .retry_after(std::time::Duration::from_secs(2))
    }

    /// There is no such thing.
    pub(in crate::web) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found")
            .detail(format!("there is no such {what}"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Makes a problem of every error that a library answered in its own way: no route, wrong method,
/// time-out, an unreadable path. Its text is dropped, for it may quote the request.
pub(in crate::web) async fn every_error_is_a_problem(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_problem(&response) {
        return response;
    }
    let problem = Problem::of_status(status);
    let problem = match status {
        StatusCode::SERVICE_UNAVAILABLE => problem.retry_after(COME_BACK_AFTER),
        _ => problem,
    };
    let mut problem = problem.into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

fn is_problem(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{StatusCode, header};
    use axum::response::IntoResponse;

    use super::Problem;

    #[test]
    fn a_problem_says_its_kind_and_leaves_out_what_it_does_not_know() {
        let problem = Problem::not_found("thread");
        let json = serde_json::to_value(&problem).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "type": "urn:ringback:problem:not-found",
                "title": "Not found",
                "status": 404,
                "detail": "there is no such thread",
            })
        );
    }

    #[test]
    fn retry_after_is_rounded_up_to_whole_seconds() {
        let of = |after| {
            let response = Problem::of_status(StatusCode::TOO_MANY_REQUESTS)
                .retry_after(after)
                .into_response();
            response.headers()[header::RETRY_AFTER].clone()
        };
        assert_eq!(of(Duration::from_millis(1)), "1");
        assert_eq!(of(Duration::from_millis(1001)), "2");
        assert_eq!(of(Duration::ZERO), "1");
    }
}
