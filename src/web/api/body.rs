//! Reads request bodies: bounded in size and time, and never quoted in an error.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::{sync::Semaphore, time::timeout};

use super::{items::Format, items::malformed, problem::Problem};

/// How long a client may take to send a body.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// How much of a body that is too large is read all the same: a client that is still sending
/// would otherwise see its connection break instead of our answer.
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// The largest body of a request that is not about messages.
pub(super) const SMALL: usize = 16 * 1024;

/// Room for so many bodies of the largest size. What callers send at once takes no more memory
/// than these, and what is made of them.
const LARGEST_AT_ONCE: usize = 16;

/// When to come back where there is no room.
const ROOM_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Room for bodies, in KiB.
#[derive(Debug, Clone)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    largest: u32,
}

impl Room {
    /// Room where a body may have at most `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        let largest = u32::try_from(most.div_ceil(1024))
            .unwrap_or(u32::MAX)
            .max(1);
        let all = usize::try_from(largest)
            .unwrap_or(usize::MAX)
            .saturating_mul(LARGEST_AT_ONCE)
            .min(Semaphore::MAX_PERMITS);
        Self {
            free: Arc::new(Semaphore::new(all)),
            largest,
        }
    }

    /// What a body takes; one that does not say how long it is counts as the largest.
    fn of(&self, body: &Body) -> u32 {
        let said = body.size_hint().exact();
        let said = said.and_then(|bytes| u32::try_from(bytes.div_ceil(1024)).ok());
        said.map_or(self.largest, |said| said.clamp(1, self.largest))
    }
}

/// Lets a request through while there is room for its body, until it is answered; 429 otherwise.
pub(super) async fn with_room(
    State(room): State<Room>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let needed = room.of(request.body());
    let _taken = room.free.try_acquire_many(needed).map_err(|_| {
        Problem::busy("too many large requests are under way; send this one again later")
            .retry_after(ROOM_RETRY_AFTER)
    })?;
    Ok(next.run(request).await)
}

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// 413 when it is larger, 408 when it takes too long, 400 when it is cut off.
pub(in crate::web) async fn read(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
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
    parse(&read(body, SMALL).await?)
}

/// What a JSON body says.
///
/// # Errors
/// 400 for malformed JSON, 422 for anything but the expected members.
pub(super) fn parse<T: Input>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
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
