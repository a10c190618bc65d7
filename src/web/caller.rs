//! Whose request it is, as far as limits count: one answer for all pages.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request},
};

/// Where a request comes from: an IPv4 address, or the 64 bits of an IPv6 address that one customer
/// of a provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::web) struct Caller(IpAddr);

impl Caller {
    /// A proxy on this machine says whom it speaks for, at the end of the list; what stands before
    /// that, anybody may have written.
    pub(in crate::web) fn new(peer: IpAddr, headers: &HeaderMap) -> Self {
        let said = headers.get_all("x-forwarded-for").iter().next_back();
        let said = said
            .and_then(|list| list.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse().ok());
        let address = said.filter(|_| peer.to_canonical().is_loopback());
        Self(network(address.unwrap_or(peer)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = <ConnectInfo<SocketAddr> as FromRequestParts<S>>::Rejection;

    async fn from_request_parts(
        request: &mut request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        let ConnectInfo(peer) =
            ConnectInfo::<SocketAddr>::from_request_parts(request, state).await?;
        Ok(Self::new(peer.ip(), &request.headers))
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

    fn caller(peer: &str, forwarded: Option<&'static str>) -> Caller {
        let forwarded = forwarded.map(HeaderValue::from_static);
        let headers = forwarded.map(|list| ("x-forwarded-for".parse().expect("a name"), list));
        let peer = peer.parse().expect("an address");
        Caller::new(peer, &HeaderMap::from_iter(headers))
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed_and_only_its_own_word() {
        let list = Some("1.1.1.1, 10.0.0.9");
        assert_eq!(caller("127.0.0.1", list), caller("10.0.0.9", None));
        assert_eq!(caller("::ffff:127.0.0.1", list), caller("10.0.0.9", None));
        assert_eq!(caller("10.0.0.1", list), caller("10.0.0.1", None));
        assert_ne!(caller("127.0.0.1", None), caller("10.0.0.1", None));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let caller = |peer| caller(peer, None);
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:2"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
        assert_ne!(caller("192.0.2.1"), caller("192.0.2.2"));
    }
}
