//! An uploaded file, read out of the database piece by piece.

use super::worker::Worker;
use roster_domain::Error;
use roster_domain::imports::{Lease, Stop, taken_over};
use roster_domain::limits::IMPORT_CHUNK;
use std::fmt;
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// While a file is read without anything being written, its owner shows this often that it lives.
const BEAT: Duration = Duration::from_secs(1);

/// A file from some byte on. Holds one chunk in memory.
pub(super) struct Chunks<'w> {
    worker: &'w Worker,
    lease: Lease,
    next: u64,
    /// Bytes of the next chunk that are not wanted.
    skip: usize,
    chunk: Vec<u8>,
    taken: usize,
    beaten: Instant,
}

impl<'w> Chunks<'w> {
    pub(super) fn from(worker: &'w Worker, lease: Lease, byte: u64) -> Self {
        let size = u64::try_from(IMPORT_CHUNK).unwrap_or(u64::MAX);
        Self {
            worker,
            lease,
            next: byte / size,
            skip: usize::try_from(byte % size).unwrap_or_default(),
            chunk: Vec::new(),
            taken: 0,
            beaten: Instant::now(),
        }
    }

    fn fetch(&mut self) -> Result<(), Error> {
        if self.beaten.elapsed() >= BEAT {
            let lease = self.lease;
            if !self.worker.unlocked(move |session| session.beat_import(&lease))? {
                return Err(taken_over());
            }
            self.beaten = Instant::now();
        }
        let (Lease { tenant, job, .. }, number) = (self.lease, self.next);
        let chunk = self.worker.read(move |tx| tx.import_chunk(tenant, job, number))?;
        self.next += 1;
        self.chunk = chunk.unwrap_or_default();
        self.taken = std::mem::take(&mut self.skip).min(self.chunk.len());
        Ok(())
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.chunk.len() {
            self.fetch().map_err(|error| io::Error::other(Unreadable(error)))?;
        }
        let mut left = self.chunk.get(self.taken..).unwrap_or_default();
        let read = left.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// Why a chunk could not be read, on its way through [`io::Error`].
#[derive(Debug)]
struct Unreadable(Error);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a chunk of an import file could not be read")
    }
}

impl std::error::Error for Unreadable {}

/// The error behind a stop in a file that was sound when it was read before.
pub(super) fn fault(stop: Stop) -> Error {
    match stop {
        Stop::File(wrong) => {
            Error::internal(format!("an import file is not what it was: {}", wrong.code.word()))
        }
        Stop::Source(error) => match error.downcast::<Unreadable>() {
            Ok(Unreadable(error)) => error,
            Err(other) => Error::internal(format!("an import file cannot be read: {other}")),
        },
    }
}
