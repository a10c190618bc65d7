//! age around bytes in memory.

use std::io::{Read, Write};

use age::{Decryptor, Encryptor, Recipient};
use secrecy::zeroize::Zeroizing;

use super::{
    Answers, VaultError,
    key_file::{Keys, PublicKey},
};

/// What a customer submitted, as age (X25519) ciphertext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// Seals answers for everybody who has one of these keys.
pub(super) fn seal(answers: &Answers, recipients: &[PublicKey]) -> Result<Sealed, VaultError> {
    let recipients = recipients.iter().map(PublicKey::as_recipient);
    let encryptor = Encryptor::with_recipients(recipients.map(|key| key as &dyn Recipient))
        .map_err(|_| VaultError::NoRecipient)?;
    let plain = answers.to_bytes()?;
    let mut sealed = Vec::new();
    // A vector in memory takes whatever is written.
    let write = |sealed: &mut Vec<u8>| -> std::io::Result<()> {
        let mut writer = encryptor.wrap_output(sealed)?;
        writer.write_all(&plain)?;
        writer.finish()?;
        Ok(())
    };
    write(&mut sealed).map_err(|_| VaultError::Damaged)?;
    Ok(Sealed(sealed))
}

/// Opens what was sealed with whichever of the keys fits.
///
/// # Errors
/// When none fits, or the ciphertext is damaged.
pub fn open_with(sealed: &Sealed, keys: &Keys) -> Result<Answers, VaultError> {
    let decryptor = Decryptor::new(sealed.0.as_slice()).map_err(|_| VaultError::Damaged)?;
    let mut reader = decryptor
        .decrypt(keys.identities())
        .map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => VaultError::NoKey,
            _ => VaultError::Damaged,
        })?;
    // What is inside is shorter than what is around it, so the buffer never grows.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.0.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|_| VaultError::Damaged)?;
    Answers::of_bytes(&plain)
}
