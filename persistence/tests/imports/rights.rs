//! Who may import, proved again for every batch.

use crate::organisation::{DOMAIN, Organisation, people, person};
use crate::support::on_each_database;
use roster_domain::authz::{Role, authorize};
use roster_domain::credentials::{Credential, CredentialReads as _, CredentialWrites as _};
use roster_domain::imports::{self, ImportJob, JobKind, Status};
use roster_domain::limits::MAX_PENDING_IMPORTS;
use roster_domain::roles::{RoleReads as _, RoleWrites as _, Which};
use roster_domain::users::{Update, UserId, delete, update};
use roster_domain::{Kind, Value};
use roster_persistence::Session;

/// A user administrator of the organisation.
async fn user_administrator(contoso: &Organisation) -> UserId {
    contoso
        .create_user(&[
            ("displayName", Value::text("Ursula")),
            ("userPrincipalName", Value::Text(format!("ursula@{DOMAIN}").into())),
            ("alternateEmail", Value::text("ursula@private.example")),
            ("roles", Value::List(vec![Value::text("user")])),
        ])
        .await
        .id
}

/// A file of ten people.
fn ten() -> Vec<u8> {
    people(&(0..10).map(|n| person(&format!("p{n}@{DOMAIN}"))).collect::<String>())
}

/// Imports four of ten rows as Ursula, lets something happen to her, and goes on.
async fn interrupted(contoso: &Organisation, happens: impl AsyncFnOnce(UserId)) -> ImportJob {
    let ursula = user_administrator(contoso).await;
    contoso.upload_as(contoso.grant_of(ursula, &[Role::User]), &ten()).await;
    let lease = contoso.lease().await;
    assert_eq!(contoso.advance(lease, 4).await.unwrap().counts.created, 4);
    happens(ursula).await;
    contoso.advance(lease, 4).await.unwrap()
}

fn assert_stopped(job: &ImportJob) {
    assert_eq!((job.status, job.counts.created), (Status::Failed, 4));
    let why = job.failure.as_deref().unwrap();
    assert!(why.contains("no longer holds the right") && why.contains("stay"), "{why}");
    assert_eq!(job.file_errors, []);
}

#[test]
fn a_job_stops_when_its_uploader_loses_the_role() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let job = interrupted(&contoso, async |ursula| {
            let tenant = contoso.tenant;
            let revoke = move |tx: &mut Session<'_>| {
                let principals = Some(vec![ursula.uuid()]);
                let of = Which { principals, limit: 9, ..Which::default() };
                let held = tx.role_assignments(tenant, &of)?;
                held.iter().try_for_each(|role| tx.delete_role_assignment(role.id))
            };
            contoso.write(revoke).await.unwrap();
        });
        assert_stopped(&job.await);
        assert_eq!(contoso.count("users WHERE upn_key < 'q' AND upn_key >= 'p'").await, 4);
        contoso.store.close();
    });
}

#[test]
fn a_job_stops_when_its_uploader_is_blocked() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let job = interrupted(&contoso, async |ursula| {
            let grant = authorize(contoso.grant().actor()).unwrap();
            let block = move |tx: &mut Session<'_>| {
                let body = vec![("accountEnabled".into(), Value::Bool(false))];
                let change = Update::read(Value::Object(body));
                update(tx, &grant, &ursula.to_string(), &change, None, None)
            };
            contoso.write(block).await.unwrap();
        });
        assert_stopped(&job.await);
        contoso.store.close();
    });
}

#[test]
fn a_job_stops_when_its_uploader_is_deleted() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let job = interrupted(&contoso, async |ursula| {
            let grant = contoso.grant();
            let delete = move |tx: &mut Session<'_>| {
                delete(tx, &grant.also().unwrap(), &ursula.to_string(), None)
            };
            contoso.write(delete).await.unwrap();
        });
        assert_stopped(&job.await);
        contoso.store.close();
    });
}

#[test]
fn a_job_stops_when_the_sessions_of_its_uploader_are_ended() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let job = interrupted(&contoso, async |ursula| {
            let tenant = contoso.tenant;
            let end = move |tx: &mut Session<'_>| {
                let credential = tx.credential(tenant, ursula)?.unwrap();
                tx.put_credential(ursula, &Credential { epoch: 1, ..credential })
            };
            contoso.write(end).await.unwrap();
        });
        assert_stopped(&job.await);
        contoso.store.close();
    });
}

#[test]
fn another_organisation_sees_neither_job_nor_result() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let store = contoso.store.clone();
        let fabrikam = Organisation::with_domain(store, "fabrikam.onroster.example").await;
        let job = contoso.import(&ten(), 10).await.id;
        let (grant, key) = (fabrikam.grant(), job.to_string());
        let get = move |tx: &mut Session<'_>| imports::get(tx, &grant, &key).map(drop);
        assert_eq!(fabrikam.store.read(get).await.unwrap_err().kind, Kind::NotFound);
        let key = job.to_string();
        let take = move |tx: &mut Session<'_>| imports::take_parts(tx, &grant, &key, 0).map(drop);
        assert_eq!(fabrikam.write(take).await.unwrap_err().kind, Kind::NotFound);
        let list = move |tx: &mut Session<'_>| imports::list(tx, &grant, None, 10);
        assert_eq!(fabrikam.store.read(list).await.unwrap().len(), 0);
        assert_eq!(fabrikam.file(job).await, b"");
        contoso.store.close();
    });
}

#[test]
fn no_more_files_are_admitted_while_too_many_jobs_wait() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        for _ in 0..MAX_PENDING_IMPORTS {
            contoso.upload(&ten()).await;
        }
        let grant = contoso.grant();
        let refused =
            contoso.write(move |tx| imports::admit(tx, &grant, JobKind::Users)).await.unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::TooManyRequests, Some(60)));
        contoso.store.close();
    });
}
