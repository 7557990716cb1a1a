//! How many rows go into one transaction.

use std::time::Duration;

/// Time that the rows of a batch should take. A request that wants to write waits for at most one
/// batch, and a fsync of the COMMIT is spread over as many rows as that allows.
const AIM: Duration = Duration::from_millis(12);
/// Rows of the first batch, before anything is known.
const FIRST: usize = 20;
/// Most rows of a batch; bounds the memory.
const MOST: usize = 1_000;

/// The size of the next batch, by the time that the last one took.
#[derive(Debug)]
pub(super) struct Pace(usize);

impl Pace {
    pub(super) const fn new() -> Self {
        Self(FIRST)
    }

    /// Rows of the next batch.
    pub(super) const fn rows(&self) -> usize {
        self.0
    }

    /// Learns from a batch: halves or doubles the size at most.
    pub(super) fn learn(&mut self, rows: usize, took: Duration) {
        let micros = took.as_micros().max(1);
        let fitting = AIM.as_micros().saturating_mul(rows.try_into().unwrap_or(1)) / micros;
        let fitting = usize::try_from(fitting).unwrap_or(MOST);
        self.0 = fitting.clamp(self.0 / 2, self.0.saturating_mul(2)).clamp(1, MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_settle_at_the_size_that_takes_the_time_aimed_at() {
        for (micros_a_row, settled) in [(60, 200), (1_000, 12), (50_000, 1), (1, 1_000)] {
            let mut pace = Pace::new();
            for _ in 0..12 {
                let rows = pace.rows();
                pace.learn(rows, Duration::from_micros(micros_a_row * rows as u64));
            }
            assert_eq!(pace.rows(), settled, "{micros_a_row} µs a row");
        }
    }

    #[test]
    fn one_slow_batch_does_not_shrink_the_next_one_below_half() {
        let mut pace = Pace(200);
        pace.learn(200, Duration::from_secs(3));
        assert_eq!(pace.rows(), 100);
    }
}
