//! Laws that hold for every filter.

use super::{Field, Person, filter};
use crate::Timestamp;
use crate::query::tokens::{found, query_tokens};
use crate::query::{Element, Filter, Literal, Op, Query, canonical, compare, evaluate};
use proptest::prelude::*;
use uuid::Uuid;

const WORDS: [&str; 2] = ["Member", "Guest"];
/// Few texts, so that comparisons often meet.
const TEXTS: &str = "[aB']{0,2}";

fn person() -> impl Strategy<Value = Person> {
    let text = || proptest::option::of(TEXTS);
    let address = (proptest::option::of("[aB]{0,1}"), any::<bool>());
    (
        (0..4_u128, TEXTS, text(), proptest::option::of(0..2_usize)),
        (any::<Option<bool>>(), proptest::option::of(0..3_i64), proptest::option::of(0..4_u128)),
        proptest::collection::vec(TEXTS, 0..3),
        proptest::collection::vec(address, 0..3),
    )
        .prop_map(
            |((id, display_name, mail, word), (enabled, created, manager), aliases, addresses)| {
                Person {
                    id: Uuid::from_u128(id),
                    display_name,
                    mail,
                    user_type: word.map(|index| WORDS[index].to_owned()),
                    enabled,
                    created: created.map(Timestamp::from_micros),
                    manager: manager.map(Uuid::from_u128),
                    aliases,
                    addresses,
                    ..Person::default()
                }
            },
        )
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(vec![Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le])
}

fn folded() -> impl Strategy<Value = String> {
    TEXTS.prop_map(|text| text.to_lowercase())
}

fn text_leaf<F: Copy + std::fmt::Debug + 'static>(
    fields: Vec<F>,
) -> impl Strategy<Value = Filter<F>> {
    let values = proptest::collection::vec(folded().prop_map(Literal::Text), 1..3);
    (proptest::sample::select(fields), op(), folded(), values, 0..5_u8).prop_map(
        |(field, op, text, values, form)| match form {
            0 => Filter::StartsWith { field, text },
            1 => Filter::EndsWith { field, text },
            2 => Filter::In { field, values },
            3 => Filter::Compare { field, op: Op::Eq, value: Literal::Null },
            _ => Filter::Compare { field, op, value: Literal::Text(text) },
        },
    )
}

fn bool_leaf<F: Copy + std::fmt::Debug + 'static>(field: F) -> impl Strategy<Value = Filter<F>> {
    any::<Option<bool>>().prop_map(move |value| match value {
        None => Filter::IsTrue(field),
        Some(value) => Filter::Compare { field, op: Op::Ne, value: Literal::Bool(value) },
    })
}

fn leaf() -> impl Strategy<Value = Filter<Field>> {
    let word = proptest::sample::select(WORDS.to_vec()).prop_map(|word| Filter::Compare {
        field: Field::UserType,
        op: Op::Ne,
        value: Literal::Word(word),
    });
    let time = (op(), 0..3_i64).prop_map(|(op, micros)| Filter::Compare {
        field: Field::Created,
        op,
        value: Literal::Time(Timestamp::from_micros(micros)),
    });
    let id = (op(), 0..4_u128, any::<bool>()).prop_map(|(op, id, own)| Filter::Compare {
        field: if own { Field::Id } else { Field::ManagerId },
        op,
        value: Literal::Id(Uuid::from_u128(id)),
    });
    let count =
        (op(), -1..4_i64).prop_map(|(op, n)| Filter::Count { field: Field::Aliases, op, n });
    let alias = combined(text_leaf(vec![Element::Itself]).boxed());
    let city = text_leaf(vec![Element::Member("city")]);
    let address = combined(prop_oneof![city, bool_leaf(Element::Member("main"))].boxed());
    let any_of = |field, predicate: BoxedStrategy<Filter<Element>>| {
        proptest::option::of(predicate)
            .prop_map(move |predicate| Filter::Any { field, predicate: predicate.map(Box::new) })
    };
    prop_oneof![
        any::<bool>().prop_map(Filter::Const),
        text_leaf(vec![Field::DisplayName, Field::Mail]),
        bool_leaf(Field::Enabled),
        word,
        time,
        id,
        count,
        any_of(Field::Aliases, alias),
        any_of(Field::Addresses, address),
    ]
}

