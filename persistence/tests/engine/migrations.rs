//! Migrations of both databases.

use crate::support::{Database, inputs};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use roster_domain::Kind;
use roster_persistence::{Session, Store};
use std::collections::BTreeSet;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    path: String,
}

/// `table.column` of all tables that migrations made, with whether null is allowed.
fn columns(database: &Database) -> BTreeSet<String> {
    let sql = if database.url.is_postgres() {
        "SELECT table_name || '.' || column_name || ' ' || \
                CASE is_nullable WHEN 'YES' THEN 'null' ELSE 'not null' END AS path \
         FROM information_schema.columns WHERE table_schema = current_schema() \
         AND table_name NOT IN ('__diesel_schema_migrations', 'migration_lock')"
    } else {
        "SELECT t.name || '.' || c.name || ' ' || \
                CASE c.\"notnull\" WHEN 0 THEN 'null' ELSE 'not null' END AS path \
         FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name <> '__diesel_schema_migrations'"
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let read = move |session: &mut Session<'_>| session.query::<Column>(sql, vec![]);
    let rows = runtime.block_on(database.open().read(read)).unwrap();
    rows.into_iter().map(|row| row.path).collect()
}

fn each() -> impl Iterator<Item = Database> {
    [Some(Database::sqlite()), Database::postgres()].into_iter().flatten()
}

#[test]
fn migrations_go_up_and_down_and_up_again() {
    for database in each() {
        let before = columns(&database);
        let mut versions = Store::revert(&database.url).unwrap();
        assert!(Store::open(database.options()).is_err(), "the tables are gone");
        versions.reverse();
        assert_eq!(Store::migrate(&database.url).unwrap(), versions);
        assert_eq!(columns(&database), before);
        assert_eq!(Store::migrate(&database.url).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let sqlite = columns(&Database::sqlite());
    assert!(sqlite.contains("changes.actor_id null"), "{sqlite:?}");
    if let Some(postgres) = Database::postgres() {
        assert_eq!(sqlite, columns(&postgres));
    }
}

#[test]
fn processes_that_start_together_migrate_once() {
    for database in each() {
        let expected = Store::revert(&database.url).unwrap().len();
        let url = &database.url;
        let run: Vec<usize> = std::thread::scope(|scope| {
            let migrate = || Store::migrate(url).unwrap().len();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(migrate)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(run.iter().sum::<usize>(), expected, "{run:?}");
        assert_eq!(run.iter().filter(|&&count| count > 0).count(), 1, "{run:?}");
    }
}

#[test]
fn a_schema_newer_than_the_program_is_refused_clearly() {
    for database in each() {
        let store = database.open();
        let sql = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
        let newer = move |session: &mut Session<'_>| session.execute(sql, vec![]);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(store.unlocked(inputs(1), newer)).unwrap();
        let error = Store::migrate(&database.url).unwrap_err();
        assert_eq!(error.kind, Kind::Internal);
        let text = error.internal.unwrap();
        assert!(text.contains("newer than this program") && text.contains("9999"), "{text}");
    }
}
