//! Telegram: the stand-in's own strictness, and Ringback against it.

mod customers;
mod kill;
mod standin;
mod stories;
mod team;
