//! Collections of objects of every kind: typed items, references to them, and bodies that name
//! objects by their address.

use super::links::collection_context;
use super::listing::{self, Listed};
use super::projection::{Projection, read_apart, read_query};
use super::reply::Object;
use super::roles::catalogue;
use super::schemas::{
    ContactPage, ContactSchema, DirectoryObjectPage, DirectoryObjectSchema, GroupPage, GroupSchema,
    ReferenceBody, ReferencePage, UserPage, UserSchema,
};
use crate::http::{Failure, QueryOptions};
use crate::roster::Roster;
use actix_web::HttpResponse;
use roster_domain::authz::{Grant, Scope, rights};
use roster_domain::contacts::Contact;
use roster_domain::groups::Group;
use roster_domain::objects::{
    self, DirectoryObject, ObjectField, ObjectKind, Relation, last_segment,
};
use roster_domain::ports::ReadTx;
use roster_domain::properties::{Entity, find};
use roster_domain::query::Query;
use roster_domain::roles::DirectoryRole;
use roster_domain::users::User;
use roster_domain::{Error, Result, Value, Violation};
use serde::Serialize;
use serde::ser::Serializer;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema as _, ToSchema as _};
use uuid::Uuid;

/// Options of mixed collections: objects of several kinds have no relation in common.
const MIXED: &[&str] =
    &["$select", "$filter", "$orderby", "$search", "$top", "$count", "$skiptoken"];
/// Options of collections of references, which have no properties.
const REFERENCES: &[&str] = &["$filter", "$orderby", "$search", "$top", "$count", "$skiptoken"];

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

/// A page of objects of every kind, or of references to them.
#[derive(Serialize)]
struct Page<T> {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: Vec<T>,
}

/// Answers a collection of objects that is not paged.
pub fn all(roster: &Roster, items: &[DirectoryObject], projections: &Projections) -> HttpResponse {
    HttpResponse::Ok().json(Page {
        context: collection_context(roster, "directoryObjects"),
        count: None,
        next: None,
        value: items.iter().map(|item| Typed::item(item, projections)).collect(),
    })
}

/// A request for related objects.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The service.
    pub roster: &'a Roster,
    /// Path of the collection below `/v1.0`.
    pub path: &'a str,
    /// Who asks.
    pub grant: Grant<rights::ReadDirectory>,
    /// The options.
    pub pairs: &'a QueryOptions,
    /// What is asked for.
    pub relation: Relation,
}

/// Answers a page of related objects.
///
/// # Errors
/// What is wrong with the options.
pub async fn page(asked: Asked<'_>) -> Result<HttpResponse, Failure> {
    let (projections, query) = Projections::of_request(MIXED, asked.pairs, &asked.grant.scope())?;
    let listed = listed(asked, query).await?;
    Ok(HttpResponse::Ok().json(Page {
        context: collection_context(asked.roster, "directoryObjects"),
        count: listed.count,
        next: listed.next,
        value: listed.items.iter().map(|item| Typed::item(item, &projections)).collect(),
    }))
}

/// Answers a page of references to related objects: `…/$ref`.
///
/// # Errors
/// What is wrong with the options.
pub async fn reference_page(asked: Asked<'_>) -> Result<HttpResponse, Failure> {
    let query = read_query::<DirectoryObject>(REFERENCES, asked.pairs, &asked.grant.scope())?;
    let listed = listed(asked, query).await?;
    let reference = |item: &DirectoryObject| Reference::to(asked.roster, item.uuid());
    Ok(HttpResponse::Ok().json(Page {
        context: collection_context(asked.roster, "Collection($ref)"),
        count: listed.count,
        next: listed.next,
        value: listed.items.iter().map(reference).collect(),
    }))
}

/// Answers the number of related objects as plain text.
///
/// # Errors
/// What is wrong with the options.
pub async fn count(asked: Asked<'_>) -> Result<HttpResponse, Failure> {
    let Asked { roster, grant, pairs, relation, .. } = asked;
    listing::count::<DirectoryObject, _, _>(roster, grant, pairs, move |tx, grant, query| {
        objects::count_related(tx, &grant.scope(), relation, query)
    })
    .await
}

