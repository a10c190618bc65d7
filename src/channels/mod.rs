//! Channels that networks bring messages in on: one folder each, with what its wire looks like, how that
//! becomes a message, and how our messages get out. They know the engine, and no database, no web and
//! no other channel. The API and the web chat are pages of our own, and live in `web`.

pub mod telegram;
