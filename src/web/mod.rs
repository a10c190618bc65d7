//! The HTTP side.
mod items;
mod problem;
pub mod server;
pub mod token;
