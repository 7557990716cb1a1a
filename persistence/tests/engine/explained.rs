//! Decisions asked beforehand, against both databases.

mod deleted;
mod groups;

use crate::roles::Organisation;
use crate::support::{Database, on_each_database};
use roster_domain::authz::{
    Actor, Asked, Claims, Grant, Over, Permission, Policy, Principal, PrincipalState, Relation,
    Role, RoleSet, Touched, Verdict, Why, authorize, check,
};
use roster_domain::contacts::{self, NewContact};
use roster_domain::groups::{Link, NewGroup, create as create_group};
use roster_domain::users::{self, Update, User};
use roster_domain::{Kind, Result, Value};
use roster_persistence::Session;
use uuid::Uuid;

const PASSWORD: Touched = Touched { profile: false, password: true, sensitive: true };
const PROFILE: Touched = Touched { profile: true, password: false, sensitive: false };
const BOTH: Touched = Touched { profile: true, password: true, sensitive: true };

pub(crate) fn text(text: impl Into<String>) -> Value<'static> {
    Value::Text(text.into().into())
}

fn list(ids: &[&User]) -> Value<'static> {
    Value::List(ids.iter().map(|user| text(user.id.to_string())).collect())
}

impl Organisation {
    async fn holder(&self, name: &str, roles: &[Role]) -> User {
        let user = self.person(name, Some("somebody@elsewhere.example")).await;
        self.replace(&user.id.to_string(), roles).await.unwrap();
        user
    }

    pub(crate) async fn group(
        &self,
        name: &str,
        more: Vec<(&'static str, Value<'static>)>,
    ) -> String {
        let mut members = vec![
            ("displayName".into(), text(name)),
            ("mailNickname".into(), text(name)),
            ("mailEnabled".into(), Value::Bool(true)),
            ("securityEnabled".into(), Value::Bool(false)),
        ];
        members.extend(more.into_iter().map(|(name, value)| (name.into(), value)));
        let (grant, new) = (self.grant(), NewGroup::read(Value::Object(members)));
        let create = move |session: &mut Session<'_>| create_group(session, &grant, &new);
        self.write(self.store.inputs().unwrap(), create).await.unwrap().id.to_string()
    }

    async fn contact(&self) -> String {
        let body = vec![
            ("displayName".into(), text("Outside")),
            ("mail".into(), text("outside@elsewhere.example")),
        ];
        let (grant, new) = (self.grant(), NewContact::read(Value::Object(body)));
        let create = move |session: &mut Session<'_>| contacts::create(session, &grant, &new);
        self.write(self.store.inputs().unwrap(), create).await.unwrap().contact.id.to_string()
    }

    /// Sets a property of a user to false.
    async fn unset(&self, user: &User, property: &'static str) {
        let update = Update::read(Value::Object(vec![(property.into(), Value::Bool(false))]));
        let (grant, key) = (self.grant(), user.id.to_string());
        let work = move |session: &mut Session<'_>| {
            users::update(session, &grant, &key, &update, None, None).map(|_| ())
        };
        self.write(self.store.inputs().unwrap(), work).await.unwrap();
    }

    /// What somebody with these roles is answered.
    async fn ask(&self, caller: &User, roles: &[Role], asked: Asked) -> Result<Verdict> {
        let roles: RoleSet = roles.iter().copied().collect();
        let principal = Principal::User(caller.id);
        let claims = Claims { tenant: self.tenant, principal, roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap();
        let grant: Grant<_> = authorize(&actor).unwrap();
        let now = self.store.inputs().unwrap().now;
        self.store.read(move |session| check(session, &grant, &asked, now)).await
    }
}

/// A question about row 6.
fn about(over: Over, target: &str) -> Asked {
    Asked {
        any_of: vec![Permission::ManageUsersAndGroups],
        over,
        target: Some(target.to_owned()),
        ..Asked::default()
    }
}

fn kind(answer: Result<Verdict>) -> Kind {
    answer.unwrap_err().kind
}

async fn contoso(database: &Database) -> Organisation {
    Organisation::found(&database.open(), "contoso.example").await
}

