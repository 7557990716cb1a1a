//! What is known of callers, kept in memory between requests.

use roster_domain::authz::PrincipalState;
use roster_domain::changes::Committed;
use roster_domain::id::TenantId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use uuid::Uuid;

/// Most principals remembered.
const CAPACITY: usize = 100_000;

/// States of principals. Commits of this process remove what they touch before they are answered;
/// commits of other processes are noticed by polling, so an entry counts only while the last poll
/// is [`ActorCache::FRESH`].
#[derive(Default)]
pub struct ActorCache {
    states: RwLock<HashMap<(TenantId, Uuid), PrincipalState>>,
    generation: AtomicU64,
}

impl ActorCache {
    /// Longest time since the last poll for which entries count.
    pub const FRESH: Duration = Duration::from_secs(2);

    /// The state of a principal.
    pub fn get(&self, tenant: TenantId, principal: Uuid) -> Option<PrincipalState> {
        let states = self.states.read().unwrap_or_else(PoisonError::into_inner);
        states.get(&(tenant, principal)).copied()
    }

    /// To be asked before the database is.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Remembers a state that was read after `generation` was asked, unless something changed
    /// since: then it may be stale already.
    pub fn put(&self, generation: u64, tenant: TenantId, principal: Uuid, state: PrincipalState) {
        let mut states = self.states.write().unwrap_or_else(PoisonError::into_inner);
        if self.generation() != generation {
            return;
        }
        if states.len() >= CAPACITY {
            states.clear();
        }
        states.insert((tenant, principal), state);
    }

    /// Forgets whoever was changed.
    pub fn committed(&self, changes: &[Committed]) {
        let touched = changes.iter().filter(|c| matches!(c.target_kind, "user" | "client"));
        let touched: Vec<_> = touched.map(|change| (change.tenant, change.target)).collect();
        if touched.is_empty() {
            return;
        }
        let mut states = self.states.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        for key in touched {
            states.remove(&key);
        }
    }

    /// Forgets a whole organisation, which another process has changed.
    pub fn moved(&self, tenant: TenantId) {
        let mut states = self.states.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        states.retain(|(each, _), _| *each != tenant);
    }
}
