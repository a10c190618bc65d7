//! The integration tests: one binary, linked once.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod api;
mod kill;
mod support;
mod webhooks;
