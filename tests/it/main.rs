//! The integration tests: one binary, linked once.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should stop there"
)]

mod api;
mod check;
mod kill;
mod service;
mod support;
mod webhooks;
