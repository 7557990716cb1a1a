//! Processes that die, pause and take over from each other.

use crate::organisation::{DOMAIN, Organisation, PEOPLE, people, person, two_hundred};
use crate::support::on_each_database;
use roster_domain::imports::{self, ImportWrites as _, JobKind, Status};
use roster_persistence::Session;

#[test]
fn a_job_killed_after_each_batch_ends_as_one_clean_run() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        contoso.upload(PEOPLE).await;
        let mut processes = 0;
        let job = loop {
            // Each process dies after two batches and gives nothing back.
            let process = contoso.in_another_process(&database);
            let lease = process.lease().await;
            processes += 1;
            assert_eq!(lease.fence, processes);
            process.advance(lease, 65).await.unwrap();
            let job = process.advance(lease, 65).await;
            process.store.close();
            if let Ok(job) = job
                && job.is_finished()
            {
                break job;
            }
        };
        assert_eq!(processes, 8);
        assert_eq!((job.counts.created, job.counts.failed), (1_000, 0));
        assert_eq!(contoso.count("users WHERE deleted_at IS NULL").await, 1_001);
        let result = contoso.result(contoso.grant(), job.id).await;
        let lines: Vec<u64> = result.iter().map(|line| line[0].parse().unwrap()).collect();
        assert_eq!(lines, (2..=1_001).collect::<Vec<_>>(), "each row once, in order");
        contoso.store.close();
    });
}

#[test]
fn a_paused_owner_is_stopped_by_the_fence_inside_its_own_transaction() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        contoso.upload(&two_hundred()).await;
        let paused = contoso.lease().await;
        contoso.advance(paused, 10).await.unwrap();
        let other = contoso.in_another_process(&database);
        let owner = other.lease().await;
        let before = contoso.last_change().await;
        let refused = contoso.advance(paused, 10).await.unwrap_err();
        assert!(imports::is_taken_over(&refused));
        assert_eq!(contoso.last_change().await, before, "nothing of its batch is kept");
        let beat = contoso.unlocked(move |session| session.beat_import(&paused)).await;
        assert!(!beat.unwrap());
        assert_eq!(other.advance(owner, 2_000).await.unwrap().counts.created, 200);
        other.store.close();
        contoso.store.close();
    });
}

#[test]
fn of_two_processes_that_see_a_free_job_one_gets_it() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        contoso.upload(&two_hundred()).await;
        let other = contoso.in_another_process(&database);
        let seen = contoso.store.read(|session| session.unfinished_imports()).await.unwrap()[0];
        let take = move |session: &mut Session<'_>| session.lease_import(&seen);
        let (here, there) = tokio::join!(contoso.unlocked(take), other.unlocked(take));
        assert!(here.unwrap().is_some() != there.unwrap().is_some());
        other.store.close();
        contoso.store.close();
    });
}

#[test]
fn a_job_that_its_owner_gave_back_is_free_and_a_finished_one_is_not_seen() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        contoso.upload(&people(&person(&format!("a@{DOMAIN}")))).await;
        let lease = contoso.lease().await;
        let sightings = |session: &mut Session<'_>| session.unfinished_imports();
        assert!(contoso.store.read(sightings).await.unwrap()[0].leased);
        contoso.unlocked(move |session| session.release_import(&lease)).await.unwrap();
        assert!(!contoso.store.read(sightings).await.unwrap()[0].leased);
        assert_eq!(contoso.finish(10).await.status, Status::Completed);
        assert_eq!(contoso.store.read(sightings).await.unwrap(), []);
        contoso.store.close();
    });
}

#[test]
fn a_batch_whose_commit_is_lost_is_imported_once() {
    on_each_database(|database| async move {
        use roster_persistence::{CommitFault, Faults};
        use std::sync::Arc;
        use std::sync::atomic::{AtomicU32, Ordering};

        /// Every third COMMIT is refused, loses its way or loses its answer.
        struct Trouble(AtomicU32);
        impl Faults for Trouble {
            fn at_commit(&self) -> CommitFault {
                match self.0.fetch_add(1, Ordering::Relaxed) % 9 {
                    2 => CommitFault::Refused,
                    5 => CommitFault::LostBefore,
                    8 => CommitFault::LostAfter,
                    _ => CommitFault::None,
                }
            }
        }

        let contoso = Organisation::new(&database).await;
        contoso.upload(&two_hundred()).await;
        let lease = contoso.lease().await;
        let mut options = database.options();
        options.faults = Some(Arc::new(Trouble(AtomicU32::new(0))));
        let store = roster_persistence::Store::open(options).unwrap();
        let troubled = Organisation { store, ..contoso.in_another_process(&database) };
        let mut failures = 0;
        let job = loop {
            match troubled.advance(lease, 12).await {
                Ok(job) if job.is_finished() => break job,
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(error.kind, roster_domain::Kind::Unavailable);
                    failures += 1;
                }
            }
        };
        assert!(failures > 1);
        assert_eq!((job.counts.created, job.counts.exists, job.counts.failed), (200, 0, 0));
        assert_eq!(contoso.count("users WHERE deleted_at IS NULL").await, 201);
        troubled.store.close();
        contoso.store.close();
    });
}

#[test]
fn leftovers_are_found_and_removed() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let grant = contoso.grant();
        let abandoned =
            contoso.write(move |tx| imports::admit(tx, &grant, JobKind::Users)).await.unwrap();
        let chunk = move |tx: &mut Session<'_>| {
            (0..3).try_for_each(|n| imports::receive(tx, &grant, abandoned, n, b"User Name"))
        };
        contoso.write(chunk).await.unwrap();
        let done = contoso.import(&two_hundred(), 2_000).await.id;
        let pending = contoso.upload(&two_hundred()).await;
        let unwanted = |age: i64| {
            move |session: &mut Session<'_>| {
                let before = session.now().plus_seconds(-age);
                let found = session.unwanted_import_files(before)?;
                Ok(found.into_iter().map(|(_, job)| job).collect::<Vec<_>>())
            }
        };
        assert_eq!(contoso.store.read(unwanted(60)).await.unwrap(), [done]);
        assert_eq!(contoso.store.read(unwanted(-60)).await.unwrap(), [abandoned, done]);
        let delete = move |tx: &mut Session<'_>| tx.delete_import_chunks(abandoned, 2);
        let removed = [contoso.write(delete).await, contoso.write(delete).await];
        assert_eq!(removed.map(Result::unwrap), [2, 1]);
        assert_eq!(contoso.store.read(unwanted(-60)).await.unwrap(), [done]);
        assert_eq!(contoso.file(pending).await, two_hundred());

        let expired =
            |session: &mut Session<'_>| session.expired_imports(session.now().plus_seconds(60));
        assert_eq!(contoso.store.read(expired).await.unwrap(), [(contoso.tenant, done)]);
        let delete = move |tx: &mut Session<'_>| {
            while tx.delete_import_parts(done, 1)? > 0 {}
            tx.delete_import_job(done)
        };
        contoso.write(delete).await.unwrap();
        assert_eq!(contoso.store.read(expired).await.unwrap(), []);
        assert_eq!(contoso.count("import_parts WHERE 1 = 1").await, 0);
        contoso.store.close();
    });
}
