//! The worker thread: takes jobs, one after the other.

use super::leases::Watch;
use super::signal::Signal;
use super::sweep::Sweeper;
use super::vault::ServiceVault;
use roster_domain::authz::Policy;
use roster_domain::events::Event;
use roster_domain::id::TenantId;
use roster_domain::imports::{self, ImportJob, Lease};
use roster_domain::ports::ReadTx;
use roster_domain::{Kind, Result};
use roster_persistence::{Lane, Session, Store};
use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use tokio::runtime::{self, Runtime};

/// Pause between two looks at the jobs.
const POLL: Duration = Duration::from_secs(1);
/// After this time without a beat a job's owner counts as gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Imports files.
pub struct Worker {
    store: Store,
    pub(super) vault: Arc<ServiceVault>,
    pub(super) policy: Policy,
    pub(super) signal: Signal,
    /// Waits for the database; nothing else runs on it.
    runtime: Runtime,
}

/// The worker's thread; it ends with this value.
pub struct Running {
    signal: Signal,
    thread: Option<JoinHandle<()>>,
}

/// How work on a job ended.
pub(super) enum Ended {
    /// The job is finished.
    Finished,
    /// The process is to stop; the job is not finished.
    Stopped,
}

impl Worker {
    /// A worker on a database.
    ///
    /// # Errors
    /// When the system gives no timer.
    pub fn new(
        store: Store,
        vault: ServiceVault,
        policy: Policy,
        signal: Signal,
    ) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().build()?;
        Ok(Self { store, vault: Arc::new(vault), policy, signal, runtime })
    }

    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(self) -> io::Result<Running> {
        let signal = self.signal.clone();
        let thread = Builder::new().name("jobs".to_owned()).spawn(move || self.run())?;
        Ok(Running { signal, thread: Some(thread) })
    }

    fn run(self) {
        let mut watch = Watch::default();
        let mut sweeper = Sweeper::default();
        while !self.signal.is_stopped() {
            match self.take(&mut watch) {
                Ok(Some(lease)) => self.work(&lease),
                Ok(None) => {
                    sweeper.sweep(&self);
                    self.signal.wait(POLL);
                }
                Err(error) => {
                    tracing::warn!(error = ?error.internal, "cannot look for import jobs");
                    self.signal.wait(POLL);
                }
            }
        }
    }

    /// Takes a job that nobody works on.
    fn take(&self, watch: &mut Watch) -> Result<Option<Lease>> {
        let jobs = self.read_session(|session| session.unfinished_imports())?;
        match watch.free(&jobs, Instant::now(), PATIENCE) {
            Some(free) => self.unlocked(move |session| session.lease_import(&free)),
            None => Ok(None),
        }
    }

    /// Works on a job until it is finished, another process has it, or this one is to stop.
    fn work(&self, lease: &Lease) {
        let job = lease.job;
        tracing::info!(%job, fence = lease.fence, "working on an import");
        loop {
            let error = match self.import(lease) {
                Ok(Ended::Finished) => {
                    self.update_statistics();
                    return tracing::info!(%job, "the import has ended");
                }
                Ok(Ended::Stopped) => return self.release(lease),
                Err(error) => error,
            };
            if imports::is_taken_over(&error) {
                return tracing::info!(%job, "another process has the import");
            }
            tracing::warn!(%job, error = ?error.internal, "an import was interrupted");
            if error.kind != Kind::Unavailable && self.give_up(lease) {
                return;
            }
            self.signal.wait(POLL);
            if self.signal.is_stopped() {
                return self.release(lease);
            }
        }
    }

    pub(super) fn update_statistics(&self) {
        if let Err(error) = self.read_session(|session| session.update_statistics()) {
            tracing::warn!(error = ?error.internal, "the statistics were not updated");
        }
    }

    /// Ends a job at which the service itself fails, so that it does not fail for ever.
    fn give_up(&self, lease: &Lease) -> bool {
        let lease = *lease;
        let ended = self.write(lease.tenant, move |session| {
            let why = "The service failed at this file. The log tells why, under the job's id. \
                       The rows imported until then stay.";
            imports::give_up(session, &lease, why).and_then(|job| noted(session, job))
        });
        ended.is_ok()
    }

    fn release(&self, lease: &Lease) {
        let lease = *lease;
        if let Err(error) = self.unlocked(move |session| session.release_import(&lease)) {
            tracing::warn!(error = ?error.internal, "the lease of an import was not given back");
        }
    }

    /// Reads and waits for the answer.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn ReadTx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.read_session(|session| work(session))
    }

    /// [`Worker::read`] of what only the database itself offers.
    pub(super) fn read_session<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.runtime.block_on(self.store.read(work))
    }

    /// Writes as bulk work of an organisation and waits for the answer.
    pub(super) fn write<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inputs = self.store.inputs()?;
        self.runtime.block_on(self.store.write(Lane::Bulk, tenant, inputs, work))
    }

    /// Writes without an organisation's lock and waits for the answer.
    pub(super) fn unlocked<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inputs = self.store.inputs()?;
        self.runtime.block_on(self.store.unlocked(inputs, work))
    }
}

/// Notes the end of a job in the events, in the transaction that ends it.
pub(super) fn noted(session: &mut Session<'_>, job: ImportJob) -> Result<ImportJob> {
    if job.is_finished() {
        session.append_event(&Event::import(&job))?;
    }
    Ok(job)
}

impl Drop for Running {
    /// Lets the worker finish the batch it is at, give its job back and end.
    fn drop(&mut self) {
        self.signal.stop();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread of the jobs panicked");
        }
    }
}
