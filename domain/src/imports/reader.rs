//! Reading an import file row by row.

use super::encoding::{Encoding, PREFIX, foreign_format};
use super::export::restore;
use super::layout::{Kind, Layout, Warning};
use super::outcome::{FileCode, RowCode, RowOutcome, Stop};
use super::records::{Cells, Malformed, Position, Records};
use std::io::{self, Chain, Cursor, Read};

/// A row with as many cells as its layout has columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file on which it starts, from 1.
    pub line: u64,
    /// Number of the row in the file, from 1.
    pub record: u64,
    /// Trimmed values; a cell of blanks is empty (R14).
    pub cells: Vec<String>,
}

/// From where a file can be read on: everything a job must remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// Columns of the file.
    pub layout: Layout,
    /// Encoding of the file.
    pub encoding: Encoding,
    /// What was read already.
    pub position: Position,
}

/// Rows of a file, in constant memory. An iterator over rows and unreadable rows; after a
/// [`Stop`] it ends.
pub struct Reader<R> {
    records: Records<Chain<Cursor<Vec<u8>>, R>>,
    layout: Layout,
    /// The first row, read ahead to know that there is one.
    first: Option<Result<Row, RowOutcome>>,
    checkpoint: Position,
    stopped: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the headings and finds encoding and layout. `source` starts with the file.
    ///
    /// # Errors
    /// When the file is no usable import file, or `source` fails.
    pub fn open(mut source: R, kind: Kind) -> Result<(Self, Vec<Warning>), Stop> {
        let start = prefix(&mut source)?;
        if start.is_empty() {
            return Err(Stop::file(1, FileCode::EmptyFile, "The file is empty."));
        }
        if let Some(format) = foreign_format(&start) {
            let message = format!("The file is {format}. Save it as CSV with UTF-8 text.");
            return Err(Stop::file(1, FileCode::NotCsv, message));
        }
        let (encoding, mark) = Encoding::detect(&start);
        let byte = u64::try_from(mark).unwrap_or_default();
        let rest = start.into_iter().skip(mark).collect();
        let position = Position { byte, line: 1, record: 0 };
        let mut records = Records::new(Cursor::new(rest).chain(source), encoding, position);
        let (layout, warnings) = match records.next()? {
            None => return Err(Stop::file(1, FileCode::EmptyFile, "The file is empty.")),
            Some((at, Err(wrong))) => return Err(unreadable_headings(at.line, wrong)),
            Some((at, Ok(headings))) => kind.layout(&headings, at.line)?,
        };
        let checkpoint = records.position();
        let mut reader = Self { records, layout, first: None, checkpoint, stopped: false };
        reader.first = reader.read()?;
        if reader.first.is_none() {
            return Err(Stop::file(
                1,
                FileCode::NoRows,
                "The file has one line only: headings and at least one row are needed.",
            ));
        }
        Ok((reader, warnings))
    }

    /// Reads on from a checkpoint. `source` starts with the file's byte
    /// `checkpoint.position.byte`.
    pub fn resume(source: R, checkpoint: Checkpoint) -> Self {
        let Checkpoint { layout, encoding, position } = checkpoint;
        let source = Cursor::new(Vec::new()).chain(source);
        let records = Records::new(source, encoding, position);
        Self { records, layout, first: None, checkpoint: position, stopped: false }
    }

    /// The columns of the file.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// From where to read on after the row that was returned last.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            layout: self.layout,
            encoding: self.records.encoding(),
            position: self.checkpoint,
        }
    }

    /// The next row that is not blank.
    fn read(&mut self) -> Result<Option<Result<Row, RowOutcome>>, Stop> {
        while let Some((at, fields)) = self.records.next()? {
            // Spreadsheets end a file with rows of separators only.
            if !fields.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty())) {
                return Ok(Some(self.row(at, fields)));
            }
        }
        Ok(None)
    }

    fn row(&self, at: Position, fields: Cells) -> Result<Row, RowOutcome> {
        let malformed = |message: String| RowOutcome {
            line: at.line,
            column: None,
            code: RowCode::MalformedRow,
            message,
        };
        let cells = fields.map_err(|wrong| malformed(wrong.to_string()))?;
        let width = self.layout.width();
        if cells.len() != width {
            return Err(malformed(format!(
                "The row has {} fields where {width} are expected. Put quotation marks around a \
                 value with a comma.",
                cells.len()
            )));
        }
        let cells = cells.iter().map(|cell| clean(cell)).collect();
        Ok(Row { line: at.line, record: at.record, cells })
    }
}

fn unreadable_headings(line: u64, wrong: Malformed) -> Stop {
    let code = match wrong {
        Malformed::TooManyFields => FileCode::WrongColumnCount,
        Malformed::TooLong => FileCode::RecordTooLong,
        Malformed::NotUnicode | Malformed::Nul => FileCode::NotCsv,
    };
    Stop::file(line, code, format!("The headings are not readable. {wrong}"))
}

/// A value as it was before it was written to a file.
fn clean(cell: &str) -> String {
    restore(cell.trim_start()).trim_end().to_owned()
}

/// The first bytes of a file, as many as there are up to [`PREFIX`].
fn prefix(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let most = u64::try_from(PREFIX).unwrap_or_default();
    source.by_ref().take(most).read_to_end(&mut start)?;
    Ok(start)
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Result<Row, RowOutcome>, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        let row = match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.read(),
        };
        self.stopped = !matches!(row, Ok(Some(_)));
        self.checkpoint = self.records.position();
        row.transpose()
    }
}

#[cfg(test)]
mod tests;
