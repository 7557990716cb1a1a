//! What callers may see.

use super::{ACTOR, actor, grant};
use crate::authz::{Access, Principal, Role, RoleSet};
use crate::clients::ClientId;
use crate::properties::find;
use crate::users::{User, UserId};
use uuid::Uuid;

const OTHER: Uuid = Uuid::from_u128(2);

#[test]
fn members_see_what_is_listed_and_themselves() {
    let scope = grant(RoleSet::default()).scope();
    assert_eq!(scope.access(), Access::Member { own: UserId::new(ACTOR) });
    assert!(scope.shows(true, OTHER) && scope.shows(false, ACTOR) && scope.shows(true, ACTOR));
    assert!(!scope.shows(false, OTHER));
}

#[test]
fn administrators_see_what_is_hidden() {
    for role in Role::ALL {
        let scope = grant(RoleSet::default().with(role)).scope();
        assert_eq!(scope.access(), Access::Full, "{role:?}");
        assert!(scope.shows(false, OTHER) && scope.shows(true, OTHER));
    }
}

#[test]
fn members_read_the_properties_of_members_only() {
    let (member, administrator) =
        (grant(RoleSet::default()), grant(RoleSet::default().with(Role::Global)));
    for name in ["displayName", "jobTitle", "department", "mail"] {
        let property = find::<User>(name).unwrap();
        assert!(member.scope().may_read(property).is_ok(), "{name}");
        assert!(administrator.scope().may_read(property).is_ok(), "{name}");
    }
    for name in ["otherMails", "usageLocation", "accountEnabled"] {
        let property = find::<User>(name).unwrap();
        let refusal = member.scope().may_read(property).unwrap_err().refusal.unwrap();
        assert_eq!((refusal.permission.row(), refusal.target.as_deref()), (Some(1), Some(name)));
        assert_eq!(refusal.granting_roles, RoleSet::ALL, "every role has row 1");
        assert!(administrator.scope().may_read(property).is_ok(), "{name}");
    }
}

#[test]
fn a_person_is_a_user_and_a_client_is_not() {
    let user = Principal::User(UserId::new(ACTOR));
    assert_eq!((user.kind(), user.uuid()), ("user", ACTOR));
    let client = Principal::Client(ClientId::new(OTHER));
    assert_eq!((client.kind(), client.uuid()), ("client", OTHER));
    assert_eq!(actor(RoleSet::default()).user(), Some(UserId::new(ACTOR)));
}
