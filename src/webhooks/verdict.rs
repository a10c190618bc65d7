//! What an answer, or the lack of one, means for the outbox.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::{StatusCode, header::HeaderValue};

use crate::{domain::time::Timestamp, engine::SendError};

/// Which answers may turn out better at another attempt: time-out, too early, too many requests,
/// whatever is wrong on the receiver's side, and what a wrong secret or a receiver that is not
/// installed yet answers: everything would be lost until a person mends it.
fn may_work_later(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::TOO_EARLY
                | StatusCode::TOO_MANY_REQUESTS
        )
}

/// 2xx is taken; a redirect is refused like any other answer, since the signature vouches for
/// what goes to the address in the settings only.
pub(super) fn of_answer(
    status: StatusCode,
    retry_after: Option<&HeaderValue>,
    now: Timestamp,
) -> Result<(), SendError> {
    if status.is_success() {
        Ok(())
    } else if may_work_later(status) {
        Err(SendError::Retry {
            after: retry_after.and_then(|after| wait(after, now)),
        })
    } else {
        Err(SendError::Permanent {
            reason: format!("HTTP {}", status.as_u16()),
        })
    }
}

/// Before the connection stood nothing can have arrived; afterwards anything may have.
pub(super) fn of_error(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        SendError::Retry { after: None }
    } else if error.is_builder() {
        SendError::Permanent {
            reason: "the request cannot be built".to_owned(),
        }
    } else {
        SendError::Unknown
    }
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
fn wait(after: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let text = after.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::{StatusCode, header::HeaderValue};

    use super::{SendError, Timestamp, of_answer};

    fn answered(status: u16) -> Result<(), SendError> {
        let status = StatusCode::from_u16(status).expect("a status");
        of_answer(status, None, Timestamp::UNIX_EPOCH)
    }

    fn told_to_wait(retry_after: &'static str) -> Option<Duration> {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().expect("a time");
        let header = HeaderValue::from_static(retry_after);
        match of_answer(StatusCode::SERVICE_UNAVAILABLE, Some(&header), now) {
            Err(SendError::Retry { after }) => after,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_answer_has_its_meaning() {
        for status in [200, 201, 202, 204] {
            assert_eq!(answered(status), Ok(()), "{status}");
        }
        for status in [401, 403, 404, 408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(answered(status), Err(SendError::Retry { after: None }));
        }
        for status in [301, 302, 307, 308, 400, 405, 410, 413, 422] {
            let reason = format!("HTTP {status}");
            assert_eq!(answered(status), Err(SendError::Permanent { reason }));
        }
    }

    #[test]
    fn the_receiver_may_say_when_to_come_back() {
        assert_eq!(told_to_wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(
            told_to_wait("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::from_secs(37))
        );
        assert_eq!(
            told_to_wait("Sun, 06 Nov 1994 08:00:00 GMT"),
            Some(Duration::ZERO)
        );
        assert_eq!(told_to_wait("soon"), None);
    }
}
