//! Replay: recorded threads through the same `scan`, `interpret` and `decide` as the running bot,
//! on a virtual clock. Knows `domain`, `reading` and `rules`; no runtime, no store, no clock, no
//! logging. It reads what it is handed and returns text; opening files is `cli`'s business.
//!
//! Lines come in through [`input`], are scanned side by side in [`pipeline`], decided one by one
//! in [`replayer`], and counted in [`tally`]. [`table`], [`summary`] and [`against`] show a person
//! what came of it; [`transcript`] writes what `input` reads. [`typed`] is a single thread, line by
//! line, as [`rules_tests`] has them.

pub mod against;
pub mod input;
pub mod pipeline;
mod recent;
pub mod replayer;
pub mod rules_tests;
pub mod summary;
pub mod table;
pub mod tally;
pub mod transcript;
pub mod typed;
