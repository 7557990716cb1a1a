//! The address book in memory: one index an organisation, filled at its first use and kept true by
//! the change feed. The database stays the source of truth: before each answer the index catches
//! up with every change this process knows of, its own at once, those of others within a second.
//! So that few changes wait for a question, books in use follow the feed meanwhile.

mod book;
mod rendered;

use crate::roster::Roster;
use book::Book;
use rendered::Rendered;
use roster_domain::address_book::{AddressList, Entry, EntryField, Index, Placed, Term};
use roster_domain::changes::Committed;
use roster_domain::id::TenantId;
use roster_domain::properties::{self, Property};
use roster_domain::{Error, Result};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Books that are filled at the same time.
const FILLS: usize = 2;
/// Questions that take long and are answered at the same time.
const LOOKS: usize = 2;
/// How long a book lets changes gather before it follows them.
const PAUSE: Duration = Duration::from_millis(100);

/// The indexes of the organisations that asked for theirs, as far as there is room.
pub struct AddressBooks {
    books: RwLock<HashMap<TenantId, Arc<Book>>>,
    /// Most entries of all of them.
    room: usize,
    fills: Arc<Semaphore>,
    looks: Arc<Semaphore>,
    questions: AtomicU64,
    /// Wakes what follows the feed.
    news: Notify,
}

/// What is asked of an address list.
pub struct Question {
    /// The list.
    pub list: AddressList,
    /// What was typed: all of these.
    pub typed: Vec<Term>,
    /// The place of the last entry of the page before.
    pub after: Option<(String, Uuid)>,
    /// Most entries.
    pub limit: usize,
    /// Properties to answer; none for all.
    pub select: Option<Vec<EntryField>>,
    /// Whether the number of all matching entries is asked for.
    pub count: bool,
}

/// One page of an address list.
pub struct BookPage {
    /// The entries as JSON, joined by commas.
    pub items: Vec<u8>,
    /// Place of the last one, if more follow.
    pub next: Option<(String, Uuid)>,
    /// The number of all matching entries, where it was asked for.
    pub count: Option<usize>,
}

impl AddressBooks {
    /// Books that take memory for so many entries, about 3 KiB each; beyond it those asked longest
    /// ago are let go, and filled anew when they are asked. One may be larger, then alone.
    pub fn with_room(room: usize) -> Self {
        Self {
            books: RwLock::default(),
            room,
            fills: Arc::new(Semaphore::new(FILLS)),
            looks: Arc::new(Semaphore::new(LOOKS)),
            questions: AtomicU64::new(0),
            news: Notify::new(),
        }
    }

    /// Hears of commits of this process, before they are answered.
    pub fn committed(&self, changes: &[Committed]) {
        for change in changes {
            self.moved(change.tenant, change.seq);
        }
    }

    /// Hears that an organisation's feed has reached a number.
    pub fn moved(&self, tenant: TenantId, seq: i64) {
        let books = self.books.read().unwrap_or_else(PoisonError::into_inner);
        if books.get(&tenant).is_some_and(|book| book.hear(seq)) {
            self.news.notify_one();
        }
    }

    /// Lets the books in memory follow the feed for ever, so that whoever asks after an import does
    /// not wait for all of it.
    pub async fn follow(&self, roster: &Roster) {
        loop {
            self.news.notified().await;
            tokio::time::sleep(PAUSE).await;
            for book in self.all() {
                if book.is_filled() && book.is_behind() {
                    // What cannot be read now is read, or refused, when somebody asks.
                    let _ = book.catch_up(roster, &self.fills).await;
                }
            }
        }
    }

