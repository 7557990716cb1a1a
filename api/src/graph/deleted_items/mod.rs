//! `/directory/deletedItems`: what was deleted in the last 30 days.

mod bulk;
mod lists;
mod restore;

use super::references;
use super::schemas::{DirectoryObjectSchema, SelectOption};
use super::typed::Projections;
use crate::authentication::{Authorized, Seeking};
use crate::http::{Failure, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get};
use roster_domain::authz::rights;
use roster_domain::objects;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(lists::list_deleted_users)
        .service(lists::count_deleted_users)
        .service(lists::list_deleted_groups)
        .service(lists::count_deleted_groups)
        .service(bulk::bulk_restore_deleted_items)
        .service(get_deleted_item)
        .service(restore::restore_deleted_item)
        .service(restore::restore_directory_object)
        .service(restore::restore_user)
        .service(restore::restore_group)
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
    Ok(references::one(&roster, &found, &projections))
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
    let grant = restore::right_over(&roster, sought, &id, None).await?;
    roster.write(grant, move |tx, grant| objects::purge(tx, grant, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
