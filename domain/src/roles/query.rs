//! Role assignments as objects that can be queried.

use super::{RoleAssignment, RoleAssignmentId, Which};
use crate::authz::{Role, RoleSet};
use crate::error::{Error, Result};
use crate::paging::Cursor;
use crate::properties::{Entity, Property, Type};
use crate::query::{Filter, Literal, Op, Query};
use crate::value::Value;
use std::borrow::Cow;
use uuid::Uuid;

/// A property of a role assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssignmentField {
    /// The property id.
    Id,
    /// The property principalId.
    PrincipalId,
    /// The property roleDefinitionId.
    RoleDefinitionId,
    /// The property directoryScopeId.
    DirectoryScopeId,
}

use AssignmentField as F;

const fn row(
    name: &'static str,
    field: AssignmentField,
    ty: Type,
    get: for<'a> fn(&'a RoleAssignment) -> Value<'a>,
    description: &'static str,
) -> Property<RoleAssignment> {
    Property::new(name, field, ty, get, description).by_default().for_members()
}

fn id_text(id: Uuid) -> Value<'static> {
    Value::Text(Cow::Owned(id.to_string()))
}

impl Entity for RoleAssignment {
    type Field = AssignmentField;
    const NAME: &'static str = "unifiedRoleAssignment";
    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, |a| id_text(a.id.uuid()), "Identifier."),
        row("principalId", F::PrincipalId, Type::Id, |a| id_text(a.principal), "User or client.")
            .filterable(),
        row(
            "roleDefinitionId",
            F::RoleDefinitionId,
            Type::Id,
            |a| id_text(a.role.template_id()),
            "Template id of the role.",
        )
        .filterable(),
        row(
            "directoryScopeId",
            F::DirectoryScopeId,
            Type::Text { max: 1 },
            |_| Value::text("/"),
            "Always `/`: roles hold in the whole organisation.",
        )
        .filterable(),
    ];
    const RELATIONS: &'static [&'static str] = &["principal", "roleDefinition", "directoryScope"];

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Which {
    /// What a query selects; none if no assignment can be meant, as with an unknown role.
    ///
    /// # Errors
    /// 400 for anything but `eq` and `in` on `principalId`, `roleDefinitionId` and
    /// `directoryScopeId`, several of them joined by `and`.
    pub fn of(query: &Query<AssignmentField>, after: Option<&Cursor>) -> Result<Option<Self>> {
        let mut which = Self {
            after: after.map(|cursor| RoleAssignmentId::new(cursor.id)),
            limit: query.top,
            ..Self::default()
        };
        let terms = match &query.filter {
            None => &[],
            Some(Filter::And(terms)) => terms.as_slice(),
            Some(term) => std::slice::from_ref(term),
        };
        let mut possible = true;
        for term in terms {
            let (field, values) = match term {
                Filter::Compare { field, op: Op::Eq, value } => {
                    (*field, std::slice::from_ref(value))
                }
                Filter::In { field, values } => (*field, values.as_slice()),
                _ => return Err(unserved_filter()),
            };
            possible &= which.narrow(field, values)?;
        }
        Ok(possible.then_some(which))
    }

    /// Keeps what has one of the values besides; whether that can be anything.
    fn narrow(&mut self, field: AssignmentField, values: &[Literal]) -> Result<bool> {
        match field {
            F::PrincipalId => {
                let named = ids(values)?;
                let known = |id: &Uuid| self.principals.as_ref().is_none_or(|all| all.contains(id));
                let kept: Vec<Uuid> = named.filter(known).collect();
                let any = !kept.is_empty();
                self.principals = Some(kept);
                Ok(any)
            }
            F::RoleDefinitionId => {
                let named: RoleSet = ids(values)?.filter_map(Role::of_template).collect();
                let kept = self.roles.unwrap_or(RoleSet::ALL).intersection(named);
                self.roles = Some(kept);
                Ok(!kept.is_empty())
            }
            // Every role holds in the whole organisation.
            F::DirectoryScopeId => {
                Ok(values.iter().any(|value| matches!(value, Literal::Text(scope) if scope == "/")))
            }
            F::Id => Err(unserved_filter()),
        }
    }
}

/// The ids of a comparison with nothing but ids.
fn ids(values: &[Literal]) -> Result<impl Iterator<Item = Uuid>> {
    let ids = values.iter().map(|value| match value {
        Literal::Id(id) => Ok(*id),
        _ => Err(unserved_filter()),
    });
    Ok(ids.collect::<Result<Vec<_>>>()?.into_iter())
}

fn unserved_filter() -> Error {
    Error::unsupported_query(
        "$filter on role assignments takes principalId, roleDefinitionId and directoryScopeId with \
         'eq' or 'in', several of them joined by 'and'.",
    )
    .at("$filter")
}
