//! Entries in name order with an index of their words.

use super::{AddressList, Entry};
use crate::text::after_prefix;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// Place of an entry in the order.
type Place = (Arc<str>, Uuid);

/// Up to this many candidates are collected and sorted; a word with more is so frequent that
/// walking the names in order finds a page sooner.
const FEW: usize = 2_000;
/// Up to this many candidates cost less than a look along the names.
const RARE: usize = 64;
/// So many names are looked at before words are counted: what many have in common is found there.
const NEAR: usize = 256;

#[derive(Debug)]
struct Held<T> {
    entry: Entry,
    words: Vec<Arc<str>>,
    rendered: T,
}

/// An address book in memory. `T` is what is kept ready of each entry for answers.
#[derive(Debug)]
pub struct Index<T> {
    places: HashMap<Uuid, Place>,
    in_order: BTreeMap<Place, Held<T>>,
    words: BTreeSet<(Arc<str>, Uuid)>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), in_order: BTreeMap::new(), words: BTreeSet::new() }
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
        let place: Place = (entry.sort_key().into(), entry.id);
        let words: Vec<Arc<str>> = entry.words().into_iter().map(Arc::from).collect();
        self.words.extend(words.iter().map(|word| (Arc::clone(word), entry.id)));
        self.places.insert(entry.id, place.clone());
        self.in_order.insert(place, Held { entry, words, rendered });
    }

    /// Removes the entry of an object, if there is one.
    pub fn remove(&mut self, id: Uuid) {
        let held = self.places.remove(&id).and_then(|place| self.in_order.remove(&place));
        for word in held.into_iter().flat_map(|held| held.words) {
            self.words.remove(&(word, id));
        }
    }

    /// The entries of a list that have all the typed words, in name order, after a place, at most
    /// so many; and whether there are more.
    pub fn page(
        &self,
        list: AddressList,
        typed: &[String],
        after: Option<&(String, Uuid)>,
        limit: usize,
    ) -> (Vec<(&Entry, &T)>, bool) {
        let start = after.map(|(name, id)| (Arc::from(name.as_str()), *id));
        let wanted = limit.saturating_add(1);
        let matches = |held: &Held<T>| list.holds(&held.entry) && has_all(&held.words, typed);
        let mut found = self.find(typed, start.as_ref(), wanted, &matches);
        let more = found.len() > limit;
        found.truncate(limit);
        (found.into_iter().map(|held| (&held.entry, &held.rendered)).collect(), more)
    }

    /// The first matches after a place, by the cheapest way: from a word that few have, else along
    /// the names, if matches are dense there, else from a word that not too many have.
    fn find(
        &self,
        typed: &[String],
        start: Option<&Place>,
        wanted: usize,
        matches: &dyn Fn(&Held<T>) -> bool,
    ) -> Vec<&Held<T>> {
        let among = |mut places: Vec<&Place>| -> Vec<&Held<T>> {
            places.retain(|place| start.is_none_or(|start| *place > start));
            places.sort_unstable();
            let held = places.into_iter().filter_map(|place| self.in_order.get(place));
            held.filter(|held| matches(held)).take(wanted).collect()
        };
        let along = |most: usize| -> Vec<&Held<T>> {
            let from = start.map_or(Bound::Unbounded, Bound::Excluded);
            let held = self.in_order.range((from, Bound::Unbounded)).take(most);
            held.map(|(_, held)| held).filter(|held| matches(held)).take(wanted).collect()
        };
        if let Some(places) = self.candidates(typed, RARE) {
            return among(places);
        }
        let near = along(NEAR.max(wanted));
        if near.len() == wanted {
            return near;
        }
        self.candidates(typed, FEW).map_or_else(|| along(usize::MAX), among)
    }

    /// The place of an entry, for the next page.
    pub fn place(entry: &Entry) -> (String, Uuid) {
        (entry.sort_key(), entry.id)
    }

    /// Places of all entries that have the rarest of the words, if these are at most so many.
    fn candidates(&self, typed: &[String], most: usize) -> Option<Vec<&Place>> {
        let ranges = typed.iter().map(|word| self.with_word(word, most));
        let rarest = ranges.flatten().min_by_key(Vec::len)?;
        let mut places: Vec<&Place> =
            rarest.into_iter().filter_map(|id| self.places.get(&id)).collect();
        places.sort_unstable();
        places.dedup();
        Some(places)
    }

    /// Objects with a word that begins like this; none if they are more than so many.
    fn with_word(&self, prefix: &str, most: usize) -> Option<Vec<Uuid>> {
        let from = (Arc::from(prefix), Uuid::nil());
        let until = after_prefix(prefix)?;
        let range = self.words.range(from..(Arc::from(until.as_str()), Uuid::nil()));
        let found: Vec<Uuid> = range.take(most.saturating_add(1)).map(|(_, id)| *id).collect();
        (found.len() <= most).then_some(found)
    }
}

