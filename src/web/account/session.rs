//! Who is signed in, and forms that only our own pages can send.

use std::sync::OnceLock;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, request},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{cookie, form::Fields};
use crate::{
    domain::{
        account::{Role, demo_account},
        ids::{AccountName, ShownName},
    },
    store::rows::{
        TokenHash,
        account::{AccountRow, SessionRow},
    },
    web::{
        Parts,
        pages::{Frame, PageError, Section},
        token::Token,
    },
};

/// The account whose session the request carries. A page that takes this is closed to everybody
/// else: a browser is sent to sign in and comes back afterwards.
#[derive(Debug, Clone)]
pub(in crate::web) struct SignedIn {
    /// Whose.
    pub(in crate::web) name: AccountName,
    /// How they are shown.
    pub(in crate::web) shown: ShownName,
    /// What they may do.
    pub(in crate::web) role: Role,
    /// What every form of theirs must carry as `csrf`.
    pub(in crate::web) csrf: String,
    /// The session; `None` in the demo, which has none.
    session: Option<(TokenHash, SessionRow)>,
}

impl SignedIn {
    /// Who is signed in, if anybody is.
    ///
    /// # Errors
    /// 503, as a page.
    pub(super) async fn find(
        headers: &HeaderMap,
        parts: &Parts,
    ) -> Result<Option<Self>, PageError> {
        if parts.is_demo {
            return Self::of_the_demo().map(Some);
        }
        let is_https = parts.own_origins().is_https(headers);
        let Some(token) = cookie::read(headers, is_https) else {
            return Ok(None);
        };
        let hash = TokenHash(token.sha256());
        let session = if is_by_itself(headers) {
            parts.engine.session(hash).await
        } else {
            parts.engine.use_session(hash).await
        };
        let session = session.map_err(failed)?;
        Ok(session.map(|session| Self {
            name: session.account.name.clone(),
            shown: session.account.shown.clone(),
            role: session.account.role,
            csrf: csrf_of(&token),
            session: Some((hash, session)),
        }))
    }

    /// The same account as it is now, if its session is not over. This does not use the session.
    ///
    /// # Errors
    /// 503, as a page.
    pub(in crate::web) async fn still(&self, parts: &Parts) -> Result<Option<Self>, PageError> {
        let Some((hash, _)) = self.session else {
            return Ok(Some(self.clone()));
        };
        let session = parts.engine.session(hash).await.map_err(failed)?;
        Ok(session.map(|session| Self {
            role: session.account.role,
            session: Some((hash, session)),
            ..self.clone()
        }))
    }

    /// Somebody, for tests of pages.
    #[cfg(test)]
    pub(in crate::web) fn somebody(name: &str, role: Role) -> Self {
        Self {
            name: AccountName::parse(name).expect("a name"),
            shown: ShownName::parse(name).expect("a name"),
            role,
            csrf: "the-csrf".to_owned(),
            session: None,
        }
    }

    /// Whoever looks at the demo.
    fn of_the_demo() -> Result<Self, PageError> {
        let (name, shown) = demo_account();
        Ok(Self {
            name,
            shown,
            role: Role::Admin,
            csrf: csrf_of_the_demo()?,
            session: None,
        })
    }

    /// The session and its hash.
    ///
    /// # Errors
    /// 409, as a page, in the demo.
    pub(super) fn session(&self) -> Result<(TokenHash, &SessionRow), PageError> {
        match &self.session {
            Some((hash, session)) => Ok((*hash, session)),
            None => Err(PageError {
                status: StatusCode::CONFLICT,
                message: "The demo signs everybody in by itself: there is no account to change."
                    .to_owned(),
            }),
        }
    }

    /// The account; `None` in the demo, whose account nobody changes.
    pub(in crate::web) fn account(&self) -> Option<&AccountRow> {
        self.session.as_ref().map(|(_, session)| &session.account)
    }

    /// Whether they may check identities. In the demo, everybody may.
    pub(in crate::web) fn may_check(&self) -> bool {
        self.account().is_none_or(|account| account.checks_identity)
    }

    /// The frame around a page of theirs.
    pub(in crate::web) fn frame(&self, section: Section) -> Frame {
        Frame {
            who: Some((self.shown.clone(), self.role)),
            csrf: self.csrf.clone(),
            section,
            ..Frame::outside()
        }
    }

    /// Refuses who may do less than `role`.
    ///
    /// # Errors
    /// 403, as a page.
    pub(in crate::web) fn must_be(&self, role: Role) -> Result<(), PageError> {
        if self.role >= role {
            return Ok(());
        }
        Err(PageError {
            status: StatusCode::FORBIDDEN,
            message: format!("This needs the role {role}; yours is {}.", self.role),
        })
    }
}

