//! Takes a stream apart into lines: JSON Lines, CSV or Telegram Desktop's export, of any size, from any reader, in bounded
//! memory. What a line means is checked here too; a bad one keeps its number and loses its text.

mod csv_rows;
mod telegram;

use std::io::{self, BufRead, BufReader, Read};

use crate::domain::{
    ids::MessageId,
    message::Message,
    record::{InvalidMessage, MessageRecord},
    time::Timestamp,
};

use super::replayer::Incoming;
use csv_rows::CsvRows;
use telegram::Export;
pub use telegram::{Agents, WithoutStaff};

/// The longest line taken, in bytes. A text of the greatest length with every character written
/// as `\u0041` is six times as long in JSON, and there must be room for the other keys.
pub const MAX_LINE_BYTES: usize = 2 * 1024 * 1024;
/// How much is read at once.
const BUFFER_BYTES: usize = 128 * 1024;
/// What some programs put before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One file, or standard input.
pub struct Source {
    /// What the bytes are.
    pub format: Format,
    /// The bytes.
    pub reader: Box<dyn Read + Send>,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A header row with the same keys, and one row a message.
    Csv,
    /// What Telegram Desktop exports as JSON: a chat, or all of an account's.
    Telegram,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which source, from 0.
    pub source: usize,
    /// The line in that source, from 1; of Telegram's export the message's own number.
    pub line: u64,
    /// The number is a message's own.
    pub is_message: bool,
    /// The line in all sources together, from 1. It makes the default id, so that two sources
    /// never give one id to two messages.
    pub line_overall: u64,
}

/// One line, taken off the stream but not yet understood.
#[derive(Debug)]
pub struct Line {
    /// Where it stands.
    pub position: Position,
    /// What it holds.
    pub body: Body,
}

/// What a line holds.
#[derive(Debug)]
pub enum Body {
    /// The bytes of a JSON line.
    Json(Vec<u8>),
    /// A CSV row.
    Row(Box<MessageRecord>),
    /// A message that is understood already.
    Message(Box<Message>),
    /// Nothing that could be taken.
    Bad(BadLine),
}

