//! Hiding all contacts at once from address lists, and showing them again (R46).

use super::{Contact, ContactField, Update, update};
use crate::authz::{Grant, rights};
use crate::error::Result;
use crate::members::Members;
use crate::ports::WriteTx;
use crate::query::{Filter, Literal, Op, Query};
use crate::value::Value;

/// Name of the property.
const HIDDEN: &str = "hiddenFromAddressListsEnabled";

/// How far a change of all contacts has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Contacts just changed.
    pub changed: usize,
    /// Contacts still to be changed.
    pub remaining: i64,
}

/// Reads the body `{hiddenFromAddressListsEnabled: true | false}`.
///
/// # Errors
/// 400 with every offending property.
pub fn read_hidden(body: &Value<'static>) -> Result<bool> {
    let mut members = Members::of(body, &[HIDDEN], "this request")?;
    let hidden = members.get(HIDDEN).and_then(Value::as_bool);
    if hidden.is_none() {
        members.refuse(HIDDEN, "must be true, to hide all contacts, or false, to show them.");
    }
    members.made(hidden)
}

/// Hides or shows some of the contacts that are not so yet, each as a change of its own. Mail
/// still reaches who is hidden, and memberships stay.
///
/// # Errors
/// When the database fails.
pub fn hide_some(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageContacts>,
    hidden: bool,
    at_most: usize,
) -> Result<Progress> {
    let scope = grant.scope();
    let filter = Filter::Compare {
        field: ContactField::HiddenFromAddressListsEnabled,
        op: Op::Ne,
        value: Literal::Bool(hidden),
    };
    let query = Query { filter: Some(filter), top: at_most, ..Query::default() };
    let found: Vec<Contact> = tx.contacts(&scope, &query, None)?.items;
    let body = Value::Object(vec![(HIDDEN.into(), Value::Bool(hidden))]);
    let wanted = Update::read(body);
    for contact in &found {
        update(tx, grant, &contact.id.to_string(), &wanted, None)?;
    }
    Ok(Progress { changed: found.len(), remaining: tx.count_contacts(&scope, &query)? })
}
