//! Migrations: two folders with the same numbers, embedded into the program.

use crate::connection::AnyConnection;
use crate::errors::map;
use crate::link::{Role, Watch, establish};
use crate::url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use roster_domain::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// A migration, and the wait for one, may take its time.
const PATIENT: &str = "SET lock_timeout = 0; SET statement_timeout = 0";

type Anything = Box<dyn std::error::Error + Send + Sync>;

/// Which way to go.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    /// Run what is pending.
    Up,
    /// Revert everything.
    Down,
}

/// Brings the schema up to date, or down to nothing, and returns the versions that were run or
/// reverted. Processes that start together wait for each other.
pub(crate) fn run(url: &DatabaseUrl, direction: Direction) -> Result<Vec<String>> {
    let connect = || establish(url, Role::Writer, &Watch::default());
    let versions = match connect()? {
        AnyConnection::Sqlite(mut connection) => connection.immediate_transaction(|connection| {
            step::<Sqlite, _, _>(connection, SQLITE, direction)
        }),
        AnyConnection::Postgres(mut lock) => {
            let AnyConnection::Postgres(mut connection) = connect()? else {
                return Err(Error::internal("the second connection is of another kind"));
            };
            // The lock is held on a connection of its own, so that each migration can have its
            // own transaction, as engines want that cannot change a schema inside a larger one.
            for connection in [&mut lock, &mut connection] {
                connection.batch_execute(PATIENT).map_err(map)?;
            }
            create_lock(&mut lock).map_err(map)?;
            lock.transaction(|lock| {
                lock.batch_execute("SELECT 1 FROM migration_lock WHERE id = 1 FOR UPDATE")?;
                step::<Pg, _, _>(&mut connection, POSTGRES, direction)
            })
        }
    };
    versions.map_err(|error| Error::internal(format!("the schema cannot be migrated: {error}")))
}

fn step<DB, C, S>(
    connection: &mut C,
    source: S,
    direction: Direction,
) -> Result<Vec<String>, Anything>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    S: MigrationSource<DB>,
{
    let known: Vec<String> = source
        .migrations()?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let unknown: Vec<String> = names(connection.applied_migrations()?)
        .into_iter()
        .filter(|version| !known.contains(version))
        .collect();
    if !unknown.is_empty() {
        return Err(format!(
            "it is newer than this program, which does not know the migrations {}; start the \
             program's newer version",
            unknown.join(", ")
        )
        .into());
    }
    match direction {
        Direction::Up => connection.run_pending_migrations(source).map(names),
        Direction::Down => connection.revert_all_migrations(source).map(names),
    }
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// Makes the row that migrating processes lock. Two that do this at once can collide in
/// PostgreSQL's catalogue although they say `IF NOT EXISTS`; the second try finds the table.
fn create_lock(connection: &mut PgConnection) -> QueryResult<()> {
    let create = "CREATE TABLE IF NOT EXISTS migration_lock (id bigint NOT NULL PRIMARY KEY)";
    connection.batch_execute(create).or_else(|_| connection.batch_execute(create))?;
    connection.batch_execute("INSERT INTO migration_lock VALUES (1) ON CONFLICT (id) DO NOTHING")
}
