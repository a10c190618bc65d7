//! Who may do what: bearer tokens (RFC 6750) with scopes.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{Parts, problem::Problem};
use crate::store::rows::{Scope, TokenHash};
use crate::web::token::Token;

/// Lets a request through whose token has the scope. The store is asked every time, so a revoked
/// token is refused from that moment on.
pub(super) async fn needs(
    State((parts, scope)): State<(Parts, Scope)>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = bearer(request.headers())
        .ok_or_else(|| refused("send Authorization: Bearer and a token of this Ringback"))?;
    let known = parts.engine.store().token(TokenHash(token.sha256())).await;
    let known = known
        .map_err(|error| Problem::storage(&error))?
        .ok_or_else(|| refused("the token is not known here, or was revoked"))?;
    if known.scopes.contains(&scope) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::of_status(StatusCode::FORBIDDEN).detail(format!(
            "this needs a token with the scope `{}`: make one with `ringback token add`",
            scope.as_str()
        )))
    }
}

/// The token that a request bears.
pub(in crate::web) fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::of_caller(token.trim()))
}

fn refused(detail: &str) -> Problem {
    Problem::of_status(StatusCode::UNAUTHORIZED).detail(detail)
}