impl FromRequestParts<Parts> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Response> {
        match Self::find(&request.headers, parts).await {
            Ok(Some(signed_in)) => Ok(signed_in),
            Ok(None) => Err(sign_in_first(request)),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// Whether a page's script asks, to stay current, and not a person (W3C Fetch Metadata).
fn is_by_itself(headers: &HeaderMap) -> bool {
    let dest = headers.get("sec-fetch-dest");
    dest.is_some_and(|dest| dest == "empty")
}

/// Sends a person to sign in and to come back afterwards. What a script asked for in the background
/// gets a 401 instead, for it would show the sign-in page as if it were the answer.
fn sign_in_first(request: &request::Parts) -> Response {
    if is_by_itself(&request.headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let next = (request.method == Method::GET)
        .then(|| request.uri.path_and_query())
        .flatten();
    let query = next.and_then(|next| serde_urlencoded::to_string([("next", next.as_str())]).ok());
    match query {
        Some(query) => Redirect::to(&format!("/sign-in?{query}")),
        None => Redirect::to("/sign-in"),
    }
    .into_response()
}

/// A form that a page of the signed-in account has sent: its session, its `csrf` and the request's
/// origin are checked before anything is read out of it.
#[derive(Debug)]
pub(in crate::web) struct SignedForm<T> {
    /// Who sent it.
    pub(in crate::web) by: SignedIn,
    /// What is in it.
    pub(in crate::web) form: T,
}

impl<T: DeserializeOwned> FromRequest<Parts> for SignedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, parts: &Parts) -> Result<Self, Response> {
        let (mut head, body) = request.into_parts();
        parts
            .own_origins()
            .must_have_sent(&head.headers)
            .map_err(IntoResponse::into_response)?;
        let by = SignedIn::from_request_parts(&mut head, parts).await?;
        let read = async {
            let fields = Fields::read(Request::from_parts(head, body)).await?;
            if !bool::from(fields.csrf().as_bytes().ct_eq(by.csrf.as_bytes())) {
                return Err(outdated());
            }
            fields.understood()
        };
        let form = read.await.map_err(IntoResponse::into_response)?;
        Ok(Self { by, form })
    }
}

fn outdated() -> PageError {
    PageError {
        status: StatusCode::FORBIDDEN,
        message: "You have signed in anew since this page was opened, so nothing was done. Go \
                  back, load the page again and send it once more."
            .to_owned(),
    }
}

/// A form without fields: its address says it all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Nothing {}

/// A form of a page that is open to everybody, such as sign-in: the request's origin is checked.
#[derive(Debug)]
pub(super) struct OpenForm<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Parts> for OpenForm<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, parts: &Parts) -> Result<Self, PageError> {
        parts.own_origins().must_have_sent(request.headers())?;
        Ok(Self(Fields::read(request).await?.understood()?))
    }
}

/// What a session's forms carry: it can be made of the session's token alone, and tells nothing of it.
fn csrf_of(token: &Token) -> String {
    let mut hash = Sha256::new();
    hash.update(b"ringback form ");
    hash.update(token.reveal());
    hex::encode(hash.finalize())
}

/// In the demo there are no sessions; all forms of the process carry the same random text.
fn csrf_of_the_demo() -> Result<String, PageError> {
    static CSRF: OnceLock<String> = OnceLock::new();
    if let Some(csrf) = CSRF.get() {
        return Ok(csrf.clone());
    }
    let token = new_token()?;
    Ok(CSRF.get_or_init(|| csrf_of(&token)).clone())
}

/// A new token, and its hash.
///
/// # Errors
/// 500, as a page, when the operating system gives no random bits.
pub(super) fn new_token() -> Result<Token, PageError> {
    Token::generate().map_err(|error| {
        tracing::error!(%error, "the operating system gives no random bits");
        PageError {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "This does not work now; the log of Ringback says why.".to_owned(),
        }
    })
}

/// The session ended while the request was under way.
pub(super) fn signed_out() -> PageError {
    PageError {
        status: StatusCode::FORBIDDEN,
        message: "You are no longer signed in, so nothing was done.".to_owned(),
    }
}

/// The engine could not do it. What exactly is in the log.
pub(super) fn failed(error: impl std::fmt::Display) -> PageError {
    tracing::error!(%error, "a page failed");
    PageError {
        status: StatusCode::SERVICE_UNAVAILABLE,
        message: "This does not work now, and nothing was changed. Try again in a moment."
            .to_owned(),
    }
}
