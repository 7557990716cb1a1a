//! The record of a change: what every write appends to the change feed in its own transaction.
//!
//! Audit log, delta queries, webhooks, outgoing mail and cache invalidation all read this one
//! feed; nothing else publishes.

use crate::authz::{Actor, Grant};
use crate::id::{Id, TenantId};
use crate::properties::{self, Entity};
use crate::value::Value;
use std::borrow::Cow;
use uuid::Uuid;

/// One change of one object, as a use case reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What was done, noun and verb: `users.create`.
    pub operation: &'static str,
    /// Noun of the changed object: `user`.
    pub target_kind: &'static str,
    /// The changed object.
    pub target: Uuid,
    /// Who did it; none for the service itself.
    pub actor: Option<Uuid>,
    /// What the actor is: `user`, `client` or `system`.
    pub actor_kind: &'static str,
    /// The request that caused the change, as its answer named it.
    pub request_id: Option<Uuid>,
    /// Changed properties before and after, without secrets.
    pub details: Value<'static>,
}

/// A change after its commit: what caches need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Organisation the change belongs to.
    pub tenant: TenantId,
    /// Position in the organisation's feed: 1, 2, 3, … in the order of the commits.
    pub seq: i64,
    /// What was done: `users.create`.
    pub operation: &'static str,
    /// Noun of the changed object: `user`.
    pub target_kind: &'static str,
    /// The changed object.
    pub target: Uuid,
}

impl Change {
    /// A change by the holder of a grant.
    pub fn by<P, T>(
        grant: &Grant<P>,
        operation: &'static str,
        target_kind: &'static str,
        target: Id<T>,
        details: Value<'static>,
    ) -> Self {
        Self::of(grant.actor(), operation, target_kind, target, details)
    }

    /// A change by an actor.
    pub fn of<T>(
        actor: &Actor,
        operation: &'static str,
        target_kind: &'static str,
        target: Id<T>,
        details: Value<'static>,
    ) -> Self {
        Self {
            operation,
            target_kind,
            target: target.uuid(),
            actor: Some(actor.principal().uuid()),
            actor_kind: actor.principal().kind(),
            request_id: Some(actor.request()),
            details,
        }
    }

    /// A change by an actor, or by the service itself where there is none.
    pub fn caused_by<T>(
        actor: Option<&Actor>,
        operation: &'static str,
        target_kind: &'static str,
        target: Id<T>,
        details: Value<'static>,
    ) -> Self {
        match actor {
            Some(actor) => Self::of(actor, operation, target_kind, target, details),
            None => Self::by_system(operation, target_kind, target, details),
        }
    }

    /// A change by the service itself.
    pub fn by_system<T>(
        operation: &'static str,
        target_kind: &'static str,
        target: Id<T>,
        details: Value<'static>,
    ) -> Self {
        Self {
            operation,
            target_kind,
            target: target.uuid(),
            actor: None,
            actor_kind: "system",
            request_id: None,
            details,
        }
    }
}

/// Details of a new object: every property that has a value.
pub fn created<E: Entity>(entity: &E) -> Value<'static> {
    let values = E::PROPERTIES.iter().map(|property| (property, (property.get)(entity)));
    let present = values.filter(|(_, value)| !is_empty(value));
    let pairs = present.map(|(property, value)| {
        let after = vec![(Cow::Borrowed("after"), value.into_owned())];
        (Cow::Borrowed(property.name), Value::Object(after))
    });
    Value::Object(pairs.collect())
}

/// Details of a changed object: the properties that differ, before and after.
pub fn changed<E: Entity>(before: &E, after: &E) -> Value<'static> {
    let pairs = properties::differences(before, after).into_iter().map(|property| {
        let values = vec![
            (Cow::Borrowed("before"), (property.get)(before).into_owned()),
            (Cow::Borrowed("after"), (property.get)(after).into_owned()),
        ];
        (Cow::Borrowed(property.name), Value::Object(values))
    });
    Value::Object(pairs.collect())
}

fn is_empty(value: &Value<'_>) -> bool {
    value.is_null() || value.as_list().is_some_and(<[_]>::is_empty)
}