#[test]
fn who_is_asked_about_is_the_caller_or_with_row_5_anyone() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let (jan, eva) =
            (contoso.holder("jan", &[Role::User]).await, contoso.person("eva", None).await);
        let question = |actor: Option<String>| Asked {
            actor,
            any_of: vec![Permission::ManageUsersAndGroups],
            ..Asked::default()
        };
        let about_jan = || question(Some(jan.id.to_string()));
        let global = contoso.founder.clone();
        for (caller, roles, actor, allowed) in [
            (&jan, &[Role::User][..], None, true),
            (&eva, &[], None, false),
            (&eva, &[], Some(eva.id.to_string()), false),
            (&global, &[Role::Global], Some(jan.id.to_string()), true),
            (&global, &[Role::Global], Some("jan@contoso.example".to_owned()), true),
            (&global, &[Role::Global], Some(eva.id.to_string()), false),
            (&global, &[Role::Global], Some(contoso.client.to_string()), true),
        ] {
            let verdict = contoso.ask(caller, roles, question(actor.clone())).await.unwrap();
            assert_eq!(
                (verdict.allowed, verdict.why),
                (Some(allowed), Why::Permission),
                "{actor:?}"
            );
        }
        assert_eq!(kind(contoso.ask(&eva, &[], about_jan()).await), Kind::Forbidden);
        let nobody = question(Some(Uuid::now_v7().to_string()));
        assert_eq!(kind(contoso.ask(&global, &[Role::Global], nobody).await), Kind::NotFound);
        contoso.unset(&jan, "accountEnabled").await;
        let verdict = contoso.ask(&global, &[Role::Global], about_jan()).await.unwrap();
        assert_eq!((verdict.allowed, verdict.why), (Some(false), Why::Blocked));
    });
}

#[test]
fn what_is_done_to_a_user_is_limited_by_the_roles_of_the_user() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let plain = contoso.person("plain", None).await.id.to_string();
        let exchange = contoso.holder("mail", &[Role::Exchange]).await.id.to_string();
        let global = contoso.founder.id.to_string();
        let user = contoso.holder("user", &[Role::User]).await;
        let row_3 = Permission::ResetUserPasswords;
        let row_6 = Permission::ManageUsersAndGroups;
        for (over, target, allowed, permission) in [
            (Over::Change(PASSWORD), &plain, true, row_3),
            (Over::Change(PASSWORD), &exchange, false, row_3),
            (Over::Change(PROFILE), &plain, true, row_6),
            (Over::Change(BOTH), &plain, true, row_6),
            (Over::Change(PROFILE), &exchange, true, row_6),
            (Over::Delete, &plain, true, row_6),
            (Over::Delete, &global, false, row_6),
            (Over::SeeRoles, &exchange, true, Permission::ViewUsersAndRoles),
            (Over::DeleteAny, &plain, true, row_6),
            (Over::DeleteAny, &global, false, row_6),
            (Over::Nothing, &global, true, row_6),
        ] {
            let verdict = contoso.ask(&user, &[Role::User], about(over, target)).await.unwrap();
            let told = (verdict.allowed, verdict.permission);
            assert_eq!(told, (Some(allowed), permission), "{over:?} {target}");
        }
        // Footnotes of the cells, and who would be without them.
        let reset =
            |target| contoso.ask(&user, &[Role::User], about(Over::Change(PASSWORD), target));
        let (allowed, refused) = (reset(&plain).await.unwrap(), reset(&exchange).await.unwrap());
        assert!(allowed.limit.is_some() && allowed.limit == refused.limit, "{allowed:?}");
        assert_eq!(refused.granting_roles.keys(), ["global"]);
        let nobody = Uuid::now_v7().to_string();
        let verdict = contoso.ask(&user, &[Role::User], about(Over::Nothing, &nobody)).await;
        assert_eq!(kind(verdict), Kind::NotFound, "it is looked for once the right is proved");
        let refused = contoso.ask(&user, &[], about(Over::Nothing, &nobody)).await;
        assert_eq!(refused.unwrap().allowed, Some(false));
        let verdict = contoso.ask(&user, &[Role::User], about(Over::Delete, &nobody)).await;
        assert_eq!(kind(verdict), Kind::NotFound);
    });
}

