//! The records of a CSV stream, in constant memory.
//!
//! The parser is `csv-core`: `csv::Reader` keeps a whole record however long it is, and cannot go
//! on after it was stopped.

use super::encoding::{Decoder, Encoding};
use super::outcome::{FileCode, Stop};
use crate::limits::MAX_IMPORT_RECORD;
use csv_core::ReadRecordResult;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// Most fields of a record.
const MAX_FIELDS: usize = 64;
/// A record this long is no mistake in one row: a quotation mark was never closed, or the file is
/// hostile.
const HOPELESS: usize = 16 * MAX_IMPORT_RECORD;
const BUFFER: usize = 64 * 1024;

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Bytes of the file before it.
    pub byte: u64,
    /// Its first line, from 1.
    pub line: u64,
    /// Number of records before it; the headings are record 0.
    pub record: u64,
}

/// The values of a record, or why it has none.
pub(super) type Cells = Result<Vec<String>, Malformed>;

/// Why a record has no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    TooLong,
    TooManyFields,
    NotUnicode,
    Nul,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "The row is longer than {MAX_IMPORT_RECORD} bytes. Is a closing quotation mark \
                 missing?"
            ),
            Self::TooManyFields => write!(f, "The row has more than {MAX_FIELDS} fields."),
            Self::NotUnicode => {
                f.write_str("The row is not Unicode text. Save the file as CSV with UTF-8 text.")
            }
            Self::Nul => f.write_str(
                "The row contains the character U+0000. Save the file as CSV with UTF-8 text.",
            ),
        }
    }
}

/// Reads records one by one.
pub(super) struct Records<R> {
    input: BufReader<Decoder<R>>,
    encoding: Encoding,
    parser: csv_core::Reader,
    position: Position,
    text: Box<[u8]>,
    ends: [usize; MAX_FIELDS],
}

/// A record as the parser left it in the buffers.
struct Raw {
    text: usize,
    fields: usize,
    bytes: usize,
    too_many_fields: bool,
}

impl<R: Read> Records<R> {
    /// Reads on at `position`, where `source` already stands.
    pub(super) fn new(source: R, encoding: Encoding, position: Position) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, Decoder::new(source, encoding)),
            encoding,
            parser: csv_core::Reader::new(),
            position,
            text: vec![0; MAX_IMPORT_RECORD].into(),
            ends: [0; MAX_FIELDS],
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where the next record starts, as far as it is known: line breaks may come first.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// The next record and where it starts; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Position, Cells)>, Stop> {
        self.skip_line_breaks()?;
        let start = self.position;
        let Some(raw) = self.parse()? else {
            return Ok(None);
        };
        self.position.record += 1;
        Ok(Some((start, self.fields(&raw))))
    }

    /// Passes the rest of the last line break and empty lines, so that a record's position is
    /// that of its first character.
    fn skip_line_breaks(&mut self) -> io::Result<()> {
        loop {
            let input = fill(&mut self.input)?;
            let breaks = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let more = breaks > 0 && breaks == input.len();
            self.pass(breaks);
            if !more {
                return Ok(());
            }
        }
    }

    /// Counts and drops bytes that were dealt with.
    fn pass(&mut self, bytes: usize) {
        let passed = self.input.buffer().get(..bytes).unwrap_or_default();
        self.position.byte += self.encoding.length_in_file(passed);
        let lines = passed.iter().filter(|byte| **byte == b'\n').count();
        self.position.line += u64::try_from(lines).unwrap_or(u64::MAX);
        self.input.consume(bytes);
    }

    /// Parses one record into the buffers. What does not fit is parsed and dropped.
    fn parse(&mut self) -> Result<Option<Raw>, Stop> {
        let line = self.position.line;
        let mut raw = Raw { text: 0, fields: 0, bytes: 0, too_many_fields: false };
        loop {
            let input = fill(&mut self.input)?;
            let text = self.text.get_mut(raw.text..).unwrap_or_default();
            let ends = self.ends.get_mut(raw.fields..).unwrap_or_default();
            let (result, read, written, ended) = self.parser.read_record(input, text, ends);
            self.pass(read);
            raw.bytes += read;
            raw.text += written;
            raw.fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => raw.text = 0,
                ReadRecordResult::OutputEndsFull => {
                    raw.too_many_fields = true;
                    raw.fields = 0;
                }
                ReadRecordResult::Record => return Ok(Some(raw)),
                ReadRecordResult::End => return Ok(None),
            }
            if raw.bytes > HOPELESS {
                return Err(Stop::file(
                    line,
                    FileCode::RecordTooLong,
                    "The row that starts here does not end. Is a closing quotation mark missing?",
                ));
            }
        }
    }

    fn fields(&self, raw: &Raw) -> Cells {
        if raw.bytes > MAX_IMPORT_RECORD {
            return Err(Malformed::TooLong);
        }
        if raw.too_many_fields {
            return Err(Malformed::TooManyFields);
        }
        let text = self.text.get(..raw.text).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| Malformed::NotUnicode)?;
        if text.contains('\0') {
            return Err(Malformed::Nul);
        }
        let mut start = 0;
        let ends = self.ends.iter().take(raw.fields);
        ends.map(|end| {
            let field = text.get(start..*end).ok_or(Malformed::NotUnicode)?;
            start = *end;
            Ok(field.to_owned())
        })
        .collect()
    }
}

/// The bytes that come next; none at the end.
fn fill<R: Read>(input: &mut BufReader<R>) -> io::Result<&[u8]> {
    loop {
        match input.fill_buf() {
            Ok(_) => return Ok(input.buffer()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
