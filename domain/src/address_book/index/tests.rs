//! Searches over small books.

use super::super::{Entry, EntryKind, typed_terms};
use super::*;
use crate::groups::GroupKind;
use std::collections::BTreeMap;

fn entry(number: u128, name: &str) -> Entry {
    Entry {
        id: Uuid::from_u128(number),
        purpose: Some("user".to_owned()),
        display_name: name.to_owned(),
        mail: format!("user{number}@contoso.example"),
        department: Some("Finance".to_owned()),
        business_phones: vec!["+31 20 8117092".to_owned()],
        ..Entry::default()
    }
}

fn placed(entry: Entry) -> Placed<()> {
    Placed::new(entry, ())
}

fn book(names: &[&str]) -> Index<()> {
    let mut index = Index::default();
    for (number, name) in (1..).zip(names) {
        index.put(placed(entry(number, name)));
    }
    index
}

fn found(index: &Index<()>, typed: &str) -> Vec<String> {
    let (page, _) = index.page(AddressList::All, &typed_terms(typed), None, 1_000);
    page.iter().map(|found| found.entry().display_name.clone()).collect()
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
    for typed in ["8117092", "7092", "jan 7092", "+31 (0)20 811", "jan 020 811 finance"] {
        assert_eq!(found(&index, typed), ["Jan"], "{typed}");
    }
    for typed in ["709", "8118", "piet 7092", "+32 20 811"] {
        assert!(found(&index, typed).is_empty(), "{typed}");
    }
}

#[test]
fn pages_follow_the_names_without_loss_or_duplicate() {
    let names: Vec<String> = (0..5_000).map(|n| format!("Anna {:04}", 4_999 - n)).collect();
    let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for typed in ["", "anna", "anna fin"] {
        let typed = typed_terms(typed);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (page, more) = index.page(AddressList::All, &typed, after.as_ref(), 97);
            seen.extend(page.iter().map(|found| found.entry().display_name.clone()));
            after = page.last().map(|last| (last.place().0.to_string(), last.place().1));
            if !more {
                break;
            }
        }
        let mut expected = names.clone();
        expected.sort();
        assert_eq!(seen, expected);
    }
}

/// The same by looking at every entry.
fn scan(names: &[String], typed: &[Term]) -> Vec<String> {
    let has_all = |(name, number): &(&String, u128)| {
        let own = entry(*number, name).words();
        let begins = |typed: &String| own.iter().any(|word| word.starts_with(typed.as_str()));
        typed.iter().all(|term| term.beginnings().iter().any(begins))
    };
    let mut found: Vec<String> =
        names.iter().zip(1..).filter(has_all).map(|(name, _)| name.clone()).collect();
    found.sort_by_key(|name| name.to_lowercase());
    found
}

#[test]
fn beginnings_of_few_and_of_many_words_find_the_same() {
    // Each of 1,000 words that begin with x or y has two entries; those with y are fewer.
    let names: Vec<String> = (0..2_000)
        .map(|n| format!("{n:04} {}{:03}", if n % 1_000 < 900 { 'x' } else { 'y' }, n % 1_000))
        .collect();
    let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for typed in ["x", "y", "x0", "y95", "fin x0", "x05 user1"] {
        let words = typed_terms(typed);
        let expected = scan(&names, &words);
        let (page, more) = index.page(AddressList::All, &words, None, 5_000);
        let found: Vec<&str> =
            page.iter().map(|found| found.entry().display_name.as_str()).collect();
        assert_eq!(
            (found, more),
            (expected.iter().map(String::as_str).collect(), false),
            "{typed}"
        );
        assert!(!expected.is_empty(), "{typed}");
    }
}

#[test]
fn entries_with_all_words_are_found_wherever_the_others_stand() {
    const GIVEN: [&str; 7] = ["Anna", "Bram", "Cor", "Dirk", "Eva", "Fien", "Gijs"];
    const FAMILY: [&str; 6] = ["Bos", "Dekker", "Eva Maas", "Post", "de Boer", "Bosman"];
    let names: Vec<String> = (0..2_000_usize)
        .map(|n| n * 7_919 % 2_003)
        .map(|n| format!("{} {} {n}", GIVEN[n % 7], FAMILY[n / 7 % 6]))
        .collect();
    let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for typed in ["gijs bosman", "bos eva", "eva", "de an", "b d", "post dekker", "e b 1", "1 2 3"]
    {
        let words = typed_terms(typed);
        let expected = scan(&names, &words);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (page, more) = index.page(AddressList::All, &words, after.as_ref(), 5);
            seen.extend(page.iter().map(|found| found.entry().display_name.clone()));
            after = page.last().map(|last| (last.place().0.to_string(), last.place().1));
            if !more {
                break;
            }
        }
        assert!(seen == expected, "{typed}: {} instead of {}", seen.len(), expected.len());
    }
}

