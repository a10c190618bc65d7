//! How often somebody may try something: counted in memory, for as long as it matters.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, StatusCode, header, request},
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::{Parts, pages::PageError};

/// So many keys are remembered at most. Once they are full of such that are still being held back,
/// new ones are held back too.
const MOST_KEYS: usize = 50_000;

/// Allows each key so many tries in a time; they come back one by one.
#[derive(Debug)]
pub(in crate::web) struct Limiter<K: Hash + Eq + Clone> {
    keyed: DefaultKeyedRateLimiter<K>,
    one_per: Duration,
    clock: DefaultClock,
}

/// Too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct TooOften {
    /// When it can be tried again.
    pub(in crate::web) retry_after: Duration,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// `times` tries in `per`.
    pub(in crate::web) fn new(times: NonZeroU32, per: Duration) -> Self {
        let one_per = per / times.get();
        let quota = Quota::with_period(one_per).unwrap_or(Quota::per_second(times));
        Self {
            keyed: RateLimiter::keyed(quota.allow_burst(times)),
            one_per,
            clock: DefaultClock::default(),
        }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// When it is one too many.
    pub(in crate::web) fn count(&self, key: &K) -> Result<(), TooOften> {
        if self.keyed.len() >= MOST_KEYS {
            self.keyed.retain_recent();
            if self.keyed.len() >= MOST_KEYS {
                return Err(TooOften {
                    retry_after: self.one_per,
                });
            }
        }
        self.keyed.check_key(key).map_err(|not_until| TooOften {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })
    }
}

/// Where requests come from, as far as it is counted: an IPv4 address, or the 64 bits of an IPv6
/// address that one customer of a provider has.
pub(in crate::web) fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

/// Where a request comes from, as far as it is counted: its [`place`]. Behind a proxy of our own that
/// is where the proxy got it from; else everybody would share what is allowed to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Caller(pub(in crate::web) IpAddr);

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
        let address = address_of(peer.ip(), &request.headers, is_behind_tls);
        Ok(Self(place(address)))
    }
}

/// Whose address to count. A proxy of ours says whom it speaks for, at the end of the list; what
/// stands before that, anybody may have written. Of ours is a proxy on this machine, and one on its
/// private network where people come by TLS, which we do not speak: a container has the proxy of
/// its host there.
fn address_of(peer: IpAddr, headers: &HeaderMap, is_behind_tls: bool) -> IpAddr {
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
    said.filter(|_| is_ours).unwrap_or(peer)
}

/// How many of something that lasts each key has at once, such as open connections.
#[derive(Debug)]
pub(in crate::web) struct Places<K: Hash + Eq + Clone> {
    most: u32,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> Places<K> {
    /// At most so many for each key.
    pub(in crate::web) fn new(most: u32) -> Self {
        Self {
            most,
            taken: Arc::default(),
        }
    }

    /// Takes one until it is dropped; `None` where all are taken.
    pub(in crate::web) fn take(&self, key: K) -> Option<Place<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place {
            key,
            taken: Arc::clone(&self.taken),
        })
    }
}

/// One of them.
#[derive(Debug)]
pub(in crate::web) struct Place<K: Hash + Eq + Clone> {
    key: K,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = taken.entry(self.key.clone()) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl IntoResponse for TooOften {
    fn into_response(self) -> Response {
        let seconds = self.retry_after.as_secs().saturating_add(1);
        let mut response = PageError {
            status: StatusCode::TOO_MANY_REQUESTS,
            message: format!("Too many tries. Wait {seconds} seconds, then try again."),
        }
        .into_response();
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, num::NonZeroU32, time::Duration};

    use axum::http::{HeaderMap, HeaderValue};

    use super::{Limiter, MOST_KEYS, Places, address_of, place};

    fn three_an_hour<K: std::hash::Hash + Eq + Clone>() -> Limiter<K> {
        let three = NonZeroU32::new(3).expect("not zero");
        Limiter::new(three, Duration::from_secs(3600))
    }

    #[test]
    fn each_key_has_its_own_tries() {
        let limiter = three_an_hour();
        for _ in 0..3 {
            assert_eq!(limiter.count(&"kim"), Ok(()));
        }
        let wait = limiter.count(&"kim").expect_err("too often").retry_after;
        assert!(wait > Duration::from_secs(1_100) && wait <= Duration::from_secs(1_200));
        assert_eq!(limiter.count(&"lee"), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limiter = three_an_hour();
        for key in 0..MOST_KEYS {
            assert_eq!(limiter.count(&key), Ok(()));
        }
        limiter.count(&MOST_KEYS).expect_err("full");
        assert_eq!(limiter.keyed.len(), MOST_KEYS);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let place = |text: &str| place(text.parse::<IpAddr>().expect(text));
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff:2"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed_and_only_its_own_word() {
        let ip = |text: &str| text.parse::<IpAddr>().expect(text);
        let mut said = HeaderMap::new();
        let list = HeaderValue::from_static("1.1.1.1, 203.0.113.9");
        said.insert("x-forwarded-for", list);
        for (peer, is_behind_tls, counted) in [
            ("127.0.0.1", false, "203.0.113.9"),
            ("::1", false, "203.0.113.9"),
            ("172.18.0.1", true, "203.0.113.9"),
            ("::ffff:172.18.0.1", true, "203.0.113.9"),
            ("172.18.0.1", false, "172.18.0.1"),
            ("198.51.100.1", true, "198.51.100.1"),
        ] {
            let found = address_of(ip(peer), &said, is_behind_tls);
            assert_eq!(found, ip(counted), "{peer}");
        }
        let silent = address_of(ip("127.0.0.1"), &HeaderMap::new(), true);
        assert_eq!(silent, ip("127.0.0.1"));
    }

    #[test]
    fn each_key_has_its_places_and_one_given_back_makes_room() {
        let places = Places::new(2);
        let one = places.take("kim").expect("room");
        let other = places.take("kim").expect("room");
        assert!(places.take("kim").is_none());
        assert!(places.take("lee").is_some());
        drop(one);
        drop(places.take("kim").expect("room again"));
        drop(other);
        assert!(places.taken.lock().expect("whole").is_empty());
    }
}
