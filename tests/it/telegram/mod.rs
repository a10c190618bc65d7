//! Telegram: the stand-in's own strictness, and Ringback against it.

mod cards;
mod standin;
