//! A session as the transaction that use cases see.

use crate::errors::map;
use crate::schema::{clients, credentials, users};
use crate::session::Session;
use crate::types::Key;
use diesel::prelude::*;
use roster_domain::authz::{Principal, PrincipalState};
use roster_domain::id::TenantId;
use roster_domain::ports::{PrincipalReads, ReadTx, WriteTx};
use roster_domain::roles::RoleReads;
use roster_domain::{Change, Error, Result, Timestamp};
use uuid::Uuid;

impl PrincipalReads for Session<'_> {
    fn principal_state(
        &mut self,
        tenant: TenantId,
        principal: Principal,
    ) -> Result<Option<PrincipalState>> {
        let key = (tenant, principal.uuid());
        let locked = Session::tenant(self) == Some(tenant);
        if locked && let Some(known) = self.facts.principals.get(&key) {
            return Ok(*known);
        }
        let state = self.read_principal(tenant, principal)?;
        if locked {
            self.facts.principals.insert(key, state);
        }
        Ok(state)
    }
}

impl ReadTx for Session<'_> {}

impl WriteTx for Session<'_> {
    fn tenant(&self) -> TenantId {
        Session::tenant(self).unwrap_or_default()
    }

    fn now(&self) -> Timestamp {
        Session::now(self)
    }

    fn new_uuid(&mut self) -> Uuid {
        Session::new_uuid(self)
    }

    fn random(&mut self, bytes: &mut [u8]) {
        Session::random(self, bytes);
    }

    fn record(&mut self, change: Change) -> Result<()> {
        Session::record(self, change)
    }
}

impl Session<'_> {
    fn read_principal(
        &mut self,
        tenant: TenantId,
        principal: Principal,
    ) -> Result<Option<PrincipalState>> {
        let found = match principal {
            Principal::User(id) => users::table
                .left_join(
                    credentials::table.on(credentials::tenant_id
                        .eq(users::tenant_id)
                        .and(credentials::user_id.eq(users::id))),
                )
                .filter(users::tenant_id.eq(Key::from(tenant)))
                .filter(users::id.eq(Key::from(id)))
                .filter(users::deleted_at.is_null())
                .select((users::account_enabled, credentials::epoch.nullable()))
                .get_result::<(bool, Option<i64>)>(self.conn())
                .optional(),
            Principal::Client(id) => clients::table
                .find(Key::from(id))
                .filter(clients::tenant_id.eq(Key::from(tenant)))
                .select(clients::enabled)
                .get_result::<bool>(self.conn())
                .map(|enabled| (enabled, None))
                .optional(),
        };
        let Some((enabled, epoch)) = found.map_err(map)? else { return Ok(None) };
        let roles = self.roles_of(tenant, principal.uuid())?;
        Ok(Some(PrincipalState { enabled, roles, epoch: epoch.unwrap_or_default() }))
    }

    /// The tenant whose lock a write holds.
    ///
    /// # Errors
    /// Internal, outside a locked write.
    pub(crate) fn write_tenant(&self) -> Result<TenantId> {
        Session::tenant(self).ok_or_else(|| Error::internal("a write without a tenant's lock"))
    }
}
