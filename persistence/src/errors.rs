//! What a failure of the database means: for the statement, for the transaction, for the client.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use roster_domain::{Error, Kind};

/// How far a failure reaches. Ordered: the worst of a batch decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// Only the statement failed, and with it the job that sent it: a constraint, a mistake.
    Statement,
    /// The transaction lost a race; the same work may succeed in a new transaction.
    Race,
    /// The database or the connection failed; nothing on this connection can be trusted.
    Lost,
}

/// Texts by which failures without a kind of their own are known.
const RACES: [&str; 4] = [
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "canceling statement due to lock timeout",
];
const LOSSES: [&str; 12] = [
    "database or disk is full",
    "disk i/o error",
    "out of memory",
    "out of shared memory",
    "no space left on device",
    "database disk image is malformed",
    "unable to open database file",
    "file is not a database",
    "the database system is",
    "terminating connection",
    "server closed the connection",
    "connection to server",
];

/// How far a failure reaches.
pub(crate) fn trouble(error: &DieselError) -> Trouble {
    match error {
        DieselError::DatabaseError(kind, information) => database_trouble(kind, &**information),
        DieselError::BrokenTransactionManager | DieselError::RollbackErrorOnCommit { .. } => {
            Trouble::Lost
        }
        _ => Trouble::Statement,
    }
}

fn database_trouble(
    kind: &DatabaseErrorKind,
    information: &(dyn DatabaseErrorInformation + Send + Sync),
) -> Trouble {
    match kind {
        DatabaseErrorKind::SerializationFailure => Trouble::Race,
        // A PostgreSQL server turns read-only when it is no longer the primary.
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ReadOnlyTransaction => Trouble::Lost,
        DatabaseErrorKind::Unknown => {
            let message = information.message().to_lowercase();
            let one_of = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
            if one_of(&RACES) {
                Trouble::Race
            } else if one_of(&LOSSES) {
                Trouble::Lost
            } else {
                Trouble::Statement
            }
        }
        _ => Trouble::Statement,
    }
}

/// The error of the service for an error of the database. A constraint that should become a
/// conflict is recognised before, by [`Constraint::of`].
pub(crate) fn map(error: DieselError) -> Error {
    match trouble(&error) {
        Trouble::Statement if timed_out(&error) => Error::unavailable(describe(&error)),
        Trouble::Statement => Error::internal(describe(&error)),
        Trouble::Race => Error::retry(describe(&error)),
        Trouble::Lost => Error::unavailable(describe(&error)),
    }
}

/// Whether a statement took longer than PostgreSQL was told to allow.
fn timed_out(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(_, information)
        if information.message().contains("statement timeout"))
}

/// The text for the log. PostgreSQL's details hold values of rows and are left out.
pub(crate) fn describe(error: &DieselError) -> String {
    match error {
        DieselError::DatabaseError(kind, information) => {
            format!("{kind:?}: {}", information.message())
        }
        other => other.to_string(),
    }
}

/// 503 for a job whose batch was not committed.
pub(crate) fn not_committed(reason: &str) -> Error {
    Error::unavailable(format!("the batch was not committed: {reason}"))
}

/// 503 for a job whose batch may or may not be committed.
pub(crate) fn outcome_unknown(reason: &str) -> Error {
    Error {
        message: "The database became unavailable while it was saving. Whether the change was \
                  made is unknown; read the object before trying again."
            .into(),
        // Repeating at once could do the work twice.
        retry_after: None,
        ..Error::unavailable(format!("the answer to COMMIT was lost: {reason}"))
    }
}

/// A lost race never leaves the store: to the client the service is busy.
pub(crate) fn without_retry(error: Error) -> Error {
    match error.kind {
        Kind::Retry => Error { kind: Kind::Unavailable, ..error },
        _ => error,
    }
}

/// A constraint that a statement violated, the same for both databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Another row has the same key.
    Unique {
        /// Table of the key.
        table: String,
        /// Columns of the key, in its order.
        columns: Vec<String>,
    },
    /// A row that is referred to is missing, or one that is to go is still referred to.
    Reference,
    /// A value is missing or not allowed by the schema.
    Check,
}

impl Constraint {
    /// The constraint behind an error; none if the error is no violation.
    pub fn of(error: &DieselError) -> Option<Self> {
        let DieselError::DatabaseError(kind, information) = error else {
            return None;
        };
        match kind {
            DatabaseErrorKind::UniqueViolation => Some(unique(&**information)),
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
                Some(Self::Reference)
            }
            DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::CheckViolation => {
                Some(Self::Check)
            }
            _ => None,
        }
    }

    /// Whether it is the unique key of these columns, in the order of the key.
    pub fn is_unique(&self, of_table: &str, of_columns: &[&str]) -> bool {
        matches!(self, Self::Unique { table, columns } if table == of_table && columns == of_columns)
    }
}

/// PostgreSQL names the table and says `Key (a, b)=(1, 2) already exists.` in its details; SQLite
/// says `UNIQUE constraint failed: table.a, table.b`.
fn unique(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> Constraint {
    if let Some(table) = information.table_name() {
        let columns = information
            .details()
            .and_then(|details| details.split_once("Key (")?.1.split_once(")=("))
            .map(|(columns, _)| columns.split(", ").map(str::to_owned).collect())
            .unwrap_or_default();
        return Constraint::Unique { table: table.to_owned(), columns };
    }
    let list = information.message().rsplit_once(": ").map_or("", |(_, list)| list);
    let mut table = "";
    let mut columns = Vec::new();
    for (of, column) in list.split(", ").filter_map(|path| path.split_once('.')) {
        table = of;
        columns.push(column.to_owned());
    }
    Constraint::Unique { table: table.to_owned(), columns }
}
