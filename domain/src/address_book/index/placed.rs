//! Entries in the order of their names.

use super::super::Entry;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// Place of an entry in the order.
pub(super) type Place = (Arc<str>, Uuid);

/// Stands before each word in [`Held::words`]; no word holds it.
const START: char = '\n';

/// An entry of an [`Index`](super::Index), compared by its place. Clones share it.
#[derive(Debug)]
pub struct Placed<T>(Arc<Held<T>>);

#[derive(Debug)]
struct Held<T> {
    place: Place,
    /// All words, each after [`START`]: one piece of memory to look through.
    words: Box<str>,
    entry: Entry,
    rendered: T,
}

impl<T> Placed<T> {
    /// An entry with what is kept ready of it. Makes its words, so it is better done before an
    /// index is locked.
    pub fn new(entry: Entry, rendered: T) -> Self {
        let place = (entry.sort_key().into(), entry.id);
        let words: String = entry.words().iter().map(|word| beginning(word)).collect();
        Self(Arc::new(Held { place, words: words.into(), entry, rendered }))
    }

    /// The entry.
    pub fn entry(&self) -> &Entry {
        &self.0.entry
    }

    /// What is kept ready of it.
    pub fn rendered(&self) -> &T {
        &self.0.rendered
    }

    /// Place in the order.
    pub fn place(&self) -> &(Arc<str>, Uuid) {
        &self.0.place
    }

    /// Whether one of the words has a beginning, made by [`beginning`].
    pub(super) fn has(&self, beginning: &str) -> bool {
        self.0.words.contains(beginning)
    }

    /// The words.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.words.split(START).skip(1)
    }
}

/// The start of a word as [`Placed::has`] looks for it.
pub(super) fn beginning(word: &str) -> String {
    format!("{START}{word}")
}

impl<T> Clone for Placed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.place == other.0.place
    }
}

impl<T> Eq for Placed<T> {}

impl<T> PartialOrd for Placed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Placed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.place.cmp(&other.0.place)
    }
}

impl<T> Borrow<Place> for Placed<T> {
    fn borrow(&self) -> &Place {
        &self.0.place
    }
}

/// The entries of a set after a bound, in order.
pub(super) fn after<'a, T>(
    all: &'a BTreeSet<Placed<T>>,
    start: Bound<&Place>,
) -> impl Iterator<Item = &'a Placed<T>> + use<'a, T> {
    all.range::<Place, _>((start, Bound::Unbounded))
}
