//! Writing CSV files that spreadsheets do not take for programs (CWE-1236).

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes rows as RFC 4180 asks: commas, CRLF, quotation marks where needed.
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    /// A file that starts here. Rows go to `out` in blocks.
    pub fn new(out: W) -> Self {
        let mut format = csv::WriterBuilder::new();
        Self(format.terminator(csv::Terminator::CRLF).from_writer(out))
    }

    /// Writes a row; every row of a file has as many values as the first.
    ///
    /// # Errors
    /// When `out` fails or the number of values is wrong.
    pub fn row<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        for value in values {
            self.0.write_field(neutralise(value).as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is left and returns `out`.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// A value that no spreadsheet computes: an apostrophe goes before `=`, `+`, `-`, `@`, TAB and CR
/// at its start. Where apostrophes stand there already, one more goes before them, so that
/// [`restore`] always finds back the value.
pub fn neutralise(value: &str) -> Cow<'_, str> {
    if is_formula(value) { Cow::Owned(format!("'{value}")) } else { Cow::Borrowed(value) }
}

/// The value that [`neutralise`] was given.
pub fn restore(value: &str) -> &str {
    value.strip_prefix('\'').filter(|value| is_formula(value)).unwrap_or(value)
}

fn is_formula(value: &str) -> bool {
    value.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(rows: &[&[&str]]) -> String {
        let mut writer = Writer::new(Vec::new());
        for row in rows {
            writer.row(row.iter().copied()).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn values_are_quoted_where_needed() {
        let file = written(&[&["a", "b,c", "d\"e", "f\ng", ""], &["é", " ", "'", "x=y", "1"]]);
        assert_eq!(file, "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\né, ,',x=y,1\r\n");
    }

    #[test]
    fn no_value_starts_like_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let value = format!("{start}HYPERLINK(1)");
            assert_eq!(neutralise(&value), format!("'{value}"));
            assert_eq!(neutralise(&format!("'{value}")), format!("''{value}"));
        }
        for value in ["", "O'Neill", "'t Hart", "a=b", "0", "''"] {
            assert_eq!(neutralise(value), value);
        }
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let mut writer = Writer::new(Vec::new());
        writer.row(["a", "b"]).unwrap();
        assert!(writer.row(["a"]).is_err());
    }

    proptest! {
        #[test]
        fn restoring_a_neutralised_value_finds_it_back(value in "'{0,3}[=+@\t\ra-]{0,3}") {
            let safe = neutralise(&value);
            prop_assert_eq!(restore(&safe), value.as_str());
            prop_assert!(!safe.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
