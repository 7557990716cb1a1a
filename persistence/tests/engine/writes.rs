//! One write at a time: what it sees, what it leaves.

use crate::support::{
    change, create, inputs, last_seq, number, on_each_database, recorded, tenant, violate,
};
use roster_domain::credentials::{CredentialReads as _, Fingerprint, Throttle};
use roster_domain::events::Event;
use roster_domain::id::TenantId;
use roster_domain::{Error, Kind};
use roster_persistence::{Bind, Inputs, Lane, Session};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

#[test]
fn a_committed_write_is_read_back_by_the_next_read() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let id = store.write(Lane::Interactive, tenant, inputs(1), create).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, [id]);
    });
}

#[test]
fn a_refused_write_leaves_nothing() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let refuse = |session: &mut Session<'_>| -> roster_domain::Result<()> {
            create(session)?;
            Err(Error::conflict("Request_BadRequest", "no"))
        };
        let refused = store.write(Lane::Interactive, tenant, inputs(1), refuse).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Conflict);
        assert!(recorded(&store, tenant).await.is_empty());
        // The number it had drawn goes to the next change.
        store.write(Lane::Interactive, tenant, inputs(2), create).await.unwrap();
        assert_eq!(last_seq(&store, tenant).await, 1);
    });
}

#[test]
fn a_write_to_an_unknown_tenant_is_not_found() {
    on_each_database(|database| async move {
        let store = database.open();
        let nobody = TenantId::new(Uuid::now_v7());
        let refused = store.write(Lane::Bulk, nobody, inputs(1), create).await;
        assert_eq!(refused.unwrap_err().kind, Kind::NotFound);
    });
}

#[test]
fn an_unlocked_write_appends_to_no_feed() {
    on_each_database(|database| async move {
        let store = database.open();
        let refused = store.unlocked(inputs(1), create).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Internal);
    });
}

#[test]
fn a_write_draws_everything_from_its_inputs() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let draw = |session: &mut Session<'_>| {
            let mut bytes = [0; 16];
            session.random(&mut bytes);
            Ok((session.new_uuid(), bytes, session.now(), session.tenant()))
        };
        let first = store.write(Lane::Interactive, tenant, inputs(1), draw).await.unwrap();
        let again = store.write(Lane::Interactive, tenant, inputs(1), draw).await.unwrap();
        let other = store.write(Lane::Interactive, tenant, inputs(2), draw).await.unwrap();
        assert_eq!(first, again);
        assert_ne!((first.0, first.1), (other.0, other.1));
        assert_eq!(first.0.get_version_num(), 7);
        let (seconds, nanos) = first.0.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanos), (1_700_000_000, 123_000_000));
        assert_eq!((first.2, first.3), (inputs(1).now, Some(tenant)));
    });
}

#[test]
fn a_write_that_goes_on_after_a_failed_statement_is_undone_on_both_databases() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let careless = |session: &mut Session<'_>| {
            create(session)?;
            let _ignored = session.execute("INSERT INTO nowhere VALUES (1)", vec![]);
            Ok(())
        };
        let refused = store.write(Lane::Interactive, tenant, inputs(1), careless).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Internal);
        assert!(recorded(&store, tenant).await.is_empty());
    });
}

#[test]
fn an_attempt_survives_a_violated_constraint_and_leaves_no_gap_in_the_feed() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let hook = Arc::clone(&told);
        store.on_commit(Arc::new(move |changes| hook.lock().unwrap().extend_from_slice(changes)));
        let work = move |session: &mut Session<'_>| {
            let kept = create(session)?;
            assert_eq!(violate(session).unwrap_err().kind, Kind::Internal);
            let after = session.attempt(create)?;
            assert_eq!(violate(session).unwrap_err().kind, Kind::Internal);
            Ok([kept, after])
        };
        let kept = store.write(Lane::Interactive, tenant, inputs(1), work).await.unwrap();
        assert_eq!(recorded(&store, tenant).await, kept);
        let told: Vec<_> = told.lock().unwrap().iter().map(|c| (c.seq, c.target)).collect();
        assert_eq!(told, [(1, kept[0]), (2, kept[1])]);
        assert_eq!(last_seq(&store, tenant).await, 2);
    });
}

