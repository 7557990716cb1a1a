//! An object of any kind in an answer: its type, and the properties that were chosen.

use super::projection::{Projection, read_apart};
use super::reply::Object;
use crate::http::QueryOptions;
use roster_domain::authz::Scope;
use roster_domain::contacts::Contact;
use roster_domain::groups::Group;
use roster_domain::objects::{DirectoryObject, ObjectField, ObjectKind};
use roster_domain::properties::{Entity, find};
use roster_domain::query::Query;
use roster_domain::roles::DirectoryRole;
use roster_domain::users::User;
use roster_domain::{Error, Result, Value, Violation};
use serde::Serialize;
use serde::ser::Serializer;

/// The `@odata.type` of a kind of object.
pub const fn type_name(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "#microsoft.graph.user",
        ObjectKind::Contact => "#microsoft.graph.orgContact",
        ObjectKind::Group => "#microsoft.graph.group",
        ObjectKind::Role => "#microsoft.graph.directoryRole",
    }
}

/// Which properties objects of each kind carry in one answer.
pub struct Projections {
    user: Projection<User>,
    contact: Projection<Contact>,
    group: Projection<Group>,
    role: Projection<DirectoryRole>,
}

impl Projections {
    /// What a `$select` names, or every kind's default properties. A name that only some kinds
    /// know is left out of the others.
    ///
    /// # Errors
    /// 400 for names that no kind knows and for what depends on who asks, 403 for what the caller
    /// may not read.
    pub fn read(select: Option<&str>, scope: &Scope) -> Result<Self> {
        let Some(select) = select else {
            return Ok(Self {
                user: Projection::of(None, scope),
                contact: Projection::of(None, scope),
                group: Projection::of(None, scope),
                role: Projection::of(None, scope),
            });
        };
        let names: Vec<_> = select.split(',').map(str::trim).collect();
        let violations: Vec<_> = names.iter().filter_map(|name| unselectable(name)).collect();
        if !violations.is_empty() {
            return Err(Error::violations(violations));
        }
        Ok(Self {
            user: of_names(&names, scope)?,
            contact: of_names(&names, scope)?,
            group: of_names(&names, scope)?,
            role: of_names(&names, scope)?,
        })
    }

    /// The projections of a request and what its other options say, as far as it serves them.
    ///
    /// # Errors
    /// As [`Projections::read`]; 400 for all that is wrong with the other options too.
    pub fn of_request(
        served: &[&str],
        pairs: &QueryOptions,
        scope: &Scope,
    ) -> Result<(Self, Query<ObjectField>)> {
        let read = |select: Option<&str>| Self::read(select, scope);
        read_apart::<DirectoryObject, _>(served, pairs, scope, read)
    }
}

fn any_knows(name: &str) -> bool {
    find::<User>(name).is_some()
        || find::<Contact>(name).is_some()
        || find::<Group>(name).is_some()
        || find::<DirectoryRole>(name).is_some()
}

/// What is wrong with a name in the `$select` of a mixed collection.
fn unselectable(name: &str) -> Option<Violation> {
    if let Some(computed) = computed(name) {
        return Some(computed);
    }
    if any_knows(name) {
        return None;
    }
    Some(unknown(name))
}

/// What is wrong with a name of what depends on who asks.
pub fn computed(name: &str) -> Option<Violation> {
    let property = find::<User>(name).filter(|property| property.computed)?;
    let name = property.name;
    let message =
        format!("'{name}' is answered where all objects are of one kind, as in …/graph.user.");
    Some(Violation::new(name, message))
}

/// What is wrong with a name that no kind of object knows.
pub fn unknown(name: &str) -> Violation {
    let name: String = name.chars().take(60).collect();
    let message = format!("Could not find a property named '{name}' on directoryObject.");
    Violation::coded("UnknownProperty", name, message)
}

/// The properties of `E` among some names.
///
/// # Errors
/// 403 for what the caller may not read.
pub fn of_names<E: Entity>(names: &[&str], scope: &Scope) -> Result<Projection<E>> {
    let mut fields = Vec::new();
    for property in names.iter().filter_map(|name| find::<E>(name)) {
        scope.may_read(property)?;
        if !fields.contains(&property.field) {
            fields.push(property.field);
        }
    }
    Ok(Projection::of(Some(&fields), scope))
}

/// One object with its type.
pub struct Typed<'a> {
    object: &'a DirectoryObject,
    projections: &'a Projections,
    context: Option<String>,
}

impl<'a> Typed<'a> {
    /// An object inside a collection.
    pub const fn item(object: &'a DirectoryObject, projections: &'a Projections) -> Self {
        Self { object, projections, context: None }
    }

    /// An object that is the whole answer.
    pub const fn whole(
        object: &'a DirectoryObject,
        projections: &'a Projections,
        context: String,
    ) -> Self {
        Self { object, projections, context: Some(context) }
    }
}

impl Typed<'_> {
    /// The object as a member of another one.
    pub fn into_value(self) -> Value<'static> {
        let name = type_name(self.object.kind());
        match self.object {
            DirectoryObject::User(user) => {
                Object::item(&**user, &self.projections.user).of_type(None, name).into_value()
            }
            DirectoryObject::Contact(contact) => {
                Object::item(&**contact, &self.projections.contact).of_type(None, name).into_value()
            }
            DirectoryObject::Group(group) => {
                Object::item(&**group, &self.projections.group).of_type(None, name).into_value()
            }
            DirectoryObject::Role(role) => {
                Object::item(role, &self.projections.role).of_type(None, name).into_value()
            }
        }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = type_name(self.object.kind());
        let context = self.context.clone();
        match self.object {
            DirectoryObject::User(user) => Object::item(&**user, &self.projections.user)
                .of_type(context, name)
                .serialize(serializer),
            DirectoryObject::Contact(contact) => {
                Object::item(&**contact, &self.projections.contact)
                    .of_type(context, name)
                    .serialize(serializer)
            }
            DirectoryObject::Group(group) => Object::item(&**group, &self.projections.group)
                .of_type(context, name)
                .serialize(serializer),
            DirectoryObject::Role(role) => Object::item(role, &self.projections.role)
                .of_type(context, name)
                .serialize(serializer),
        }
    }
}
