//! The rules of roles, against both databases.

use crate::support::{Database, on_each_database, tenant};
use roster_domain::authz::{
    Actor, Claims, Grant, Policy, Principal, PrincipalState, Right, Role, RoleSet, authorize,
    rights,
};
use roster_domain::clients::ClientId;
use roster_domain::id::TenantId;
use roster_domain::organisations::{self, FirstAdministrator, Founding, Purchase, PurchaseChannel};
use roster_domain::roles::{self, Assign, HolderKind, RoleReads as _};
use roster_domain::users::{self, NewUser, User, UserReads as _};
use roster_domain::{Error, Result, Value};
use roster_persistence::{Inputs, Lane, Session, Store};
use uuid::Uuid;

/// An organisation with its first administrator.
pub(crate) struct Organisation {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) founder: User,
    pub(crate) client: ClientId,
    pub(crate) domain: &'static str,
}

impl Organisation {
    pub(crate) async fn found(store: &Store, domain: &'static str) -> Self {
        let tenant = tenant(store).await;
        let client = ClientId::new(Uuid::now_v7());
        let founding = Founding {
            display_name: domain.to_owned(),
            initial_domain: domain.to_owned(),
            administrator: FirstAdministrator {
                alias: "admin".to_owned(),
                password_hash: "hash".to_owned(),
            },
            client_id: client,
            client_secret_hash: "hash".to_owned(),
        };
        let found = move |session: &mut Session<'_>| organisations::found(session, &founding);
        let inputs = store.inputs().unwrap();
        let founder = store.write(Lane::Interactive, tenant, inputs, found).await;
        let founder = founder.unwrap().unwrap();
        Self { store: store.clone(), tenant, founder, client, domain }
    }

    /// A right of the founder.
    pub(crate) fn grant<P: Right>(&self) -> Grant<P> {
        let principal = Principal::User(self.founder.id);
        let roles = RoleSet::EMPTY.with(Role::Global);
        let claims = Claims { tenant: self.tenant, principal, roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil());
        authorize(&actor.unwrap()).unwrap()
    }

    pub(crate) async fn write<T, F>(&self, inputs: Inputs, work: F) -> Result<T>
    where
        F: FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.store.write(Lane::Interactive, self.tenant, inputs, work).await
    }

    pub(crate) async fn person(&self, name: &str, alternate: Option<&str>) -> User {
        let grant = self.grant();
        let new = NewUser::read(body(name, self.domain, alternate));
        let create = move |session: &mut Session<'_>| users::create(session, &grant, &new, "hash");
        self.write(self.store.inputs().unwrap(), create).await.unwrap().user
    }

    pub(crate) async fn replace(&self, key: &str, wanted: &[Role]) -> Result<Vec<&'static str>> {
        let (grant, key) = (self.grant(), key.to_owned());
        let wanted: RoleSet = wanted.iter().copied().collect();
        let set = move |session: &mut Session<'_>| roles::replace(session, &grant, &key, wanted);
        let replaced = self.write(self.store.inputs().unwrap(), set).await?;
        Ok(replaced.warnings.iter().map(|warning| warning.code).collect())
    }

    async fn assign(&self, principal: Uuid, role: Role) -> Result<Vec<&'static str>> {
        let grant = self.grant();
        let request = Assign { principal, role };
        let assign = move |session: &mut Session<'_>| roles::assign(session, &grant, request);
        let assigned = self.write(self.store.inputs().unwrap(), assign).await?;
        Ok(assigned.warnings.iter().map(|warning| warning.code).collect())
    }

    async fn revoke(&self, principal: Uuid, role: Role) -> Result<()> {
        let grant = self.grant();
        let request = Assign { principal, role };
        let revoke = move |session: &mut Session<'_>| roles::revoke_from(session, &grant, request);
        self.write(self.store.inputs().unwrap(), revoke).await
    }

    async fn roles_of(&self, user: &User) -> Vec<Role> {
        let (tenant, id) = (self.tenant, user.id.uuid());
        let read = move |session: &mut Session<'_>| session.roles_of(tenant, id);
        self.store.read(read).await.unwrap().iter().collect()
    }
}

/// The body of a new user.
pub(crate) fn body(name: &str, domain: &str, alternate: Option<&str>) -> Value<'static> {
    let text = |text: String| Value::Text(text.into());
    let mut members = vec![
        ("displayName".into(), text(name.to_owned())),
        ("userPrincipalName".into(), text(format!("{name}@{domain}"))),
        ("passwordProfile".into(), Value::Null),
    ];
    if let Some(alternate) = alternate {
        members.push(("otherMails".into(), Value::List(vec![text(alternate.to_owned())])));
    }
    Value::Object(members)
}

async fn contoso(database: &Database) -> Organisation {
    Organisation::found(&database.open(), "contoso.example").await
}

const OUTSIDE: Option<&str> = Some("anna@elsewhere.example");

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    let error = result.unwrap_err();
    error.violations.first().map_or(error.code, |violation| violation.code)
}

#[test]
fn the_last_global_administrator_keeps_the_role_whichever_way_it_is_taken_and_so_does_the_caller() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let founder = contoso.founder.id.uuid();
        assert_eq!(code(contoso.revoke(founder, Role::Global).await), "LastGlobalAdministrator");
        let key = contoso.founder.id.to_string();
        assert_eq!(code(contoso.replace(&key, &[]).await), "LastGlobalAdministrator");
        let anna = contoso.person("anna", OUTSIDE).await;
        contoso.assign(anna.id.uuid(), Role::Global).await.unwrap();
        assert_eq!(code(contoso.revoke(founder, Role::Global).await), "OwnGlobalAdministrator");
        assert_eq!(code(contoso.replace(&key, &[]).await), "OwnGlobalAdministrator");
        contoso.revoke(anna.id.uuid(), Role::Global).await.unwrap();
        assert_eq!(code(contoso.revoke(founder, Role::Global).await), "LastGlobalAdministrator");
    });
}

