//! Keyset paging: a page, and the place where the next one starts.

use crate::properties::{Entity, Type, of};
use crate::query::{Literal, Order, Query, compare, evaluate, found_by};
use crate::text::fold;
use crate::value::Value;
use uuid::Uuid;

/// One page of a query.
#[derive(Clone, Debug)]
pub struct Page<E> {
    /// The objects, in order.
    pub items: Vec<E>,
    /// Whether more objects follow.
    pub more: bool,
}

impl<E: Entity> Page<E> {
    /// A page of a small fixed set, held in memory, and the number of all that the query finds.
    pub fn of_all(all: Vec<E>, query: &Query<E::Field>, after: Option<&Cursor>) -> (Self, i64) {
        let wanted = |entity: &E| {
            let holds = |filter| evaluate(filter, entity) == Some(true);
            query.filter.as_ref().is_none_or(holds)
                && query.search.as_ref().is_none_or(|search| found_by(search, entity))
        };
        let mut items: Vec<E> = all.into_iter().filter(wanted).collect();
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        items.sort_by(|a, b| compare(&query.order, a, b));
        if let Some(after) = after {
            let past = items.iter().position(|entity| entity.id() == after.id);
            items.drain(..past.map_or(0, |at| at.saturating_add(1)));
        }
        let more = items.len() > query.top;
        items.truncate(query.top);
        (Self { items, more }, count)
    }
}

/// The last object of a page, by the keys of the query's order. The next page starts after it,
/// whatever is inserted meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// One key for each term of the order.
    pub keys: Vec<Literal>,
    /// Its id, the last key of every order.
    pub id: Uuid,
}

impl Cursor {
    /// The place of an object in an order.
    pub fn at<E: Entity>(order: &[Order<E::Field>], entity: &E) -> Self {
        let keys = order.iter().map(|term| key(term.field, entity)).collect();
        Self { keys, id: entity.id() }
    }
}

fn key<E: Entity>(field: E::Field, entity: &E) -> Literal {
    let Some(property) = of::<E>(field) else { return Literal::Null };
    match ((property.get)(entity), property.ty) {
        (Value::Text(text), Type::Id) => Uuid::try_parse(&text).map_or(Literal::Null, Literal::Id),
        (Value::Text(text), _) => Literal::Text(fold(&text)),
        (Value::Time(time), _) => Literal::Time(time),
        (Value::Bool(value), _) => Literal::Bool(value),
        _ => Literal::Null,
    }
}
