//! `/directory/deletedItems`: what was deleted in the last 30 days.

use super::links::entity_context;
use super::projection::read_select;
use super::reply::Object;
use super::schemas::{CountOptions, ListOptions, SelectOption, UserPage, UserSchema};
use super::{listing, users::shown_once};
use crate::authentication::Authorized;
use crate::http::{Failure, OptionalJsonBody, QueryOptions};
use crate::passwords;
use crate::roster::Roster;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::authz::rights;
use roster_domain::users::{User, UserId, deleted};
use roster_domain::{Error, Value};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Type of a deleted user in a polymorphic answer.
const USER_TYPE: &str = "#microsoft.graph.user";

/// Registers the handlers.
pub fn register(services: &mut ServiceConfig<'_>) {
    services
        .service(list_deleted_users)
        .service(count_deleted_users)
        .service(get_deleted_item)
        .service(restore_deleted_item)
        .service(purge_deleted_item);
}

/// Lists deleted users.
#[utoipa::path(
    tag = "deleted items",
    params(ListOptions),
    responses((status = 200, description = "A page of deleted users", body = UserPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/graph.user")]
async fn list_deleted_users(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let now = roster.now();
    listing::page::<User, _, _, _>(
        &roster,
        "directory/deletedItems/graph.user",
        grant,
        &pairs,
        move |tx, grant, query, after| deleted::list_deleted(tx, grant, query, after, now),
        move |tx, grant, query| deleted::count_deleted(tx, grant, query, now),
    )
    .await
}

/// Counts deleted users.
#[utoipa::path(
    tag = "deleted items",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/graph.user/$count")]
async fn count_deleted_users(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let now = roster.now();
    listing::count::<User, _, _>(&roster, grant, &pairs, move |tx, grant, query| {
        deleted::count_deleted(tx, grant, query, now)
    })
    .await
}

/// Reads a deleted object.
#[utoipa::path(
    tag = "deleted items",
    params(("id" = String, Path, description = "Id"), SelectOption),
    responses((status = 200, description = "The object", body = UserSchema)),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/{id}")]
async fn get_deleted_item(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let id = item_id(&id)?;
    let projection = read_select::<User>(&pairs, &grant.scope())?;
    let now = roster.now();
    let user = roster.read(move |tx| deleted::get_deleted(tx, &grant, id, now)).await?;
    let context = entity_context(&roster, "directoryObjects");
    let object = Object::whole(&user, &projection, context);
    Ok(object.with("@odata.type", Value::text(USER_TYPE)).respond(StatusCode::OK))
}

/// What a restore may name.
#[derive(ToSchema)]
#[schema(as = restoreRequest, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct RestoreRequest {
    /// A new sign-in name, when the old one was given away.
    new_user_principal_name: Option<String>,
}

/// Restores a deleted object. A user gets a new one-time password, answered once, and no roles.
#[utoipa::path(
    tag = "deleted items",
    params(("id" = String, Path, description = "Id")),
    request_body(content = Option<RestoreRequest>),
    responses((status = 200, description = "The object", body = UserSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/directory/deletedItems/{id}/restore")]
async fn restore_deleted_item(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    let id = item_id(&id)?;
    let wanted = deleted::Restore::read(body.0.as_ref())?;
    let secret = passwords::draw(&roster)?;
    let hash = secret.hash.clone();
    let scope = grant.scope();
    let restored = roster
        .write(grant, move |tx, grant| deleted::restore(tx, grant, id, &wanted, &hash))
        .await?;
    let projection = super::projection::Projection::of(None, &scope);
    let context = entity_context(&roster, "directoryObjects");
    let mut object = Object::whole(&restored.user, &projection, context)
        .with("@odata.type", Value::text(USER_TYPE));
    if let Some(profile) = shown_once(&secret, true) {
        object = object.with("passwordProfile", profile);
    }
    Ok(object.with_warnings(&restored.warnings).respond(StatusCode::OK))
}

/// Erases a deleted object for good.
#[utoipa::path(
    tag = "deleted items",
    params(("id" = String, Path, description = "Id")),
    responses((status = 204, description = "Erased")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/directory/deletedItems/{id}")]
async fn purge_deleted_item(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let id = item_id(&id)?;
    roster.write(grant, move |tx, grant| deleted::purge(tx, grant, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn item_id(text: &str) -> Result<UserId, Error> {
    UserId::parse(text).ok_or_else(|| Error::not_found(text))
}
