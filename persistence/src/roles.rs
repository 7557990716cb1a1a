//! Role assignments in the database.

use crate::connection::MultiBackend;
use crate::errors::map;
use crate::schema::{credentials, role_assignments, users};
use crate::session::Session;
use crate::types::{At, Key};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use roster_domain::authz::{Role, RoleSet};
use roster_domain::id::TenantId;
use roster_domain::invitations::PENDING;
use roster_domain::roles::{
    HolderKind, RoleAssignment, RoleAssignmentId, RoleReads, RoleWrites, Which,
};
use roster_domain::text::fold;
use roster_domain::{Error, Result, Timestamp};
use std::collections::HashMap;
use uuid::Uuid;

/// State of a guest; empty for members.
const STATE: &str = "coalesce(users.facets ->> 'externalUserState', '')";

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = role_assignments, treat_none_as_default_value = false)]
struct AssignmentRow {
    #[diesel(serialize_as = Key)]
    tenant_id: TenantId,
    #[diesel(serialize_as = Key)]
    id: RoleAssignmentId,
    #[diesel(serialize_as = Key)]
    principal_id: Uuid,
    holder_kind: String,
    role: String,
    #[diesel(serialize_as = At)]
    created_at: Timestamp,
}

impl TryFrom<AssignmentRow> for RoleAssignment {
    type Error = Error;

    fn try_from(row: AssignmentRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            principal: row.principal_id,
            holder: holder(&row.holder_kind),
            role: role(&row.role)?,
            created: row.created_at,
        })
    }
}

fn role(key: &str) -> Result<Role> {
    Role::parse(key).ok_or_else(|| Error::internal(format!("unknown role '{key}'")))
}

fn holder(word: &str) -> HolderKind {
    match word {
        "client" => HolderKind::Client,
        _ => HolderKind::User,
    }
}

/// The assignments that are meant, wherever a page begins.
fn meant(tenant: TenantId, which: &Which) -> role_assignments::BoxedQuery<'static, MultiBackend> {
    let mut query = role_assignments::table
        .filter(role_assignments::tenant_id.eq(Key::from(tenant)))
        .into_boxed();
    if let Some(principals) = &which.principals {
        let principals = principals.iter().map(|id| Key(*id));
        query = query.filter(role_assignments::principal_id.eq_any(principals));
    }
    if let Some(roles) = which.roles {
        query = query.filter(role_assignments::role.eq_any(roles.keys()));
    }
    query
}

impl RoleReads for Session<'_> {
    fn roles_of(&mut self, tenant: TenantId, principal: Uuid) -> Result<RoleSet> {
        let keys = role_assignments::table
            .filter(role_assignments::tenant_id.eq(Key::from(tenant)))
            .filter(role_assignments::principal_id.eq(Key(principal)))
            .select(role_assignments::role)
            .load::<String>(self.conn());
        keys.map_err(map)?.iter().map(|key| role(key)).collect()
    }

    fn roles_of_all(
        &mut self,
        tenant: TenantId,
        principals: &[Uuid],
    ) -> Result<HashMap<Uuid, RoleSet>> {
        let rows = role_assignments::table
            .filter(role_assignments::tenant_id.eq(Key::from(tenant)))
            .filter(role_assignments::principal_id.eq_any(principals.iter().map(|id| Key(*id))))
            .select((role_assignments::principal_id, role_assignments::role))
            .load::<(Uuid, String)>(self.conn());
        let mut roles = HashMap::new();
        for (principal, key) in rows.map_err(map)? {
            let held: &mut RoleSet = roles.entry(principal).or_default();
            *held = held.with(role(&key)?);
        }
        Ok(roles)
    }

    fn role_holders(
        &mut self,
        tenant: TenantId,
        role: Option<Role>,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<(Uuid, HolderKind)>> {
        let mut query = role_assignments::table
            .filter(role_assignments::tenant_id.eq(Key::from(tenant)))
            .select((role_assignments::principal_id, role_assignments::holder_kind))
            .distinct()
            .into_boxed();
        if let Some(role) = role {
            query = query.filter(role_assignments::role.eq(role.key()));
        }
        if let Some(after) = after {
            query = query.filter(role_assignments::principal_id.gt(Key(after)));
        }
        let rows = query
            .order(role_assignments::principal_id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load::<(Uuid, String)>(self.conn());
        let rows = rows.map_err(map)?.into_iter();
        Ok(rows.map(|(principal, kind)| (principal, holder(&kind))).collect())
    }

    fn role_assignment(
        &mut self,
        tenant: TenantId,
        id: RoleAssignmentId,
    ) -> Result<Option<RoleAssignment>> {
        let found = role_assignments::table
            .find((Key::from(tenant), Key::from(id)))
            .select(AssignmentRow::as_select())
            .get_result(self.conn())
            .optional();
        found.map_err(map)?.map(RoleAssignment::try_from).transpose()
    }

    fn role_assignments(&mut self, tenant: TenantId, which: &Which) -> Result<Vec<RoleAssignment>> {
        let mut query = meant(tenant, which);
        if let Some(after) = which.after {
            query = query.filter(role_assignments::id.gt(Key::from(after)));
        }
        let rows = query
            .order(role_assignments::id)
            .limit(i64::try_from(which.limit).unwrap_or(i64::MAX))
            .select(AssignmentRow::as_select())
            .load(self.conn());
        rows.map_err(map)?.into_iter().map(RoleAssignment::try_from).collect()
    }

    fn count_role_assignments(&mut self, tenant: TenantId, which: &Which) -> Result<i64> {
        meant(tenant, which).count().get_result(self.conn()).map_err(map)
    }

    fn enabled_holders(&mut self, tenant: TenantId, role: Role, besides: Uuid) -> Result<i64> {
        let count = role_assignments::table
            .inner_join(
                users::table.on(users::tenant_id
                    .eq(role_assignments::tenant_id)
                    .and(users::id.eq(role_assignments::principal_id))),
            )
            .inner_join(
                credentials::table.on(credentials::tenant_id
                    .eq(role_assignments::tenant_id)
                    .and(credentials::user_id.eq(role_assignments::principal_id))),
            )
            .filter(role_assignments::tenant_id.eq(Key::from(tenant)))
            .filter(role_assignments::role.eq(role.key()))
            .filter(role_assignments::principal_id.ne(Key(besides)))
            .filter(users::account_enabled.eq(true))
            .filter(users::deleted_at.is_null())
            .filter(sql::<Text>(STATE).ne(fold(PENDING)))
            .count()
            .get_result(self.conn());
        count.map_err(map)
    }
}

impl RoleWrites for Session<'_> {
    fn insert_role_assignment(&mut self, assignment: &RoleAssignment) -> Result<()> {
        let row = AssignmentRow {
            tenant_id: self.write_tenant()?,
            id: assignment.id,
            principal_id: assignment.principal,
            holder_kind: assignment.holder.word().to_owned(),
            role: assignment.role.key().to_owned(),
            created_at: assignment.created,
        };
        let insert = diesel::insert_into(role_assignments::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn delete_role_assignment(&mut self, id: RoleAssignmentId) -> Result<()> {
        let tenant = self.write_tenant()?;
        let delete =
            diesel::delete(role_assignments::table.find((Key::from(tenant), Key::from(id))));
        delete.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
