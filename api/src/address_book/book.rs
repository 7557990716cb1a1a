//! The address book of one organisation, and how it follows the change feed.

use super::rendered::Rendered;
use crate::roster::{BlockingReads, Roster};
use roster_domain::address_book::{Entry, EntryKind, Index, Placed};
use roster_domain::id::TenantId;
use roster_domain::ports::ReadTx;
use roster_domain::{Error, Result};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use tokio::sync::{Mutex, RwLock, Semaphore};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Objects read at a time while an index is filled.
const FILL: usize = 250;
/// Changes read at a time while an index catches up.
const CATCH_UP: usize = 250;
/// Entries put into an index while it is locked once: about a millisecond, which requests wait.
const SLICE: usize = 32;
/// What a book takes besides its entries, counted in entries.
const OVERHEAD: usize = 64;

/// The index of an organisation. All work on it is done on threads that may block, one a book at a
/// time, and goes on when the client who asked for it has gone.
#[derive(Debug)]
pub(super) struct Book {
    tenant: TenantId,
    /// The last change this process has heard of.
    known: AtomicI64,
    /// The last change that is in the index; [`UNFILLED`] before it is filled.
    applied: AtomicI64,
    /// Locked for long by threads that may block only, so tasks must wait for it, not threads.
    pub(super) index: RwLock<Index<Rendered>>,
    /// How many entries there are.
    entries: AtomicUsize,
    /// Held while the index is filled or catches up.
    busy: Arc<Mutex<()>>,
    /// When it was last asked, in questions to all books.
    asked: AtomicU64,
}

const UNFILLED: i64 = -1;

impl Book {
    pub(super) fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            known: AtomicI64::new(0),
            applied: AtomicI64::new(UNFILLED),
            index: RwLock::default(),
            entries: AtomicUsize::new(0),
            busy: Arc::default(),
            asked: AtomicU64::new(0),
        }
    }

    /// Hears that the feed has reached a number; whether that is news to a filled book.
    pub(super) fn hear(&self, seq: i64) -> bool {
        self.known.fetch_max(seq, Ordering::AcqRel) < seq && self.is_filled()
    }

    pub(super) fn is_filled(&self) -> bool {
        self.applied() != UNFILLED
    }

    /// Whether it lacks something that this process has heard of.
    pub(super) fn is_behind(&self) -> bool {
        self.applied() < self.known()
    }

    /// Notes the number of a question to it.
    pub(super) fn note_asked(&self, number: u64) {
        self.asked.store(number, Ordering::Relaxed);
    }

    /// The number of the last question to it.
    pub(super) fn last_asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// What it takes, in entries.
    pub(super) fn size(&self) -> usize {
        self.entries.load(Ordering::Relaxed).saturating_add(OVERHEAD)
    }

    fn known(&self) -> i64 {
        self.known.load(Ordering::Acquire)
    }

    fn applied(&self) -> i64 {
        self.applied.load(Ordering::Acquire)
    }

    /// Whether it is filled and has all changes up to one.
    fn has(&self, seq: i64) -> bool {
        self.is_filled() && self.applied() >= seq
    }

    /// Brings the index up to every change that this process knows of now; `fills` admits those
    /// that have to be filled first. Whether it was filled.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn catch_up(
        self: &Arc<Self>,
        roster: &Roster,
        fills: &Arc<Semaphore>,
    ) -> Result<bool> {
        let wanted = self.known();
        if self.has(wanted) {
            return Ok(false);
        }
        let turn = Arc::clone(&self.busy).lock_owned().await;
        if self.has(wanted) {
            return Ok(false);
        }
        let fills_it = !self.is_filled();
        let admitted = if fills_it { Arc::clone(fills).acquire_owned().await.ok() } else { None };
        let (book, reads) = (Arc::clone(self), roster.blocking_reads());
        let work = spawn_blocking(move || {
            let done = book.follow(&reads, wanted);
            drop((turn, admitted));
            done
        });
        work.await.map_err(|error| Error::internal(format!("an address book died: {error}")))??;
        Ok(fills_it)
    }

    fn follow(&self, reads: &BlockingReads, wanted: i64) -> Result<()> {
        if !self.is_filled() {
            self.fill(reads)?;
        }
        while !self.has(wanted) {
            self.step(reads, wanted)?;
        }
        Ok(())
    }

    /// Reads everything; changes made meanwhile are caught up with afterwards.
    fn fill(&self, reads: &BlockingReads) -> Result<()> {
        let tenant = self.tenant;
        let start = reads.wait(reads.start(move |tx| tx.last_change(tenant)))?;
        let mut filled = Index::default();
        for kind in EntryKind::ALL {
            let page = |after| reads.start(move |tx| tx.entries(tenant, kind, after, FILL));
            let mut reading = Some(page(Uuid::nil()));
            while let Some(read) = reading {
                let (entries, last) = reads.wait(read)?;
                // Read on while these are put in.
                reading = last.map(page);
                entries.into_iter().for_each(|entry| filled.put(placed(entry)));
            }
        }
        self.entries.store(filled.len(), Ordering::Relaxed);
        *self.index.blocking_write() = filled;
        self.known.fetch_max(start, Ordering::AcqRel);
        self.applied.store(start, Ordering::Release);
        Ok(())
    }

    /// Applies the next changes.
    fn step(&self, reads: &BlockingReads, wanted: i64) -> Result<()> {
        let (tenant, applied) = (self.tenant, self.applied());
        let (last, changed) = reads.wait(reads.start(move |tx| changed(tx, tenant, applied)))?;
        // Without more changes nothing is missing: what is heard of was committed before.
        let last = last.unwrap_or(wanted);
        let mut changed = changed.into_iter();
        let mut prepared = Vec::with_capacity(SLICE);
        loop {
            let slice = changed.by_ref().take(SLICE);
            prepared.extend(slice.map(|(id, entry)| (id, entry.map(placed))));
            if prepared.is_empty() {
                break;
            }
            let mut index = self.index.blocking_write();
            for (id, entry) in prepared.drain(..) {
                match entry {
                    Some(entry) => index.put(entry),
                    None => index.remove(id),
                }
            }
            self.entries.store(index.len(), Ordering::Relaxed);
        }
        self.applied.store(last, Ordering::Release);
        Ok(())
    }
}

fn placed(entry: Entry) -> Placed<Rendered> {
    let rendered = Rendered::of(&entry);
    Placed::new(entry, rendered)
}

/// Objects that changed, with their entries as they are now.
type Changed = HashMap<Uuid, Option<Entry>>;

/// The next changes after one: the number of the last, and what they changed.
fn changed(tx: &mut dyn ReadTx, tenant: TenantId, after: i64) -> Result<(Option<i64>, Changed)> {
    let changes = tx.changed_entries(tenant, after, CATCH_UP)?;
    let last = changes.last().map(|(seq, ..)| *seq);
    let mut changed = Changed::new();
    for kind in EntryKind::ALL {
        let of_kind = changes.iter().filter(|(_, changed, _)| *changed == Some(kind));
        let mut ids: Vec<Uuid> = of_kind.map(|(.., id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        changed.extend(ids.iter().map(|id| (*id, None)));
        let entries = tx.entries_of(tenant, kind, &ids)?;
        changed.extend(entries.into_iter().map(|entry| (entry.id, Some(entry))));
    }
    Ok((last, changed))
}
