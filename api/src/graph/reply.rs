//! Answers in the dialect: one object, a page of objects.

use super::projection::Projection;
use crate::http::conditional::entity_tag;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use roster_domain::properties::Entity;
use roster_domain::warning::Warning;
use roster_domain::{Error, Value};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// An object with a version.
pub trait Versioned: Entity {
    /// Number of its changes.
    fn version(&self) -> i64;
}

impl Versioned for roster_domain::users::User {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for roster_domain::groups::Group {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for roster_domain::contacts::Contact {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for roster_domain::join_requests::JoinRequest {
    /// A request is made and decided on, never changed.
    fn version(&self) -> i64 {
        1
    }
}

impl Versioned for roster_domain::roles::RoleAssignment {
    /// An assignment is made and removed, never changed.
    fn version(&self) -> i64 {
        1
    }
}

impl<K: 'static> Versioned for roster_domain::roles::Entry<K>
where
    Self: Entity,
{
    /// The roles come with the service.
    fn version(&self) -> i64 {
        1
    }
}

/// One object on its way out.
pub struct Object<'a, E: Entity> {
    entity: &'a E,
    projection: &'a Projection<E>,
    context: Option<String>,
    type_name: Option<&'static str>,
    version: i64,
    extra: Vec<Extra>,
}

/// A member beside the properties.
pub type Extra = (&'static str, Value<'static>);

impl<'a, E: Versioned> Object<'a, E> {
    /// An object inside a collection.
    pub fn item(entity: &'a E, projection: &'a Projection<E>) -> Self {
        let version = entity.version();
        Self { entity, projection, context: None, type_name: None, version, extra: Vec::new() }
    }

    /// An object that is the whole answer.
    pub fn whole(entity: &'a E, projection: &'a Projection<E>, context: String) -> Self {
        Self { context: Some(context), ..Self::item(entity, projection) }
    }

    /// With its type, as objects of mixed collections carry it.
    #[must_use]
    pub fn of_type(self, context: Option<String>, type_name: &'static str) -> Self {
        Self { context, type_name: Some(type_name), ..self }
    }

    /// With a further member.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value<'static>) -> Self {
        self.extra.push((name, value));
        self
    }

    /// With further members.
    #[must_use]
    pub fn with_added(mut self, added: &[Extra]) -> Self {
        self.extra.extend(added.iter().cloned());
        self
    }

    /// With `@roster.warnings`, if there are any.
    #[must_use]
    pub fn with_warnings(self, warnings: &[Warning]) -> Self {
        if warnings.is_empty() { self } else { self.with("@roster.warnings", list(warnings)) }
    }

    /// The object as a member of another one.
    pub fn into_value(self) -> Value<'static> {
        let tag = Value::Text(entity_tag(self.version).into());
        let name = self.type_name.map(|name| ("@odata.type".into(), Value::text(name)));
        let mut members: Vec<_> = name.into_iter().collect();
        members.push(("@odata.etag".into(), tag));
        members.extend(
            self.projection
                .properties()
                .iter()
                .map(|property| (property.name.into(), (property.get)(self.entity).into_owned())),
        );
        members.extend(self.extra.into_iter().map(|(name, value)| (name.into(), value)));
        Value::Object(members)
    }

    /// The answer, with its entity tag.
    pub fn respond(self, status: StatusCode) -> HttpResponse {
        HttpResponse::build(status)
            .insert_header((header::ETAG, entity_tag(self.version)))
            .json(self)
    }
}

/// Warnings as a value.
pub fn list(warnings: &[Warning]) -> Value<'static> {
    let text = |text: String| Value::Text(text.into());
    let entries = warnings.iter().cloned().map(|warning| {
        Value::Object(vec![
            ("code".into(), Value::text(warning.code)),
            ("message".into(), text(warning.message)),
            ("target".into(), warning.target.map_or(Value::Null, text)),
        ])
    });
    Value::List(entries.collect())
}

impl<E: Entity> Serialize for Object<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(context) = &self.context {
            map.serialize_entry("@odata.context", context)?;
        }
        if let Some(name) = &self.type_name {
            map.serialize_entry("@odata.type", name)?;
        }
        map.serialize_entry("@odata.etag", &entity_tag(self.version))?;
        for property in self.projection.properties() {
            map.serialize_entry(property.name, &(property.get)(self.entity))?;
        }
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A page on its way out.
#[derive(Serialize)]
pub struct Page<T> {
    /// What it is a page of.
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// The number of all matching objects, where it was asked for.
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The link to the following page.
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The objects.
    pub value: T,
}

/// Objects of a page, their properties, and what is added to each.
pub struct Items<'a, E: Entity>(pub &'a [E], pub &'a Projection<E>, pub &'a [Vec<Extra>]);

impl<E: Versioned> Serialize for Items<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(Some(self.0.len()))?;
        let added = self.2.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
        for (entity, added) in self.0.iter().zip(added) {
            items.serialize_element(&Object::item(entity, self.1).with_added(added))?;
        }
        items.end()
    }
}

/// Something as JSON, while it is at hand: what a page borrows stays with the thread that read it.
///
/// # Errors
/// Internal, if it cannot be written; that would be a fault of this program.
pub fn json<T: Serialize>(value: &T) -> roster_domain::Result<Box<RawValue>> {
    to_raw_value(value).map_err(|error| Error::internal(error.to_string()))
}
