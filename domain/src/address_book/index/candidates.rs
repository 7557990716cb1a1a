//! Entries that may be what is looked for.

use super::placed::{Place, Placed, after};
use super::words::{Having, merged};
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

/// Entries that have something in common, in name order.
pub(super) enum Candidates<'a, T> {
    /// All there are.
    All(&'a BTreeSet<Placed<T>>),
    /// Those that have one of these words.
    Words(Vec<&'a Having<T>>),
    /// Those that have a word with one beginning.
    Beginning(Arc<BTreeSet<Placed<T>>>),
}

/// After so many candidates that do not match, it is time to ask where the next one may be.
const PATIENCE: usize = 16;

impl<T> Candidates<'_, T> {
    fn len(&self) -> usize {
        match self {
            Self::All(entries) => entries.len(),
            Self::Words(words) => words.iter().map(|having| having.len()).sum(),
            Self::Beginning(entries) => entries.len(),
        }
    }

    /// Those after a bound.
    fn after<'c>(&'c self, start: Bound<&Place>) -> Box<dyn Iterator<Item = &'c Placed<T>> + 'c> {
        match self {
            Self::All(entries) => Box::new(after(entries, start)),
            Self::Words(words) => Box::new(merged(words, start)),
            Self::Beginning(entries) => Box::new(after(entries, start)),
        }
    }
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
