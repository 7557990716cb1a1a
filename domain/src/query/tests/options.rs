//! The query options around the filter.

use super::{Field, Person, filter, people, query};
use crate::error::Kind;
use crate::query::{Expand, Order, Query, canonical, compare};

fn message(pairs: &[(&str, &str)], kind: Kind) -> String {
    let error = query(pairs).expect_err("this should be refused");
    assert_eq!(error.kind, kind, "{pairs:?}: {}", error.message);
    error.message.into_owned()
}

#[test]
fn without_options_the_defaults_hold() {
    let defaults = Query { top: 100, ..Query::default() };
    assert_eq!(query(&[]).unwrap(), defaults);
    assert_eq!(query(&[("$format", "JSON"), ("tracking", "1")]).unwrap(), defaults);
}

#[test]
fn option_names_are_known_in_any_case_and_without_dollar() {
    for name in ["$top", "top", "$Top", "TOP"] {
        assert_eq!(query(&[(name, "5")]).unwrap().top, 5, "{name}");
    }
}

#[test]
fn an_option_that_is_given_twice_or_unknown_is_refused() {
    let twice = [("$top", "5"), ("top", "5")];
    assert!(message(&twice, Kind::Invalid).contains("$top is given twice"));
    assert!(message(&[("$foo", "1")], Kind::Invalid).contains("'$foo' is not known"));
    for name in ["$skip", "skip", "$compute", "$apply"] {
        assert!(message(&[(name, "1")], Kind::UnsupportedQuery).contains("is not served"));
    }
    assert!(message(&[("$format", "xml")], Kind::Invalid).contains("Only JSON"));
}

#[test]
fn a_page_size_outside_the_bounds_is_refused() {
    for size in ["1", "999"] {
        assert_eq!(query(&[("$top", size)]).unwrap().top.to_string(), size);
    }
    for size in ["0", "1000", "-1", "x", "", "99999999999999999999999"] {
        let expected =
            format!("Invalid page size specified: '{size}'. Must be between 1 and 999 inclusive.");
        assert_eq!(message(&[("$top", size)], Kind::Invalid), expected);
    }
}

#[test]
fn counts_and_tokens_are_read() {
    let read = query(&[("$count", "True"), ("$skiptoken", "abc")]).unwrap();
    assert!(read.count);
    assert_eq!(read.skip_token.as_deref(), Some("abc"));
    message(&[("$count", "1")], Kind::Invalid);
    message(&[("$skiptoken", "")], Kind::Invalid);
}

#[test]
fn every_unknown_property_of_a_list_is_named_at_once() {
    for option in ["$select", "$orderby"] {
        let error = query(&[(option, "id,foo,bar")]).unwrap_err();
        let targets: Vec<_> = error.violations.iter().map(|one| one.target.as_str()).collect();
        assert_eq!(targets, ["foo", "bar"]);
    }
}

#[test]
fn a_selection_names_each_property_once() {
    let select = query(&[("$select", " id, DisplayName,id")]).unwrap().select;
    assert_eq!(select, Some(vec![Field::Id, Field::DisplayName]));
    assert!(message(&[("$select", "id,")], Kind::Invalid).contains("empty item"));
    assert!(message(&[("$select", "manager/id")], Kind::Invalid).contains("manager/id"));
}

#[test]
fn an_order_has_directions_and_refuses_what_cannot_be_sorted() {
    let order = query(&[("$orderby", "mail DESC, displayName+asc,created")]).unwrap().order;
    let term = |field, descending| Order { field, descending };
    let expected =
        [term(Field::Mail, true), term(Field::DisplayName, false), term(Field::Created, false)];
    assert_eq!(order, expected);
    assert!(message(&[("$orderby", "mail down")], Kind::Invalid).contains("'down' after 'mail'"));
    assert!(message(&[("$orderby", "mail asc desc")], Kind::Invalid).contains("a comma between"));
    assert!(message(&[("$orderby", "mail,mail desc")], Kind::Invalid).contains("twice"));
    assert!(message(&[("$orderby", "")], Kind::Invalid).contains("empty item"));
    assert!(message(&[("$orderby", "aliases")], Kind::UnsupportedQuery).contains("'aliases'"));
    assert!(message(&[("$orderby", &"mail,".repeat(9))], Kind::Invalid).contains("at most 8"));
}

fn ordered(orderby: &str) -> String {
    let order = query(&[("$orderby", orderby)]).unwrap().order;
    let mut people = people();
    people.sort_by(|a, b| compare::<Person>(&order, a, b));
    people.iter().map(|person| person.display_name.chars().next().unwrap()).collect()
}

#[test]
fn null_sorts_first_ascending_and_last_descending_and_ids_decide() {
    assert_eq!(ordered("mail"), "BAC");
    assert_eq!(ordered("mail desc"), "CAB");
    assert_eq!(ordered("created"), "CAB");
    assert_eq!(ordered("enabled desc"), "ABC");
    assert_eq!(ordered("nickName"), "BCA");
    assert_eq!(ordered("nickName desc"), "ABC");
    assert_eq!(ordered("nickName,displayName desc"), "CBA");
}

#[test]
fn relations_are_expanded_with_a_nested_selection() {
    let expand = query(&[("$expand", "Manager($select=id, displayName),members")]).unwrap().expand;
    let item =
        |relation, select: Option<&str>| Expand { relation, select: select.map(str::to_owned) };
    assert_eq!(expand, [item("manager", Some("id, displayName")), item("members", None)]);
    for (text, expected) in [
        ("owners", "'owners' is no relation of person that can be expanded; these are: manager"),
        ("", "'' is no relation"),
        ("manager,", "'' is no relation"),
        ("manager,manager", "twice"),
        ("manager($select=id", "lacks a closing parenthesis"),
        ("manager($select=id)x", "needs a comma"),
    ] {
        let found = message(&[("$expand", text)], Kind::Invalid);
        assert!(found.contains(expected), "{text}: {found}");
    }
    for text in ["manager($levels=max)", "manager($select=id;$top=1)", "manager()"] {
        let found = message(&[("$expand", text)], Kind::UnsupportedQuery);
        assert!(found.contains("only one $select"), "{text}: {found}");
    }
}

#[test]
fn the_canonical_text_is_the_same_for_the_same_question() {
    let text = |pairs: &[(&str, &str)]| canonical::<Person>(&query(pairs).unwrap());
    let one = text(&[
        ("$filter", "not(displayName eq 'Ann') and (enabled eq true)"),
        ("$orderby", "mail desc,id"),
        ("$search", "\"displayName:Ann B\""),
        ("$top", "5"),
    ]);
    let other = text(&[
        ("search", "( \"displayname:b ANN\" )"),
        ("orderby", "Mail DESC, id asc"),
        ("filter", "NOT(DisplayName EQ 'ann') AND enabled eq true"),
        ("$select", "id"),
    ]);
    assert_eq!(one, other);
    assert_eq!(
        one,
        "$filter=not (displayName eq 'ann') and enabled eq true&$orderby=mail desc,id asc\
         &$search=\"displayName:ann b\""
    );
    for different in ["mail,id", "id,mail desc", "mail desc"] {
        assert_ne!(text(&[("$orderby", different)]), text(&[("$orderby", "mail desc,id")]));
    }
}

#[test]
fn nul_and_endless_values_are_refused() {
    assert_eq!(filter("mail eq 'a\0'").unwrap_err().kind, Kind::Invalid);
    let long = format!("mail eq '{}'", "x".repeat(20_000));
    assert!(filter(&long).unwrap_err().message.contains("longer than"));
}
