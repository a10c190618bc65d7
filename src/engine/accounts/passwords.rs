//! Passwords: what a new one must be, and argon2id, which is slow on purpose. Knows no account.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::SignInError;
use crate::engine::EngineError;

/// The shortest password, in characters: NIST SP 800-63B wants 8 at least, and 15 where it stands
/// alone; we are between, since attempts are limited.
const SHORTEST: usize = 12;
/// The longest, in bytes; a longer one would only be slow to hash.
const LONGEST: usize = 256;

/// Memory in KiB, passes, lanes: more than the least of OWASP's "Password Storage Cheat Sheet" for
/// argon2id (19 MiB, 2 passes, 1 lane).
const COST: (u32, u32, u32) = (32 * 1024, 2, 1);

/// Why a password will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitPassword {
    /// Too short.
    #[error("must have at least {SHORTEST} characters")]
    TooShort,
    /// Too long.
    #[error("must have at most {LONGEST} bytes")]
    TooLong,
}

/// Whether a text will do as a new password.
pub(super) fn is_fit(password: &SecretString) -> Result<(), UnfitPassword> {
    let text = password.expose_secret();
    if text.chars().count() < SHORTEST {
        Err(UnfitPassword::TooShort)
    } else if text.len() > LONGEST {
        Err(UnfitPassword::TooLong)
    } else {
        Ok(())
    }
}

/// Hashes and checks passwords, at most as many at once as there are cores; more wait.
#[derive(Debug)]
pub(in crate::engine) struct Passwords {
    free: Arc<Semaphore>,
}

impl Passwords {
    pub(in crate::engine) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            free: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The hash of a password, with a new salt.
    pub(super) async fn hash(&self, password: SecretString) -> Result<SecretString, SignInError> {
        self.work(move || hash(&password)).await
    }

    /// Whether a password is the one of that hash. Takes as long where there is none, so that time
    /// does not tell which accounts there are.
    pub(super) async fn is_right(
        &self,
        password: SecretString,
        kept: Option<SecretString>,
    ) -> Result<bool, SignInError> {
        self.work(move || match kept {
            // No account has such a long one.
            _ if password.expose_secret().len() > LONGEST => Ok(false),
            Some(kept) => {
                let password = password.expose_secret().as_bytes();
                let right = argon2()?.verify_password(password, kept.expose_secret());
                Ok(right.is_ok())
            }
            None => hash(&password).map(|_| false),
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SignInError> + Send + 'static,
    ) -> Result<T, SignInError> {
        let stopping = |_| SignInError::Engine(EngineError::Stopping);
        let place = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(|_| SignInError::Engine(EngineError::Stopping))?;
        tokio::task::spawn_blocking(move || {
            // Goes on if whoever asked went away, so the place goes with the work.
            let _place = place;
            work()
        })
        .await
        .map_err(stopping)?
    }
}

fn hash(password: &SecretString) -> Result<SecretString, SignInError> {
    let hash = argon2()?
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|error| SignInError::Hash(error.to_string()))?;
    Ok(hash.to_string().into())
}

fn argon2() -> Result<Argon2<'static>, SignInError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|error| SignInError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::{Passwords, UnfitPassword, is_fit};

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_knows_its_password_only() {
        let passwords = Passwords::new();
        let hash = passwords
            .hash(secret("correct horse"))
            .await
            .expect("hashed");
        assert!(
            hash.expose_secret()
                .starts_with("$argon2id$v=19$m=32768,t=2,p=1$")
        );
        let again = passwords
            .hash(secret("correct horse"))
            .await
            .expect("hashed");
        assert_ne!(hash.expose_secret(), again.expose_secret(), "salted");
        for (typed, kept, right) in [
            ("correct horse", Some(&hash), true),
            ("correct horsE", Some(&hash), false),
            ("", Some(&hash), false),
            ("correct horse", None, false),
            (&"x".repeat(257), Some(&hash), false),
        ] {
            let found = passwords.is_right(secret(typed), kept.cloned()).await;
            assert_eq!(found.expect("checked"), right, "{typed}");
        }
    }

    #[test]
    fn a_new_password_has_12_characters_and_at_most_256_bytes() {
        assert_eq!(is_fit(&secret("elf letters")), Err(UnfitPassword::TooShort));
        assert_eq!(is_fit(&secret("zwölf zeichn")), Ok(()));
        assert_eq!(is_fit(&secret(&"x".repeat(256))), Ok(()));
        assert_eq!(
            is_fit(&secret(&"x".repeat(257))),
            Err(UnfitPassword::TooLong)
        );
        let umlauts = "ö".repeat(129);
        assert_eq!(is_fit(&secret(&umlauts)), Err(UnfitPassword::TooLong));
    }
}
