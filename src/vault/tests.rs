//! What is sealed opens with the right key only, and key files are made and kept as they must be.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use tempfile::TempDir;

use super::{Answers, KeyFile, PublicKey, Sealed, Vault, VaultError, open_with};
use crate::domain::time::Timestamp;

const NEVER: Timestamp = Timestamp::MIN;

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn now() -> Timestamp {
    time("2026-01-05T10:00:00Z")
}

fn answers(typed: &str) -> Answers {
    Answers(vec![
        ("birth_date".to_owned(), "1980-02-29".to_owned().into()),
        ("street".to_owned(), typed.to_owned().into()),
    ])
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("keys/forms.key")
    }

    fn vault(&self) -> Vault {
        Vault::with_key_file(self.path(), now()).expect("a vault")
    }

    fn key_file(&self) -> KeyFile {
        KeyFile::new(self.path())
    }
}

fn mode(path: &std::path::Path) -> u32 {
    let metadata = fs::metadata(path).expect("there");
    metadata.permissions().mode() & 0o777
}

#[test]
fn what_the_server_seals_it_opens_again_and_nobody_reads_it_in_between() {
    let folder = Folder::new();
    let vault = folder.vault();
    let typed = answers("Größe \"7\"\nWay");
    let sealed = vault.seal(&typed, &[]).expect("sealed");
    let text = String::from_utf8_lossy(&sealed.0).into_owned();
    assert!(text.starts_with("age-encryption.org/v1\n-> X25519 "));
    assert!(!text.contains("birth_date") && !text.contains("1980"));
    assert_eq!(vault.open(&sealed).expect("opened"), typed);
    let again = vault.seal(&typed, &[]).expect("sealed");
    assert_ne!(sealed, again, "the same answers never look the same");
}

#[test]
fn the_length_of_what_is_sealed_tells_nothing_of_a_short_answer() {
    let vault = Folder::new();
    let vault = vault.vault();
    // age itself adds some bytes at random, fewer than 300.
    for (typed, blocks) in [("", 1), (&*"x".repeat(800), 1), (&*"x".repeat(1_200), 2)] {
        let length = vault.seal(&answers(typed), &[]).expect("sealed").0.len();
        assert_eq!(length / 1024, blocks, "{} bytes typed", typed.len());
    }
}

#[test]
fn neither_answers_nor_keys_show_themselves() {
    let folder = Folder::new();
    folder.vault();
    let keys = folder.key_file().read().expect("keys");
    let shown = format!("{:?} {keys:?}", answers("Elm Street"));
    assert!(
        !shown.contains("Elm") && !shown.contains("SECRET"),
        "{shown}"
    );
}

#[test]
fn another_servers_key_opens_nothing() {
    let (one, other) = (Folder::new(), Folder::new());
    let sealed = one.vault().seal(&answers("x"), &[]).expect("sealed");
    let refused = other.vault().open(&sealed);
    assert!(matches!(refused, Err(VaultError::NoKey)), "{refused:?}");
    let elsewhere = Vault::recipients_only().open(&sealed);
    assert!(matches!(elsewhere, Err(VaultError::NoKey)), "{elsewhere:?}");
}

#[test]
fn whatever_byte_is_changed_it_does_not_open() {
    let folder = Folder::new();
    let vault = folder.vault();
    let Sealed(whole) = vault.seal(&answers("x"), &[]).expect("sealed");
    let refused = |bytes: Vec<u8>| {
        matches!(
            vault.open(&Sealed(bytes)),
            Err(VaultError::Damaged | VaultError::NoKey)
        )
    };
    for place in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        assert!(refused(damaged), "byte {place}");
        assert!(refused(whole[..place].to_vec()), "cut at {place}");
    }
    assert!(refused(b"not age at all".to_vec()));
}

#[test]
fn a_rotated_key_still_opens_until_it_is_dropped_and_the_new_one_seals_at_once() {
    let folder = Folder::new();
    let vault = folder.vault();
    let before = vault.seal(&answers("before"), &[]).expect("sealed");
    let old = folder.key_file().read().expect("keys").newest().to_string();

    let keys = folder.key_file().rotate(now(), NEVER).expect("rotated");
    assert_ne!(keys.newest().to_string(), old);
    let known = keys.known();
    assert_eq!(
        (known[1].public.to_string(), known[1].retired),
        (old, Some(now()))
    );
    assert_eq!((known[0].made, known[0].retired), (Some(now()), None));
    // The vault was not started anew.
    assert_eq!(vault.open(&before).expect("opened"), answers("before"));
    let after = vault.seal(&answers("after"), &[]).expect("sealed");

    assert_eq!(vault.drop_retired(now()).expect("looked"), 0);
    assert_eq!(vault.open(&before).expect("opened"), answers("before"));
    let later = time("2026-01-05T10:00:01Z");
    assert_eq!(vault.drop_retired(later).expect("dropped"), 1);
    assert!(matches!(vault.open(&before), Err(VaultError::NoKey)));
    assert_eq!(vault.open(&after).expect("opened"), answers("after"));
}

