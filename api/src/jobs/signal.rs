//! Waking and stopping the worker.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Wakes the worker when there is something to do, and stops it. Clones are one signal.
#[derive(Clone, Default)]
pub struct Signal(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    woken: bool,
    stopped: bool,
}

impl Signal {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a job has arrived.
    pub fn wake(&self) {
        self.state().woken = true;
        self.0.changed.notify_one();
    }

    /// Asks the worker to stop after the batch it is at.
    pub fn stop(&self) {
        self.state().stopped = true;
        self.0.changed.notify_one();
    }

    /// Whether the worker should stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Waits until it is woken or stopped, or the time is over.
    pub(super) fn wait(&self, longest: Duration) {
        let idle = |state: &mut State| !state.woken && !state.stopped;
        let waited = self.0.changed.wait_timeout_while(self.state(), longest, idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.woken = false;
    }
}
