//! Assigning and revoking roles (R87, R93, A19, A20, A23).

use super::rules::{check_grants, check_prerequisite, check_roles, with_prerequisites};
use super::{Assign, HolderKind, RoleAssignment, RoleAssignmentId, Which};
use crate::authz::{Actor, Grant, Principal, Role, RoleSet, rights};
use crate::changes::Change;
use crate::clients::ClientId;
use crate::error::{Error, Result, Violation};
use crate::id::Id;
use crate::ports::WriteTx;
use crate::users::{Found, User, UserId, guard_last_global_administrator, resolve};
use crate::value::Value;
use crate::warning::Warning;
use std::borrow::Cow;
use uuid::Uuid;

/// An assignment just made.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The assignment.
    pub assignment: RoleAssignment,
    /// What the caller should know although it worked.
    pub warnings: Vec<Warning>,
}

/// Assigns a role to a user or client.
///
/// # Errors
/// 400 when the principal is unknown, lacks an alternate e-mail address (A20) or holds the role
/// already; 409 when the service role lacks its prerequisite (A19) or billing is the seller's
/// (R88).
pub fn assign(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::DelegateAdminRoles>,
    request: Assign,
) -> Result<Assigned> {
    let tenant = tx.tenant();
    let held = tx.roles_of(tenant, request.principal)?;
    let user = tx.user(&grant.scope(), UserId::new(request.principal))?;
    let mut violations = Vec::new();
    let mut warnings = Vec::new();
    let holder = match &user {
        Some(user) => {
            let adding = RoleSet::EMPTY.with(request.role);
            warnings = check_grants(tx, user, held, adding, &mut violations)?;
            HolderKind::User
        }
        None => {
            let client = Principal::Client(ClientId::new(request.principal));
            if tx.principal_state(tenant, client)?.is_none() {
                violations.push(Violation::coded(
                    "ObjectNotFound",
                    "principalId",
                    "'principalId' names no user or client of this organisation.",
                ));
            }
            HolderKind::Client
        }
    };
    if held.contains(request.role) {
        violations.push(Violation::coded(
            "ObjectConflict",
            "roleDefinitionId",
            "A conflicting object with one or more of the specified property values is present \
             in the directory: the principal holds this role already.",
        ));
    }
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    check_roles(tx, held, held.with(request.role))?;
    let assignment = add(tx, grant.actor(), request.principal, holder, request.role)?;
    Ok(Assigned { assignment, warnings })
}

/// Adds an assignment and records it.
pub(crate) fn add(
    tx: &mut dyn WriteTx,
    actor: &Actor,
    principal: Uuid,
    holder: HolderKind,
    role: Role,
) -> Result<RoleAssignment> {
    let id = RoleAssignmentId::new(tx.new_uuid());
    let assignment = RoleAssignment { id, principal, holder, role, created: tx.now() };
    tx.insert_role_assignment(&assignment)?;
    tx.record(Change::of(
        actor,
        "roles.assign",
        holder.word(),
        Id::<()>::new(principal),
        details(role),
    ))?;
    Ok(assignment)
}

fn details(role: Role) -> Value<'static> {
    Value::Object(vec![(Cow::Borrowed("role"), Value::text(role.key()))])
}

/// Revokes an assignment.
///
/// # Errors
/// 404; 409 for the last enabled global administrator (R93), the caller's own global role, or the
/// prerequisite of the service role (A19).
pub fn revoke(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::DelegateAdminRoles>,
    id: RoleAssignmentId,
) -> Result<()> {
    let tenant = tx.tenant();
    let found = tx.role_assignment(tenant, id)?;
    let assignment = found.ok_or_else(|| Error::not_found(&id.to_string()))?;
    let held = tx.roles_of(tenant, assignment.principal)?;
    check_prerequisite(held.without(assignment.role))?;
    if assignment.role == Role::Global
        && assignment.holder == HolderKind::User
        && let Some(user) = tx.user(&grant.scope(), UserId::new(assignment.principal))?
    {
        guard_global_role(tx, grant, &user, held)?;
    }
    remove(tx, grant.actor(), &assignment)
}

