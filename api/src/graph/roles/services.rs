//! `/users/{id}/serviceRoles`, `/me/serviceRoles`: the roles in the services that go with a user's roles.

use crate::authentication::{Authorized, SignedIn};
use crate::graph::links::collection_context;
use crate::graph::users::myself;
use crate::http::{Failure, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use roster_domain::authz::{Grant, Role, authorize, rights};
use roster_domain::query;
use roster_domain::roles::{self, service_roles};
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handlers.
pub(super) fn register(services: &mut Services) {
    services.service(list_service_roles).service(list_my_service_roles);
}

/// A role in a service that goes with an administrator role. It grants nothing here.
#[derive(Serialize, ToSchema)]
#[schema(as = serviceRole)]
#[serde(rename_all = "camelCase")]
struct ServiceRole {
    /// `exchange`, `sharepoint`, `skype` or `crm`.
    service: &'static str,
    /// Name of the service.
    service_display_name: &'static str,
    /// Stable key of the role in the service.
    role: &'static str,
    /// Name of the role in the service.
    role_display_name: &'static str,
    /// Administrator roles it goes with.
    from_roles: Vec<&'static str>,
}

/// The roles of a user in the services.
#[derive(Serialize, ToSchema)]
#[schema(as = serviceRoleCollection)]
struct ServiceRoles {
    #[serde(rename = "@odata.context")]
    context: String,
    value: Vec<ServiceRole>,
}

/// Lists the roles in Exchange Online, SharePoint Online, Skype for Business and Dynamics CRM
/// that go with a user's administrator roles; those of others need the right to view roles.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Id or user principal name")),
    responses((status = 200, description = "The roles in the services", body = ServiceRoles)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles", "read_directory"]})))
)]
#[get("/v1.0/users/{id}/serviceRoles")]
async fn list_service_roles(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadRoleAssignments>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    answer(&roster, grant, id.into_inner(), &pairs).await
}

/// Lists the roles in services that go with the administrator roles of the signed-in user.
#[utoipa::path(
    tag = "roles",
    responses((status = 200, description = "The roles in the services", body = ServiceRoles)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/me/serviceRoles")]
async fn list_my_service_roles(
    roster: Data<Roster>,
    SignedIn(actor): SignedIn,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (key, grant) = (myself(&actor)?.to_string(), authorize(&actor)?);
    answer(&roster, grant, key, &pairs).await
}

async fn answer(
    roster: &Roster,
    grant: Grant<rights::ReadRoleAssignments>,
    key: String,
    pairs: &QueryOptions,
) -> Result<HttpResponse, Failure> {
    query::parse_plain(&[], pairs.0.iter())?;
    let language = grant.actor().language();
    let held = roster.read(move |tx| roles::of_user(tx, &grant, &key)).await?;
    let value = service_roles(held).into_iter().map(|(role, from)| ServiceRole {
        service: role.service.key(),
        service_display_name: role.service.name().of(language),
        role: role.key,
        role_display_name: role.name.of(language),
        from_roles: from.iter().map(Role::key).collect(),
    });
    let context = collection_context(roster, "serviceRoles");
    Ok(HttpResponse::Ok().json(ServiceRoles { context, value: value.collect() }))
}
