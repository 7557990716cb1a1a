//! Deleting a group: distribution and mail-enabled security groups at once, the others to deleted
//! items for 30 days (R76).

use super::access::may_edit;
use super::read::find;
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::Change;
use crate::error::{Error, Result};
use crate::ports::WriteTx;
use crate::value::Value;

/// Deletes a group; its addresses are free at once. What is in deleted items keeps its members and
/// memberships, unseen until a restore (R85).
///
/// # Errors
/// 404; 403 for who neither manages nor owns it; 412 when `if_match` names another version.
pub fn delete(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    if_match: &dyn Fn(i64) -> bool,
) -> Result<()> {
    let mut group = find(tx, &grant.scope(), key)?;
    may_edit(tx, grant, &group)?;
    if !if_match(group.version) {
        return Err(Error::precondition_failed());
    }
    tx.hold_addresses(HolderKind::Group, group.id.uuid(), &[])?;
    if group.is_recipient() {
        tx.remove_links_to(group.id.uuid())?;
        tx.erase_group(group.id)?;
    } else {
        group.deleted = Some(tx.now());
        group.version = group.version.saturating_add(1);
        tx.update_group(&group)?;
    }
    tx.record(Change::by(grant, "groups.delete", "group", group.id, Value::Object(vec![])))
}
