//! Pages that only tell something. Each is the same for everybody who reads it in one language:
//! none tells a link that is wrong from one that was used, replaced or is too old.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    reader::Reader,
    sheet::Sheet,
    wording::{Page, Words},
};
use crate::web::{limits::TooOften, pages};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// It has arrived.
    Done,
    /// The link opens nothing.
    Gone,
    /// There is no form to fill in, or no longer.
    Closed,
    /// The browser keeps no cookies.
    Cookies,
    /// Too often.
    TooMany(TooOften),
    /// Not from our page, or nonsense.
    Refused,
    /// It does not work now.
    Failed,
}

#[derive(Template)]
#[template(path = "forms/notice.html")]
struct NoticePage<'a> {
    sheet: Sheet<'a>,
    page: &'static Page,
    is_good: bool,
}

impl Notice {
    /// The page.
    pub(super) fn page(self, reader: &Reader) -> Response {
        let words = reader.words_alone();
        let shown = pages::page(&NoticePage {
            sheet: Sheet {
                words,
                brand: reader.only_brand.as_deref(),
            },
            page: self.words(words),
            is_good: self == Self::Done,
        });
        let mut response = (self.status(), shown).into_response();
        if let Self::TooMany(too_often) = self {
            let seconds = too_often.retry_after.as_secs().saturating_add(1);
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    const fn words(self, words: &'static Words) -> &'static Page {
        match self {
            Self::Done => &words.done,
            Self::Gone => &words.gone,
            Self::Closed => &words.closed,
            Self::Cookies => &words.cookies,
            Self::TooMany(_) => &words.too_many,
            Self::Refused => &words.refused,
            Self::Failed => &words.failed,
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Done => StatusCode::OK,
            Self::Gone | Self::Closed => StatusCode::NOT_FOUND,
            Self::Cookies => StatusCode::BAD_REQUEST,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused => StatusCode::FORBIDDEN,
            Self::Failed => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<TooOften> for Notice {
    fn from(too_often: TooOften) -> Self {
        Self::TooMany(too_often)
    }
}
