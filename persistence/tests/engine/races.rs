//! Transactions that lose a race and run again.

use crate::support::{Database, create, hold, inputs, on_each_database, recorded, start, tenant};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use roster_domain::{Error, Kind, Result};
use roster_persistence::{Lane, Session};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;
use uuid::Uuid;

#[test]
fn a_write_that_runs_again_draws_the_same_ids_times_and_bytes() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let drawn = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&drawn);
        let work = move |session: &mut Session<'_>| {
            let id = create(session)?;
            let mut bytes = [0; 8];
            session.random(&mut bytes);
            let mut seen = seen.lock().unwrap();
            seen.push((id, bytes, session.now()));
            if seen.len() < 3 { Err(Error::retry("lost twice")) } else { Ok(id) }
        };
        let id = store.write(Lane::Interactive, tenant, inputs(1), work).await.unwrap();
        let drawn = drawn.lock().unwrap().clone();
        assert_eq!(drawn.len(), 3);
        assert!(drawn.iter().all(|run| *run == drawn[0]));
        assert_eq!(recorded(&store, tenant).await, [id]);
    });
}

#[test]
fn a_write_that_always_loses_is_unavailable_and_spares_its_neighbours() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let lose = |session: &mut Session<'_>| -> Result<Uuid> {
            create(session)?;
            Err(Error::retry("always"))
        };
        let (release, held) = hold(&store, tenant).await;
        let before = start(&store, Lane::Interactive, tenant, 1, create).await;
        let lost = start(&store, Lane::Interactive, tenant, 2, lose).await;
        let after = start(&store, Lane::Interactive, tenant, 3, create).await;
        drop(release);
        held.await.unwrap().unwrap();
        assert_eq!(lost.await.unwrap().unwrap_err().kind, Kind::Unavailable);
        let kept = [before.await.unwrap().unwrap(), after.await.unwrap().unwrap()];
        assert_eq!(recorded(&store, tenant).await, kept);
    });
}

#[test]
fn a_deadlock_between_two_processes_runs_again() {
    let Some(database) = Database::postgres() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (here, there) = (database.open(), database.open());
        let rows = [tenant(&here).await, tenant(&here).await];
        let met = Arc::new(Barrier::new(2));
        let work = |rows: [_; 2]| {
            let mut met = Some(Arc::clone(&met));
            move |session: &mut Session<'_>| {
                for (at, row) in rows.into_iter().enumerate() {
                    lock_row(session, row)?;
                    if at == 0
                        && let Some(met) = met.take()
                    {
                        met.wait();
                    }
                }
                Ok(())
            }
        };
        let [a, b] = rows;
        let (one, two) = tokio::join!(
            here.unlocked(inputs(1), work([a, b])),
            there.unlocked(inputs(2), work([b, a])),
        );
        one.unwrap();
        two.unwrap();
    });
}

fn lock_row(session: &mut Session<'_>, row: roster_domain::id::TenantId) -> Result<usize> {
    let sql = "UPDATE tenants SET seq = seq WHERE id = $1";
    session.execute(sql, vec![roster_persistence::Bind::Guid(row.uuid())])
}

#[test]
fn a_write_waits_for_another_process_that_holds_the_sqlite_database() {
    let database = Database::sqlite();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = database.open();
        let tenant = tenant(&store).await;
        // The patience of the connection is shortened, so that BUSY really comes.
        let impatient = |session: &mut Session<'_>| {
            session.execute("PRAGMA busy_timeout = 30", vec![]).map(|_| ())
        };
        store.unlocked(inputs(1), impatient).await.unwrap();
        let mut other =
            SqliteConnection::establish(database.url.file().unwrap().to_str().unwrap()).unwrap();
        other.batch_execute("BEGIN IMMEDIATE").unwrap();
        let writing = tokio::spawn(async move {
            store.write(Lane::Interactive, tenant, inputs(2), create).await.map(|_| ())
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!writing.is_finished());
        other.batch_execute("COMMIT").unwrap();
        writing.await.unwrap().unwrap();
    });
}
