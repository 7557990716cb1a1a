//! Domain names in the database.

use crate::errors::map;
use crate::schema::domains;
use crate::session::Session;
use crate::types::{At, Key};
use diesel::prelude::*;
use roster_domain::domains::{Domain, DomainReads, DomainWrites};
use roster_domain::id::TenantId;
use roster_domain::{Result, Timestamp};

#[derive(Insertable)]
#[diesel(table_name = domains, treat_none_as_default_value = false)]
struct NewDomain<'a> {
    tenant_id: Key,
    name: &'a str,
    is_initial: bool,
    is_default: bool,
    is_verified: bool,
    password_validity_days: Option<i32>,
    password_notice_days: i32,
    created_at: At,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = domains)]
struct DomainRow {
    name: String,
    is_initial: bool,
    is_default: bool,
    is_verified: bool,
    password_validity_days: Option<i32>,
    password_notice_days: i32,
    created_at: Timestamp,
}

impl From<DomainRow> for Domain {
    fn from(row: DomainRow) -> Self {
        Self {
            name: row.name,
            is_initial: row.is_initial,
            is_default: row.is_default,
            is_verified: row.is_verified,
            password_validity_days: row.password_validity_days,
            password_notice_days: row.password_notice_days,
            created: row.created_at,
        }
    }
}

impl DomainReads for Session<'_> {
    fn domain(&mut self, tenant: TenantId, name: &str) -> Result<Option<Domain>> {
        if let Some((of, known)) = &self.facts.domains
            && *of == tenant
        {
            return Ok(known.iter().find(|domain| domain.name == name).cloned());
        }
        let found = domains::table
            .find((Key::from(tenant), name))
            .select(DomainRow::as_select())
            .get_result(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(Domain::from))
    }

    fn domains(&mut self, tenant: TenantId) -> Result<Vec<Domain>> {
        if let Some((of, known)) = &self.facts.domains
            && *of == tenant
        {
            return Ok(known.clone());
        }
        let found = domains::table
            .filter(domains::tenant_id.eq(Key::from(tenant)))
            .order(domains::name)
            .select(DomainRow::as_select())
            .load(self.conn());
        let found: Vec<Domain> = found.map_err(map)?.into_iter().map(Domain::from).collect();
        self.facts.domains = Some((tenant, found.clone()));
        Ok(found)
    }

    fn tenant_of_domain(&mut self, name: &str) -> Result<Option<TenantId>> {
        let found = domains::table
            .filter(domains::name.eq(name))
            .filter(domains::is_verified.eq(true))
            .select(domains::tenant_id)
            .get_result(self.conn())
            .optional();
        found.map_err(map)
    }
}

impl DomainWrites for Session<'_> {
    fn insert_domain(&mut self, domain: &Domain) -> Result<()> {
        let row = NewDomain {
            tenant_id: self.write_tenant()?.into(),
            name: &domain.name,
            is_initial: domain.is_initial,
            is_default: domain.is_default,
            is_verified: domain.is_verified,
            password_validity_days: domain.password_validity_days,
            password_notice_days: domain.password_notice_days,
            created_at: domain.created.into(),
        };
        self.facts.domains = None;
        let insert = diesel::insert_into(domains::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
