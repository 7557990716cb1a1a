//! Removing what nobody will ask for any more.

use super::worker::Worker;
use roster_domain::Result;
use roster_domain::credentials::MEMORY_SECONDS;
use roster_domain::id::TenantId;
use roster_domain::imports::ImportWrites as _;
use roster_domain::limits::{EVENT_DAYS, IMPORT_RESULT_DAYS};
use roster_domain::objects;
use roster_persistence::Session;
use std::time::{Duration, Instant};

/// Pause between two looks for leftovers.
const EVERY: Duration = Duration::from_secs(60);
/// An upload that became no job after this time never will, in seconds.
const ABANDONED: i64 = 3_600;
/// Rows that are removed in one transaction: 4 MiB of a file, or objects of each kind.
const AT_ONCE: usize = 16;

/// Rows without an owner that are removed in one transaction.
const MANY: i64 = 1_000;
/// Every how many looks events and tries at passwords are looked for too: there may be many, and
/// none of them is in anybody's way.
const SELDOM: u32 = 60;

/// Removes files after their import, jobs after their time, deleted items, events and wrong tries
/// after theirs.
#[derive(Debug, Default)]
pub(super) struct Sweeper {
    swept: Option<Instant>,
    looks: u32,
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
        if self.looks.is_multiple_of(SELDOM)
            && let Err(error) = events(worker).and_then(|()| throttles(worker))
        {
            tracing::warn!(error = ?error.internal, "old events and tries were not removed");
        }
        self.looks = self.looks.wrapping_add(1);
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

fn events(worker: &Worker) -> Result<()> {
    while !worker.signal.is_stopped() {
        let remove = |session: &mut Session<'_>| {
            session.remove_events(session.now().plus_days(-EVENT_DAYS), MANY)
        };
        if worker.unlocked(remove)? == 0 {
            break;
        }
    }
    Ok(())
}

/// A try that is no longer remembered needs no row.
fn throttles(worker: &Worker) -> Result<()> {
    while !worker.signal.is_stopped() {
        let (stale, before) = worker.read_session(|session| {
            let before = session.now().plus_seconds(-MEMORY_SECONDS);
            Ok((session.stale_throttles(before, MANY)?, before))
        })?;
        if worker.unlocked(move |session| session.remove_throttles(&stale, before))? == 0 {
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
