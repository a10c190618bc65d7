//! Reads request bodies: bounded in size and time, and never quoted in an error.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{items::Format, items::malformed, problem::Problem};

/// How long a client may take to send a body.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// How much of a body that is too large is read all the same: a client that is still sending
/// would otherwise see its connection break instead of our answer.
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// The largest body of a request that is not about messages.
const SMALL: usize = 16 * 1024;

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// 413 when it is larger, 408 when it takes too long, 400 when it is cut off.
pub(super) async fn read(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    timeout(BODY_WITHIN, collect(body, most))
        .await
        .unwrap_or_else(|_| {
            let seconds = BODY_WITHIN.as_secs();
            Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT)
                .detail(format!("the body took longer than {seconds} seconds")))
        })
}

async fn collect(mut body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let mut kept = Vec::new();
    let mut seen: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::of_status(StatusCode::BAD_REQUEST).detail("the body was cut off")
        })?;
        let Some(bytes) = frame.data_ref() else {
            continue;
        };
        seen = seen.saturating_add(bytes.len());
        if seen <= most {
            kept.extend_from_slice(bytes);
        } else if seen > most.saturating_add(LINGER_BYTES) {
            break;
        }
    }
    if seen <= most {
        Ok(kept)
    } else {
        Err(too_large(most))
    }
}

fn too_large(most: usize) -> Problem {
    Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE).detail(format!(
        "a request may be at most {most} bytes long: send the messages in several requests"
    ))
}

/// What a request that is not about messages sends.
pub(super) trait Input: DeserializeOwned {
    /// What it must look like, for whoever got it wrong.
    const SHAPE: &'static str;
}

/// Reads a small JSON body.
///
/// # Errors
/// 415 for another type, 400 for malformed JSON, 422 for anything but the expected members.
pub(super) async fn input<T: Input>(headers: &HeaderMap, body: Body) -> Result<T, Problem> {
    if Format::of(headers) != Ok(Format::Json) {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .detail("send Content-Type: application/json"));
    }
    let body = read(body, SMALL).await?;
    serde_json::from_slice(&body).map_err(|error| {
        if error.is_data() {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-body",
                "Not what this request wants",
            )
            .detail(format!("send {}", T::SHAPE))
        } else {
            malformed(&error, 1)
        }
    })
}
