//! `/directoryRoles/{id}/members`: who holds a role.

use super::assignments;
use super::catalogue::role;
use super::holders::{self, Chosen};
use crate::authentication::Authorized;
use crate::graph::links::{self, collection_context};
use crate::graph::projection::{Projection, read_apart};
use crate::graph::reply::Page;
use crate::graph::schemas::{RoleAssignmentSchema, RoleHolderPage};
use crate::http::{Failure, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::authz::rights;
use roster_domain::paging::Cursor;
use roster_domain::roles::{self, Assign};
use roster_domain::users::User;
use roster_domain::{Error, Result, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Registers the handlers.
pub(super) fn register(services: &mut Services) {
    services
        .service(list_directory_role_members)
        .service(add_directory_role_member)
        .service(remove_directory_role_member);
}

/// Options of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct MemberOptions {
    /// Properties of users to answer, separated by commas.
    #[param(rename = "$select")]
    select: Option<String>,
    /// Objects a page, 1 to 999; 100 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Place of the page; part of `@odata.nextLink`.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// The object that a reference names.
#[derive(ToSchema)]
#[schema(as = reference)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Reference {
    /// Address of the object: `…/v1.0/directoryObjects/ID` or `…/v1.0/users/ID`.
    #[schema(rename = "@odata.id")]
    id: String,
}

/// Holders are listed by id only.
const SERVED: &[&str] = &["$select", "$top", "$skiptoken"];

/// Lists who holds a role: users and API clients.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Id of the role, or roleTemplateId=ID"), MemberOptions),
    responses((status = 200, description = "A page of holders", body = RoleHolderPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles"]})))
)]
#[get("/v1.0/directoryRoles/{id}/members")]
async fn list_directory_role_members(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewUsersAndRoles>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let role = role(&id)?;
    let scope = grant.scope();
    let select = |select: Option<&str>| Chosen::read(select, &scope);
    let (chosen, query) = read_apart::<User, _>(SERVED, &pairs, &scope, select)?;
    let path = format!("directoryRoles/{}/members", role.template_id());
    let after = links::read_cursor::<User>(&roster, &path, &scope, &query)?.map(|place| place.id);
    let limit = query.top.saturating_add(1);
    let mut found = roster.read(move |tx| roles::members(tx, &grant, role, after, limit)).await?;
    let more = found.len() > query.top;
    found.truncate(query.top);
    let next = match found.last() {
        Some(last) if more => {
            // The place is an id, whichever kind of object has it.
            let last = Cursor { keys: Vec::new(), id: last.uuid() };
            Some(links::next_link::<User>(&roster, &path, &scope, &query, &pairs, &last)?)
        }
        _ => None,
    };
    Ok(HttpResponse::Ok().json(Page {
        context: collection_context(&roster, "directoryObjects"),
        count: None,
        next,
        value: found.iter().map(|holder| holders::render(holder, &chosen)).collect::<Vec<_>>(),
    }))
}

/// Gives a role to a user or API client.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Id of the role, or roleTemplateId=ID")),
    request_body = Reference,
    responses(
        (status = 200, description = "The role is held now, with warnings", body = RoleAssignmentSchema),
        (status = 204, description = "The role is held now")
    ),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[post("/v1.0/directoryRoles/{id}/members/$ref")]
async fn add_directory_role_member(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::DelegateAdminRoles>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let role = role(&id)?;
    let principal = referenced(&body)?;
    let request = Assign { principal, role };
    let projection = Projection::of(None, &grant.scope());
    let assigned = roster.write(grant, move |tx, grant| roles::assign(tx, grant, request)).await?;
    if assigned.warnings.is_empty() {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(assignments::created(&roster, &assigned, &projection).respond(StatusCode::OK))
}

/// The id at the end of `@odata.id`.
fn referenced(body: &Value<'static>) -> Result<Uuid> {
    let address = body.member("@odata.id").and_then(Value::as_text).unwrap_or_default();
    let last = address.trim_end_matches(['/', '\'', ')']).rsplit(['/', '\'', '(']).next();
    last.and_then(|id| Uuid::try_parse(id).ok()).ok_or_else(|| {
        Error::invalid_property(
            "@odata.id",
            "'@odata.id' must be the address of a user or client that ends with its id, as in \
             https://…/v1.0/directoryObjects/ID.",
        )
    })
}

/// Takes a role away from a user or API client.
#[utoipa::path(
    tag = "roles",
    params(
        ("id" = String, Path, description = "Id of the role, or roleTemplateId=ID"),
        ("member" = String, Path, description = "Id of the user or client")
    ),
    responses((status = 204, description = "The role is not held any more")),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[delete("/v1.0/directoryRoles/{id}/members/{member}/$ref")]
async fn remove_directory_role_member(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::DelegateAdminRoles>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (id, member) = path.into_inner();
    let role = role(&id)?;
    let principal = Uuid::try_parse(&member).map_err(|_| Error::not_found(&member))?;
    let request = Assign { principal, role };
    roster.write(grant, move |tx, grant| roles::revoke_from(tx, grant, request)).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_ends_with_the_id_in_either_spelling() {
        let id = "62e90394-69f5-4237-9190-012177145e10";
        for address in [
            format!("https://host/v1.0/users/{id}"),
            format!("https://host/v1.0/directoryObjects('{id}')"),
            format!("https://host/v1.0/directoryObjects/{id}/"),
            id.to_owned(),
        ] {
            let body =
                Value::Object(vec![("@odata.id".into(), Value::Text(address.clone().into()))]);
            assert_eq!(referenced(&body).unwrap().to_string(), id, "{address}");
        }
        for address in ["", "https://host/v1.0/users/", "https://host/v1.0/users/jan@contoso.com"] {
            let body = Value::Object(vec![("@odata.id".into(), Value::text(address))]);
            let error = referenced(&body).unwrap_err();
            assert_eq!(error.target.as_deref(), Some("@odata.id"), "{address}");
        }
    }
}
