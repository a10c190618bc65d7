//! Query strings: understood as a whole or refused, and never quoted.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
};

use super::problem::Problem;
use crate::store::rows::{Cursor, Page};

/// The rows of a page where the caller does not say.
const PAGE: u32 = 100;

/// The highest cursor: what JSON numbers hold exactly.
const LAST: i64 = (1 << 53) - 1;

/// The part of a list that was asked for.
///
/// # Errors
/// 400 when it is out of range.
pub(super) fn page(after: Option<i64>, limit: Option<u32>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=Page::MOST).contains(&limit) {
        return Err(bad_query(format!("`limit` must be 1 to {}", Page::MOST)));
    }
    if after.is_some_and(|after| !(0..=LAST).contains(&after)) {
        return Err(bad_query("`after` must be the `next` of the page before"));
    }
    Ok(Page {
        after: after.map(Cursor),
        limit,
    })
}

/// The query, unless it has an unknown parameter or a value that cannot be.
///
/// # Errors
/// 400, which says where to look the parameters up.
pub(super) fn understood<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query.map(|Query(query)| query).map_err(|_| {
        bad_query("a parameter is unknown or has a value that it cannot have; /api/openapi.json lists them")
    })
}

fn bad_query(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-query", "Bad query").detail(detail)
}
