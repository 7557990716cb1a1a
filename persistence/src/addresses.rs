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
pub(crate) struct AddressRow {
    tenant_id: Key,
    address_key: String,
    holder_kind: &'static str,
    holder_id: Key,
    address: String,
    is_upn: bool,
    is_primary: bool,
    is_proxy: bool,
    is_routing: bool,
}

impl AddressReads for Session<'_> {
    fn holder(&mut self, tenant: TenantId, key: &str) -> Result<Option<Holder>> {
        if !self.facts.holders.is_empty()
            && let Some(known) = self.facts.holders.get(&(tenant, key.to_owned()))
        {
            return Ok(known.clone());
        }
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
        found.map_err(map)?.map(held).transpose()
    }

    fn preload_holders(&mut self, tenant: TenantId, keys: &[String]) -> Result<()> {
        let found = addresses::table
            .filter(addresses::tenant_id.eq(Key::from(tenant)))
            .filter(addresses::address_key.eq_any(keys))
            .select((
                addresses::address_key,
                addresses::holder_kind,
                addresses::holder_id,
                addresses::is_routing,
                addresses::is_upn,
                addresses::is_primary,
            ))
            .load::<(String, String, Uuid, bool, bool, bool)>(self.conn())
            .map_err(map)?;
        let free = keys.iter().map(|key| ((tenant, key.clone()), None));
        self.facts.holders.extend(free);
        for (key, kind, id, routing, upn, primary) in found {
            let holder = held((kind, id, routing, upn, primary))?;
            self.facts.holders.insert((tenant, key), Some(holder));
        }
        Ok(())
    }
}

/// The holder in a row: kind, identifier, and whether the address is its routing address, sign-in
/// name or primary address.
fn held((kind, id, routing, upn, primary): (String, Uuid, bool, bool, bool)) -> Result<Holder> {
    let kind = HolderKind::parse(&kind)
        .ok_or_else(|| Error::internal(format!("unknown kind of address holder '{kind}'")))?;
    Ok(Holder { kind, id, routing_only: routing && !upn && !primary })
}

impl AddressWrites for Session<'_> {
    fn insert_addresses(&mut self, kind: HolderKind, id: Uuid, list: &[Address]) -> Result<()> {
        let tenant = self.write_tenant()?;
        for address in list {
            let routing_only = address.routing && !address.upn && !address.primary;
            let holder = Holder { kind, id, routing_only };
            self.facts.holders.insert((tenant, address.key()), Some(holder));
            let row = AddressRow {
                tenant_id: tenant.into(),
                address_key: address.key(),
                holder_kind: kind.word(),
                holder_id: Key(id),
                address: address.address.clone(),
                is_upn: address.upn,
                is_primary: address.primary,
                is_proxy: address.proxy,
                is_routing: address.routing,
            };
            match self.later() {
                Some(later) => later.addresses.push(row),
                None => self.insert(diesel::insert_into(addresses::table).values(row))?,
            }
        }
        Ok(())
    }

    fn hold_addresses(&mut self, kind: HolderKind, id: Uuid, list: &[Address]) -> Result<()> {
        let held = addresses::table
            .filter(addresses::tenant_id.eq(Key::from(self.write_tenant()?)))
            .filter(addresses::holder_id.eq(Key(id)));
        diesel::delete(held).execute(self.conn()).map_err(map)?;
        self.facts.holders.clear();
        self.insert_addresses(kind, id, list)
    }
}
