//! Who creates groups, and who decides on requests to join them.

use super::{about, contoso, kind, list, text};
use crate::roles::Organisation;
use crate::support::on_each_database;
use roster_domain::Kind;
use roster_domain::authz::{
    Actor, Asked, Claims, Grant, Over, Permission, Policy, Principal, PrincipalState, Relation,
    Role, RoleSet, Why, authorize, rights,
};
use roster_domain::groups::GroupKind;
use roster_domain::join_requests::{self, NewJoinRequest};
use roster_domain::users::User;
use roster_persistence::Session;
use uuid::Uuid;

impl Organisation {
    /// Lets a member ask to join a group; returns the id of the request.
    async fn ask_to_join(&self, user: &User, group: &str) -> String {
        let (principal, roles) = (Principal::User(user.id), RoleSet::EMPTY);
        let claims = Claims { tenant: self.tenant, principal, roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap();
        let grant: Grant<rights::UseGroups> = authorize(&actor).unwrap();
        let (key, new) = (group.to_owned(), NewJoinRequest::default());
        let work = move |session: &mut Session<'_>| join_requests::ask(session, &grant, &key, &new);
        self.write(self.store.inputs().unwrap(), work).await.unwrap().id.to_string()
    }
}

#[test]
fn who_may_create_a_group_depends_on_its_kind() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let eva = contoso.person("eva", None).await;
        let (member, exchange, user) = (&[][..], &[Role::Exchange][..], &[Role::User][..]);
        let (distribution, team) = (GroupKind::Distribution, GroupKind::Microsoft365);
        for (roles, kind, expected) in [
            (member, None, (Some(false), Why::Permission)),
            (exchange, None, (None, Why::Kind)),
            (user, None, (Some(true), Why::Permission)),
            (member, Some(distribution), (Some(false), Why::Permission)),
            (exchange, Some(distribution), (Some(true), Why::Permission)),
            (exchange, Some(team), (Some(false), Why::Permission)),
            (user, Some(team), (Some(true), Why::Permission)),
        ] {
            let any_of = vec![Permission::ManageUsersAndGroups, Permission::ManageRecipients];
            let asked = Asked { any_of, over: Over::Create(kind), ..Asked::default() };
            let verdict = contoso.ask(&eva, roles, asked).await.unwrap();
            assert_eq!((verdict.allowed, verdict.why), expected, "{roles:?} {kind:?}");
        }
    });
}

#[test]
fn requests_to_join_are_decided_by_owners_and_withdrawn_by_who_asked() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let owner = contoso.person("owner", None).await;
        let eva = contoso.person("eva", None).await;
        let other = contoso.person("other", None).await;
        let more = vec![
            ("memberJoinRestriction", text("ApprovalRequired")),
            ("owners@odata.bind", list(&[&owner])),
        ];
        let team = contoso.group("team", more).await;
        let request = contoso.ask_to_join(&eva, &team).await;
        let of =
            |over, object: Option<&String>| Asked { object: object.cloned(), ..about(over, &team) };
        let (named, nobody) = (Some(&request), Uuid::now_v7().to_string());
        let (allowed, refused) = (Some(true), (Some(false), Why::Permission));
        let oneself = (allowed, Why::Relation(Relation::Oneself));
        let owns = (allowed, Why::Relation(Relation::Owner));
        for (caller, over, object, expected) in [
            (&eva, Over::Withdraw, None, oneself),
            (&eva, Over::Withdraw, named, oneself),
            (&eva, Over::Decide, named, refused),
            (&other, Over::Withdraw, None, refused),
            (&other, Over::Withdraw, named, refused),
            (&owner, Over::Decide, None, owns),
            (&owner, Over::Decide, named, owns),
            (&owner, Over::Withdraw, named, owns),
        ] {
            let verdict = contoso.ask(caller, &[], of(over, object)).await.unwrap();
            assert_eq!((verdict.allowed, verdict.why), expected, "{over:?} {object:?}");
        }
        for over in [Over::Decide, Over::Withdraw] {
            let answer = contoso.ask(&owner, &[], of(over, Some(&nobody))).await;
            assert_eq!(kind(answer), Kind::NotFound, "{over:?}");
        }
    });
}

#[test]
fn what_depends_on_no_group_is_not_limited_by_one() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let (eva, team) =
            (contoso.person("eva", None).await, contoso.group("team", Vec::new()).await);
        let asked =
            Asked { any_of: vec![Permission::ReadDirectory], ..about(Over::SeeRoles, &team) };
        let verdict = contoso.ask(&eva, &[], asked).await.unwrap();
        assert_eq!(verdict.allowed, Some(true), "a group holds no roles that it would show");
    });
}
