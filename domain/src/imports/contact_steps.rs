//! The two steps in which a row becomes a contact (R38): first the contact itself, and when all
//! contacts of the file are there the rest of the row, the manager included (R40).

use super::contacts::ContactRow;
use super::layout::Layout;
use super::outcome::{RowCode, RowOutcome};
use super::prepare::outcomes;
use super::process::Fate;
use crate::authz::{Grant, Scope, rights};
use crate::contacts::{self, Contact, NewContact, Update};
use crate::error::{Kind, Result};
use crate::managers;
use crate::ports::WriteTx;
use crate::text::fold;
use crate::time::Timestamp;

/// Makes the contact of the first four values of its row.
pub(super) fn create(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    row: &ContactRow,
) -> Result<Fate<'static>> {
    match contacts::create(tx, grant, &NewContact::of_row(row)) {
        Ok(_) => Ok(Fate::Created(None)),
        Err(refused) if refused.kind == Kind::Invalid => {
            if find(tx, &grant.scope(), row)?.is_some() {
                return Ok(Fate::Exists);
            }
            Ok(Fate::Failed(outcomes(Layout::Contacts22, row.line, &refused)))
        }
        Err(error) => Err(error),
    }
}

/// Gives the contact the rest of its row, all of it or nothing. Contacts that were there before
/// the file (`began`) keep what they have, so that a file may be sent again (R41).
pub(super) fn fill(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    began: Option<Timestamp>,
    row: &ContactRow,
) -> Result<Fate<'static>> {
    let scope = grant.scope();
    let found = find(tx, &scope, row)?.filter(|contact| Some(contact.created) >= began);
    let Some(contact) = found else { return Ok(Fate::Settled) };
    let manager = match &row.manager {
        None => None,
        Some(name) => match managers::named(tx, &scope, name)? {
            Some(manager) => Some(manager),
            None => return Ok(Fate::Incomplete(vec![unknown_manager(row.line)])),
        },
    };
    match contacts::update(tx, grant, &contact.id.to_string(), &Update::of_row(row), None) {
        Ok(_) => {}
        Err(refused) if refused.kind == Kind::Invalid => {
            return Ok(Fate::Incomplete(outcomes(Layout::Contacts22, row.line, &refused)));
        }
        Err(error) => return Err(error),
    }
    if let Some(manager) = manager {
        managers::assign_to_contact(tx, grant, &contact.id.to_string(), manager)?;
    }
    Ok(Fate::Settled)
}

/// The contact with the row's name and address.
fn find(tx: &mut dyn WriteTx, scope: &Scope, row: &ContactRow) -> Result<Option<Contact>> {
    let Some(id) = tx.contact_named(scope, &fold(&row.name))? else { return Ok(None) };
    let contact = tx.contact(scope, id)?;
    Ok(contact.filter(|contact| crate::addresses::syntax::key(&contact.mail) == row.key))
}

fn unknown_manager(line: u64) -> RowOutcome {
    RowOutcome {
        line,
        column: Some("Manager"),
        code: RowCode::ManagerNotFound,
        message: "No contact has this name, and no user this user principal name or, alone, this \
                  display name. The contact was made, but without the rest of its row."
            .to_owned(),
    }
}
