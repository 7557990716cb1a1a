//! API clients in the database.

use crate::errors::map;
use crate::schema::clients;
use crate::session::Session;
use crate::types::{At, Key};
use diesel::prelude::*;
use roster_domain::clients::{Client, ClientId, ClientReads, ClientWrites};
use roster_domain::id::TenantId;
use roster_domain::{Result, Timestamp};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
struct ClientRow {
    #[diesel(serialize_as = Key)]
    id: ClientId,
    #[diesel(serialize_as = Key)]
    tenant_id: TenantId,
    name: String,
    secret_hash: String,
    enabled: bool,
    #[diesel(serialize_as = At)]
    created_at: Timestamp,
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id,
            tenant: row.tenant_id,
            name: row.name,
            secret_hash: row.secret_hash,
            enabled: row.enabled,
            created: row.created_at,
        }
    }
}

impl ClientReads for Session<'_> {
    fn client(&mut self, id: ClientId) -> Result<Option<Client>> {
        let found = clients::table
            .find(Key::from(id))
            .select(ClientRow::as_select())
            .get_result(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(Client::from))
    }

    fn clients_by_id(&mut self, tenant: TenantId, ids: &[ClientId]) -> Result<Vec<Client>> {
        let found = clients::table
            .filter(clients::tenant_id.eq(Key::from(tenant)))
            .filter(clients::id.eq_any(ids.iter().map(|id| Key::from(*id))))
            .select(ClientRow::as_select())
            .load(self.conn());
        Ok(found.map_err(map)?.into_iter().map(Client::from).collect())
    }
}

impl ClientWrites for Session<'_> {
    fn insert_client(&mut self, client: &Client) -> Result<()> {
        let row = ClientRow {
            id: client.id,
            tenant_id: self.write_tenant()?,
            name: client.name.clone(),
            secret_hash: client.secret_hash.clone(),
            enabled: client.enabled,
            created_at: client.created,
        };
        let insert = diesel::insert_into(clients::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
