//! The row of the first organisation, made once whatever number of processes start.

use crate::connection::AnyConnection;
use crate::errors::map;
use crate::schema::{domains, tenants};
use crate::session::Session;
use crate::types::Key;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::id::{Id, TenantId};

impl Session<'_> {
    /// The organisation that is still to be founded: a new row, or the one that a start left
    /// behind which broke off in between. None when an organisation exists. In an unlocked write;
    /// processes that start together wait for each other and get the same row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unfounded_tenant(&mut self) -> Result<Option<TenantId>> {
        if let AnyConnection::Postgres(connection) = self.conn() {
            // SQLite has one writer anyway.
            connection
                .batch_execute("SELECT 1 FROM migration_lock WHERE id = 1 FOR UPDATE")
                .map_err(map)?;
        }
        let found = tenants::table.select(tenants::id).limit(2).load::<TenantId>(self.conn());
        match found.map_err(map)?.as_slice() {
            [] => {
                let id = Id::new(self.new_uuid());
                self.insert_tenant(id)?;
                Ok(Some(id))
            }
            [only] => Ok((!self.has_domains(*only)?).then_some(*only)),
            _ => Ok(None),
        }
    }

    /// Removes the row of an organisation whose founding was refused, in an unlocked write; one
    /// that was founded stays.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_unfounded(&mut self, id: TenantId) -> Result<()> {
        if self.has_domains(id)? {
            return Ok(());
        }
        let row = diesel::delete(tenants::table.find(Key::from(id)));
        row.execute(self.conn()).map(drop).map_err(map)
    }

    fn has_domains(&mut self, tenant: TenantId) -> Result<bool> {
        let named = domains::table.filter(domains::tenant_id.eq(Key::from(tenant))).count();
        Ok(named.get_result::<i64>(self.conn()).map_err(map)? > 0)
    }
}