#[test]
fn who_may_not_see_roles_learns_none_from_an_answer() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let plain = contoso.person("plain", None).await.id.to_string();
        let password = contoso.holder("password", &[Role::Password]).await;
        let reset = |target: &str| Asked {
            any_of: vec![Permission::ResetUserPasswords],
            ..about(Over::Change(PASSWORD), target)
        };
        let roles = [Role::Password];
        for target in [&plain, &contoso.founder.id.to_string()] {
            let verdict = contoso.ask(&password, &roles, reset(target)).await.unwrap();
            let told = (verdict.allowed, verdict.why, verdict.permission);
            assert_eq!(told, (None, Why::HiddenRoles, Permission::ResetUserPasswords));
            let seen =
                Asked { any_of: vec![Permission::ReadDirectory], ..about(Over::SeeRoles, target) };
            assert_eq!(contoso.ask(&password, &roles, seen).await.unwrap().allowed, Some(false));
        }
        let own = password.id.to_string();
        let verdict = contoso.ask(&password, &roles, reset(&own)).await.unwrap();
        assert_eq!(verdict.allowed, Some(false), "an administrator, and known to be one");
        let seen = Asked { any_of: vec![Permission::ReadDirectory], ..about(Over::SeeRoles, &own) };
        assert_eq!(contoso.ask(&password, &roles, seen).await.unwrap().allowed, Some(true));
    });
}

#[test]
fn what_is_done_to_a_group_depends_on_what_the_actor_is_to_it() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let owner = contoso.person("owner", None).await;
        let member = contoso.person("member", None).await;
        let other = contoso.person("other", None).await;
        let team = contoso
            .group(
                "team",
                vec![
                    ("visibility", text("HiddenMembership")),
                    ("memberDepartRestriction", text("Open")),
                    ("owners@odata.bind", list(&[&owner])),
                    ("members@odata.bind", list(&[&member])),
                ],
            )
            .await;
        // Whoever joins sees the members: only a group that shows them is open to all.
        let open =
            vec![("memberJoinRestriction", text("Open")), ("owners@odata.bind", list(&[&owner]))];
        let club = contoso.group("club", open).await;
        let related = |relation| (Some(true), Why::Relation(relation));
        let refused = (Some(false), Why::Permission);
        let of = |over, group: &String, user: &User| Asked {
            object: Some(user.id.to_string()),
            ..about(over, group)
        };
        let (see, edit) = (about(Over::SeeMembers, &team), about(Over::Edit, &team));
        let delete = about(Over::DeleteAny, &team);
        let (join, leave) = (Over::Link(Link::Member), Over::Unlink(Link::Member));
        for (caller, asked, expected) in [
            (&owner, see.clone(), related(Relation::Owner)),
            (&member, see.clone(), related(Relation::Member)),
            (&other, see.clone(), refused),
            (&owner, edit.clone(), related(Relation::Owner)),
            (&member, edit.clone(), refused),
            (&owner, delete.clone(), related(Relation::Owner)),
            (&member, delete.clone(), refused),
            (&other, of(join, &club, &other), related(Relation::Oneself)),
            (&other, of(join, &club, &contoso.founder), refused),
            (&member, of(leave, &team, &member), related(Relation::Oneself)),
            (&member, of(leave, &team, &owner), refused),
        ] {
            let verdict = contoso.ask(caller, &[], asked.clone()).await.unwrap();
            assert_eq!((verdict.allowed, verdict.why), expected, "{asked:?}");
        }
        for asked in [see, edit, delete, of(join, &club, &other)] {
            let verdict = contoso.ask(&contoso.founder, &[Role::Global], asked).await.unwrap();
            assert_eq!((verdict.allowed, verdict.why), (Some(true), Why::Permission));
        }
    });
}

#[test]
fn contacts_are_deleted_by_who_manages_contacts() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let (contact, eva) = (contoso.contact().await, contoso.person("eva", None).await);
        for (role, allowed) in [
            (Role::Global, true),
            (Role::Exchange, true),
            (Role::User, false),
            (Role::Password, false),
        ] {
            let asked = about(Over::DeleteAny, &contact);
            let verdict = contoso.ask(&eva, &[role], asked).await.unwrap();
            let told = (verdict.allowed, verdict.permission);
            assert_eq!(told, (Some(allowed), Permission::ManageContacts), "{role:?}");
        }
    });
}