/// Why a line is skipped. Never quotes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// Too long to be a message.
    #[error("is longer than {MAX_LINE_BYTES} bytes, which no message is")]
    TooLong,
    /// Not UTF-8.
    #[error("is not valid UTF-8 (at byte {at}); save the file as UTF-8")]
    NotUtf8 {
        /// The first wrong byte of the line or field, from 1.
        at: usize,
    },
    /// Not JSON.
    #[error("is not JSON (at column {column}); write one JSON object a line")]
    NotJson {
        /// Where it stops making sense, from 1.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("is not a JSON object; write one JSON object a line, each key once")]
    NotObject,
    /// A CSV row that does not fit its header.
    #[error("has {found} fields, but the header has {expected}")]
    FieldCount {
        /// How many the row has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A CSV header without a key that every message needs.
    #[error("is a header without `{0}`; the first row must name the columns")]
    NoColumn(&'static str),
    /// A CSV row without end.
    #[error("begins a row without end; is a quotation mark missing? The rest is not read")]
    NoRowEnd,
    /// A message of an export without what every message has.
    #[error("has no `{0}` that can be read; is this the export of Telegram Desktop as it came?")]
    NotInExport(&'static str),
    /// A file that is no export.
    #[error("is no export of Telegram Desktop as it came; choose the format JSON when you export")]
    NoExport,
    /// An export that is not JSON, or breaks off.
    #[error("is followed by what is no JSON (line {line}, column {column}); the rest is not read")]
    BrokenExport {
        /// The line of the file.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The source broke off.
    #[error("cannot be read ({0}); the rest is not read")]
    Unreadable(io::ErrorKind),
    /// A key is missing or wrong.
    #[error(transparent)]
    Message(#[from] InvalidMessage),
}

/// All lines of all sources, in order. Blank lines are passed over.
pub struct Lines {
    sources: std::vec::IntoIter<Source>,
    current: Option<Open>,
    source: usize,
    lines_before: u64,
    newest_line: u64,
    agents: Agents,
    without_staff: WithoutStaff,
}

/// The source being read.
enum Open {
    Jsonl(Jsonl),
    Csv(Box<CsvRows>),
    Telegram(Export),
}

/// A numbered piece of a source.
struct Piece {
    line: u64,
    body: Body,
}

impl Lines {
    /// Reads the sources one after the other.
    #[must_use]
    pub fn new(sources: Vec<Source>) -> Self {
        Self {
            sources: sources.into_iter(),
            current: None,
            source: 0,
            lines_before: 0,
            newest_line: 0,
            agents: Agents::default(),
            without_staff: WithoutStaff::default(),
        }
    }

    /// Reads them with these known to be ours in Telegram's exports; counts the groups without any.
    #[must_use]
    pub fn with_agents(self, agents: Agents, without_staff: WithoutStaff) -> Self {
        Self {
            agents,
            without_staff,
            ..self
        }
    }

    /// Whether the next line may have to be waited for, so that what there is should go ahead.
    #[must_use]
    pub fn may_block(&self) -> bool {
        match &self.current {
            Some(Open::Jsonl(jsonl)) => jsonl.reader.buffer().is_empty(),
            Some(Open::Csv(_) | Open::Telegram(_)) | None => false,
        }
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            let open = match &mut self.current {
                Some(open) => open,
                None => {
                    let source = self.sources.next()?;
                    let open = Open::new(source, &self.agents, &self.without_staff);
                    self.current.insert(open)
                }
            };
            if let Some(piece) = open.next_piece() {
                self.newest_line = piece.line;
                let position = Position {
                    source: self.source,
                    line: piece.line,
                    is_message: matches!(open, Open::Telegram(_)),
                    line_overall: self.lines_before + piece.line,
                };
                let body = piece.body;
                return Some(Line { position, body });
            }
            self.lines_before += open.lines_read().max(self.newest_line);
            self.newest_line = 0;
            self.source += 1;
            self.current = None;
        }
    }
}

impl Open {
    fn new(source: Source, agents: &Agents, without_staff: &WithoutStaff) -> Self {
        match source.format {
            Format::Telegram => Self::Telegram(Export::new(
                source.reader,
                agents.clone(),
                without_staff.clone(),
            )),
            Format::Jsonl => Self::Jsonl(Jsonl {
                reader: BufReader::with_capacity(BUFFER_BYTES, source.reader),
                lines: 0,
                ended: false,
            }),
            Format::Csv => Self::Csv(Box::new(CsvRows::new(source.reader))),
        }
    }

    fn next_piece(&mut self) -> Option<Piece> {
        match self {
            Self::Jsonl(jsonl) => jsonl.next_piece(),
            Self::Csv(rows) => rows.next_piece(),
            Self::Telegram(export) => export.next_piece(),
        }
    }

    fn lines_read(&self) -> u64 {
        match self {
            Self::Jsonl(jsonl) => jsonl.lines,
            Self::Csv(rows) => rows.lines_read(),
            // Its messages have numbers of their own.
            Self::Telegram(_) => 0,
        }
    }
}

/// JSON Lines.
struct Jsonl {
    reader: BufReader<Box<dyn Read + Send>>,
    lines: u64,
    ended: bool,
}

impl Jsonl {
    fn next_piece(&mut self) -> Option<Piece> {
        while !self.ended {
            let body = match self.next_line() {
                Ok(Some(body)) => body,
                Ok(None) => return None,
                Err(error) => {
                    self.ended = true;
                    self.lines += 1;
                    Body::Bad(BadLine::Unreadable(error.kind()))
                }
            };
            let is_blank = matches!(&body, Body::Json(line) if line.trim_ascii().is_empty());
            if !is_blank {
                let line = self.lines;
                return Some(Piece { line, body });
            }
        }
        None
    }

    /// The next line, without its end; `None` at the end of the source.
    fn next_line(&mut self) -> io::Result<Option<Body>> {
        let mut line = Vec::new();
        let mut bounded = self.reader.by_ref().take(MAX_LINE_BYTES as u64 + 1);
        if bounded.read_until(b'\n', &mut line)? == 0 {
            self.ended = true;
            return Ok(None);
        }
        self.lines += 1;
        if line.len() > MAX_LINE_BYTES && line.last() != Some(&b'\n') {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Body::Bad(BadLine::TooLong)));
        }
        if self.lines == 1 && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some(Body::Json(line)))
    }
}

impl Line {
    /// Understands the line as a message.
    ///
    /// # Errors
    /// Why it is skipped.
    pub fn into_incoming(self) -> Result<Incoming, BadLine> {
        let record = match self.body {
            Body::Json(line) => parse_json(&line)?,
            Body::Row(record) => *record,
            Body::Message(message) => {
                return Ok(Incoming {
                    message: *message,
                    at_is_given: true,
                });
            }
            Body::Bad(bad) => return Err(bad),
        };
        let default_id = || MessageId::parse(&format!("#{}", self.position.line_overall)).ok();
        let mut at_is_given = true;
        let message = record.into_message(default_id, |_| {
            at_is_given = false;
            Timestamp::default()
        })?;
        Ok(Incoming {
            message,
            at_is_given,
        })
    }
}

/// serde's own messages may quote the line, so only what kind of mistake it was is kept.
fn parse_json(line: &[u8]) -> Result<MessageRecord, BadLine> {
    let text = std::str::from_utf8(line).map_err(|error| BadLine::NotUtf8 {
        at: error.valid_up_to() + 1,
    })?;
    // A struct would read from an array as well, by position.
    if !text.trim_start().starts_with('{')
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    {
        return Err(BadLine::NotObject);
    }
    serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            BadLine::NotObject
        } else {
            BadLine::NotJson {
                column: error.column(),
            }
        }
    })
}

#[cfg(test)]
mod tests;
