//! What something needs, and what is said where it is missing.

use super::actor::{Actor, Principal};
use super::matrix::{Cell, Permission};
use super::role::{Role, RoleSet};
use crate::error::{Error, Refusal, Result};

/// What an actor must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need<'a> {
    /// One of these permissions, in any measure.
    AnyOf(&'a [Permission]),
    /// Row 3 over somebody with these roles: a global administrator resets anyone, others only
    /// people without any role (A4).
    Reset(RoleSet),
    /// Row 6 over somebody with these roles, to delete or restore them: only a global
    /// administrator deletes a global administrator (A21).
    Delete(RoleSet),
}

impl Need<'_> {
    /// The permission by which an actor meets it.
    fn met_by(self, actor: &Actor) -> Option<Permission> {
        let found = match self {
            Self::AnyOf(permissions) => {
                return permissions.iter().copied().find(|each| holds(actor, *each));
            }
            Self::Reset(of) => (Permission::ResetUserPasswords, of.is_empty()),
            Self::Delete(of) => (Permission::ManageUsersAndGroups, !of.contains(Role::Global)),
        };
        let (permission, is_within_limits) = found;
        match permission.granted(actor.roles()) {
            Cell::Yes => Some(permission),
            Cell::NonAdmins | Cell::Limited if is_within_limits => Some(permission),
            Cell::No | Cell::View | Cell::NonAdmins | Cell::Limited => None,
        }
    }

    /// The permission that is named where it is missing: of several the first.
    fn permission(self) -> Permission {
        match self {
            Self::AnyOf(any_of) => any_of.first().copied().unwrap_or(Permission::ReadDirectory),
            Self::Reset(_) => Permission::ResetUserPasswords,
            Self::Delete(_) => Permission::ManageUsersAndGroups,
        }
    }
}

/// Whether a permission is held in any measure.
pub(super) fn holds(actor: &Actor, permission: Permission) -> bool {
    match (permission, actor.principal()) {
        // A client is no member: it reads what its roles let it read.
        (Permission::ReadDirectory, Principal::User(_)) => true,
        _ => actor.policy().has(permission) && permission.granted(actor.roles()) != Cell::No,
    }
}

/// The roles of which each alone meets all needs.
fn sufficient(actor: &Actor, needs: &[Need<'_>]) -> RoleSet {
    let suffices = |role: &Role| {
        let alone = actor.holding(RoleSet::EMPTY.with(*role));
        needs.iter().all(|need| need.met_by(&alone).is_some())
    };
    Role::ALL.into_iter().filter(suffices).collect()
}

/// The permission by which an actor meets the first of all these needs.
///
/// # Errors
/// What is missing: of several needs the one that the fewest roles meet, with the roles that meet
/// them all.
pub(super) fn explain(actor: &Actor, needs: &[Need<'_>]) -> Result<Permission, Refusal> {
    let missing = needs.iter().filter(|need| need.met_by(actor).is_none());
    let Some(need) = missing.min_by_key(|need| sufficient(actor, &[**need]).len()) else {
        let first = needs.first().and_then(|need| need.met_by(actor));
        return Ok(first.unwrap_or(Permission::ReadDirectory));
    };
    let permission = need.permission();
    Err(Refusal {
        permission,
        limit: permission.granted(actor.roles()).limit(),
        granting_roles: sufficient(actor, needs),
        target: None,
    })
}

/// [`explain`], as a refusal of the request.
///
/// # Errors
/// 403.
pub(super) fn prove(actor: &Actor, needs: &[Need<'_>]) -> Result<Permission> {
    explain(actor, needs).map_err(Error::forbidden)
}
