//! What a request to `POST /api/v1/messages` or `/edits` holds: one object, an array of them, or
//! NDJSON. Finds the items and their positions; what one must look like is the domain's business.
//! No error quotes the body.

use std::{fmt, marker::PhantomData};

use axum::http::{HeaderMap, StatusCode, header};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
    },
};
use serde_json::Value;

use super::problem::Problem;

/// How the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One object or an array.
    Json,
    /// One object a line.
    Ndjson,
}

impl Format {
    /// As `Content-Type` says.
    ///
    /// # Errors
    /// 415 for anything else.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .map(|kind| kind.trim().to_ascii_lowercase());
        match kind.as_deref() {
            Some("application/json") => Ok(Self::Json),
            Some("application/x-ndjson" | "application/jsonl") => Ok(Self::Ndjson),
            _ => Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(
                "send Content-Type: application/json for one message or an array, or application/x-ndjson for one message a line",
            )),
        }
    }
}

/// The items of a body, in order; one that is no message is the reason why.
///
/// # Errors
/// When the body as a whole cannot be understood or holds more than `most` items.
pub(super) fn parse<T: DeserializeOwned>(
    format: Format,
    body: &[u8],
    most: usize,
) -> Result<Vec<Result<T, Problem>>, Problem> {
    match format {
        Format::Json => json(body, most),
        Format::Ndjson => ndjson(body, most),
    }
}

fn json<T: DeserializeOwned>(body: &[u8], most: usize) -> Result<Vec<Result<T, Problem>>, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| invalid_utf8(body, error))?;
    let mut source = serde_json::Deserializer::from_str(text);
    let found = source
        .deserialize_any(Items::<T>::new(most))
        .and_then(|found| source.end().map(|()| found));
    let (count, items) = found.map_err(|error| {
        if error.is_data() {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-message", "No message")
                .detail("the body must be one message (an object) or an array of messages")
        } else {
            malformed(&error, 1)
        }
    })?;
    at_most(count, most)?;
    Ok(items)
}

/// Takes items as they are read: an array of millions takes the memory of `most`. Gives their
/// count and the first `most` of them.
struct Items<T> {
    most: usize,
    of: PhantomData<T>,
}

impl<T> Items<T> {
    const fn new(most: usize) -> Self {
        Self {
            most,
            of: PhantomData,
        }
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Items<T> {
    type Value = (usize, Vec<Result<T, Problem>>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        let object = Value::deserialize(MapAccessDeserializer::new(object))?;
        Ok((1, vec![record(object)]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.most {
            match array.next_element()? {
                Some(item) => items.push(record(item)),
                None => return Ok((items.len(), items)),
            }
        }
        let mut count = items.len();
        while array.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok((count, items))
    }
}

fn ndjson<T: DeserializeOwned>(
    body: &[u8],
    most: usize,
) -> Result<Vec<Result<T, Problem>>, Problem> {
    let lines = || {
        (1..)
            .zip(body.split(|byte| *byte == b'\n'))
            .filter(|(_, line)| !line.trim_ascii().is_empty())
    };
    at_most(lines().count(), most)?;
    let item = |(number, line): (usize, &[u8])| {
        let text = std::str::from_utf8(line)
            .map_err(|error| not_utf8(number, error.valid_up_to().saturating_add(1)))?;
        let value = serde_json::from_str(text).map_err(|error| malformed(&error, number))?;
        record(value)
    };
    Ok(lines().map(item).collect())
}

fn record<T: DeserializeOwned>(item: Value) -> Result<T, Problem> {
    let no_object = || {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-message",
            "Not a message",
        )
        .detail("a message must be a JSON object")
    };
    if !item.is_object() {
        return Err(no_object());
    }
    // Every field of the record takes any value, so an object always fits.
    serde_json::from_value(item).map_err(|_| no_object())
}

fn at_most(count: usize, most: usize) -> Result<(), Problem> {
    if count <= most {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "too-many-messages",
        "Too many messages",
    )
    .detail(format!(
        "a request may hold at most {most} messages; this one holds {count}: send them in several requests"
    )))
}

/// `serde_json`'s errors can quote the text, so only its position and sort are told.
pub(super) fn malformed(error: &serde_json::Error, first_line: usize) -> Problem {
    let line = error
        .line()
        .saturating_add(first_line)
        .saturating_sub(1)
        .max(1);
    let column = error.column();
    let what = if error.is_eof() {
        "the JSON ends too early"
    } else {
        "this is not valid JSON"
    };
    Problem::new(StatusCode::BAD_REQUEST, "malformed-json", "Malformed JSON")
        .detail(format!("{what}, at line {line}, column {column}"))
        .at(line, column)
}

fn invalid_utf8(body: &[u8], error: std::str::Utf8Error) -> Problem {
    let (valid, _) = body.split_at(error.valid_up_to());
    let before = valid.rsplit(|byte| *byte == b'\n').next();
    let line = valid.iter().filter(|byte| **byte == b'\n').count();
    not_utf8(
        line.saturating_add(1),
        before.map_or(0, <[u8]>::len).saturating_add(1),
    )
}

/// `column` counts bytes, as `serde_json` does.
fn not_utf8(line: usize, column: usize) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-utf8", "Not UTF-8")
        .detail(format!(
            "the body must be UTF-8; line {line}, column {column} is not"
        ))
        .at(line, column)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};
    use serde_json::{Value, json};

