//! Creating a contact (R33, R42–R47).

use super::naming::{self, Settled};
use super::{Contact, Saved};
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::Change;
use crate::error::{Error, Result, Violation};
use crate::id::Id;
use crate::managers::{self, Wish};
use crate::ports::WriteTx;
use crate::properties::Changes;
use crate::value::Value;

/// What a body asks to create. Everything wrong with it is in `changes.violations`.
#[derive(Clone, Debug)]
pub struct NewContact {
    /// Properties and violations.
    pub changes: Changes<Contact>,
    /// Id or name of the manager.
    pub manager: Option<Wish>,
}

impl NewContact {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let mut changes = Changes::<Contact>::read(body, &[managers::bind::BIND]);
        let manager = managers::bind::take(&mut changes);
        changes.refuse_relations();
        for name in ["displayName", "mail"] {
            if changes.text(name).is_none() && !changes.is_refused(name) {
                let message = format!("'{name}' is required.");
                changes.violations.push(Violation::coded("MissingProperty", name, message));
            }
        }
        Self { changes, manager }
    }
}

/// Creates a contact, which holds its address from now on.
///
/// # Errors
/// 400 with every offending property.
pub fn create(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    new: &NewContact,
) -> Result<Saved> {
    let id = Id::new(tx.new_uuid());
    let mut contact = Contact { id, version: 1, created: tx.now(), ..Contact::default() };
    let mut violations = new.changes.violations.clone();
    violations.extend(new.changes.apply(&mut contact).err().unwrap_or_default());
    let scope = grant.scope();
    let Settled { address, warnings } = naming::settle(tx, &scope, &mut contact, &mut violations)?;
    contact.manager = managers::bind::find(tx, &scope, new.manager.as_ref(), &mut violations)?;
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    tx.insert_contact(&contact)?;
    tx.insert_addresses(HolderKind::Contact, id.uuid(), &[address])?;
    let details = managers::bind::created(&contact, contact.manager);
    tx.record(Change::by(grant, "contacts.create", "contact", id, details))?;
    Ok(Saved { contact, warnings })
}
