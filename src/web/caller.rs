//! Whose request it is, as far as limits count: one answer for all pages.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request},
};

use super::Parts;

/// Where a request comes from: an IPv4 address, or the 64 bits of an IPv6 address that one customer
/// of a provider has. Behind a proxy of our own that is where the proxy got it from; else everybody
/// would share what is allowed to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::web) struct Caller(IpAddr);

impl Caller {
    /// A proxy of ours says whom it speaks for, at the end of the list; what stands before that,
    /// anybody may have written. Of ours is a proxy on this machine, and one on its private network
    /// where people come by TLS, which we do not speak: a container has the proxy of its host there.
    pub(in crate::web) fn new(peer: IpAddr, headers: &HeaderMap, is_behind_tls: bool) -> Self {
        let is_near = match peer.to_canonical() {
            IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
        };
        let is_ours = peer.to_canonical().is_loopback() || (is_near && is_behind_tls);
        let said = headers.get_all("x-forwarded-for").iter().next_back();
        let said = said
            .and_then(|list| list.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse().ok());
        Self(network(said.filter(|_| is_ours).unwrap_or(peer)))
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
        let public_url = parts.settings.public_url.as_ref();
        let is_behind_tls = public_url.is_some_and(|url| url.as_str().starts_with("https://"));
        Ok(Self::new(peer.ip(), &request.headers, is_behind_tls))
    }
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
    use axum::http::HeaderValue;

    use super::{Caller, HeaderMap};

    fn caller(peer: &str, forwarded: Option<&'static str>, is_behind_tls: bool) -> Caller {
        let forwarded = forwarded.map(HeaderValue::from_static);
        let headers = forwarded.map(|list| ("x-forwarded-for".parse().expect("a name"), list));
        let peer = peer.parse().expect("an address");
        Caller::new(peer, &HeaderMap::from_iter(headers), is_behind_tls)
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed_and_only_its_own_word() {
        let list = Some("1.1.1.1, 203.0.113.9");
        for (peer, is_behind_tls, counted) in [
            ("127.0.0.1", false, "203.0.113.9"),
            ("::1", false, "203.0.113.9"),
            ("172.18.0.1", true, "203.0.113.9"),
            ("::ffff:172.18.0.1", true, "203.0.113.9"),
            ("172.18.0.1", false, "172.18.0.1"),
            ("198.51.100.1", true, "198.51.100.1"),
        ] {
            let found = caller(peer, list, is_behind_tls);
            assert_eq!(found, caller(counted, None, false), "{peer}");
        }
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let caller = |peer| caller(peer, None, false);
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:2"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
        assert_ne!(caller("192.0.2.1"), caller("192.0.2.2"));
    }
}