    /// A page of an address list, in name order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        roster: &Roster,
        tenant: TenantId,
        question: Question,
    ) -> Result<BookPage> {
        let book = self.current(roster, tenant).await?;
        let index = book.index.read().await;
        if index.is_quick(&question.typed, question.count) {
            return Ok(answer(&index, &question));
        }
        drop(index);
        self.at_length(book, move |index| answer(index, &question)).await
    }

    /// The number of entries of an address list with all the typed terms.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(
        &self,
        roster: &Roster,
        tenant: TenantId,
        list: AddressList,
        typed: Vec<Term>,
    ) -> Result<usize> {
        let book = self.current(roster, tenant).await?;
        let index = book.index.read().await;
        if index.is_quick(&typed, true) {
            return Ok(index.count(list, &typed));
        }
        drop(index);
        self.at_length(book, move |index| index.count(list, &typed)).await
    }

    /// Looks into a book for long, on a thread that may block.
    async fn at_length<T: Send + 'static>(
        &self,
        book: Arc<Book>,
        look: impl FnOnce(&Index<Rendered>) -> T + Send + 'static,
    ) -> Result<T> {
        let admitted = Arc::clone(&self.looks).acquire_owned().await;
        let work = spawn_blocking(move || {
            let seen = look(&book.index.blocking_read());
            drop(admitted);
            seen
        });
        work.await.map_err(|error| Error::internal(format!("an address book died: {error}")))
    }

    /// The book of an organisation with everything this process knows of.
    async fn current(&self, roster: &Roster, tenant: TenantId) -> Result<Arc<Book>> {
        let book = self.book(tenant);
        book.note_asked(self.questions.fetch_add(1, Ordering::Relaxed));
        if book.catch_up(roster, &self.fills).await? {
            self.make_room(tenant);
        }
        Ok(book)
    }

    fn book(&self, tenant: TenantId) -> Arc<Book> {
        let books = self.books.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.get(&tenant) {
            return Arc::clone(book);
        }
        drop(books);
        let mut books = self.books.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(books.entry(tenant).or_insert_with(|| Arc::new(Book::new(tenant))))
    }

    fn all(&self) -> Vec<Arc<Book>> {
        let books = self.books.read().unwrap_or_else(PoisonError::into_inner);
        books.values().cloned().collect()
    }

    /// Lets the books go that were asked longest ago, until the others have room; never the one
    /// that was just filled.
    fn make_room(&self, filled: TenantId) {
        let mut books = self.books.write().unwrap_or_else(PoisonError::into_inner);
        let sizes: Vec<_> =
            books.iter().map(|(tenant, book)| (*tenant, book.last_asked(), book.size())).collect();
        let gone = surplus(sizes, filled, self.room);
        let gone: Vec<_> = gone.iter().filter_map(|tenant| books.remove(tenant)).collect();
        drop(books);
        if !gone.is_empty() {
            // Millions of small pieces of memory.
            spawn_blocking(move || drop(gone));
        }
    }
}

/// Which of some books, each with the number of the last question to it and its size, have to go.
fn surplus(mut books: Vec<(TenantId, u64, usize)>, kept: TenantId, room: usize) -> Vec<TenantId> {
    let mut size: usize = books.iter().map(|(.., size)| size).sum();
    books.retain(|(tenant, ..)| *tenant != kept);
    books.sort_unstable_by_key(|(_, asked, _)| *asked);
    let too_much = books.into_iter().take_while(|(.., own)| {
        let is_too_much = size > room;
        size = size.saturating_sub(*own);
        is_too_much
    });
    too_much.map(|(tenant, ..)| tenant).collect()
}

fn answer(index: &Index<Rendered>, question: &Question) -> BookPage {
    let Question { list, typed, after, limit, select, count } = question;
    let (found, more) = index.page(*list, typed, after.as_ref(), *limit);
    let count = count.then(|| index.count(*list, typed));
    let last = found.last().filter(|_| more).map(Placed::place);
    let next = last.map(|(name, id)| (name.to_string(), *id));
    let mut items = Vec::with_capacity(found.len().saturating_mul(600));
    let chosen = select.as_deref().map(properties_of);
    for (at, entry) in found.iter().enumerate() {
        if at > 0 {
            items.push(b',');
        }
        match &chosen {
            None => items.extend_from_slice(entry.rendered().json()),
            Some(chosen) => items.extend(rendered::json(entry.entry(), chosen.iter().copied())),
        }
    }
    BookPage { items, next, count }
}

fn properties_of(fields: &[EntryField]) -> Vec<&'static Property<Entry>> {
    fields.iter().filter_map(|field| properties::of::<Entry>(*field)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_asked_longest_ago_make_room() {
        let tenant = |number| TenantId::new(Uuid::from_u128(number));
        let books = vec![(tenant(1), 7, 40), (tenant(2), 3, 40), (tenant(3), 5, 40)];
        for (room, kept, gone) in [
            (120, 1, vec![]),
            (119, 1, vec![2]),
            (80, 2, vec![3]),
            (40, 1, vec![2, 3]),
            (0, 3, vec![2, 1]),
        ] {
            let gone: Vec<_> = gone.into_iter().map(tenant).collect();
            assert_eq!(surplus(books.clone(), tenant(kept), room), gone, "room for {room}");
        }
    }
}