/// Answers a page of the related objects of one kind.
///
/// # Errors
/// What is wrong with the options.
pub async fn cast_page(asked: Asked<'_>, kind: ObjectKind) -> Result<HttpResponse, Failure> {
    let Asked { roster, path, grant, pairs, relation } = asked;
    match kind {
        ObjectKind::User => {
            let page =
                move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&_>| {
                    tx.related_users(&grant.scope(), relation, query, after)
                };
            let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
                tx.count_related_users(&grant.scope(), relation, query)
            };
            listing::page::<User, _, _, _>(roster, path, grant, pairs, page, count).await
        }
        ObjectKind::Group => {
            let page =
                move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&_>| {
                    tx.related_groups(&grant.scope(), relation, query, after)
                };
            let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
                tx.count_related_groups(&grant.scope(), relation, query)
            };
            listing::page::<Group, _, _, _>(roster, path, grant, pairs, page, count).await
        }
        ObjectKind::Contact => {
            let page =
                move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&_>| {
                    tx.related_contacts(&grant.scope(), relation, query, after)
                };
            let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
                tx.count_related_contacts(&grant.scope(), relation, query)
            };
            listing::page::<Contact, _, _, _>(roster, path, grant, pairs, page, count).await
        }
        ObjectKind::Role => {
            let scope = grant.scope();
            let roles = roles_in(roster, scope, relation).await?;
            catalogue::page(roster, path, &scope, pairs, roles)
        }
    }
}

/// Answers the number of the related objects of one kind as plain text.
///
/// # Errors
/// What is wrong with the options.
pub async fn cast_count(asked: Asked<'_>, kind: ObjectKind) -> Result<HttpResponse, Failure> {
    let Asked { roster, grant, pairs, relation, .. } = asked;
    match kind {
        ObjectKind::User => {
            listing::count::<User, _, _>(roster, grant, pairs, move |tx, grant, query| {
                tx.count_related_users(&grant.scope(), relation, query)
            })
            .await
        }
        ObjectKind::Group => {
            listing::count::<Group, _, _>(roster, grant, pairs, move |tx, grant, query| {
                tx.count_related_groups(&grant.scope(), relation, query)
            })
            .await
        }
        ObjectKind::Contact => {
            listing::count::<Contact, _, _>(roster, grant, pairs, move |tx, grant, query| {
                tx.count_related_contacts(&grant.scope(), relation, query)
            })
            .await
        }
        ObjectKind::Role => {
            let scope = grant.scope();
            let roles = roles_in(roster, scope, relation).await?;
            catalogue::count(&scope, pairs, roles)
        }
    }
}

async fn roles_in(
    roster: &Roster,
    scope: Scope,
    relation: Relation,
) -> Result<Vec<DirectoryRole>, Failure> {
    Ok(roster.read(move |tx| objects::visible_roles_in(tx, &scope, relation)).await?)
}

async fn listed(
    asked: Asked<'_>,
    query: Query<ObjectField>,
) -> Result<Listed<DirectoryObject>, Failure> {
    let Asked { roster, path, grant, pairs, relation } = asked;
    let page = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&_>| {
        objects::list_related(tx, &grant.scope(), relation, query, after)
    };
    let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
        objects::count_related(tx, &grant.scope(), relation, query)
    };
    listing::find(roster, path, grant, (query, pairs), page, count).await
}

/// The address of an object.
#[derive(Serialize)]
pub struct Reference {
    #[serde(rename = "@odata.id")]
    id: String,
}

impl Reference {
    /// The reference to an object.
    pub fn to(roster: &Roster, id: Uuid) -> Self {
        Self { id: super::links::location(roster, "directoryObjects", id) }
    }
}

/// Reads `{"@odata.id": URL}`.
///
/// # Errors
/// 400 when the body is none.
pub fn read_reference(body: &Value<'static>) -> Result<String> {
    let text = body.member("@odata.id").and_then(Value::as_text);
    text.and_then(last_segment).map(str::to_owned).ok_or_else(|| {
        Error::invalid_property(
            "@odata.id",
            "The body must be {\"@odata.id\": URL}, with the address of an object such as \
             https://HOST/v1.0/directoryObjects/ID.",
        )
    })
}

/// Schemas of mixed collections and references, for the document.
pub fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((DirectoryObjectSchema::name().into(), DirectoryObjectSchema::schema()));
    schemas.push((DirectoryObjectPage::name().into(), DirectoryObjectPage::schema()));
    schemas.push((ReferenceBody::name().into(), ReferenceBody::schema()));
    schemas.push((ReferencePage::name().into(), ReferencePage::schema()));
    schemas.push((UserPage::name().into(), UserPage::schema()));
    schemas.push((UserSchema::name().into(), UserSchema::schema()));
    schemas.push((ContactPage::name().into(), ContactPage::schema()));
    schemas.push((ContactSchema::name().into(), ContactSchema::schema()));
    schemas.push((GroupPage::name().into(), GroupPage::schema()));
    schemas.push((GroupSchema::name().into(), GroupSchema::schema()));
}
