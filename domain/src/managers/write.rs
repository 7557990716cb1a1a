//! Setting and clearing managers.

use super::{MANAGER, resolve};
use crate::authz::{Actor, Grant, Scope, rights};
use crate::changes::Change;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::objects::{self, DirectoryObject, ObjectKind};
use crate::ports::WriteTx;
use crate::value::Value;
use uuid::Uuid;

/// Makes `manager`, the id of a user or contact or a user principal name, the manager of a user.
///
/// # Errors
/// 404 for either; 400 when the manager is of another kind or the user itself.
pub fn set_of_user(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    key: &str,
    manager: &str,
) -> Result<()> {
    set(tx, grant, ObjectKind::User, key, manager)
}

/// Leaves a user without a manager.
///
/// # Errors
/// 404 also for a user without one.
pub fn clear_of_user(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    key: &str,
) -> Result<()> {
    clear(tx, grant, ObjectKind::User, key)
}

/// Makes `manager`, the id of a user or contact or a user principal name, the manager of a
/// contact.
///
/// # Errors
/// 404 for either; 400 when the manager is of another kind or the contact itself.
pub fn set_of_contact(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    key: &str,
    manager: &str,
) -> Result<()> {
    set(tx, grant, ObjectKind::Contact, key, manager)
}

/// Leaves a contact without a manager.
///
/// # Errors
/// 404 also for a contact without one.
pub fn clear_of_contact(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    key: &str,
) -> Result<()> {
    clear(tx, grant, ObjectKind::Contact, key)
}

/// Makes the object of an id the manager of a contact, even itself: the documented bulk file does
/// that (R40).
///
/// # Errors
/// 404.
pub(crate) fn assign_to_contact(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    key: &str,
    manager: Uuid,
) -> Result<()> {
    let contact = resolve(tx, &grant.scope(), ObjectKind::Contact, key)?;
    save(tx, grant, contact, Some(manager))
}

fn clear<P>(tx: &mut dyn WriteTx, grant: &Grant<P>, kind: ObjectKind, key: &str) -> Result<()> {
    let report = resolve(tx, &grant.scope(), kind, key)?;
    if report.manager().is_none() {
        return Err(Error::not_found(MANAGER));
    }
    save(tx, grant, report, None)
}

fn set<P>(
    tx: &mut dyn WriteTx,
    grant: &Grant<P>,
    kind: ObjectKind,
    key: &str,
    manager: &str,
) -> Result<()> {
    let scope = grant.scope();
    let report = resolve(tx, &scope, kind, key)?;
    let manager = find_manager(tx, &scope, manager)?;
    if manager == report.uuid() {
        let message = "Nobody is their own manager; name another user or contact.";
        return Err(Error::invalid_property(MANAGER, message));
    }
    save(tx, grant, report, Some(manager))
}

fn find_manager(tx: &mut dyn WriteTx, scope: &Scope, key: &str) -> Result<Uuid> {
    let found = objects::find(tx, scope, key)?;
    match found.kind() {
        ObjectKind::User | ObjectKind::Contact => Ok(found.uuid()),
        ObjectKind::Group | ObjectKind::Role => {
            let message = "'manager' must be a user or a contact, not a group.";
            Err(Error::invalid_property(MANAGER, message))
        }
    }
}

fn save<P>(
    tx: &mut dyn WriteTx,
    grant: &Grant<P>,
    mut report: DirectoryObject,
    manager: Option<Uuid>,
) -> Result<()> {
    let before = report.manager();
    if before == manager {
        return Ok(());
    }
    match &mut report {
        DirectoryObject::User(user) => {
            user.manager = manager;
            user.version = user.version.saturating_add(1);
            tx.update_user(user)?;
        }
        DirectoryObject::Contact(contact) => {
            contact.manager = manager;
            contact.version = contact.version.saturating_add(1);
            tx.update_contact(contact)?;
        }
        DirectoryObject::Group(_) | DirectoryObject::Role(_) => {
            return Err(Error::internal("a group or role has no manager"));
        }
    }
    let report = (report.kind(), report.uuid());
    record(tx, Some(grant.actor()), report, (before, manager))
}

/// Takes a manager that is gone for good from everybody who reported to it; each report changes.
pub(crate) fn forget(tx: &mut dyn WriteTx, actor: Option<&Actor>, manager: Uuid) -> Result<()> {
    for report in tx.forget_manager(manager)? {
        record(tx, actor, report, (Some(manager), None))?;
    }
    Ok(())
}

fn record(
    tx: &mut dyn WriteTx,
    actor: Option<&Actor>,
    (kind, report): (ObjectKind, Uuid),
    (before, after): (Option<Uuid>, Option<Uuid>),
) -> Result<()> {
    let operation = match kind {
        ObjectKind::User => "users.update",
        ObjectKind::Contact => "contacts.update",
        ObjectKind::Group => "groups.update",
        ObjectKind::Role => "roles.update",
    };
    let values = vec![("before".into(), id(before)), ("after".into(), id(after))];
    let details = Value::Object(vec![(MANAGER.into(), Value::Object(values))]);
    let report = Id::<DirectoryObject>::new(report);
    tx.record(Change::caused_by(actor, operation, kind.word(), report, details))
}

fn id(id: Option<Uuid>) -> Value<'static> {
    id.map_or(Value::Null, |id| Value::Text(id.to_string().into()))
}
