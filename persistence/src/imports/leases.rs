//! Who works on which job, and what is left over. The only statements on imports that look into
//! all organisations.

use crate::bind::Bind;
use crate::errors::map;
use crate::schema::import_jobs;
use crate::session::Session;
use crate::types::{Guid, Key};
use diesel::prelude::*;
use roster_domain::id::TenantId;
use roster_domain::imports::{ImportJobId, Lease};
use roster_domain::{Result, Timestamp};

/// A job that is not finished, as a process saw it. When nothing about it has changed for a
/// while, its owner is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Sighting {
    /// Organisation.
    pub tenant: TenantId,
    /// The job.
    pub job: ImportJobId,
    /// Whether a process works on it.
    pub leased: bool,
    /// Number of times it was taken.
    pub fence: i64,
    /// Grows whenever the owner does something.
    pub beat: i64,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Guid)]
    tenant_id: TenantId,
    #[diesel(sql_type = Guid)]
    id: ImportJobId,
}

/// Most jobs that are looked at together.
const AT_ONCE: i64 = 100;

impl Session<'_> {
    /// Jobs that are not finished, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unfinished_imports(&mut self) -> Result<Vec<Sighting>> {
        let jobs = import_jobs::table
            .filter(import_jobs::finished_at.is_null())
            .order((import_jobs::id, import_jobs::tenant_id))
            .limit(AT_ONCE)
            .select((
                import_jobs::tenant_id,
                import_jobs::id,
                import_jobs::leased,
                import_jobs::fence,
                import_jobs::beat,
            ))
            .load(self.conn());
        jobs.map_err(map)
    }

    /// Takes a job, in an unlocked write, unless anything about it has changed since it was seen.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lease_import(&mut self, seen: &Sighting) -> Result<Option<Lease>> {
        let fence = seen.fence.saturating_add(1);
        let same = import_jobs::table
            .find((Key::from(seen.tenant), Key::from(seen.job)))
            .filter(import_jobs::finished_at.is_null())
            .filter(import_jobs::fence.eq(seen.fence))
            .filter(import_jobs::beat.eq(seen.beat));
        let update =
            diesel::update(same).set((import_jobs::leased.eq(true), import_jobs::fence.eq(fence)));
        let taken = update.execute(self.conn()).map_err(map)? == 1;
        Ok(taken.then_some(Lease { tenant: seen.tenant, job: seen.job, fence }))
    }

    /// Shows that the owner of a lease is alive, in an unlocked write. Tells whether the lease
    /// still holds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn beat_import(&mut self, lease: &Lease) -> Result<bool> {
        let held = import_jobs::table
            .find((Key::from(lease.tenant), Key::from(lease.job)))
            .filter(import_jobs::leased.eq(true))
            .filter(import_jobs::fence.eq(lease.fence));
        let update = diesel::update(held).set(import_jobs::beat.eq(import_jobs::beat + 1));
        Ok(update.execute(self.conn()).map_err(map)? == 1)
    }

    /// Gives a lease back, in an unlocked write, so that another process may go on at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn release_import(&mut self, lease: &Lease) -> Result<()> {
        let held = import_jobs::table
            .find((Key::from(lease.tenant), Key::from(lease.job)))
            .filter(import_jobs::fence.eq(lease.fence));
        let update = diesel::update(held).set(import_jobs::leased.eq(false));
        update.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    /// Files that nobody will read any more: of jobs that are finished, and uploads from before a
    /// point in time that never became a job.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unwanted_import_files(
        &mut self,
        before: Timestamp,
    ) -> Result<Vec<(TenantId, ImportJobId)>> {
        let sql = "SELECT c.tenant_id AS tenant_id, c.job_id AS id FROM import_chunks c \
                   LEFT JOIN import_jobs j ON j.tenant_id = c.tenant_id AND j.id = c.job_id \
                   WHERE c.number = 0 AND (j.finished_at IS NOT NULL \
                   OR (j.id IS NULL AND c.created_at < $1)) \
                   ORDER BY c.job_id LIMIT $2";
        self.named_imports(sql, before)
    }

    /// Jobs that were finished before a point in time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn expired_imports(&mut self, before: Timestamp) -> Result<Vec<(TenantId, ImportJobId)>> {
        let sql = "SELECT tenant_id, id FROM import_jobs WHERE finished_at < $1 LIMIT $2";
        self.named_imports(sql, before)
    }

    fn named_imports(
        &mut self,
        sql: &str,
        before: Timestamp,
    ) -> Result<Vec<(TenantId, ImportJobId)>> {
        let binds = vec![Bind::Instant(before), Bind::Int(AT_ONCE)];
        let rows: Vec<Named> = self.query(sql, binds)?;
        Ok(rows.into_iter().map(|row| (row.tenant_id, row.id)).collect())
    }
}
