//! `/contacts`.

use super::contact_file;
use super::links::{self, entity_context};
use super::listing;
use super::projection::Projection;
use super::reply::Object;
use super::schemas::{
    Conditional, ContactPage, ContactSchema, CountOptions, ExpandOption, ListOptions,
    NewContactSchema, SelectOption,
};
use super::typed::type_name;
use crate::authentication::Authorized;
use crate::http::conditional::entity_tag;
use crate::http::{Failure, IfMatch, IfNoneMatch, JsonBody, QueryOptions, Services, WantsCsv};
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use roster_domain::Value;
use roster_domain::authz::{Grant, rights};
use roster_domain::contacts::{self, Contact, NewContact, Saved, Update};
use roster_domain::objects::ObjectKind;
use roster_domain::ports::ReadTx;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(list_contacts)
        .service(count_contacts)
        .service(get_contact)
        .service(create_contact)
        .service(update_contact)
        .service(delete_contact);
}

/// Lists contacts; with `Accept: text/csv` all of them as a file in the layout of the import.
#[utoipa::path(
    tag = "contacts",
    params(ListOptions, ExpandOption),
    responses((status = 200, description = "A page of contacts, or the file", content(
        (ContactPage = "application/json"),
        (String = "text/csv")
    ))),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/contacts")]
async fn list_contacts(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
    WantsCsv(csv): WantsCsv,
) -> Result<HttpResponse, Failure> {
    if csv {
        return contact_file::answer(roster, grant, &pairs).await;
    }
    let (page, count) = (contacts::list, contacts::count);
    listing::page::<Contact, _, _, _>(&roster, "contacts", grant, &pairs, page, count).await
}

/// Counts contacts.
#[utoipa::path(
    tag = "contacts",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/contacts/$count")]
async fn count_contacts(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    listing::count::<Contact, _, _>(&roster, grant, &pairs, contacts::count).await
}

/// Reads a contact.
#[utoipa::path(
    tag = "contacts",
    params(("id" = String, Path, description = "Id of the contact"), SelectOption, ExpandOption),
    responses((status = 200, description = "The contact", body = ContactSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/contacts/{id}")]
async fn get_contact(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let key = id.into_inner();
    let get = move |tx: &mut dyn ReadTx, grant: &Grant<_>| contacts::get(tx, grant, &key);
    listing::one::<Contact, _, _>(&roster, "contacts", grant, &pairs, &known, get).await
}

/// Creates a contact.
#[utoipa::path(
    tag = "contacts",
    request_body = NewContactSchema,
    responses((status = 201, description = "The contact", body = ContactSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[post("/v1.0/contacts")]
async fn create_contact(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    create(&roster, grant, body).await
}

/// Creates a contact, whichever path the client took.
pub(super) async fn create(
    roster: &Roster,
    grant: Grant<rights::ManageContacts>,
    body: Value<'static>,
) -> Result<HttpResponse, Failure> {
    let scope = grant.scope();
    let new = NewContact::read(body);
    let created = roster.write(grant, move |tx, grant| contacts::create(tx, grant, &new)).await?;
    let location = links::location(roster, "contacts", created.contact.id);
    let mut response = whole(roster, &created, &Projection::of(None, &scope), StatusCode::CREATED);
    if let Ok(location) = header::HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn whole(
    roster: &Roster,
    saved: &Saved,
    projection: &Projection<Contact>,
    status: StatusCode,
) -> HttpResponse {
    let context = Some(entity_context(roster, "contacts"));
    // At /directoryObjects clients know by the type what they have made.
    let object =
        Object::item(&saved.contact, projection).of_type(context, type_name(ObjectKind::Contact));
    object.with_warnings(&saved.warnings).respond(status)
}

/// Changes a contact.
#[utoipa::path(
    tag = "contacts",
    params(("id" = String, Path, description = "Id of the contact"), Conditional),
    request_body = ContactSchema,
    responses(
        (status = 204, description = "Changed"),
        (status = 200, description = "Changed, with warnings", body = ContactSchema)
    ),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[patch("/v1.0/contacts/{id}")]
async fn update_contact(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let scope = grant.scope();
    let update = Update::read(body);
    let key = id.into_inner();
    let updated = roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            contacts::update(tx, grant, &key, &update, Some(&admits))
        })
        .await?;
    if updated.warnings.is_empty() {
        let tag = (header::ETAG, entity_tag(updated.contact.version));
        return Ok(HttpResponse::NoContent().insert_header(tag).finish());
    }
    Ok(whole(&roster, &updated, &Projection::of(None, &scope), StatusCode::OK))
}

/// Deletes a contact, at once and for good.
#[utoipa::path(
    tag = "contacts",
    params(("id" = String, Path, description = "Id of the contact"), Conditional),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[delete("/v1.0/contacts/{id}")]
async fn delete_contact(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    let key = id.into_inner();
    roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            contacts::delete(tx, grant, &key, Some(&admits))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
