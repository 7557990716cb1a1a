//! Reading who holds which role. Without row 5 everyone reads their own roles only (A2).

use super::rules::is_within;
use super::{HolderKind, RoleAssignment, RoleAssignmentId, Which};
use crate::authz::{Grant, Permission, Role, RoleSet, rights};
use crate::clients::{Client, ClientId};
use crate::domains::Domain;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::limits::MAX_PAGE;
use crate::phones;
use crate::ports::ReadTx;
use crate::users::{User, UserId, resolve};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Assignments of the organisation, a page at a time; without row 5 one's own.
///
/// # Errors
/// 403 that names row 5 for those of another.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadRoleAssignments>,
    which: &Which,
) -> Result<Vec<RoleAssignment>> {
    tx.role_assignments(grant.tenant(), &visible(grant, which)?)
}

/// What of the assignments that are meant the caller may see.
fn visible(grant: &Grant<rights::ReadRoleAssignments>, which: &Which) -> Result<Which> {
    let own = grant.actor().principal().uuid();
    let mut which = which.clone();
    match &which.principals {
        None if !grant.holds(Permission::ViewUsersAndRoles) => which.principals = Some(vec![own]),
        Some(named) if named.iter().any(|each| *each != own) => {
            grant.also::<rights::ViewUsersAndRoles>()?;
        }
        _ => {}
    }
    Ok(which)
}

/// How many assignments there are.
///
/// # Errors
/// As [`list`].
pub fn count(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadRoleAssignments>,
    which: &Which,
) -> Result<i64> {
    tx.count_role_assignments(grant.tenant(), &visible(grant, which)?)
}

/// One assignment.
///
/// # Errors
/// 404, also for an assignment of another where row 5 is missing.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadRoleAssignments>,
    id: RoleAssignmentId,
) -> Result<RoleAssignment> {
    let found = tx.role_assignment(grant.tenant(), id)?;
    let found = found.filter(|found| grant.may_see_roles_of(found.principal));
    found.ok_or_else(|| Error::not_found(&id.to_string()))
}

/// Someone who holds a role.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A user.
    User(Box<User>),
    /// An API client.
    Client(Client),
}

impl Holder {
    /// Its id.
    pub const fn uuid(&self) -> Uuid {
        match self {
            Self::User(user) => user.id.uuid(),
            Self::Client(client) => client.id.uuid(),
        }
    }
}

/// Who holds a role, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn members(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    role: Role,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Holder>> {
    let ids = tx.role_holders(grant.tenant(), Some(role), after, limit)?;
    holders(tx, grant, &ids)
}

/// The users and clients behind assignments, for `$expand`; two statements.
///
/// # Errors
/// When the database fails.
pub fn principals(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadRoleAssignments>,
    assignments: &[RoleAssignment],
) -> Result<HashMap<Uuid, Holder>> {
    let ids: Vec<_> = assignments.iter().map(|each| (each.principal, each.holder)).collect();
    let found = holders(tx, grant, &ids)?;
    Ok(found.into_iter().map(|holder| (holder.uuid(), holder)).collect())
}

fn holders<P>(
    tx: &mut dyn ReadTx,
    grant: &Grant<P>,
    ids: &[(Uuid, HolderKind)],
) -> Result<Vec<Holder>> {
    let of = |kind| ids.iter().filter(move |(_, each)| *each == kind).map(|(id, _)| *id);
    let users: Vec<_> = of(HolderKind::User).map(UserId::new).collect();
    let clients: Vec<_> = of(HolderKind::Client).map(ClientId::new).collect();
    let users = tx.users_by_id(&grant.scope(), &users)?;
    let clients = tx.clients_by_id(grant.tenant(), &clients)?;
    let users = users.into_iter().map(|user| Holder::User(Box::new(user)));
    let mut found: Vec<_> = users.chain(clients.into_iter().map(Holder::Client)).collect();
    found.sort_by_key(Holder::uuid);
    Ok(found)
}

