//! Import jobs, their files and their results in the database.

mod leases;
mod reads;
mod writes;

pub use leases::Sighting;

use crate::types::Json;
use diesel::Queryable;
use roster_domain::id::TenantId;
use roster_domain::imports::{ImportJob, ImportJobId};
use roster_domain::{Error, Result, Timestamp};

/// What is read of a job.
#[derive(Queryable)]
struct Loaded {
    tenant_id: TenantId,
    id: ImportJobId,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    doc: Json<ImportJob>,
}

impl From<Loaded> for ImportJob {
    fn from(row: Loaded) -> Self {
        let Json(job) = row.doc;
        Self {
            tenant: row.tenant_id,
            id: row.id,
            created: row.created_at,
            finished: row.finished_at,
            ..job
        }
    }
}

/// A number of the domain as a column keeps it.
fn stored(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| Error::internal("a number is too large for its column"))
}
