//! Where the data of one test lives.

use crate::cluster;
use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use std::fmt;
use tempfile::TempDir;
use uuid::Uuid;

/// One of the databases that the service runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgresql,
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        })
    }
}

/// A database of one test's own: a file in a folder, or a schema. It vanishes with its value.
pub struct Place {
    /// What `DATABASE_URL` is set to.
    pub url: String,
    folder: TempDir,
    _schema: Option<Schema>,
}

struct Schema {
    server: String,
    name: String,
}

impl Place {
    /// A new one; none where the machine has no such database.
    pub fn new(database: Database) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match database {
            Database::Sqlite => {
                let file = folder.path().join("roster.db");
                Some(Self { url: format!("sqlite://{}", file.display()), folder, _schema: None })
            }
            Database::Postgresql => {
                let schema = Schema::create(cluster::url()?);
                Some(Self { url: schema.url(), folder, _schema: Some(schema) })
            }
        }
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Schema {
    fn create(server: &str) -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        execute(server, &format!("CREATE SCHEMA {name}"));
        Self { server: server.to_owned(), name }
    }

    fn url(&self) -> String {
        let joint = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{joint}options=-csearch_path%3D{}", self.server, self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        execute(&self.server, &format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::establish(server).expect("the server was there before");
    connection.batch_execute(&format!("SET client_min_messages = error; {sql}")).expect("SQL");
}
