//! What a connection knows of the requests on it, so that it can tell whether it waits for a head.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The requests of one connection. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Heads(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: AtomicUsize,
    under_way: AtomicUsize,
}

/// A request whose head has arrived, until its handler has answered.
#[derive(Debug)]
pub struct UnderWay(Heads);

impl Heads {
    /// Notes that a head has arrived.
    pub fn begin(&self) -> UnderWay {
        self.0.begun.fetch_add(1, Relaxed);
        self.0.under_way.fetch_add(1, Relaxed);
        UnderWay(self.clone())
    }

    /// How many heads have arrived, where the next thing to arrive is another; none before the
    /// first, and while a handler may still read a body.
    pub fn awaited(&self) -> Option<usize> {
        let begun = self.0.begun.load(Relaxed);
        (begun > 0 && self.0.under_way.load(Relaxed) == 0).then_some(begun)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Relaxed);
    }
}