/// The roles of a user, for the table of their roles in the services (R5–R7).
///
/// # Errors
/// 404; 403 that names row 5, unless the caller asks for their own.
pub fn of_user(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadRoleAssignments>,
    key: &str,
) -> Result<RoleSet> {
    let found = resolve(tx, &grant.scope(), key)?;
    if !grant.may_see_roles_of(found.user.id.uuid()) {
        grant.also::<rights::ViewUsersAndRoles>()?;
    }
    Ok(found.roles)
}

/// An administrator who cannot be reached outside the organisation as they should (A20).
#[derive(Clone, Debug)]
pub struct ContactGap {
    /// The administrator.
    pub user: User,
    /// Their roles.
    pub roles: RoleSet,
    /// What is missing: `alternateEmail`, `alternateEmailOutside` (it is in a domain of the
    /// organisation), `mobilePhone`, `mobilePhoneCountryCode`.
    pub missing: Vec<&'static str>,
}

/// A page of [`contact_gaps`].
#[derive(Clone, Debug)]
pub struct ContactGaps {
    /// The administrators who lack something.
    pub gaps: Vec<ContactGap>,
    /// Where the next page starts, if administrators follow.
    pub next: Option<Uuid>,
}

/// The next `limit` administrators without alternate e-mail address or mobile number with country
/// code, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn contact_gaps(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ManageReports>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<ContactGaps> {
    let mut gaps: Vec<ContactGap> = Vec::new();
    let mut place = after;
    // One more than the page tells whether there is a next one.
    while gaps.len() <= limit {
        let (found, last) = gaps_after(tx, grant, place)?;
        gaps.extend(found);
        match last {
            Some(last) => place = Some(last),
            None => break,
        }
    }
    let more = gaps.len() > limit;
    gaps.truncate(limit);
    let next = gaps.last().filter(|_| more).map(|gap| gap.user.id.uuid());
    Ok(ContactGaps { gaps, next })
}

/// Everybody who holds a role, or any role.
///
/// # Errors
/// When the database fails.
pub(crate) fn all_holders<T: ReadTx + ?Sized>(
    tx: &mut T,
    tenant: TenantId,
    role: Option<Role>,
) -> Result<HashSet<Uuid>> {
    let mut all = HashSet::new();
    let mut after = None;
    loop {
        let holders = tx.role_holders(tenant, role, after, MAX_PAGE)?;
        all.extend(holders.iter().map(|(id, _)| *id));
        match holders.last() {
            Some((last, _)) if holders.len() == MAX_PAGE => after = Some(*last),
            _ => return Ok(all),
        }
    }
}

/// What lack the administrators of the next batch, and the last one of a full batch.
fn gaps_after(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ManageReports>,
    after: Option<Uuid>,
) -> Result<(Vec<ContactGap>, Option<Uuid>)> {
    let tenant = grant.tenant();
    let holders = tx.role_holders(tenant, None, after, MAX_PAGE)?;
    let last = holders.last().filter(|_| holders.len() == MAX_PAGE).map(|(id, _)| *id);
    let roles = tx.roles_of_all(tenant, &holders.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let users = holders.iter().filter(|(_, kind)| *kind == HolderKind::User);
    let users: Vec<_> = users.map(|(id, _)| UserId::new(*id)).collect();
    let domains = tx.domains(tenant)?;
    let gaps = tx.users_by_id(&grant.scope(), &users)?.into_iter().filter_map(|user| {
        let missing = missing(&user, &domains);
        let roles = roles.get(&user.id.uuid()).copied().unwrap_or_default();
        (!missing.is_empty()).then_some(ContactGap { user, roles, missing })
    });
    let mut gaps: Vec<ContactGap> = gaps.collect();
    gaps.sort_by_key(|gap| gap.user.id.uuid());
    Ok((gaps, last))
}

fn missing(user: &User, domains: &[Domain]) -> Vec<&'static str> {
    let mut missing = Vec::new();
    match user.alternate_email() {
        None => missing.push("alternateEmail"),
        // It was outside when the role was given; the domain came later.
        Some(email) if is_within(email, domains) => missing.push("alternateEmailOutside"),
        Some(_) => {}
    }
    match user.mobile_phone.as_deref() {
        None => missing.push("mobilePhone"),
        Some(mobile) if !phones::has_country_code(mobile) => missing.push("mobilePhoneCountryCode"),
        Some(_) => {}
    }
    missing
}
