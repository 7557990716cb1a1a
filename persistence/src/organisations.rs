//! Organisations in the database: the rows of tenants.

use crate::errors::map;
use crate::schema::tenants;
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::id::TenantId;
use roster_domain::organisations::{Organisation, OrganisationReads, OrganisationWrites};
use roster_domain::{Result, Timestamp};

#[derive(Insertable)]
#[diesel(table_name = tenants)]
struct TenantRow {
    id: Key,
    seq: i64,
    created_at: At,
    doc: Json<Organisation>,
}

impl OrganisationReads for Session<'_> {
    fn organisation(&mut self, id: TenantId) -> Result<Option<Organisation>> {
        let found = tenants::table
            .find(Key::from(id))
            .select((tenants::created_at, tenants::doc))
            .get_result::<(Timestamp, Json<Organisation>)>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(|(created, Json(organisation))| Organisation {
            id,
            created,
            ..organisation
        }))
    }

    fn any_organisation(&mut self) -> Result<bool> {
        let found = tenants::table.select(tenants::id).limit(1).load::<TenantId>(self.conn());
        Ok(!found.map_err(map)?.is_empty())
    }
}

impl OrganisationWrites for Session<'_> {
    fn update_organisation(&mut self, organisation: &Organisation) -> Result<()> {
        let tenant = self.write_tenant()?;
        let update = diesel::update(tenants::table.find(Key::from(tenant)))
            .set(tenants::doc.eq(Json(organisation.clone())));
        update.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}

impl Session<'_> {
    /// Adds the row of a new organisation, in an unlocked write; there is nothing to lock yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert_tenant(&mut self, id: TenantId) -> Result<()> {
        let created_at = self.now().into();
        let row =
            TenantRow { id: id.into(), seq: 0, created_at, doc: Json(Organisation::default()) };
        let insert = diesel::insert_into(tenants::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
