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
            items.retain(|entity| after.precedes(&query.order, entity));
        }
        let more = items.len() > query.top;
        items.truncate(query.top);
        (Self { items, more }, count)
    }

    /// One page out of two that answer the same query, from the same place, over two sets.
    #[must_use]
    pub fn joined(mut self, other: Self, query: &Query<E::Field>) -> Self {
        self.items.extend(other.items);
        self.items.sort_by(|a, b| compare(&query.order, a, b));
        let more = self.more || other.more || self.items.len() > query.top;
        self.items.truncate(query.top);
        Self { items: self.items, more }
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

    /// Whether an object comes after this place in an order.
    pub fn precedes<E: Entity>(&self, order: &[Order<E::Field>], entity: &E) -> bool {
        let there = Self::at(order, entity);
        let keys = self.keys.iter().zip(&there.keys).zip(order);
        let mut terms = keys.map(|((here, there), term)| match term.descending {
            true => there.cmp(here),
            false => here.cmp(there),
        });
        let first = terms.find(|ordering| ordering.is_ne());
        first.unwrap_or_else(|| self.id.cmp(&there.id)).is_lt()
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
