//! Hands what another program brings over HTTP to whoever reads it, and the answer back: the web knows
//! no channel, and a channel no web. Little waits here, and nothing is answered before it was kept.

use std::fmt;

use rand::{
    TryRng,
    rngs::{SysError, SysRng},
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::{mpsc, oneshot};

/// How many deliveries may wait.
const WAITING: usize = 64;

/// Where deliveries are handed in. Cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    secret: SecretString,
    deliveries: mpsc::Sender<Delivery>,
}

/// One delivery.
pub struct Delivery {
    /// What was brought.
    pub body: Vec<u8>,
    /// Answers who brought it. Dropped unanswered, it was not taken.
    pub answer: oneshot::Sender<Taken>,
}

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is kept, or nothing that can be.
    Kept,
    /// Not now: it is to be brought again.
    NotNow,
}

/// What customers wrote must not reach a log.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Delivery")
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inbox")
    }
}

impl Inbox {
    /// An inbox with a new secret, and what comes in. Both live as long as this run.
    ///
    /// # Errors
    /// When the operating system gives no random bits.
    pub fn open() -> Result<(Self, mpsc::Receiver<Delivery>), SysError> {
        let mut bits = [0; 32];
        SysRng.try_fill_bytes(&mut bits)?;
        let (deliveries, waiting) = mpsc::channel(WAITING);
        let inbox = Self {
            secret: hex::encode(bits).into(),
            deliveries,
        };
        Ok((inbox, waiting))
    }

    /// What whoever may bring something says with it: 64 letters and digits.
    #[must_use]
    pub const fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// Whether somebody said the secret. Takes as long for any wrong one.
    #[must_use]
    pub fn is_from(&self, said: &[u8]) -> bool {
        self.secret.expose_secret().as_bytes().ct_eq(said).into()
    }

    /// Hands a delivery in, and waits for what comes of it.
    pub async fn hand_in(&self, body: Vec<u8>) -> Taken {
        let (answer, answered) = oneshot::channel();
        let Ok(()) = self.deliveries.try_send(Delivery { body, answer }) else {
            return Taken::NotNow;
        };
        answered.await.unwrap_or(Taken::NotNow)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{Inbox, Taken, WAITING};

    #[test]
    fn whoever_says_another_secret_is_nobody() {
        let (inbox, _waiting) = Inbox::open().unwrap();
        let secret = inbox.secret().expose_secret().to_owned();
        assert!(inbox.is_from(secret.as_bytes()));
        let without_its_first: String = secret.chars().skip(1).collect();
        for wrong in ["", "x", &without_its_first, &secret.to_uppercase()] {
            assert!(!inbox.is_from(wrong.as_bytes()), "{wrong}");
        }
        assert!(!format!("{inbox:?}").contains(&secret));
    }

    #[tokio::test]
    async fn a_delivery_is_answered_by_whoever_takes_it() {
        let (inbox, mut waiting) = Inbox::open().unwrap();
        let takes = async {
            let delivery = waiting.recv().await.unwrap();
            assert_eq!(delivery.body, b"hello");
            delivery.answer.send(Taken::Kept).unwrap();
        };
        let (taken, ()) = tokio::join!(inbox.hand_in(b"hello".to_vec()), takes);
        assert_eq!(taken, Taken::Kept);
    }

    #[tokio::test]
    async fn what_nobody_takes_is_to_be_brought_again() {
        let (inbox, mut waiting) = Inbox::open().unwrap();
        let drops = async { drop(waiting.recv().await) };
        let (taken, ()) = tokio::join!(inbox.hand_in(Vec::new()), drops);
        assert_eq!(taken, Taken::NotNow);
        drop(waiting);
        assert_eq!(inbox.hand_in(Vec::new()).await, Taken::NotNow);
    }

    #[tokio::test]
    async fn one_delivery_too_many_does_not_wait() {
        let (inbox, waiting) = Inbox::open().unwrap();
        let many = futures_util::future::join_all((0..=WAITING).map(|_| inbox.hand_in(Vec::new())));
        let refused = async {
            // Polled once, all but the last stand in the line.
            tokio::task::yield_now().await;
            assert_eq!(waiting.len(), WAITING);
            drop(waiting);
        };
        let (taken, ()) = tokio::join!(many, refused);
        assert!(taken.iter().all(|taken| *taken == Taken::NotNow));
    }
}
