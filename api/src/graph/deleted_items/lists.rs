//! What is in deleted items, one list a kind.

use crate::authentication::Authorized;
use crate::graph::listing;
use crate::graph::schemas::{CountOptions, ExpandOption, GroupPage, ListOptions, UserPage};
use crate::http::{Failure, QueryOptions};
use crate::roster::Roster;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use roster_domain::authz::rights;
use roster_domain::groups::{self, Group};
use roster_domain::users::{self, User};

/// Lists deleted users.
#[utoipa::path(
    tag = "deleted items",
    params(ListOptions, ExpandOption),
    responses((status = 200, description = "A page of deleted users", body = UserPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/graph.user")]
pub(super) async fn list_deleted_users(
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
        move |tx, grant, query, after| users::deleted::list_deleted(tx, grant, query, after, now),
        move |tx, grant, query| users::deleted::count_deleted(tx, grant, query, now),
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
pub(super) async fn count_deleted_users(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let now = roster.now();
    listing::count::<User, _, _>(&roster, grant, &pairs, move |tx, grant, query| {
        users::deleted::count_deleted(tx, grant, query, now)
    })
    .await
}

/// Lists deleted Microsoft 365 and security groups; other groups are deleted for good at once.
#[utoipa::path(
    tag = "deleted items",
    params(ListOptions, ExpandOption),
    responses((status = 200, description = "A page of deleted groups", body = GroupPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/graph.group")]
pub(super) async fn list_deleted_groups(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let now = roster.now();
    listing::page::<Group, _, _, _>(
        &roster,
        "directory/deletedItems/graph.group",
        grant,
        &pairs,
        move |tx, grant, query, after| groups::deleted::list_deleted(tx, grant, query, after, now),
        move |tx, grant, query| groups::deleted::count_deleted(tx, grant, query, now),
    )
    .await
}

/// Counts deleted groups.
#[utoipa::path(
    tag = "deleted items",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["view_organization_and_users"]})))
)]
#[get("/v1.0/directory/deletedItems/graph.group/$count")]
pub(super) async fn count_deleted_groups(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewOrganizationAndUsers>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let now = roster.now();
    listing::count::<Group, _, _>(&roster, grant, &pairs, move |tx, grant, query| {
        groups::deleted::count_deleted(tx, grant, query, now)
    })
    .await
}
