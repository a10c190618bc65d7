//! Stand-in until branch `replay` is merged.

pub mod rules_tests;
