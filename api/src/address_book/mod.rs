//! The address book in memory: one index an organisation, filled at its first use and kept true by
//! the change feed. The database stays the source of truth: before each answer the index catches
//! up with every change this process knows of, its own at once, those of others within a second.

mod rendered;

use crate::roster::Roster;
use rendered::Rendered;
use roster_domain::Result;
use roster_domain::address_book::{AddressList, Entry, EntryKind, Index, Placed};
use roster_domain::changes::Committed;
use roster_domain::id::TenantId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Objects read at a time while an index is filled.
const FILL: usize = 1_000;
/// Changes read at a time while an index catches up.
const CATCH_UP: usize = 1_000;

/// The indexes of all organisations.
#[derive(Default)]
pub struct AddressBooks {
    books: RwLock<HashMap<TenantId, Arc<Book>>>,
}

#[derive(Default)]
struct Book {
    /// The last change this process has heard of.
    known: AtomicI64,
    /// The last change that is in the index; none before it is filled.
    applied: RwLock<Option<i64>>,
    index: RwLock<Index<Rendered>>,
    /// Held while the index is filled or catches up.
    busy: Mutex<()>,
}

/// One page of an address list.
pub struct BookPage {
    /// The entries as JSON, joined by commas.
    pub items: Vec<u8>,
    /// Place of the last one, if more follow.
    pub next: Option<(String, Uuid)>,
}

impl AddressBooks {
    /// Hears of commits of this process, before they are answered.
    pub fn committed(&self, changes: &[Committed]) {
        for change in changes {
            self.moved(change.tenant, change.seq);
        }
    }

    /// Hears that an organisation's feed has reached a number.
    pub fn moved(&self, tenant: TenantId, seq: i64) {
        let books = self.books.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.get(&tenant) {
            book.known.fetch_max(seq, Ordering::AcqRel);
        }
    }

    fn book(&self, tenant: TenantId) -> Arc<Book> {
        let books = self.books.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.get(&tenant) {
            return Arc::clone(book);
        }
        drop(books);
        let mut books = self.books.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(books.entry(tenant).or_default())
    }

    /// A page of an address list with all the typed words, in name order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        roster: &Roster,
        tenant: TenantId,
        list: AddressList,
        typed: &[String],
        after: Option<&(String, Uuid)>,
        limit: usize,
    ) -> Result<BookPage> {
        let book = self.book(tenant);
        book.catch_up(roster, tenant).await?;
        let index = book.index.read().unwrap_or_else(PoisonError::into_inner);
        let (found, more) = index.page(list, typed, after, limit);
        let last = found.last().filter(|_| more).map(Placed::place);
        let next = last.map(|(name, id)| (name.to_string(), *id));
        let mut items = Vec::with_capacity(found.len().saturating_mul(400));
        for (at, entry) in found.iter().enumerate() {
            if at > 0 {
                items.push(b',');
            }
            items.extend_from_slice(entry.rendered().json());
        }
        Ok(BookPage { items, next })
    }
}

impl Book {
    fn applied(&self) -> Option<i64> {
        *self.applied.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_current(&self) -> bool {
        self.applied().is_some_and(|applied| applied >= self.known.load(Ordering::Acquire))
    }

    fn set_applied(&self, seq: i64) {
        *self.applied.write().unwrap_or_else(PoisonError::into_inner) = Some(seq);
    }

    /// Brings the index up to every change that this process knows of.
    async fn catch_up(&self, roster: &Roster, tenant: TenantId) -> Result<()> {
        if self.is_current() {
            return Ok(());
        }
        let _busy = self.busy.lock().await;
        let mut applied = match self.applied() {
            Some(applied) => applied,
            None => self.fill(roster, tenant).await?,
        };
        while applied < self.known.load(Ordering::Acquire) {
            let (last, changed) = roster
                .read(move |tx| {
                    let changes = tx.changed_entries(tenant, applied, CATCH_UP)?;
                    let last = changes.last().map(|(seq, ..)| *seq);
                    let mut changed: Vec<(Uuid, Option<Entry>)> = Vec::new();
                    for (_, kind, id) in changes {
                        let Some(kind) = kind else { continue };
                        if !changed.iter().any(|(known, _)| *known == id) {
                            changed.push((id, tx.entry(tenant, kind, id)?));
                        }
                    }
                    Ok((last, changed))
                })
                .await?;
            let Some(last) = last else { break };
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for (id, entry) in changed {
                match entry {
                    Some(entry) => {
                        let rendered = Rendered::of(&entry);
                        index.put(entry, rendered);
                    }
                    None => index.remove(id),
                }
            }
            drop(index);
            applied = last;
            self.set_applied(applied);
        }
        Ok(())
    }

    /// Reads everything; changes made meanwhile are caught up with afterwards.
    async fn fill(&self, roster: &Roster, tenant: TenantId) -> Result<i64> {
        let start = roster.read(move |tx| tx.last_change(tenant)).await?;
        let mut filled = Index::default();
        for kind in [EntryKind::User, EntryKind::Contact, EntryKind::Group] {
            let mut after = Some(Uuid::nil());
            while let Some(place) = after {
                let (entries, last) =
                    roster.read(move |tx| tx.entries(tenant, kind, place, FILL)).await?;
                for entry in entries {
                    let rendered = Rendered::of(&entry);
                    filled.put(entry, rendered);
                }
                after = last;
            }
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = filled;
        self.known.fetch_max(start, Ordering::AcqRel);
        self.set_applied(start);
        Ok(start)
    }
}
