//! Entries in name order with an index of their words.

use super::{AddressList, Entry};
use crate::text::after_prefix;
use std::borrow::Borrow;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// Place of an entry in the order.
type Place = (Arc<str>, Uuid);

/// A beginning of more different words than this is so common that walking the names in order
/// finds a page sooner.
const MANY_WORDS: usize = 512;

#[derive(Debug)]
struct Held<T> {
    place: Place,
    entry: Entry,
    words: Vec<Arc<str>>,
    rendered: T,
}

/// An entry, compared by its place.
#[derive(Debug)]
struct Placed<T>(Arc<Held<T>>);

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

/// The entries that have one word. Most words, such as addresses and phone numbers, have one.
#[derive(Debug)]
enum Having<T> {
    One(Placed<T>),
    Several(BTreeSet<Placed<T>>),
}

impl<T> Having<T> {
    fn len(&self) -> usize {
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
            Self::One(only) => only.0.place == *place,
            Self::Several(all) => {
                all.remove(place);
                all.is_empty()
            }
        }
    }

    /// The entries after a place, in order.
    fn after<'a>(&'a self, start: Option<&Place>) -> Box<dyn Iterator<Item = &'a Placed<T>> + 'a> {
        match self {
            Self::One(only) => {
                let is_after = start.is_none_or(|start| only.0.place > *start);
                Box::new(is_after.then_some(only).into_iter())
            }
            Self::Several(all) => Box::new(after(all, start)),
        }
    }
}

/// The entries of a set after a place, in order.
fn after<'a, T>(
    all: &'a BTreeSet<Placed<T>>,
    start: Option<&Place>,
) -> impl Iterator<Item = &'a Placed<T>> + use<'a, T> {
    let from = start.map_or(Bound::Unbounded, Bound::Excluded);
    all.range::<Place, _>((from, Bound::Unbounded))
}

/// An address book in memory. `T` is what is kept ready of each entry for answers.
#[derive(Debug)]
pub struct Index<T> {
    places: HashMap<Uuid, Place>,
    in_order: BTreeSet<Placed<T>>,
    words: BTreeMap<Arc<str>, Having<T>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), in_order: BTreeSet::new(), words: BTreeMap::new() }
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
        self.places.insert(entry.id, place.clone());
        let words = entry.words().into_iter().map(|word| {
            let known = self.words.get_key_value(word.as_str());
            known.map_or_else(|| Arc::from(word), |(known, _)| Arc::clone(known))
        });
        let words: Vec<Arc<str>> = words.collect();
        let placed = Placed(Arc::new(Held { place, entry, words, rendered }));
        for word in &placed.0.words {
            match self.words.get_mut(word) {
                Some(having) => having.add(placed.clone()),
                None => drop(self.words.insert(Arc::clone(word), Having::One(placed.clone()))),
            }
        }
        self.in_order.insert(placed);
    }

    /// Removes the entry of an object, if there is one.
    pub fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else { return };
        let Some(placed) = self.in_order.take(&place) else { return };
        for word in &placed.0.words {
            if self.words.get_mut(word).is_some_and(|having| having.remove(&place)) {
                self.words.remove(word);
            }
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
        let marked: Vec<String> =
            typed.iter().cloned().chain(list.mark().map(str::to_owned)).collect();
        let typed = marked.as_slice();
        let start: Option<Place> = after.map(|(name, id)| (Arc::from(name.as_str()), *id));
        let matches =
            |held: &&Placed<T>| list.holds(&held.0.entry) && has_all(&held.0.words, typed);
        let wanted = limit.saturating_add(1);
        let mut found: Vec<&Placed<T>> = match self.rarest(typed) {
            Some(having) => merged(&having, start.as_ref()).filter(matches).take(wanted).collect(),
            None => {
                let along = self::after(&self.in_order, start.as_ref());
                along.filter(matches).take(wanted).collect()
            }
        };
        let more = found.len() > limit;
        found.truncate(limit);
        (found.into_iter().map(|held| (&held.0.entry, &held.0.rendered)).collect(), more)
    }

    /// The place of an entry, for the next page.
    pub fn place(entry: &Entry) -> (String, Uuid) {
        (entry.sort_key(), entry.id)
    }

    /// The words that begin like the rarest of those typed; none if nothing rare was typed.
    fn rarest(&self, typed: &[String]) -> Option<Vec<&Having<T>>> {
        let beginning = typed.iter().filter_map(|prefix| self.beginning(prefix));
        beginning.min_by_key(|having| having.iter().map(|each| each.len()).sum::<usize>())
    }

    /// The words that begin like this; none if they are too many.
    fn beginning(&self, prefix: &str) -> Option<Vec<&Having<T>>> {
        let until = after_prefix(prefix)?;
        let range = (Bound::Included(prefix), Bound::Excluded(until.as_str()));
        let words = self.words.range::<str, _>(range).map(|(_, having)| having);
        let words: Vec<_> = words.take(MANY_WORDS.saturating_add(1)).collect();
        (words.len() <= MANY_WORDS).then_some(words)
    }
}

/// The entries that have one of some words, after a place, in order and each once.
fn merged<'a, T>(
    words: &[&'a Having<T>],
    start: Option<&Place>,
) -> impl Iterator<Item = &'a Placed<T>> + use<'a, T> {
    let mut rest: Vec<_> = words.iter().map(|having| having.after(start)).collect();
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
            purpose: Some("user".to_owned()),
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
    fn beginnings_of_few_and_of_many_words_find_the_same() {
        // Each of 1,000 words that begin with x or y has two entries; those with y are fewer.
        let names: Vec<String> = (0..2_000)
            .map(|n| format!("{n:04} {}{:03}", if n % 1_000 < 900 { 'x' } else { 'y' }, n % 1_000))
            .collect();
        let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for typed in ["x", "y", "x0", "y95", "fin x0", "x05 user1"] {
            let words = typed_words(typed);
            let expected: Vec<String> = names
                .iter()
                .zip(1..)
                .filter(|(name, number)| has_all(&sorted(entry(*number, name).words()), &words))
                .map(|(name, _)| name.clone())
                .collect();
            let (page, more) = index.page(AddressList::All, &words, None, 5_000);
            let found: Vec<&str> =
                page.iter().map(|(entry, ())| entry.display_name.as_str()).collect();
            assert_eq!(
                (found, more),
                (expected.iter().map(String::as_str).collect(), false),
                "{typed}"
            );
            assert!(!expected.is_empty(), "{typed}");
        }
    }

    fn sorted(words: Vec<String>) -> Vec<Arc<str>> {
        words.into_iter().map(Arc::from).collect()
    }

    #[test]
    fn rooms_and_equipment_stand_in_a_list_of_their_own() {
        let mut index = book(&["Anna", "Beamer", "Canteen", "Desk"]);
        for (number, name, purpose) in [(2, "Beamer", "equipment"), (3, "Canteen", "room")] {
            index.put(Entry { purpose: Some(purpose.to_owned()), ..entry(number, name) }, ());
        }
        let names = |list, typed: &str| -> Vec<String> {
            let (page, _) = index.page(list, &typed_words(typed), None, 100);
            page.into_iter().map(|(entry, ())| entry.display_name.clone()).collect()
        };
        assert_eq!(names(AddressList::Rooms, ""), ["Beamer", "Canteen"]);
        assert_eq!(names(AddressList::Rooms, "cant"), ["Canteen"]);
        assert_eq!(names(AddressList::Users, ""), ["Anna", "Beamer", "Canteen", "Desk"]);
        assert!(names(AddressList::All, "bookable").is_empty());
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
