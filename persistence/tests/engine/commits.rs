//! COMMITs that fail, and COMMITs whose answer is lost.

use crate::support::{
    Database, create, hold, inputs, on_each_database, recorded, start, tenant, violate,
};
use roster_domain::{Error, Kind, Result};
use roster_persistence::{CommitFault, Faults, Lane, Options, Session, Store};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Lets the next COMMIT fail as it is told.
#[derive(Default)]
struct Next(Mutex<Option<CommitFault>>);

impl Faults for Next {
    fn at_commit(&self) -> CommitFault {
        self.0.lock().unwrap().take().unwrap_or(CommitFault::None)
    }
}

fn open(database: &Database) -> (Store, Arc<Next>) {
    let next = Arc::new(Next::default());
    let faults: Arc<dyn Faults> = next.clone();
    (Store::open(Options { faults: Some(faults), ..database.options() }).unwrap(), next)
}

fn failing(next: &Next, fault: CommitFault) {
    *next.0.lock().unwrap() = Some(fault);
}

#[test]
fn a_failed_commit_is_unavailable_for_every_job_and_changes_nothing() {
    for fault in [CommitFault::Refused, CommitFault::LostBefore] {
        on_each_database(|database| async move {
            let (store, next) = open(&database);
            let tenant = tenant(&store).await;
            let told = Arc::new(AtomicUsize::new(0));
            let hook = Arc::clone(&told);
            store.on_commit(Arc::new(move |changes| {
                hook.fetch_add(changes.len(), Ordering::Relaxed);
            }));

            let (release, held) = hold(&store, tenant).await;
            drop(release);
            held.await.unwrap().unwrap();
            failing(&next, fault);
            let refuse = |session: &mut Session<'_>| -> Result<()> {
                create(session)?;
                Err(Error::invalid("this rests on what was not committed"))
            };
            let both = async {
                tokio::join!(
                    store.write(Lane::Interactive, tenant, inputs(1), create),
                    store.write(Lane::Interactive, tenant, inputs(2), create),
                )
            };
            let (one, two) = both.await;
            // The second may have come too late for the batch of the first.
            let failed = one.unwrap_err();
            assert_eq!((failed.kind, failed.retry_after), (Kind::Unavailable, Some(1)));
            let kept = two.map_or_else(|_| vec![], |id| vec![id]);
            assert_eq!(recorded(&store, tenant).await, kept);
            assert_eq!(told.load(Ordering::Relaxed), kept.len());

            failing(&next, fault);
            let refused = store.write(Lane::Interactive, tenant, inputs(3), refuse).await;
            let kind = refused.unwrap_err().kind;
            assert_eq!(kind, Kind::Unavailable, "a refusal waits for the COMMIT as well");
        });
    }
}

#[test]
fn a_lost_answer_to_a_commit_that_happened_is_found_and_nothing_runs_twice() {
    on_each_database(|database| async move {
        let (store, next) = open(&database);
        let tenant = tenant(&store).await;
        let (release, held) = hold(&store, tenant).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let count = move |session: &mut Session<'_>| {
            counted.fetch_add(1, Ordering::Relaxed);
            create(session)
        };
        let first = start(&store, Lane::Interactive, tenant, 1, count).await;
        drop(release);
        held.await.unwrap().unwrap();
        let first = first.await.unwrap().unwrap();
        failing(&next, CommitFault::LostAfter);
        let second = store.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, [first, second]);
        assert_eq!(runs.load(Ordering::Relaxed), 1);
        let third = store.write(Lane::Interactive, tenant, inputs(3), create).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, [first, second, third]);
    });
}

#[test]
fn a_lost_answer_is_found_by_a_change_that_was_kept() {
    on_each_database(|database| async move {
        let (store, next) = open(&database);
        let tenant = tenant(&store).await;
        failing(&next, CommitFault::LostAfter);
        let work = |session: &mut Session<'_>| {
            let kept = create(session)?;
            violate(session).unwrap_err();
            Ok(kept)
        };
        let kept = store.write(Lane::Interactive, tenant, inputs(1), work).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, [kept]);
    });
}

#[test]
fn hooks_are_told_of_a_commit_whose_answer_was_lost() {
    on_each_database(|database| async move {
        let (store, next) = open(&database);
        let tenant = tenant(&store).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let hook = Arc::clone(&told);
        store.on_commit(Arc::new(move |changes| {
            hook.lock().unwrap().extend(changes.iter().map(|change| change.target));
        }));
        failing(&next, CommitFault::LostAfter);
        let id = store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        assert_eq!(*told.lock().unwrap(), [id]);
    });
}

#[test]
fn where_no_change_tells_the_outcome_the_answer_says_so() {
    on_each_database(|database| async move {
        let (store, next) = open(&database);
        failing(&next, CommitFault::LostAfter);
        let lost = store.unlocked(inputs(1), |session| session.execute("SELECT 1", vec![])).await;
        let error = lost.unwrap_err();
        assert_eq!((error.kind, error.retry_after), (Kind::Unavailable, None));
        assert!(error.message.contains("unknown"), "{}", error.message);
    });
}
