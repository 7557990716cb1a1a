//! Role assignments as objects that can be queried.

use super::{RoleAssignment, RoleAssignmentId, Which};
use crate::authz::Role;
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
    const RELATIONS: &'static [&'static str] = &["principal", "roleDefinition"];

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Which {
    /// What a query selects; none if no assignment can be meant, as with an unknown role.
    ///
    /// # Errors
    /// 400 for anything but `principalId eq ID`, `roleDefinitionId eq ID`,
    /// `directoryScopeId eq '/'`, or several of them joined by `and`.
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
        for term in terms {
            match term {
                Filter::Compare { field: F::PrincipalId, op: Op::Eq, value: Literal::Id(id) }
                    if which.principal.is_none_or(|known| known == *id) =>
                {
                    which.principal = Some(*id);
                }
                Filter::Compare {
                    field: F::RoleDefinitionId,
                    op: Op::Eq,
                    value: Literal::Id(id),
                } if which.role.is_none_or(|known| known.template_id() == *id) => {
                    let Some(role) = Role::of_template(*id) else { return Ok(None) };
                    which.role = Some(role);
                }
                // Every role holds in the whole organisation.
                Filter::Compare {
                    field: F::DirectoryScopeId,
                    op: Op::Eq,
                    value: Literal::Text(scope),
                } => {
                    if scope != "/" {
                        return Ok(None);
                    }
                }
                _ => return Err(unserved_filter()),
            }
        }
        Ok(Some(which))
    }
}

fn unserved_filter() -> Error {
    Error::unsupported_query(
        "$filter on role assignments takes principalId eq ID, roleDefinitionId eq ID, \
         directoryScopeId eq '/', or several of them joined by 'and'.",
    )
    .at("$filter")
}
