//! What agents see of a callback, whichever desk they work at: the card, as data. Each desk (the web
//! desk, a chat group) only draws it and escapes what it draws, so that all show the same.
//!
//! Pure but for a chat's own folder: no IO, no clock, no runtime, no log; it knows rows and rules, and
//! changes nothing.

pub mod card;
mod facts;
pub mod links;
pub mod notices;
pub mod plain;
pub mod telegram;
pub mod wording;

#[cfg(test)]
mod tests;

pub use card::{Card, Desk, Ended, Head, Line, LineKind, Mark, Piece, Sees};
pub use plain::Plain;
