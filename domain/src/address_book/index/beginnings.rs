//! Beginnings of words that were typed and that many words have, with their entries.

use super::placed::Placed;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Most entries in all lists together, for each entry of the index. One takes about 12 bytes.
const ROOM: usize = 32;

/// The entries of beginnings, in order. A list is made when a beginning is first typed, and kept
/// true from then on, so that nobody waits for it again.
#[derive(Debug)]
pub(super) struct Beginnings<T>(Mutex<Lists<T>>);

type Lists<T> = HashMap<Box<str>, List<T>>;
type List<T> = Arc<BTreeSet<Placed<T>>>;

impl<T> Default for Beginnings<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Beginnings<T> {
    /// The entries with a beginning, which `find` finds `among` so many.
    pub(super) fn of(
        &self,
        beginning: &str,
        among: usize,
        find: impl FnOnce() -> BTreeSet<Placed<T>>,
    ) -> List<T> {
        let lists = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = lists().get(beginning) {
            return Arc::clone(list);
        }
        let list = Arc::new(find());
        let mut lists = lists();
        let held: usize = lists.values().map(|list| list.len()).sum();
        if held + list.len() > among * ROOM {
            lists.clear();
        }
        lists.insert(beginning.into(), Arc::clone(&list));
        list
    }

    /// Whether there is a list of a beginning.
    pub(super) fn has(&self, beginning: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(beginning)
    }

    pub(super) fn add(&mut self, placed: &Placed<T>) {
        self.each(placed, |list| list.insert(placed.clone()));
    }

    pub(super) fn remove(&mut self, placed: &Placed<T>) {
        self.each(placed, |list| list.remove(placed));
    }

    /// Changes the list of each known beginning of an entry's words.
    fn each(&mut self, placed: &Placed<T>, change: impl Fn(&mut BTreeSet<Placed<T>>) -> bool) {
        let lists = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if lists.is_empty() {
            return;
        }
        for word in placed.words() {
            let ends = word.char_indices().map(|(at, char)| at + char.len_utf8());
            for beginning in ends.filter_map(|end| word.get(..end)) {
                if let Some(list) = lists.get_mut(beginning) {
                    change(Arc::make_mut(list));
                }
            }
        }
    }
}