/// What keeps the global role of a user where it is: they are the last one (R93), or the caller.
/// As in Graph, people leave it to another to take the role from them.
fn guard_global_role(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::DelegateAdminRoles>,
    user: &User,
    held: RoleSet,
) -> Result<()> {
    guard_last_global_administrator(tx, grant.tenant(), user, held)?;
    let own = grant.actor().principal() == Principal::User(user.id);
    if !own || !held.contains(Role::Global) {
        return Ok(());
    }
    Err(Error::conflict(
        "OwnGlobalAdministrator",
        "Nobody removes their own Global Administrator role. Ask another global administrator to \
         remove it.",
    )
    .at(user.id.to_string()))
}

/// Revokes the role of a principal.
///
/// # Errors
/// 404 when the principal does not hold it; else as [`revoke`].
pub fn revoke_from(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::DelegateAdminRoles>,
    request: Assign,
) -> Result<()> {
    let which = Which {
        principals: Some(vec![request.principal]),
        roles: Some(RoleSet::EMPTY.with(request.role)),
        limit: 1,
        ..Which::default()
    };
    let found = tx.role_assignments(grant.tenant(), &which)?;
    let assignment =
        found.first().ok_or_else(|| Error::not_found(&request.principal.to_string()))?;
    revoke(tx, grant, assignment.id)
}

fn remove(tx: &mut dyn WriteTx, actor: &Actor, assignment: &RoleAssignment) -> Result<()> {
    tx.delete_role_assignment(assignment.id)?;
    let target = Id::<()>::new(assignment.principal);
    let details = details(assignment.role);
    tx.record(Change::of(actor, "roles.revoke", assignment.holder.word(), target, details))
}

/// Removes the roles of a principal that are not in `kept`.
pub(crate) fn remove_all_but(
    tx: &mut dyn WriteTx,
    actor: &Actor,
    principal: Uuid,
    kept: RoleSet,
) -> Result<()> {
    let tenant = tx.tenant();
    let principals = Some(vec![principal]);
    let which = Which { principals, limit: Role::ALL.len(), ..Which::default() };
    for assignment in tx.role_assignments(tenant, &which)? {
        if !kept.contains(assignment.role) {
            remove(tx, actor, &assignment)?;
        }
    }
    Ok(())
}

/// The roles of a user after [`replace`].
#[derive(Clone, Debug)]
pub struct Replaced {
    /// Whose.
    pub user: User,
    /// What the user holds now.
    pub roles: RoleSet,
    /// What the caller should know although it worked.
    pub warnings: Vec<Warning>,
}

/// Gives a user these roles and no others, by id or user principal name, all or nothing (A23). Only
/// the service role goes beside others: with it the user keeps those that it needs (A19).
///
/// # Errors
/// 404; 400 when the alternate e-mail address is missing (A20); 409 for the last enabled global
/// administrator (R93), the caller's own global role, the prerequisite of the service role (A19), or
/// billing where it is the seller's (R88).
pub fn replace(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::DelegateAdminRoles>,
    key: &str,
    wanted: RoleSet,
) -> Result<Replaced> {
    let Found { user, roles: held } = resolve(tx, &grant.scope(), key)?;
    let wanted = with_prerequisites(held, wanted);
    let adding: RoleSet = wanted.iter().filter(|role| !held.contains(*role)).collect();
    let mut violations = Vec::new();
    let warnings = check_grants(tx, &user, held, adding, &mut violations)?;
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    check_roles(tx, held, wanted)?;
    let id = user.id.uuid();
    if !wanted.contains(Role::Global) {
        guard_global_role(tx, grant, &user, held)?;
    }
    remove_all_but(tx, grant.actor(), id, wanted)?;
    for role in adding.iter() {
        add(tx, grant.actor(), id, HolderKind::User, role)?;
    }
    Ok(Replaced { user, roles: wanted, warnings })
}