#[test]
fn the_service_role_stands_beside_a_service_and_leaves_with_it_in_one_call() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let anna = contoso.person("anna", OUTSIDE).await;
        let (id, key) = (anna.id.uuid(), anna.id.to_string());
        assert_eq!(code(contoso.assign(id, Role::Service).await), "ServiceRolePrerequisite");
        contoso.assign(id, Role::Exchange).await.unwrap();
        contoso.assign(id, Role::Service).await.unwrap();
        assert_eq!(code(contoso.revoke(id, Role::Exchange).await), "ServiceRolePrerequisite");
        contoso.replace(&key, &[Role::Service]).await.unwrap();
        assert_eq!(contoso.roles_of(&anna).await, [Role::Service, Role::Exchange], "kept");
        let berta = contoso.person("berta", OUTSIDE).await.id.to_string();
        assert_eq!(
            code(contoso.replace(&berta, &[Role::Service]).await),
            "ServiceRolePrerequisite"
        );
        contoso.replace(&key, &[Role::Skype, Role::Service]).await.unwrap();
        assert_eq!(contoso.roles_of(&anna).await, [Role::Service, Role::Skype]);
        contoso.replace(&key, &[]).await.unwrap();
        assert_eq!(contoso.roles_of(&anna).await, []);
    });
}

#[test]
fn a_role_needs_an_alternate_address_outside_the_organisation() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let without = contoso.person("without", None).await.id;
        let inside = contoso.person("inside", Some("x@contoso.example")).await.id;
        assert_eq!(code(contoso.assign(without.uuid(), Role::Skype).await), "MissingProperty");
        assert_eq!(
            code(contoso.replace(&inside.to_string(), &[Role::Skype]).await),
            "InvalidValue"
        );
        assert_eq!(contoso.replace(&inside.to_string(), &[]).await.unwrap(), [""; 0]);
    });
}

#[test]
fn the_fifth_global_administrator_is_warned_about() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        for name in ["second", "third", "fourth"] {
            let id = contoso.person(name, OUTSIDE).await.id.uuid();
            assert_eq!(contoso.assign(id, Role::Global).await.unwrap(), [""; 0], "{name}");
        }
        let fifth = contoso.person("fifth", OUTSIDE).await.id.uuid();
        let warnings = contoso.assign(fifth, Role::Global).await.unwrap();
        assert_eq!(warnings, ["ManyGlobalAdministrators"]);
    });
}

#[test]
fn billing_administrators_exist_only_where_the_subscription_was_bought_directly() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let anna = contoso.person("anna", OUTSIDE).await.id;
        for channel in [PurchaseChannel::Reseller, PurchaseChannel::None] {
            let purchase = Purchase { channel, seller: None };
            let set = move |s: &mut Session<'_>| organisations::set_purchase(s, &purchase);
            contoso.write(contoso.store.inputs().unwrap(), set).await.unwrap();
            let refused = contoso.assign(anna.uuid(), Role::Billing).await;
            assert_eq!(code(refused), "BillingRoleUnavailable");
            let refused = contoso.replace(&anna.to_string(), &[Role::Billing]).await;
            assert_eq!(code(refused), "BillingRoleUnavailable");
        }
        let set = |s: &mut Session<'_>| organisations::set_purchase(s, &Purchase::default());
        contoso.write(contoso.store.inputs().unwrap(), set).await.unwrap();
        contoso.assign(anna.uuid(), Role::Billing).await.unwrap();
    });
}

#[test]
fn holders_are_listed_once_in_the_order_of_their_ids_a_page_at_a_time() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let anna = contoso.person("anna", OUTSIDE).await.id;
        contoso.replace(&anna.to_string(), &[Role::Global, Role::Exchange]).await.unwrap();
        let (tenant, grant) = (contoso.tenant, contoso.grant::<rights::ReadDirectory>());
        let read = move |session: &mut Session<'_>| {
            let all = session.role_holders(tenant, None, None, 10)?;
            let first = session.role_holders(tenant, None, None, 1)?;
            let rest = session.role_holders(tenant, None, Some(first[0].0), 10)?;
            let exchange = session.role_holders(tenant, Some(Role::Exchange), None, 10)?;
            let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
            let roles = session.roles_of_all(tenant, &ids)?;
            let users: Vec<_> = ids.iter().map(|id| users::UserId::new(*id)).collect();
            let users = session.users_by_id(&grant.scope(), &users)?;
            Ok((all, first, rest, exchange, roles, users))
        };
        let (all, first, rest, exchange, roles, users) = contoso.store.read(read).await.unwrap();
        assert_eq!(all.len(), 3);
        assert!(all.is_sorted_by_key(|(id, _)| *id));
        assert_eq!([first, rest].concat(), all);
        assert_eq!(exchange, [(anna.uuid(), HolderKind::User)]);
        let both: RoleSet = [Role::Exchange, Role::Global].into_iter().collect();
        assert_eq!(roles[&anna.uuid()], both);
        assert_eq!(users.len(), 2, "the third is a client");
    });
}