fn has_all(words: &[Arc<str>], typed: &[String]) -> bool {
    typed.iter().all(|prefix| {
        let at = words.partition_point(|word| word.as_ref() < prefix.as_str());
        words.get(at).is_some_and(|word| word.starts_with(prefix.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{EntryKind, typed_words};
    use super::*;

    fn entry(number: u128, name: &str) -> Entry {
        Entry {
            id: Uuid::from_u128(number),
            kind: EntryKind::User,
            display_name: name.to_owned(),
            mail: format!("user{number}@contoso.example"),
            given_name: None,
            surname: None,
            job_title: None,
            department: Some("Finance".to_owned()),
            company_name: None,
            office_location: None,
            business_phones: vec!["+31 20 8117092".to_owned()],
            mobile_phone: None,
        }
    }

    fn book(names: &[&str]) -> Index<()> {
        let mut index = Index::default();
        for (number, name) in (1..).zip(names) {
            index.put(entry(number, name), ());
        }
        index
    }

    fn found(index: &Index<()>, typed: &str) -> Vec<String> {
        let (page, _) = index.page(AddressList::All, &typed_words(typed), None, 100);
        page.into_iter().map(|(entry, ())| entry.display_name.clone()).collect()
    }

    #[test]
    fn names_in_six_languages_are_found_without_accents_and_in_any_order() {
        let index = book(&[
            "José García",
            "Anna de Vries",
            "Jürgen Müller",
            "Łukasz Żak",
            "Øyvind Sørensen",
            "Zoë O'Brien",
            "Gül Yıldız",
            "Maria Straße",
        ]);
        for (typed, name) in [
            ("jose garcia", "José García"),
            ("garcia jose", "José García"),
            ("vries", "Anna de Vries"),
            ("muller", "Jürgen Müller"),
            ("MÜLLER", "Jürgen Müller"),
            ("lukasz zak", "Łukasz Żak"),
            ("oyvind sor", "Øyvind Sørensen"),
            ("obrien", "Zoë O'Brien"),
            ("yildiz", "Gül Yıldız"),
            ("strasse", "Maria Straße"),
        ] {
            assert_eq!(found(&index, typed), [name], "{typed}");
        }
        assert!(found(&index, "jose muller").is_empty());
    }

    #[test]
    fn mail_department_and_phone_find_an_entry() {
        let index = book(&["Jan"]);
        for typed in ["user1", "user1@contoso", "fin", "+31 20 811", "0208117", "20 8117092"] {
            assert_eq!(found(&index, typed), ["Jan"], "{typed}");
        }
        assert!(found(&index, "8117092").is_empty());
    }

    #[test]
    fn pages_follow_the_names_without_loss_or_duplicate() {
        let names: Vec<String> = (0..5_000).map(|n| format!("Anna {:04}", 4_999 - n)).collect();
        let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for typed in ["", "anna", "anna fin"] {
            let typed = typed_words(typed);
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let (page, more) = index.page(AddressList::All, &typed, after.as_ref(), 97);
                seen.extend(page.iter().map(|(entry, ())| entry.display_name.clone()));
                after = page.last().map(|(entry, ())| Index::<()>::place(entry));
                if !more {
                    break;
                }
            }
            let mut expected = names.clone();
            expected.sort();
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_changed_entry_is_found_by_its_new_words_only() {
        let mut index = book(&["Jan Smit"]);
        index.put(entry(1, "Piet Bakker"), ());
        assert!(found(&index, "smit").is_empty());
        assert_eq!(found(&index, "bakker"), ["Piet Bakker"]);
        index.remove(Uuid::from_u128(1));
        assert!(index.is_empty() && found(&index, "").is_empty());
    }
}
