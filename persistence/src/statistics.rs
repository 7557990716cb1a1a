//! What the database's planner knows of the tables.

use crate::connection::AnyConnection;
use crate::errors::map;
use crate::session::Session;
use diesel::connection::SimpleConnection;
use roster_domain::Result;

/// Tables that imports fill.
const FILLED: &str = "addresses, changes, contacts, credentials, users";

impl Session<'_> {
    /// Counts what an import has brought so far. PostgreSQL sorts a whole organisation for every page
    /// while it believes that its tables are small, which is until its own maintenance comes
    /// round, or for ever where that is off. SQLite follows the indexes whatever it knows.
    ///
    /// # Errors
    /// What the database reports.
    pub fn update_statistics(&mut self) -> Result<()> {
        match self.conn() {
            AnyConnection::Sqlite(_) => Ok(()),
            AnyConnection::Postgres(connection) => {
                connection.batch_execute(&format!("ANALYZE {FILLED}")).map_err(map)
            }
        }
    }
}
