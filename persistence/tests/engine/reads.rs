//! Reads.

use crate::support::{create, inputs, number, on_each_database, tenant};
use roster_domain::{Error, Kind, Result};
use roster_persistence::{Bind, Lane, Options, Session, Store};

#[test]
fn a_read_cannot_write() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let write = move |session: &mut Session<'_>| {
            let sql = "UPDATE tenants SET seq = 7 WHERE id = $1";
            session.execute(sql, vec![Bind::Guid(tenant.uuid())])
        };
        assert!(store.read(write).await.is_err());
        let count = "SELECT count(*) AS n FROM tenants WHERE seq = 7";
        let count = move |session: &mut Session<'_>| number(session, count, vec![]);
        assert_eq!(store.read(count).await.unwrap(), 0);
    });
}

#[test]
fn a_reader_tells_the_planner_how_large_the_tables_are() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        store.write(Lane::Bulk, tenant, inputs(1), create).await.unwrap();
        store.read(|session: &mut Session<'_>| session.update_statistics()).await.unwrap();
        if database.options().url.is_postgres() {
            let known = "SELECT count(*) AS n FROM pg_stats \
                         WHERE schemaname = current_schema() AND tablename = 'changes'";
            let known = move |session: &mut Session<'_>| number(session, known, vec![]);
            assert!(store.read(known).await.unwrap() > 0);
        }
    });
}

#[test]
fn a_panicking_read_is_internal_and_the_reader_lives_on() {
    on_each_database(|database| async move {
        let store = Store::open(Options { readers: 1, ..database.options() }).unwrap();
        let panic = |_: &mut Session<'_>| -> Result<()> { panic!("in the middle of a read") };
        assert_eq!(store.read(panic).await.unwrap_err().kind, Kind::Internal);
        let one =
            |session: &mut Session<'_>| number(session, "SELECT CAST(1 AS bigint) AS n", vec![]);
        assert_eq!(store.read(one).await.unwrap(), 1);
    });
}

#[test]
fn a_failed_read_does_not_fail_the_next() {
    on_each_database(|database| async move {
        let store = Store::open(Options { readers: 1, ..database.options() }).unwrap();
        let fail = |session: &mut Session<'_>| -> Result<()> {
            let _ignored = session.execute("SELECT nonsense", vec![]);
            Err(Error::invalid("no"))
        };
        assert_eq!(store.read(fail).await.unwrap_err().kind, Kind::Invalid);
        store
            .read(|session| number(session, "SELECT CAST(1 AS bigint) AS n", vec![]))
            .await
            .unwrap();
    });
}

#[test]
fn a_read_attempts_nothing_and_records_nothing() {
    on_each_database(|database| async move {
        let store = database.open();
        let attempt = store.read(|session| session.attempt(|_| Ok(()))).await;
        assert_eq!(attempt.unwrap_err().kind, Kind::Internal);
        assert_eq!(store.read(create).await.unwrap_err().kind, Kind::Internal);
    });
}

#[test]
fn reads_draw_different_ids() {
    on_each_database(|database| async move {
        let store = database.open();
        let one = store.read(|session| Ok(session.new_uuid())).await.unwrap();
        let two = store.read(|session| Ok(session.new_uuid())).await.unwrap();
        assert_ne!(one, two);
    });
}
