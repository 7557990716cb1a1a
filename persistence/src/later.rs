//! Inserts that wait for each other.
//!
//! Each statement is a journey to the PostgreSQL server and back, which costs more than the row it
//! carries. The rows of new users are kept until another statement comes, or the work ends, and
//! then sent together: an import makes one journey a table and batch. SQLite has no journey, and
//! its rows go in at once.

use crate::addresses::AddressRow;
use crate::credentials::CredentialRow;
use crate::schema::{addresses, credentials, users};
use crate::users::UserRow;
use diesel::pg::PgConnection;
use diesel::{QueryResult, RunQueryDsl as _};

/// Rows of one statement: PostgreSQL takes 65,535 values, and a user has thirty.
const AT_ONCE: usize = 1_000;

/// Rows that are to be inserted.
#[derive(Default)]
pub(crate) struct Later {
    pub(crate) users: Vec<UserRow>,
    pub(crate) addresses: Vec<AddressRow>,
    pub(crate) credentials: Vec<CredentialRow>,
}

impl Later {
    pub(crate) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.addresses.is_empty() && self.credentials.is_empty()
    }

    /// Inserts them. A single row goes by the statement that is prepared once.
    pub(crate) fn insert(self, connection: &mut PgConnection) -> QueryResult<()> {
        macro_rules! insert {
            ($table:ident, $rows:expr) => {
                let mut rows = $rows;
                if rows.len() == 1 {
                    let row = rows.remove(0);
                    diesel::insert_into($table::table).values(row).execute(connection)?;
                }
                while !rows.is_empty() {
                    let rest = rows.split_off(rows.len().min(AT_ONCE));
                    diesel::insert_into($table::table).values(rows).execute(connection)?;
                    rows = rest;
                }
            };
        }
        insert!(users, self.users);
        insert!(addresses, self.addresses);
        insert!(credentials, self.credentials);
        Ok(())
    }
}
