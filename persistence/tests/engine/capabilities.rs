//! `capabilities` of a page cost the same whatever the page holds, on both databases.

use crate::explained::text;
use crate::roles::Organisation;
use crate::support::on_each_database;
use roster_domain::Value;
use roster_domain::authz::{
    Actor, Claims, Grant, Policy, Principal, PrincipalState, Role, RoleSet, authorize, rights,
};
use roster_domain::groups::{Group, GroupReads as _};
use roster_domain::objects::Expandable;
use roster_domain::query::Query;
use roster_domain::users::{User, UserReads as _};
use roster_persistence::Session;
use uuid::Uuid;

type Reader = Grant<rights::ReadDirectory>;

impl Organisation {
    fn reader(&self, user: &User, roles: RoleSet) -> Reader {
        let principal = Principal::User(user.id);
        let claims = Claims { tenant: self.tenant, principal, roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil());
        authorize(&actor.unwrap()).unwrap()
    }

    /// Size of a page of so many, and the statements that it and its capabilities took.
    async fn cost<E: Expandable>(
        &self,
        grant: Reader,
        top: usize,
        page: fn(&mut Session<'_>, &Reader, usize) -> Vec<E>,
    ) -> (usize, u64) {
        let read = move |session: &mut Session<'_>| {
            let before = session.statements();
            let page = page(session, &grant, top);
            let told = E::capabilities(session, &grant, &page)?;
            assert_eq!(told.len(), page.len());
            Ok((page.len(), session.statements() - before))
        };
        self.store.read(read).await.unwrap()
    }
}

fn users(session: &mut Session<'_>, grant: &Reader, top: usize) -> Vec<User> {
    let query = Query { top, ..Query::default() };
    session.users(&grant.scope(), &query, None).unwrap().items
}

fn groups(session: &mut Session<'_>, grant: &Reader, top: usize) -> Vec<Group> {
    let query = Query { top, ..Query::default() };
    session.groups(&grant.scope(), &query, None).unwrap().items
}

#[test]
fn capabilities_of_a_page_take_as_many_statements_as_those_of_one_object() {
    on_each_database(|database| async move {
        let contoso = Organisation::found(&database.open(), "contoso.example").await;
        let owner = contoso.person("owner", None).await;
        for at in 0..60 {
            let person = contoso.person(&format!("p{at}"), Some("p@elsewhere.example")).await;
            if at % 3 == 0 {
                contoso.replace(&person.id.to_string(), &[Role::Skype]).await.unwrap();
            }
            let owners = Value::List(vec![text(owner.id.to_string())]);
            contoso.group(&format!("g{at}"), vec![("owners@odata.bind", owners)]).await;
        }
        for roles in [&[][..], &[Role::Password], &[Role::Exchange], &[Role::Global]] {
            let grant = contoso.reader(&owner, roles.iter().copied().collect());
            let one = contoso.cost(grant, 1, users).await;
            let many = contoso.cost(grant, 50, users).await;
            assert_eq!((one.0, many.0), (1, 50));
            assert_eq!((one.1, many.1), (2, 2), "users, to {roles:?}");
            let one = contoso.cost(grant, 1, groups).await;
            let many = contoso.cost(grant, 50, groups).await;
            assert_eq!((one.0, many.0), (1, 50));
            assert_eq!((one.1, many.1), (2, 2), "groups, to {roles:?}");
        }
    });
}
