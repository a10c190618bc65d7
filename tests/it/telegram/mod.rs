//! Telegram: the stand-in's own strictness, and Ringback against it.

mod kill;
mod standin;
mod stories;
mod team;
mod updates;
