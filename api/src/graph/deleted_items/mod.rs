//! `/directory/deletedItems`: what was deleted in the last 30 days.

mod lists;

use super::links::entity_context;
use super::projection::Projection;
use super::reply::{Extra, Object, Versioned};
use super::schemas::{DirectoryObjectSchema, SelectOption};
use super::typed::{Projections, Typed, type_name};
use super::users::shown_once;
use crate::authentication::{Authorized, Seeking};
use crate::http::conditional::entity_tag;
use crate::http::{Failure, OptionalJsonBody, QueryOptions, Services};
use crate::passwords;
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::Error;
use roster_domain::authz::{Grant, Scope, rights};
use roster_domain::objects::{self, DirectoryObject, ObjectKind, Restored};
use roster_domain::users::deleted::Restore;
use roster_domain::warning::Warning;
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(lists::list_deleted_users)
        .service(lists::count_deleted_users)
        .service(lists::list_deleted_groups)
        .service(lists::count_deleted_groups)
        .service(get_deleted_item)
        .service(restore_deleted_item)
        .service(purge_deleted_item);
}

/// Reads a deleted user or group.
#[utoipa::path(
    tag = "deleted items",
    params(("id" = String, Path, description = "Id"), SelectOption),
    responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/{id}")]
async fn get_deleted_item(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (projections, _) = Projections::of_request(&["$select"], &pairs, &grant.scope())?;
    let now = roster.now();
    let found = roster.read(move |tx| objects::get_deleted(tx, &grant, &id, now)).await?;
    let context = entity_context(&roster, "directoryObjects");
    let tag = (header::ETAG, entity_tag(found.version()));
    Ok(HttpResponse::Ok().insert_header(tag).json(Typed::whole(&found, &projections, context)))
}

/// What a restore may name.
#[derive(ToSchema)]
#[schema(as = restoreRequest, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct RestoreRequest {
    /// A new sign-in name for a user, when the old one was given away.
    new_user_principal_name: Option<String>,
}

/// Restores a deleted object. A user gets a new one-time password, answered once, and no roles; a
/// group its owners, members and memberships. Addresses given away meanwhile are dropped with a
/// warning.
#[utoipa::path(
    tag = "deleted items",
    params(("id" = String, Path, description = "Id")),
    request_body(content = Option<RestoreRequest>),
    responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/directory/deletedItems/{id}/restore")]
async fn restore_deleted_item(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    let grant = right_over(&roster, sought, &id).await?;
    let wanted = Restore::read(body.0.as_ref())?;
    let secret = passwords::draw(&roster)?;
    let hash = secret.hash.clone();
    let scope = grant.scope();
    let restored = roster
        .write(grant, move |tx, grant| objects::restore(tx, grant, &id, &wanted, &hash))
        .await?;
    let Restored { object, warnings } = restored;
    match &object {
        DirectoryObject::User(user) => {
            let profile = shown_once(&secret, true).map(|profile| ("passwordProfile", profile));
            Ok(answer(&roster, &**user, ObjectKind::User, &scope, &warnings, profile))
        }
        DirectoryObject::Group(group) => {
            Ok(answer(&roster, &**group, ObjectKind::Group, &scope, &warnings, None))
        }
        DirectoryObject::Contact(_) | DirectoryObject::Role(_) => {
            Err(Error::internal("restored what is never deleted").into())
        }
    }
}

/// The right over something in deleted items.
async fn right_over(
    roster: &Roster,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: &str,
) -> Result<Grant<rights::ManageUsersAndGroups>, Error> {
    let (id, now) = (id.to_owned(), roster.now());
    sought.over(roster, move |tx, grant| objects::may_restore(tx, grant, &id, now)).await
}

/// A restored object with its type and default properties.
fn answer<E: Versioned>(
    roster: &Roster,
    entity: &E,
    kind: ObjectKind,
    scope: &Scope,
    warnings: &[Warning],
    extra: Option<Extra>,
) -> HttpResponse {
    let projection = Projection::of(None, scope);
    let context = Some(entity_context(roster, "directoryObjects"));
    let object = Object::item(entity, &projection).of_type(context, type_name(kind));
    object.with_added(extra.as_slice()).with_warnings(warnings).respond(StatusCode::OK)
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
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let grant = right_over(&roster, sought, &id).await?;
    roster.write(grant, move |tx, grant| objects::purge(tx, grant, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
