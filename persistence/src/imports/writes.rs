//! Writing import jobs.

use super::reads::LOADED;
use super::{Loaded, stored};
use crate::errors::map;
use crate::schema::{import_chunks, import_jobs, import_parts};
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::dsl::max;
use diesel::prelude::*;
use roster_domain::imports::{ImportJob, ImportJobId, ImportWrites, Lease, SealedPart};
use roster_domain::{Error, Result};

#[derive(Insertable)]
#[diesel(table_name = import_jobs, treat_none_as_default_value = false)]
struct NewJob {
    tenant_id: Key,
    id: Key,
    created_at: At,
    finished_at: Option<At>,
    leased: bool,
    fence: i64,
    beat: i64,
    doc: Json<ImportJob>,
}

#[derive(Insertable)]
#[diesel(table_name = import_chunks)]
struct NewChunk<'a> {
    tenant_id: Key,
    job_id: Key,
    number: i64,
    created_at: At,
    bytes: &'a [u8],
}

#[derive(Insertable)]
#[diesel(table_name = import_parts, treat_none_as_default_value = false)]
struct NewPart<'a> {
    tenant_id: Key,
    job_id: Key,
    number: i64,
    outcomes: &'a [u8],
    with_passwords: Option<&'a [u8]>,
}

impl ImportWrites for Session<'_> {
    fn insert_import_chunk(&mut self, id: ImportJobId, number: u64, bytes: &[u8]) -> Result<()> {
        let row = NewChunk {
            tenant_id: self.write_tenant()?.into(),
            job_id: id.into(),
            number: stored(number)?,
            created_at: self.now().into(),
            bytes,
        };
        let insert = diesel::insert_into(import_chunks::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn delete_import_chunks(&mut self, id: ImportJobId, limit: usize) -> Result<usize> {
        let of_job = import_chunks::table
            .filter(import_chunks::tenant_id.eq(Key::from(self.write_tenant()?)))
            .filter(import_chunks::job_id.eq(Key::from(id)));
        let last = of_job.select(max(import_chunks::number)).get_result(self.conn());
        let after = before_last(last.map_err(map)?, limit);
        let delete = diesel::delete(of_job.filter(import_chunks::number.gt(after)));
        delete.execute(self.conn()).map_err(map)
    }

    fn insert_import_job(&mut self, job: &ImportJob) -> Result<()> {
        let row = NewJob {
            tenant_id: self.write_tenant()?.into(),
            id: job.id.into(),
            created_at: job.created.into(),
            finished_at: job.finished.map(At),
            leased: false,
            fence: 0,
            beat: 0,
            doc: Json(job.clone()),
        };
        let insert = diesel::insert_into(import_jobs::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn leased_import(&mut self, lease: &Lease) -> Result<Option<ImportJob>> {
        self.check_tenant(lease)?;
        let found = import_jobs::table
            .find((Key::from(lease.tenant), Key::from(lease.job)))
            .filter(import_jobs::leased.eq(true))
            .filter(import_jobs::fence.eq(lease.fence))
            .select(LOADED)
            .get_result::<Loaded>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(ImportJob::from))
    }

    fn update_import_job(&mut self, lease: &Lease, job: &ImportJob) -> Result<bool> {
        self.check_tenant(lease)?;
        let row = import_jobs::table
            .find((Key::from(lease.tenant), Key::from(lease.job)))
            .filter(import_jobs::leased.eq(true))
            .filter(import_jobs::fence.eq(lease.fence));
        let update = diesel::update(row).set((
            import_jobs::finished_at.eq(job.finished.map(At)),
            import_jobs::leased.eq(!job.is_finished()),
            import_jobs::beat.eq(import_jobs::beat + 1),
            import_jobs::doc.eq(Json(job.clone())),
        ));
        Ok(update.execute(self.conn()).map_err(map)? == 1)
    }

    fn insert_import_part(&mut self, id: ImportJobId, part: &SealedPart) -> Result<()> {
        let row = NewPart {
            tenant_id: self.write_tenant()?.into(),
            job_id: id.into(),
            number: stored(part.number)?,
            outcomes: &part.outcomes,
            with_passwords: part.with_passwords.as_deref(),
        };
        let insert = diesel::insert_into(import_parts::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn erase_import_passwords(&mut self, id: ImportJobId, from: u64, to: u64) -> Result<()> {
        let parts = import_parts::table
            .filter(import_parts::tenant_id.eq(Key::from(self.write_tenant()?)))
            .filter(import_parts::job_id.eq(Key::from(id)))
            .filter(import_parts::number.ge(stored(from)?))
            .filter(import_parts::number.le(stored(to)?));
        let update = diesel::update(parts).set(import_parts::with_passwords.eq(None::<Vec<u8>>));
        update.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn delete_import_parts(&mut self, id: ImportJobId, limit: usize) -> Result<usize> {
        let of_job = import_parts::table
            .filter(import_parts::tenant_id.eq(Key::from(self.write_tenant()?)))
            .filter(import_parts::job_id.eq(Key::from(id)));
        let last = of_job.select(max(import_parts::number)).get_result(self.conn());
        let after = before_last(last.map_err(map)?, limit);
        let delete = diesel::delete(of_job.filter(import_parts::number.gt(after)));
        delete.execute(self.conn()).map_err(map)
    }

    fn delete_import_job(&mut self, id: ImportJobId) -> Result<()> {
        let tenant = self.write_tenant()?;
        let job = import_jobs::table.find((Key::from(tenant), Key::from(id)));
        diesel::delete(job).execute(self.conn()).map_err(map)?;
        Ok(())
    }
}

impl Session<'_> {
    fn check_tenant(&self, lease: &Lease) -> Result<()> {
        if self.write_tenant()? == lease.tenant {
            return Ok(());
        }
        Err(Error::internal("the lease of an import belongs to another organisation"))
    }
}

/// The number before the last `limit` ones, which have no gaps.
fn before_last(last: Option<i64>, limit: usize) -> i64 {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    last.unwrap_or(-1).saturating_sub(limit)
}
