//! Time and randomness, drawn outside the transactions that use them.

use roster_domain::{Error, Result, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
    }
}

/// What a write is a function of besides the database. Drawn before it is queued, so that running
/// it again after a lost race gives the same ids, times and secrets.
#[derive(Clone, Copy)]
pub struct Inputs {
    /// The time at which the write happens.
    pub now: Timestamp,
    /// Seed of the write's identifiers and random bytes. A secret.
    pub seed: [u8; 32],
}

impl Inputs {
    /// The current time of a clock, and a seed from the operating system.
    ///
    /// # Errors
    /// Internal, if the operating system has no randomness.
    pub fn draw(clock: &dyn Clock) -> Result<Self> {
        Ok(Self { now: clock.now(), seed: random_seed()? })
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("now", &self.now).finish_non_exhaustive()
    }
}

/// 32 random bytes from the operating system.
pub(crate) fn random_seed() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| Error::internal(format!("no randomness from the system: {error}")))?;
    Ok(seed)
}
