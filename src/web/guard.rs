//! What every page asks before anything else: is this request meant for us, did our own page send
//! it, and what may the browser do with the answer.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Parts,
    caller::{Carried, Transport},
    pages::PageError,
};
use crate::settings::Settings;

/// The origins under which this Ringback is reached, such as `http://127.0.0.1:8080`.
#[derive(Debug, Clone)]
pub(in crate::web) struct OwnOrigins(Vec<String>);

/// The usual names of this machine for itself.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

impl OwnOrigins {
    /// `public_url` of the settings; and on loopback its usual names with the port.
    fn new(settings: &Settings, address: SocketAddr) -> Self {
        let public = settings.public_url.iter();
        let mut own: Vec<String> = public.map(|url| url.as_str().to_owned()).collect();
        if address.ip().is_loopback() {
            let (scheme, port) = (settings.scheme(), address.port());
            own.push(format!("{scheme}://{address}"));
            own.extend(LOOPBACK.map(|host| format!("{scheme}://{host}:{port}")));
        }
        Self(own)
    }

    /// Whether an `Origin` header names one of them.
    pub(in crate::web) fn contains(&self, origin: &str) -> bool {
        self.0.iter().any(|own| own == origin)
    }

    /// The one that a request is for, by its `Host`.
    pub(in crate::web) fn of(&self, headers: &HeaderMap) -> Option<&str> {
        let host = headers
            .get(header::HOST)?
            .to_str()
            .ok()?
            .to_ascii_lowercase();
        self.0.iter().map(String::as_str).find(|own| {
            let (default_port, named) = match own.split_once("://") {
                Some(("https", named)) => (":443", named),
                Some((_, named)) => (":80", named),
                None => return false,
            };
            host == named || host.strip_suffix(default_port) == Some(named)
        })
    }

    /// Whether a request came by TLS, as far as its `Host` tells.
    pub(in crate::web) fn is_https(&self, headers: &HeaderMap) -> bool {
        self.of(headers)
            .is_some_and(|own| own.starts_with("https://"))
    }

    /// Whether a page of ours sent the request, as far as the browser says. Browsers cannot be made
    /// to say otherwise by another site's page; what is no browser says nothing, and carries no
    /// cookie of somebody else's either.
    ///
    /// # Errors
    /// 403, as a page.
    pub(in crate::web) fn must_have_sent(&self, headers: &HeaderMap) -> Result<(), PageError> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let site = text(SEC_FETCH_SITE).is_none_or(|site| ["same-origin", "none"].contains(&site));
        let origin = text(header::ORIGIN).is_none_or(|origin| self.contains(origin));
        if site && origin {
            return Ok(());
        }
        Err(PageError {
            status: StatusCode::FORBIDDEN,
            message: "This form came from another site, so nothing was done. If you sent it from \
                      this one, open the page again; if that does not help, the setting \
                      `public_url` must name the address in your browser."
                .to_owned(),
        })
    }
}

impl Parts {
    /// The origins that a request must be for.
    pub(in crate::web) fn own_origins(&self) -> OwnOrigins {
        OwnOrigins::new(&self.settings, self.address)
    }
}

/// Says from where the browser sends a request, in relation to us (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What all pages are guarded by.
#[derive(Debug, Clone)]
pub(in crate::web) struct Guard(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    own: OwnOrigins,
    transport: Transport,
    is_demo: bool,
}

/// Lets other sites show this answer in a frame: a response carries it as an extension. The text is
/// what stands after `frame-ancestors` in the policy.
#[derive(Debug, Clone)]
pub(in crate::web) struct FrameAncestors(pub(in crate::web) HeaderValue);

/// Keeps every script, frame and foreign thing out of this answer, also in the demo: customers type
/// into it what is confidential. A response carries it as an extension.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct WithoutScripts;

impl Guard {
    pub(in crate::web) fn new(settings: &Settings, address: SocketAddr, is_demo: bool) -> Self {
        let own = OwnOrigins::new(settings, address);
        if let Some(why) = settings.closed_to_others(address) {
            tracing::warn!(%address, "{why}");
        }
        Self(Arc::new(Inner {
            own,
            transport: Transport::new(settings),
            is_demo,
        }))
    }

