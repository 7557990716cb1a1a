//! The limits of the matrix on what is done to somebody.

use super::{ACTOR, actor, grant};
use crate::authz::{
    Actor, Capabilities, Claims, Grant, Permission, Policy, Principal, PrincipalState, Relation,
    Role, RoleSet, Touched, Verdict, Why, authorize, keeps_global_administrator, rights,
};
use crate::clients::ClientId;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::language::{Language, Words};
use crate::properties::find;
use crate::users::User;
use uuid::Uuid;

const NOBODY: RoleSet = RoleSet::EMPTY;
const EXCHANGE: RoleSet = RoleSet::EMPTY.with(Role::Exchange);
const USER: RoleSet = RoleSet::EMPTY.with(Role::User);
const PASSWORD: RoleSet = RoleSet::EMPTY.with(Role::Password);
const GLOBAL: RoleSet = RoleSet::EMPTY.with(Role::Global);
const OTHER: Uuid = Uuid::from_u128(2);

/// The limit of a refusal; none if it is allowed, and an empty one if nothing is held.
fn limit(decision: Result<()>) -> Option<&'static str> {
    let limit = |error: Error| error.refusal.unwrap().limit.map_or("", |words| words.english);
    decision.err().map(limit)
}

#[test]
fn passwords_of_administrators_are_reset_by_global_administrators_only() {
    let only = Some("Only for people who hold no administrator role.");
    for (roles, target, expected) in [
        (GLOBAL, NOBODY, None),
        (GLOBAL, GLOBAL, None),
        (USER, NOBODY, None),
        (PASSWORD, NOBODY, None),
        (USER, EXCHANGE, only),
        (PASSWORD, PASSWORD, only),
        (EXCHANGE, NOBODY, Some("")),
        (NOBODY, NOBODY, Some("")),
    ] {
        let decision = grant(roles).may_reset_password_of(target, "x");
        assert_eq!(limit(decision), expected, "{roles:?} {target:?}");
    }
}

#[test]
fn global_administrators_are_deleted_by_their_like_only() {
    let limited =
        Some("Cannot delete a global administrator and cannot create other administrators.");
    for (roles, target, expected) in [
        (GLOBAL, GLOBAL, None),
        (USER, NOBODY, None),
        (USER, EXCHANGE, None),
        (USER, GLOBAL, limited),
        (PASSWORD, NOBODY, Some("")),
    ] {
        let decision = grant(roles).may_delete(target, "x");
        assert_eq!(limit(decision), expected, "{roles:?} {target:?}");
    }
}

#[test]
fn what_could_take_an_administrator_over_needs_the_right_to_its_password() {
    let touched = |profile, password, sensitive| Touched { profile, password, sensitive };
    for (roles, target, touched, allowed) in [
        (USER, EXCHANGE, touched(true, false, false), true),
        (USER, EXCHANGE, touched(true, false, true), false),
        (USER, NOBODY, touched(true, false, true), true),
        (USER, NOBODY, touched(true, true, true), true),
        (USER, EXCHANGE, touched(false, true, false), false),
        (PASSWORD, NOBODY, touched(false, true, false), true),
        (PASSWORD, NOBODY, touched(true, false, false), false),
        (EXCHANGE, NOBODY, touched(false, false, true), true),
        (GLOBAL, GLOBAL, touched(true, true, true), true),
    ] {
        let decision = grant(roles).may_change_user(OTHER, target, touched, "x");
        assert_eq!(decision.is_ok(), allowed, "{roles:?} {target:?} {touched:?}");
    }
    for (name, sensitive) in [
        ("mail", true),
        ("proxyAddresses", true),
        ("otherMails", true),
        ("mobilePhone", true),
        ("userPrincipalName", true),
        ("displayName", false),
        ("department", false),
    ] {
        assert_eq!(Touched::is_sensitive(find::<User>(name).unwrap()), sensitive, "{name}");
    }
}

#[test]
fn capabilities_tell_no_roles_that_are_hidden() {
    let over = |roles, target| grant(roles).capabilities_over(OTHER, target);
    let plain = over(USER, NOBODY);
    assert_eq!((plain.can_update, plain.can_delete), (Some(true), Some(true)));
    assert_eq!(plain.can_reset_password, Some(true));
    assert_eq!((plain.can_assign_license, plain.can_assign_roles), (Some(true), Some(false)));
    let admin = over(USER, GLOBAL);
    assert_eq!((admin.can_update, admin.can_delete), (Some(true), Some(false)));
    assert_eq!(admin.can_reset_password, Some(false));
    let hidden = Capabilities {
        can_update: Some(false),
        can_delete: Some(false),
        can_reset_password: None,
        can_assign_license: Some(false),
        can_assign_roles: Some(false),
    };
    assert_eq!((over(PASSWORD, NOBODY), over(PASSWORD, GLOBAL)), (hidden, hidden));
    let own = grant(PASSWORD).capabilities_over(ACTOR, PASSWORD);
    assert_eq!(own.can_reset_password, Some(false));
}

#[test]
fn the_last_global_administrator_is_kept() {
    assert!(keeps_global_administrator(1, OTHER).is_ok());
    let refused = keeps_global_administrator(0, OTHER).unwrap_err();
    assert_eq!(refused.code, "LastGlobalAdministrator");
}

