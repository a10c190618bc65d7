//! The cookie that carries a session's token, and nothing else. It ends with the browser's session.

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};

use crate::web::{
    cookie::{token, value},
    token::Token,
};

/// Over TLS the name itself makes browsers insist on `Secure`, the whole host and no other
/// ("Cookies: HTTP State Management Mechanism", `__Host-`); plain HTTP is for loopback.
const fn name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-ringback"
    } else {
        "ringback"
    }
}

/// The token that a request carries, if any.
pub(super) fn read(headers: &HeaderMap, is_https: bool) -> Option<Token> {
    token(headers, name(is_https))
}

/// What gives a browser the token.
pub(super) fn give(token: &Token, is_https: bool) -> HeaderValue {
    value(&cookie(token.reveal(), is_https))
}

/// What takes it away.
pub(super) fn take(is_https: bool) -> HeaderValue {
    let mut cookie = cookie("", is_https);
    cookie.make_removal();
    value(&cookie)
}

fn cookie(text: &str, is_https: bool) -> Cookie<'_> {
    Cookie::build((name(is_https), text))
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .secure(is_https)
        .build()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Token, give, read, take};

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let token = Token::of_caller("rb_1");
        assert_eq!(
            give(&token, true).to_str().expect("text"),
            "__Host-ringback=rb_1; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
        assert_eq!(
            give(&token, false).to_str().expect("text"),
            "ringback=rb_1; HttpOnly; SameSite=Lax; Path=/"
        );
        let gone = take(true);
        let gone = gone.to_str().expect("text");
        assert!(
            gone.starts_with("__Host-ringback=;") && gone.contains("Max-Age=0"),
            "{gone}"
        );
    }

    #[test]
    fn the_token_is_found_among_other_cookies_by_the_name_for_the_scheme() {
        let mut headers = HeaderMap::new();
        let sent = "zone=UTC; ringback=rb_plain; __Host-ringback=rb_tls";
        headers.insert(header::COOKIE, HeaderValue::from_static(sent));
        let found = |is_https| read(&headers, is_https).map(|token| token.reveal().to_owned());
        assert_eq!(found(true).as_deref(), Some("rb_tls"));
        assert_eq!(found(false).as_deref(), Some("rb_plain"));
        assert!(read(&HeaderMap::new(), false).is_none());
    }
}
