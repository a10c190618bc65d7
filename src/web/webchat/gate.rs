//! Which sites may have anything to do with the chat: who may ask, who may show it in a frame, and
//! what the browser may do with the answer.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    settings::Settings,
    web::{Parts, api::problem::Problem, guard::FrameAncestors},
};

/// Fetch metadata: how the page that asks stands to us.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Lets a request through that our own page has sent. Before anything else is looked at.
pub(super) async fn from_our_page(
    State(parts): State<Parts>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let headers = request.headers();
    if is_allowed(headers, &parts) && (has_origin(headers) || is_same_origin(headers)) {
        Ok(next.run(request).await)
    } else {
        Err(foreign())
    }
}

/// Lets a request through unless a foreign page's script has sent it. Links from anywhere and
/// frames carry no `Origin`; who may show a frame is told to the browser with the page.
pub(super) async fn not_from_a_foreign_page(
    State(parts): State<Parts>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if is_allowed(request.headers(), &parts) {
        Ok(next.run(request).await)
    } else {
        Err(foreign())
    }
}

/// Keeps an answer out of every cache.
pub(super) async fn keep_nothing(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// Lets our own pages and the sites of the settings show a page in a frame.
pub(super) fn may_be_framed(page: &mut Response, settings: &Settings) {
    let mut ancestors = "'self'".to_owned();
    for origin in &settings.webchat.allowed_origins {
        ancestors.push(' ');
        ancestors.push_str(origin.as_str());
    }
    // Origins are checked to be plain text when the settings are read.
    if let Ok(ancestors) = HeaderValue::from_str(&ancestors) {
        page.extensions_mut().insert(FrameAncestors(ancestors));
    }
}

fn has_origin(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN)
}

/// Whether every `Origin` is ours or one of the settings'.
fn is_allowed(headers: &HeaderMap, parts: &Parts) -> bool {
    let own = parts.own_origins();
    let allowed = &parts.settings.webchat.allowed_origins;
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin.to_str().is_ok_and(|origin| {
            own.contains(origin) || allowed.iter().any(|allowed| allowed.as_str() == origin)
        })
    })
}

/// Whether a browser says that our own page asks; other programs say nothing.
fn is_same_origin(headers: &HeaderMap) -> bool {
    headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

fn foreign() -> Problem {
    Problem::of_status(StatusCode::FORBIDDEN).detail(
        "the page that asks is not ours: show the chat by its widget, and name the site in \
         `webchat.allowed_origins`",
    )
}
