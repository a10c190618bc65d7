//! What every page asks before anything else: is this request meant for us, did our own page send
//! it, and what may the browser do with the answer.

use std::net::SocketAddr;

use crate::settings::Settings;

/// The origins under which this Ringback is reached, such as `http://127.0.0.1:8080`.
#[derive(Debug, Clone)]
pub(in crate::web) struct OwnOrigins(Vec<String>);

impl OwnOrigins {
    /// `public_url` of the settings; and on loopback its usual names with the port.
    pub(in crate::web) fn new(_settings: &Settings, address: SocketAddr) -> Self {
        Self(vec![format!("http://{address}")])
    }

    /// Whether an `Origin` header names one of them.
    pub(in crate::web) fn contains(&self, origin: &str) -> bool {
        self.0.iter().any(|own| own == origin)
    }
}
