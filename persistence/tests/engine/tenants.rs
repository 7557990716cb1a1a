//! Organisations do not notice each other, whatever happens in one of them (F22).

use crate::roles::{Organisation, body};
use crate::support::on_each_database;
use roster_domain::Result;
use roster_domain::authz::{Role, RoleSet, rights};
use roster_domain::organisations::OrganisationReads as _;
use roster_domain::query::Query;
use roster_domain::roles::{self, Assign, RoleReads as _, Which};
use roster_domain::users::{self, NewUser, Update, UserReads as _};
use roster_persistence::{Inputs, Session};
use uuid::Uuid;

const SEQUENCES: u32 = 1_000;
const MOVES: u32 = 6;

/// Everything that an organisation can read of itself.
async fn everything(of: &Organisation) -> String {
    let (tenant, grant) = (of.tenant, of.grant::<rights::ReadDirectory>());
    let read = move |session: &mut Session<'_>| {
        let query = Query { top: 999, ..Query::default() };
        let users = session.users(&grant.scope(), &query, None)?.items;
        let count = session.count_users(&grant.scope(), &query)?;
        let assignments =
            session.role_assignments(tenant, &Which { limit: 999, ..Which::default() })?;
        let organisation = session.organisation(tenant)?;
        Ok(format!("{users:?} {count} {assignments:?} {organisation:?}"))
    };
    of.store.read(read).await.unwrap()
}

/// A number below `end`, out of the randomness of the work.
fn pick(session: &mut Session<'_>, end: usize) -> usize {
    let mut bytes = [0; 4];
    session.random(&mut bytes);
    u32::from_be_bytes(bytes) as usize % end
}

#[test]
fn a_thousand_random_sequences_in_one_organisation_change_nothing_in_another() {
    on_each_database(|database| async move {
        let store = database.open();
        let ours = Organisation::found(&store, "ours.example").await;
        let theirs = Organisation::found(&store, "theirs.example").await;
        let before = everything(&theirs).await;
        let seq = crate::support::last_seq(&store, theirs.tenant).await;
        let mut done = 0;
        for number in 0..SEQUENCES {
            done += sequence(&ours, &theirs, number).await;
        }
        assert_eq!(everything(&theirs).await, before);
        assert_eq!(crate::support::last_seq(&store, theirs.tenant).await, seq);
        assert!(done > SEQUENCES, "only {done} moves did anything");
    });
}

/// Makes moves in our organisation on people of both; answers how many were not refused.
async fn sequence(ours: &Organisation, theirs: &Organisation, number: u32) -> u32 {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let inputs = Inputs { now: ours.store.inputs().unwrap().now, seed };
    let foreign = theirs.founder.id.uuid();
    let grants = (ours.grant(), ours.grant(), ours.grant(), ours.grant::<rights::ReadDirectory>());
    let work = move |session: &mut Session<'_>| {
        let (create, manage, delegate, read) = &grants;
        let query = Query { top: 20, ..Query::default() };
        let found = session.users(&read.scope(), &query, None)?.items;
        let mut people: Vec<Uuid> = found.iter().map(|user| user.id.uuid()).collect();
        people.push(foreign);
        let mut done = 0;
        for at in 0..MOVES {
            let target = people[pick(session, people.len())];
            let role = Role::ALL[pick(session, 8)];
            let key = target.to_string();
            let action = pick(session, 6);
            let moved: Result<()> = session.attempt(|session| match action {
                0 | 1 => {
                    // Names of the other organisation are tried as well.
                    let domain = if action == 0 { "ours.example" } else { "theirs.example" };
                    let name = format!("p{number}x{at}");
                    let new = NewUser::read(body(&name, domain, Some("p@elsewhere.example")));
                    users::create(session, create, &new, "hash").map(drop)
                }
                2 => roles::assign(session, delegate, Assign { principal: target, role }).map(drop),
                3 => roles::replace(session, delegate, &key, RoleSet::EMPTY.with(role)).map(drop),
                4 => users::delete(session, create, &key, None),
                _ => {
                    let city = roster_domain::Value::Text(format!("{number}").into());
                    let change = roster_domain::Value::Object(vec![("city".into(), city)]);
                    users::update(session, manage, &key, &Update::read(change), None, None)
                        .map(drop)
                }
            });
            match moved {
                Ok(()) if target == foreign && action > 1 => {
                    return Err(roster_domain::Error::internal("a foreign person was reached"));
                }
                Ok(()) => done += 1,
                Err(error) if error.kind == roster_domain::Kind::Internal => return Err(error),
                Err(_) => {}
            }
        }
        Ok(done)
    };
    ours.write(inputs, work).await.unwrap()
}
