//! The first reading of a file: counts what is in it and changes nothing (R19, R20).

use super::contacts::{ContactRow, contact_row};
use super::job::JobKind;
use super::layout::{EXTERNAL_ADDRESS, Layout, USER_NAME, Warning};
use super::outcome::{RowCode, RowOutcome, Stop};
use super::reader::{Checkpoint, Reader, Row};
use super::users::{UserRow, user_row};
use crate::limits::MAX_IMPORT_ROWS;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;

/// What the first reading found.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Remarks about the headings.
    pub warnings: Vec<Warning>,
    /// Rows with which nothing is wrong as far as the file shows.
    pub valid: u64,
    /// The other rows.
    pub invalid: u64,
    /// Where the rows begin.
    pub rows_at: Checkpoint,
    /// Rows of a user that an earlier row of the file describes.
    repeated: HashSet<u64>,
}

impl Survey {
    /// Reads a whole file. `source` starts with the file; the hashes of user names depend on
    /// `hasher`, so that nobody can write a file of names that collide.
    ///
    /// Memory is bounded by [`MAX_IMPORT_ROWS`]: of each row it keeps eight bytes. Two different
    /// names among a million have the same hash once in forty million files.
    ///
    /// # Errors
    /// When the file is unusable or `source` fails.
    pub fn of<R: Read>(source: R, kind: JobKind, hasher: &RandomState) -> Result<Self, Stop> {
        Self::of_at_most(MAX_IMPORT_ROWS, source, kind, hasher)
    }

    fn of_at_most<R: Read>(
        most: u64,
        source: R,
        kind: JobKind,
        hasher: &RandomState,
    ) -> Result<Self, Stop> {
        let (mut reader, warnings) = Reader::open(source, kind.file())?;
        let layout = reader.layout();
        let mut survey = Self {
            warnings,
            valid: 0,
            invalid: 0,
            rows_at: reader.checkpoint(),
            repeated: HashSet::new(),
        };
        let mut names = HashSet::new();
        for row in &mut reader {
            let row = row?;
            if survey.rows() == most {
                let line = row.map_or_else(|outcome| outcome.line, |row| row.line);
                return Err(Stop::too_many_rows(line));
            }
            let key = row.map_err(|outcome: RowOutcome| vec![outcome]).and_then(|row| {
                let key = match layout {
                    Layout::Users15 | Layout::Users16 => user_row(layout, &row)?.key,
                    Layout::Contacts22 => contact_row(&row)?.key,
                };
                Ok((row.record, key))
            });
            match key {
                Err(_) => survey.invalid += 1,
                Ok((_, key)) if names.insert(hasher.hash_one(&key)) => survey.valid += 1,
                Ok((record, _)) => {
                    survey.repeated.insert(record);
                    survey.invalid += 1;
                }
            }
        }
        Ok(survey)
    }

    /// Number of rows.
    pub const fn rows(&self) -> u64 {
        self.valid + self.invalid
    }

    /// Reads a row of the file, knowing the rows before it.
    ///
    /// # Errors
    /// Everything that is wrong with the row.
    pub fn user(&self, layout: Layout, row: &Row) -> Result<UserRow, Vec<RowOutcome>> {
        let user = user_row(layout, row)?;
        self.first(row, USER_NAME)?;
        Ok(user)
    }

    /// Reads a row of a file of contacts, knowing the rows before it.
    ///
    /// # Errors
    /// Everything that is wrong with the row.
    pub fn contact(&self, row: &Row) -> Result<ContactRow, Vec<RowOutcome>> {
        let contact = contact_row(row)?;
        self.first(row, EXTERNAL_ADDRESS)?;
        Ok(contact)
    }

    fn first(&self, row: &Row, column: &'static str) -> Result<(), Vec<RowOutcome>> {
        if !self.repeated.contains(&row.record) {
            return Ok(());
        }
        Err(vec![RowOutcome {
            line: row.line,
            column: Some(column),
            code: RowCode::DuplicateInFile,
            message: "The object stands in the file before; the first row counts.".to_owned(),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::FileCode;

    fn file(rows: &str) -> Vec<u8> {
        let headings: Vec<&str> = Layout::Users15.columns().map(|column| column.heading).collect();
        format!("{}\n{rows}", headings.join(",")).into_bytes()
    }

    fn row(user_name: &str, display_name: &str) -> String {
        format!("{user_name},,,{display_name},,,,,,,,,,,\n")
    }

    fn survey(file: &[u8]) -> Survey {
        Survey::of(file, JobKind::Users, &RandomState::new())
            .unwrap_or_else(|stop| panic!("{stop:?}"))
    }

    /// What is wrong with each row of a file, by a survey of it.
    fn codes(file: &[u8]) -> Vec<Option<RowCode>> {
        let survey = survey(file);
        let reader = Reader::resume(&file[survey.rows_at.position.byte as usize..], survey.rows_at);
        let code = |row: Row| survey.user(Layout::Users15, &row).err().map(|why| why[0].code);
        reader.map(|row| row.unwrap().map_or(Some(RowCode::MalformedRow), code)).collect()
    }

    #[test]
    fn rows_are_counted_and_nothing_else_happens() {
        let rows = [row("a@contoso.com", "A"), row("b@", "B"), "c\n".to_owned(), row("", "D")];
        let survey = survey(&file(&(rows.concat() + ",,,,,,,,,,,,,,\n")));
        assert_eq!((survey.rows(), survey.valid, survey.invalid), (4, 1, 3));
    }

    #[test]
    fn the_first_row_of_a_user_counts_however_the_name_is_written() {
        let rows =
            [row("a@contoso.com", "A"), row("b@contoso.com", "B"), row("A@Contoso.COM", "A")];
        let file = file(&rows.concat());
        assert_eq!(codes(&file), [None, None, Some(RowCode::DuplicateInFile)]);
        assert_eq!((survey(&file).valid, survey(&file).invalid), (2, 1));
    }

    #[test]
    fn a_row_that_is_wrong_does_not_stand_for_its_user() {
        let rows = [row("a@contoso.com", ""), row("a@contoso.com", "A")];
        assert_eq!(codes(&file(&rows.concat())), [Some(RowCode::MissingDisplayName), None]);
    }

    #[test]
    fn a_file_with_too_many_rows_is_refused_as_a_whole() {
        let rows: String = (0..4).map(|n| row(&format!("u{n}@contoso.com"), "U")).collect();
        let file = file(&rows);
        let limited =
            |most| Survey::of_at_most(most, file.as_slice(), JobKind::Users, &RandomState::new());
        assert!(limited(4).is_ok());
        let Err(Stop::File(wrong)) = limited(3) else { panic!("accepted") };
        assert_eq!((wrong.code, wrong.line), (FileCode::TooManyRows, 5));
    }
}
