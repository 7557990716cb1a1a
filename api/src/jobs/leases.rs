//! Which job a process may take.

use roster_domain::id::TenantId;
use roster_domain::imports::ImportJobId;
use roster_persistence::Sighting;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Finds jobs whose owner is gone. It goes by this process's own stopwatch: clocks of machines
/// differ and are set, and a lease that ends at a point in time could end never or at once.
#[derive(Debug, Default)]
pub(super) struct Watch(HashMap<(TenantId, ImportJobId), (Sighting, Instant)>);

impl Watch {
    /// The first of the unfinished jobs that nobody works on, or whose owner has not moved for as
    /// long as `patience`.
    pub(super) fn free(
        &mut self,
        jobs: &[Sighting],
        now: Instant,
        patience: Duration,
    ) -> Option<Sighting> {
        let mut seen = HashMap::with_capacity(jobs.len());
        let mut free = None;
        for job in jobs {
            let key = (job.tenant, job.job);
            let known = self.0.get(&key).filter(|(known, _)| known == job);
            let since = known.map_or(now, |(_, since)| *since);
            let orphaned = now.saturating_duration_since(since) >= patience;
            if free.is_none() && (!job.leased || orphaned) {
                free = Some(*job);
            }
            seen.insert(key, (*job, since));
        }
        self.0 = seen;
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn job(number: u128, leased: bool, beat: i64) -> Sighting {
        let job = ImportJobId::new(Uuid::from_u128(number));
        Sighting { tenant: TenantId::default(), job, leased, fence: 1, beat }
    }

    #[test]
    fn a_job_that_nobody_works_on_is_taken_at_once() {
        let jobs = [job(1, true, 0), job(2, false, 0)];
        let free = Watch::default().free(&jobs, Instant::now(), PATIENCE);
        assert_eq!(free, Some(jobs[1]));
    }

    #[test]
    fn a_job_whose_owner_moves_is_left_alone_however_long_it_takes() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        for second in 0..60 {
            let jobs = [job(1, true, second / 4)];
            let now = start + Duration::from_secs(second.unsigned_abs());
            assert_eq!(watch.free(&jobs, now, PATIENCE), None, "after {second} s");
        }
    }

    #[test]
    fn a_job_whose_owner_stands_still_is_taken_after_the_patience() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        let jobs = [job(1, true, 7)];
        assert_eq!(watch.free(&jobs, start, PATIENCE), None);
        assert_eq!(watch.free(&jobs, start + PATIENCE / 2, PATIENCE), None);
        assert_eq!(watch.free(&jobs, start + PATIENCE, PATIENCE), Some(jobs[0]));
    }
}
