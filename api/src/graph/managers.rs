//! `manager` of users and contacts: the object, and the reference to it under `$ref`.

use super::links::entity_context;
use super::references::{Reference, read_reference};
use super::schemas::{DirectoryObjectSchema, ReferenceSchema, SelectOption};
use super::typed::{Projections, Typed};
use super::users::myself;
use crate::authentication::{Authorized, SignedIn};
use crate::http::{Failure, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, put};
use roster_domain::authz::{Grant, Right, authorize, rights};
use roster_domain::managers;
use roster_domain::objects::ObjectKind;
use roster_domain::ports::WriteTx;
use roster_domain::{Result, Value};

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(get_my_manager)
        .service(get_user_manager)
        .service(put_user_manager)
        .service(delete_user_manager)
        .service(get_user_manager_reference)
        .service(put_user_manager_reference)
        .service(delete_user_manager_reference)
        .service(get_contact_manager)
        .service(put_contact_manager)
        .service(delete_contact_manager)
        .service(get_contact_manager_reference)
        .service(put_contact_manager_reference)
        .service(delete_contact_manager_reference);
}

async fn answer(
    roster: &Roster,
    grant: Grant<rights::ReadDirectory>,
    kind: ObjectKind,
    key: String,
    pairs: &QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (projections, _) = Projections::of_request(&["$select"], pairs, &grant.scope())?;
    let manager = roster.read(move |tx| managers::get(tx, &grant, kind, &key)).await?;
    let context = entity_context(roster, "directoryObjects");
    Ok(HttpResponse::Ok().json(Typed::whole(&manager, &projections, context)))
}

async fn refer(
    roster: &Roster,
    grant: Grant<rights::ReadDirectory>,
    kind: ObjectKind,
    key: String,
) -> Result<HttpResponse, Failure> {
    let manager = roster.read(move |tx| managers::get(tx, &grant, kind, &key)).await?;
    Ok(HttpResponse::Ok().json(Reference::to(roster, manager.uuid())))
}

async fn set<P: Right>(
    roster: &Roster,
    grant: Grant<P>,
    key: String,
    body: &Value<'static>,
    set: fn(&mut dyn WriteTx, &Grant<P>, &str, &str) -> Result<()>,
) -> Result<HttpResponse, Failure> {
    let manager = read_reference(body)?;
    roster.write(grant, move |tx, grant| set(tx, grant, &key, &manager)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn clear<P: Right>(
    roster: &Roster,
    grant: Grant<P>,
    key: String,
    clear: fn(&mut dyn WriteTx, &Grant<P>, &str) -> Result<()>,
) -> Result<HttpResponse, Failure> {
    roster.write(grant, move |tx, grant| clear(tx, grant, &key)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reads the manager of the signed-in user.
#[utoipa::path(
    tag = "managers",
    params(SelectOption),
    responses((status = 200, description = "The manager", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/me/manager")]
async fn get_my_manager(
    roster: Data<Roster>,
    SignedIn(actor): SignedIn,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (id, grant) = (myself(&actor)?.to_string(), authorize(&actor)?);
    answer(&roster, grant, ObjectKind::User, id, &pairs).await
}

/// Reads the manager of a user.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name"), SelectOption),
    responses((status = 200, description = "The manager", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/users/{id}/manager")]
async fn get_user_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    answer(&roster, grant, ObjectKind::User, id, &pairs).await
}

/// Sets the manager of a user.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name")),
    request_body = ReferenceSchema,
    responses((status = 204, description = "Set")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[put("/v1.0/users/{id}/manager")]
async fn put_user_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    set(&roster, grant, id.into_inner(), &body, managers::set_of_user).await
}

/// Clears the manager of a user.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name")),
    responses((status = 204, description = "Cleared")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/users/{id}/manager")]
async fn delete_user_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    clear(&roster, grant, id.into_inner(), managers::clear_of_user).await
}

/// Reads the address of the manager of a user.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name")),
    responses((status = 200, description = "The address of the manager", body = ReferenceSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/users/{id}/manager/$ref")]
async fn get_user_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    refer(&roster, grant, ObjectKind::User, id).await
}

/// Sets the manager of a user by its address.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name")),
    request_body = ReferenceSchema,
    responses((status = 204, description = "Set")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[put("/v1.0/users/{id}/manager/$ref")]
async fn put_user_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    set(&roster, grant, id.into_inner(), &body, managers::set_of_user).await
}

/// Clears the reference to the manager of a user.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id or user principal name")),
    responses((status = 204, description = "Cleared")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/users/{id}/manager/$ref")]
async fn delete_user_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    clear(&roster, grant, id.into_inner(), managers::clear_of_user).await
}

/// Reads the manager of a contact.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact"), SelectOption),
    responses((status = 200, description = "The manager", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/contacts/{id}/manager")]
async fn get_contact_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    answer(&roster, grant, ObjectKind::Contact, id, &pairs).await
}

/// Sets the manager of a contact.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact")),
    request_body = ReferenceSchema,
    responses((status = 204, description = "Set")),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[put("/v1.0/contacts/{id}/manager")]
async fn put_contact_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    set(&roster, grant, id.into_inner(), &body, managers::set_of_contact).await
}

/// Clears the manager of a contact.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact")),
    responses((status = 204, description = "Cleared")),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[delete("/v1.0/contacts/{id}/manager")]
async fn delete_contact_manager(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    clear(&roster, grant, id.into_inner(), managers::clear_of_contact).await
}

/// Reads the address of the manager of a contact.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact")),
    responses((status = 200, description = "The address of the manager", body = ReferenceSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/contacts/{id}/manager/$ref")]
async fn get_contact_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    refer(&roster, grant, ObjectKind::Contact, id).await
}

/// Sets the manager of a contact by its address.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact")),
    request_body = ReferenceSchema,
    responses((status = 204, description = "Set")),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[put("/v1.0/contacts/{id}/manager/$ref")]
async fn put_contact_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    set(&roster, grant, id.into_inner(), &body, managers::set_of_contact).await
}

/// Clears the reference to the manager of a contact.
#[utoipa::path(
    tag = "managers",
    params(("id" = String, Path, description = "Id of the contact")),
    responses((status = 204, description = "Cleared")),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[delete("/v1.0/contacts/{id}/manager/$ref")]
async fn delete_contact_manager_reference(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    clear(&roster, grant, id.into_inner(), managers::clear_of_contact).await
}
