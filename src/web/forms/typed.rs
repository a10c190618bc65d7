//! What a customer typed: read within bounds, shown again where something is wrong, and nowhere else.

use axum::{
    body,
    extract::Request,
    http::{HeaderMap, header},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{domain::private::Private, web::token::Token};

/// The largest form: dozens of the longest fields, each character written as several escapes.
const LARGEST: usize = 128 * 1024;

/// The field that shows that our page of this browser sent the form.
pub(super) const CSRF: &str = "csrf";

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Typed(Vec<(String, Private<String>)>);

impl Typed {
    /// Reads a request's body; `None` if it is no form, is too long or cannot be read.
    pub(super) async fn read(request: Request) -> Option<Self> {
        if !is_form(request.headers()) {
            return None;
        }
        let bytes = body::to_bytes(request.into_body(), LARGEST).await.ok()?;
        let fields: Vec<(String, Private<String>)> = serde_urlencoded::from_bytes(&bytes).ok()?;
        Some(Self(fields))
    }

    /// What stands in a field; empty if it is not there. Of two the first counts.
    pub(super) fn of(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.reveal())
    }

    /// Puts something else into a field.
    pub(super) fn replace(&mut self, name: &str, value: String) {
        self.0.retain(|(field, _)| field != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Whether our page sent it, to the browser that has this session.
    pub(super) fn is_of(&self, session: &Token) -> bool {
        let expected = csrf_of(session);
        self.of(CSRF).as_bytes().ct_eq(expected.as_bytes()).into()
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    })
}

/// What a session's forms carry: it can be made of the session's token alone, and tells nothing of
/// it.
pub(super) fn csrf_of(session: &Token) -> String {
    let mut hash = Sha256::new();
    hash.update(b"ringback customer form ");
    hash.update(session.reveal());
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request, http::header};

    use super::{LARGEST, Token, Typed, csrf_of};

    async fn read(kind: &str, body: impl Into<Body>) -> Option<Typed> {
        let request = Request::post("/form").header(header::CONTENT_TYPE, kind);
        Typed::read(request.body(body.into()).expect("a request")).await
    }

    const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

    #[tokio::test]
    async fn a_form_is_read_within_bounds_and_never_printed() {
        let typed = read(FORM, "a=1&b=J%C3%B6rg+D&a=2").await.expect("a form");
        assert_eq!((typed.of("a"), typed.of("b")), ("1", "Jörg D"));
        assert_eq!(typed.of("c"), "");
        assert!(!format!("{typed:?}").contains("rg D"));
        let long = format!("a={}", "x".repeat(LARGEST));
        assert!(read(FORM, long).await.is_none());
        assert!(read("application/json", "a=1").await.is_none());
    }

    #[tokio::test]
    async fn a_form_is_of_the_session_whose_page_sent_it() {
        let session = Token::of_caller("rb_1");
        let body = format!("csrf={}", csrf_of(&session));
        let typed = read(FORM, body).await.expect("a form");
        assert!(typed.is_of(&session));
        assert!(!typed.is_of(&Token::of_caller("rb_2")));
        assert!(!Typed::default().is_of(&session));
    }
}
