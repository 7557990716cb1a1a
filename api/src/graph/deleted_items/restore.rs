//! Restoring, below deleted items and where the object was before.

use crate::authentication::Seeking;
use crate::graph::links::entity_context;
use crate::graph::projection::Projection;
use crate::graph::reply::{Extra, Object, Versioned};
use crate::graph::schemas::DirectoryObjectSchema;
use crate::graph::typed::type_name;
use crate::graph::users::shown_once;
use crate::http::{Failure, OptionalJsonBody};
use crate::passwords;
use crate::roster::Roster;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use roster_domain::Error;
use roster_domain::authz::{Grant, Scope, rights};
use roster_domain::objects::{self, DirectoryObject, ObjectKind, Restored};
use roster_domain::users::deleted::Restore;
use roster_domain::warning::Warning;
use utoipa::ToSchema;

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
pub(super) async fn restore_deleted_item(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    restore(&roster, sought, id.into_inner(), &body, None).await
}

/// Restores a deleted object, as below deleted items.
#[utoipa::path(
    tag = "directory objects",
    params(("id" = String, Path, description = "Id")),
    request_body(content = Option<RestoreRequest>),
    responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/directoryObjects/{id}/restore")]
pub(super) async fn restore_directory_object(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    restore(&roster, sought, id.into_inner(), &body, None).await
}

/// Restores a deleted user, as below deleted items.
#[utoipa::path(
    tag = "users",
    params(("id" = String, Path, description = "Id")),
    request_body(content = Option<RestoreRequest>),
    responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/users/{id}/restore")]
pub(super) async fn restore_user(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    restore(&roster, sought, id.into_inner(), &body, Some(ObjectKind::User)).await
}

/// Restores a deleted group, as below deleted items.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id")),
    request_body(content = Option<RestoreRequest>),
    responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/groups/{id}/restore")]
pub(super) async fn restore_group(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    restore(&roster, sought, id.into_inner(), &body, Some(ObjectKind::Group)).await
}

async fn restore(
    roster: &Roster,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: String,
    body: &OptionalJsonBody,
    kind: Option<ObjectKind>,
) -> Result<HttpResponse, Failure> {
    let grant = right_over(roster, sought, &id, kind).await?;
    let wanted = Restore { kind, ..Restore::read(body.0.as_ref())? };
    let secret = passwords::draw(roster)?;
    let hash = secret.hash.clone();
    let scope = grant.scope();
    let restored = roster
        .write(grant, move |tx, grant| objects::restore(tx, grant, &id, &wanted, &hash))
        .await?;
    let Restored { object, warnings } = restored;
    match &object {
        DirectoryObject::User(user) => {
            let profile = shown_once(&secret, true).map(|profile| ("passwordProfile", profile));
            Ok(answer(roster, &**user, ObjectKind::User, &scope, &warnings, profile))
        }
        DirectoryObject::Group(group) => {
            Ok(answer(roster, &**group, ObjectKind::Group, &scope, &warnings, None))
        }
        DirectoryObject::Contact(_) | DirectoryObject::Role(_) => {
            Err(Error::internal("restored what is never deleted").into())
        }
    }
}

/// The right over something in deleted items.
pub(super) async fn right_over(
    roster: &Roster,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: &str,
    kind: Option<ObjectKind>,
) -> Result<Grant<rights::ManageUsersAndGroups>, Error> {
    let (id, now) = (id.to_owned(), roster.now());
    sought.over(roster, move |tx, grant| objects::may_restore(tx, grant, &id, kind, now)).await
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
