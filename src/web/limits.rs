//! How often somebody may try something: counted in memory, for as long as it matters.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::pages::PageError;

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
    use std::{num::NonZeroU32, time::Duration};

    use super::{Limiter, MOST_KEYS, Places};

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
