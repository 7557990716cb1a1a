//! Writes that share a transaction.

use crate::support::{create, hold, inputs, on_each_database, recorded, start, tenant};
use roster_domain::{Error, Kind, Result};
use roster_persistence::{CommitFault, Faults, Lane, Options, Session, Store};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Counts the COMMITs.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Faults for Counter {
    fn at_commit(&self) -> CommitFault {
        self.0.fetch_add(1, Ordering::Relaxed);
        CommitFault::None
    }
}

#[test]
fn writes_that_wait_share_a_commit() {
    on_each_database(|database| async move {
        let commits = Arc::new(Counter::default());
        let faults: Arc<dyn Faults> = commits.clone();
        let store = Store::open(Options { faults: Some(faults), ..database.options() }).unwrap();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let mut jobs = Vec::new();
        for seed in 0..100 {
            jobs.push(start(&store, Lane::Interactive, tenant, seed, create).await);
        }
        let before = commits.0.load(Ordering::Relaxed);
        drop(release);
        held.await.unwrap().unwrap();
        for job in jobs {
            job.await.unwrap().unwrap();
        }
        let used = commits.0.load(Ordering::Relaxed) - before;
        assert!(used < 25, "{used} commits for 100 writes");
        assert_eq!(recorded(&store, tenant).await.len(), 100);
    });
}

#[test]
fn a_write_that_fails_in_a_batch_leaves_its_neighbours() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let before = start(&store, Lane::Interactive, tenant, 1, create).await;
        let refuse = |session: &mut Session<'_>| -> Result<Uuid> {
            create(session)?;
            Err(Error::invalid("no"))
        };
        let refused = start(&store, Lane::Interactive, tenant, 2, refuse).await;
        let violate = |session: &mut Session<'_>| {
            create(session)?;
            session.execute("INSERT INTO tenants SELECT * FROM tenants", vec![])
        };
        let violated = start(&store, Lane::Interactive, tenant, 3, violate).await;
        let panic = |session: &mut Session<'_>| -> Result<Uuid> {
            create(session)?;
            session.attempt(|session| {
                create(session)?;
                panic!("in the middle of an attempt")
            })
        };
        let panicked = start(&store, Lane::Interactive, tenant, 4, panic).await;
        let after = start(&store, Lane::Interactive, tenant, 5, create).await;
        drop(release);
        held.await.unwrap().unwrap();
        assert_eq!(refused.await.unwrap().unwrap_err().kind, Kind::Invalid);
        assert_eq!(violated.await.unwrap().unwrap_err().kind, Kind::Internal);
        assert_eq!(panicked.await.unwrap().unwrap_err().kind, Kind::Internal);
        let kept = [before.await.unwrap().unwrap(), after.await.unwrap().unwrap()];
        assert_eq!(recorded(&store, tenant).await, kept);
    });
}

#[test]
fn interactive_writes_overtake_bulk_writes() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut jobs = Vec::new();
        for (seed, lane) in [(1, Lane::Bulk), (2, Lane::Interactive), (3, Lane::Interactive)] {
            let order = Arc::clone(&order);
            let note = move |_: &mut Session<'_>| {
                order.lock().unwrap().push(seed);
                Ok(())
            };
            jobs.push(start(&store, lane, tenant, seed, note).await);
        }
        drop(release);
        held.await.unwrap().unwrap();
        for job in jobs {
            job.await.unwrap().unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [2, 3, 1]);
    });
}

#[test]
fn tenants_keep_their_own_feeds_when_they_are_written_together() {
    on_each_database(|database| async move {
        let store = database.open();
        let (one, two) = (tenant(&store).await, tenant(&store).await);
        let mut expected = [Vec::new(), Vec::new()];
        let mut jobs = Vec::new();
        for seed in 0..20 {
            for (of, tenant) in [(0, one), (1, two)] {
                jobs.push((of, start(&store, Lane::Bulk, tenant, seed * 2 + of, create).await));
            }
        }
        for (of, job) in jobs {
            expected[usize::from(of)].push(job.await.unwrap().unwrap());
        }
        assert_eq!(recorded(&store, one).await, expected[0]);
        assert_eq!(recorded(&store, two).await, expected[1]);
    });
}

#[test]
fn a_full_queue_refuses_at_once_and_the_other_lane_stays_open() {
    on_each_database(|database| async move {
        let store = Store::open(Options { queue: 2, ..database.options() }).unwrap();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let waiting = [
            start(&store, Lane::Bulk, tenant, 1, create).await,
            start(&store, Lane::Bulk, tenant, 2, create).await,
        ];
        let refused = store.write(Lane::Bulk, tenant, inputs(3), create).await.unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::Unavailable, Some(1)));
        let other = start(&store, Lane::Interactive, tenant, 4, create).await;
        drop(release);
        held.await.unwrap().unwrap();
        for job in waiting.into_iter().chain([other]) {
            job.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_write_whose_caller_has_gone_away_is_not_begun() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let gone = start(&store, Lane::Interactive, tenant, 1, create).await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        let kept = start(&store, Lane::Interactive, tenant, 2, create).await;
        drop(release);
        held.await.unwrap().unwrap();
        let kept = kept.await.unwrap().unwrap();
        assert_eq!(recorded(&store, tenant).await, [kept]);
    });
}

#[test]
fn closing_serves_what_waits_and_takes_no_more() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let waiting = start(&store, Lane::Bulk, tenant, 1, create).await;
        let closing = {
            let store = store.clone();
            tokio::task::spawn_blocking(move || store.close())
        };
        drop(release);
        held.await.unwrap().unwrap();
        waiting.await.unwrap().unwrap();
        closing.await.unwrap();
        let late = store.write(Lane::Bulk, tenant, inputs(2), create).await.unwrap_err();
        assert_eq!(late.kind, Kind::Unavailable);
        let late = store.read(|_| Ok(())).await.unwrap_err();
        assert_eq!(late.kind, Kind::Unavailable);
    });
}
