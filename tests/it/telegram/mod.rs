//! Telegram: the stand-in's own strictness, and Ringback against it.

mod carried;
mod kill;
mod presses;
mod standin;
mod stories;
mod team;
mod updates;