#[test]
fn what_was_searched_for_stays_true_while_entries_come_change_and_go() {
    // Many words begin with "rare", few entries have one: such a beginning gets a list.
    let mut names: BTreeMap<u128, String> = (1..=640_u32)
        .map(|n| (n.into(), if n % 20 == 0 { format!("Rare{n}") } else { format!("Anna {n}") }))
        .collect();
    let mut index = Index::default();
    names.iter().for_each(|(number, name)| index.put(placed(entry(*number, name))));
    let expected = |names: &BTreeMap<u128, String>, typed: &str| {
        let has = |name: &&String| name.to_lowercase().starts_with(typed);
        let mut found: Vec<String> = names.values().filter(has).cloned().collect();
        found.sort();
        found
    };
    for step in 0..300_u32 {
        let number = u128::from(step * 7_919 % 700);
        match step % 4 {
            0 => {
                names.remove(&number);
                index.remove(Uuid::from_u128(number));
            }
            kind => {
                let name = if kind == 1 { format!("Anna {step}") } else { format!("Rare{step}") };
                index.put(placed(entry(number, &name)));
                names.insert(number, name);
            }
        }
        for typed in ["rare", "anna"] {
            assert_eq!(found(&index, typed), expected(&names, typed)[..], "{typed}, step {step}");
        }
    }
}

#[test]
fn rooms_and_equipment_stand_in_a_list_of_their_own() {
    let mut index = book(&["Anna", "Beamer", "Canteen", "Desk"]);
    for (number, name, purpose) in [(2, "Beamer", "equipment"), (3, "Canteen", "room")] {
        index.put(placed(Entry { purpose: Some(purpose.to_owned()), ..entry(number, name) }));
    }
    let names = |list, typed: &str| -> Vec<String> {
        let (page, _) = index.page(list, &typed_terms(typed), None, 100);
        page.iter().map(|found| found.entry().display_name.clone()).collect()
    };
    assert_eq!(names(AddressList::Rooms, ""), ["Beamer", "Canteen"]);
    assert_eq!(names(AddressList::Rooms, "cant"), ["Canteen"]);
    assert_eq!(names(AddressList::Users, ""), ["Anna", "Beamer", "Canteen", "Desk"]);
    for (list, typed, count) in
        [(AddressList::Rooms, "", 2), (AddressList::Users, "be", 1), (AddressList::Contacts, "", 0)]
    {
        assert_eq!(index.count(list, &typed_terms(typed)), count, "{list:?} {typed}");
    }
}

#[test]
fn digits_are_words_of_a_name_or_a_number() {
    let mut index = book(&["Room 4 12 100", "Room 4 12", "Room 41"]);
    let desk = Entry { business_phones: vec!["412 100".to_owned()], ..entry(9, "Desk") };
    index.put(placed(desk));
    assert_eq!(found(&index, "4 12 100"), ["Desk", "Room 4 12 100"]);
    assert_eq!(found(&index, "room 4 12"), ["Room 4 12", "Room 4 12 100"]);
    assert_eq!(found(&index, "412"), ["Desk"]);
}

#[test]
fn groups_with_a_mailbox_are_no_distribution_lists() {
    let mut index = Index::default();
    for (number, kind) in (1..).zip(GroupKind::ALL) {
        let name = kind.key();
        let group = Entry { kind: EntryKind::Group, group: Some(kind), ..entry(number, name) };
        index.put(placed(Entry { purpose: None, ..group }));
    }
    let names = |list| index.page(list, &[], None, 10).0.len();
    assert_eq!(names(AddressList::All), 4);
    assert_eq!(names(AddressList::Microsoft365Groups), 1);
    assert_eq!(names(AddressList::DistributionLists), 3);
}

#[test]
fn aliases_find_an_entry_that_does_not_show_them() {
    let mut index = Index::default();
    let aliases = vec!["jdv".to_owned(), "Jan.Bakker@contoso.example".to_owned()];
    index.put(placed(Entry { aliases, ..entry(1, "Jan") }));
    for typed in ["jdv", "jan.bakker@con", "bakker"] {
        assert_eq!(found(&index, typed), ["Jan"], "{typed}");
    }
}

#[test]
fn a_beginning_of_many_words_takes_long_once() {
    let names: Vec<String> = (0..40).map(|n| format!("Anna x{n:03}")).collect();
    let index = book(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let many = typed_terms("anna x0");
    assert!(!index.is_quick(&many, false));
    assert_eq!(index.page(AddressList::All, &many, None, 10).0.len(), 10);
    assert!(index.is_quick(&many, false));
    assert!(!index.is_quick(&many, true), "all that match have to be counted");
    assert!(index.is_quick(&typed_terms("anna x001"), false));
    assert!(index.is_quick(&[], true));
}

#[test]
fn a_changed_entry_is_found_by_its_new_words_only() {
    let mut index = book(&["Jan Smit"]);
    index.put(placed(entry(1, "Piet Bakker")));
    assert!(found(&index, "smit").is_empty());
    assert_eq!(found(&index, "bakker"), ["Piet Bakker"]);
    index.remove(Uuid::from_u128(1));
    assert!(index.is_empty() && found(&index, "").is_empty());
}
