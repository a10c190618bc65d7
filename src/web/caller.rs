//! Whose request it is and how it reached us: one answer for all pages and limits. Only proxies that
//! the settings name are believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request},
};

use super::Parts;
use crate::settings::Settings;

/// Where a request comes from: an IPv4 address, or the 64 bits of an IPv6 address that one customer
/// of a provider has. Behind a trusted proxy that is where the proxy got it from; else everybody
/// would share what is allowed to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::web) struct Caller(IpAddr);

impl Caller {
    /// A trusted proxy writes whom it speaks for at the end of the list. What stands before the
    /// last address that is no trusted proxy's, anybody may have written.
    pub(in crate::web) fn new(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Self {
        if !is_trusted(peer, trusted) {
            return Self(network(peer));
        }
        let lists = headers.get_all(&X_FORWARDED_FOR).iter().rev();
        let mut said = lists
            .flat_map(|list| list.to_str().unwrap_or_default().rsplit(','))
            .map_while(|address| address.trim().parse::<IpAddr>().ok());
        let theirs = said.find(|address| !is_trusted(*address, trusted));
        Self(network(theirs.unwrap_or(peer)))
    }
}

impl FromRequestParts<Parts> for Caller {
    type Rejection = <ConnectInfo<SocketAddr> as FromRequestParts<Parts>>::Rejection;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Self::Rejection> {
        let ConnectInfo(peer) =
            ConnectInfo::<SocketAddr>::from_request_parts(request, parts).await?;
        let trusted = &parts.settings.trusted_proxies;
        Ok(Self::new(peer.ip(), &request.headers, trusted))
    }
}

/// How a request reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Carried {
    /// By TLS, ours or a trusted proxy's.
    ByTls,
    /// From this machine itself, by nobody else.
    OnThisMachine,
    /// A trusted proxy passes on what reached it in the clear, or does not say how it did.
    InTheClearByProxy,
    /// By a proxy that the settings do not name.
    ByUnknownProxy,
    /// Over the network in the clear.
    InTheClear,
}

/// Tells how requests reach us.
#[derive(Debug, Clone)]
pub(in crate::web) struct Transport {
    serves_tls: bool,
    trusted: Vec<IpAddr>,
}

impl Transport {
    pub(in crate::web) fn new(settings: &Settings) -> Self {
        Self {
            serves_tls: settings.tls.is_some(),
            trusted: settings.trusted_proxies.clone(),
        }
    }

    /// How a request from that peer reached us.
    pub(in crate::web) fn carried(&self, peer: IpAddr, headers: &HeaderMap) -> Carried {
        if self.serves_tls {
            return Carried::ByTls;
        }
        let is_passed_on = FORWARDING.iter().any(|name| headers.contains_key(name));
        let is_local = peer.to_canonical().is_loopback();
        match (is_trusted(peer, &self.trusted), is_passed_on) {
            (true, true) if said_https(headers) => Carried::ByTls,
            (_, false) if is_local => Carried::OnThisMachine,
            (true, _) => Carried::InTheClearByProxy,
            (false, true) if is_local => Carried::ByUnknownProxy,
            (false, _) => Carried::InTheClear,
        }
    }
}

/// Whether the nearest proxy got the request by TLS.
fn said_https(headers: &HeaderMap) -> bool {
    let said = headers.get_all(&X_FORWARDED_PROTO).iter().next_back();
    let last = said.and_then(|list| list.to_str().ok()?.rsplit(',').next());
    last.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Whatever a proxy passes on carries one of these; no browser sends any.
const FORWARDING: [HeaderName; 5] = [
    X_FORWARDED_FOR,
    X_FORWARDED_PROTO,
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
    header::VIA,
];

fn is_trusted(address: IpAddr, trusted: &[IpAddr]) -> bool {
    trusted.contains(&address.to_canonical())
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderName, HeaderValue};

    use super::{Caller, Carried, HeaderMap, Transport};

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        headers
    }

    fn caller(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> Caller {
        let trusted: Vec<IpAddr> = trusted.iter().map(|address| ip(address)).collect();
        let lines: Vec<_> = forwarded.iter().map(|l| ("x-forwarded-for", *l)).collect();
        Caller::new(ip(peer), &headers(&lines), &trusted)
    }

    #[test]
    fn only_a_named_proxy_is_believed_and_only_as_far_as_it_can_know() {
        let list = ["1.1.1.1, 203.0.113.9"];
        let proxies = ["127.0.0.1", "10.0.0.2", "10.0.0.3"];
        for (peer, list, counted) in [
            ("127.0.0.1", &list[..], "203.0.113.9"),
            ("::ffff:10.0.0.2", &list[..], "203.0.113.9"),
            (
                "10.0.0.2",
                &["1.1.1.1", "203.0.113.9, 10.0.0.3"],
                "203.0.113.9",
            ),
            ("10.0.0.2", &["203.0.113.9, nonsense"], "10.0.0.2"),
            ("10.0.0.2", &[], "10.0.0.2"),
            ("10.0.0.4", &list[..], "10.0.0.4"),
            ("::1", &list[..], "::1"),
        ] {
            let found = caller(peer, list, &proxies);
            assert_eq!(found, caller(counted, &[], &[]), "{peer} {list:?}");
        }
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let caller = |peer| caller(peer, &[], &[]);
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:2"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
        assert_ne!(caller("192.0.2.1"), caller("192.0.2.2"));
    }

    #[test]
    fn what_is_safe_comes_by_tls_or_from_this_machine_alone() {
        use Carried::{ByTls, ByUnknownProxy, InTheClear, InTheClearByProxy, OnThisMachine};
        let transport = Transport {
            serves_tls: false,
            trusted: vec![ip("10.0.0.2"), ip("127.0.0.2")],
        };
        let https = [("x-forwarded-proto", "http, https")];
        let http = [("x-forwarded-proto", "https, http")];
        let silent = [("x-forwarded-for", "203.0.113.9")];
        for (peer, lines, carried) in [
            ("10.0.0.2", &https[..], ByTls),
            ("10.0.0.2", &http[..], InTheClearByProxy),
            ("10.0.0.2", &silent[..], InTheClearByProxy),
            ("10.0.0.2", &[], InTheClearByProxy),
            ("127.0.0.2", &https[..], ByTls),
            ("127.0.0.2", &[], OnThisMachine),
            ("127.0.0.1", &[], OnThisMachine),
            ("::1", &[], OnThisMachine),
            ("127.0.0.1", &https[..], ByUnknownProxy),
            ("127.0.0.1", &[("via", "1.1 cache")], ByUnknownProxy),
            ("198.51.100.1", &[], InTheClear),
            ("198.51.100.1", &https[..], InTheClear),
        ] {
            let found = transport.carried(ip(peer), &headers(lines));
            assert_eq!(found, carried, "{peer} {lines:?}");
        }
        let serves_tls = Transport {
            serves_tls: true,
            trusted: Vec::new(),
        };
        assert_eq!(
            serves_tls.carried(ip("198.51.100.1"), &HeaderMap::new()),
            ByTls
        );
    }
}
