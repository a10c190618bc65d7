//! Cookies that carry a token, read from a request and written for a browser. What they are called,
//! and where they are sent, is their owners' affair.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::Cookie;

use super::token::Token;

/// All cookies of a request that can be read.
pub(in crate::web) fn all(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
}

/// The token in the cookie of that name.
pub(in crate::web) fn token(headers: &HeaderMap, name: &str) -> Option<Token> {
    all(headers)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| Token::of_caller(cookie.value()))
}

/// What gives a browser a cookie, kept out of logs of headers.
pub(in crate::web) fn value(cookie: &Cookie<'_>) -> HeaderValue {
    let value = HeaderValue::from_str(&cookie.to_string());
    // Names, attributes and tokens are plain ASCII.
    let mut value = value.unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}
