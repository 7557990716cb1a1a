//! Pages of the members of large groups: what one costs does not depend on the group.
//!
//! SQLite's part of this is the query plan, in `src/objects/source.rs`; PostgreSQL counts the rows
//! that a transaction fetches.

use crate::support::{Database, inputs, number, tenant};
use roster_domain::authz::{
    Actor, Claims, Policy, Principal, PrincipalState, RoleSet, Scope, authorize, rights,
};
use roster_domain::groups::{Group, GroupId, GroupWrites, Link};
use roster_domain::id::TenantId;
use roster_domain::objects::{ObjectReads, Relation};
use roster_domain::paging::Cursor;
use roster_domain::query::Query;
use roster_domain::users::{User, UserId, UserWrites};
use roster_persistence::{Bind, Lane, Session, Store};
use uuid::Uuid;

const PAGE: usize = 100;
const FEW: i64 = 500;
const MANY: i64 = 20_000;

/// Users whose ids are numbers, copies of one; links of a group to the first of them.
const USERS: &str = "INSERT INTO users (tenant_id, id, version, created_at, account_enabled, \
     user_type, visible, upn_key, display_name_key, facets, doc) \
     SELECT u.tenant_id, lpad(to_hex(n), 32, '0')::uuid, u.version, u.created_at, \
     u.account_enabled, u.user_type, u.visible, u.upn_key || n, u.display_name_key || n, \
     u.facets, u.doc FROM users u, generate_series(1, $2) n WHERE u.tenant_id = $1";
const LINKS: &str = "INSERT INTO group_links \
     SELECT $1, $2, 'member', lpad(to_hex(n), 32, '0')::uuid, 'user' FROM generate_series(1, $3) n";
const FETCHED: &str = "SELECT CAST(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) \
     AS bigint) AS n FROM pg_stat_xact_user_tables WHERE schemaname = current_schema()";

/// A member without a role, who sees what is visible.
fn scope(tenant: TenantId) -> Scope {
    let principal = Principal::User(UserId::new(Uuid::from_u128(1)));
    let claims = Claims { tenant, principal, roles: RoleSet::EMPTY, epoch: 0 };
    let state = PrincipalState { enabled: true, roles: RoleSet::EMPTY, epoch: 0 };
    let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap();
    authorize::<rights::ReadDirectory>(&actor).unwrap().scope()
}

/// A group with so many members.
async fn group(store: &Store, tenant: TenantId, members: i64) -> GroupId {
    let id = GroupId::new(Uuid::from_u128(u128::try_from(members).unwrap() << 64));
    let work = move |session: &mut Session<'_>| {
        session.insert_group(&Group { id, version: 1, mail_enabled: true, ..Group::default() })?;
        let binds = vec![Bind::Guid(tenant.uuid()), Bind::Guid(id.uuid()), Bind::Int(members)];
        session.execute(LINKS, binds)
    };
    store.write(Lane::Interactive, tenant, inputs(2), work).await.unwrap();
    id
}

/// Rows that a page of a group's members fetches, from its first object or after another.
async fn fetched(store: &Store, scope: Scope, group: GroupId, after: i64, mixed: bool) -> i64 {
    let read = move |session: &mut Session<'_>| {
        let relation = Relation::Linked(group, Link::Member);
        let id = Uuid::from_u128(u128::try_from(after).unwrap());
        let after = (after > 0).then_some(Cursor { keys: Vec::new(), id });
        let before = number(session, FETCHED, vec![])?;
        let found = if mixed {
            let query = Query { top: PAGE, ..Query::default() };
            session.related(&scope, relation, &query, after.as_ref())?.items.len()
        } else {
            let query = Query { top: PAGE, ..Query::default() };
            session.related_users(&scope, relation, &query, after.as_ref())?.items.len()
        };
        assert_eq!(found, PAGE);
        Ok(number(session, FETCHED, vec![])? - before)
    };
    // In one transaction, at whose end the counters may start again.
    store.unlocked(inputs(4), read).await.unwrap()
}

#[tokio::test]
async fn a_page_of_many_members_fetches_as_many_rows_as_one_of_few() {
    let Some(database) = Database::postgres() else { return };
    let store = database.open();
    let tenant = tenant(&store).await;
    let seed = move |session: &mut Session<'_>| {
        let user = User {
            id: UserId::new(Uuid::max()),
            version: 1,
            user_principal_name: "user@contoso.example".to_owned(),
            ..User::default()
        };
        session.insert_user(&user)?;
        session.execute(USERS, vec![Bind::Guid(tenant.uuid()), Bind::Int(MANY)])
    };
    store.write(Lane::Interactive, tenant, inputs(1), seed).await.unwrap();
    let (few, many) = (group(&store, tenant, FEW).await, group(&store, tenant, MANY).await);
    for table in ["users", "groups", "group_links"] {
        let sql = format!("ANALYZE {table}");
        store.unlocked(inputs(3), move |session| session.execute(&sql, vec![])).await.unwrap();
    }
    for mixed in [true, false] {
        let small = fetched(&store, scope(tenant), few, 0, mixed).await;
        assert!(small >= i64::try_from(PAGE).unwrap(), "the count misses what was read: {small}");
        for after in [0, MANY / 2, MANY - 200] {
            let large = fetched(&store, scope(tenant), many, after, mixed).await;
            assert!(
                large <= small + 10 && large <= 5 * i64::try_from(PAGE).unwrap(),
                "after {after} of {MANY}: {large} rows; of {FEW}: {small}; mixed: {mixed}"
            );
        }
    }
    store.close();
}
