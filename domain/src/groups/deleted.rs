//! Deleted Microsoft 365 and security groups: kept for 30 days with everything they name, then
//! gone (R76–R85).

use super::{Group, GroupField, GroupId, mailbox};
use crate::addresses::HolderKind;
use crate::authz::{Actor, Grant, rights};
use crate::changes::Change;
use crate::error::Result;
use crate::objects::{DirectoryObject, Restored, kept_since};
use crate::paging::{Cursor, Page};
use crate::ports::{ReadTx, WriteTx};
use crate::query::Query;
use crate::time::Timestamp;
use crate::value::Value;

/// One page of deleted groups.
///
/// # Errors
/// When the database fails.
pub fn list_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    query: &Query<GroupField>,
    after: Option<&Cursor>,
    now: Timestamp,
) -> Result<Page<Group>> {
    tx.deleted_groups(&grant.scope(), kept_since(now), query, after)
}

/// How many deleted groups a query finds.
///
/// # Errors
/// When the database fails.
pub fn count_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    query: &Query<GroupField>,
    now: Timestamp,
) -> Result<i64> {
    tx.count_deleted_groups(&grant.scope(), kept_since(now), query)
}

/// Brings a deleted group back with its owners, members and memberships (R85).
///
/// # Errors
/// 409 when its name was given away (R78, R132).
pub(crate) fn restore(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    mut group: Group,
) -> Result<Restored> {
    let mut warnings = mailbox::reclaim_names(tx, &mut group)?;
    let (addresses, dropped) = mailbox::reclaim(tx, &mut group)?;
    warnings.extend(dropped);
    group.deleted = None;
    group.version = group.version.saturating_add(1);
    tx.update_group(&group)?;
    tx.hold_addresses(HolderKind::Group, group.id.uuid(), &addresses)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by(grant, "groups.restore", "group", group.id, details))?;
    Ok(Restored { object: DirectoryObject::Group(Box::new(group)), warnings })
}

/// Removes a group for good, and from every place where it is named.
pub(crate) fn erase(tx: &mut dyn WriteTx, actor: Option<&Actor>, id: GroupId) -> Result<()> {
    tx.remove_links_to(id.uuid())?;
    tx.erase_group(id)?;
    tx.record(Change::caused_by(actor, "groups.purge", "group", id, Value::Object(vec![])))
}
