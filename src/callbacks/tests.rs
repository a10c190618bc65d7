//! A callback's life.
