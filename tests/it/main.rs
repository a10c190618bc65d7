//! The integration tests: one binary, linked once.

mod golden;
mod support;
