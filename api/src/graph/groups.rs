//! `/groups`.

mod delivery;
mod places;

use super::links::{self, entity_context};
use super::listing;
use super::projection::Projection;
use super::relations::Collection;
use super::reply::Object;
use super::schemas::{
    Conditional, CountOptions, ExpandOption, GroupPage, GroupSchema, ListOptions, NewGroupSchema,
    SelectOption,
};
use crate::authentication::{Authorized, Seeking};
use crate::http::conditional::entity_tag;
use crate::http::{Failure, IfMatch, IfNoneMatch, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use places::Place;
use roster_domain::authz::{Grant, rights};
use roster_domain::groups::{self, Group, Link, NewGroup, Update};
use roster_domain::objects::{ObjectKind, Relation};
use roster_domain::ports::ReadTx;

const ANY: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Contact, ObjectKind::Group];
const PEOPLE: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Contact];
const OWNERS: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Group];
const USERS: &[ObjectKind] = &[ObjectKind::User];
const GROUPS: &[ObjectKind] = &[ObjectKind::Group];

/// Everything that hangs on a group.
const COLLECTIONS: [Collection; 10] = [
    Collection {
        path: "/v1.0/groups/{id}/members",
        name: "group_members",
        tag: "groups",
        summary: "Members of a group.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::Member))
        },
        casts: ANY,
    },
    Collection {
        path: "/v1.0/groups/{id}/transitiveMembers",
        name: "group_transitive_members",
        tag: "groups",
        summary: "Members of a group and of the groups in it, each once.",
        find: |tx, grant, id| groups::linked(tx, grant, id, Relation::TransitiveMembers),
        casts: ANY,
    },
    Collection {
        path: "/v1.0/groups/{id}/recipients",
        name: "group_recipients",
        tag: "groups",
        summary: "Who gets the mail of a group, each once.",
        find: |tx, grant, id| groups::linked(tx, grant, id, Relation::Recipients),
        casts: PEOPLE,
    },
    Collection {
        path: "/v1.0/groups/{id}/owners",
        name: "group_owners",
        tag: "groups",
        summary: "Owners of a group.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::Owner))
        },
        casts: OWNERS,
    },
    Collection {
        path: "/v1.0/groups/{id}/acceptedSenders",
        name: "group_accepted_senders",
        tag: "groups",
        summary: "Who may send to a group; if empty, everybody may.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::AcceptedSender))
        },
        casts: ANY,
    },
    Collection {
        path: "/v1.0/groups/{id}/rejectedSenders",
        name: "group_rejected_senders",
        tag: "groups",
        summary: "Who may not send to a group.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::RejectedSender))
        },
        casts: ANY,
    },
    Collection {
        path: "/v1.0/groups/{id}/moderators",
        name: "group_moderators",
        tag: "groups",
        summary: "Who approves messages to a group.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::Moderator))
        },
        casts: USERS,
    },
    Collection {
        path: "/v1.0/groups/{id}/exemptSenders",
        name: "group_exempt_senders",
        tag: "groups",
        summary: "Whose messages to a moderated group nobody has to approve.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |group| Relation::Linked(group, Link::ExemptSender))
        },
        casts: ANY,
    },
    Collection {
        path: "/v1.0/groups/{id}/memberOf",
        name: "group_member_of",
        tag: "groups",
        summary: "Groups that a group is a member of.",
        find: |tx, grant, id| groups::linked(tx, grant, id, |g| Relation::MemberOf(g.uuid())),
        casts: GROUPS,
    },
    Collection {
        path: "/v1.0/groups/{id}/transitiveMemberOf",
        name: "group_transitive_member_of",
        tag: "groups",
        summary: "Groups that a group is in, directly or through others.",
        find: |tx, grant, id| {
            groups::linked(tx, grant, id, |g| Relation::TransitiveMemberOf(g.uuid()))
        },
        casts: GROUPS,
    },
];

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(list_groups)
        .service(count_groups)
        .service(get_group)
        .service(create_group)
        .service(update_group)
        .service(delete_group)
        .service(delivery::check_delivery);
    for collection in COLLECTIONS {
        services.service(collection);
    }
    for place in Place::ALL {
        services.service(place);
    }
}

/// Lists groups.
#[utoipa::path(
    tag = "groups",
    params(ListOptions, ExpandOption),
    responses((status = 200, description = "A page of groups", body = GroupPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/groups")]
async fn list_groups(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (page, count) = (groups::list, groups::count);
    listing::page::<Group, _, _, _>(&roster, "groups", grant, &pairs, page, count).await
}

/// Counts groups.
#[utoipa::path(
    tag = "groups",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/groups/$count")]
async fn count_groups(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    listing::count::<Group, _, _>(&roster, grant, &pairs, groups::count).await
}

/// Reads a group.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id"), SelectOption, ExpandOption),
    responses((status = 200, description = "The group", body = GroupSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/groups/{id}")]
async fn get_group(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let get = move |tx: &mut dyn ReadTx, grant: &Grant<_>| groups::get(tx, grant, &id);
    listing::one(&roster, "groups", grant, &pairs, &known, get).await
}

/// Creates a group.
#[utoipa::path(
    tag = "groups",
    request_body = NewGroupSchema,
    responses((status = 201, description = "The group", body = GroupSchema)),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"]
    })))
)]
#[post("/v1.0/groups")]
async fn create_group(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let new = NewGroup::read(body);
    let asked = new.clone();
    let grant = sought.over(&roster, move |_, grant| groups::may_create(grant, &asked)).await?;
    let scope = grant.scope();
    let group = roster.write(grant, move |tx, grant| groups::create(tx, grant, &new)).await?;
    let projection = Projection::of(None, &scope);
    let object = Object::whole(&group, &projection, entity_context(&roster, "groups"));
    let mut response = object.respond(StatusCode::CREATED);
    let location = links::location(&roster, "groups", group.id);
    if let Ok(value) = header::HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// Changes a group; `….@odata.bind` adds members and owners.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id"), Conditional),
    request_body = GroupSchema,
    responses((status = 204, description = "Changed")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner"
    })))
)]
#[patch("/v1.0/groups/{id}")]
async fn update_group(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let update = Update::read(body);
    let version = roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            groups::update(tx, grant, &id, &update, &admits)
        })
        .await?;
    Ok(HttpResponse::NoContent().insert_header((header::ETAG, entity_tag(version))).finish())
}

/// Deletes a group: distribution and mail-enabled security groups at once, others stay in deleted
/// items for 30 days.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id"), Conditional),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner"
    })))
)]
#[delete("/v1.0/groups/{id}")]
async fn delete_group(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            groups::delete(tx, grant, &id, &admits)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
