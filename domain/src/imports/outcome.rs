//! What can be wrong with an import: the file or one of its rows.

use crate::limits::MAX_IMPORT_ROWS;
use serde::{Deserialize, Serialize};
use std::io;

/// What is wrong with one row, or what an administrator should know about it (R24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowCode {
    /// The row is not readable: wrong number of fields, not Unicode, too long.
    MalformedRow,
    /// No user name.
    MissingUserName,
    /// No display name.
    MissingDisplayName,
    /// Another required value is missing (R37).
    MissingValue,
    /// A user name or mail address is not written as one.
    BadAddressSyntax,
    /// The user name's domain is not a verified domain of the organisation.
    DomainNotVerified,
    /// A value is longer than its column allows (R13).
    ValueTooLong,
    /// A value is none that its column allows.
    InvalidValue,
    /// The same object stands in the file before.
    DuplicateInFile,
    /// The object exists already.
    Exists,
    /// Another recipient holds the address.
    AddressInUse,
    /// The address is a user's routing address at the initial domain (R103).
    ReservedByInitialDomain,
    /// No user or contact has the manager's name (A30); the contact was made without the rest of
    /// its row.
    ManagerNotFound,
    /// Created without a licence, as none was left (A10). A warning.
    NoLicenceLeft,
}

impl RowCode {
    /// Every code.
    pub const ALL: [Self; 14] = [
        Self::MalformedRow,
        Self::MissingUserName,
        Self::MissingDisplayName,
        Self::MissingValue,
        Self::BadAddressSyntax,
        Self::DomainNotVerified,
        Self::ValueTooLong,
        Self::InvalidValue,
        Self::DuplicateInFile,
        Self::Exists,
        Self::AddressInUse,
        Self::ReservedByInitialDomain,
        Self::ManagerNotFound,
        Self::NoLicenceLeft,
    ];

    /// Word in the database and in answers; never changes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MalformedRow => "malformedRow",
            Self::MissingUserName => "missingUserName",
            Self::MissingDisplayName => "missingDisplayName",
            Self::MissingValue => "missingValue",
            Self::BadAddressSyntax => "badAddressSyntax",
            Self::DomainNotVerified => "domainNotVerified",
            Self::ValueTooLong => "valueTooLong",
            Self::InvalidValue => "invalidValue",
            Self::DuplicateInFile => "duplicateInFile",
            Self::Exists => "exists",
            Self::AddressInUse => "addressInUse",
            Self::ReservedByInitialDomain => "reservedByInitialDomain",
            Self::ManagerNotFound => "managerNotFound",
            Self::NoLicenceLeft => "noLicenceLeft",
        }
    }

    /// Reads [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }

    /// Whether the row was imported nevertheless.
    pub const fn is_warning(self) -> bool {
        matches!(self, Self::NoLicenceLeft)
    }
}

/// One thing to tell about one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutcome {
    /// Line of the file on which the row starts, from 1.
    pub line: u64,
    /// Heading of the column it is about, if it is about one.
    pub column: Option<&'static str>,
    /// What it is.
    pub code: RowCode,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// What is wrong with a file as a whole (R23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileCode {
    /// The file has no content.
    EmptyFile,
    /// The file has headings, or one line, and nothing else (R15).
    NoRows,
    /// The file is compressed, a workbook, or otherwise not text.
    NotCsv,
    /// The first line does not hold headings.
    MissingHeadings,
    /// The first line has another number of columns than the layout (A14).
    WrongColumnCount,
    /// A record is so long that the rest of the file cannot be trusted.
    RecordTooLong,
    /// The file has more rows than [`MAX_IMPORT_ROWS`].
    TooManyRows,
}

impl FileCode {
    /// Word in the database and in answers; never changes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmptyFile => "emptyFile",
            Self::NoRows => "noRows",
            Self::NotCsv => "notCsv",
            Self::MissingHeadings => "missingHeadings",
            Self::WrongColumnCount => "wrongColumnCount",
            Self::RecordTooLong => "recordTooLong",
            Self::TooManyRows => "tooManyRows",
        }
    }
}

/// Why nothing more of a file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileError {
    /// Line of the file, from 1.
    pub line: u64,
    /// What it is.
    pub code: FileCode,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Why reading stopped.
#[derive(Debug)]
pub enum Stop {
    /// The file is not usable.
    File(FileError),
    /// The file could not be read: a fault of where it is kept.
    Source(io::Error),
}

impl Stop {
    pub(super) fn file(line: u64, code: FileCode, message: impl Into<String>) -> Self {
        Self::File(FileError { line, code, message: message.into() })
    }

    pub(super) fn too_many_rows(line: u64) -> Self {
        let message = format!(
            "The file has more than {MAX_IMPORT_ROWS} rows. Divide it, each part with the headings."
        );
        Self::file(line, FileCode::TooManyRows, message)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_code_has_a_word_of_its_own() {
        for code in RowCode::ALL {
            assert_eq!(RowCode::parse(code.word()), Some(code));
        }
        assert_eq!(RowCode::parse("unknown"), None);
    }
}
