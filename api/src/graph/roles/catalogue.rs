//! The eight roles themselves. They are built in and always active, so nothing here is written.

use crate::authentication::Authorized;
use crate::graph::links::{self, collection_context, entity_context};
use crate::graph::projection::{Projection, read_query, read_select};
use crate::graph::reply::{self, Items, Object, Versioned};
use crate::graph::schemas::{
    DirectoryRolePage, DirectoryRoleSchema, ListOptions, RoleDefinitionPage, RoleDefinitionSchema,
    RoleTemplatePage, RoleTemplateSchema, SelectOption,
};
use crate::http::{Failure, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use roster_domain::authz::{Role, Scope, rights};
use roster_domain::paging::{Cursor, Page};
use roster_domain::query;
use roster_domain::roles::{DirectoryRole, Entry, RoleDefinition, RoleTemplate};
use roster_domain::{Error, Value};
use utoipa::ToSchema;

/// Registers the handlers.
pub(super) fn register(services: &mut Services) {
    services
        .service(list_role_definitions)
        .service(get_role_definition)
        .service(list_directory_roles)
        .service(activate_directory_role)
        .service(get_directory_role)
        .service(list_role_templates)
        .service(get_role_template);
}

/// Options of the catalogues; they have no relations.
const CATALOGUE: &[&str] =
    &["$select", "$filter", "$orderby", "$search", "$top", "$count", "$skiptoken"];

const DEFINITIONS: &str = "roleManagement/directory/roleDefinitions";

/// Lists the administrator roles and what each may do.
#[utoipa::path(
    tag = "roles",
    params(ListOptions),
    responses((status = 200, description = "The roles", body = RoleDefinitionPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/roleManagement/directory/roleDefinitions")]
async fn list_role_definitions(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    page(&roster, DEFINITIONS, &grant.scope(), &pairs, RoleDefinition::all(&grant.scope()))
}

/// Reads an administrator role.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Template id of the role"), SelectOption),
    responses((status = 200, description = "The role", body = RoleDefinitionSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/roleManagement/directory/roleDefinitions/{id}")]
async fn get_role_definition(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let role: RoleDefinition = Entry::new(role(&id)?, &grant.scope());
    whole(&roster, DEFINITIONS, &grant.scope(), &pairs, &role)
}

/// Lists the active roles: all of them, always.
#[utoipa::path(
    tag = "roles",
    params(ListOptions),
    responses((status = 200, description = "The roles", body = DirectoryRolePage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/directoryRoles")]
async fn list_directory_roles(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    page(&roster, "directoryRoles", &grant.scope(), &pairs, DirectoryRole::all(&grant.scope()))
}

/// What activating a role names.
#[derive(ToSchema)]
#[schema(as = newDirectoryRole, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct NewDirectoryRole {
    /// Template id of the role.
    role_template_id: String,
}

/// Activates a role. All roles are active from the start, so this is always refused, in the words
/// for a role that is active already.
#[utoipa::path(
    tag = "roles",
    request_body = NewDirectoryRole,
    responses((status = 400, description = "The role is active already, or there is none")),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[post("/v1.0/directoryRoles")]
async fn activate_directory_role(
    Authorized(_grant): Authorized<rights::DelegateAdminRoles>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let id = body.member("roleTemplateId").and_then(Value::as_text);
    let message = match id.and_then(Role::parse) {
        Some(_) => {
            "A conflicting object with one or more of the specified property values is present in \
             the directory: every role is active already."
        }
        None => "'roleTemplateId' must be the id of one of /directoryRoleTemplates.",
    };
    Err(Error::invalid_property("roleTemplateId", message).into())
}

/// Reads an active role.
#[utoipa::path(
    tag = "roles",
    params(
        ("id" = String, Path, description = "Id, which is the template id, or roleTemplateId=ID"),
        SelectOption
    ),
    responses((status = 200, description = "The role", body = DirectoryRoleSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/directoryRoles/{id}")]
async fn get_directory_role(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let role: DirectoryRole = Entry::new(role(&id)?, &grant.scope());
    whole(&roster, "directoryRoles", &grant.scope(), &pairs, &role)
}

/// Lists the templates of the roles.
#[utoipa::path(
    tag = "roles",
    params(ListOptions),
    responses((status = 200, description = "The templates", body = RoleTemplatePage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/directoryRoleTemplates")]
async fn list_role_templates(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    page(
        &roster,
        "directoryRoleTemplates",
        &grant.scope(),
        &pairs,
        RoleTemplate::all(&grant.scope()),
    )
}

/// Reads the template of a role.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Template id"), SelectOption),
    responses((status = 200, description = "The template", body = RoleTemplateSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/directoryRoleTemplates/{id}")]
async fn get_role_template(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let role: RoleTemplate = Entry::new(role(&id)?, &grant.scope());
    whole(&roster, "directoryRoleTemplates", &grant.scope(), &pairs, &role)
}

/// The role that a path names: by template id, also as `roleTemplateId=ID`.
///
/// # Errors
/// 404.
pub(super) fn role(text: &str) -> Result<Role, Error> {
    let id = text.strip_prefix("roleTemplateId=").unwrap_or(text);
    Role::parse(id).ok_or_else(|| Error::not_found(text))
}

fn whole<E: Versioned>(
    roster: &Roster,
    path: &str,
    scope: &Scope,
    pairs: &QueryOptions,
    role: &E,
) -> Result<HttpResponse, Failure> {
    let projection = read_select::<E>(pairs, scope)?;
    let context = entity_context(roster, path);
    Ok(Object::whole(role, &projection, context).respond(StatusCode::OK))
}

/// A page of a fixed set.
///
/// # Errors
/// What is wrong with the options.
pub(in crate::graph) fn page<E: Versioned>(
    roster: &Roster,
    path: &str,
    scope: &Scope,
    pairs: &QueryOptions,
    all: Vec<E>,
) -> Result<HttpResponse, Failure> {
    let query = read_query::<E>(CATALOGUE, pairs, scope)?;
    let after = links::read_cursor::<E>(roster, path, scope, &query)?;
    let (found, count) = Page::of_all(all, &query, after.as_ref());
    let next = match found.items.last() {
        Some(last) if found.more => {
            let last = Cursor::at(&query.order, last);
            Some(links::next_link::<E>(roster, path, scope, &query, pairs, &last)?)
        }
        _ => None,
    };
    let count = (query.count && after.is_none()).then_some(count);
    let projection = Projection::of(query.select.as_deref(), scope);
    let context = collection_context(roster, path);
    let value = Items(&found.items, &projection, &[]);
    Ok(HttpResponse::Ok().json(reply::Page { context, count, next, value }))
}

/// The number of what a query finds in a fixed set, as plain text.
///
/// # Errors
/// What is wrong with the options.
pub(in crate::graph) fn count<E: Versioned>(
    scope: &Scope,
    pairs: &QueryOptions,
    all: Vec<E>,
) -> Result<HttpResponse, Failure> {
    let query = read_query::<E>(query::COUNT, pairs, scope)?;
    let (_, count) = Page::of_all(all, &query, None);
    Ok(HttpResponse::Ok().content_type("text/plain").body(count.to_string()))
}
