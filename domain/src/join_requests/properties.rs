//! The property table of requests to join.

use super::{JoinRequest, MAX_JUSTIFICATION};
use crate::authz::Scope;
use crate::error::Result;
use crate::fields;
use crate::objects::{Expandable, Expanded};
use crate::ports::ReadTx;
use crate::properties::{Entity, Property, Type};
use crate::value::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use uuid::Uuid;

fields!(
    /// A property of a request, as typed queries name it.
    JoinRequestField:
    Id,
    GroupId,
    RequestorId,
    CreatedDateTime,
    Justification,
);

use JoinRequestField as F;

const fn row(
    name: &'static str,
    field: F,
    ty: Type,
    get: for<'a> fn(&'a JoinRequest) -> Value<'a>,
    description: &'static str,
) -> Property<JoinRequest> {
    Property::new(name, field, ty, get, description).by_default().for_members()
}

fn text(id: Uuid) -> Value<'static> {
    Value::Text(Cow::Owned(id.to_string()))
}

impl Entity for JoinRequest {
    type Field = JoinRequestField;
    const NAME: &'static str = "groupJoinRequest";
    const RELATIONS: &'static [&'static str] = &["requestor"];
    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, |request| text(request.id.uuid()), "Identifier, never reused.")
            .filterable(),
        row("groupId", F::GroupId, Type::Id, |request| text(request.group.uuid()), "The group."),
        row(
            "requestorId",
            F::RequestorId,
            Type::Id,
            |request| text(request.requestor.uuid()),
            "Who asks; `$expand=requestor` answers the person.",
        )
        .filterable(),
        row(
            "createdDateTime",
            F::CreatedDateTime,
            Type::Time,
            |request| Value::Time(request.created),
            "When they asked.",
        )
        .sortable(),
        row(
            "justification",
            F::Justification,
            Type::Text { max: MAX_JUSTIFICATION },
            |request| Value::optional(request.justification.as_deref()),
            "Why they ask.",
        ),
    ];

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Expandable for JoinRequest {
    /// Who asks, as far as the caller sees them.
    fn related(
        tx: &mut dyn ReadTx,
        scope: &Scope,
        _relation: &'static str,
        page: &[Self],
    ) -> Result<Vec<Expanded>> {
        let ids: Vec<Uuid> = page.iter().map(|request| request.requestor.uuid()).collect();
        let found = tx.objects(scope, &ids)?.into_iter();
        let found: HashMap<Uuid, _> = found.map(|object| (object.uuid(), object)).collect();
        Ok(ids.iter().map(|id| Expanded::One(found.get(id).cloned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_exactly_one_row() {
        for field in JoinRequestField::ALL {
            let rows = JoinRequest::PROPERTIES.iter().filter(|row| row.field == *field);
            assert_eq!(rows.count(), 1, "{field:?}");
        }
        assert_eq!(JoinRequest::PROPERTIES.len(), JoinRequestField::ALL.len());
    }
}
