//! CSV: a header row with the keys of the replay format, in any order, and one row a message.
//! Unknown columns are passed over; an empty field is an absent key.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use csv::{ByteRecord, ErrorKind};

use super::{BYTE_ORDER_MARK, BadLine, Body, MAX_LINE_BYTES, MessageRecord, Piece};

/// How far a single row may go on before we stop: a missing quotation mark makes one row of the
/// rest of a file, which must not end up in memory.
const MAX_ROW_READ_BYTES: u64 = 4 * MAX_LINE_BYTES as u64;
/// The columns that every message needs.
const REQUIRED: [&str; 4] = ["channel", "thread", "from", "text"];

/// The rows of one source.
pub(super) struct CsvRows {
    reader: csv::Reader<Bounded>,
    left: Arc<AtomicU64>,
    header: Option<Vec<String>>,
    row: ByteRecord,
    ended: bool,
}

impl CsvRows {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        let left = Arc::new(AtomicU64::new(MAX_ROW_READ_BYTES));
        let bounded = Bounded {
            reader,
            left: Arc::clone(&left),
            last: None,
        };
        Self {
            // Line numbers go wrong after `\r\n` unless lines end in `\n` alone, so the `\r` is
            // taken off in `fields`.
            reader: csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .terminator(csv::Terminator::Any(b'\n'))
                .from_reader(bounded),
            left,
            header: None,
            row: ByteRecord::new(),
            ended: false,
        }
    }

    /// How many lines lie behind.
    pub(super) fn lines_read(&self) -> u64 {
        self.reader.position().line().saturating_sub(1)
    }

    pub(super) fn next_piece(&mut self) -> Option<Piece> {
        while !self.ended {
            let line_before = self.reader.position().line();
            self.left.store(MAX_ROW_READ_BYTES, Ordering::Relaxed);
            let read = self.reader.read_byte_record(&mut self.row);
            // The reader counts from before the blank lines that it passes over, so the row's
            // first line is counted from its last.
            let breaks = self.row.as_slice().iter().filter(|byte| **byte == b'\n');
            let behind = 1 + breaks.count() as u64;
            let line = self.reader.position().line().saturating_sub(behind);
            let line = line.max(line_before);
            let body = match read {
                Ok(false) => {
                    self.ended = true;
                    None
                }
                Ok(true) => self.take_row(),
                Err(error) => Some(Body::Bad(self.take_error(&error))),
            };
            if let Some(body) = body {
                return Some(Piece { line, body });
            }
        }
        None
    }

    /// What a row holds; the header and blank lines hold nothing.
    fn take_row(&mut self) -> Option<Body> {
        let fields = fields(&self.row);
        if fields.iter().all(|field| field.is_empty()) {
            return None;
        }
        let Some(header) = &self.header else {
            return match header(&fields) {
                Ok(header) => {
                    self.header = Some(header);
                    None
                }
                Err(bad) => {
                    self.ended = true;
                    Some(Body::Bad(bad))
                }
            };
        };
        Some(match record(header, &fields) {
            Ok(record) => Body::Row(Box::new(record)),
            Err(bad) => Body::Bad(bad),
        })
    }

    fn take_error(&mut self, error: &csv::Error) -> BadLine {
        self.ended = true;
        match error.kind() {
            ErrorKind::Io(_) if self.left.load(Ordering::Relaxed) == 0 => BadLine::NoRowEnd,
            ErrorKind::Io(error) => BadLine::Unreadable(error.kind()),
            _ => BadLine::Unreadable(io::ErrorKind::InvalidData),
        }
    }
}

/// The fields of a row, without the `\r` of a line that ends in `\r\n`.
fn fields(row: &ByteRecord) -> Vec<&[u8]> {
    let mut fields: Vec<&[u8]> = row.iter().collect();
    if let Some(last) = fields.last_mut() {
        *last = last.strip_suffix(b"\r").unwrap_or(last);
    }
    fields
}

/// The names of the columns.
fn header(fields: &[&[u8]]) -> Result<Vec<String>, BadLine> {
    let name = |field: &&[u8]| {
        let field = field.strip_prefix(BYTE_ORDER_MARK).unwrap_or(field);
        String::from_utf8_lossy(field).trim().to_owned()
    };
    let names: Vec<String> = fields.iter().map(name).collect();
    match REQUIRED
        .iter()
        .find(|key| !names.iter().any(|name| name == *key))
    {
        Some(missing) => Err(BadLine::NoColumn(missing)),
        None => Ok(names),
    }
}

fn record(header: &[String], fields: &[&[u8]]) -> Result<MessageRecord, BadLine> {
    if fields.len() != header.len() {
        return Err(BadLine::FieldCount {
            found: fields.len(),
            expected: header.len(),
        });
    }
    if fields.iter().map(|field| field.len()).sum::<usize>() > MAX_LINE_BYTES {
        return Err(BadLine::TooLong);
    }
    let texts: Result<Vec<&str>, _> = fields
        .iter()
        .map(|field| std::str::from_utf8(field))
        .collect();
    let texts = texts.map_err(|error| BadLine::NotUtf8 {
        at: error.valid_up_to() + 1,
    })?;
    let named = header.iter().map(String::as_str).zip(texts);
    Ok(MessageRecord::from_texts(named))
}

/// A reader that fails once a row takes too much of it, and ends every source with a line end.
struct Bounded {
    reader: Box<dyn Read + Send>,
    left: Arc<AtomicU64>,
    last: Option<u8>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.reader.read(buffer)?;
        if let (0, Some(first), Some(last)) = (read, buffer.first_mut(), self.last)
            && last != b'\n'
        {
            *first = b'\n';
            self.last = Some(b'\n');
            return Ok(1);
        }
        self.last = buffer
            .get(..read)
            .and_then(<[u8]>::last)
            .copied()
            .or(self.last);
        let left = left.saturating_sub(read as u64);
        self.left.store(left, Ordering::Relaxed);
        Ok(read)
    }
}
