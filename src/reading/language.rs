//! Tells a message's language, where it can be told.