#[test]
fn an_attempt_after_a_failed_statement_does_not_hide_it() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let careless = |session: &mut Session<'_>| {
            let _ignored = session.execute("INSERT INTO nowhere VALUES (1)", vec![]);
            let _ignored = violate(session);
            Ok(())
        };
        let refused = store.write(Lane::Interactive, tenant, inputs(1), careless).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Internal);
    });
}

#[test]
fn hooks_know_of_a_commit_before_its_write_is_answered() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let hook = Arc::clone(&told);
        store.on_commit(Arc::new(|_| panic!("a broken hook harms nobody")));
        store.on_commit(Arc::new(move |changes| hook.lock().unwrap().extend_from_slice(changes)));
        let twice = |session: &mut Session<'_>| Ok([create(session)?, create(session)?]);
        let [one, two] = store.write(Lane::Bulk, tenant, inputs(1), twice).await.unwrap();
        let told = told.lock().unwrap().clone();
        let facts: Vec<_> = told.iter().map(|c| (c.tenant, c.seq, c.target)).collect();
        assert_eq!(facts, [(tenant, 1, one), (tenant, 2, two)]);
        assert_eq!((told[0].operation, told[0].target_kind), ("users.create", "user"));
    });
}

#[test]
fn the_feed_keeps_who_did_what() {
    on_each_database(|database| async move {
        let store = database.open();
        let tenant = tenant(&store).await;
        let (actor, request, target) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let work = move |session: &mut Session<'_>| {
            session.record(roster_domain::changes::Change {
                actor: Some(actor),
                actor_kind: "user",
                request_id: Some(request),
                ..change(target)
            })
        };
        store.write(Lane::Interactive, tenant, inputs(1), work).await.unwrap();
        let found = move |session: &mut Session<'_>| {
            let sql = "SELECT count(*) AS n FROM changes WHERE tenant_id = $1 AND seq = 1 \
                       AND at = $2 AND actor_kind = 'user' AND actor_id = $3 AND request_id = $4 \
                       AND operation = 'users.create' AND target_kind = 'user' \
                       AND target_id = $5 AND details ->> 'displayName' = 'Ada'";
            let binds = vec![
                Bind::Guid(tenant.uuid()),
                Bind::Instant(inputs(1).now),
                Bind::Guid(actor),
                Bind::Guid(request),
                Bind::Guid(target),
            ];
            number(session, sql, binds)
        };
        assert_eq!(store.read(found).await.unwrap(), 1);
    });
}

#[test]
fn old_events_and_forgotten_tries_are_removed_and_newer_ones_stay() {
    on_each_database(|database| async move {
        let store = database.open();
        let day = |days| inputs(0).now.plus_days(days);
        for (seed, at) in [(1, day(0)), (2, day(1)), (3, day(40))] {
            let inputs = Inputs { now: at, ..inputs(seed) };
            let note = move |session: &mut Session<'_>| {
                let id = session.new_uuid();
                session.append_event(&Event::sign_in("signIn", None, None, id, None))?;
                let mut throttle = Throttle::default();
                throttle.failed(session.now(), Fingerprint(1));
                session.put_throttle(&format!("account {seed}"), &throttle)
            };
            store.unlocked(inputs, note).await.unwrap();
        }
        let remove = move |session: &mut Session<'_>| session.remove_events(day(30), 1);
        assert_eq!(store.unlocked(inputs(4), remove).await.unwrap(), 1);
        let remove = move |session: &mut Session<'_>| session.remove_events(day(30), 10);
        assert_eq!(store.unlocked(inputs(5), remove).await.unwrap(), 1);
        let left =
            |session: &mut Session<'_>| number(session, "SELECT count(*) AS n FROM events", vec![]);
        assert_eq!(store.read(left).await.unwrap(), 1);

        let stale = store.read(move |session| session.stale_throttles(day(30), 10)).await.unwrap();
        assert_eq!(stale.len(), 2);
        let all: Vec<String> = (1..4).map(|seed| format!("account {seed}")).collect();
        let remove = move |session: &mut Session<'_>| session.remove_throttles(&all, day(30));
        assert_eq!(store.unlocked(inputs(6), remove).await.unwrap(), 2);
        let kept = store.read(|session| session.throttle("account 3")).await.unwrap();
        assert_ne!(kept, Throttle::default());
    });
}
