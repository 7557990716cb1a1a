//! Laws that hold for every set of roles.

use super::{ACTOR, actor, grant};
use crate::authz::needs::{Need, explain};
use crate::authz::{
    Actor, Cell, Claims, Permission, Policy, Principal, PrincipalState, Role, RoleSet, Touched,
    rights,
};
use crate::clients::ClientId;
use crate::error::Refusal;
use crate::groups::GroupKind;
use crate::groups::access::managing;
use crate::id::TenantId;
use proptest::prelude::*;
use uuid::Uuid;

const OTHER: Uuid = Uuid::from_u128(2);

/// What one of these permissions lets an actor do.
fn prove(actor: &Actor, any_of: &[Permission]) -> Result<Permission, Refusal> {
    explain(actor, &[Need::AnyOf(any_of)])
}

/// All 256 sets of roles.
fn sets() -> impl Iterator<Item = RoleSet> {
    (0_u32..256).map(|bits| {
        let held = Role::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
        held.map(|(_, role)| role).collect()
    })
}

const TOUCHED: [Touched; 4] = [
    Touched { profile: true, password: false, sensitive: false },
    Touched { profile: true, password: false, sensitive: true },
    Touched { profile: false, password: true, sensitive: false },
    Touched { profile: true, password: true, sensitive: true },
];

/// Every decision over a target, as a row of answers.
fn decisions(roles: RoleSet, target: RoleSet) -> Vec<bool> {
    let grant = grant(roles);
    let changes = TOUCHED.iter().map(|t| grant.may_change_user(OTHER, target, *t, "x").is_ok());
    let others = [
        grant.may_delete(target, "x").is_ok(),
        grant.may_reset_password_of(target, "x").is_ok(),
        grant.may_make(target).is_ok(),
    ];
    changes.chain(others).collect()
}

#[test]
fn removing_a_role_never_grants_a_right() {
    for roles in sets() {
        for lost in roles.iter() {
            let (before, after) = (actor(roles), actor(roles.without(lost)));
            for (name, any_of) in rights::ALL {
                let gained = prove(&after, any_of).is_ok() && prove(&before, any_of).is_err();
                assert!(!gained, "{name} by losing {lost:?} of {roles:?}");
            }
        }
    }
}

/// The decisions of every set of roles over every set of a target's roles.
fn table() -> Vec<Vec<Vec<bool>>> {
    sets().map(|roles| sets().map(|target| decisions(roles, target)).collect()).collect()
}

/// Places of the sets that have one role less than the set at `place`.
fn lesser(place: usize) -> impl Iterator<Item = usize> {
    (0..8).map(move |bit| place & !(1 << bit)).filter(move |less| *less != place)
}

#[test]
fn removing_a_role_never_widens_what_may_be_done_to_anyone() {
    let table = table();
    for (roles, before) in table.iter().enumerate() {
        for after in lesser(roles).map(|less| &table[less]) {
            for (before, after) in before.iter().zip(after) {
                assert!(before.iter().zip(after).all(|(before, after)| before >= after));
            }
        }
    }
}

#[test]
fn a_target_with_more_roles_is_never_easier_to_act_on() {
    for decisions in table() {
        for (target, more) in decisions.iter().enumerate() {
            for less in lesser(target).map(|less| &decisions[less]) {
                assert!(less.iter().zip(more).all(|(less, more)| less >= more));
            }
        }
    }
}

#[test]
fn a_right_beyond_the_members_is_held_exactly_by_the_roles_of_its_rows() {
    for (name, any_of) in rights::ALL {
        for roles in sets() {
            let granted = any_of.iter().any(|permission| {
                *permission == Permission::ReadDirectory
                    || roles.iter().any(|role| permission.cell(role) != Cell::No)
            });
            assert_eq!(prove(&actor(roles), any_of).is_ok(), granted, "{name} for {roles:?}");
        }
    }
}

/// What a decision refuses.
fn refusal(decision: crate::error::Result<()>) -> Refusal {
    *decision.unwrap_err().refusal.unwrap()
}

#[test]
fn a_refusal_names_the_first_of_alternatives_and_every_role_that_would_grant_one() {
    let update = [Permission::ManageUsersAndGroups, Permission::ResetUserPasswords];
    let refusal = prove(&actor(RoleSet::EMPTY), &update).unwrap_err();
    assert_eq!(refusal.permission, Permission::ManageUsersAndGroups);
    assert_eq!(refusal.granting_roles.keys(), ["global", "password", "user"]);
    assert_eq!((refusal.limit, refusal.target), (None, None));
}

