//! Entries that may be what is looked for.

use super::placed::{Place, Placed, after};
use super::words::Having;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::ops::{Bound, Deref};
use std::sync::Arc;

/// Entries that have something in common, in name order: those of all its parts.
pub(super) struct Candidates<'a, T> {
    /// Those that have one of these words.
    pub(super) words: Vec<&'a Having<T>>,
    /// Those of these lists.
    pub(super) lists: Vec<Entries<'a, T>>,
}

/// An ordered list of entries.
pub(super) enum Entries<'a, T> {
    /// Of the index.
    Own(&'a BTreeSet<Placed<T>>),
    /// Of a beginning that is kept.
    Kept(Arc<BTreeSet<Placed<T>>>),
}

impl<T> Deref for Entries<'_, T> {
    type Target = BTreeSet<Placed<T>>;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Own(entries) => entries,
            Self::Kept(entries) => entries,
        }
    }
}

impl<T> Default for Candidates<'_, T> {
    fn default() -> Self {
        Self { words: Vec::new(), lists: Vec::new() }
    }
}

/// Some entries in order.
type InOrder<'c, T> = Box<dyn Iterator<Item = &'c Placed<T>> + 'c>;

/// After so many candidates that do not match, it is time to ask where the next one may be.
const PATIENCE: usize = 16;

impl<'a, T> Candidates<'a, T> {
    /// Those of one list.
    pub(super) fn all(list: &'a BTreeSet<Placed<T>>) -> Self {
        Self { words: Vec::new(), lists: vec![Entries::Own(list)] }
    }

    fn len(&self) -> usize {
        let words: usize = self.words.iter().map(|having| having.len()).sum();
        words + self.lists.iter().map(|list| list.len()).sum::<usize>()
    }

    /// Those after a bound.
    fn after<'c>(&'c self, start: Bound<&Place>) -> InOrder<'c, T> {
        if let ([], [list]) = (self.words.as_slice(), self.lists.as_slice()) {
            return Box::new(after(list, start));
        }
        let words = self.words.iter().map(|having| having.after(start));
        let lists =
            self.lists.iter().map(|list| -> InOrder<'c, T> { Box::new(after(list, start)) });
        Box::new(merged(words.chain(lists).collect()))
    }
}

/// The entries of several sequences in order, each once.
fn merged<'c, T>(mut rest: Vec<InOrder<'c, T>>) -> impl Iterator<Item = &'c Placed<T>> {
    let firsts = rest.iter_mut().enumerate();
    let mut next: BinaryHeap<_> =
        firsts.filter_map(|(at, rest)| rest.next().map(|first| Reverse((first, at)))).collect();
    let mut last: Option<&Placed<T>> = None;
    std::iter::from_fn(move || {
        loop {
            let Reverse((found, at)) = next.pop()?;
            let following = rest.get_mut(at).and_then(Iterator::next);
            next.extend(following.map(|following| Reverse((following, at))));
            if last != Some(found) {
                last = Some(found);
                return Some(found);
            }
        }
    })
}

/// The first entries after a bound that match; a match is among all of the candidates.
pub(super) fn among_all<T>(
    candidates: &[Candidates<'_, T>],
    start: Bound<&Place>,
    wanted: usize,
    matches: impl Fn(&Placed<T>) -> bool,
) -> Vec<Placed<T>> {
    let mut found = Vec::new();
    let Some(fewest) = candidates.iter().min_by_key(|each| each.len()) else { return found };
    let mut start = start.cloned();
    loop {
        let mut misses = 0;
        let mut missed = None;
        for placed in fewest.after(start.as_ref()) {
            if matches(placed) {
                misses = 0;
                found.push(placed.clone());
                if found.len() == wanted {
                    return found;
                }
            } else {
                misses += 1;
                if misses == PATIENCE {
                    missed = Some(placed.place());
                    break;
                }
            }
        }
        // Before the furthest of their next ones, none of the entries is among all.
        let Some(missed) = missed else { return found };
        let next = candidates.iter().map(|each| each.after(Bound::Excluded(missed)).next());
        let Some(next) = next.collect::<Option<Vec<_>>>() else { return found };
        let Some(furthest) = next.into_iter().max() else { return found };
        start = Bound::Included(furthest.place().clone());
    }
}
