//! Reads `multipart/form-data` (RFC 7578), as far as a client of the Bot API writes it.

use serde_json::Value;

use super::{
    params::{Params, Upload},
    refusal::Refusal,
};

/// Adds its fields to what is asked for; a file's field says where the file is.
pub(crate) fn read(kind: &str, body: &[u8], params: &mut Params) -> Result<(), Refusal> {
    let bad = || Refusal::bad("can't parse multipart/form-data");
    let (_, boundary) = kind.split_once("boundary=").ok_or_else(bad)?;
    let boundary = boundary.split(';').next().unwrap_or_default();
    let mark = format!("--{}", boundary.trim_matches('"'));
    let mut parts = split(body, mark.as_bytes()).into_iter().skip(1);
    loop {
        let part = parts.next().ok_or_else(bad)?;
        if part.starts_with(b"--") {
            return Ok(());
        }
        let part = part.strip_prefix(b"\r\n").ok_or_else(bad)?;
        let part = part.strip_suffix(b"\r\n").ok_or_else(bad)?;
        let gap = find(part, b"\r\n\r\n").ok_or_else(bad)?;
        let head = String::from_utf8_lossy(&part[..gap]).into_owned();
        let content = &part[gap + 4..];
        let name = attribute(&head, "name").ok_or_else(bad)?;
        let value = match attribute(&head, "filename") {
            Some(file) => {
                let upload = Upload {
                    name: file,
                    size: content.len(),
                };
                params.uploads.insert(name.clone(), upload);
                format!("attach://{name}")
            }
            None => String::from_utf8(content.to_vec()).map_err(|_| bad())?,
        };
        params.values.insert(name, Value::String(value));
    }
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let (_, rest) = head.split_once(&format!("; {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

fn split<'a>(mut body: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(body, mark) {
        parts.push(&body[..at]);
        body = &body[at + mark.len()..];
    }
    parts.push(body);
    parts
}
