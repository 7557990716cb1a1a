//! Deleting a user: to deleted items for 30 days (R76).

use super::{Found, User, resolve};
use crate::addresses::HolderKind;
use crate::authz::{Grant, Role, RoleSet, keeps_global_administrator, rights};
use crate::changes::Change;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::ports::{ReadTx, WriteTx};
use crate::roles;
use crate::value::Value;

/// Whether the caller may delete a user. It changes nothing.
///
/// # Errors
/// 404; 403 with what deleting this user needs (A21).
pub fn may_delete<T: ReadTx + ?Sized, P>(tx: &mut T, grant: &Grant<P>, key: &str) -> Result<()> {
    let Found { user, roles } = resolve(tx, &grant.scope(), key)?;
    grant.may_delete(roles, &user.user_principal_name)
}

/// Moves a user to deleted items: addresses and roles are released at once, roles for good (R85).
///
/// # Errors
/// 404; 403 for a target the caller may not delete (A21); 409 for the last global administrator
/// (R93); 412 when `if_match` names another version.
pub fn delete(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    key: &str,
    if_match: Option<&dyn Fn(i64) -> bool>,
) -> Result<()> {
    let Found { user: mut target, roles } = resolve(tx, &grant.scope(), key)?;
    grant.may_delete(roles, &target.user_principal_name)?;
    if if_match.is_some_and(|matches| !matches(target.version)) {
        return Err(Error::precondition_failed());
    }
    let tenant = tx.tenant();
    guard_last_global_administrator(tx, tenant, &target, roles)?;
    roles::remove_all_but(tx, grant.actor(), target.id.uuid(), RoleSet::EMPTY)?;
    tx.hold_addresses(HolderKind::User, target.id.uuid(), &[])?;
    target.deleted = Some(tx.now());
    target.former_roles = roles;
    target.version = target.version.saturating_add(1);
    tx.update_user(&target)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by(grant, "users.delete", "user", target.id, details))
}

/// R93: an organisation always has a global administrator who can sign in. Clients never count,
/// nor do guests who have not accepted, whatever password was set for them.
///
/// # Errors
/// 409 when `user`, as found with these roles, is the last one.
pub fn guard_last_global_administrator<T: ReadTx + ?Sized>(
    tx: &mut T,
    tenant: TenantId,
    user: &User,
    roles: RoleSet,
) -> Result<()> {
    if !user.is_open() || !roles.contains(Role::Global) {
        return Ok(());
    }
    let id = user.id.uuid();
    let others = tx.enabled_holders(tenant, Role::Global, id)?;
    keeps_global_administrator(others, id)
}

impl User {
    /// Whether the user is in deleted items.
    pub const fn is_deleted(&self) -> bool {
        self.deleted.is_some()
    }
}
