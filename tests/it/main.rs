//! The integration tests: one binary, linked once.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that meets the unexpected should stop there"
)]

mod accounts;
mod api;
mod architecture;
mod check;
mod checks;
mod cli;
mod corrections;
mod demo;
mod desk;
mod do_not_call;
mod eval;
mod faults;
mod forms;
mod golden;
mod health;
mod held;
mod kill;
mod masking;
mod report;
mod rights;
mod rules_page;
mod secrets;
mod service;
mod stories;
mod support;
mod telegram;
mod tls;
mod transcript;
mod webchat;
mod webhooks;
