//! The do-not-call list as CSV: `number,channel,customer,thread,reason`, by the names in the header, in
//! any order; columns that are not needed may be missing, others are passed over. Never quotes what
//! stands in a row.

use std::{
    fmt,
    io::{self, Read},
};

use csv::StringRecord;

use crate::{
    domain::{
        ids::{Author, ChannelName, ThreadId, ThreadKey},
        number::PhoneNumber,
    },
    store::rows::do_not_call::{Listed, ListedRow, Reason},
};

const COLUMNS: [&str; 5] = ["number", "channel", "customer", "thread", "reason"];

/// What is wrong with a row, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    /// What is wrong.
    pub(super) what: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The rows of a file.
pub(super) struct Rows<R> {
    /// Ends every row in a line break, the last one too.
    reader: csv::Reader<io::Chain<R, &'static [u8]>>,
    header: Vec<String>,
    ended: bool,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it names nobody.
    pub(super) fn read(source: R) -> Result<Self, Wrong> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            // Line numbers go wrong after `\r\n` otherwise; the `\r` is trimmed.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(source.chain(b"\n".as_slice()));
        let names = reader.headers().map(|header| {
            let name = |name: &str| name.trim_start_matches('\u{feff}').to_lowercase();
            header.iter().map(name).collect::<Vec<_>>()
        });
        let header = names.unwrap_or_default();
        let has = |name: &str| header.iter().any(|column| column == name);
        if has("number") || has("channel") && (has("customer") || has("thread")) {
            return Ok(Self {
                reader,
                header,
                ended: false,
            });
        }
        Err(Wrong {
            line: 1,
            what: format!("the header must be {}", COLUMNS.join(",")),
        })
    }

    fn entry(&self, row: &StringRecord) -> Result<(Listed, Reason), String> {
        let field = |name: &str| {
            let place = self.header.iter().position(|column| column == name)?;
            row.get(place).filter(|text| !text.is_empty())
        };
        let channel = || {
            let channel = field("channel").ok_or("a handle or thread needs its `channel`")?;
            ChannelName::parse(channel).map_err(|error| format!("a channel's name {error}"))
        };
        let listed = match (field("number"), field("customer"), field("thread")) {
            (Some(number), None, None) => Listed::Number(
                PhoneNumber::parse(number).map_err(|error| format!("number: {error}"))?,
            ),
            (None, Some(customer), None) => {
                let author =
                    Author::parse(customer).map_err(|error| format!("a handle {error}"))?;
                Listed::Customer(channel()?, author)
            }
            (None, None, Some(thread)) => Listed::Thread(ThreadKey {
                channel: channel()?,
                thread: ThreadId::parse(thread)
                    .map_err(|error| format!("a thread's id {error}"))?,
            }),
            (None, None, None) => return Err("give a number, a customer or a thread".to_owned()),
            _ => {
                return Err(
                    "give one of number, customer and thread, each in its own row".to_owned(),
                );
            }
        };
        let reason = field("reason").map(Reason::parse).transpose();
        let reason = reason.map_err(|error| format!("a reason {error}"))?;
        Ok((listed, reason.unwrap_or_default()))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<(Listed, Reason), Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut row = StringRecord::new();
        let read = self.reader.read_record(&mut row);
        // Now at the start of the next one. A row's own position is before the empty lines above it.
        let line = self.reader.position().line().saturating_sub(1);
        match read {
            Ok(false) => None,
            Ok(true) if row.len() == 1 && row.get(0) == Some("") => self.next(),
            Ok(true) => Some(self.entry(&row).map_err(|what| Wrong { line, what })),
            Err(error) => {
                // Of a row that is no UTF-8 the next one can still be read; of a file that cannot be
                // read on, nothing.
                self.ended = matches!(error.kind(), csv::ErrorKind::Io(_));
                let what = match self.ended {
                    true => "the file cannot be read on".to_owned(),
                    false => "it is not UTF-8".to_owned(),
                };
                Some(Err(Wrong { line, what }))
            }
        }
    }
}

/// The list as a file.
///
/// # Errors
/// When it cannot be written, which memory always can.
pub(super) fn written(list: &[ListedRow]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in list {
        let (number, channel, customer, thread) = match &row.listed {
            Listed::Number(number) => (number.reveal(), "", "", ""),
            Listed::Customer(channel, author) => ("", channel.as_str(), author.reveal(), ""),
            Listed::Thread(key) => ("", key.channel.as_str(), "", key.thread.as_str()),
        };
        writer.write_record([number, channel, customer, thread, row.reason.as_str()])?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn read(text: &str) -> Vec<Result<(Listed, Reason), Wrong>> {
        Rows::read(text.as_bytes()).expect("a header").collect()
    }

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        let channel = || ChannelName::parse("web").expect("a channel");
        let rows: Vec<ListedRow> = [
            Listed::Number(PhoneNumber::parse("+442079460142").expect("a number")),
            Listed::Customer(
                channel(),
                Author::parse("Kim \"K\", Doe").expect("a handle"),
            ),
            Listed::Thread(ThreadKey {
                channel: channel(),
                thread: ThreadId::parse("t1").expect("an id"),
            }),
        ]
        .into_iter()
        .map(|listed| ListedRow {
            listed,
            reason: Reason::parse("regulator").expect("a word"),
            added_at: Timestamp::UNIX_EPOCH,
            added_by: None,
        })
        .collect();
        let text = String::from_utf8(written(&rows).expect("written")).expect("UTF-8");
        let back = read(&text).into_iter().map(|row| row.expect("right"));
        let expected = rows.into_iter().map(|row| (row.listed, row.reason));
        assert!(back.eq(expected), "{text}");
    }

    #[test]
    fn each_wrong_row_is_told_with_its_line_and_the_others_are_taken() {
        let rows = read(
            "\u{feff}Reason,Number,Customer,Channel,other\n\
             ,+442079460142,,,x\n\
             ,020 7946 0142,,,\n\
             ,,@kim,,\r\n\
             \r\n\
             ,+442079460142,@kim,web,\n\
             two words,+442079460142,,,\n\
             ,,,,\n\
             ,,@kim,web,",
        );
        let lines: Vec<u64> = rows
            .iter()
            .filter_map(|row| row.as_ref().err().map(|wrong| wrong.line))
            .collect();
        assert_eq!(lines, [3, 4, 6, 7, 8]);
        for wrong in rows.iter().filter_map(|row| row.as_ref().err()) {
            assert!(!wrong.what.contains("0142") && !wrong.what.contains("kim"));
        }
        assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 2);
    }

    #[test]
    fn a_file_without_the_header_is_no_list() {
        for text in ["", "+442079460142\n", "channel,reason\nweb,asked\n"] {
            let wrong = Rows::read(text.as_bytes()).err().expect("no header");
            assert_eq!(wrong.line, 1);
        }
    }

    #[test]
    fn a_row_that_is_no_text_does_not_end_the_file() {
        let bytes = b"number\n+4420794601\xff\n+442079460142\n";
        let rows: Vec<_> = Rows::read(bytes.as_slice()).expect("a header").collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].is_err() && rows[1].is_ok());
    }
}
