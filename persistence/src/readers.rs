//! Reader threads.

use crate::clock::Clock;
use crate::errors::Trouble;
use crate::job::ReadJob;
use crate::link::Link;
use crate::queue::Queue;
use crate::session::{Facts, Session};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;

/// What a reader thread owns.
pub(crate) struct Reader {
    pub(crate) link: Link,
    pub(crate) queue: Arc<Queue<ReadJob>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: ChaCha20Rng,
}

impl Reader {
    /// Serves reads until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(job) = self.queue.wait() {
            self.serve(job);
        }
    }

    fn serve(&mut self, job: ReadJob) {
        let (connection, watch) = match self.link.get() {
            Ok(open) => open,
            Err(error) => return job(Err(error)),
        };
        let now = self.clock.now();
        let mut facts = Facts::default();
        job(Ok(&mut Session::new((connection, watch), now, &mut self.rng, None, &mut facts)));
        if let Some((Trouble::Lost, text)) = watch.take() {
            tracing::warn!(error = text, "a reader reconnects");
            self.link.close();
        }
    }
}