    /// Whether a page may be shown in answer to a request: it is for us, and nobody on its way could
    /// read along.
    ///
    /// # Errors
    /// Why not, and how to mend it, as a page.
    fn lets_in(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<(), PageError> {
        let Inner { own, transport, .. } = &*self.0;
        let origin = own.of(headers).ok_or_else(|| not_ours(own))?;
        let carried = match peer {
            Some(peer) => transport.carried(peer, headers),
            None => Carried::InTheClear,
        };
        match carried {
            Carried::ByTls if origin.starts_with("https://") => Ok(()),
            Carried::OnThisMachine if origin.starts_with("http://") => Ok(()),
            _ => Err(in_the_clear(carried)),
        }
    }

    /// Sets what the browser may do with an answer, but for what the answer says itself.
    pub(in crate::web) fn dress(&self, asked: &HeaderMap, response: &mut Response) {
        let without_scripts = response.extensions_mut().remove::<WithoutScripts>();
        let ancestors = response.extensions_mut().remove::<FrameAncestors>();
        let (policy, frames) = match ancestors {
            _ if without_scripts.is_some() => (HeaderValue::from_static(BARE), Some("DENY")),
            Some(FrameAncestors(ancestors)) => (policy(&ancestors), None),
            // In the demo, one page of ours shows two others side by side.
            None if self.0.is_demo => (
                policy(&HeaderValue::from_static("'self'; frame-src 'self'")),
                Some("SAMEORIGIN"),
            ),
            None => (policy(&HeaderValue::from_static("'none'")), Some("DENY")),
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        if let Some(frames) = frames {
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(frames));
        }
        for (name, value) in FIXED {
            let value = HeaderValue::from_static(value);
            headers.entry(name).or_insert(value);
        }
        if self.0.own.is_https(asked) {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
    }
}

/// Nothing from elsewhere, no script or style inside a page, no foreign frame but the named ones.
fn policy(ancestors: &HeaderValue) -> HeaderValue {
    const START: &[u8] = b"default-src 'none'; style-src 'self'; script-src 'self'; \
        img-src 'self' data:; connect-src 'self'; form-action 'self'; \
        base-uri 'none'; frame-ancestors ";
    let text = [START, ancestors.as_bytes()].concat();
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(
        "default-src 'none'; frame-ancestors 'none'",
    ))
}

/// Our style sheets and drawings, and nothing else.
const BARE: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// On every page. `same-origin` as the referrer policy, since with `no-referrer` browsers send
/// `Origin: null` with our own forms too (Fetch, "append a request `Origin` header").
const FIXED: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Guards a page: lets through what is meant for us, and dresses the answer.
pub(in crate::web) async fn page(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let asked = request.headers().clone();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    // A refusal is a page too, and wants its style sheet.
    let is_secret = !request.uri().path().starts_with("/assets/");
    let mut response = match guard.lets_in(peer, &asked) {
        Err(refusal) if is_secret => refusal.into_response(),
        _ => for_people(next.run(request).await),
    };
    guard.dress(&asked, &mut response);
    response
}

/// Makes a page of an error that a library answered in its own way, such as an unreadable query.
/// Its text is dropped, for it may quote the request.
fn for_people(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(is_bare && (status.is_client_error() || status.is_server_error())) {
        return response;
    }
    let message = match status {
        StatusCode::UNAUTHORIZED => "Sign in first.",
        StatusCode::METHOD_NOT_ALLOWED => "This page cannot be used like that.",
        _ if status.is_client_error() => "That cannot be understood. Check the address.",
        _ => "This does not work now; the log of Ringback says why. Try again in a moment.",
    };
    let message = message.to_owned();
    let mut page = PageError { status, message }.into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    page
}

/// Passwords, links and what customers fill in must not travel where others read along.
fn in_the_clear(carried: Carried) -> PageError {
    let why = match carried {
        Carried::ByTls => {
            "It came by TLS, but `public_url` in the settings begins with http://. It must be the \
             https:// address that people open."
        }
        Carried::OnThisMachine => {
            "It came from this machine in the clear, though it is for an https:// address. A proxy \
             must be named in `trusted_proxies` in the settings, and send `X-Forwarded-For` and \
             `X-Forwarded-Proto`."
        }
        Carried::InTheClearByProxy => {
            "The proxy does not say that it came by TLS: it must serve https:// only, and send \
             `X-Forwarded-Proto: https`."
        }
        Carried::ByUnknownProxy => {
            "It came by a proxy that the settings do not name. Add the proxy's address to \
             `trusted_proxies`, if it is yours."
        }
        Carried::InTheClear => {
            "It came in the clear. Open the https:// address instead. If there is none yet: set \
             `[tls]` with a certificate in the settings, or put a proxy that speaks TLS before \
             Ringback and name it in `trusted_proxies`."
        }
    };
    PageError {
        status: StatusCode::FORBIDDEN,
        message: format!(
            "This page is not shown, because somebody on the way could read along. {why}"
        ),
    }
}

/// Another name than ours is how a foreign page would make a browser read ours (DNS rebinding).
fn not_ours(own: &OwnOrigins) -> PageError {
    if own.0.is_empty() {
        return PageError {
            status: StatusCode::FORBIDDEN,
            message: "The pages of this Ringback are closed: it listens to more than this machine \
                      and does not know its own address. Set `public_url` in its settings to the \
                      address that people open, and start it again."
                .to_owned(),
        };
    }
    PageError {
        status: StatusCode::MISDIRECTED_REQUEST,
        message: "This Ringback does not know the address in your browser as its own. Set \
                  `public_url` in its settings to that address, and start it again."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{OwnOrigins, not_ours};
    use crate::settings::Settings;

    fn origins(settings: &str, address: &str) -> OwnOrigins {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ringback.toml");
        std::fs::write(&file, settings).expect("written");
        let settings = Settings::load(Some(&file), None).expect("settings");
        let address: SocketAddr = address.parse().expect("an address");
        OwnOrigins::new(&settings, address)
    }

    fn asked(host: &str) -> HeaderMap {
        let host = HeaderValue::from_str(host).expect("a host");
        HeaderMap::from_iter([(header::HOST, host)])
    }

    #[test]
    fn beyond_this_machine_only_the_public_address_is_ours() {
        let open = "public_url = \"https://Desk.Example:443/\"";
        let own = origins(open, "0.0.0.0:8080");
        assert_eq!(own.of(&asked("desk.example")), Some("https://desk.example"));
        for host in ["127.0.0.1:8080", "localhost:8080", "0.0.0.0:8080"] {
            assert_eq!(own.of(&asked(host)), None, "{host}");
        }
        assert!(own.is_https(&asked("desk.example")));
    }

    #[test]
    fn without_a_public_address_pages_are_closed_and_say_how_to_open_them() {
        let own = origins("", "192.0.2.1:8080");
        assert_eq!(own.of(&asked("192.0.2.1:8080")), None);
        let closed = not_ours(&own);
        assert_eq!(closed.status, StatusCode::FORBIDDEN);
        assert!(closed.message.contains("`public_url`"));
    }
}
