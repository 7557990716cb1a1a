//! Which entries have a word.

use super::placed::{Place, Placed, after};
use crate::text::after_prefix;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, RangeBounds as _};

/// All words in order.
#[derive(Debug)]
pub(super) struct Words<T>(BTreeMap<Box<str>, Having<T>>);

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Words<T> {
    pub(super) fn add(&mut self, placed: &Placed<T>) {
        for word in placed.words() {
            match self.0.get_mut(word) {
                Some(having) => having.add(placed.clone()),
                None => drop(self.0.insert(word.into(), Having::One(placed.clone()))),
            }
        }
    }

    pub(super) fn remove(&mut self, placed: &Placed<T>) {
        for word in placed.words() {
            if self.0.get_mut(word).is_some_and(|having| having.remove(placed.place())) {
                self.0.remove(word);
            }
        }
    }

    /// The entries of each word with a beginning.
    pub(super) fn beginning(&self, beginning: &str) -> impl Iterator<Item = &Having<T>> {
        let until = after_prefix(beginning);
        let until = until.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.0.range::<str, _>((Bound::Included(beginning), until)).map(|(_, having)| having)
    }
}

/// The entries that have one word. Most words, such as addresses and phone numbers, have one.
#[derive(Debug)]
pub(super) enum Having<T> {
    One(Placed<T>),
    Several(BTreeSet<Placed<T>>),
}

impl<T> Having<T> {
    /// How many they are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Several(all) => all.len(),
        }
    }

    fn add(&mut self, new: Placed<T>) {
        match self {
            Self::One(only) => *self = Self::Several(BTreeSet::from([only.clone(), new])),
            Self::Several(all) => drop(all.insert(new)),
        }
    }

    /// Takes an entry out; whether none is left.
    fn remove(&mut self, place: &Place) -> bool {
        match self {
            Self::One(only) => only.place() == place,
            Self::Several(all) => {
                all.remove(place);
                all.is_empty()
            }
        }
    }

    /// The entries after a bound, in order.
    pub(super) fn after<'a>(
        &'a self,
        start: Bound<&Place>,
    ) -> Box<dyn Iterator<Item = &'a Placed<T>> + 'a> {
        match self {
            Self::One(only) => {
                let is_after = (start, Bound::Unbounded).contains(only.place());
                Box::new(is_after.then_some(only).into_iter())
            }
            Self::Several(all) => Box::new(after(all, start)),
        }
    }
}