fn combined<F>(leaf: BoxedStrategy<Filter<F>>) -> BoxedStrategy<Filter<F>>
where
    F: Copy + std::fmt::Debug + 'static,
{
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.and(b)),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.or(b)),
            inner.clone().prop_map(Filter::negated),
            (inner, any::<Option<bool>>()).prop_map(|(filter, value)| filter.is(value)),
        ]
    })
    .boxed()
}

fn any_filter() -> BoxedStrategy<Filter<Field>> {
    combined(leaf().boxed())
}

/// What a leaf compares: absent values are null.
#[derive(Clone, PartialEq, PartialOrd)]
enum Plain {
    Text(String),
    Bool(bool),
    Number(i128),
}

fn literal(literal: &Literal) -> Option<Plain> {
    Some(match literal {
        Literal::Null => return None,
        Literal::Bool(value) => Plain::Bool(*value),
        Literal::Text(text) => Plain::Text(text.clone()),
        Literal::Word(word) => Plain::Text(word.to_lowercase()),
        Literal::Time(time) => Plain::Number(time.micros().into()),
        Literal::Id(id) => Plain::Number(id.as_u128() as i128),
    })
}

fn lower(text: &str) -> Plain {
    Plain::Text(text.to_lowercase())
}

fn of_person(person: &Person, field: Field) -> Vec<Option<Plain>> {
    let id = |id: Uuid| Plain::Number(id.as_u128() as i128);
    vec![match field {
        Field::Id => Some(id(person.id)),
        Field::ManagerId => person.manager.map(id),
        Field::DisplayName => Some(lower(&person.display_name)),
        Field::Mail => person.mail.as_deref().map(lower),
        Field::NickName => person.nick_name.as_deref().map(lower),
        Field::Note => person.note.as_deref().map(lower),
        Field::UserType => person.user_type.as_deref().map(lower),
        Field::Enabled => person.enabled.map(Plain::Bool),
        Field::Created => person.created.map(|time| Plain::Number(time.micros().into())),
        Field::Aliases | Field::Addresses => unreachable!("a collection is no value"),
    }]
}

/// A naive reference: false, null and true are 0, 1 and 2, so and is the least, or the largest.
fn naive<F: Copy>(
    filter: &Filter<F>,
    value: &dyn Fn(F) -> Option<Plain>,
    items: &dyn Fn(F, Option<&Filter<Element>>) -> usize,
) -> u8 {
    let two = |holds: bool| if holds { 2 } else { 0 };
    let affix = |field: F, test: &dyn Fn(&str) -> bool| match value(field) {
        Some(Plain::Text(text)) => two(test(&text)),
        _ => 1,
    };
    match filter {
        Filter::Const(holds) => two(*holds),
        Filter::Compare { field, op, value: right } => {
            let (left, right) = (value(*field), literal(right));
            let both = left.is_some() && right.is_some();
            two(match op {
                Op::Eq => left == right,
                Op::Ne => left != right,
                Op::Gt => both && left > right,
                Op::Ge => both && left >= right,
                Op::Lt => both && left < right,
                Op::Le => both && left <= right,
            })
        }
        Filter::In { field, values } => two(values.iter().any(|one| literal(one) == value(*field))),
        Filter::StartsWith { field, text } => affix(*field, &|full| full.starts_with(text)),
        Filter::EndsWith { field, text } => affix(*field, &|full| full.ends_with(text)),
        Filter::IsTrue(field) => value(*field).map_or(1, |held| two(held == Plain::Bool(true))),
        Filter::Is { filter, value: wanted } => {
            two(naive(filter, value, items) == wanted.map_or(1, two))
        }
        Filter::Any { field, predicate } => two(items(*field, predicate.as_deref()) > 0),
        Filter::Count { field, op, n } => {
            let count = items(*field, None) as i64;
            two(match op {
                Op::Eq => count == *n,
                Op::Ne => count != *n,
                Op::Gt => count > *n,
                Op::Ge => count >= *n,
                Op::Lt => count < *n,
                Op::Le => count <= *n,
            })
        }
        Filter::And(parts) => parts.iter().map(|part| naive(part, value, items)).min().unwrap_or(2),
        Filter::Or(parts) => parts.iter().map(|part| naive(part, value, items)).max().unwrap_or(0),
        Filter::Not(inner) => 2 - naive(inner, value, items),
    }
}

