//! Directory roles among memberships: as in Graph, a user is a member of every role it holds.
//! Without row 5 the roles of others are not among them (A2).

use super::{DirectoryObject, Relation};
use crate::authz::{Role, RoleSet, Scope};
use crate::error::Result;
use crate::ports::ReadTx;
use crate::roles::DirectoryRole;
use uuid::Uuid;

/// The roles of a principal, if the caller may see them.
///
/// # Errors
/// When the database fails.
pub fn visible_roles(tx: &mut dyn ReadTx, scope: &Scope, principal: Uuid) -> Result<RoleSet> {
    if scope.shows_roles_of(principal) {
        tx.roles_of(scope.tenant(), principal)
    } else {
        Ok(RoleSet::EMPTY)
    }
}

/// The roles that a relation leads to, as far as the caller may see them.
///
/// # Errors
/// When the database fails.
pub fn visible_roles_in(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    relation: Relation,
) -> Result<Vec<DirectoryRole>> {
    match relation {
        Relation::MemberOf(object) | Relation::TransitiveMemberOf(object) => {
            let roles = visible_roles(tx, scope, object)?;
            Ok(roles.iter().map(|role| DirectoryRole::new(role, scope)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

impl From<DirectoryRole> for DirectoryObject {
    fn from(role: DirectoryRole) -> Self {
        Self::Role(role)
    }
}

/// The role of a template id; everybody may read what roles there are.
pub(super) fn of_id(id: Uuid, scope: &Scope) -> Option<DirectoryObject> {
    Role::of_template(id).map(|role| DirectoryObject::Role(DirectoryRole::new(role, scope)))
}
