//! News about the change feed inside this process: from its own writers and from the poller.

use crate::batch::Span;
use roster_domain::changes::Committed;
use roster_domain::id::TenantId;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// A tenant whose feed another process may have moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The tenant.
    pub tenant: TenantId,
    /// Changes up to this one were known here.
    pub after: i64,
    /// The last change there is. Some of those between may be this process's own.
    pub seq: i64,
}

/// Called with what a transaction committed.
pub type CommitHook = Arc<dyn Fn(&[Committed]) + Send + Sync>;
/// Called with the tenants that moved.
pub type MovedHook = Arc<dyn Fn(&[Moved]) + Send + Sync>;

/// What the threads of a store tell each other and the process about changes.
pub(crate) struct News {
    /// For each tenant the last sequence number up to which everything was told here.
    told: Mutex<HashMap<TenantId, i64>>,
    polled: Mutex<Instant>,
    on_commit: RwLock<Vec<CommitHook>>,
    on_moved: RwLock<Vec<MovedHook>>,
}

impl News {
    /// Starts from the state of a first poll, which is news to nobody.
    pub(crate) fn new(polled: Instant, counters: Vec<(TenantId, i64)>) -> Self {
        Self {
            told: Mutex::new(counters.into_iter().collect()),
            polled: Mutex::new(polled),
            on_commit: RwLock::default(),
            on_moved: RwLock::default(),
        }
    }

    pub(crate) fn on_commit(&self, hook: CommitHook) {
        self.on_commit.write().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    pub(crate) fn on_moved(&self, hook: MovedHook) {
        self.on_moved.write().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    /// Tells what a writer of this process committed.
    pub(crate) fn committed(&self, spans: &[Span]) {
        let changes: Vec<Committed> = spans.iter().flat_map(|span| span.changes.clone()).collect();
        if changes.is_empty() {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for span in spans {
            // If another process wrote in between, the poller has yet to tell of it.
            let seq = told.entry(span.tenant).or_insert(span.start);
            if *seq == span.start {
                *seq = span.end;
            }
        }
        drop(told);
        let hooks = self.on_commit.read().unwrap_or_else(PoisonError::into_inner);
        for hook in hooks.iter() {
            guarded(|| hook(&changes));
        }
    }

    /// Tells what a poll found that nobody here was told yet.
    pub(crate) fn polled(&self, at: Instant, counters: Vec<(TenantId, i64)>) {
        let mut moved = Vec::new();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (tenant, seq) in counters {
            let known = told.insert(tenant, seq);
            match known {
                Some(after) if after < seq => moved.push(Moved { tenant, after, seq }),
                // Committed here after the poll looked.
                Some(after) if after > seq => {
                    told.insert(tenant, after);
                }
                Some(_) => {}
                None => moved.push(Moved { tenant, after: 0, seq }),
            }
        }
        drop(told);
        if !moved.is_empty() {
            let hooks = self.on_moved.read().unwrap_or_else(PoisonError::into_inner);
            for hook in hooks.iter() {
                guarded(|| hook(&moved));
            }
        }
        *self.polled.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Time since the state that the last successful poll saw.
    pub(crate) fn poll_age(&self) -> Duration {
        self.polled.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// A panicking hook must not end a database thread.
fn guarded(hook: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(hook)).is_err() {
        tracing::error!("a hook of the change feed panicked");
    }
}
