//! How an entry of the audit is hashed, for the writer and for whoever checks it. Pure.
//!
//! The SHA-256 of, in this order: the hash of the entry before (32 bytes; zeros before the first),
//! the entry's number and its time in microseconds (each as 8 bytes, big-endian), then `account`,
//! `verb`, `about`, `thread` and `item`. Each of these is the byte 0 where there is none, else the
//! byte 1, its length in bytes (8 bytes, big-endian) and the bytes themselves. So no two entries
//! are written alike. `docs/RIGHTS.md` says the same to whoever wants to check it with a program of
//! their own.

use sha2::{Digest, Sha256};

use crate::store::rows::audit::AuditHash;

/// What the first entry follows.
pub(super) const NO_ENTRY: AuditHash = AuditHash([0; 32]);

/// What of an entry is hashed, beside its number and the entry before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) at: i64,
    pub(super) account: &'a str,
    pub(super) verb: &'a str,
    pub(super) about: Option<&'a str>,
    pub(super) thread: Option<&'a [u8]>,
    pub(super) item: Option<&'a [u8]>,
}

impl Link<'_> {
    /// The entry's hash, as the one of that number that follows `previous`.
    pub(super) fn hash(&self, number: i64, previous: &AuditHash) -> AuditHash {
        let mut hash = Sha256::new();
        hash.update(previous.0);
        hash.update(number.to_be_bytes());
        hash.update(self.at.to_be_bytes());
        for field in [
            Some(self.account.as_bytes()),
            Some(self.verb.as_bytes()),
            self.about.map(str::as_bytes),
            self.thread,
            self.item,
        ] {
            match field {
                None => hash.update([0]),
                Some(bytes) => {
                    hash.update([1]);
                    hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
                    hash.update(bytes);
                }
            }
        }
        AuditHash(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, NO_ENTRY};

    const LINK: Link<'_> = Link {
        at: 1,
        account: "kim",
        verb: "viewed",
        about: None,
        thread: Some(b"t"),
        item: None,
    };

    #[test]
    fn what_stands_in_another_field_is_another_entry() {
        let hash = LINK.hash(1, &NO_ENTRY);
        let others = [
            Link {
                account: "kimv",
                verb: "iewed",
                ..LINK
            },
            Link {
                about: Some("t"),
                thread: None,
                ..LINK
            },
            Link {
                thread: None,
                item: Some(b"t"),
                ..LINK
            },
            Link {
                about: Some(""),
                ..LINK
            },
            Link { at: 2, ..LINK },
        ];
        for other in others {
            assert_ne!(other.hash(1, &NO_ENTRY), hash, "{other:?}");
        }
        assert_ne!(LINK.hash(2, &NO_ENTRY), hash);
        assert_ne!(LINK.hash(1, &hash), hash);
    }

    /// Computed by another program from what the documentation says.
    #[test]
    fn an_entry_is_hashed_as_the_documentation_says() {
        let hash = LINK.hash(1, &NO_ENTRY).to_string();
        insta::assert_snapshot!(hash, @"86020f56dc73598c0d55744dbb1c9b2bbb0f85612d206cfcc3e0603894377676");
    }
}