#[test]
fn rotating_again_drops_what_was_retired_long_ago_only() {
    let folder = Folder::new();
    folder.vault();
    let at = [
        "2026-01-05T10:00:00Z",
        "2026-01-06T10:00:00Z",
        "2026-01-08T10:00:00Z",
    ]
    .map(time);
    folder.key_file().rotate(at[0], NEVER).expect("rotated");
    let two = folder.key_file().rotate(at[1], NEVER).expect("rotated");
    assert_eq!(two.known().len(), 3);
    let three = folder.key_file().rotate(at[2], at[1]).expect("rotated");
    let retired: Vec<_> = three.known().iter().map(|key| key.retired).collect();
    assert_eq!(retired, [None, Some(at[2]), Some(at[1])]);
    let read = folder.key_file().read().expect("keys");
    let written: Vec<_> = read.known().iter().map(|key| key.retired).collect();
    assert_eq!(written, retired);
}

#[test]
fn a_key_file_is_made_for_its_owner_alone_and_never_overwritten() {
    let folder = Folder::new();
    folder.vault();
    let path = folder.path();
    let parent = path.parent().expect("a folder");
    assert_eq!((mode(&path), mode(parent)), (0o600, 0o700));
    assert_eq!(fs::read_dir(parent).expect("read").count(), 1, "no rest");
    let first = fs::read(&path).expect("read");
    folder.vault();
    assert!(!folder.key_file().make(now()).expect("looked"));
    assert_eq!(fs::read(&path).expect("read"), first);
    // What one left behind that was killed half-way.
    fs::write(parent.join(".forms.key.new-abc"), &first).expect("written");
    folder.key_file().rotate(now(), NEVER).expect("rotated");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(fs::read_dir(parent).expect("read").count(), 1, "no rest");
}

#[test]
fn a_key_file_that_others_may_read_is_refused_with_how_to_mend_it() {
    let folder = Folder::new();
    let vault = folder.vault();
    for open in [0o640, 0o604, 0o620, 0o644] {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(open)).expect("changed");
        let refused = vault.seal(&answers("x"), &[]).expect_err("refused");
        let said = refused.to_string();
        assert!(said.contains(&format!("mode is {open:04o}")), "{said}");
        assert!(said.contains("chmod 600"), "{said}");
    }
    Vault::with_key_file(folder.path(), now()).expect_err("no start with it either");
}

#[test]
fn what_is_wrong_with_a_key_file_is_told_without_its_keys() {
    let folder = Folder::new();
    folder.vault();
    let said = |text: &str| {
        fs::write(folder.path(), text).expect("written");
        let refused = folder.key_file().read().expect_err("refused");
        refused
            .to_string()
            .replace(&folder.0.path().display().to_string(), "…")
    };
    insta::assert_snapshot!(said("# nothing\n"), @"the key file …/keys/forms.key holds no key: `ringback keys new FILE` makes a file with one");
    insta::assert_snapshot!(said("\nAGE-SECRET-KEY-1SPOILT\n"), @"the key file …/keys/forms.key has no key on line 2: write AGE-SECRET-KEY-1… alone on a line, or make a new file with `ringback keys new FILE`");
    fs::remove_file(folder.path()).expect("gone");
    let gone = folder.key_file().read().expect_err("refused").to_string();
    assert!(gone.ends_with("check the path"), "{gone}");
}

#[test]
fn a_key_file_of_age_keygen_is_read() {
    let folder = Folder::new();
    folder.vault();
    // Made with this crate; the lines are those that age-keygen writes.
    let key = folder.key_file().read().expect("keys").newest();
    let text = fs::read_to_string(folder.path()).expect("read");
    let secret = text
        .lines()
        .find(|line| !line.starts_with('#'))
        .expect("a key");
    let like =
        format!("# created: 2026-01-05T11:00:00+01:00\r\n# public key: {key}\r\n{secret}\r\n");
    fs::write(folder.path(), like).expect("written");
    let keys = folder.key_file().read().expect("read");
    assert_eq!(keys.newest().to_string(), key.to_string());
    assert_eq!(keys.known()[0].made, Some(now()));
}

#[test]
fn every_recipient_opens_it_with_a_key_of_their_own_and_the_server_does_not() {
    let server = Vault::recipients_only();
    let (kim, lee, stranger) = (Folder::new(), Folder::new(), Folder::new());
    for folder in [&kim, &lee, &stranger] {
        folder.vault();
    }
    let keys = [&kim, &lee].map(|folder| folder.key_file().read().expect("keys"));
    let public: Vec<String> = keys.iter().map(|keys| keys.newest().to_string()).collect();
    let sealed = server.seal(&answers("x"), &public).expect("sealed");
    for keys in &keys {
        assert_eq!(open_with(&sealed, keys).expect("opened"), answers("x"));
    }
    assert!(matches!(server.open(&sealed), Err(VaultError::NoKey)));
    assert!(matches!(
        stranger.vault().open(&sealed),
        Err(VaultError::NoKey)
    ));
    assert!(!server.opens_here() && kim.vault().opens_here());
}

#[test]
fn nothing_is_sealed_that_nobody_could_open() {
    let refused = Vault::recipients_only().seal(&answers("x"), &[]);
    assert!(
        matches!(refused, Err(VaultError::NoRecipient)),
        "{refused:?}"
    );
}

#[test]
fn a_public_key_is_read_and_nothing_else_is() {
    let folder = Folder::new();
    folder.vault();
    let key = folder.key_file().read().expect("keys").newest().to_string();
    let spaced = PublicKey::parse(&format!(" {key}\n")).expect("a key");
    assert_eq!(spaced.to_string(), key);
    let cut = key.get(..61).expect("it has 62 characters");
    for no_key in ["", "age1", "ssh-ed25519 AAAA", cut] {
        assert!(PublicKey::parse(no_key).is_none(), "{no_key}");
    }
}
