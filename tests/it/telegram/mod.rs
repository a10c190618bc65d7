//! Telegram: the stand-in's own strictness, and Ringback against it.

mod business;
mod cards;
mod carried;
mod customers;
mod dialogues;
mod doubts;
mod export;
mod groups;
mod kill;
mod presses;
mod relay;
mod standin;
mod stories;
pub(crate) mod team;
mod updates;
