//! What everybody does in the small world, and who may.

use super::super::{actor, grant};
use super::PALETTE;
use crate::authz::{Role, RoleSet, Touched, authorize, rights};
use uuid::Uuid;

#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    Assign(Role),
    Revoke(Role),
    Bulk(Option<Role>),
    Reset,
    EditSensitive,
    Block,
    Unblock,
    Delete,
    Restore,
    Purge,
    Create(RoleSet),
    /// A row of a file, by which nobody becomes an administrator.
    Import,
    /// Takes the one-time password out of the result of an import.
    Take,
}

/// A guard that is taken out, to see that the walk notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Row 3 without its limit (A4).
    ResetsAnyone,
    /// R92.
    EditsSensitive,
    /// Row 12 in a creation (R94).
    CreatesAdministrators,
    /// The limit of row 6 over who is deleted (A21).
    RestoresAnyone,
    PurgesAnyone,
    /// One-time passwords of administrators are withheld.
    TakesAnything,
}

pub(super) fn sets() -> impl Iterator<Item = RoleSet> {
    (0..8).map(|bits| {
        let held = PALETTE.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
        held.map(|(_, role)| role).collect()
    })
}

pub(super) fn moves() -> Vec<Move> {
    let of_roles = PALETTE
        .into_iter()
        .flat_map(|role| [Move::Assign(role), Move::Revoke(role), Move::Bulk(Some(role))]);
    let plain = [
        Move::Bulk(None),
        Move::Reset,
        Move::EditSensitive,
        Move::Block,
        Move::Unblock,
        Move::Delete,
        Move::Restore,
        Move::Purge,
        Move::Import,
        Move::Take,
    ];
    of_roles.chain(plain).chain(sets().map(Move::Create)).collect()
}

impl Move {
    /// Whether the decisions of the service allow the move to someone with these roles, but for a
    /// guard that is taken out.
    pub(super) fn is_allowed(self, by: RoleSet, target: RoleSet, fault: Fault) -> bool {
        let lenient = match (fault, self) {
            (Fault::ResetsAnyone, Self::Reset)
            | (Fault::EditsSensitive, Self::EditSensitive)
            | (Fault::RestoresAnyone, Self::Restore)
            | (Fault::PurgesAnyone, Self::Purge)
            | (Fault::TakesAnything, Self::Take) => {
                self.is_allowed(by, RoleSet::EMPTY, Fault::None)
            }
            (Fault::CreatesAdministrators, Self::Create(_)) => {
                Self::Create(RoleSet::EMPTY).is_allowed(by, target, Fault::None)
            }
            _ => false,
        };
        lenient || self.is_decided(by, target)
    }

    fn is_decided(self, by: RoleSet, target: RoleSet) -> bool {
        let grant = grant(by);
        let change = |touched| {
            authorize::<rights::UpdateUsers>(&actor(by))
                .and_then(|grant| {
                    grant.may_change_user(Uuid::from_u128(2), target, touched, "target")
                })
                .is_ok()
        };
        let sensitive = Touched { profile: true, password: false, sensitive: true };
        let manages = authorize::<rights::ManageUsersAndGroups>(&actor(by)).is_ok();
        match self {
            Self::Assign(_) | Self::Revoke(_) | Self::Bulk(_) => {
                authorize::<rights::DelegateAdminRoles>(&actor(by)).is_ok()
            }
            Self::Reset => change(Touched { password: true, ..Touched::default() }),
            Self::EditSensitive | Self::Block | Self::Unblock => change(sensitive),
            Self::Delete | Self::Restore | Self::Purge => {
                manages && grant.may_delete(target, "target").is_ok()
            }
            Self::Create(roles) => manages && grant.may_make(roles).is_ok(),
            Self::Import => authorize::<rights::ImportFiles>(&actor(by)).is_ok() && manages,
            Self::Take => {
                let imports = authorize::<rights::ImportFiles>(&actor(by)).is_ok();
                imports && manages && (by.contains(Role::Global) || target.is_empty())
            }
        }
    }
}
