//! Reading contacts.

use super::{Contact, ContactField, ContactId};
use crate::authz::{Grant, Scope, rights};
use crate::error::{Error, Result};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;

/// Reading contacts from the database.
pub trait ContactReads {
    /// A contact.
    ///
    /// # Errors
    /// When the database fails.
    fn contact(&mut self, scope: &Scope, id: ContactId) -> Result<Option<Contact>>;

    /// The contact whose name folds to this.
    ///
    /// # Errors
    /// When the database fails.
    fn contact_named(&mut self, scope: &Scope, folded: &str) -> Result<Option<ContactId>>;

    /// The contact whose alias folds to this.
    ///
    /// # Errors
    /// When the database fails.
    fn contact_with_alias(&mut self, scope: &Scope, folded: &str) -> Result<Option<ContactId>>;

    /// One page of a query.
    ///
    /// # Errors
    /// When the database fails.
    fn contacts(
        &mut self,
        scope: &Scope,
        query: &Query<ContactField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Contact>>;

    /// How many contacts a query finds in all.
    ///
    /// # Errors
    /// When the database fails.
    fn count_contacts(&mut self, scope: &Scope, query: &Query<ContactField>) -> Result<i64>;
}

/// Writing contacts to the database.
pub trait ContactWrites {
    /// Adds a contact.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_contact(&mut self, contact: &Contact) -> Result<()>;

    /// Writes a contact's new state.
    ///
    /// # Errors
    /// When the database fails.
    fn update_contact(&mut self, contact: &Contact) -> Result<()>;

    /// Removes a contact.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_contact(&mut self, id: ContactId) -> Result<()>;
}

/// A visible contact by id, for a use case to act on.
///
/// # Errors
/// 404.
pub fn resolve<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, key: &str) -> Result<Contact> {
    let found = match ContactId::parse(key) {
        Some(id) => tx.contact(scope, id)?,
        None => None,
    };
    let visible = found.filter(|contact| scope.shows(contact.is_visible(), contact.id.uuid()));
    visible.ok_or_else(|| Error::not_found(key))
}

/// One contact.
///
/// # Errors
/// 404 also when the contact is invisible to the caller.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
) -> Result<Contact> {
    resolve(tx, &grant.scope(), key)
}

/// One page of contacts.
///
/// # Errors
/// When the database fails.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<ContactField>,
    after: Option<&Cursor>,
) -> Result<Page<Contact>> {
    tx.contacts(&grant.scope(), query, after)
}

/// How many contacts a query finds.
///
/// # Errors
/// When the database fails.
pub fn count(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<ContactField>,
) -> Result<i64> {
    tx.count_contacts(&grant.scope(), query)
}
