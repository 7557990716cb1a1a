//! Changing a contact.

use super::naming::{self, Settled};
use super::{Contact, Saved, resolve};
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::{self, Change};
use crate::error::{Error, Result};
use crate::managers::bind::{self, Wish};
use crate::ports::WriteTx;
use crate::properties::{self, Changes};
use crate::value::Value;

/// What a PATCH asks to change.
#[derive(Clone, Debug)]
pub struct Update {
    /// Properties and violations.
    pub changes: Changes<Contact>,
    /// The manager (R45); none to leave it as it is.
    pub manager: Option<Wish>,
}

impl Update {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let mut changes = Changes::read(body, &[bind::BIND]);
        let manager = bind::take(&mut changes);
        Self { changes, manager }
    }
}

/// Changes a contact.
///
/// # Errors
/// 404; 400 with every offending property; 412 when `if_match` names another version.
pub fn update(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    key: &str,
    update: &Update,
    if_match: Option<&dyn Fn(i64) -> bool>,
) -> Result<Saved> {
    let scope = grant.scope();
    let before = resolve(tx, &scope, key)?;
    if if_match.is_some_and(|matches| !matches(before.version)) {
        return Err(Error::precondition_failed());
    }
    let mut violations = update.changes.violations.clone();
    let mut contact = before.clone();
    violations.extend(update.changes.apply(&mut contact).err().unwrap_or_default());
    let manager = (contact.id.uuid(), before.manager);
    let wanted = (&update.changes, update.manager.as_ref());
    contact.manager = bind::settle(tx, &scope, manager, wanted, &mut violations)?;
    // What stays as it is was settled when it came.
    let settled = if names(&before) == names(&contact) {
        None
    } else {
        Some(naming::settle(tx, &scope, &mut contact, &mut violations)?)
    };
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    let changed = properties::differences(&before, &contact);
    if changed.is_empty() && before.manager == contact.manager {
        return Ok(Saved { contact: before, warnings: Vec::new() });
    }
    contact.version = contact.version.saturating_add(1);
    tx.update_contact(&contact)?;
    let moved = settled.filter(|_| before.mail != contact.mail);
    let warnings = match moved {
        None => Vec::new(),
        Some(Settled { address, warnings }) => {
            tx.hold_addresses(HolderKind::Contact, contact.id.uuid(), &[address])?;
            warnings
        }
    };
    let details = changes::changed(&before, &contact);
    let details = bind::with_manager(details, (before.manager, contact.manager));
    tx.record(Change::by(grant, "contacts.update", "contact", contact.id, details))?;
    Ok(Saved { contact, warnings })
}

/// What is unique.
fn names(contact: &Contact) -> [&str; 3] {
    [&contact.name, &contact.mail_nickname, &contact.mail]
}
