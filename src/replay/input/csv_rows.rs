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
        };
        Self {
            reader: csv::ReaderBuilder::new()
                .has_headers(false)
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
            let line = self.row.position().map_or(line_before, csv::Position::line);
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

    /// What a row holds; the header holds nothing.
    fn take_row(&mut self) -> Option<Body> {
        let Some(header) = &self.header else {
            return self.take_header().err().map(|bad| {
                self.ended = true;
                Body::Bad(bad)
            });
        };
        if self.row.as_slice().len() > MAX_LINE_BYTES {
            return Some(Body::Bad(BadLine::TooLong));
        }
        let fields: Result<Vec<&str>, _> = self.row.iter().map(std::str::from_utf8).collect();
        Some(match fields {
            Ok(fields) => {
                let named = header.iter().map(String::as_str).zip(fields);
                Body::Row(Box::new(MessageRecord::from_texts(named)))
            }
            Err(error) => Body::Bad(BadLine::NotUtf8 {
                at: error.valid_up_to() + 1,
            }),
        })
    }

    fn take_header(&mut self) -> Result<(), BadLine> {
        let name = |(place, field): (usize, &[u8])| {
            let field = match place {
                0 => field.strip_prefix(BYTE_ORDER_MARK).unwrap_or(field),
                _ => field,
            };
            String::from_utf8_lossy(field).trim().to_owned()
        };
        let header: Vec<String> = self.row.iter().enumerate().map(name).collect();
        if let Some(missing) = REQUIRED
            .iter()
            .find(|key| !header.iter().any(|name| name == *key))
        {
            return Err(BadLine::NoColumn(missing));
        }
        self.header = Some(header);
        Ok(())
    }

    fn take_error(&mut self, error: &csv::Error) -> BadLine {
        match error.kind() {
            ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => BadLine::FieldCount {
                found: *len,
                expected: *expected_len,
            },
            ErrorKind::Io(error) => {
                self.ended = true;
                if self.left.load(Ordering::Relaxed) == 0 {
                    BadLine::NoRowEnd
                } else {
                    BadLine::Unreadable(error.kind())
                }
            }
            _ => {
                self.ended = true;
                BadLine::Unreadable(io::ErrorKind::InvalidData)
            }
        }
    }
}

/// A reader that fails once a row takes too much of it.
struct Bounded {
    reader: Box<dyn Read + Send>,
    left: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.reader.read(buffer)?;
        let left = left.saturating_sub(read as u64);
        self.left.store(left, Ordering::Relaxed);
        Ok(read)
    }
}
