//! Collections of objects of every kind, references to them, and bodies that name objects by their
//! address.

use super::links::{address, collection_context, entity_context};
use super::listing::{self, Listed};
use super::projection::read_query;
use super::reply::{Page, json};
use super::roles::catalogue;
use super::schemas::{
    ContactPage, ContactSchema, DirectoryObjectPage, DirectoryObjectSchema, GroupPage, GroupSchema,
    ReferenceBody, ReferencePage, UserPage, UserSchema,
};
use super::typed::{Projections, Typed};
use crate::http::conditional::entity_tag;
use crate::http::{Failure, QueryOptions};
use crate::roster::Roster;
use actix_web::HttpResponse;
use actix_web::http::header;
use roster_domain::authz::{Grant, Scope, rights};
use roster_domain::contacts::Contact;
use roster_domain::groups::Group;
use roster_domain::objects::{
    self, DirectoryObject, ObjectField, ObjectKind, Relation, last_segment,
};
use roster_domain::ports::ReadTx;
use roster_domain::query::Query;
use roster_domain::roles::DirectoryRole;
use roster_domain::users::User;
use roster_domain::{Error, Result, Value};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema as _, ToSchema as _};
use uuid::Uuid;

/// Options of mixed collections: objects of several kinds have no relation in common.
const MIXED: &[&str] =
    &["$select", "$filter", "$orderby", "$search", "$top", "$count", "$skiptoken"];
/// Options of collections of references, which have no properties.
const REFERENCES: &[&str] = &["$filter", "$orderby", "$search", "$top", "$count", "$skiptoken"];

/// Answers a collection of objects that is not paged.
pub fn all(roster: &Roster, items: &[DirectoryObject], projections: &Projections) -> HttpResponse {
    HttpResponse::Ok().json(Page {
        context: collection_context(roster, "directoryObjects"),
        count: None,
        next: None,
        value: typed(items, projections),
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
    let render = move |items: &[DirectoryObject]| json(&typed(items, &projections));
    let listed = listed(asked, query, render).await?;
    Ok(listed.answer(collection_context(asked.roster, "directoryObjects")))
}

/// Answers one of the related objects, by its id.
///
/// # Errors
/// 404 for what is not among them; what is wrong with the options.
pub async fn item(asked: Asked<'_>, key: Option<&str>) -> Result<HttpResponse, Failure> {
    let Asked { roster, grant, pairs, relation, .. } = asked;
    let scope = grant.scope();
    let (projections, _) = Projections::of_request(&["$select"], pairs, &scope)?;
    let key = key.unwrap_or_default().to_owned();
    let find = move |tx: &mut dyn ReadTx| objects::get_related(tx, &scope, relation, &key);
    Ok(one(roster, &roster.read(find).await?, &projections))
}

/// Answers an object of any kind.
pub fn one(roster: &Roster, object: &DirectoryObject, projections: &Projections) -> HttpResponse {
    let context = entity_context(roster, "directoryObjects");
    let tag = (header::ETAG, entity_tag(object.version()));
    HttpResponse::Ok().insert_header(tag).json(Typed::whole(object, projections, context))
}

fn typed<'a>(items: &'a [DirectoryObject], projections: &'a Projections) -> Vec<Typed<'a>> {
    items.iter().map(|item| Typed::item(item, projections)).collect()
}

/// Answers a page of references to related objects: `…/$ref`.
///
/// # Errors
/// What is wrong with the options.
pub async fn reference_page(asked: Asked<'_>) -> Result<HttpResponse, Failure> {
    let query = read_query::<DirectoryObject>(REFERENCES, asked.pairs, &asked.grant.scope())?;
    let objects = address(asked.roster, "directoryObjects");
    let render = move |items: &[DirectoryObject]| {
        let reference = |item: &DirectoryObject| Reference::below(&objects, item.uuid());
        json(&items.iter().map(reference).collect::<Vec<_>>())
    };
    let listed = listed(asked, query, render).await?;
    Ok(listed.answer(collection_context(asked.roster, "Collection($ref)")))
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
    render: impl FnOnce(&[DirectoryObject]) -> Result<Box<RawValue>> + Send + 'static,
) -> Result<Listed, Failure> {
    let Asked { roster, path, grant, pairs, relation } = asked;
    let page = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&_>| {
        objects::list_related(tx, &grant.scope(), relation, query, after)
    };
    let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
        objects::count_related(tx, &grant.scope(), relation, query)
    };
    let render = |_: &mut dyn ReadTx, _: &Grant<_>, items: &[DirectoryObject]| render(items);
    listing::find(roster, path, grant, (query, pairs), (page, count), render).await
}

/// The address of an object.
#[derive(Serialize)]
pub struct Reference {
    /// What describes the answer; absent inside a collection.
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    #[serde(rename = "@odata.id")]
    id: String,
}

impl Reference {
    /// The reference to an object, as a whole answer.
    pub fn to(roster: &Roster, id: Uuid) -> Self {
        let reference = Self::below(&address(roster, "directoryObjects"), id);
        Self { context: Some(collection_context(roster, "$ref")), ..reference }
    }

    fn below(objects: &str, id: Uuid) -> Self {
        Self { context: None, id: format!("{objects}/{id}") }
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
