//! Databases that fail.

use crate::support::{Database, change, create, inputs, number, recorded, tenant};
use roster_domain::{Kind, Value};
use roster_persistence::{DatabaseUrl, Lane, Options, Session, Store};
use std::time::Duration;
use uuid::Uuid;

#[test]
fn a_full_disk_is_unavailable_and_passes() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        let tenant = tenant(&store).await;
        let limit = |session: &mut Session<'_>| {
            let pages = number(session, "SELECT page_count AS n FROM pragma_page_count", vec![])?;
            session.execute(&format!("PRAGMA max_page_count = {}", pages + 8), vec![])
        };
        store.unlocked(inputs(1), limit).await.unwrap();
        let big = |session: &mut Session<'_>| {
            let details = Value::Text("x".repeat(1_000_000).into());
            session.record(roster_domain::changes::Change { details, ..change(Uuid::nil()) })
        };
        let failed = store.write(Lane::Interactive, tenant, inputs(2), big).await.unwrap_err();
        assert_eq!((failed.kind, failed.retry_after), (Kind::Unavailable, Some(1)));
        assert!(failed.internal.unwrap().contains("full"));
        // The limit went with the connection.
        store.write(Lane::Interactive, tenant, inputs(3), big).await.unwrap();
        assert_eq!(recorded(&store, tenant).await.len(), 1);
    });
}

#[test]
fn a_full_disk_that_the_work_overlooks_still_abandons_the_batch() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        let tenant = tenant(&store).await;
        let careless = |session: &mut Session<'_>| {
            let pages = number(session, "SELECT page_count AS n FROM pragma_page_count", vec![])?;
            session.execute(&format!("PRAGMA max_page_count = {}", pages + 8), vec![])?;
            let details = Value::Text("x".repeat(1_000_000).into());
            let _ignored =
                session.record(roster_domain::changes::Change { details, ..change(Uuid::nil()) });
            Ok(())
        };
        let failed = store.write(Lane::Interactive, tenant, inputs(1), careless).await;
        assert_eq!(failed.unwrap_err().kind, Kind::Unavailable);
        store.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
    });
}

/// Ends all connections of PostgreSQL to this schema but the one that says so.
fn end_others(session: &mut Session<'_>) -> roster_domain::Result<i64> {
    let sql = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity \
               WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')";
    number(session, sql, vec![])
}

/// A store whose connections carry a name of their own.
fn named(database: &Database) -> Store {
    let url = format!("{}&application_name=roster-{}", database.text, Uuid::now_v7());
    let url = DatabaseUrl::parse(&url).unwrap();
    Store::open(Options { url, readers: 1, writers: 1, ..database.options() }).unwrap()
}

#[test]
fn connections_that_a_server_ended_are_replaced() {
    let Some(database) = Database::postgres() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = named(&database);
        let tenant = tenant(&store).await;
        // From a reader: the writer finds its connection dead when it begins, and just begins anew.
        assert!(store.read(end_others).await.unwrap() >= 2);
        store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();

        // From a writer: the reader finds its own dead, once.
        store.unlocked(inputs(2), end_others).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let lost = store.read(|_| Ok(())).await.and(store.read(end_others).await.map(drop));
        assert_eq!(lost.unwrap_err().kind, Kind::Unavailable);
        assert_eq!(recorded(&store, tenant).await.len(), 1);
    });
}

#[test]
fn a_connection_that_ends_in_the_middle_of_a_batch_abandons_it() {
    let Some(database) = Database::postgres() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = named(&database);
        let tenant = tenant(&store).await;
        let fall = |session: &mut Session<'_>| {
            create(session)?;
            session.execute("SELECT pg_terminate_backend(pg_backend_pid())", vec![])
        };
        let failed = store.write(Lane::Interactive, tenant, inputs(1), fall).await.unwrap_err();
        assert_eq!(failed.kind, Kind::Unavailable);
        let kept = store.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, [kept]);
    });
}

#[test]
fn an_unreachable_database_is_unavailable_and_its_password_stays_secret() {
    for url in ["postgres://u:sesame@127.0.0.1:1/x", "postgres://u:ses[ame@127.0.0.1:bad/x"] {
        let url = DatabaseUrl::parse(url).unwrap();
        let error = Store::open(Options::new(url)).map(drop).unwrap_err();
        assert_eq!(error.kind, Kind::Unavailable);
        let text = format!("{error:?}");
        assert!(!text.contains("sesame") && !text.contains("ses[ame"), "{text}");
    }
    let url = DatabaseUrl::parse("sqlite:///dev/null/roster.db").unwrap();
    let error = Store::open(Options::new(url)).map(drop).unwrap_err();
    assert_eq!(error.kind, Kind::Unavailable);
}

#[test]
fn a_database_that_was_never_migrated_is_told_apart() {
    let url = DatabaseUrl::parse("sqlite::memory:").unwrap();
    let error = Store::open(Options::new(url)).map(drop).unwrap_err();
    assert_eq!(error.kind, Kind::Internal);
    assert!(error.internal.unwrap().contains("migrated"));
}
