//! `/groups/{id}/joinRequests`: people ask to join, owners decide.

use super::links::{self, entity_context};
use super::listing;
use super::projection::Projection;
use super::reply::Object;
use super::schemas::{
    CountOptions, ExpandOption, JoinRequestPage, JoinRequestSchema, ListOptions, SelectOption,
};
use crate::authentication::Authorized;
use crate::http::{Failure, IfNoneMatch, OptionalJsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::authz::{Grant, rights};
use roster_domain::join_requests::{self, JoinRequest, MAX_JUSTIFICATION, NewJoinRequest};
use roster_domain::paging::Cursor;
use roster_domain::ports::{ReadTx, WriteTx};
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(list_join_requests)
        .service(count_join_requests)
        .service(get_join_request)
        .service(create_join_request)
        .service(delete_join_request)
        .service(approve_join_request)
        .service(deny_join_request);
}

/// What a request says.
#[derive(ToSchema)]
#[schema(as = newGroupJoinRequest)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct NewRequest {
    /// Why the caller asks; at most 1,024 characters.
    justification: Option<String>,
}

const _: () = assert!(MAX_JUSTIFICATION == 1_024, "the schema says so");

/// Lists requests to join a group that wait: all of them for who may decide, else the caller's
/// own.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id of the group"), ListOptions, ExpandOption),
    responses((status = 200, description = "A page of requests", body = JoinRequestPage)),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients", "read_directory"]
    })))
)]
#[get("/v1.0/groups/{id}/joinRequests")]
async fn list_join_requests(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let path = format!("groups/{}/joinRequests", links::encode(&id));
    let (key, counted) = (id.clone(), id.into_inner());
    let page = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_, after: Option<&Cursor>| {
        join_requests::list(tx, grant, &key, query, after)
    };
    let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
        join_requests::count(tx, grant, &counted, query)
    };
    listing::page::<JoinRequest, _, _, _>(&roster, &path, grant, &pairs, page, count).await
}

/// Counts requests to join a group that wait.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id of the group"), CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients", "read_directory"]
    })))
)]
#[get("/v1.0/groups/{id}/joinRequests/$count")]
async fn count_join_requests(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let count = move |tx: &mut dyn ReadTx, grant: &Grant<_>, query: &_| {
        join_requests::count(tx, grant, &id, query)
    };
    listing::count::<JoinRequest, _, _>(&roster, grant, &pairs, count).await
}

/// Reads a request to join a group: one's own, or any for who may decide.
#[utoipa::path(
    tag = "groups",
    params(
        ("id" = String, Path, description = "Id of the group"),
        ("request" = String, Path, description = "Id of the request"),
        SelectOption,
        ExpandOption
    ),
    responses((status = 200, description = "The request", body = JoinRequestSchema)),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients", "read_directory"]
    })))
)]
#[get("/v1.0/groups/{id}/joinRequests/{request}")]
async fn get_join_request(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    path: Path<(String, String)>,
    pairs: QueryOptions,
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let (id, request) = path.into_inner();
    let set = format!("groups/{}/joinRequests", links::encode(&id));
    let get =
        move |tx: &mut dyn ReadTx, grant: &Grant<_>| join_requests::get(tx, grant, &id, &request);
    listing::one::<JoinRequest, _, _>(&roster, &set, grant, &pairs, &known, get).await
}

/// Asks, as the signed-in person, to join a group whose owners approve joins.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id of the group")),
    request_body(content = Option<NewRequest>),
    responses((status = 201, description = "The request", body = JoinRequestSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[post("/v1.0/groups/{id}/joinRequests")]
async fn create_join_request(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Failure> {
    let new = NewJoinRequest::read(body.0.as_ref())?;
    let (scope, key) = (grant.scope(), id.clone());
    let asked =
        roster.write(grant, move |tx, grant| join_requests::ask(tx, grant, &key, &new)).await?;
    let set = format!("groups/{}/joinRequests", links::encode(&id));
    let projection = Projection::of(None, &scope);
    let object = Object::whole(&asked, &projection, entity_context(&roster, &set));
    let mut response = object.respond(StatusCode::CREATED);
    let location = links::location(&roster, &set, asked.id);
    if let Ok(location) = header::HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Takes a request back.
#[utoipa::path(
    tag = "groups",
    params(
        ("id" = String, Path, description = "Id of the group"),
        ("request" = String, Path, description = "Id of the request")
    ),
    responses((status = 204, description = "Withdrawn")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner or who asked"
    })))
)]
#[delete("/v1.0/groups/{id}/joinRequests/{request}")]
async fn delete_join_request(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    decide(&roster, grant, path.into_inner(), join_requests::withdraw).await
}

/// Makes who asked a member of the group.
#[utoipa::path(
    tag = "groups",
    params(
        ("id" = String, Path, description = "Id of the group"),
        ("request" = String, Path, description = "Id of the request")
    ),
    responses((status = 204, description = "Who asked is a member")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner"
    })))
)]
#[post("/v1.0/groups/{id}/joinRequests/{request}/approve")]
async fn approve_join_request(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    decide(&roster, grant, path.into_inner(), join_requests::approve).await
}

/// Refuses a request to join a group; the person may ask again.
#[utoipa::path(
    tag = "groups",
    params(
        ("id" = String, Path, description = "Id of the group"),
        ("request" = String, Path, description = "Id of the request")
    ),
    responses((status = 204, description = "Denied")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner"
    })))
)]
#[post("/v1.0/groups/{id}/joinRequests/{request}/deny")]
async fn deny_join_request(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    decide(&roster, grant, path.into_inner(), join_requests::deny).await
}

async fn decide(
    roster: &Roster,
    grant: Grant<rights::UseGroups>,
    (id, request): (String, String),
    work: fn(&mut dyn WriteTx, &Grant<rights::UseGroups>, &str, &str) -> roster_domain::Result<()>,
) -> Result<HttpResponse, Failure> {
    roster.write(grant, move |tx, grant| work(tx, grant, &id, &request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