#[test]
fn roles_that_are_named_are_those_that_would_help_and_all_of_them() {
    let only = |role| RoleSet::EMPTY.with(role);
    let targets = Role::ALL.into_iter().map(only).chain([RoleSet::EMPTY, RoleSet::ALL]);
    let targets: Vec<_> = targets.collect();
    for (roles, target) in sets().flat_map(|roles| targets.iter().map(move |of| (roles, *of))) {
        // Who may not see the target's roles is told nothing of them.
        let seen = if grant(roles).may_see_roles_of(OTHER) { target } else { RoleSet::EMPTY };
        for touched in TOUCHED {
            let may = |roles, over| grant(roles).may_change_user(OTHER, over, touched, "x");
            let Err(error) = may(roles, target) else { continue };
            let over = if may(roles, seen).is_err() { seen } else { target };
            let helps = |role: &Role| {
                touched
                    .needs(over)
                    .iter()
                    .all(|need| explain(&actor(only(*role)), &[*need]).is_ok())
            };
            let helping: RoleSet = Role::ALL.into_iter().filter(helps).collect();
            assert_eq!(error.refusal.unwrap().granting_roles, helping, "{roles:?} {target:?}");
        }
    }
}

#[test]
fn of_several_needs_the_one_is_named_that_the_fewest_roles_meet() {
    let member = grant(RoleSet::EMPTY);
    let makes = refusal(member.may_make(RoleSet::EMPTY.with(Role::Skype)));
    assert_eq!(makes.permission, Permission::DelegateAdminRoles);
    assert_eq!(makes.granting_roles.keys(), ["global"]);
    let creates = refusal(member.may_make(RoleSet::EMPTY));
    assert_eq!(creates.granting_roles.keys(), ["global", "user"]);
    // A phone of an administrator, to somebody who sees that it is one.
    let exchange = grant(RoleSet::EMPTY.with(Role::Exchange));
    let skype = RoleSet::EMPTY.with(Role::Skype);
    let takes = refusal(exchange.may_change_user(OTHER, skype, TOUCHED[1], "x"));
    assert_eq!(takes.permission, Permission::ResetUserPasswords);
    assert_eq!((takes.granting_roles.keys(), takes.limit), (vec!["global"], None));
    let hidden = refusal(member.may_change_user(OTHER, skype, TOUCHED[1], "x"));
    assert_eq!(hidden.permission, Permission::ManageUsersAndGroups);
    assert_eq!(hidden.granting_roles.keys(), ["global", "user"]);
}

#[test]
fn a_limit_names_the_target_and_the_roles_without_the_limit() {
    let admin = RoleSet::EMPTY.with(Role::Skype);
    let user = grant(RoleSet::EMPTY.with(Role::User));
    let global = RoleSet::EMPTY.with(Role::Global);
    for (refused, cell) in [
        (user.may_reset_password_of(admin, "jan"), Cell::NonAdmins),
        (user.may_delete(global, "jan"), Cell::Limited),
    ] {
        let refusal = refusal(refused);
        assert_eq!(refusal.limit, cell.limit());
        assert_eq!(refusal.granting_roles.keys(), ["global"]);
        assert_eq!(refusal.target.as_deref(), Some("jan"));
    }
}

#[test]
fn a_right_that_is_not_held_over_anyone_is_refused_without_a_limit() {
    let member = grant(RoleSet::EMPTY);
    for refused in [
        member.may_reset_password_of(RoleSet::EMPTY, "jan"),
        member.may_delete(RoleSet::EMPTY, "jan"),
    ] {
        let refusal = refusal(refused);
        assert_eq!(refusal.limit, None);
        assert_eq!(refusal.target.as_deref(), Some("jan"));
        assert!(refusal.granting_roles.contains(Role::User));
    }
}

#[test]
fn a_token_never_outranks_the_database_nor_the_database_the_token() {
    for claimed in sets() {
        for assigned in [claimed, RoleSet::EMPTY, RoleSet::ALL, RoleSet::EMPTY.with(Role::User)] {
            let effective = signed_in(claimed, true, assigned, 0).unwrap().roles();
            for role in Role::ALL {
                let both = claimed.contains(role) && assigned.contains(role);
                assert_eq!(effective.contains(role), both);
            }
        }
    }
}

fn signed_in(
    claimed: RoleSet,
    enabled: bool,
    assigned: RoleSet,
    epoch: i64,
) -> crate::error::Result<Actor> {
    let principal = Principal::Client(ClientId::new(ACTOR));
    let claims = Claims { tenant: TenantId::default(), principal, roles: claimed, epoch: 0 };
    let state = PrincipalState { enabled, roles: assigned, epoch };
    Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil())
}

#[test]
fn blocked_owners_and_ended_sessions_are_nobody() {
    assert!(signed_in(RoleSet::ALL, true, RoleSet::ALL, 0).is_ok());
    assert!(signed_in(RoleSet::ALL, false, RoleSet::ALL, 0).is_err());
    assert!(signed_in(RoleSet::ALL, true, RoleSet::ALL, 1).is_err());
}

