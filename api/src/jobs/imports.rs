//! One import from wherever it stands to its end.

use super::chunks::{Chunks, fault};
use super::pace::Pace;
use super::worker::{Ended, Worker, noted};
use roster_domain::Result;
use roster_domain::imports::{
    self, Batch, ImportJob, Lease, Reader, Stop, Survey, prepare, taken_over,
};
use std::hash::RandomState;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A batch is full when it has this much of the file, whatever its rows.
const FULL: u64 = 1024 * 1024;
/// After so many rows the database counts its tables anew; then each time they are four times more.
const FIRST_COUNT: usize = 250;

impl Worker {
    /// Reads the file once to count what is in it, then imports its rows in batches.
    ///
    /// # Errors
    /// 503 when the database cannot be reached; then the same lease may go on later.
    pub(super) fn import(&self, lease: &Lease) -> Result<Ended> {
        let lease = *lease;
        let found = self.read(move |tx| tx.import_job(lease.tenant, lease.job))?;
        let job = found.filter(|job| !job.is_finished()).ok_or_else(taken_over)?;
        let file = Chunks::from(self, lease, 0);
        let survey = match Survey::of(file, job.kind, &RandomState::new()) {
            Ok(survey) => Arc::new(survey),
            Err(Stop::File(wrong)) => {
                self.write(lease.tenant, move |session| {
                    let job = imports::refuse(session, &lease, &wrong)?;
                    noted(session, job)
                })?;
                return Ok(Ended::Finished);
            }
            Err(stop) => return Err(fault(stop)),
        };
        let known = Arc::clone(&survey);
        let job =
            self.write(lease.tenant, move |session| imports::verified(session, &lease, &known))?;
        self.rows(lease, &survey, job)
    }

    /// Imports rows. While the tables grow many times over, plans made for small ones would cost
    /// ever more.
    fn rows(&self, lease: Lease, survey: &Survey, job: ImportJob) -> Result<Ended> {
        let mut reader = self.reader(lease, survey, &job);
        let mut pace = Pace::new();
        let (mut done, mut counted) = (0, FIRST_COUNT);
        while !self.signal.is_stopped() {
            let batch = self.batch(&mut reader, survey, &job, pace.rows())?;
            let (rows, last) = (batch.rows.len(), batch.last);
            let (job, took) = self.process(lease, batch)?;
            if job.is_finished() {
                return Ok(Ended::Finished);
            }
            if last {
                // The rows are read once more, for the next step.
                reader = self.reader(lease, survey, &job);
            }
            pace.learn(rows, took);
            done += rows;
            if done >= counted {
                self.update_statistics();
                counted = done.saturating_mul(4);
            }
        }
        Ok(Ended::Stopped)
    }

    /// Reads the rows from where the job stands.
    fn reader<'w>(
        &'w self,
        lease: Lease,
        survey: &Survey,
        job: &ImportJob,
    ) -> Reader<impl Read + use<'w>> {
        let checkpoint = job.checkpoint.unwrap_or(survey.rows_at);
        Reader::resume(Chunks::from(self, lease, checkpoint.position.byte), checkpoint)
    }

    /// The next rows of the file, ready for their transaction.
    fn batch<R: Read>(
        &self,
        reader: &mut Reader<R>,
        survey: &Survey,
        job: &ImportJob,
        most: usize,
    ) -> Result<Batch> {
        let from = reader.checkpoint();
        let layout = reader.layout();
        let mut rows = Vec::with_capacity(most);
        let mut last = false;
        while rows.len() < most && reader.checkpoint().position.byte - from.position.byte < FULL {
            let Some(row) = reader.next() else {
                last = true;
                break;
            };
            let row = row.map_err(fault)?;
            rows.push(prepare(survey, layout, &job.options, row, &*self.vault)?);
        }
        Ok(Batch { from, to: reader.checkpoint(), rows, last })
    }

    /// Writes a batch and tells how long its transaction took without the COMMIT.
    fn process(&self, lease: Lease, batch: Batch) -> Result<(ImportJob, Duration)> {
        let (vault, policy) = (Arc::clone(&self.vault), self.policy);
        self.write(lease.tenant, move |session| {
            let started = Instant::now();
            let job = imports::process(session, &lease, policy, &batch, &*vault)?;
            Ok((noted(session, job)?, started.elapsed()))
        })
    }
}
