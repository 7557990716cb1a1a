//! Faults that tests inject where a real database fails too rarely.

/// A source of faults. Production has none.
pub trait Faults: Send + Sync {
    /// Asked right before each COMMIT.
    fn at_commit(&self) -> CommitFault;
}

/// What becomes of a COMMIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// It is sent as ever.
    None,
    /// The database refuses it and rolls back.
    Refused,
    /// The connection breaks before the database receives it.
    LostBefore,
    /// The database commits, and the connection breaks before its answer arrives.
    LostAfter,
}