#[test]
fn a_client_without_roles_reads_nothing_and_a_member_reads_the_directory() {
    let client = signed_in(RoleSet::EMPTY, true, RoleSet::EMPTY, 0).unwrap();
    assert!(prove(&client, &[Permission::ReadDirectory]).is_err());
    assert!(prove(&actor(RoleSet::EMPTY), &[Permission::ReadDirectory]).is_ok());
    let skype = RoleSet::EMPTY.with(Role::Skype);
    let client = signed_in(skype, true, skype, 0).unwrap();
    assert!(prove(&client, &[Permission::ReadDirectory]).is_ok());
}

#[test]
fn capabilities_tell_nothing_of_roles_that_the_caller_may_not_see() {
    let other = OTHER;
    for roles in sets() {
        let grant = grant(roles);
        if grant.may_see_roles_of(other) {
            continue;
        }
        let plain = grant.capabilities_over(other, RoleSet::EMPTY);
        for target in sets() {
            assert_eq!(grant.capabilities_over(other, target), plain, "{roles:?} on {target:?}");
        }
    }
}

#[test]
fn capabilities_are_the_decisions_where_the_roles_may_be_seen() {
    let other = OTHER;
    for roles in sets().filter(|roles| grant(*roles).may_see_roles_of(other)) {
        for target in sets() {
            let found = grant(roles).capabilities_over(other, target);
            let expected = decisions(roles, target);
            assert_eq!(found.can_update, Some(expected[0]));
            assert_eq!(found.can_delete, Some(expected[4]));
            assert_eq!(found.can_reset_password, Some(expected[5]));
            let row = |row: Permission| Some(roles.iter().any(|role| row.cell(role) != Cell::No));
            assert_eq!(found.can_assign_license, row(Permission::ManageUserLicenses));
            assert_eq!(found.can_assign_roles, row(Permission::DelegateAdminRoles));
        }
    }
}

#[test]
fn everyone_sees_their_own_roles_and_row_5_those_of_others() {
    for roles in sets() {
        assert!(grant(roles).may_see_roles_of(ACTOR));
        let row_5 = [Role::Global, Role::User, Role::Exchange, Role::SharePoint, Role::Skype];
        let may = row_5.into_iter().any(|role| roles.contains(role));
        assert_eq!(grant(roles).may_see_roles_of(Uuid::from_u128(2)), may);
    }
}

#[test]
fn keys_and_template_ids_are_read_back_and_nothing_else_is() {
    for role in Role::ALL {
        assert_eq!(Role::parse(role.key()), Some(role));
        assert_eq!(Role::parse(&role.key().to_uppercase()), Some(role));
        assert_eq!(Role::parse(&role.template_id().to_string()), Some(role));
        assert_eq!(Role::of_template(role.template_id()), Some(role));
    }
    assert_eq!(Role::parse(""), None);
    assert_eq!(Role::of_template(Uuid::nil()), None);
    for row in Permission::ROWS.into_iter().chain(Permission::BESIDE) {
        assert_eq!(Permission::parse(row.key()), Some(row));
    }
    assert_eq!(Permission::parse("read_directory"), Some(Permission::ReadDirectory));
    assert_eq!(Permission::parse("root"), None);
}

#[test]
fn without_the_setting_mail_enabled_groups_belong_to_row_6_alone() {
    for roles in sets() {
        let policy = Policy { manage_recipients: false };
        let principal = Principal::Client(ClientId::new(ACTOR));
        let claims = Claims { tenant: TenantId::default(), principal, roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), policy, Uuid::nil()).unwrap();
        let held = prove(&actor, &[Permission::ManageRecipients]).is_ok();
        assert!(!held, "{roles:?}");
        let Err(refusal) = prove(&actor, managing(Some(GroupKind::Distribution))) else { continue };
        assert_eq!(refusal.granting_roles.keys(), ["global", "user"], "{roles:?}");
    }
}

proptest! {
    #[test]
    fn the_order_and_number_of_mentions_of_roles_are_irrelevant(
        picks in prop::collection::vec(0_usize..8, 0..20),
        turn in 0_usize..20,
    ) {
        let set: RoleSet = picks.iter().map(|at| Role::ALL[*at]).collect();
        let mut turned = picks.clone();
        turned.rotate_left(turn % picks.len().max(1));
        turned.extend(picks.iter().rev());
        let again: RoleSet = turned.iter().map(|at| Role::ALL[*at]).collect();
        prop_assert_eq!(set, again);
        let back: RoleSet = set.iter().collect();
        prop_assert_eq!(set, back);
        for role in Role::ALL {
            prop_assert_eq!(set.contains(role), picks.iter().any(|at| Role::ALL[*at] == role));
            prop_assert!(set.with(role).contains(role));
            prop_assert!(!set.without(role).contains(role));
        }
        prop_assert_eq!(set.is_empty(), picks.is_empty());
    }
}
