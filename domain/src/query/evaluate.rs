//! The meaning of a query in memory.

use super::{Element, Filter, Literal, Op, Order, Search, tokens};
use crate::Timestamp;
use crate::properties::{self, Entity};
use crate::text::fold;
use crate::value::Value;
use std::cmp::Ordering;
use uuid::Uuid;

/// Whether a filter is true, false or null of an object. It holds only when it is true.
pub fn evaluate<E: Entity>(filter: &Filter<E::Field>, entity: &E) -> Option<bool> {
    truth(filter, &|field| value_of(field, entity))
}

/// Whether a search finds an object.
pub fn found_by<E: Entity>(search: &Search<E::Field>, entity: &E) -> bool {
    let text_of = |field: &E::Field| value_of(*field, entity).as_text().map(str::to_owned);
    match search {
        Search::Words { field, tokens } => {
            text_of(field).is_some_and(|text| tokens::found(&text, tokens))
        }
        Search::Prefix { field, text: prefix } => {
            text_of(field).is_some_and(|text| fold(&text).starts_with(prefix.as_str()))
        }
        Search::And(parts) => parts.iter().all(|part| found_by(part, entity)),
        Search::Or(parts) => parts.iter().any(|part| found_by(part, entity)),
    }
}

/// Which of two objects comes first. The id, ascending, decides between objects that all terms
/// take for equal.
pub fn compare<E: Entity>(order: &[Order<E::Field>], a: &E, b: &E) -> Ordering {
    order
        .iter()
        .map(|term| {
            let ordering = sort(&value_of(term.field, a), &value_of(term.field, b));
            if term.descending { ordering.reverse() } else { ordering }
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| a.id().cmp(&b.id()))
}

fn value_of<E: Entity>(field: E::Field, entity: &E) -> Value<'_> {
    properties::of::<E>(field).map_or(Value::Null, |property| (property.get)(entity))
}

/// Null before every value.
fn sort(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => fold(a).cmp(&fold(b)),
        _ => Ordering::Equal,
    }
}

fn truth<'v, F: Copy>(filter: &Filter<F>, read: &dyn Fn(F) -> Value<'v>) -> Option<bool> {
    match filter {
        Filter::Const(value) => Some(*value),
        Filter::Compare { field, op, value } => Some(holds(&read(*field), *op, value)),
        Filter::In { field, values } => {
            let current = read(*field);
            Some(values.iter().any(|value| holds(&current, Op::Eq, value)))
        }
        Filter::StartsWith { field, text } => {
            read(*field).as_text().map(|value| fold(value).starts_with(text.as_str()))
        }
        Filter::EndsWith { field, text } => {
            read(*field).as_text().map(|value| fold(value).ends_with(text.as_str()))
        }
        Filter::IsTrue(field) => read(*field).as_bool(),
        Filter::Is { filter, value } => Some(truth(filter, read) == *value),
        Filter::Any { field, predicate } => {
            let items = read(*field);
            let items = items.as_list().unwrap_or_default();
            Some(match predicate {
                None => !items.is_empty(),
                Some(predicate) => items
                    .iter()
                    .any(|item| truth(predicate, &|element| part(item, element)) == Some(true)),
            })
        }
        Filter::Count { field, op, n } => {
            let count = read(*field).as_list().map_or(0, <[_]>::len);
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            Some(op.accepts(count.cmp(n)))
        }
        Filter::And(parts) => fold_truth(parts, read, false),
        Filter::Or(parts) => fold_truth(parts, read, true),
        Filter::Not(inner) => truth(inner, read).map(|value| !value),
    }
}

/// `decisive` if any part is, else null if any part is, else the opposite.
fn fold_truth<'v, F: Copy>(
    parts: &[Filter<F>],
    read: &dyn Fn(F) -> Value<'v>,
    decisive: bool,
) -> Option<bool> {
    let mut null = false;
    for part in parts {
        match truth(part, read) {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => null = true,
        }
    }
    (!null).then_some(!decisive)
}

/// The item or its member.
fn part<'v>(item: &Value<'v>, element: Element) -> Value<'v> {
    match element {
        Element::Itself => item.clone(),
        Element::Member(name) => item.member(name).cloned().unwrap_or(Value::Null),
    }
}

fn holds(current: &Value<'_>, op: Op, literal: &Literal) -> bool {
    match (current, literal) {
        (Value::Null, Literal::Null) => matches!(op, Op::Eq),
        _ => ordering(current, literal).map_or(op == Op::Ne, |ordering| op.accepts(ordering)),
    }
}

/// How a value compares with a literal of its type; none if either is null.
fn ordering(value: &Value<'_>, literal: &Literal) -> Option<Ordering> {
    match literal {
        Literal::Null => None,
        Literal::Bool(literal) => Some(value.as_bool()?.cmp(literal)),
        Literal::Text(literal) => Some(fold(value.as_text()?).as_str().cmp(literal)),
        Literal::Word(literal) => Some(value.as_text()?.cmp(literal)),
        Literal::Time(literal) => Some(time(value)?.cmp(literal)),
        Literal::Id(literal) => Some(Uuid::try_parse(value.as_text()?).ok()?.cmp(literal)),
    }
}

const fn time(value: &Value<'_>) -> Option<Timestamp> {
    match value {
        Value::Time(time) => Some(*time),
        _ => None,
    }
}
