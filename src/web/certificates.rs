//! The certificate that is served with, and its renewal while connections go on. A pair that is not
//! fit to serve with never takes the place of one that is.

use std::{fmt, sync::Arc};

use axum_server::tls_rustls::RustlsConfig;
use tokio::sync::Notify;

use crate::{
    domain::time::Length,
    engine::Clock,
    settings::{
        TlsSettings,
        tls::{TlsPair, TlsProblem},
    },
};

/// How often it is looked whether the files have changed. They are read, not watched: renewals
/// replace links and folders, which watchers lose.
const LOOK_EVERY: Length = Length::minutes(1);

/// The certificate in use.
pub struct Certificates {
    files: TlsSettings,
    serving: RustlsConfig,
    in_use: TlsPair,
    /// A pair that was refused and told of already.
    refused: Option<TlsPair>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificates").field(&self.files).finish()
    }
}

impl Certificates {
    /// Loads the files.
    ///
    /// # Errors
    /// When they cannot be served with.
    pub fn load(files: TlsSettings) -> Result<Self, TlsProblem> {
        let in_use = files.read()?;
        let serving = RustlsConfig::from_config(in_use.to_server()?);
        Ok(Self {
            files,
            serving,
            in_use,
            refused: None,
        })
    }

    /// What the server serves with; it follows renewals.
    #[must_use]
    pub fn serving(&self) -> RustlsConfig {
        self.serving.clone()
    }

    /// Takes the files again if they have changed. True if it did.
    ///
    /// # Errors
    /// When they cannot be served with, told once for the same files; what was in use stays so.
    pub fn renew(&mut self) -> Result<bool, TlsProblem> {
        let found = self.files.read()?;
        if found == self.in_use || self.refused.as_ref() == Some(&found) {
            return Ok(false);
        }
        match found.to_server() {
            Ok(server) => {
                self.serving.reload_from_config(server);
                self.in_use = found;
                self.refused = None;
                Ok(true)
            }
            Err(problem) => {
                self.refused = Some(found);
                Err(problem)
            }
        }
    }

    /// Looks each minute, and whenever `asked` says so, until it is dropped.
    pub async fn keep_fresh(mut self, clock: Clock, asked: Arc<Notify>) {
        loop {
            tokio::select! {
                () = clock.sleep(LOOK_EVERY) => {}
                () = asked.notified() => {}
            }
            match self.renew() {
                Ok(true) => tracing::info!("the renewed certificate is in use"),
                Ok(false) => {}
                Err(problem) => {
                    metrics::counter!("ringback_certificates_refused_total").increment(1);
                    tracing::error!(
                        %problem,
                        help = problem.help,
                        "the new certificate is not used; the one before still is"
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Certificates;
    use crate::settings::TlsSettings;

    #[test]
    fn only_a_pair_that_fits_takes_the_place_of_the_one_in_use() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = TlsSettings {
            certificate: folder.path().join("certificate.pem"),
            key: folder.path().join("key.pem"),
        };
        let make = || rcgen::generate_simple_self_signed(["a.example".to_owned()]).expect("made");
        let (first, second) = (make(), make());
        let write_certificate =
            |pem: String| std::fs::write(&files.certificate, pem).expect("written");
        let write_key = |pem: String| std::fs::write(&files.key, pem).expect("written");
        write_certificate(first.cert.pem());
        write_key(first.signing_key.serialize_pem());
        let mut certificates = Certificates::load(files.clone()).expect("a pair");
        assert_eq!(certificates.renew(), Ok(false));
        // Half of a renewal.
        write_certificate(second.cert.pem());
        let problem = certificates.renew().expect_err("no pair");
        assert_eq!(
            problem.to_string(),
            "tls.key does not belong to the certificate"
        );
        assert_eq!(certificates.renew(), Ok(false), "told once");
        write_key(second.signing_key.serialize_pem());
        assert_eq!(certificates.renew(), Ok(true));
        assert_eq!(certificates.renew(), Ok(false));
        std::fs::remove_file(&files.key).expect("removed");
        assert!(certificates.renew().is_err());
    }
}
