//! Who may do what with one group: row 6 any kind, A1 the mail-enabled ones, owners their own
//! (R126).

use super::{Group, GroupId, GroupKind};
use crate::authz::{Access, Grant, Permission, Relation, Scope, rights};
use crate::error::{Error, Refusal, Result};
use crate::objects;
use crate::ports::ReadTx;
use crate::query::{Filter, Literal, Op, Query};
use uuid::Uuid;

/// By what somebody may do something with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Basis {
    /// A permission.
    Permission(Permission),
    /// What they are to the group.
    Relation(Relation),
}

/// The permissions of which one is enough to manage groups of a kind.
pub(crate) fn managing(kind: Option<GroupKind>) -> &'static [Permission] {
    if kind.is_some_and(GroupKind::is_recipient) {
        &[Permission::ManageUsersAndGroups, Permission::ManageRecipients]
    } else {
        &[Permission::ManageUsersAndGroups]
    }
}

/// Row 6, or A1 over a kind that mail administrators manage.
///
/// # Errors
/// 403 that names row 6, and A1 where it would do.
pub(super) fn may_manage<P>(
    grant: &Grant<P>,
    kind: Option<GroupKind>,
    target: Option<GroupId>,
) -> Result<Basis> {
    let held = grant.prove(managing(kind), target.map(|id| id.to_string()))?;
    Ok(Basis::Permission(held))
}

/// Those of some groups that the caller owns, by name or as a member of a group that owns them.
pub(super) fn owned_among<T: ReadTx + ?Sized, P>(
    tx: &mut T,
    grant: &Grant<P>,
    groups: &[GroupId],
) -> Result<Vec<GroupId>> {
    match grant.actor().user() {
        Some(user) => tx.owned_among(grant.tenant(), user.uuid(), groups),
        None => Ok(Vec::new()),
    }
}

/// Row 6, A1 or ownership.
///
/// # Errors
/// 403 as [`may_manage`].
pub(crate) fn may_edit<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
) -> Result<Basis> {
    let refused = match may_manage(grant, group.kind(), Some(group.id)) {
        Ok(basis) => return Ok(basis),
        Err(refused) => refused,
    };
    let owned = owned_among(tx, grant, &[group.id])?;
    if owned.is_empty() { Err(refused) } else { Ok(Basis::Relation(Relation::Owner)) }
}

/// Whether an object is a member of a group, nested groups included.
fn is_within<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    group: GroupId,
    object: Uuid,
) -> Result<bool> {
    let field = objects::ObjectField::Id;
    let filter = Filter::Compare { field, op: Op::Eq, value: Literal::Id(object) };
    let query = Query { filter: Some(filter), ..Query::default() };
    Ok(tx.count_related(scope, objects::Relation::TransitiveMembers(group), &query)? > 0)
}

/// By what the members of a group are known: hidden ones to members, owners and row 1 only (R132).
fn sight_of_members<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    group: &Group,
) -> Result<Option<Basis>> {
    let Access::Member { own } = scope.access() else {
        return Ok(Some(Basis::Permission(Permission::ViewOrganizationAndUsers)));
    };
    if !group.hides_members() {
        return Ok(Some(Basis::Permission(Permission::ReadDirectory)));
    }
    let tenant = scope.tenant();
    if !tx.owned_among(tenant, own.uuid(), &[group.id])?.is_empty() {
        return Ok(Some(Basis::Relation(Relation::Owner)));
    }
    let within = is_within(tx, &Scope::of_service(tenant), group.id, own.uuid())?;
    Ok(within.then_some(Basis::Relation(Relation::Member)))
}

/// Whether the members of a group are known to somebody.
pub(super) fn sees_members<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    group: &Group,
) -> Result<bool> {
    Ok(sight_of_members(tx, scope, group)?.is_some())
}

/// [`sees_members`], or a refusal.
///
/// # Errors
/// 403 that names row 1.
pub(crate) fn may_see_members<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    group: &Group,
) -> Result<Basis> {
    if let Some(basis) = sight_of_members(tx, scope, group)? {
        return Ok(basis);
    }
    Err(Error::forbidden(Refusal {
        target: Some(group.id.to_string()),
        ..Permission::ViewOrganizationAndUsers.missing()
    }))
}
