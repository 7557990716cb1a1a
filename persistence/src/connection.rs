//! The one connection type over both databases.
// The derive writes undocumented items of its own next to the enum.
#![allow(missing_docs)]

use diesel::connection::TransactionManager;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// How many transactions are open inside each other; none when the connection has lost count.
pub(crate) fn depth(connection: &mut AnyConnection) -> u32 {
    AnyConnection::transaction_manager_status_mut(connection)
        .transaction_depth()
        .ok()
        .flatten()
        .map_or(0, std::num::NonZeroU32::get)
}
