//! Tests of the phrases and their matcher.
