//! Reading import jobs.

use super::{Loaded, stored};
use crate::errors::map;
use crate::schema::{import_chunks, import_jobs, import_parts};
use crate::session::Session;
use crate::types::Key;
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::id::TenantId;
use roster_domain::imports::{ImportJob, ImportJobId, ImportReads, SealedPart};

/// The columns of [`Loaded`].
pub(super) const LOADED: (
    import_jobs::tenant_id,
    import_jobs::id,
    import_jobs::created_at,
    import_jobs::finished_at,
    import_jobs::doc,
) = (
    import_jobs::tenant_id,
    import_jobs::id,
    import_jobs::created_at,
    import_jobs::finished_at,
    import_jobs::doc,
);

impl ImportReads for Session<'_> {
    fn import_job(&mut self, tenant: TenantId, id: ImportJobId) -> Result<Option<ImportJob>> {
        let found = import_jobs::table
            .find((Key::from(tenant), Key::from(id)))
            .select(LOADED)
            .get_result::<Loaded>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(ImportJob::from))
    }

    fn import_jobs(
        &mut self,
        tenant: TenantId,
        before: Option<ImportJobId>,
        limit: usize,
    ) -> Result<Vec<ImportJob>> {
        let mut query =
            import_jobs::table.filter(import_jobs::tenant_id.eq(Key::from(tenant))).into_boxed();
        if let Some(before) = before {
            query = query.filter(import_jobs::id.lt(Key::from(before)));
        }
        let rows = query
            .order(import_jobs::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(LOADED)
            .load::<Loaded>(self.conn());
        Ok(rows.map_err(map)?.into_iter().map(ImportJob::from).collect())
    }

    fn pending_imports(&mut self, tenant: TenantId) -> Result<i64> {
        let count = import_jobs::table
            .filter(import_jobs::tenant_id.eq(Key::from(tenant)))
            .filter(import_jobs::finished_at.is_null())
            .count()
            .get_result(self.conn());
        count.map_err(map)
    }

    fn import_chunk(
        &mut self,
        tenant: TenantId,
        id: ImportJobId,
        number: u64,
    ) -> Result<Option<Vec<u8>>> {
        let found = import_chunks::table
            .find((Key::from(tenant), Key::from(id), stored(number)?))
            .select(import_chunks::bytes)
            .get_result(self.conn())
            .optional();
        found.map_err(map)
    }

    fn import_parts(
        &mut self,
        tenant: TenantId,
        id: ImportJobId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<SealedPart>> {
        let rows = import_parts::table
            .filter(import_parts::tenant_id.eq(Key::from(tenant)))
            .filter(import_parts::job_id.eq(Key::from(id)))
            .filter(import_parts::number.ge(stored(from)?))
            .order(import_parts::number)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((import_parts::number, import_parts::outcomes, import_parts::with_passwords))
            .load::<(i64, Vec<u8>, Option<Vec<u8>>)>(self.conn());
        let part = |(number, outcomes, with_passwords)| SealedPart {
            number: u64::try_from(number).unwrap_or_default(),
            outcomes,
            with_passwords,
        };
        Ok(rows.map_err(map)?.into_iter().map(part).collect())
    }
}
