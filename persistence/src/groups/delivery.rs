//! What a delivery depends on: the groups in a group, and what they say of a sender.

use super::links::place;
use super::named_by;
use crate::query::Sql;
use crate::session::Session;
use crate::types::Guid;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use roster_domain::Result;
use roster_domain::groups::{GroupId, Naming, Nesting};
use roster_domain::id::TenantId;
use roster_domain::users::UserId;
use uuid::Uuid;

#[derive(QueryableByName)]
struct NestingRow {
    #[diesel(sql_type = Guid)]
    outer_id: GroupId,
    #[diesel(sql_type = Guid)]
    inner_id: GroupId,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

#[derive(QueryableByName)]
struct NamingRow {
    #[diesel(sql_type = Guid)]
    group_id: GroupId,
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = BigInt)]
    sender: i64,
}

/// A step from a group to a group in it that is not deleted.
const STEP: &str = " JOIN group_links link ON link.tenant_id = $1 AND link.group_id = nested.id \
                    AND link.relation = 'member' AND link.object_kind = 'group' \
                    JOIN groups inner_group ON inner_group.tenant_id = $1 \
                    AND inner_group.id = link.object_id AND inner_group.deleted_at IS NULL";

impl Session<'_> {
    pub(super) fn groups_within(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        at_most: usize,
    ) -> Result<Vec<Nesting>> {
        let mut sql = self.statement("WITH RECURSIVE nested(id) AS (SELECT id FROM groups");
        sql.push(" WHERE tenant_id = ");
        sql.bind_id(tenant.uuid());
        sql.push(" AND id = ");
        sql.bind_id(group.uuid());
        sql.push(&format!(
            " UNION SELECT link.object_id FROM nested{STEP}) SELECT link.group_id AS outer_id, \
             link.object_id AS inner_id, inner_group.member_count AS members FROM nested{STEP} \
             LIMIT {at_most}"
        ));
        let rows = self.query::<NestingRow>(&sql.text, sql.binds)?.into_iter();
        let nesting = |row: NestingRow| Nesting {
            outer: row.outer_id,
            inner: row.inner_id,
            members: row.members,
        };
        Ok(rows.map(nesting).collect())
    }

    pub(super) fn places_naming(
        &mut self,
        tenant: TenantId,
        groups: &[GroupId],
        sender: Option<Uuid>,
        seen_by: Option<UserId>,
    ) -> Result<Vec<Naming>> {
        let mut sql = self.statement("WITH RECURSIVE above(id) AS (");
        // Nothing has the id of an unknown sender.
        let sender = sender.unwrap_or_default();
        holders(&mut sql, tenant, seen_by, "");
        sql.push(" AND link.object_id = ");
        sql.bind_id(sender);
        sql.push(" UNION ");
        holders(&mut sql, tenant, seen_by, " JOIN above ON above.id = link.object_id");
        sql.push(
            ") SELECT link.group_id, link.relation, \
             CAST(max(CASE WHEN link.object_id = ",
        );
        sql.bind_id(sender);
        sql.push(
            " OR named.id IS NOT NULL THEN 1 ELSE 0 END) AS bigint) AS sender \
             FROM group_links link LEFT JOIN (SELECT above.id FROM above JOIN groups \
             ON groups.id = above.id AND groups.tenant_id = ",
        );
        sql.bind_id(tenant.uuid());
        if let Some(own) = seen_by {
            sql.push(" WHERE groups.visible OR ");
            named_by(&mut sql, "groups", own.uuid());
        }
        sql.push(") named ON named.id = link.object_id WHERE link.tenant_id = ");
        sql.bind_id(tenant.uuid());
        sql.push(" AND link.relation <> 'member' AND link.group_id IN (");
        sql.bind_ids(groups.iter().map(|group| group.uuid()));
        sql.push(") GROUP BY link.group_id, link.relation");
        let rows = self.query::<NamingRow>(&sql.text, sql.binds)?.into_iter();
        let naming = |row: NamingRow| {
            let link = place(&row.relation)?;
            Ok(Naming { group: row.group_id, link, sender: row.sender > 0 })
        };
        rows.map(naming).collect()
    }
}

/// Writes a step from members to the groups that have them. Who may not see the members of a group
/// does not learn of them here: only its own members and owners may.
fn holders(sql: &mut Sql, tenant: TenantId, seen_by: Option<UserId>, from: &str) {
    sql.push(&format!(
        "SELECT link.group_id FROM group_links link{from} JOIN groups holder \
         ON holder.tenant_id = link.tenant_id AND holder.id = link.group_id \
         WHERE holder.deleted_at IS NULL AND link.relation = 'member' AND link.tenant_id = "
    ));
    sql.bind_id(tenant.uuid());
    if let Some(own) = seen_by {
        sql.push(
            " AND (NOT holder.members_hidden OR EXISTS (SELECT 1 FROM group_links own \
             WHERE own.tenant_id = holder.tenant_id AND own.group_id = holder.id \
             AND own.relation IN ('member', 'owner') AND own.object_id = ",
        );
        sql.bind_id(own.uuid());
        sql.push("))");
    }
}
