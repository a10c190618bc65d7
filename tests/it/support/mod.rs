//! What the integration tests share: the real binary in a folder of its own, a client for its
//! API, and a receiver for its webhooks.

pub(crate) mod bot;
pub(crate) mod client;
pub(crate) mod receiver;

/// Lets `reqwest` work, once a process.
fn use_ring() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .expect("the first provider");
    });
}
