//! Deleted items in the database, whatever their kind.

use crate::bind::Bind;
use crate::query::{Columns, Sql};
use crate::session::Session;
use crate::types::Guid;
use diesel::QueryableByName;
use roster_domain::authz::Scope;
use roster_domain::id::TenantId;
use roster_domain::{Result, Timestamp};

#[derive(QueryableByName)]
struct Organisation {
    #[diesel(sql_type = Guid)]
    tenant_id: TenantId,
}

impl Session<'_> {
    /// A statement over a table, limited to the objects of a scope that were deleted after a point
    /// in time.
    pub(crate) fn deleted<C: Columns>(
        &mut self,
        from: &str,
        scope: &Scope,
        since: Timestamp,
    ) -> Sql {
        let mut sql = self.within::<C>(from, scope);
        sql.push(&format!(" AND {}.deleted_at > ", C::TABLE));
        sql.bind(Bind::Instant(since));
        sql
    }

    /// Organisations with objects that were deleted at a point in time or before. It looks into all
    /// organisations, for the job that erases them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn organisations_with_expired(&mut self, before: Timestamp) -> Result<Vec<TenantId>> {
        let found = self.query::<Organisation>(
            "SELECT tenant_id FROM users WHERE deleted_at <= $1 \
             UNION SELECT tenant_id FROM groups WHERE deleted_at <= $1",
            vec![Bind::Instant(before)],
        )?;
        Ok(found.into_iter().map(|row| row.tenant_id).collect())
    }
}
