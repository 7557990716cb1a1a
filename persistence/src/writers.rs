//! Writer threads: waiting jobs share one transaction and one COMMIT.

use crate::batch::{Batch, Broken, Span};
use crate::commit::{Unfinished, commit, find};
use crate::connection::{AnyConnection, depth};
use crate::errors::{not_committed, outcome_unknown};
use crate::faults::Faults;
use crate::feed::News;
use crate::job::WriteJob;
use crate::link::Link;
use crate::queue::Queue;
use diesel::connection::{SimpleConnection, TransactionManager};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng;
use roster_domain::{Error, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a batch that lost a race is run.
const TRIES: u32 = 8;
/// After this time a batch that lost a race is not run again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bounds of a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Most jobs.
    pub(crate) jobs: usize,
    /// No job is added after this time.
    pub(crate) time: Duration,
    /// Whether all jobs must lock the same tenant, or none.
    pub(crate) one_tenant: bool,
}

/// What a writer thread owns.
pub(crate) struct Writer {
    pub(crate) link: Link,
    pub(crate) queue: Arc<Queue<WriteJob>>,
    pub(crate) limits: Limits,
    pub(crate) news: Arc<News>,
    pub(crate) faults: Option<Arc<dyn Faults>>,
    /// For the pauses before another try.
    pub(crate) rng: ChaCha20Rng,
}

impl Writer {
    /// Serves writes until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(job) = self.queue.wait() {
            self.serve(job);
        }
        if let Ok((AnyConnection::Sqlite(connection), _)) = self.link.get()
            && let Err(error) = connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(%error, "the write-ahead log was not folded into the database");
        }
    }

    /// Runs a batch, tells the process, then answers every job of it: refusals too wait for the
    /// COMMIT, since they may rest on a neighbour's row.
    fn serve(&mut self, first: WriteJob) {
        let mut jobs = vec![first];
        match self.settle(&mut jobs) {
            Ok(spans) => self.news.committed(&spans),
            Err(error) => {
                tracing::warn!(jobs = jobs.len(), error = ?error.internal, "a batch failed");
                for job in &mut jobs {
                    job.refuse(error.clone());
                }
            }
        }
        for job in jobs {
            job.answer();
        }
    }

    /// Runs a batch until it is committed or given up.
    fn settle(&mut self, jobs: &mut Vec<WriteJob>) -> Result<Vec<Span>> {
        let started = Instant::now();
        let mut reason = String::new();
        for attempt in 1..=TRIES {
            if attempt > 1 && started.elapsed() > PATIENCE {
                break;
            }
            reason = match self.attempt(jobs, attempt) {
                Ok(spans) => match commit(&mut self.link, self.faults.as_deref()) {
                    Ok(()) => return Ok(spans),
                    Err(Unfinished::Race(text)) => text,
                    Err(Unfinished::RolledBack(text)) => return Err(not_committed(&text)),
                    Err(Unfinished::Unknown(text)) => return self.resolve(spans, &text),
                },
                Err(Interrupted::Offline(error)) => return Err(error),
                Err(Interrupted::Broken(Broken::Race(text))) => text,
                Err(Interrupted::Broken(Broken::Stale(text))) => {
                    self.link.close();
                    text
                }
                Err(Interrupted::Broken(Broken::Lost(text))) => {
                    self.link.close();
                    return Err(not_committed(&text));
                }
            };
            self.roll_back();
            self.pause(attempt);
        }
        Err(not_committed(&format!("given up after several tries: {reason}")))
    }

    /// One transaction up to its COMMIT. The first takes jobs from the queue as long as the limits
    /// allow; another runs the same ones.
    fn attempt(
        &mut self,
        jobs: &mut Vec<WriteJob>,
        attempt: u32,
    ) -> Result<Vec<Span>, Interrupted> {
        let mut batch = Batch::begin(self.link.get()?)?;
        for job in jobs.iter_mut() {
            batch.run(job, attempt == TRIES)?;
        }
        let tenant = jobs.first().and_then(|job| job.tenant);
        let fits = |job: &WriteJob| !self.limits.one_tenant || job.tenant == tenant;
        let limits = self.limits;
        while attempt == 1 && jobs.len() < limits.jobs && batch.age() < limits.time {
            let Some(mut job) = self.queue.next(fits) else {
                break;
            };
            let ran = batch.run(&mut job, false);
            jobs.push(job);
            ran?;
        }
        Ok(batch.finish()?)
    }

    /// Finds out what became of a COMMIT whose answer was lost. Nothing is run again.
    fn resolve(&mut self, spans: Vec<Span>, reason: &str) -> Result<Vec<Span>> {
        match find(&mut self.link, &spans) {
            Some(true) => Ok(spans),
            Some(false) => Err(not_committed(reason)),
            None => Err(outcome_unknown(reason)),
        }
    }

    fn roll_back(&mut self) {
        let Ok((connection, watch)) = self.link.get() else {
            return;
        };
        while depth(connection) > 0 {
            if AnyConnection::rollback_transaction(connection).is_err() {
                self.link.close();
                return;
            }
        }
        watch.take();
    }

    /// Waits a random time that grows with the number of tries, so that those who collided do not
    /// collide again.
    fn pause(&mut self, attempt: u32) {
        let longest = 4_000_u64 << attempt.min(5);
        std::thread::sleep(Duration::from_micros(self.rng.next_u64() % longest));
    }
}

/// Why an attempt did not come to its COMMIT.
enum Interrupted {
    Offline(Error),
    Broken(Broken),
}

impl From<Error> for Interrupted {
    fn from(error: Error) -> Self {
        Self::Offline(error)
    }
}

impl From<Broken> for Interrupted {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}
