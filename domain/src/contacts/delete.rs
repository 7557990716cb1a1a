//! Deleting a contact: at once, without deleted items (R48).

use super::resolve;
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::Change;
use crate::error::{Error, Result};
use crate::managers;
use crate::ports::WriteTx;
use crate::value::Value;

/// Deletes a contact and releases its address. Who reported to it has no manager afterwards.
///
/// # Errors
/// 404; 412 when `if_match` names another version.
pub fn delete(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    key: &str,
    if_match: Option<&dyn Fn(i64) -> bool>,
) -> Result<()> {
    let contact = resolve(tx, &grant.scope(), key)?;
    if if_match.is_some_and(|matches| !matches(contact.version)) {
        return Err(Error::precondition_failed());
    }
    tx.hold_addresses(HolderKind::Contact, contact.id.uuid(), &[])?;
    managers::forget(tx, Some(grant.actor()), contact.id.uuid())?;
    tx.remove_links_to(contact.id.uuid())?;
    tx.delete_contact(contact.id)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by(grant, "contacts.delete", "contact", contact.id, details))
}
