//! Two stores on one database, as two processes have them.

use crate::support::{Database, create, inputs, number, on_each_database, recorded, tenant};
use roster_domain::Result;
use roster_domain::credentials::{CredentialReads as _, Fingerprint, Throttle};
use roster_domain::id::TenantId;
use roster_persistence::{Bind, Lane, Moved, Options, Session, Store};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// A hundred writes one after the other.
fn hundred<F>(store: &Store, tenant: TenantId, first_seed: u8, work: F) -> JoinHandle<()>
where
    F: Fn(&mut Session<'_>) -> Result<()> + Copy + Send + 'static,
{
    let store = store.clone();
    tokio::spawn(async move {
        for seed in first_seed..first_seed + 100 {
            store.write(Lane::Bulk, tenant, inputs(seed), work).await.unwrap();
        }
    })
}

#[test]
fn what_is_read_under_the_tenants_lock_stays_true_until_it_is_written() {
    on_each_database(|database| async move {
        let (here, there) = (database.open(), database.open());
        let tenant = tenant(&here).await;
        let table = |session: &mut Session<'_>| {
            session.execute("CREATE TABLE counter (n bigint NOT NULL)", vec![])?;
            session.execute("INSERT INTO counter VALUES (0)", vec![])
        };
        here.unlocked(inputs(0), table).await.unwrap();
        let increment = |session: &mut Session<'_>| {
            let n = number(session, "SELECT n FROM counter", vec![])?;
            session.execute("UPDATE counter SET n = $1", vec![Bind::Int(n + 1)])?;
            Ok(())
        };
        let (one, two) = tokio::join!(
            hundred(&here, tenant, 0, increment),
            hundred(&there, tenant, 100, increment)
        );
        one.unwrap();
        two.unwrap();
        let n = here.read(|session| number(session, "SELECT n FROM counter", vec![])).await;
        assert_eq!(n.unwrap(), 200);
    });
}

#[test]
fn sequence_order_is_commit_order_and_no_reader_sees_a_gap() {
    on_each_database(|database| async move {
        let (here, there) = (database.open(), database.open());
        let tenant = tenant(&here).await;
        let done = Arc::new(AtomicBool::new(false));
        let reading = {
            let (store, done) = (here.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut looks = 0;
                while !done.load(Ordering::Relaxed) {
                    let gaps = move |session: &mut Session<'_>| {
                        let sql = "SELECT coalesce(max(seq), 0) - count(*) AS n FROM changes \
                                   WHERE tenant_id = $1";
                        number(session, sql, vec![Bind::Guid(tenant.uuid())])
                    };
                    assert_eq!(store.read(gaps).await.unwrap(), 0);
                    looks += 1;
                }
                looks
            })
        };
        let record = |session: &mut Session<'_>| create(session).map(|_| ());
        let (one, two) =
            tokio::join!(hundred(&here, tenant, 0, record), hundred(&there, tenant, 100, record));
        one.unwrap();
        two.unwrap();
        done.store(true, Ordering::Relaxed);
        assert!(reading.await.unwrap() > 0);
        assert_eq!(recorded(&here, tenant).await.len(), 200);
    });
}

/// A store that polls as often as it is told, and what its poller reports.
fn watched(database: &Database, poll_ms: u64) -> (Store, Arc<Mutex<Vec<Moved>>>) {
    let options = Options { poll: Duration::from_millis(poll_ms), ..database.options() };
    let store = Store::open(options).unwrap();
    let moved = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&moved);
    store.on_moved(Arc::new(move |news| hook.lock().unwrap().extend_from_slice(news)));
    (store, moved)
}

/// Waits until the store has polled once more after this call.
async fn polled(store: &Store) {
    let called = Instant::now();
    while store.last_poll_age() > called.elapsed() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn the_poller_tells_of_other_processes_changes_and_not_of_its_own() {
    on_each_database(|database| async move {
        let there = database.open();
        let tenant = tenant(&there).await;
        there.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        let (here, moved) = watched(&database, 20);

        here.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
        polled(&here).await;
        assert_eq!(
            *moved.lock().unwrap(),
            [],
            "what was there at the start and its own are no news"
        );

        there.write(Lane::Interactive, tenant, inputs(3), create).await.unwrap();
        polled(&here).await;
        assert_eq!(*moved.lock().unwrap(), [Moved { tenant, after: 2, seq: 3 }]);
    });
}

#[test]
fn the_poller_tells_of_a_change_that_an_own_one_followed_before_it_looked() {
    on_each_database(|database| async move {
        let there = database.open();
        let tenant = tenant(&there).await;
        // Both writes fall between two looks, also on a busy machine.
        let (here, moved) = watched(&database, 1_500);
        polled(&here).await;
        there.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        here.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
        polled(&here).await;
        assert_eq!(*moved.lock().unwrap(), [Moved { tenant, after: 0, seq: 2 }]);
    });
}

#[test]
fn the_poller_tells_of_a_new_tenant() {
    on_each_database(|database| async move {
        let (here, moved) = watched(&database, 20);
        let there = database.open();
        let tenant = tenant(&there).await;
        polled(&here).await;
        assert_eq!(*moved.lock().unwrap(), [Moved { tenant, after: 0, seq: 0 }]);
    });
}

#[test]
fn tries_at_one_account_over_two_processes_are_counted_one_by_one() {
    on_each_database(|database| async move {
        let (here, there) = (database.open(), database.open());
        let try_once = |number: u32| {
            move |session: &mut Session<'_>| {
                let mut throttle = session.lock_throttle("account")?;
                throttle.failed(session.now(), Fingerprint(number));
                session.put_throttle("account", &throttle)
            }
        };
        let tries = (0..8_u8).map(|number| {
            let store = if number % 2 == 0 { here.clone() } else { there.clone() };
            tokio::spawn(
                async move { store.unlocked(inputs(number), try_once(number.into())).await },
            )
        });
        for tried in tries.collect::<Vec<_>>() {
            tried.await.unwrap().unwrap();
        }
        let counted = here.read(|session| session.throttle("account")).await.unwrap();
        let mut expected = Throttle::default();
        let now = inputs(0).now;
        (0..8).for_each(|number| expected.failed(now, Fingerprint(number)));
        let tries =
            |throttle: &Throttle| format!("{throttle:?}").split(", ").next().map(str::to_owned);
        assert_eq!(tries(&counted), tries(&expected), "none is lost");
        here.unlocked(inputs(9), |session| session.put_throttle("account", &Throttle::default()))
            .await
            .unwrap();
        assert_eq!(
            here.read(|session| session.throttle("account")).await.unwrap(),
            Throttle::default()
        );
    });
}
