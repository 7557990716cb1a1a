//! What an organisation can read of itself, and what it is told of another.

use crate::roles::Organisation;
use roster_domain::Kind;
use roster_domain::address_book::{AddressBookReads as _, EntryKind};
use roster_domain::addresses::AddressReads as _;
use roster_domain::authz::rights;
use roster_domain::contacts::{self, Contact};
use roster_domain::groups::{self, Group, Link};
use roster_domain::join_requests;
use roster_domain::objects::{self, Relation};
use roster_domain::organisations::OrganisationReads as _;
use roster_domain::properties::Entity;
use roster_domain::query::{self, Query};
use roster_domain::roles::{RoleReads as _, Which};
use roster_domain::user_views;
use roster_domain::users::{self, User};
use roster_persistence::Session;
use std::fmt::Write as _;
use uuid::Uuid;

fn all<F>() -> Query<F> {
    Query { top: 999, ..Query::default() }
}

fn found<E: Entity>(words: &str) -> Query<E::Field> {
    query::parse::<E>(query::LIST, [("$search", words), ("$top", "999")], &|_| Ok(())).unwrap()
}

/// Everything that an organisation can read of itself: lists, numbers, searches, relations, deleted
/// items, the address book.
pub(super) async fn everything(of: &Organisation) -> String {
    let tenant = of.tenant;
    let (reads, uses) = (of.grant::<rights::ReadDirectory>(), of.grant::<rights::UseGroups>());
    let read = move |session: &mut Session<'_>| {
        let mut told = String::new();
        let mut tell = |what: &dyn std::fmt::Debug| writeln!(told, "{what:?}").unwrap();
        let name = "\"displayName:p\"";
        tell(&users::list(session, &reads, &all(), None)?.items);
        tell(&users::count(session, &reads, &all())?);
        tell(&users::list(session, &reads, &found::<User>(name), None)?.items);
        tell(&contacts::list(session, &reads, &all(), None)?.items);
        tell(&contacts::count(session, &reads, &all())?);
        tell(&contacts::list(session, &reads, &found::<Contact>(name), None)?.items);
        let groups = groups::list(session, &reads, &all(), None)?.items;
        tell(&(&groups, groups::count(session, &reads, &all())?));
        tell(&groups::list(session, &reads, &found::<Group>("\"displayName:b\""), None)?.items);
        for group in &groups {
            let scope = &reads.scope();
            for relation in [
                Relation::Linked(group.id, Link::Member),
                Relation::Linked(group.id, Link::Owner),
                Relation::TransitiveMembers(group.id),
                Relation::Recipients(group.id),
            ] {
                tell(&objects::list_related(session, scope, relation, &all(), None)?.items);
                tell(&objects::count_related(session, scope, relation, &all())?);
            }
            let key = group.id.to_string();
            tell(&join_requests::list(session, &uses, &key, &all(), None)?.items);
            tell(&join_requests::count(session, &uses, &key, &all())?);
        }
        tell(&session.role_assignments(tenant, &Which { limit: 999, ..Which::default() })?);
        tell(&session.organisation(tenant)?);
        let (sees, now) = (reads.also()?, group_time());
        tell(&users::deleted::list_deleted(session, &sees, &all(), None, now)?.items);
        tell(&users::deleted::count_deleted(session, &sees, &all(), now)?);
        tell(&groups::deleted::list_deleted(session, &sees, &all(), None, now)?.items);
        tell(&groups::deleted::count_deleted(session, &sees, &all(), now)?);
        tell(&user_views::list(session, &reads.also()?)?);
        for kind in [EntryKind::User, EntryKind::Contact, EntryKind::Group] {
            tell(&session.entries(tenant, kind, Uuid::nil(), 999)?);
        }
        tell(&session.last_change(tenant)?);
        Ok(told)
    };
    of.store.read(read).await.unwrap()
}

/// Before anything was deleted, so that nothing is too old to be kept.
fn group_time() -> roster_domain::Timestamp {
    roster_domain::Timestamp::parse("2000-01-01T00:00:00Z").unwrap()
}

/// Whatever one organisation has, to the other there is no such thing.
pub(super) async fn hidden(of: &Organisation, from: &Organisation) {
    let reads = of.grant::<rights::ReadDirectory>();
    let ids = move |session: &mut Session<'_>| {
        let people = users::list(session, &reads, &all(), None)?.items;
        let names: Vec<String> =
            people.iter().map(|user| user.user_principal_name.clone()).collect();
        let people = people.iter().map(|user| user.id.uuid());
        let groups = groups::list(session, &reads, &all(), None)?.items;
        let groups = groups.iter().map(|group| group.id.uuid());
        let contacts = contacts::list(session, &reads, &all(), None)?.items;
        let contacts = contacts.iter().map(|contact| contact.id.uuid());
        let gone =
            users::deleted::list_deleted(session, &reads.also()?, &all(), None, group_time());
        let gone = gone?.items;
        let gone = gone.iter().map(|user| user.id.uuid());
        Ok((people.chain(groups).chain(contacts).chain(gone).collect::<Vec<_>>(), names))
    };
    let (ids, names) = of.store.read(ids).await.unwrap();
    assert!(ids.len() > 100, "only {} things were made", ids.len());
    let (tenant, reads) = (from.tenant, from.grant::<rights::ReadDirectory>());
    let look = move |session: &mut Session<'_>| {
        for id in &ids {
            let key = id.to_string();
            let told = [
                users::get(session, &reads, &key).map(drop),
                groups::get(session, &reads, &key).map(drop),
                contacts::get(session, &reads, &key).map(drop),
                objects::get(session, &reads, &key).map(drop),
                objects::get_deleted(session, &reads.also()?, &key, group_time()).map(drop),
            ];
            for told in told {
                let error = told.expect_err("found in the other organisation");
                // The same words as for what is nowhere.
                let unknown = roster_domain::Error::not_found(&key);
                assert_eq!((error.kind, error.code), (Kind::NotFound, unknown.code));
                assert_eq!(error.message, unknown.message);
            }
            assert!(session.roles_of(tenant, *id)?.is_empty());
        }
        assert!(objects::find_all(session, &reads, &ids)?.is_empty());
        for name in &names {
            let error = users::get(session, &reads, name).expect_err("found by name");
            assert_eq!(error.kind, Kind::NotFound);
            assert!(session.holder(tenant, name)?.is_none(), "{name}");
        }
        Ok(())
    };
    from.store.read(look).await.unwrap();
}