    use super::Format;
    use crate::{domain::record::MessageRecord, web::api::problem::Problem};

    fn parse(
        format: Format,
        body: &[u8],
        most: usize,
    ) -> Result<Vec<Result<MessageRecord, Problem>>, Problem> {
        super::parse(format, body, most)
    }

    fn problem(format: Format, body: &[u8]) -> Value {
        let problem = parse(format, body, 3).expect_err("a problem");
        serde_json::to_value(problem).expect("json")
    }

    #[test]
    fn one_object_is_one_item_and_an_array_as_many_as_it_holds() {
        let count = |body: &str| parse(Format::Json, body.as_bytes(), 3).map(|items| items.len());
        assert_eq!(count("{}"), Ok(1));
        assert_eq!(count("[]"), Ok(0));
        assert_eq!(count("[{},{},{}]"), Ok(3));
        let kind = |body: &str| problem(Format::Json, body.as_bytes())["type"].clone();
        let too_many = "urn:ringback:problem:too-many-messages";
        assert_eq!(kind("[{},{},{},{}]"), too_many);
        assert_eq!(kind("[1,2,3,[4],{\"five\": 5}]"), too_many);
        assert_eq!(kind("\"a text\""), "urn:ringback:problem:no-message");
        let malformed = "urn:ringback:problem:malformed-json";
        for body in ["", "{} {}", "[{},{}", "[{},{},{},{},]", "{\"a\": 1e999}"] {
            assert_eq!(kind(body), malformed, "{body}");
        }
    }

    #[test]
    fn an_item_that_is_no_object_does_not_stop_the_others() {
        let items = parse(Format::Json, br#"[{},["x"],7,{}]"#, 4).expect("items");
        let good: Vec<bool> = items.iter().map(Result::is_ok).collect();
        assert_eq!(good, [true, false, false, true]);
    }

    #[test]
    fn a_bad_line_of_ndjson_is_that_lines_problem_alone() {
        let body = b"{}\n\n{\"text\": oops}\r\n{\"text\":\"\xff\"}\n{}";
        let items = parse(Format::Ndjson, body, 4).expect("items");
        let lines: Vec<Option<Value>> = items
            .into_iter()
            .map(|item| item.err().map(|problem| json!(problem)["line"].clone()))
            .collect();
        assert_eq!(lines, [None, Some(json!(3)), Some(json!(4)), None]);
    }

    #[test]
    fn malformed_json_is_told_by_place_and_never_quoted() {
        let told = problem(Format::Json, b"[\n{\"text\": \"my secret\", oops}]");
        assert_eq!(told["type"], "urn:ringback:problem:malformed-json");
        assert_eq!((&told["line"], &told["status"]), (&json!(2), &json!(400)));
        let text = told.to_string();
        assert!(!text.contains("secret") && !text.contains("oops"), "{text}");
    }

    #[test]
    fn invalid_utf8_is_told_by_place() {
        let told = problem(Format::Json, b"[\n{\"text\":\"caf\xe9\"}]");
        assert_eq!(told["type"], "urn:ringback:problem:invalid-utf8");
        assert_eq!((&told["line"], &told["column"]), (&json!(2), &json!(13)));
    }

    #[test]
    fn only_json_and_ndjson_are_taken() {
        let of = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            Format::of(&headers).ok()
        };
        assert_eq!(of("application/json; charset=utf-8"), Some(Format::Json));
        assert_eq!(of("Application/X-NDJSON"), Some(Format::Ndjson));
        assert_eq!(of("application/jsonl"), Some(Format::Ndjson));
        assert_eq!(of("text/plain"), None);
        assert_eq!(Format::of(&HeaderMap::new()).ok(), None);
    }
}
