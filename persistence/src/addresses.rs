//! Addresses in the database.

use crate::errors::map;
use crate::schema::addresses;
use crate::session::Session;
use crate::types::Key;
use diesel::prelude::*;
use roster_domain::addresses::{Address, AddressReads, AddressWrites, Holder, HolderKind};
use roster_domain::id::TenantId;
use roster_domain::{Error, Result};
use uuid::Uuid;

#[derive(Insertable)]
#[diesel(table_name = addresses, treat_none_as_default_value = false)]
struct AddressRow<'a> {
    tenant_id: Key,
    address_key: String,
    holder_kind: &'static str,
    holder_id: Key,
    address: &'a str,
    is_upn: bool,
    is_primary: bool,
    is_proxy: bool,
    is_routing: bool,
}

impl AddressReads for Session<'_> {
    fn holder(&mut self, tenant: TenantId, key: &str) -> Result<Option<Holder>> {
        let found = addresses::table
            .find((Key::from(tenant), key))
            .select((
                addresses::holder_kind,
                addresses::holder_id,
                addresses::is_routing,
                addresses::is_upn,
                addresses::is_primary,
            ))
            .get_result::<(String, Uuid, bool, bool, bool)>(self.conn())
            .optional();
        let Some((kind, id, routing, upn, primary)) = found.map_err(map)? else {
            return Ok(None);
        };
        let kind = HolderKind::parse(&kind)
            .ok_or_else(|| Error::internal(format!("unknown kind of address holder '{kind}'")))?;
        Ok(Some(Holder { kind, id, routing_only: routing && !upn && !primary }))
    }
}

impl AddressWrites for Session<'_> {
    fn insert_addresses(&mut self, kind: HolderKind, id: Uuid, list: &[Address]) -> Result<()> {
        let tenant_id = Key::from(self.write_tenant()?);
        for address in list {
            let row = AddressRow {
                tenant_id,
                address_key: address.key(),
                holder_kind: kind.word(),
                holder_id: Key(id),
                address: &address.address,
                is_upn: address.upn,
                is_primary: address.primary,
                is_proxy: address.proxy,
                is_routing: address.routing,
            };
            self.insert(diesel::insert_into(addresses::table).values(row))?;
        }
        Ok(())
    }

    fn hold_addresses(&mut self, kind: HolderKind, id: Uuid, list: &[Address]) -> Result<()> {
        let held = addresses::table
            .filter(addresses::tenant_id.eq(Key::from(self.write_tenant()?)))
            .filter(addresses::holder_id.eq(Key(id)));
        diesel::delete(held).execute(self.conn()).map_err(map)?;
        self.insert_addresses(kind, id, list)
    }
}
