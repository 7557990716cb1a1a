//! Contacts in the database.

mod columns;
mod row;

use crate::errors::map;
use crate::schema::contacts;
use crate::session::Session;
use crate::types::{Guid, Instant, Json, Key};
pub(crate) use columns::ContactColumns;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use roster_domain::authz::Scope;
use roster_domain::contacts::{Contact, ContactField, ContactId, ContactReads, ContactWrites};
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;
use roster_domain::{Error, Result, Timestamp};
use row::ContactRow;
use uuid::Uuid;

/// What is read of a contact: everything its properties are made from.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = contacts)]
pub(crate) struct ContactLoaded {
    #[diesel(sql_type = Guid)]
    id: ContactId,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Instant)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Guid>)]
    manager_id: Option<Uuid>,
    #[diesel(sql_type = crate::types::JsonDoc)]
    doc: Json<Contact>,
}

/// The columns of [`ContactLoaded`].
pub(crate) const CONTACT_LOADED: &str = "SELECT contacts.id, contacts.version, \
     contacts.created_at, contacts.manager_id, contacts.doc";

impl From<ContactLoaded> for Contact {
    fn from(row: ContactLoaded) -> Self {
        let Json(contact) = row.doc;
        Self {
            id: row.id,
            version: row.version,
            created: row.created_at,
            manager: row.manager_id,
            ..contact
        }
    }
}

impl ContactReads for Session<'_> {
    fn contact(&mut self, scope: &Scope, id: ContactId) -> Result<Option<Contact>> {
        let found = contacts::table
            .find((Key::from(scope.tenant()), Key::from(id)))
            .select(ContactLoaded::as_select())
            .get_result(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(Contact::from))
    }

    fn contact_named(&mut self, scope: &Scope, folded: &str) -> Result<Option<ContactId>> {
        let found = contacts::table
            .filter(contacts::tenant_id.eq(Key::from(scope.tenant())))
            .filter(contacts::name_key.eq(folded))
            .select(contacts::id)
            .get_result(self.conn())
            .optional();
        found.map_err(map)
    }

    fn contact_with_alias(&mut self, scope: &Scope, folded: &str) -> Result<Option<ContactId>> {
        let found = contacts::table
            .filter(contacts::tenant_id.eq(Key::from(scope.tenant())))
            .filter(contacts::mail_nickname_key.eq(folded))
            .select(contacts::id)
            .get_result(self.conn())
            .optional();
        found.map_err(map)
    }

    fn contacts(
        &mut self,
        scope: &Scope,
        query: &Query<ContactField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Contact>> {
        let sql = self.within::<ContactColumns>(&format!("{CONTACT_LOADED} FROM contacts"), scope);
        self.page_of::<ContactColumns, ContactLoaded, Contact>(sql, query, after)
    }

    fn count_contacts(&mut self, scope: &Scope, query: &Query<ContactField>) -> Result<i64> {
        let sql = self.within::<ContactColumns>("SELECT count(*) AS n FROM contacts", scope);
        self.count_of::<ContactColumns>(sql, query)
    }
}

impl ContactWrites for Session<'_> {
    fn insert_contact(&mut self, contact: &Contact) -> Result<()> {
        let row = ContactRow::new(self.write_tenant()?, contact);
        let insert = diesel::insert_into(contacts::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn update_contact(&mut self, contact: &Contact) -> Result<()> {
        let tenant = self.write_tenant()?;
        let row = ContactRow::new(tenant, contact);
        let table = contacts::table.find((Key::from(tenant), Key::from(contact.id)));
        match diesel::update(table).set(row).execute(self.conn()).map_err(map)? {
            1 => Ok(()),
            rows => Err(Error::internal(format!("the update of a contact changed {rows} rows"))),
        }
    }

    fn delete_contact(&mut self, id: ContactId) -> Result<()> {
        let tenant = self.write_tenant()?;
        let row = contacts::table.find((Key::from(tenant), Key::from(id)));
        diesel::delete(row).execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
