//! Removing what nobody will ask for any more.

use super::worker::Worker;
use roster_domain::Result;
use roster_domain::id::TenantId;
use roster_domain::imports::ImportWrites as _;
use roster_domain::limits::IMPORT_RESULT_DAYS;
use roster_domain::objects;
use std::time::{Duration, Instant};

/// Pause between two looks for leftovers.
const EVERY: Duration = Duration::from_secs(60);
/// An upload that became no job after this time never will, in seconds.
const ABANDONED: i64 = 3_600;
/// Rows that are removed in one transaction: 4 MiB of a file, or objects of each kind.
const AT_ONCE: usize = 16;

/// Removes files after their import, jobs after their time, and deleted items after theirs.
#[derive(Debug, Default)]
pub(super) struct Sweeper {
    swept: Option<Instant>,
}

impl Sweeper {
    /// Removes what is left over, if it is time to look. What cannot be removed now is removed
    /// next time.
    pub(super) fn sweep(&mut self, worker: &Worker) {
        if self.swept.is_some_and(|swept| swept.elapsed() < EVERY) {
            return;
        }
        self.swept = Some(Instant::now());
        for leftovers in [files, jobs] {
            if let Err(error) = leftovers(worker) {
                tracing::warn!(error = ?error.internal, "leftovers of imports were not removed");
            }
        }
        if let Err(error) = deleted_items(worker) {
            tracing::warn!(error = ?error.internal, "expired deleted items were not erased");
        }
    }
}

/// Erases what has been in deleted items for 30 days (R76).
fn deleted_items(worker: &Worker) -> Result<()> {
    let organisations = worker.read_session(|session| {
        let before = objects::kept_since(session.now());
        session.organisations_with_expired(before)
    })?;
    let mut failed = Ok(());
    for tenant in organisations {
        // One that cannot be served must not keep the others waiting.
        failed = erase(worker, tenant).and(failed);
    }
    failed
}

fn erase(worker: &Worker, tenant: TenantId) -> Result<()> {
    while !worker.signal.is_stopped() {
        if worker.write(tenant, |tx| objects::erase_expired(tx, AT_ONCE))? == 0 {
            break;
        }
    }
    Ok(())
}

fn files(worker: &Worker) -> Result<()> {
    let unwanted = worker.read_session(|session| {
        let before = session.now().plus_seconds(-ABANDONED);
        session.unwanted_import_files(before)
    })?;
    for (tenant, job) in unwanted {
        while worker.write(tenant, move |tx| tx.delete_import_chunks(job, AT_ONCE))? > 0 {}
    }
    Ok(())
}

fn jobs(worker: &Worker) -> Result<()> {
    let expired = worker.read_session(|session| {
        let before = session.now().plus_days(-IMPORT_RESULT_DAYS);
        session.expired_imports(before)
    })?;
    for (tenant, job) in expired {
        while worker.write(tenant, move |tx| tx.delete_import_parts(job, AT_ONCE))? > 0 {}
        worker.write(tenant, move |tx| tx.delete_import_job(job))?;
    }
    Ok(())
}
