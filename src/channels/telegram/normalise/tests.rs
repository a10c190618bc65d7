//! Tests (being written on branch customers).
