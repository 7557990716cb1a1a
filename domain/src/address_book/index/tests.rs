//! Searches over small books.

use super::super::{EntryKind, typed_words};
use super::*;
use std::collections::BTreeMap;

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
    let (page, _) = index.page(AddressList::All, &typed_words(typed), None, 1_000);
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
fn scan(names: &[String], typed: &[String]) -> Vec<String> {
    let has_all = |(name, number): &(&String, u128)| {
        let own = entry(*number, name).words();
        typed.iter().all(|typed| own.iter().any(|word| word.starts_with(typed)))
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
        let words = typed_words(typed);
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
        let words = typed_words(typed);
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
    names.iter().for_each(|(number, name)| index.put(entry(*number, name), ()));
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
                index.put(entry(number, &name), ());
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
        index.put(Entry { purpose: Some(purpose.to_owned()), ..entry(number, name) }, ());
    }
    let names = |list, typed: &str| -> Vec<String> {
        let (page, _) = index.page(list, &typed_words(typed), None, 100);
        page.iter().map(|found| found.entry().display_name.clone()).collect()
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
