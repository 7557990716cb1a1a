//! Entries in name order with an index of their words.

mod beginnings;
mod candidates;
mod placed;
#[cfg(test)]
mod tests;
mod words;

pub use placed::Placed;

use super::{AddressList, Entry};
use beginnings::Beginnings;
use candidates::{Candidates, among_all};
use placed::Place;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;
use words::Words;

/// A beginning of more words than this gets a list of its own: merging the entries of so many
/// words for every page costs more.
const FEW_WORDS: usize = 16;

/// An address book in memory. `T` is what is kept ready of each entry for answers.
#[derive(Debug)]
pub struct Index<T> {
    places: HashMap<Uuid, Place>,
    in_order: BTreeSet<Placed<T>>,
    words: Words<T>,
    beginnings: Beginnings<T>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            in_order: BTreeSet::new(),
            words: Words::default(),
            beginnings: Beginnings::default(),
        }
    }
}

impl<T> Index<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.in_order.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.in_order.is_empty()
    }

    /// Adds an entry, in the place of an earlier one of the same object.
    pub fn put(&mut self, entry: Entry, rendered: T) {
        self.remove(entry.id);
        let placed = Placed::new(entry, rendered);
        self.places.insert(placed.entry().id, placed.place().clone());
        self.words.add(&placed);
        self.beginnings.add(&placed);
        self.in_order.insert(placed);
    }

    /// Removes the entry of an object, if there is one.
    pub fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else { return };
        let Some(placed) = self.in_order.take(&place) else { return };
        self.words.remove(&placed);
        self.beginnings.remove(&placed);
    }

    /// The entries of a list that have all the typed words, in name order, after a place, at most
    /// so many; and whether there are more.
    pub fn page(
        &self,
        list: AddressList,
        typed: &[String],
        after: Option<&(String, Uuid)>,
        limit: usize,
    ) -> (Vec<Placed<T>>, bool) {
        let typed: Vec<&str> = typed.iter().map(String::as_str).chain(list.mark()).collect();
        let beginnings: Vec<String> = typed.iter().map(|word| placed::beginning(word)).collect();
        let matches = |placed: &Placed<T>| {
            list.holds(placed.entry()) && beginnings.iter().all(|b| placed.has(b))
        };
        let mut candidates: Vec<_> = typed.iter().map(|word| self.candidates(word)).collect();
        if candidates.is_empty() {
            candidates.push(Candidates::All(&self.in_order));
        }
        let start: Option<Place> = after.map(|(name, id)| (Arc::from(name.as_str()), *id));
        let start = start.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = among_all(&candidates, start, limit.saturating_add(1), matches);
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }

    /// The entries that have a word with this beginning.
    fn candidates(&self, beginning: &str) -> Candidates<'_, T> {
        let words: Vec<_> = self.words.beginning(beginning).take(FEW_WORDS + 1).collect();
        if words.len() <= FEW_WORDS {
            return Candidates::Words(words);
        }
        Candidates::Beginning(self.beginnings.of(beginning, self.len(), || {
            let words = self.words.beginning(beginning);
            words.flat_map(|having| having.after(Bound::Unbounded)).cloned().collect()
        }))
    }
}