/// How many items of a person's collection a condition holds for.
fn items(person: &Person, field: Field, condition: Option<&Filter<Element>>) -> usize {
    let holds = |value: &dyn Fn(Element) -> Option<Plain>| {
        condition.is_none_or(|filter| naive(filter, value, &|_, _| 0) == 2)
    };
    match field {
        Field::Aliases => {
            person.aliases.iter().filter(|alias| holds(&|_| Some(lower(alias)))).count()
        }
        Field::Addresses => {
            let holds_for = |(city, main): &&(Option<String>, bool)| {
                holds(&|element| match element {
                    Element::Member("city") => city.as_deref().map(lower),
                    _ => Some(Plain::Bool(*main)),
                })
            };
            person.addresses.iter().filter(holds_for).count()
        }
        _ => 0,
    }
}

fn reference(filter: &Filter<Field>, person: &Person) -> Option<bool> {
    let value = |field| of_person(person, field).remove(0);
    match naive(filter, &value, &|field, condition| items(person, field, condition)) {
        0 => Some(false),
        2 => Some(true),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_evaluator_agrees_with_the_reference(filter in any_filter(), person in person()) {
        prop_assert_eq!(evaluate(&filter, &person), reference(&filter, &person));
    }

    #[test]
    fn a_printed_filter_parses_to_itself(wanted in any_filter()) {
        let query = Query { filter: Some(wanted.clone()), ..Query::default() };
        let text = canonical::<Person>(&query);
        let parsed = filter(text.strip_prefix("$filter=").unwrap());
        prop_assert_eq!(parsed.map_err(|error| error.message), Ok(wanted), "{}", text);
    }

    #[test]
    fn no_text_brings_the_parser_down(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "displayName", "enabled", "aliases", "/", "any", "(", ")", "x", ":", ",", "eq", "in",
            "not", "and", "or", "gt", "'a'", "null", "true", "$count", "1", "startswith", "+", "'",
        ]), 0..14)
    ) {
        if let Ok(parsed) = filter(&words.join(" ")) {
            let query = Query { filter: Some(parsed.clone()), ..Query::default() };
            let text = canonical::<Person>(&query);
            let again = filter(text.strip_prefix("$filter=").unwrap());
            prop_assert_eq!(again.map_err(|error| error.message), Ok(parsed));
        }
    }

    #[test]
    fn an_order_is_total(
        people in proptest::collection::vec(person(), 3), descending: bool, second: bool
    ) {
        let text = match (descending, second) {
            (true, true) => "mail desc,created",
            (true, false) => "mail desc",
            (false, true) => "enabled,created desc",
            (false, false) => "displayName",
        };
        let order = super::query(&[("$orderby", text)]).unwrap().order;
        let at = |a: usize, b: usize| compare(&order, &people[a], &people[b]);
        prop_assert_eq!(at(0, 1), at(1, 0).reverse());
        if at(0, 1).is_le() && at(1, 2).is_le() {
            prop_assert!(at(0, 2).is_le());
        }
        prop_assert!(at(0, 1).is_ne() || people[0].id == people[1].id);
    }

    #[test]
    fn a_name_is_found_by_itself_and_by_each_of_its_tokens(name in "\\PC{0,20}") {
        let tokens = query_tokens(&name);
        prop_assert!(found(&name, &tokens));
        prop_assert!(tokens.iter().all(|token| found(&name, std::slice::from_ref(token))));
    }

    #[test]
    fn a_name_is_found_when_typed_in_lower_case(name in "[a-cA-C0-1'. -]{0,12}") {
        prop_assert!(found(&name, &query_tokens(&name.to_lowercase())));
    }
}
