//! The second factor: time-based one-time codes (RFC 6238) with what every authenticator app takes:
//! SHA-1, six digits, 30 seconds. Knows no account.

use std::fmt;

use rand::{
    TryRng,
    rngs::{SysError, SysRng},
};
use totp_rs::{Builder, Secret, Totp};

use crate::domain::{ids::AccountName, time::Timestamp};

/// The key's length in bytes, as RFC 4226 recommends.
const KEY_BYTES: usize = 20;

/// The key that an authenticator app and we share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; KEY_BYTES]);

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpKey([private])")
    }
}

impl TotpKey {
    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system gives no random bits.
    pub fn generate() -> Result<Self, SysError> {
        let mut key = [0; KEY_BYTES];
        SysRng.try_fill_bytes(&mut key)?;
        Ok(Self(key))
    }

    /// The key of a text that [`TotpKey::as_text`] gave.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        Self::of_bytes(secret.as_bytes())
    }

    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As a person types it into an app: Base32.
    #[must_use]
    pub fn as_text(&self) -> String {
        Secret::from(self.0).to_base32()
    }

    /// As an app scans it: an `otpauth` URL that names the account.
    #[must_use]
    pub fn url(&self, account: &AccountName) -> String {
        let totp = Builder::new()
            .with_secret(self.0)
            .with_account_name(account.as_str())
            .with_issuer(Some("Ringback"))
            .build();
        // Fails only for parts that the above does not have.
        totp.ok()
            .and_then(|totp| totp.to_url().ok())
            .unwrap_or_default()
    }

    /// The step whose code this is: the present one or a neighbour, since clocks differ.
    pub(super) fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = u64::try_from(now.as_second()).ok()?;
        self.totp()?.check(&digits, now)
    }

    fn totp(&self) -> Option<Totp> {
        Builder::new().with_secret(self.0).build().ok()
    }

    /// The code of a moment, as an app shows it.
    #[cfg(test)]
    pub(crate) fn code_at(&self, now: Timestamp) -> String {
        let now = u64::try_from(now.as_second()).expect("after 1970");
        self.totp().expect("a key").generate(now).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountName, Timestamp, TotpKey};

    /// The key of RFC 6238's appendix B.
    const OF_THE_RFC: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        let key = TotpKey::of_bytes(OF_THE_RFC).expect("20 bytes");
        // The appendix shows eight digits; six are the last six of them.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key.code_at(at(second)), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_own_step_and_the_neighbours() {
        let key = TotpKey::generate().expect("random bits");
        let code = key.code_at(at(3_000));
        assert_eq!(key.step_of(&code, at(3_000)), Some(100));
        assert_eq!(key.step_of(&code, at(3_059)), Some(100));
        assert_eq!(key.step_of(&code, at(3_060)), None);
        assert_eq!(key.step_of(&code, at(2_970)), Some(100));
        assert_eq!(key.step_of(&code, at(2_969)), None);
        let (first, last) = code.split_at(3);
        assert_eq!(
            key.step_of(&format!("{first} {last} "), at(3_000)),
            Some(100)
        );
        for nonsense in ["", "12345", "1234567", "+12345", "abcdef"] {
            assert_eq!(key.step_of(nonsense, at(3_000)), None, "{nonsense}");
        }
    }

    #[test]
    fn a_key_reads_back_from_its_text_and_never_prints() {
        let key = TotpKey::generate().expect("random bits");
        assert_eq!(TotpKey::of_text(&key.as_text()), Some(key.clone()));
        assert_eq!(TotpKey::of_text("AAAA"), None);
        assert_eq!(TotpKey::of_text("no base32!"), None);
        assert!(!format!("{key:?}").contains(&key.as_text()));
        let kim = AccountName::parse("kim").expect("a name");
        let url = key.url(&kim);
        assert!(url.starts_with("otpauth://totp/Ringback:kim?"), "{url}");
        assert!(url.contains(&key.as_text()), "{url}");
    }
}
