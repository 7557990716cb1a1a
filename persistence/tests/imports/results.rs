//! The result of a job, and its passwords, which are told once.

use crate::organisation::{DOMAIN, Organisation, people, person};
use crate::support::on_each_database;
use roster_domain::authz::Role;
use roster_domain::imports::{self, FileCode, JobKind, Stop, Survey};
use roster_domain::users::UserId;
use roster_domain::{Kind, Value};
use roster_persistence::Session;
use std::collections::HashSet;
use std::hash::RandomState;

/// A file of ten people.
fn ten() -> Vec<u8> {
    people(&(0..10).map(|n| person(&format!("p{n}@{DOMAIN}"))).collect::<String>())
}

fn passwords(result: &[Vec<String>]) -> HashSet<&str> {
    result.iter().map(|line| line[6].as_str()).filter(|password| !password.is_empty()).collect()
}

/// Somebody with the role of a user administrator.
async fn user_administrator(contoso: &Organisation, name: &'static str) -> UserId {
    contoso
        .create_user(&[
            ("displayName", Value::text(name)),
            ("userPrincipalName", Value::Text(format!("{name}@{DOMAIN}").into())),
            ("alternateEmail", Value::text("somebody@private.example")),
            ("roles", Value::List(vec![Value::text("user")])),
        ])
        .await
        .id
}

#[test]
fn passwords_are_told_once_to_the_uploader() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let ursula = user_administrator(&contoso, "ursula").await;
        let grant = contoso.grant_of(ursula, &[Role::User]);
        contoso.upload_as(grant, &ten()).await;
        let job = contoso.finish(3).await.id;
        let first = contoso.result(grant, job).await;
        assert_eq!(passwords(&first).len(), 10);
        for again in [grant, contoso.grant()] {
            let later = contoso.result(again, job).await;
            assert_eq!(passwords(&later).len(), 0);
            assert_eq!(later.len(), 10, "the outcomes stay");
        }
        assert_eq!(contoso.count("import_parts WHERE with_passwords IS NOT NULL").await, 0);
        contoso.store.close();
    });
}

#[test]
fn passwords_wait_for_somebody_who_may_have_them() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let uwe = user_administrator(&contoso, "uwe").await;
        contoso.upload(&ten()).await;
        let job = contoso.finish(3).await.id;
        let other = contoso.result(contoso.grant_of(uwe, &[Role::User]), job).await;
        assert_eq!((other.len(), passwords(&other).len()), (10, 0));
        let key = job.to_string();
        let grant = contoso.grant();
        let read = move |tx: &mut Session<'_>| imports::parts(tx, &grant, &key, 0);
        let parts = contoso.store.read(read).await.unwrap();
        assert!(parts.iter().all(|part| part.with_passwords.is_none()), "reading tells none");
        assert_eq!(passwords(&contoso.result(grant, job).await).len(), 10);
        contoso.store.close();
    });
}

#[test]
fn a_download_that_breaks_off_uses_up_only_what_was_told() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let rows: String = (0..40).map(|n| person(&format!("p{n}@{DOMAIN}"))).collect();
        let job = contoso.import(&people(&rows), 2).await;
        assert_eq!(job.parts, 20);
        let (grant, key) = (contoso.grant(), job.id.to_string());
        let take = move |tx: &mut Session<'_>| imports::take_parts(tx, &grant, &key, 0);
        let told = contoso.write(take).await.unwrap();
        assert_eq!(told.parts.len(), 16);
        assert_eq!(passwords(&contoso.result(grant, job.id).await).len(), 40 - 32);
        contoso.store.close();
    });
}

#[test]
fn there_is_no_result_before_the_job_has_ended() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let job = contoso.upload(&ten()).await;
        contoso.advance(contoso.lease().await, 5).await.unwrap();
        let (grant, key) = (contoso.grant(), job.to_string());
        let take = move |tx: &mut Session<'_>| imports::take_parts(tx, &grant, &key, 0);
        let refused = contoso.write(take).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::Conflict, "ImportNotFinished"));
        contoso.store.close();
    });
}

#[test]
fn an_unusable_file_fails_as_a_whole_and_touches_nothing() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let before = contoso.last_change().await;
        let mut file = ten();
        file.extend(b"\"never closed");
        file.resize(2 * 1024 * 1024, b'x');
        contoso.upload(&file).await;
        let lease = contoso.lease().await;
        let stored = contoso.file(lease.job).await;
        assert_eq!(stored, file, "in chunks and back");
        let survey = Survey::of(stored.as_slice(), JobKind::Users, &RandomState::new());
        let Err(Stop::File(wrong)) = survey else { panic!("accepted") };
        assert_eq!((wrong.code, wrong.line), (FileCode::RecordTooLong, 12));
        let refuse = move |tx: &mut Session<'_>| imports::refuse(tx, &lease, &wrong);
        let job = contoso.write(refuse).await.unwrap();
        assert!(job.is_finished() && job.file_errors[0].code == FileCode::RecordTooLong);
        assert_eq!(contoso.last_change().await, before);
        assert_eq!(contoso.result(contoso.grant(), job.id).await.len(), 0);
        contoso.store.close();
    });
}
