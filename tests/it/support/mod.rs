//! What several tests need: the real program, as a person would run it; the running bot with a
//! client for its API; and a receiver for its webhooks.

pub(crate) mod bot;
pub(crate) mod browser;
pub(crate) mod chaos;
pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod demo;
pub(crate) mod form;
pub(crate) mod morning;
pub(crate) mod person;
pub(crate) mod receiver;
pub(crate) mod telegram;

/// Lets `reqwest` work, once a process.
pub(crate) fn use_ring() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .expect("the first provider");
    });
}
