//! What only SQLite has: its build, its settings, its files.

use crate::support::{Database, create, inputs, number, tenant};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use roster_persistence::{DatabaseUrl, Lane, Options, Session, Store};
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_library_is_built_with_our_flags() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        for (option, present) in [("ENABLE_QPSG", 1), ("ENABLE_STAT4", 0), ("THREADSAFE=2", 1)] {
            let sql = format!(
                "SELECT count(*) AS n FROM pragma_compile_options WHERE compile_options = '{option}'"
            );
            let read = move |session: &mut Session<'_>| number(session, &sql, vec![]);
            assert_eq!(store.read(read).await.unwrap(), present, "{option}");
        }
    });
}

/// The one setting that cannot be selected from.
#[derive(QueryableByName)]
struct Mapped {
    #[diesel(sql_type = BigInt)]
    mmap_size: i64,
}

#[test]
fn every_connection_has_the_settings() {
    let settings = [
        ("journal_mode", "wal"),
        ("busy_timeout", "5000"),
        ("cache_size", "-65536"),
        ("temp_store", "2"),
        ("foreign_keys", "1"),
        ("synchronous", "2"),
    ];
    let check = move |session: &mut Session<'_>, query_only: &str| {
        for (name, value) in settings.into_iter().chain([("query_only", query_only)]) {
            let column = if name == "busy_timeout" { "timeout" } else { name };
            let sql = format!(
                "SELECT count(*) AS n FROM pragma_{name} WHERE CAST({column} AS text) = '{value}'"
            );
            assert_eq!(number(session, &sql, vec![])?, 1, "{name}");
        }
        let mapped = session.query::<Mapped>("PRAGMA mmap_size", vec![])?;
        assert_eq!(mapped.first().map(|row| row.mmap_size), Some(2_147_418_112));
        Ok(())
    };
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        store.read(move |session| check(session, "1")).await.unwrap();
        store.unlocked(inputs(1), move |session| check(session, "0")).await.unwrap();
    });
}

#[test]
fn the_files_are_for_their_owner_only() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        let tenant = tenant(&store).await;
        store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        let file = database.url.file().unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(file.parent().unwrap()), 0o700);
        for suffix in ["", "-wal", "-shm"] {
            assert_eq!(mode(format!("{}{suffix}", file.display()).as_ref()), 0o600, "{suffix}");
        }
    });
}

#[test]
fn closing_folds_the_write_ahead_log_into_the_database() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        let tenant = tenant(&store).await;
        store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        store.close();
    });
    let log = format!("{}-wal", database.url.file().unwrap().display());
    assert!(std::fs::metadata(log).map_or(true, |log| log.len() == 0));
}

#[test]
fn a_database_in_memory_is_shared_by_its_threads_and_gone_afterwards() {
    let url = DatabaseUrl::parse("sqlite::memory:").unwrap();
    Store::migrate(&url).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(Options::new(url.clone())).unwrap();
        let tenant = tenant(&store).await;
        store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        assert_eq!(crate::support::recorded(&store, tenant).await.len(), 1);
        let file = |session: &mut Session<'_>| {
            let sql = "SELECT count(*) AS n FROM pragma_database_list WHERE file <> ''";
            number(session, sql, vec![])
        };
        assert_eq!(store.read(file).await.unwrap(), 1);
        store.close();
    });
    let left = || std::fs::read_dir(std::env::temp_dir()).unwrap().flatten().count();
    let before = left();
    drop(url);
    assert!(left() < before);
}
