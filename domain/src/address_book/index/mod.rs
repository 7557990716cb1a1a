//! Entries in name order with an index of their words.

mod beginnings;
mod candidates;
mod placed;
#[cfg(test)]
mod tests;
mod words;

pub use placed::Placed;

use super::{AddressList, Term};
use beginnings::Beginnings;
use candidates::{Candidates, Entries, among_all};
use placed::Place;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// The entries of each list in name order; no list is empty.
    lists: BTreeMap<AddressList, BTreeSet<Placed<T>>>,
    words: Words<T>,
    beginnings: Beginnings<T>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            lists: BTreeMap::new(),
            words: Words::default(),
            beginnings: Beginnings::default(),
        }
    }
}

impl<T> Index<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Adds an entry, in the place of an earlier one of the same object.
    pub fn put(&mut self, placed: Placed<T>) {
        self.remove(placed.entry().id);
        self.places.insert(placed.entry().id, placed.place().clone());
        self.words.add(&placed);
        self.beginnings.add(&placed);
        for list in AddressList::ALL {
            if list.holds(placed.entry()) {
                self.lists.entry(list).or_default().insert(placed.clone());
            }
        }
    }

    /// Removes the entry of an object, if there is one.
    pub fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else { return };
        let mut removed = None;
        self.lists.retain(|_, list| {
            removed = list.take(&place).or(removed.take());
            !list.is_empty()
        });
        let Some(placed) = removed else { return };
        self.words.remove(&placed);
        self.beginnings.remove(&placed);
    }

    /// The entries of a list that have all the typed terms, in name order, after a place, at most
    /// so many; and whether there are more.
    pub fn page(
        &self,
        list: AddressList,
        typed: &[Term],
        after: Option<&(String, Uuid)>,
        limit: usize,
    ) -> (Vec<Placed<T>>, bool) {
        let start: Option<Place> = after.map(|(name, id)| (Arc::from(name.as_str()), *id));
        let start = start.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = self.found(list, typed, start, limit.saturating_add(1));
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }

    /// Whether a page of what was typed, or the number of it, is found at once: without a list that
    /// has to be made first, and without going through all that match.
    pub fn is_quick(&self, typed: &[Term], count: bool) -> bool {
        let is_ready = |beginning: &String| {
            self.beginnings.has(beginning)
                || self.words.beginning(beginning).nth(FEW_WORDS).is_none()
        };
        typed.is_empty() || !count && typed.iter().flat_map(Term::beginnings).all(is_ready)
    }

    /// The number of entries of a list that have all the typed terms.
    pub fn count(&self, list: AddressList, typed: &[Term]) -> usize {
        if typed.is_empty() {
            return self.lists.get(&list).map_or(0, BTreeSet::len);
        }
        self.found(list, typed, Bound::Unbounded, usize::MAX).len()
    }

    fn found(
        &self,
        list: AddressList,
        typed: &[Term],
        start: Bound<&Place>,
        limit: usize,
    ) -> Vec<Placed<T>> {
        let Some(listed) = self.lists.get(&list) else { return Vec::new() };
        let terms: Vec<Vec<String>> = typed
            .iter()
            .map(|term| term.beginnings().iter().map(|b| placed::beginning(b)).collect())
            .collect();
        let has = |placed: &Placed<T>, term: &Vec<String>| term.iter().any(|b| placed.has(b));
        let matches = |placed: &Placed<T>| {
            list.holds(placed.entry()) && terms.iter().all(|term| has(placed, term))
        };
        let mut candidates: Vec<_> = typed.iter().map(|term| self.candidates(term)).collect();
        if candidates.is_empty() || list != AddressList::All {
            candidates.push(Candidates::all(listed));
        }
        among_all(&candidates, start, limit, matches)
    }

    /// The entries that have a word with one of a term's beginnings.
    fn candidates(&self, term: &Term) -> Candidates<'_, T> {
        let mut candidates = Candidates::default();
        for beginning in term.beginnings() {
            let words: Vec<_> = self.words.beginning(beginning).take(FEW_WORDS + 1).collect();
            if words.len() <= FEW_WORDS {
                candidates.words.extend(words);
                continue;
            }
            let find = || {
                let words = self.words.beginning(beginning);
                words.flat_map(|having| having.after(Bound::Unbounded)).cloned().collect()
            };
            let list = self.beginnings.of(beginning, self.len(), find);
            candidates.lists.push(Entries::Kept(list));
        }
        candidates
    }
}
