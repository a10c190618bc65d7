//! Ringback watches customer conversations, applies the rule of three, and gets a person to ring
//! the customer back. `docs/ARCHITECTURE.md` is the map of this crate.

pub mod app;
pub mod buttons;
pub mod callbacks;
pub mod channels;
pub mod cli;
pub mod desk;
pub mod domain;
pub mod engine;
pub mod evaluate;
pub mod reading;
pub mod replay;
pub mod report;
pub mod rules;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod token;
pub mod vault;
pub mod web;
pub mod webhooks;