#[test]
fn a_client_reads_the_directory_by_its_roles_alone() {
    let client = |roles| {
        let principal = Principal::Client(ClientId::new(OTHER));
        let claims = Claims { principal, roles, ..actor(roles).claims() };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap()
    };
    assert!(authorize::<rights::ReadDirectory>(&client(NOBODY)).is_err());
    for role in Role::ALL {
        let actor = client(NOBODY.with(role));
        let grant: Grant<rights::ReadDirectory> = authorize(&actor).unwrap();
        assert_eq!(grant.actor().user(), None, "{role:?}");
    }
}

#[test]
fn one_of_several_permissions_is_proved_over_a_target_that_the_refusal_names() {
    let any_of = [Permission::ManageUsersAndGroups, Permission::ManageRecipients];
    let proved = grant(EXCHANGE).prove(&any_of, None).unwrap();
    assert_eq!(proved, Permission::ManageRecipients);
    let refused = grant(NOBODY).prove(&any_of, Some("bakers".to_owned())).unwrap_err();
    assert_eq!(refused.refusal.unwrap().target.as_deref(), Some("bakers"));
}

#[test]
fn settings_and_language_go_with_the_actor() {
    let beside: Vec<_> = Policy::default().beside().collect();
    assert_eq!(beside, Permission::BESIDE);
    let beside: Vec<_> = Policy { manage_recipients: false }.beside().collect();
    assert_eq!(beside, [Permission::ManageContacts]);
    assert_eq!(actor(NOBODY).language(), Language::English);
    assert_eq!(actor(NOBODY).speaking(Language::Dutch).language(), Language::Dutch);
}

#[test]
fn a_scope_and_a_grant_hold_in_the_organisation_of_the_token() {
    let (tenant, request) = (TenantId::new(Uuid::from_u128(7)), Uuid::from_u128(8));
    let claims = Claims { tenant, ..actor(NOBODY).claims() };
    let state = PrincipalState { enabled: true, roles: NOBODY, epoch: 0 };
    let policy = Policy { manage_recipients: false };
    let actor = Actor::signed_in(claims, Some(state), policy, request).unwrap();
    let actor = actor.speaking(Language::Dutch);
    let grant: Grant<rights::ReadDirectory> = authorize(&actor).unwrap();
    assert_eq!((actor.tenant(), grant.tenant(), grant.scope().tenant()), (tenant, tenant, tenant));
    assert_eq!((grant.actor().request(), grant.scope().policy()), (request, policy));
    assert_eq!(grant.scope().language(), Language::Dutch);
}

#[test]
fn a_role_is_taken_from_a_set_and_the_others_stay() {
    assert_eq!(USER.with(Role::Exchange).without(Role::User), EXCHANGE);
    assert_eq!(EXCHANGE.without(Role::User), EXCHANGE);
}

#[test]
fn roles_are_listed_and_read_back() {
    let listed = Vec::from(USER.with(Role::Exchange));
    assert_eq!(listed.len(), 2);
    assert_eq!(RoleSet::from(listed), USER.with(Role::Exchange));
    assert!(format!("{:?}", grant(USER)).starts_with("Grant { actor"));
}

#[test]
fn a_verdict_says_why() {
    let verdict = Verdict {
        allowed: Some(true),
        why: Why::Permission,
        permission: Permission::ResetUserPasswords,
        limit: None,
        granting_roles: GLOBAL.with(Role::User),
    };
    let limit = Some(Words::new("Not for all.", "Niet voor allen."));
    let refused = Verdict { allowed: Some(false), ..verdict.clone() };
    for (verdict, english, dutch) in [
        (
            verdict.clone(),
            "Allowed by row 3, Reset user passwords.",
            "Toegestaan door rij 3, Gebruikerswachtwoorden opnieuw instellen.",
        ),
        (
            refused.clone(),
            "Refused, for want of row 3, Reset user passwords. Roles that grant it: \
             Global Administrator, User Management Administrator.",
            "Geweigerd, want dit ontbreekt: rij 3, Gebruikerswachtwoorden opnieuw instellen. \
             Rollen die het toestaan: Hoofdbeheerder, Beheerder \
             gebruikerstoegang.",
        ),
        (
            Verdict { limit, ..refused.clone() },
            "Refused by the limit of row 3, Reset user passwords. Not for all. Roles that grant \
             it: Global Administrator, User Management Administrator.",
            "Geweigerd door de beperking van rij 3, Gebruikerswachtwoorden opnieuw instellen. \
             Niet voor allen. Rollen die het toestaan: Hoofdbeheerder, Beheerder \
             gebruikerstoegang.",
        ),
        (
            Verdict { why: Why::Blocked, ..refused },
            "Refused: the account is blocked.",
            "Geweigerd: het account is geblokkeerd.",
        ),
        (
            Verdict { allowed: None, why: Why::HiddenRoles, limit, ..verdict.clone() },
            "Depends on roles of the person that you may not see, by row 3, Reset user passwords. \
             Not for all.",
            "Hangt af van rollen van de persoon die u niet mag zien, door rij 3, \
             Gebruikerswachtwoorden opnieuw instellen. Niet voor allen.",
        ),
        (
            Verdict { why: Why::Relation(Relation::Owner), ..verdict },
            "Allowed as an owner of the group.",
            "Toegestaan als eigenaar van de groep.",
        ),
    ] {
        assert_eq!(verdict.message(Language::English), english);
        assert_eq!(verdict.message(Language::Dutch), dutch);
    }
    let keys = [Relation::Owner, Relation::Oneself, Relation::Member].map(Relation::key);
    assert_eq!(keys, ["owner", "oneself", "member"]);
}
