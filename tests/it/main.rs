//! The integration tests: one binary, linked once.
#![expect(
    clippy::expect_used,
    reason = "a test that meets the unexpected should stop there"
)]

mod check;
mod support;
