//! Where networks bring what happens there. Who does not say the secret learns nothing, and its body is
//! not read. The answer "received" comes after the commit.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::{
    Parts,
    api::{body, problem::Problem},
};
use crate::engine::inbox::Taken;

/// In which Telegram says the secret (<https://core.telegram.org/bots/api#setwebhook>).
const SECRET: &str = "x-telegram-bot-api-secret-token";

/// The largest update. Telegram's own are a few KiB.
const MOST: usize = 1024 * 1024;

/// One update of Telegram's.
pub(super) async fn telegram(
    State(parts): State<Parts>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let said = headers.get(SECRET).map_or(&[][..], |said| said.as_bytes());
    let inbox = parts.inbox.as_ref().filter(|inbox| inbox.is_from(said));
    let inbox = inbox.ok_or_else(|| Problem::of_status(StatusCode::UNAUTHORIZED))?;
    let body = body::read(body, MOST).await?;
    match inbox.hand_in(body).await {
        Taken::Kept => Ok(StatusCode::OK),
        Taken::NotNow => Err(Problem::of_status(StatusCode::SERVICE_UNAVAILABLE)
            .detail("bring it again a little later")),
    }
}
