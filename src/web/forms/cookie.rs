//! The two cookies of a form, both gone when the browser closes: one carries the token of whoever
//! opened the link, the other shows that the browser keeps cookies at all, before a link is used up.

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};

use crate::web::{
    cookie::{token, value},
    token::Token,
};

/// Where the browser sends them, and nowhere else.
const PATH: &str = "/form";

/// One of the cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Carries the token.
    Session,
    /// Shows that cookies are kept.
    Kept,
}

impl Name {
    /// Over TLS the name itself makes browsers insist on `Secure` ("Cookies: HTTP State Management
    /// Mechanism", `__Secure-`); plain HTTP is for loopback.
    const fn text(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Session, true) => "__Secure-ringback-form",
            (Self::Session, false) => "ringback-form",
            (Self::Kept, true) => "__Secure-ringback-form-kept",
            (Self::Kept, false) => "ringback-form-kept",
        }
    }

    /// What a request carries under this name.
    pub(super) fn read(self, headers: &HeaderMap, is_https: bool) -> Option<Token> {
        token(headers, self.text(is_https))
    }

    /// What gives it to a browser.
    pub(super) fn give(self, text: &str, is_https: bool) -> HeaderValue {
        let cookie = Cookie::build((self.text(is_https), text))
            .http_only(true)
            .same_site(SameSite::Strict)
            .path(PATH)
            .secure(is_https)
            .build();
        value(&cookie)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::Name;

    #[test]
    fn the_cookie_stays_with_the_forms_and_is_kept_from_scripts_and_other_sites() {
        let given = |is_https| {
            let value = Name::Session.give("rb_1", is_https);
            value.to_str().expect("text").to_owned()
        };
        assert_eq!(
            given(true),
            "__Secure-ringback-form=rb_1; HttpOnly; SameSite=Strict; Secure; Path=/form"
        );
        assert_eq!(
            given(false),
            "ringback-form=rb_1; HttpOnly; SameSite=Strict; Path=/form"
        );
    }

    #[test]
    fn each_cookie_is_found_by_its_own_name() {
        let sent = "ringback-form-kept=1; ringback-form=rb_plain; __Secure-ringback-form=rb_tls";
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(sent))]);
        let found = |name: Name, is_https| {
            let token = name.read(&headers, is_https);
            token.map(|token| token.reveal().to_owned())
        };
        assert_eq!(found(Name::Session, true).as_deref(), Some("rb_tls"));
        assert_eq!(found(Name::Session, false).as_deref(), Some("rb_plain"));
        assert_eq!(found(Name::Kept, false).as_deref(), Some("1"));
        assert_eq!(found(Name::Kept, true), None);
    }
}
