//! The certificate that Ringback serves pages with: read from its two files, and checked as a pair.

use std::{fmt, path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::layers::read_bytes;

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those that vouch for it, in PEM, our own first.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// What is wrong with the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} {why}")]
pub struct TlsProblem {
    /// Which of the two.
    pub file: TlsFile,
    /// What is wrong with it.
    pub why: String,
    /// How to mend it.
    pub help: &'static str,
}

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFile {
    /// The certificate.
    Certificate,
    /// The key.
    Key,
}

impl fmt::Display for TlsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "tls.certificate",
            Self::Key => "tls.key",
        })
    }
}

/// Both files as they were read.
#[derive(PartialEq, Eq)]
pub struct TlsPair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl fmt::Debug for TlsPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsPair").finish_non_exhaustive()
    }
}

impl TlsSettings {
    /// Reads both files.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(&self) -> Result<TlsPair, TlsProblem> {
        let read = |file, path: &PathBuf| {
            read_bytes(path).map_err(|error| TlsProblem {
                file,
                why: format!("cannot be read: {error}"),
                help: "check the path and who may read the file",
            })
        };
        Ok(TlsPair {
            certificate: read(TlsFile::Certificate, &self.certificate)?,
            key: read(TlsFile::Key, &self.key)?,
        })
    }
}

impl TlsPair {
    /// How to serve with it: TLS 1.2 and newer, HTTP/1.1 on top.
    ///
    /// # Errors
    /// When one is no PEM of its kind, or they do not belong together.
    pub fn to_server(&self) -> Result<Arc<ServerConfig>, TlsProblem> {
        let wrong = |file, why: &str, help| TlsProblem {
            file,
            why: why.to_owned(),
            help,
        };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .unwrap_or_default();
        if chain.is_empty() {
            return Err(wrong(
                TlsFile::Certificate,
                "names a file without a certificate",
                "it must be PEM, with `-----BEGIN CERTIFICATE-----`, our own certificate first",
            ));
        }
        // What the parser says is dropped: it could quote the key.
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| {
            wrong(
                TlsFile::Key,
                "names a file without a private key",
                "it must be PEM, with `-----BEGIN PRIVATE KEY-----`, and not be encrypted",
            )
        })?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|_| {
            wrong(
                TlsFile::Key,
                "does not belong to the certificate",
                "give the key that the certificate was made with",
            )
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

#[cfg(test)]
mod tests {
    use super::{TlsFile, TlsPair};

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn told(certificate: &str, key: &str) -> Option<(TlsFile, String)> {
        let pair = TlsPair {
            certificate: certificate.into(),
            key: key.into(),
        };
        let problem = pair.to_server().err()?;
        Some((problem.file, problem.why))
    }

    #[test]
    fn a_certificate_and_its_key_serve_together_and_with_no_other() {
        let ((certificate, key), (_, others)) = (pair(), pair());
        assert_eq!(told(&certificate, &key), None);
        let why = "does not belong to the certificate".to_owned();
        assert_eq!(told(&certificate, &others), Some((TlsFile::Key, why)));
    }

    #[test]
    fn what_is_no_certificate_or_no_key_is_told_without_quoting_it() {
        let (certificate, key) = pair();
        let why = "names a file without a certificate".to_owned();
        assert_eq!(told(&key, &key), Some((TlsFile::Certificate, why)));
        for key in [
            "",
            certificate.as_str(),
            "-----BEGIN PRIVATE KEY-----\nAAAA",
        ] {
            let why = "names a file without a private key".to_owned();
            assert_eq!(told(&certificate, key), Some((TlsFile::Key, why)));
        }
    }
}
