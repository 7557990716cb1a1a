//! The bounded queue before a group of threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Who waits for a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody who looks at a screen. Goes first.
    Interactive,
    /// An import, a clean-up, anything that may take its time.
    Bulk,
}

/// Why a job was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// As many jobs wait as may.
    Full,
    /// The store is closed.
    Closed,
}

/// A queue with two lanes. The bound holds for each lane, so that bulk work never keeps
/// interactive work out.
pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    filled: Condvar,
    bound: usize,
}

struct State<J> {
    interactive: VecDeque<J>,
    bulk: VecDeque<J>,
    /// Threads that sleep in [`Queue::wait`]; nobody is woken when there is none.
    sleepers: usize,
    /// Interactive jobs handed out since the last bulk job.
    overtaken: usize,
    closed: bool,
}

/// After so many interactive jobs a waiting bulk job is served, so that it is slow, not stuck.
const PATIENCE: usize = 1_000;

impl<J> Queue<J> {
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            state: Mutex::new(State {
                interactive: VecDeque::new(),
                bulk: VecDeque::new(),
                sleepers: 0,
                overtaken: 0,
                closed: false,
            }),
            filled: Condvar::new(),
            bound,
        }
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a job.
    pub(crate) fn push(&self, lane: Lane, job: J) -> Result<(), Rejected> {
        let mut state = self.state();
        if state.closed {
            return Err(Rejected::Closed);
        }
        let jobs = match lane {
            Lane::Interactive => &mut state.interactive,
            Lane::Bulk => &mut state.bulk,
        };
        if jobs.len() >= self.bound {
            return Err(Rejected::Full);
        }
        jobs.push_back(job);
        let wake = state.sleepers > 0;
        drop(state);
        if wake {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// The next job, waiting for one; none once the queue is closed and empty.
    pub(crate) fn wait(&self) -> Option<J> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.take(|_| true) {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.sleepers += 1;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleepers -= 1;
        }
    }

    /// The next job that fits, if one waits.
    pub(crate) fn next(&self, fits: impl Fn(&J) -> bool) -> Option<J> {
        self.state().take(fits)
    }

    /// Takes no more jobs; those that wait are still served.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.filled.notify_all();
    }
}

impl<J> State<J> {
    fn take(&mut self, fits: impl Fn(&J) -> bool) -> Option<J> {
        let bulk_first = self.overtaken >= PATIENCE;
        let interactive = if bulk_first { None } else { remove(&mut self.interactive, &fits) };
        if let Some(job) = interactive {
            self.overtaken = if self.bulk.is_empty() { 0 } else { self.overtaken + 1 };
            return Some(job);
        }
        if let Some(job) = remove(&mut self.bulk, &fits) {
            self.overtaken = 0;
            return Some(job);
        }
        if bulk_first { remove(&mut self.interactive, &fits) } else { None }
    }
}

/// The first job that fits; the others keep their order.
fn remove<J>(jobs: &mut VecDeque<J>, fits: impl Fn(&J) -> bool) -> Option<J> {
    let position = jobs.iter().position(fits)?;
    jobs.remove(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interactive_jobs_overtake_bulk_jobs() {
        let queue = Queue::new(4);
        queue.push(Lane::Bulk, 'b').unwrap();
        queue.push(Lane::Interactive, 'i').unwrap();
        assert_eq!([queue.wait(), queue.wait()], [Some('i'), Some('b')]);
    }

    #[test]
    fn a_bulk_job_is_not_overtaken_without_end() {
        let queue = Queue::new(2 * PATIENCE);
        queue.push(Lane::Bulk, usize::MAX).unwrap();
        for job in 0..2 * PATIENCE {
            queue.push(Lane::Interactive, job).unwrap();
        }
        let turn = (0..=2 * PATIENCE).find(|_| queue.wait() == Some(usize::MAX));
        assert_eq!(turn, Some(PATIENCE));
    }

    #[test]
    fn a_full_lane_refuses_and_leaves_the_other_open() {
        let queue = Queue::new(1);
        queue.push(Lane::Bulk, 1).unwrap();
        assert_eq!(queue.push(Lane::Bulk, 2), Err(Rejected::Full));
        assert_eq!(queue.push(Lane::Interactive, 3), Ok(()));
    }

    #[test]
    fn only_jobs_that_fit_are_taken_and_the_rest_keep_their_order() {
        let queue = Queue::new(4);
        for job in [1, 2, 3, 4] {
            queue.push(Lane::Interactive, job).unwrap();
        }
        let even = |job: &i32| job % 2 == 0;
        assert_eq!(
            [queue.next(even), queue.next(even), queue.next(even)],
            [Some(2), Some(4), None]
        );
        assert_eq!([queue.wait(), queue.wait()], [Some(1), Some(3)]);
    }

    #[test]
    fn a_closed_queue_serves_what_waits_and_takes_no_more() {
        let queue = Queue::new(4);
        queue.push(Lane::Bulk, 1).unwrap();
        queue.close();
        assert_eq!(queue.push(Lane::Bulk, 2), Err(Rejected::Closed));
        assert_eq!([queue.wait(), queue.wait()], [Some(1), None]);
    }
}
